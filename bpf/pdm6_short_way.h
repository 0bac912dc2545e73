/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The short way of a packet whose flow goes on and whose number is prepared.
 * Whatever is not as usual sends it the long way, as it was: egress.bpf.c.
 *
 * Between two packets the kernel's own work takes code and data out of the
 * nearest caches, so each line of either counts, more than what is done with
 * it. Here nothing is asked that is known: the place of the header and all
 * lengths are constants.
 */
#ifndef PDM6_SHORT_WAY_H
#define PDM6_SHORT_WAY_H

#include "pdm6_memory.h"
#include "pdm6_option.h"
#include "pdm6_udp_option.h"

#define PDM6_LONG_WAY PDM6_REASONS /* no reason to leave a packet alone, and it is as it was */

/* The number was refused. Takes the room back; if it stays, the packet ends here, and why. */
static __noinline int pdm6_turn_back(struct __sk_buff *skb, struct pdm6_scratch *work, const struct pdm6_flow *flow,
				     const struct pdm6_settings *settings, __u32 length_and_hop_limit)
{
	struct pdm6_place place = { .used = 2, .first = PDM6_DESTINATION_OPTIONS, .protocol = flow->protocol };

	place.hop_limit = length_and_hop_limit;

	pdm6_fit(&place, PDM6_DESTOPT_V2);
	if (!pdm6_give_room_back(skb, &place))
		return PDM6_LONG_WAY;
	pdm6_fill_idle(work, &place, settings->option_type);
	pdm6_write_header(skb, work, &place, flow, length_and_hop_limit >> 16);
	return PDM6_FLOW_BUSY;
}

/* With a header of its own. PDM6_SEALED, PDM6_LONG_WAY, or why the packet must be left alone now. */
static __always_inline int pdm6_send_with_header(struct __sk_buff *skb, const struct pdm6_ipv6 *ipv6, struct pdm6_scratch *work,
						 struct pdm6_flow_state *state, const struct pdm6_remembered *memory,
						 const struct pdm6_flow *flow, const struct pdm6_settings *settings, __u64 now)
{
	struct pdm6_supply supply = { .rule = memory->group };
	__u16 payload_length = bpf_ntohs(ipv6->payload_length);
	struct pdm6_place place;

	pdm6_place_in_front(&place, ipv6);
	pdm6_fit(&place, PDM6_DESTOPT_V2);
	if (!pdm6_fits_any_path(skb, place.room) && pdm6_too_big(skb, flow->protocol, place.room) >= 0)
		return PDM6_LONG_WAY;
	if (pdm6_make_room(skb, work, &place))
		return PDM6_LONG_WAY;
	pdm6_find_lane(state, PDM6_DESTOPT_V2, &supply);
	if (pdm6_unlikely(pdm6_take_number(state, flow, memory->serial, now, &work->number, &supply, &work->job, 0) >= 0))
		return pdm6_turn_back(skb, work, flow, settings, (__u32)payload_length << 16 | place.hop_limit);
	pdm6_begin_option(work, memory->epoch, flow, &work->number, settings->option_type);
	pdm6_seal_prepared(supply.lane, &work->job);
	pdm6_end_option(work);
	pdm6_fill_header(work, &place, PDM6_OPTION_SIZE);
	pdm6_write_both(skb, work, &place, flow, payload_length + place.room);
	return PDM6_SEALED;
}

/* The same behind the datagram, from where the room can always be taken back. */
static __always_inline int pdm6_send_with_area(struct __sk_buff *skb, const struct pdm6_ipv6 *ipv6, struct pdm6_scratch *work,
					       struct pdm6_flow_state *state, const struct pdm6_remembered *memory,
					       const struct pdm6_flow *flow, const struct pdm6_settings *settings, __u64 now)
{
	struct pdm6_area area = { .upper_offset = PDM6_NETWORK_END };
	struct pdm6_supply supply = { .rule = memory->group };
	__u16 payload_length = bpf_ntohs(ipv6->payload_length);

	if (pdm6_fit_area(skb, &area, PDM6_UDP_OPTION) >= 0 || pdm6_make_area(skb, &area))
		return PDM6_LONG_WAY;
	pdm6_find_lane(state, PDM6_UDP_OPTION, &supply);
	if (pdm6_unlikely(pdm6_take_number(state, flow, memory->serial, now, &work->number, &supply, &work->job, 0) >= 0)) {
		pdm6_give_area_back(skb, &area);
		return PDM6_LONG_WAY;
	}
	pdm6_begin_udp_option(work, memory->epoch, flow, &work->number, settings->udp_exid);
	pdm6_seal_prepared(supply.lane, &work->job);
	pdm6_end_udp_option(work);
	pdm6_write_area(skb, work, &area, PDM6_UDP_OPTION, payload_length);
	return PDM6_SEALED;
}

#endif
