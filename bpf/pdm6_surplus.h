/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * PDMv2 as a UDP option, receiving: the surplus area behind a datagram and the
 * options in it (RFC 9868 sections 7 to 10). Wrong pad, checksum or lengths:
 * no option in it counts. docs/formats.md tells which such areas are ours.
 */
#ifndef PDM6_SURPLUS_H
#define PDM6_SURPLUS_H

#include "pdm6_udp_option.h"

#define PDM6_MOST_SURPLUS 256 /* longer areas are not looked into */

enum { /* kinds */
	PDM6_UDP_OPTIONS_END = 0,
	PDM6_UDP_NO_OPERATION = 1,
	PDM6_UDP_FRAGMENT = 3, /* the area holds a piece of another datagram */
	PDM6_UDP_FIRST_UNSAFE = 192, /* who does not know it must use none */
	PDM6_UDP_LONG = 255, /* as a length: two octets with the length follow */
};

struct pdm6_surplus {
	__u32 upper_offset;
	__u32 begin; /* where the datagram ends and the area begins ... */
	__u32 end; /* ... and where the area ends with the packet */
	__u32 offset; /* of the first PDM option: its ExID */
	__u16 options; /* PDM options in the area */
	__u16 length; /* of the first, from the ExID on */
	__u8 broken; /* what is there is to be ignored */
	__u8 begins_with_ours; /* the first option, padding passed, whatever is wrong with it */
	__u8 alone; /* ours alone, in the form that egress makes: can be stripped */
};

/* Is there an area behind the datagram? Most packets have none, and are told so here. */
static __always_inline int pdm6_has_surplus(struct __sk_buff *skb, __u32 upper_offset, __u32 payload_length,
					    struct pdm6_surplus *found)
{
	__u32 end = PDM6_NETWORK_END + payload_length;
	__u16 length;

	if (bpf_skb_load_bytes(skb, upper_offset + PDM6_UDP_LENGTH_AT, &length, sizeof(length)))
		return 0;
	length = bpf_ntohs(length);
	if (length < PDM6_UDP_HEADER || upper_offset + length >= end || end > skb->len || skb->gso_size)
		return 0;
	found->upper_offset = upper_offset;
	found->begin = upper_offset + length;
	found->end = end;
	return 1;
}

/* Do pad and checksum of the area say that there are options in it? */
static __always_inline int pdm6_surplus_is_sound(struct __sk_buff *skb, struct pdm6_scratch *work,
						 const struct pdm6_surplus *found)
{
	__u32 size = found->end - found->begin, pad = found->begin & 1;
	__u16 ocs = 0;

	if (size - PDM6_OCS_SIZE > PDM6_MOST_SURPLUS - PDM6_OCS_SIZE)
		return 0;
	/* Summed in words that begin at even offsets, as the packet's: in front of a pad is an octet of data, here 0. */
	__builtin_memset(work->area, 0, sizeof(work->area));
	if (bpf_skb_load_bytes(skb, found->begin, work->area + 4 + pad, size) || (pad && work->area[5]))
		return 0;
	__builtin_memcpy(&ocs, work->area + 4 + 2 * pad, sizeof(ocs));
	if (!ocs)
		return 0;
	return pdm6_fold((__u64)(__u32)bpf_csum_diff(0, 0, (void *)work->area, sizeof(work->area), 0) + bpf_htons(size)) == 0xffff;
}

/* The least octets of an option of this kind (RFC 9868 section 10). */
static __always_inline __u32 pdm6_least_udp_option(__u8 kind)
{
	switch (kind) {
	case 2: /* additional payload checksum */
	case 6: /* request */
	case 7: /* response */
		return 6;
	case PDM6_UDP_FRAGMENT:
	case 8: /* timestamps */
		return 10;
	case 4: /* maximum datagram size */
	case PDM6_EXPERIMENT:
		return 4;
	case 5: /* maximum reassembled datagram size */
		return 5;
	}
	return 2;
}

