/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* A host may be a router too: which of the packets that come in are not for it? */
#ifndef PDM6_TRANSIT_H
#define PDM6_TRANSIT_H

#include "pdm6_packet.h"

#define PDM6_AF_INET6 10

/*
 * Will the kernel pass the packet on? Its routes tell, by the final destination:
 * a Routing header's, if there is one. Costs a look-up of a route, so ask last.
 */
static __noinline int pdm6_is_for_others(struct __sk_buff *skb, const struct pdm6_flow *flow)
{
	struct bpf_fib_lookup way = { .family = PDM6_AF_INET6, .ifindex = skb->ifindex };
	long result;

	__builtin_memcpy(way.ipv6_src, flow->source, 16);
	__builtin_memcpy(way.ipv6_dst, flow->destination, 16);
	result = bpf_fib_lookup(skb, &way, sizeof(way), 0);
	return result >= 0 && result != BPF_FIB_LKUP_RET_NOT_FWDED && result != BPF_FIB_LKUP_RET_FWD_DISABLED;
}

#endif
