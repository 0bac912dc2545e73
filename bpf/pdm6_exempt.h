/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What is left alone whatever the rules say. */
#ifndef PDM6_EXEMPT_H
#define PDM6_EXEMPT_H

#include "pdm6_packet.h"

/* Must this packet be left alone, whatever the rules say? Negative: no. */
static __always_inline int pdm6_exempt(struct __sk_buff *skb, const struct pdm6_ipv6 *ipv6, const struct pdm6_flow *flow,
				       __u8 upper_protocol)
{
	__u32 payload = bpf_ntohs(ipv6->payload_length);

	if (skb->ingress_ifindex)
		return PDM6_FORWARDED;
	if (flow->destination[0] == 0xff || ipv6->destination[0] == 0xff)
		return PDM6_MULTICAST;
	if (pdm6_same_address(flow->source, flow->destination))
		return PDM6_SELF;
	switch (upper_protocol) {
	case PDM6_FRAGMENT_HEADER:
		return PDM6_FRAGMENT;
	case PDM6_ESP:
	case PDM6_AH:
		return PDM6_IPSEC;
	case PDM6_MOBILITY:
	case PDM6_HIP:
	case PDM6_SHIM6:
		return PDM6_EXTENSION_HEADER;
	}
	if (payload == 0)
		return PDM6_JUMBO;
	if (payload + PDM6_NETWORK_END != skb->len)
		return PDM6_MALFORMED_PACKET;
	return -1;
}

/* What pdm6_exempt asks that may differ from packet to packet of a flow without extension headers. */
static __always_inline int pdm6_is_own_and_whole(const struct __sk_buff *skb, __u32 payload)
{
	return !skb->ingress_ifindex && payload && payload + PDM6_NETWORK_END == skb->len;
}

static __always_inline int pdm6_is_exempt_icmp(const struct pdm6_flow *flow)
{
	__u8 type = flow->source_port >> 8;

	return flow->protocol == PDM6_ICMPV6 && ((type >= 130 && type <= 137) || type == 143);
}

#endif
