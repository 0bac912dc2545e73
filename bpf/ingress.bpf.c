/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Ingress: find the option, authenticate it, remember it for the reverse
 * direction, emit an observation, optionally strip. Nothing that fails any of
 * this is used, and the packet goes on in every case.
 */

/* The usual case without loops: our protected header alone, as egress makes it. */
static __always_inline int pdm6_is_our_header(struct __sk_buff *skb, __u32 option_type, struct pdm6_headers *found)
{
	__u8 *header = (void *)(long)skb->data + PDM6_NETWORK_END;

	if ((void *)header + PDM6_HEADER_SIZE > (void *)(long)skb->data_end)
		return 0;
	if (header[1] != PDM6_HEADER_SIZE / 8 - 1 || header[2] != option_type || header[3] != PDM6_OPTION_SIZE - 2 ||
	    header[42] != 1 || header[43] != 4)
		return 0;
	if (pdm6_is_walked(header[0]))
		return 0;
	found->pdm_options = 1;
	found->option_offset = PDM6_NETWORK_END + 2;
	found->option_length = PDM6_OPTION_SIZE;
	found->upper_protocol = header[0];
	found->upper_offset = PDM6_NETWORK_END + PDM6_HEADER_SIZE;
	return 1;
}

/* The same for the forms in clear, once the headers are walked: octets of our header, 0 if it is not ours alone. */
static __always_inline __u32 pdm6_size_alone(struct __sk_buff *skb, const struct pdm6_headers *found)
{
	__u32 size = found->upper_offset - PDM6_NETWORK_END;
	__u8 padding[2];

	if (found->last_offset != PDM6_NETWORK_END || found->last_options != 1 ||
	    found->option_offset != PDM6_NETWORK_END + 2 || size != pdm6_header_size(2, found->option_length) ||
	    bpf_skb_load_bytes(skb, found->option_offset + found->option_length, padding, 2) ||
	    padding[0] != PDM6_PADN || padding[1] != size - 4 - found->option_length)
		return 0;
	return size;
}

/* Fields that tell copies of one packet from segments of one super-packet. */
static __always_inline void pdm6_read_upper(struct __sk_buff *skb, const struct pdm6_headers *found,
					    struct pdm6_observation *observation)
{
	__u32 behind = skb->len - found->upper_offset, header = 0;
	__u8 tcp[20], udp[4];
	__u16 checksum = 0;
	__u32 length;

	switch (found->upper_protocol) {
	case PDM6_TCP:
		if (bpf_skb_load_bytes(skb, found->upper_offset, tcp, sizeof(tcp)))
			break;
		header = (tcp[12] >> 4) * 4;
		observation->tcp_flags = tcp[13];
		observation->tcp_sequence = (__u32)tcp[4] << 24 | (__u32)tcp[5] << 16 | (__u32)tcp[6] << 8 | tcp[7];
		__builtin_memcpy(&checksum, tcp + 16, 2);
		break;
	case PDM6_UDP:
	case PDM6_UDPLITE:
		header = 8;
		if (bpf_skb_load_bytes(skb, found->upper_offset + 4, udp, sizeof(udp)))
			break;
		__builtin_memcpy(&checksum, udp + 2, 2);
		/* What lies behind the datagram is not its payload (RFC 9868). UDP-Lite's field says another thing. */
		length = (__u32)udp[0] << 8 | udp[1];
		if (found->upper_protocol == PDM6_UDP && length >= header && length <= behind)
			behind = length;
		break;
	case PDM6_ICMPV6:
		header = 8;
		bpf_skb_load_bytes(skb, found->upper_offset + 2, &checksum, 2);
		break;
	case PDM6_SCTP:
	case PDM6_DCCP:
		header = 12;
		break;
	}
	observation->upper_checksum = checksum;
	observation->payload_length = behind > header ? behind - header : 0;
}

/* What orders an option among those of its flow. */
struct pdm6_received {
	__u64 order; /* of its context; 0 in clear, which so never comes ahead of what was authentic */
	__u64 index; /* of its epoch */
	__u32 psntp;
	__u32 is_v1;
};

/* Find the key that opens the option and check the tag. PDM6_ACCEPTED: authentic, *key is whose it is. */
static __always_inline int pdm6_authenticate(struct pdm6_scratch *work, const struct pdm6_observation *observation,
					     struct pdm6_received *received)
{
	const __u8 *option = observation->option;
	struct pdm6_receiving_key *key;
	int verdict = PDM6_NO_RECEIVING_KEY, generation;
	__u32 psntp;

