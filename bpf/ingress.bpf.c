/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Ingress: find the option, authenticate it, remember it for the reverse
 * direction, emit an observation, optionally strip. Nothing that fails any of
 * this is used, and the packet goes on in every case.
 */
#define PDM6_MAX_HEADERS 4
#define PDM6_MAX_OPTIONS 16
#define PDM6_WAKE_UP_EACH (64 * 1024)
#define PDM6_PAD1 0

/* What walking the extension headers found. */
struct pdm6_found {
	__u32 options; /* PDMv2 options in the packet */
	__u32 offset; /* of the first */
	__u32 upper_offset;
	__u16 length; /* of the first, with type and length octets; 0 if it is not all there */
	__u8 upper_protocol;
	__u8 alone; /* ours alone, in the form that egress makes: can be stripped */
	__u8 broken; /* an option or header runs past its end */
	__u8 one_way; /* no flow is the reverse of this one */
};

/* Look through one Destination Options header. */
static __noinline int pdm6_scan_options(struct __sk_buff *skb, __u32 offset, __u32 end, __u32 option_type,
					struct pdm6_found *found)
{
	__u8 head[2];
	int i;

	for (i = 0; i < PDM6_MAX_OPTIONS && offset < end; i++) {
		if (bpf_skb_load_bytes(skb, offset, head, 1))
			return 0;
		if (head[0] == PDM6_PAD1) {
			offset++;
			continue;
		}
		if (offset + 2 > end || bpf_skb_load_bytes(skb, offset, head, 2) || offset + 2 + head[1] > end) {
			found->broken = 1;
			found->options += head[0] == option_type;
			return 0;
		}
		if (head[0] == option_type) {
			if (!found->options++) {
				found->offset = offset;
				found->length = head[1] + 2;
			}
		}
		offset += 2 + head[1];
	}
	return 0;
}

static __noinline int pdm6_walk_headers(struct __sk_buff *skb, __u8 protocol, __u32 option_type,
					struct pdm6_found *found)
{
	__u32 offset = PDM6_NETWORK_END, size;
	__u8 head[2];
	int i;

	for (i = 0; i < PDM6_MAX_HEADERS; i++) {
		if (protocol != PDM6_DESTINATION_OPTIONS && protocol != PDM6_HOP_BY_HOP && protocol != PDM6_ROUTING)
			break;
		if (bpf_skb_load_bytes(skb, offset, head, 2)) {
			found->broken = 1;
			return 0;
		}
		size = (head[1] + 1) * 8;
		if (offset + size > skb->len) {
			found->broken = 1;
			return 0;
		}
		if (protocol == PDM6_DESTINATION_OPTIONS)
			pdm6_scan_options(skb, offset + 2, offset + size, option_type, found);
		protocol = head[0];
		offset += size;
	}
	found->upper_protocol = protocol;
	found->upper_offset = offset;
	return 0;
}

/* The usual case without loops: our header alone, as egress makes it. */
static __always_inline int pdm6_is_our_header(struct __sk_buff *skb, __u32 option_type, struct pdm6_found *found)
{
	__u8 *header = (void *)(long)skb->data + PDM6_NETWORK_END;

	if ((void *)header + PDM6_HEADER_SIZE > (void *)(long)skb->data_end)
		return 0;
	if (header[1] != PDM6_HEADER_SIZE / 8 - 1 || header[2] != option_type || header[3] != PDM6_OPTION_SIZE - 2 ||
	    header[42] != 1 || header[43] != 4)
		return 0;
	switch (header[0]) {
	case PDM6_DESTINATION_OPTIONS:
	case PDM6_HOP_BY_HOP:
	case PDM6_ROUTING:
		return 0;
	}
	found->options = 1;
	found->offset = PDM6_NETWORK_END + 2;
	found->length = PDM6_OPTION_SIZE;
	found->upper_protocol = header[0];
	found->upper_offset = PDM6_NETWORK_END + PDM6_HEADER_SIZE;
	found->alone = 1;
	return 1;
}

