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
	struct pdm6_place place;
	struct pdm6_area area = {};
	struct pdm6_sending_pair *pair;
	struct pdm6_flow_state *state = 0;
	struct pdm6_remembered *memory;
	struct pdm6_settings *current_settings;
	struct pdm6_outcomes *outcomes;
	const struct pdm6_policy *policy;
	const struct pdm6_rule *entry;
	struct pdm6_scratch *work;
	struct pdm6_ipv6 *ipv6;
	struct pdm6_lane *lane;
	enum pdm6_carriage form;
	__u32 candidates, decided, rule, slot = PDM6_SCRATCH_EGRESS, zero = 0, lane_number = 0;
	__u16 payload_length;
	__u64 now;
	int reason, no_place = -1, is_known;

	if (skb->protocol != bpf_htons(ETH_P_IPV6))
		return PDM6_NEXT;
	ipv6 = pdm6_ipv6_header(skb);
	if (!ipv6)
		return PDM6_NEXT;
	policy = pdm6_policy();
	if (!policy)
		return PDM6_NEXT;
	payload_length = bpf_ntohs(ipv6->payload_length);
	pdm6_place_in_front(&place, ipv6);

	/* A flow that goes on: all that its addresses, ports and rules could say against it was looked at before. */
	if (pdm6_read_plain_flow(skb, ipv6, &flow)) {
		memory = pdm6_memory(&flow);
		if (!memory)
			return PDM6_NEXT;
		is_known = pdm6_remembers(memory, &flow);
		decided = is_known ? pdm6_remembered_rule(memory, policy) : PDM6_NO_RULE;
		if (decided < PDM6_MAX_RULES && pdm6_is_own_and_whole(skb, payload_length))
			goto decided;
	}

	candidates = pdm6_candidates(policy, skb, ipv6);
	if (!candidates)
		return PDM6_NEXT;
	__builtin_memcpy(flow.source, ipv6->source, 16);
	__builtin_memcpy(flow.destination, ipv6->destination, 16);
	if (pdm6_is_walked(ipv6->next_header))
		no_place = pdm6_place_behind(skb, &place, &flow);
	reason = pdm6_exempt(skb, ipv6, &flow, place.protocol);
	if (reason < 0)
		reason = no_place;
	if (reason >= 0)
		goto exempt;
	reason = PDM6_MALFORMED_PACKET;
	if (pdm6_read_ports(skb, PDM6_NETWORK_END + place.in_front + place.there, place.protocol, &flow))
		goto exempt;
	reason = PDM6_ICMP_EXEMPT;
	if (pdm6_is_exempt_icmp(&flow))
		goto exempt;
	reason = PDM6_PATH_PROBE;
	if (pdm6_is_path_probe(&flow))
		goto exempt;
	memory = pdm6_memory(&flow);
	if (!memory)
		return PDM6_NEXT;
	is_known = pdm6_remembers(memory, &flow);
	decided = is_known ? pdm6_remembered_rule(memory, policy) : PDM6_NO_RULE;
	if (decided >= PDM6_MAX_RULES)
		decided = pdm6_decide(skb, policy, &flow, pdm6_dscp(ipv6));
	if (decided >= PDM6_MAX_RULES)
		return PDM6_NEXT;