	__builtin_memcpy(&psntp, option + 4, 4);
	psntp = bpf_ntohl(psntp);
	received->psntp = psntp;
	__builtin_memcpy(work->key_id.pair.source, observation->flow.source, 16);
	__builtin_memcpy(work->key_id.pair.destination, observation->flow.destination, 16);
	work->key_id.epoch = (option[2] & 0xf) << 8 | option[3];
	for (generation = 0; generation < 2; generation++) {
		work->key_id.generation = generation;
		key = bpf_map_lookup_elem(&receiving_keys, &work->key_id);
		if (!key)
			continue;
		if (observation->observed_ns < key->not_before_ns || observation->observed_ns >= key->not_after_ns) {
			if (verdict == PDM6_NO_RECEIVING_KEY)
				verdict = PDM6_WRONG_EPOCH;
			continue;
		}
		__builtin_memcpy(work->job.block, option + 8, 16);
		if (observation->carriage == PDM6_UDP_OPTION) {
			pdm6_fill_udp_option_associated_data(&work->job, option);
			pdm6_set_nonce(&work->job, key->key.base_nonce, &observation->flow, PDM6_CARRIAGE_UDP_OPTION,
				       work->key_id.epoch, psntp);
			pdm6_gcm_expected_udp_option_tag(&key->key, &work->job);
		} else {
			__builtin_memcpy(work->job.associated_data, option, 8);
			pdm6_set_nonce(&work->job, key->key.base_nonce, &observation->flow,
				       PDM6_CARRIAGE_DESTINATION_OPTION, work->key_id.epoch, psntp);
			pdm6_gcm_expected_tag(&key->key, &work->job);
		}
		if (pdm6_gcm_tags_equal(work->job.tag, option + 24)) {
			/* the element may have been another sender's by then: user space had removed this one meanwhile */
			if (bpf_map_lookup_elem(&receiving_keys, &work->key_id) != key)
				continue;
			received->order = key->context_order;
			received->index = key->epoch_index;
			return PDM6_ACCEPTED;
		}
		verdict = PDM6_AUTHENTICATION_FAILED;
	}
	return verdict;
}

/*
 * Serial order of protocol reference, section 9: context, then epoch, then
 * number, of which PDMv1 has 16 bits. Call under the lock.
 */
static __always_inline int pdm6_is_ahead(const struct pdm6_flow_state *state, const struct pdm6_received *received)
{
	__u32 ahead = received->psntp - state->accepted_psntp;

	if (!state->received_ns)
		return 1;
	if (received->order != state->accepted_order)
		return received->order > state->accepted_order;
	if (received->index != state->accepted_index)
		return received->index > state->accepted_index;
	return (__s32)(received->is_v1 ? ahead << 16 : ahead) > 0;
}

/* The rule that our own packets of the reverse flow fall under; NULL if there is none. */
static __always_inline const struct pdm6_rule *pdm6_reverse_rule(struct __sk_buff *skb, const struct pdm6_flow *reverse)
{
	const struct pdm6_policy *policy = pdm6_policy();
	__u32 rule;

	if (!policy)
		return 0;
	rule = pdm6_decide_reverse(skb, policy, reverse);
	return rule < PDM6_MAX_RULES ? &policy->rules[rule] : 0;
}

/* Let an option update the state that our own packets of the reverse flow will carry. */
static __noinline int pdm6_accept(struct pdm6_observation *observation, const struct pdm6_flow *reverse,
				  const struct pdm6_received *received)
{
	struct pdm6_flow_state *state;
	__u64 now = observation->observed_ns;
	int verdict = PDM6_NO_STATE;

	if (observation->rule == PDM6_NO_RULE)
		return PDM6_NO_STATE;
	state = pdm6_find_or_make_flow(reverse);
	if (!state)
		return PDM6_NO_STATE;
	bpf_spin_lock(&state->lock);
	if (pdm6_is_live(state, reverse)) {
		verdict = PDM6_NOT_AHEAD;
		if (pdm6_is_ahead(state, received)) {
			verdict = PDM6_ACCEPTED;
			if (now < state->received_ns)
				now = state->received_ns;
			state->received_ns = now;
			state->accepted_order = received->order;
			state->accepted_index = received->index;
			state->accepted_psntp = received->psntp;
			state->received_since_sent = 1;
			observation->has_sent = state->sent_ns != 0;
			observation->last_sent_psntp = state->next_psntp - 1;
			if (state->sent_ns && now > state->sent_ns)
				observation->since_sent_ns = now - state->sent_ns;
		}
	}
	bpf_spin_unlock(&state->lock);
	return verdict;
}

/*
 * An option in clear proves nothing. It counts where policy says so, and never
 * for a source whose options can be authenticated, nor on its way to others.
 */
