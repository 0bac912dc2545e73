/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Egress, the rest of the way of a datagram whose payload a udp-frame takes
 * the place of. pdm6_egress has made every check that can be made; the packet
 * is as it was.
 */
SEC("tc")
int pdm6_egress_frame(struct __sk_buff *skb)
{
	__u32 slot = PDM6_SCRATCH_EGRESS, zero = 0, length = skb->len, end;
	struct pdm6_frame_pair *pair;
	struct pdm6_frame_work *frame;
	struct pdm6_flow_state *state;
	struct pdm6_scratch *work;
	const struct pdm6_supply none = {};
	__u64 *unix_minus_boot_ns, number, now;
	int reason;

	work = bpf_map_lookup_elem(&scratch, &slot);
	unix_minus_boot_ns = bpf_map_lookup_elem(&unix_minus_boot, &zero);
	if (!work || !unix_minus_boot_ns)
		return PDM6_NEXT;
	frame = &work->frame;
	end = frame->upper_offset + PDM6_DATAGRAM_SIZE;
	now = bpf_ktime_get_boot_ns();
	reason = PDM6_NO_KEY;
	pair = pdm6_frame_pair(pdm6_pair_of(&frame->flow));
	if (!pair)
		goto leave_alone;
	reason = PDM6_PAST_DEADLINE;
	if (now >= pair->deadline_ns) /* guard: frame-deadline */
		goto leave_alone;
	reason = PDM6_FLOW_BUSY;
	state = pdm6_find_flow(&frame->flow);
	if (!state)
		goto leave_alone;
	work->number.birth = pdm6_birth(state);

	/* Longer, if it must be, with zeros behind its end; in any case all in one piece and ours alone. */
	reason = PDM6_NO_ROOM;
	if (bpf_skb_change_tail(skb, end > length ? end : length, 0))
		goto leave_alone;
	reason = PDM6_NUMBERS_EXHAUSTED;
	number = pdm6_take_frame_number(pair);
	if (!number)
		goto give_back;
	reason = pdm6_take_number(state, &frame->flow, pair->serial, now, &work->number, &none, &work->job, 1);
	if (reason >= 0)
		goto give_back;
	/* Shorter, if it must be: of a packet in one piece this takes no memory. */
	reason = PDM6_NO_ROOM;
	if (end < length && bpf_skb_change_tail(skb, end, 0))
		goto leave_alone;

	pdm6_fill_frame(frame->datagram + PDM6_UDP_HEADER, pair, &frame->flow, &work->number, number,
			now + *(volatile __u64 *)unix_minus_boot_ns);
	pdm6_gcm_seal_frame(&pair->key, &work->job, frame->datagram + PDM6_UDP_HEADER);
	bpf_skb_load_bytes(skb, frame->upper_offset, frame->datagram, 4);
	pdm6_fill_udp_header(skb, frame);
	pdm6_write_frame(skb, frame);
	__sync_fetch_and_add(&pair->sealed[frame->rule & (PDM6_MAX_RULES - 1)], 1);
	reason = PDM6_SEALED;
	goto leave_alone;

give_back:
	if (end > length)
		bpf_skb_change_tail(skb, length, 0);
leave_alone:
	pdm6_count(frame->rule, reason);
	return PDM6_NEXT;
}
