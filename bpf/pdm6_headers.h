/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The way through a packet's extension headers, the same for both directions.
 * Its steps are global functions, which the verifier proves once for any
 * packet, and not again on each of the many ways that lead to a call.
 */
#ifndef PDM6_HEADERS_H
#define PDM6_HEADERS_H

#include "pdm6_maps.h"
#include "pdm6_packet.h"

#define PDM6_MAX_HEADERS 4
#define PDM6_MAX_OPTIONS 16
#define PDM6_PAD1 0
#define PDM6_PADN 1
#define PDM6_SEGMENT_ROUTING 4 /* RFC 8754 */

/* What walking the extension headers found. Offsets count from the link header on. */
struct pdm6_headers {
	__u32 pdm_options; /* in all Destination Options headers, of whatever form */
	__u32 option_offset; /* of the first */
	__u32 upper_offset;
	__u32 last_offset; /* of the last header */
	__u32 last_used; /* octets of it up to the end of its last option, padding not counted; 0: it holds none */
	__u32 last_options; /* its options, padding not counted */
	__u32 final_offset; /* where a Routing header has the final destination; 0: it is that of the fixed header */
	__u16 option_length; /* of the first, with type and length octets; 0 if it is not all there */
	__u8 upper_protocol;
	__u8 is_routed; /* there is a Routing header ... */
	__u8 is_hidden; /* ... that does not tell where the packet goes in the end */
	__u8 is_broken; /* an option or header runs past its end */
	__u8 is_unended; /* there are more options or headers than are walked */
	__u8 zero;
};

/* The headers that are walked; others end the walk. */
static __always_inline int pdm6_is_walked(__u8 protocol)
{
	return protocol == PDM6_DESTINATION_OPTIONS || protocol == PDM6_HOP_BY_HOP || protocol == PDM6_ROUTING;
}

/* Look through one Destination Options header. */
__noinline int pdm6_scan_options(struct __sk_buff *skb, __u32 offset, __u32 end, __u32 option_type,
				 struct pdm6_headers *found)
{
	__u32 begin = offset - 2;
	__u8 head[2];
	int i;

	if (!found)
		return -1; /* never so: the verifier supposes it may be */
	found->last_used = 2;
	found->last_options = 0;
	for (i = 0; i < PDM6_MAX_OPTIONS && offset < end; i++) {
		if (bpf_skb_load_bytes(skb, offset, head, 1))
			return 0;
		if (head[0] == PDM6_PAD1) {
			offset++;
			continue;
		}
		if (offset + 2 > end || bpf_skb_load_bytes(skb, offset, head, 2) || offset + 2 + head[1] > end) {
			found->is_broken = 1;
			found->pdm_options += head[0] == option_type || head[0] == PDM6_V1_OPTION_TYPE;
			return 0;
		}
		if (head[0] == option_type || head[0] == PDM6_V1_OPTION_TYPE) {
			if (!found->pdm_options++) {
				found->option_offset = offset;
				found->option_length = head[1] + 2;
			}
		}
		offset += 2 + head[1];
		if (head[0] != PDM6_PADN) {
			found->last_used = offset - begin;
			found->last_options++;
		}
	}
	found->is_unended |= offset < end;
	return 0;
}

/*
 * A Segment Routing header lists the nodes backwards, the final one first. A
 * reduced one leaves the first out, so as many may be left as are listed.
 */
static __always_inline void pdm6_read_routing(struct __sk_buff *skb, __u32 offset, __u32 size, struct pdm6_headers *found)
{
	__u8 head[8] = {};
	__u32 listed;

	bpf_skb_load_bytes(skb, offset, head, sizeof(head));
	found->is_routed = 1;
	if (!head[3]) /* Segments Left */
		return;
	listed = head[4] + 1;
	if (head[2] != PDM6_SEGMENT_ROUTING || found->final_offset || listed * 16 > size - 8 || head[3] > listed)
		found->is_hidden = 1;
	else
		found->final_offset = offset + 8;
}

__noinline int pdm6_walk_headers(struct __sk_buff *skb, __u32 protocol, __u32 option_type, struct pdm6_headers *found)
{
	__u32 offset = PDM6_NETWORK_END, size;
	__u8 head[2];
	int i;

	if (!found)
		return -1; /* never so: the verifier supposes it may be */
	for (i = 0; i < PDM6_MAX_HEADERS && pdm6_is_walked(protocol); i++) {
		if (bpf_skb_load_bytes(skb, offset, head, 2)) {
			found->is_broken = 1;
			return 0;
		}
		size = (head[1] + 1) * 8;
		if (offset + size > skb->len) {
			found->is_broken = 1;
			return 0;
		}
		found->last_offset = offset;
		found->last_used = 0;
		if (protocol == PDM6_DESTINATION_OPTIONS)
			pdm6_scan_options(skb, offset + 2, offset + size, option_type, found);
		else if (protocol == PDM6_ROUTING)
			pdm6_read_routing(skb, offset, size, found);
		protocol = head[0];
		offset += size;
	}
	found->is_unended |= pdm6_is_walked(protocol);
	found->upper_protocol = protocol;
	found->upper_offset = offset;
	return 0;
}

#endif
