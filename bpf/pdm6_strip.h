/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Taking our header off a packet. */
#ifndef PDM6_STRIP_H
#define PDM6_STRIP_H

#include "pdm6_packet.h"

/* Take our header off again. The packet is changed only after the last step that can fail. */
static __always_inline int pdm6_strip(struct __sk_buff *skb, __u8 upper_protocol, __u32 size)
{
	__u16 payload_length;
	__u8 fixed[3];

	if (bpf_skb_load_bytes(skb, PDM6_LINK_HEADER + 4, &payload_length, 2) || bpf_ntohs(payload_length) < size ||
	    bpf_skb_pull_data(skb, PDM6_NETWORK_END + size) ||
	    bpf_skb_adjust_room(skb, -(__s32)size, BPF_ADJ_ROOM_NET, 0))
		return 0;
	payload_length = bpf_htons(bpf_ntohs(payload_length) - size);
	__builtin_memcpy(fixed, &payload_length, 2);
	fixed[2] = upper_protocol;
	bpf_skb_store_bytes(skb, PDM6_LINK_HEADER + 4, fixed, 3, BPF_F_RECOMPUTE_CSUM);
	return 1;
}

#endif
