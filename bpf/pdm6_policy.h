/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Which rule does a flow fall under? Each dimension gives a mask of the rules
 * that it allows; the lowest bit left in all of them is the first match. The
 * cost does not grow with the number of rules.
 */
#ifndef PDM6_POLICY_H
#define PDM6_POLICY_H

#include "pdm6_maps.h"
#include "pdm6_packet.h"
#include "pdm6_time.h"

static __always_inline __u32 pdm6_rules_for_destination(const __u8 *address)
{
	struct pdm6_prefix prefix = { .prefix_length = 128 };
	__u32 *mask;

	__builtin_memcpy(prefix.address, address, 16);
	mask = bpf_map_lookup_elem(&rules_by_destination, &prefix);
	return mask ? *mask : 0;
}

static __always_inline __u32 pdm6_rules_for_port(__u32 port)
{
	__u32 *mask = bpf_map_lookup_elem(&rules_by_port, &port);

	return mask ? *mask : 0;
}

static __always_inline __u32 pdm6_rules_for_protocol(__u32 protocol)
{
	__u32 *mask = bpf_map_lookup_elem(&rules_by_protocol, &protocol);

	return mask ? *mask : 0;
}

/* The first rule among candidates that allows protocol and ports; PDM6_NO_RULE if none. */
static __always_inline __u32 pdm6_first_rule(__u32 candidates, const struct pdm6_flow *flow)
{
	candidates &= pdm6_rules_for_protocol(flow->protocol);
	if (!candidates)
		return PDM6_NO_RULE;
	if (pdm6_has_ports(flow->protocol))
		candidates &= pdm6_rules_for_port(flow->source_port) | pdm6_rules_for_port(flow->destination_port);
	else
		candidates &= pdm6_rules_for_port(PDM6_PORTLESS);
	if (!candidates)
		return PDM6_NO_RULE;
	return pdm6_log2(candidates & -candidates);
}

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

static __always_inline int pdm6_is_sampled(__u32 rule, const struct pdm6_flow *flow)
{
	struct pdm6_rule *entry = bpf_map_lookup_elem(&rules, &rule);

	if (!entry)
		return 0;
	return entry->sample_one_in <= 1 || ((__u64)pdm6_symmetric_hash(flow) * entry->sample_one_in) >> 32 == 0;
}

#endif