decided:
	entry = pdm6_rule_at(policy, decided);
	rule = entry->group;
	outcomes = pdm6_outcomes_of(rule);
	if (!outcomes)
		return PDM6_NEXT;
	if (!pdm6_samples_flow(entry, &flow) || !pdm6_samples_packet(entry)) {
		pdm6_add(outcomes, PDM6_NOT_SAMPLED);
		return PDM6_NEXT;
	}
	pdm6_add(outcomes, PDM6_SELECTED);

	work = bpf_map_lookup_elem(&scratch, &slot);
	current_settings = bpf_map_lookup_elem(&settings, &zero);
	if (!work || !current_settings)
		return PDM6_NEXT;
	now = bpf_ktime_get_boot_ns();
	pair = pdm6_sending_pair(pdm6_pair_of(&flow));
	if (!pair) {
		reason = PDM6_NO_KEY;
		if (current_settings->report_unknown_pairs)
			pdm6_report_unknown_pair(pdm6_pair_of(&flow), now);
		goto leave_alone;
	}
	if (now >= pair->deadline_ns) { /* guard: deadline */
		reason = PDM6_PAST_DEADLINE;
		goto leave_alone;
	}
	form = pdm6_form(entry, pdm6_lost_forms(pair, now), flow.protocol);
	area.upper_offset = PDM6_NETWORK_END + place.in_front + place.there;
	if (pdm6_is_udp_option(form)) {
		reason = pdm6_fit_area(skb, &area, form);
	} else if (pdm6_is_destination_option(form)) {
		reason = pdm6_fit(&place, form);
		if (reason < 0)
			reason = pdm6_too_big(skb, flow.protocol, place.room);
	} else if (pdm6_is_udp_frame(form)) {
		reason = pdm6_fit_frame(skb, area.upper_offset);
	} else {
		reason = PDM6_NO_FORM;
	}
	if (reason >= 0)
		goto leave_alone;
	if (is_known) {
		state = pdm6_remembered_state(memory);
		work->number.birth = memory->birth;
	}
	if (!state) {
		state = pdm6_find_or_make_flow(&flow);
		if (!state) {
			reason = PDM6_FLOW_TABLE_FULL;
			goto leave_alone;
		}
		work->number.birth = pdm6_birth(state);
		is_known = 0;
	}
	if (pdm6_has_caps(policy, entry) && !pdm6_is_within_caps(policy, entry, state, now)) {
		reason = PDM6_OVER_CAP;
		goto leave_alone;
	}

	if (pdm6_is_udp_frame(form)) {
		work->frame.flow = flow;
		work->frame.upper_offset = area.upper_offset;
		work->frame.rule = rule;
		return pdm6_go_on_with(skb, PDM6_EGRESS_FRAME);
	}

	/* The last thing that can fail. */
	reason = PDM6_NO_ROOM;
	if (area.size ? pdm6_make_area(skb, &area) : pdm6_make_room(skb, work, &place))
		goto leave_alone;
	lane = form == PDM6_DESTOPT_V2 ? pdm6_lane_of(state, &lane_number) : 0;
	reason = pdm6_take_number(state, &flow, pair->serial, now, &work->number, lane, lane_number, &work->job);
	if (reason >= 0) {
		if (area.size) {
			pdm6_give_area_back(skb, &area);
		} else if (pdm6_give_room_back(skb, &place)) {
			pdm6_fill_idle(work, &place, current_settings->option_type);
			pdm6_write_header(skb, work, &place, &flow, payload_length);
		}
		goto leave_alone;
	}
	if (!is_known || memory->generation != policy->generation)
		pdm6_remember(memory, policy, &flow, decided, state, work->number.birth);
	if (form == PDM6_DESTOPT_V2) {
		pdm6_seal(work, pair, &flow, &work->number, lane, current_settings->option_type);
		__sync_fetch_and_add(&pair->sealed[rule & (PDM6_MAX_RULES - 1)], 1);
		if (work->number.is_busy && current_settings->report_busy_flows)
			pdm6_report_busy_flow(&flow, pair->serial, pair->epoch);
		reason = PDM6_SEALED;
	} else if (form == PDM6_UDP_OPTION) {
		pdm6_seal_udp_option(work, pair, &flow, &work->number, current_settings->udp_exid);
		__sync_fetch_and_add(&pair->sealed[rule & (PDM6_MAX_RULES - 1)], 1);
		reason = PDM6_SEALED;
	} else if (form == PDM6_UDP_OPTION_CLEAR) {
		pdm6_fill_udp_option_in_clear(work, &flow, &work->number, current_settings->udp_exid);
		reason = PDM6_SENT_CLEAR;
	} else {
		pdm6_fill_in_clear(work, &flow, &work->number, form, current_settings->option_type);
		reason = PDM6_SENT_CLEAR;
	}
	if (area.size) {
		pdm6_write_area(skb, work, &area, form, payload_length);
	} else {
		pdm6_fill_header(work, &place, pdm6_option_size(form));
		pdm6_write_header(skb, work, &place, &flow, payload_length);
	}

leave_alone:
	pdm6_add(outcomes, reason);
	return PDM6_NEXT;

exempt:
	if (candidates & pdm6_rules_for_destination(policy, flow.destination))
		pdm6_count_unruled(reason);
	return PDM6_NEXT;
}