/* Fields that tell copies of one packet from segments of one super-packet. */
static __always_inline void pdm6_read_upper(struct __sk_buff *skb, const struct pdm6_found *found,
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

/* Find the key that opens the option and check the tag. PDM6_ACCEPTED: authentic, *key is whose it is. */
static __always_inline int pdm6_authenticate(struct pdm6_scratch *work, const struct pdm6_observation *observation,
					__u64 *order, __u64 *index)
{
	const __u8 *option = observation->option;
	struct pdm6_receiving_key *key;
	int verdict = PDM6_NO_RECEIVING_KEY, generation;
	__u32 psntp;

	__builtin_memcpy(&psntp, option + 4, 4);
	psntp = bpf_ntohl(psntp);
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
		__builtin_memcpy(work->job.associated_data, option, 8);
		__builtin_memcpy(work->job.block, option + 8, 16);
		pdm6_set_nonce(&work->job, key->key.base_nonce, &observation->flow, work->key_id.epoch, psntp);
		pdm6_gcm_expected_tag(&key->key, &work->job);
		if (pdm6_gcm_tags_equal(work->job.tag, option + 24)) {
			/* the element may have been another sender's by then: user space had removed this one meanwhile */
			if (bpf_map_lookup_elem(&receiving_keys, &work->key_id) != key)
				continue;
			*order = key->context_order;
			*index = key->epoch_index;
			return PDM6_ACCEPTED;
		}
		verdict = PDM6_AUTHENTICATION_FAILED;
	}
	return verdict;
}

/* Serial order of protocol reference, section 9: context, then epoch, then number. Call under the lock. */
static __always_inline int pdm6_is_ahead(const struct pdm6_flow_state *state, __u64 order, __u64 index, __u32 psntp)
{
	if (!state->received_ns)
		return 1;
	if (order != state->accepted_order)
		return order > state->accepted_order;
	if (index != state->accepted_index)
		return index > state->accepted_index;
	return (__s32)(psntp - state->accepted_psntp) > 0;
}

/* The rule that our own packets of the reverse flow fall under; PDM6_NO_RULE if they would not be measured. */
static __noinline int pdm6_reverse_rule(const struct pdm6_flow *reverse)
{
	__u32 rule = pdm6_first_rule(pdm6_rules_for_destination(reverse->destination), reverse);

	return rule < PDM6_MAX_RULES && pdm6_is_sampled(rule, reverse) ? rule : PDM6_NO_RULE;
}