/* Walk the options from here to the end of the area. */
static __noinline int pdm6_walk_udp_options(struct __sk_buff *skb, __u32 offset, __u32 exid, struct pdm6_surplus *found)
{
	__u32 size, header, is_ours;
	__u8 head[6];
	int i, options = 0;

	for (i = 0; i < PDM6_MAX_OPTIONS && offset < found->end; i++) {
		__builtin_memset(head, 0, sizeof(head));
		if (bpf_skb_load_bytes(skb, offset, head, 1) || head[0] == PDM6_UDP_OPTIONS_END)
			return 0;
		if (head[0] == PDM6_UDP_NO_OPERATION) {
			offset++;
			continue;
		}
		if (offset + 6 <= found->end)
			bpf_skb_load_bytes(skb, offset, head, 6);
		else if (offset + 4 <= found->end)
			bpf_skb_load_bytes(skb, offset, head, 4);
		else if (offset + 2 <= found->end)
			bpf_skb_load_bytes(skb, offset, head, 2);
		size = head[1];
		header = 2;
		if (size == PDM6_UDP_LONG) {
			header = 4;
			size = (__u32)head[2] << 8 | head[3];
		}
		is_ours = head[0] == PDM6_EXPERIMENT &&
			  ((__u32)head[header & 7] << 8 | head[(header + 1) & 7]) == exid;
		if (!options++)
			found->begins_with_ours = is_ours;
		if (size < header || size < pdm6_least_udp_option(head[0]) || offset + size > found->end) {
			found->options += is_ours;
			found->broken = 1;
			return 0;
		}
		if (head[0] == PDM6_UDP_FRAGMENT) {
			found->options = 0;
			return 0;
		}
		if (head[0] >= PDM6_UDP_FIRST_UNSAFE)
			found->broken = 1;
		if (is_ours && size >= header + 2 && !found->options++) {
			found->offset = offset + 2;
			found->length = size - 2;
			found->broken |= header == 4; /* no form is written so */
		}
		offset += size;
	}
	if (offset < found->end)
		found->broken = 1; /* more than are walked */
	return 0;
}

/*
 * Look for PDM options in the area that pdm6_has_surplus found. Others leave
 * octets behind datagrams too; so one with a wrong pad or checksum is ours only
 * if it looks so and nothing else in the packet does. Global: the verifier
 * proves it once, and not again on each of the many ways that lead here.
 */
__noinline int pdm6_read_surplus(struct __sk_buff *skb, struct pdm6_scratch *work, __u32 exid, __u32 elsewhere,
				 struct pdm6_surplus *found)
{
	__u32 first;

	if (!work || !found)
		return -1; /* never so: the verifier supposes it may be */
	first = found->begin + (found->begin & 1) + PDM6_OCS_SIZE;
	pdm6_walk_udp_options(skb, first, exid, found);
	if (!found->options && !found->begins_with_ours)
		return 0;
	if (!pdm6_surplus_is_sound(skb, work, found)) {
		found->options = found->begins_with_ours && !elsewhere;
		found->broken = 1;
	}
	found->alone = !found->broken && found->options == 1 && found->offset == first + 2 &&
		       found->offset + found->length == found->end;
	return 0;
}

/* Go on with the option as with a destination option; one of each kind in a packet is one too many. */
static __always_inline void pdm6_take_surplus(struct pdm6_headers *found, const struct pdm6_surplus *surplus)
{
	found->is_broken |= surplus->broken;
	if (!found->pdm_options) {
		found->option_offset = surplus->offset;
		found->option_length = surplus->length;
		found->upper_protocol = PDM6_UDP;
		found->upper_offset = surplus->upper_offset;
	}
	found->pdm_options += surplus->options;
}

/* Take the area off again. The packet is changed only after the last step that can fail. */
static __always_inline int pdm6_strip_surplus(struct __sk_buff *skb, const struct pdm6_surplus *found)
{
	__u16 payload_length = bpf_htons(found->begin - PDM6_NETWORK_END);

	if (found->end != skb->len || bpf_skb_change_tail(skb, found->begin, 0))
		return 0;
	bpf_skb_store_bytes(skb, PDM6_LINK_HEADER + 4, &payload_length, sizeof(payload_length), BPF_F_RECOMPUTE_CSUM);
	pdm6_correct_partial_checksum(skb, found->upper_offset, bpf_htons(found->end - found->begin), 0);
	return 1;
}

#endif
