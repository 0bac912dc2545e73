/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* One flow in N; on request, one packet in N. */
#ifndef PDM6_SAMPLING_H
#define PDM6_SAMPLING_H

#include "pdm6_maps.h"
#include "pdm6_packet.h"

/*
 * Sampling takes whole flows, and both directions or neither: the hash gives
 * the same for a flow and its reverse, on every host.
 */
static __always_inline __u32 pdm6_symmetric_hash(const struct pdm6_flow *flow)
{
	__u64 source[2], destination[2], hash;
	__u32 ports;

	__builtin_memcpy(source, flow->source, 16);
	__builtin_memcpy(destination, flow->destination, 16);
	ports = flow->protocol == PDM6_ICMPV6 ? flow->destination_port
					      : (__u32)flow->source_port + flow->destination_port;
	hash = (source[0] + destination[0]) ^ ((source[1] + destination[1]) * 0x9e3779b97f4a7c15ULL) ^
	       ((__u64)ports << 8 | flow->protocol);
	/* mix by multiplication and shift until every input bit reaches the top 32 */
	hash ^= hash >> 32;
	hash *= 0xd6e8feb86659fd93ULL;
	hash ^= hash >> 32;
	hash *= 0xd6e8feb86659fd93ULL;
	return (__u32)(hash >> 32);
}

static __always_inline int pdm6_is_first_of(__u32 number, __u32 one_in)
{
	return ((__u64)number * one_in) >> 32 == 0;
}

/* Is the flow one of those that are measured? The same for all its packets. */
static __always_inline int pdm6_samples_flow(const struct pdm6_rule *rule, const struct pdm6_flow *flow)
{
	return rule->sample_one_in <= 1 || rule->flags & PDM6_SAMPLE_PACKETS ||
	       pdm6_is_first_of(pdm6_symmetric_hash(flow), rule->sample_one_in);
}

/* Is it asked of each packet of a measured flow whether it gets an option? */
static __always_inline int pdm6_chooses_packets(const struct pdm6_rule *rule)
{
	return rule->sample_one_in > 1 && rule->flags & PDM6_SAMPLE_PACKETS;
}

/* Is this packet of a measured flow one of those that get an option? */
static __always_inline int pdm6_samples_packet(const struct pdm6_rule *rule)
{
	return !pdm6_chooses_packets(rule) || pdm6_is_first_of(bpf_get_prandom_u32(), rule->sample_one_in);
}

#endif
