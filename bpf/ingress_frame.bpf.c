/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Ingress, the way of a datagram that may be a udp-frame. It stays as it is:
 * what it had taken the place of is gone, so there is nothing to restore, and
 * whoever listens at the port can read it, too.
 */

/* Find the key that opens the frame and check the tag. Negative: authentic, and holds something else than ours. */
static __always_inline int pdm6_authenticate_frame(struct pdm6_scratch *work, struct pdm6_received *received)
{
	const __u8 *frame = work->frame.datagram + PDM6_UDP_HEADER;
	struct pdm6_receiving_key *key;
	int verdict = PDM6_NO_RECEIVING_KEY, generation;
	__u64 now = work->observation.observed_ns;
	__u32 psntp, type;

	__builtin_memcpy(&psntp, frame + 4, 4);
	received->psntp = bpf_ntohl(psntp);
	__builtin_memcpy(work->key_id.pair.source, work->observation.flow.source, 16);
	__builtin_memcpy(work->key_id.pair.destination, work->observation.flow.destination, 16);
	work->key_id.epoch = (__u32)frame[2] << 8 | frame[3];
	for (generation = 0; generation < 2; generation++) {
		work->key_id.generation = generation;
		key = bpf_map_lookup_elem(&receiving_frame_keys, &work->key_id);
		if (!key)
			continue;
		if (now < key->not_before_ns || now >= key->not_after_ns) {
			if (verdict == PDM6_NO_RECEIVING_KEY)
				verdict = PDM6_WRONG_EPOCH;
			continue;
		}
		pdm6_gcm_expected_frame_tag(&key->key, &work->job, frame);
		if (!pdm6_gcm_tags_equal(work->job.tag, frame + PDM6_FRAME_TAG_AT)) {
			verdict = PDM6_AUTHENTICATION_FAILED;
			continue;
		}
		/* as with options: the element may have been another sender's by then */
		if (bpf_map_lookup_elem(&receiving_frame_keys, &work->key_id) != key)
			continue;
		__builtin_memcpy(&type, frame + PDM6_FRAME_TEXT_AT, 4);
		if ((type ^ (__u32)work->job.keystream[0]) != bpf_htonl(PDM6_TLV_PDM))
			return -1;
		received->order = key->context_order;
		received->index = key->epoch_index;
		return PDM6_ACCEPTED;
	}
	return verdict;
}

static __always_inline void pdm6_fill_frame_observation(struct pdm6_scratch *work, struct __sk_buff *skb,
							const struct pdm6_ipv6 *ipv6)
{
	struct pdm6_observation *observation = &work->observation;
	const __u8 *datagram = work->frame.datagram;
	__u16 ports[2];

	__builtin_memset(observation, 0, sizeof(*observation));
	__builtin_memset(work->rest_of_frame, 0, sizeof(work->rest_of_frame));
	observation->kind = PDM6_FRAME_OBSERVATION;
	observation->rule = PDM6_NO_RULE;
	observation->observed_ns = bpf_ktime_get_boot_ns();
	observation->hop_limit = ipv6->hop_limit;
	observation->carriage = PDM6_UDP_FRAME;
	observation->payload_length = PDM6_FRAME_SIZE;
	observation->option_length = PDM6_FRAME_SIZE;
	__builtin_memcpy(observation->flow.source, ipv6->source, 16);
	__builtin_memcpy(observation->flow.destination, ipv6->destination, 16);
	if (work->frame.final_offset)
		bpf_skb_load_bytes(skb, work->frame.final_offset, observation->flow.destination, 16);
	__builtin_memcpy(ports, datagram, 4);
	observation->flow.protocol = PDM6_UDP;
	observation->flow.source_port = bpf_ntohs(ports[0]);
	observation->flow.destination_port = bpf_ntohs(ports[1]);
	__builtin_memcpy(&observation->upper_checksum, datagram + PDM6_UDP_CHECKSUM_AT, 2);
	__builtin_memcpy(observation->option, datagram + PDM6_UDP_HEADER, PDM6_OPTION_SIZE);
	__builtin_memcpy(work->rest_of_frame, datagram + PDM6_UDP_HEADER + PDM6_OPTION_SIZE,
			 PDM6_FRAME_SIZE - PDM6_OPTION_SIZE);
}

SEC("tc")
int pdm6_ingress_frame(struct __sk_buff *skb)
{
	__u32 zero = 0, slot = PDM6_SCRATCH_INGRESS;
	struct pdm6_ingress_counters *counters;
	struct pdm6_received received = {};
	struct pdm6_observation *observation;
	const struct pdm6_rule *rule;
	struct pdm6_flow reverse;
	struct pdm6_scratch *work;
	struct pdm6_ipv6 *ipv6;
	int verdict;

	counters = bpf_map_lookup_elem(&ingress_counters, &zero);
	work = bpf_map_lookup_elem(&scratch, &slot);
	ipv6 = pdm6_ipv6_header(skb);
	if (!counters || !work || !ipv6)
		return PDM6_NEXT;
	if (skb->gso_size || bpf_skb_load_bytes(skb, work->frame.upper_offset, work->frame.datagram, PDM6_DATAGRAM_SIZE) ||
	    !pdm6_is_our_frame(work->frame.datagram))
		return PDM6_NEXT;
	observation = &work->observation;
	pdm6_fill_frame_observation(work, skb, ipv6);
	if (pdm6_is_path_probe(&observation->flow) || pdm6_reverse_flow(&observation->flow, &reverse))
		return PDM6_NEXT;
	rule = pdm6_reverse_rule(skb, &reverse);
	if (rule && pdm6_samples_flow(rule, &reverse))
		observation->rule = rule->group;
	verdict = pdm6_authenticate_frame(work, &received);
	if (verdict < 0)
		return PDM6_NEXT;
	if (verdict == PDM6_ACCEPTED)
		verdict = pdm6_accept(observation, &reverse, &received);
	observation->verdict = verdict;
	if (verdict < PDM6_VERDICTS)
		counters->verdicts[verdict]++;
	pdm6_report_observation(observation, sizeof(struct pdm6_frame_observation), counters);
	return PDM6_NEXT;
}
