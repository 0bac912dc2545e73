/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Where in a packet the option goes: into the last Destination Options header,
 * the one in front of the upper layer (RFC 8200 section 4.1), which is made if
 * it is not there. Most packets have no extension header, and their place is
 * known without looking.
 */
#ifndef PDM6_PLACE_H
#define PDM6_PLACE_H

#include "pdm6_form.h"
#include "pdm6_headers.h"

#define PDM6_MOST_OPTIONS 8 /* Linux drops packets with more: net.ipv6.max_dst_opts_number */

enum { /* what a tunnel has for an upper layer */
	PDM6_IPV4 = 4,
	PDM6_IPV6 = 41,
	PDM6_MPLS = 137,
	PDM6_ETHERNET = 143,
};

struct pdm6_place {
	__u16 in_front; /* octets of extension headers that stay in front of the header */
	__u16 named_at; /* where in them the octet stands that names the header */
	__u16 there; /* octets of the header as it is; 0: it is made */
	__u16 used; /* octets of it that stay in front of the option */
	__u16 header_size; /* octets of it with the option */
	__u16 room; /* octets by which the packet grows */
	__u8 first; /* what the fixed header names in the end */
	__u8 protocol; /* of the upper layer */
	__u16 zero;
};

/* The place in a packet without extension headers. */
static __always_inline void pdm6_place_in_front(struct pdm6_place *place, __u8 protocol)
{
	__builtin_memset(place, 0, sizeof(*place));
	place->used = 2;
	place->first = PDM6_DESTINATION_OPTIONS;
	place->protocol = protocol;
}

/* What tells that a packet with these headers must be left alone? Negative: nothing. */
static __always_inline int pdm6_refuse_headers(const struct pdm6_headers *found)
{
	if (found->is_broken)
		return PDM6_MALFORMED_PACKET;
	if (found->pdm_options)
		return PDM6_HAS_PDM;
	if (found->is_unended || found->last_used == 2) /* nothing but padding: who takes ours out would take the header too */
		return PDM6_EXTENSION_HEADER;
	if (found->is_hidden)
		return PDM6_ROUTING_HEADER;
	if (!found->is_routed)
		return -1;
	switch (found->upper_protocol) {
	case PDM6_IPV4:
	case PDM6_IPV6:
	case PDM6_MPLS:
	case PDM6_ETHERNET: /* the last segment may look for what is in the tunnel right behind its header */
		return PDM6_ROUTING_HEADER;
	}
	return -1;
}

/*
 * The place in a packet with extension headers, and its final destination.
 * Negative; or why the packet must be left alone.
 */
__noinline int pdm6_place_behind(struct __sk_buff *skb, struct pdm6_place *place, struct pdm6_flow *flow)
{
	struct pdm6_headers found = {};
	struct pdm6_settings *current_settings;
	__u32 zero = 0;

	current_settings = bpf_map_lookup_elem(&settings, &zero);
	if (!current_settings || !place || !flow)
		return PDM6_EXTENSION_HEADER;
	place->first = place->protocol;
	pdm6_walk_headers(skb, place->protocol, current_settings->option_type, &found);
	if (found.final_offset && bpf_skb_load_bytes(skb, found.final_offset, flow->destination, 16))
		return PDM6_MALFORMED_PACKET;
	place->protocol = found.upper_protocol;
	if (found.last_used) {
		place->in_front = found.last_offset - PDM6_NETWORK_END;
		place->there = found.upper_offset - found.last_offset;
		place->used = found.last_used;
	} else {
		place->in_front = found.upper_offset - PDM6_NETWORK_END;
		place->named_at = found.last_offset - PDM6_NETWORK_END;
	}
	if (found.last_options >= PDM6_MOST_OPTIONS)
		return PDM6_OPTIONS_FULL;
	if (place->in_front > PDM6_MOST_IN_FRONT)
		return PDM6_EXTENSION_HEADER;
	return pdm6_refuse_headers(&found);
}

/* What the option of a form makes of the header. Negative; or why there is no place. */
static __always_inline int pdm6_fit(struct pdm6_place *place, enum pdm6_carriage form)
{
	__u32 size = pdm6_header_size(place->used, pdm6_option_size(form));

	if (size > PDM6_HEADER_SIZE || size < place->there)
		return PDM6_OPTIONS_FULL;
	place->header_size = size;
	place->room = size - place->there;
	return -1;
}

/*
 * Copy octets of the packet, at most so many; none, or too many: not 0. The
 * length is made here, not before: before 6.2 the verifier does not know what
 * was tested once the compiler puts it aside on the stack.
 */
static __always_inline int pdm6_keep(struct __sk_buff *skb, __u32 offset, __u8 *to, __u32 octets, __u32 most)
{
	__u32 last = pdm6_last(octets);

	return last >= most || bpf_skb_load_bytes(skb, offset, to, last + 1);
}

/*
 * Keep what the room will push aside, and make the room: behind the fixed
 * header, where the kernel can. 0, or the packet is as it was.
 */
static __always_inline int pdm6_make_room(struct __sk_buff *skb, struct pdm6_scratch *work, const struct pdm6_place *place)
{
	__u32 in_front = place->in_front;

	/* Once the headers are writable, they stay so with the room in them: the stores to come need no memory. */
	if (bpf_skb_pull_data(skb, PDM6_NETWORK_END + in_front + place->there))
		return -1;
	if (in_front && pdm6_keep(skb, PDM6_NETWORK_END, work->in_front, in_front, PDM6_MOST_IN_FRONT))
		return -1;
	if (place->there && pdm6_keep(skb, PDM6_NETWORK_END + in_front, work->kept, place->used, PDM6_HEADER_SIZE))
		return -1;
	return place->room ? bpf_skb_adjust_room(skb, place->room, BPF_ADJ_ROOM_NET, 0) : 0;
}

/* Negative: the room is still there. */
static __always_inline int pdm6_give_room_back(struct __sk_buff *skb, const struct pdm6_place *place)
{
	return place->room ? bpf_skb_adjust_room(skb, -(__s32)place->room, BPF_ADJ_ROOM_NET, 0) : 0;
}

#endif
