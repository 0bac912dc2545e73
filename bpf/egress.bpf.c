/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Egress: choose the packet, number and time it, seal, insert.
 *
 * The packet is left as it is until nothing can go wrong any more: first all
 * checks, then room for the header (which can be given back), then the number
 * under the flow's lock, then stores into memory known to be there and ours.
 * Whatever happens, the packet goes on.
 */
SEC("tc")
int pdm6_egress(struct __sk_buff *skb)
{
	struct pdm6_flow flow = {};
	struct pdm6_number number = {};
	struct pdm6_sending_pair *pair;
	struct pdm6_flow_state *state;
	struct pdm6_settings *current_settings;
	struct pdm6_scratch *work;
	struct pdm6_ipv6 *ipv6;
	struct pdm6_lane *lane;
	__u32 candidates, rule, slot = PDM6_SCRATCH_EGRESS, zero = 0, lane_number;
	__u16 payload_length;
	__u64 now;
	int reason;

	if (skb->protocol != bpf_htons(ETH_P_IPV6))
		return PDM6_NEXT;
	ipv6 = pdm6_ipv6_header(skb);
	if (!ipv6)
		return PDM6_NEXT;
	candidates = pdm6_rules_for_destination(ipv6->destination);
	if (!candidates)
		return PDM6_NEXT;
	reason = pdm6_exempt(skb, ipv6);
	if (reason >= 0) {
		pdm6_count_unruled(reason);
		return PDM6_NEXT;
	}
	payload_length = bpf_ntohs(ipv6->payload_length);
	__builtin_memcpy(flow.source, ipv6->source, 16);
	__builtin_memcpy(flow.destination, ipv6->destination, 16);
	if (pdm6_read_ports(skb, PDM6_NETWORK_END, ipv6->next_header, &flow)) {
		pdm6_count_unruled(PDM6_MALFORMED_PACKET);
		return PDM6_NEXT;
	}
	if (pdm6_is_exempt_icmp(&flow)) {
		pdm6_count_unruled(PDM6_ICMP_EXEMPT);
		return PDM6_NEXT;
	}
	if (pdm6_is_path_probe(&flow)) {
		pdm6_count_unruled(PDM6_PATH_PROBE);
		return PDM6_NEXT;
	}
	rule = pdm6_first_rule(candidates, &flow);
	if (rule >= PDM6_MAX_RULES)
		return PDM6_NEXT;
	if (!pdm6_is_sampled(rule, &flow)) {
		pdm6_count(rule, PDM6_NOT_SAMPLED);
		return PDM6_NEXT;
	}
	pdm6_count(rule, PDM6_SELECTED);

	reason = pdm6_too_big(skb, &flow);
	if (reason >= 0)
		goto leave_alone;
	work = bpf_map_lookup_elem(&scratch, &slot);
	current_settings = bpf_map_lookup_elem(&settings, &zero);
	if (!work || !current_settings)
		return PDM6_NEXT;
	now = bpf_ktime_get_boot_ns();
	__builtin_memcpy(work->pair.source, flow.source, 16);
	__builtin_memcpy(work->pair.destination, flow.destination, 16);
	pair = pdm6_sending_pair(&work->pair);
	if (!pair) {
		reason = PDM6_NO_KEY;
		if (current_settings->report_unknown_pairs)
			pdm6_report_unknown_pair(&work->pair, now);
		goto leave_alone;
	}
	if (now >= pair->deadline_ns) { /* guard: deadline */
		reason = PDM6_PAST_DEADLINE;
		goto leave_alone;
	}
	if (pdm6_lost_forms(pair, now) & PDM6_HEADER_48) {
		reason = PDM6_LOST_ON_PATH;
		goto leave_alone;
	}
	state = pdm6_find_or_make_flow(&flow);
	if (!state) {
		reason = PDM6_FLOW_TABLE_FULL;
		goto leave_alone;
	}

	/*
	 * The last things that can fail. Once the headers are writable, they
	 * stay so with the room in them: the stores below need no memory.
	 */
	reason = PDM6_NO_ROOM;
	if (bpf_skb_pull_data(skb, PDM6_NETWORK_END) ||
	    bpf_skb_adjust_room(skb, PDM6_HEADER_SIZE, BPF_ADJ_ROOM_NET, 0))
		goto leave_alone;
	lane = pdm6_lane_of(state, &lane_number);
	reason = pdm6_take_number(state, &flow, pair->serial, now, &number, lane, lane_number, &work->job);
	if (reason >= 0) {
		if (bpf_skb_adjust_room(skb, -PDM6_HEADER_SIZE, BPF_ADJ_ROOM_NET, 0)) {
			pdm6_fill_idle(work, flow.protocol, current_settings->option_type);
			pdm6_write_header(skb, work->header, payload_length);
		}
		goto leave_alone;
	}
	pdm6_seal(work, pair, &flow, &number, lane, current_settings->option_type);
	pdm6_write_header(skb, work->header, payload_length);
	pdm6_count(rule, PDM6_SEALED);
	__sync_fetch_and_add(&pair->sealed[rule & (PDM6_MAX_RULES - 1)], 1);
	if (number.is_busy && current_settings->report_busy_flows)
		pdm6_report_busy_flow(&flow, pair->serial, pair->epoch);
	return PDM6_NEXT;

leave_alone:
	pdm6_count(rule, reason);
	return PDM6_NEXT;
}