static __noinline int pdm6_judge_clear(struct __sk_buff *skb, struct pdm6_observation *observation,
				       const struct pdm6_flow *reverse, __u32 is_v1, __u32 one_way)
{
	struct pdm6_received received = { .is_v1 = is_v1 };
	struct pdm6_settings *current_settings;
	__u32 zero = 0;
	__u16 v1_psntp;

	current_settings = bpf_map_lookup_elem(&settings, &zero);
	if (!current_settings || !current_settings->accept_clear ||
	    bpf_map_lookup_elem(&live_sources, observation->flow.source) || pdm6_is_for_others(skb, &observation->flow))
		return PDM6_CLEAR;
	if (is_v1) {
		__builtin_memcpy(&v1_psntp, observation->option + 4, 2);
		received.psntp = bpf_ntohs(v1_psntp);
	} else {
		__builtin_memcpy(&received.psntp, observation->option + 4, 4);
		received.psntp = bpf_ntohl(received.psntp);
	}
	if (!one_way)
		pdm6_accept(observation, reverse, &received);
	return PDM6_CLEAR_COUNTED;
}

/* Everything that can be said of an option before and with its key. */
static __always_inline int pdm6_judge(struct __sk_buff *skb, struct pdm6_scratch *work, const struct pdm6_headers *found,
				      const struct pdm6_flow *reverse, struct pdm6_observation *observation, int one_way)
{
	struct pdm6_received received = {};
	int is_udp_option = pdm6_is_udp_option(observation->carriage);
	int verdict, is_v1 = !is_udp_option && found->option_length == PDM6_V1_OPTION_SIZE &&
			     observation->option[0] == PDM6_V1_OPTION_TYPE;

	if (found->is_broken || found->pdm_options > 1)
		return PDM6_MALFORMED;
	if (!is_v1) {
		if (found->option_length >= 3 && observation->option[2] >> 4 != 2)
			return PDM6_UNKNOWN_VERSION;
		if (!is_udp_option && observation->option[0] == PDM6_V1_OPTION_TYPE)
			return PDM6_UNKNOWN_VERSION; /* of drafts before 15: read from captures only */
	}
	if (is_v1 || found->option_length == PDM6_CLEAR_OPTION_SIZE)
		return pdm6_judge_clear(skb, observation, reverse, is_v1, one_way);
	if (found->option_length != PDM6_OPTION_SIZE)
		return PDM6_MALFORMED;
	verdict = pdm6_authenticate(work, observation, &received);
	if (verdict != PDM6_ACCEPTED)
		return verdict;
	return one_way ? PDM6_NO_STATE : pdm6_accept(observation, reverse, &received);
}

/* A datagram without any option: it is a udp-frame, or nothing to us. */
static __always_inline int pdm6_look_for_frame(struct __sk_buff *skb, __u32 upper_offset, __u32 final_offset)
{
	__u32 slot = PDM6_SCRATCH_INGRESS;
	struct pdm6_scratch *work;

	if (!pdm6_may_be_frame(skb, upper_offset))
		return PDM6_NEXT;
	work = bpf_map_lookup_elem(&scratch, &slot);
	if (!work)
		return PDM6_NEXT;
	work->frame.upper_offset = upper_offset;
	work->frame.final_offset = final_offset;
	return pdm6_go_on_with(skb, PDM6_INGRESS_FRAME);
}