/* Let an authentic option update the state that our own packets of the reverse flow will carry. */
static __noinline int pdm6_accept(struct pdm6_observation *observation, const struct pdm6_flow *reverse, __u64 order,
				  __u64 index)
{
	struct pdm6_flow_state *state;
	__u64 now = observation->observed_ns;
	int verdict = PDM6_NO_STATE;
	__u32 psntp;

	if (observation->rule == PDM6_NO_RULE)
		return PDM6_NO_STATE;
	state = pdm6_find_or_make_flow(reverse);
	if (!state)
		return PDM6_NO_STATE;
	__builtin_memcpy(&psntp, observation->option + 4, 4);
	psntp = bpf_ntohl(psntp);
	bpf_spin_lock(&state->lock);
	if (pdm6_is_live(state, reverse)) {
		verdict = PDM6_NOT_AHEAD;
		if (pdm6_is_ahead(state, order, index, psntp)) {
			verdict = PDM6_ACCEPTED;
			if (now < state->received_ns)
				now = state->received_ns;
			state->received_ns = now;
			state->accepted_order = order;
			state->accepted_index = index;
			state->accepted_psntp = psntp;
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

/* Everything that can be said of an option before and with its key. */
static __always_inline int pdm6_judge(struct pdm6_scratch *work, const struct pdm6_found *found,
				      const struct pdm6_flow *reverse, struct pdm6_observation *observation)
{
	__u64 order = 0, index = 0;
	int verdict;

	if (found->broken || found->options > 1)
		return PDM6_MALFORMED;
	if (found->length >= 3 && observation->option[2] >> 4 != 2)
		return PDM6_UNKNOWN_VERSION;
	if (found->length == 24)
		return PDM6_CLEAR;
	if (found->length != PDM6_OPTION_SIZE)
		return PDM6_MALFORMED;
	verdict = pdm6_authenticate(work, observation, &order, &index);
	if (verdict != PDM6_ACCEPTED)
		return verdict;
	return found->one_way ? PDM6_NO_STATE : pdm6_accept(observation, reverse, order, index);
}

/* Take our header off again. The packet is changed only after the last step that can fail. */
static __always_inline int pdm6_strip(struct __sk_buff *skb, __u8 upper_protocol)
{
	__u16 payload_length;
	__u8 fixed[3];

	if (bpf_skb_load_bytes(skb, PDM6_LINK_HEADER + 4, &payload_length, 2) ||
	    bpf_ntohs(payload_length) < PDM6_HEADER_SIZE ||
	    bpf_skb_pull_data(skb, PDM6_NETWORK_END + PDM6_HEADER_SIZE) ||
	    bpf_skb_adjust_room(skb, -PDM6_HEADER_SIZE, BPF_ADJ_ROOM_NET, 0))
		return 0;
	payload_length = bpf_htons(bpf_ntohs(payload_length) - PDM6_HEADER_SIZE);
	__builtin_memcpy(fixed, &payload_length, 2);
	fixed[2] = upper_protocol;
	bpf_skb_store_bytes(skb, PDM6_LINK_HEADER + 4, fixed, 3, BPF_F_RECOMPUTE_CSUM);
	return 1;
}

SEC("tc")
int pdm6_ingress(struct __sk_buff *skb)
{
	__u32 zero = 0, slot = PDM6_SCRATCH_INGRESS;
	struct pdm6_found found = {};
	struct pdm6_ingress_counters *counters;
	struct pdm6_settings *current_settings;
	struct pdm6_observation *observation;
	struct pdm6_flow reverse;
	struct pdm6_scratch *work;
	struct pdm6_ipv6 *ipv6;
	__u64 now, waiting;
	__u8 protocol;
	int verdict, wakes;

	if (skb->protocol != bpf_htons(ETH_P_IPV6))
		return PDM6_NEXT;
	ipv6 = pdm6_ipv6_header(skb);
	if (!ipv6)
		return PDM6_NEXT;
	protocol = ipv6->next_header;
	if (protocol != PDM6_DESTINATION_OPTIONS && protocol != PDM6_HOP_BY_HOP && protocol != PDM6_ROUTING)
		return PDM6_NEXT;
	now = bpf_ktime_get_boot_ns();
	current_settings = bpf_map_lookup_elem(&settings, &zero);
	counters = bpf_map_lookup_elem(&ingress_counters, &zero);
	work = bpf_map_lookup_elem(&scratch, &slot);
	if (!current_settings || !counters || !work)
		return PDM6_NEXT;
	if (protocol != PDM6_DESTINATION_OPTIONS ||
	    !pdm6_is_our_header(skb, current_settings->option_type, &found))
		pdm6_walk_headers(skb, protocol, current_settings->option_type, &found);
	if (!found.options)
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
	if (found.length >= PDM6_OPTION_SIZE) {
		observation->option_length = PDM6_OPTION_SIZE;
		bpf_skb_load_bytes(skb, found.offset, observation->option, PDM6_OPTION_SIZE);
	} else if (found.length >= 24) {
		observation->option_length = 24;
		bpf_skb_load_bytes(skb, found.offset, observation->option, 24);
	} else if (found.length >= 3) {
		observation->option_length = 3;
		bpf_skb_load_bytes(skb, found.offset, observation->option, 3);
	}
	if (pdm6_read_ports(skb, found.upper_offset, found.upper_protocol, &observation->flow))
		found.broken = 1;
	if (pdm6_is_path_probe(&observation->flow))
		return PDM6_NEXT;
	pdm6_read_upper(skb, &found, observation);
	/* An ICMPv6 error has no reverse flow, but its service is that of the way back all the same. */
	found.one_way = pdm6_reverse_flow(&observation->flow, &reverse) != 0;
	observation->rule = pdm6_reverse_rule(&reverse);
	verdict = pdm6_judge(work, &found, &reverse, observation);
	observation->verdict = verdict;
	if (verdict >= 0 && verdict < PDM6_VERDICTS)
		counters->verdicts[verdict]++;

	/* Waking takes longer than everything else here: once for each 64 KiB that wait, not for each record. */
	waiting = bpf_ringbuf_query(&records, BPF_RB_AVAIL_DATA);
	wakes = waiting / PDM6_WAKE_UP_EACH != (waiting + sizeof(*observation)) / PDM6_WAKE_UP_EACH;
	if (bpf_ringbuf_output(&records, observation, sizeof(*observation),
			       wakes ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP))
		counters->ring_lost++;
	if (current_settings->strip && found.alone && verdict <= PDM6_NO_STATE && pdm6_strip(skb, found.upper_protocol))
		counters->stripped++;
	return PDM6_NEXT;
}
