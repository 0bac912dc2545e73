/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Routers drop what they do not like: which forms arrive is user space's to find out, and looked up here. */
#ifndef PDM6_PATH_H
#define PDM6_PATH_H

#include "pdm6_maps.h"
#include "pdm6_packet.h"

#define PDM6_USE_GRAIN_NS 100000000 /* a line that all processors read is not written for every packet */

/* The forms that the pair's path loses; and notes that the pair is in use. */
static __always_inline __u32 pdm6_lost_forms(const struct pdm6_sending_pair *pair, __u64 now)
{
	__u32 index = pair->path;
	struct pdm6_path *path;

	if (!index)
		return 0;
	path = bpf_map_lookup_elem(&paths, &index);
	if (!path)
		return 0;
	if (now - path->used_ns >= PDM6_USE_GRAIN_NS)
		path->used_ns = now;
	return path->lost;
}

/*
 * Agents asking each other what arrives: such a packet is what it says it is,
 * or the answer would mean nothing.
 */
static __always_inline int pdm6_is_path_probe(const struct pdm6_flow *flow)
{
	return flow->protocol == PDM6_UDP &&
	       (flow->source_port == PDM6_PATH_PORT || flow->destination_port == PDM6_PATH_PORT);
}

#endif