SEC("tc")
int pdm6_ingress(struct __sk_buff *skb)
{
	__u32 zero = 0, slot = PDM6_SCRATCH_INGRESS;
	struct pdm6_headers found = {};
	struct pdm6_surplus surplus = {};
	struct pdm6_ingress_counters *counters;
	struct pdm6_settings *current_settings;
	struct pdm6_observation *observation;
	const struct pdm6_rule *rule;
	struct pdm6_flow reverse;
	struct pdm6_scratch *work;
	struct pdm6_ipv6 *ipv6;
	__u32 alone = PDM6_HEADER_SIZE;
	__u64 now;
	__u32 strips, payload_length;
	__u8 protocol;
	int verdict, one_way;

	if (skb->protocol != bpf_htons(ETH_P_IPV6))
		return PDM6_NEXT;
	ipv6 = pdm6_ipv6_header(skb);
	if (!ipv6)
		return PDM6_NEXT;
	protocol = ipv6->next_header;
	payload_length = bpf_ntohs(ipv6->payload_length);
	if (!pdm6_is_walked(protocol) &&
	    (protocol != PDM6_UDP || !pdm6_has_surplus(skb, PDM6_NETWORK_END, payload_length, &surplus)))
		return protocol == PDM6_UDP ? pdm6_look_for_frame(skb, PDM6_NETWORK_END, 0) : PDM6_NEXT;
	now = bpf_ktime_get_boot_ns();
	current_settings = bpf_map_lookup_elem(&settings, &zero);
	counters = bpf_map_lookup_elem(&ingress_counters, &zero);
	work = bpf_map_lookup_elem(&scratch, &slot);
	if (!current_settings || !counters || !work)
		return PDM6_NEXT;
	if (protocol != PDM6_DESTINATION_OPTIONS ||
	    !pdm6_is_our_header(skb, current_settings->option_type, &found)) {
		pdm6_walk_headers(skb, protocol, current_settings->option_type, &found);
		alone = pdm6_size_alone(skb, &found);
	}
	if (pdm6_is_walked(protocol) && found.upper_protocol == PDM6_UDP && !found.is_broken)
		pdm6_has_surplus(skb, found.upper_offset, payload_length, &surplus);
	if (surplus.end)
		pdm6_read_surplus(skb, work, current_settings->udp_exid, found.pdm_options, &surplus);
	if (surplus.options)
		pdm6_take_surplus(&found, &surplus);
	if (!found.pdm_options && !found.is_hidden && found.upper_protocol == PDM6_UDP && !found.is_broken)
		return pdm6_look_for_frame(skb, found.upper_offset, found.final_offset);
	if (!found.pdm_options || found.is_hidden) /* of a packet that goes nobody knows where, no flow can be told */
		return PDM6_NEXT;

	observation = &work->observation;
	__builtin_memset(observation, 0, sizeof(*observation));
	ipv6 = pdm6_ipv6_header(skb);
	if (!ipv6)
		return PDM6_NEXT;
	observation->kind = PDM6_OBSERVATION;
	observation->rule = PDM6_NO_RULE;
	observation->observed_ns = now;
	observation->hop_limit = ipv6->hop_limit;
	__builtin_memcpy(observation->flow.source, ipv6->source, 16);
	__builtin_memcpy(observation->flow.destination, ipv6->destination, 16);
	if (found.final_offset)
		bpf_skb_load_bytes(skb, found.final_offset, observation->flow.destination, 16);
	if (found.option_length >= PDM6_OPTION_SIZE) {
		observation->option_length = PDM6_OPTION_SIZE;
		bpf_skb_load_bytes(skb, found.option_offset, observation->option, PDM6_OPTION_SIZE);
	} else if (found.option_length >= PDM6_CLEAR_OPTION_SIZE) {
		observation->option_length = PDM6_CLEAR_OPTION_SIZE;
		bpf_skb_load_bytes(skb, found.option_offset, observation->option, PDM6_CLEAR_OPTION_SIZE);
	} else if (found.option_length >= PDM6_V1_OPTION_SIZE) {
		observation->option_length = PDM6_V1_OPTION_SIZE;
		bpf_skb_load_bytes(skb, found.option_offset, observation->option, PDM6_V1_OPTION_SIZE);
	} else if (found.option_length >= 3) {
		observation->option_length = 3;
		bpf_skb_load_bytes(skb, found.option_offset, observation->option, 3);
	}
	if (pdm6_read_ports(skb, found.upper_offset, found.upper_protocol, &observation->flow))
		found.is_broken = 1;
	if (pdm6_is_path_probe(&observation->flow))
		return PDM6_NEXT;
	if (surplus.options && found.pdm_options == 1)
		observation->carriage = found.option_length == PDM6_CLEAR_OPTION_SIZE ? PDM6_UDP_OPTION_CLEAR
										      : PDM6_UDP_OPTION;
	pdm6_read_upper(skb, &found, observation);
	/* An ICMPv6 error has no reverse flow, but its service is that of the way back all the same. */
	one_way = pdm6_reverse_flow(&observation->flow, &reverse) != 0;
	rule = pdm6_reverse_rule(skb, &reverse);
	if (rule && pdm6_samples_flow(rule, &reverse))
		observation->rule = rule->group;
	strips = rule ? rule->flags & PDM6_STRIP : current_settings->strip;
	verdict = pdm6_judge(skb, work, &found, &reverse, observation, one_way);
	observation->verdict = verdict;
	if (verdict >= 0 && verdict < PDM6_VERDICTS)
		counters->verdicts[verdict]++;

	pdm6_report_observation(observation, sizeof(*observation), counters);
	if (strips && (verdict <= PDM6_NO_STATE || verdict == PDM6_CLEAR_COUNTED) &&
	    (alone ? pdm6_strip(skb, found.upper_protocol, alone) : surplus.alone && pdm6_strip_surplus(skb, &surplus)))
		counters->stripped++;
	return PDM6_NEXT;
}
