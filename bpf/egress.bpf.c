/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Egress: choose the packet, number and time it, seal, insert.
 *
 * The packet is left as it is until nothing can go wrong any more: first all
 * checks, then room for the header (which can be given back), then the number
 * under the flow's lock, then stores into memory known to be there and ours.
 * Whatever happens, the packet goes on.
 *
 * Most packets of a flow that sends a lot never come further than to the short
 * way: pdm6_short_way.h.
 */
SEC("tc")
int pdm6_egress(struct __sk_buff *skb)
{
	struct pdm6_flow flow = {};
	struct pdm6_place place;
	struct pdm6_area area = {};
	struct pdm6_supply supply = {};
	struct pdm6_sending_pair *pair;
	struct pdm6_flow_state *state = 0;
	struct pdm6_remembered *memory;
	struct pdm6_settings *current_settings;
	struct pdm6_outcomes *outcomes;
	const struct pdm6_policy *policy = 0;
	const struct pdm6_rule *entry = 0;
	struct pdm6_scratch *work;
	struct pdm6_ipv6 *ipv6;
	enum pdm6_carriage form;
	__u32 candidates, decided, policy_in_use, pairs, slot = PDM6_SCRATCH_EGRESS, zero = 0;
	__u16 payload_length;
	__u64 now;
	int reason, no_place = -1, is_known;

	if (skb->protocol != bpf_htons(ETH_P_IPV6))
		return PDM6_NEXT;
	ipv6 = pdm6_ipv6_header(skb);
	if (!ipv6)
		return PDM6_NEXT;
	current_settings = bpf_map_lookup_elem(&settings, &zero);
	if (!current_settings)
		return PDM6_NEXT;
	policy_in_use = pdm6_policy_in_use(current_settings);
	pairs = pdm6_pairs_generation(current_settings);
	payload_length = bpf_ntohs(ipv6->payload_length);
	pdm6_place_in_front(&place, ipv6);

	/* A flow that goes on: all that its addresses, ports and rules could say against it was looked at before. */
	if (pdm6_read_plain_flow(skb, ipv6, &flow)) {
		memory = pdm6_memory(&flow);
		if (!memory)
			return PDM6_NEXT;
		is_known = pdm6_remembers(memory, &flow);
		if (is_known && pdm6_is_own_and_whole(skb, payload_length)) {
			policy = pdm6_policy_of(policy_in_use);
			if (!policy)
				return PDM6_NEXT;
			if (pdm6_likely(pdm6_remembers_pair(memory, policy_in_use, pairs))) {
				now = bpf_ktime_get_boot_ns();
				state = pdm6_remembered_state(memory);
				outcomes = pdm6_outcomes_of(memory->group);
				work = bpf_map_lookup_elem(&scratch, &slot);
				if (pdm6_likely(state && outcomes && work && now < memory->until_ns)) {
					work->number.birth = memory->birth;
					if (pdm6_likely(memory->form == PDM6_DESTOPT_V2))
						reason = pdm6_send_with_header(skb, ipv6, work, state, memory, &flow,
									       current_settings, now);
					else
						reason = pdm6_send_with_area(skb, ipv6, work, state, memory, &flow,
									     current_settings, now);
					if (pdm6_likely(reason != PDM6_LONG_WAY)) {
						pdm6_add(outcomes, PDM6_SELECTED);
						goto leave_alone;
					}
					memory->pairs = 0; /* the next packets better go there at once */
					decided = memory->rule;
					goto decided;
				}
			}
			decided = pdm6_remembered_rule(memory, policy);
			if (decided < PDM6_MAX_RULES)
				goto decided;
		}
	}

	policy = pdm6_policy_of(policy_in_use);
	if (!policy)
		return PDM6_NEXT;
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
	supply.rule = entry->group;
	outcomes = pdm6_outcomes_of(supply.rule);
	if (!outcomes)
		return PDM6_NEXT;
	if (!pdm6_samples_flow(entry, &flow) || !pdm6_samples_packet(entry)) {
		pdm6_add(outcomes, PDM6_NOT_SAMPLED);
		return PDM6_NEXT;
	}
	pdm6_add(outcomes, PDM6_SELECTED);

	work = bpf_map_lookup_elem(&scratch, &slot);
	if (!work)
		return PDM6_NEXT;
	now = bpf_ktime_get_boot_ns();
	pair = pdm6_sending_pair(pdm6_pair_of(&flow));
	if (!pair) {
		reason = PDM6_NO_KEY;
		if (current_settings->report_unknown_pairs)
			pdm6_report_unknown_pair(pdm6_pair_of(&flow), now);
		goto leave_alone;
	}
	reason = PDM6_PAST_DEADLINE;
	if (pdm6_is_past_deadline(pair, now))
		goto leave_alone;
	form = pdm6_form(entry, pdm6_lost_forms(pair, now), flow.protocol);
	area.upper_offset = PDM6_NETWORK_END + place.in_front + place.there;
	if (pdm6_is_destination_option(form)) {
		reason = pdm6_fit(&place, form);
		if (reason < 0 && !pdm6_fits_any_path(skb, place.room))
			reason = pdm6_too_big(skb, flow.protocol, place.room);
	} else if (pdm6_is_udp_option(form)) {
		reason = pdm6_fit_area(skb, &area, form);
	} else if (pdm6_is_udp_frame(form)) {
		reason = pdm6_fit_frame(skb, area.upper_offset);
	} else {
		reason = PDM6_NO_FORM;
	}
	if (reason >= 0)
		goto leave_alone;

	state = 0;
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
		work->frame.rule = supply.rule;
		return pdm6_go_on_with(skb, PDM6_EGRESS_FRAME);
	}

	/* The last thing that can fail. */
	reason = PDM6_NO_ROOM;
	if (area.size ? pdm6_make_area(skb, &area) : pdm6_make_room(skb, work, &place))
		goto leave_alone;
	if (form == PDM6_DESTOPT_V2 || form == PDM6_UDP_OPTION)
		pdm6_find_lane(state, form, &supply);
	reason = pdm6_take_number(state, &flow, pair->serial, now, &work->number, &supply, &work->job, 1);
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
	if (work->number.is_prepared)
		pdm6_remember_pair(memory, policy, entry, pair, pairs, form, now);

	reason = PDM6_SENT_CLEAR;
	if (form == PDM6_DESTOPT_V2) {
		pdm6_seal(work, pair, &flow, &work->number, supply.lane, current_settings->option_type);
		reason = PDM6_SEALED;
	} else if (form == PDM6_UDP_OPTION) {
		pdm6_seal_udp_option(work, pair, &flow, &work->number, supply.lane, current_settings->udp_exid);
		reason = PDM6_SEALED;
	} else if (form == PDM6_UDP_OPTION_CLEAR) {
		pdm6_fill_udp_option_in_clear(work, &flow, &work->number, current_settings->udp_exid);
	} else {
		pdm6_fill_in_clear(work, &flow, &work->number, form, current_settings->option_type);
	}
	if (reason == PDM6_SEALED && !work->number.is_prepared) {
		__sync_fetch_and_add(&pair->sealed[supply.rule & (PDM6_MAX_RULES - 1)], 1);
		if (work->number.is_busy && current_settings->report_busy_flows)
			pdm6_report_busy_flow(&flow, pair->serial, pair->epoch, form);
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
