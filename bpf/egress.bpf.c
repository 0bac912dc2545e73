/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Egress: choose the packet, number and time it, seal, insert.
 *
 * The packet is left as it is until nothing can go wrong any more: first all
 * checks, then room for the header (which can be given back), then the number
 * under the flow's lock, then stores into memory known to be there and ours.
 * Whatever happens, the packet goes on.
 */
#define PDM6_SMALLEST_GSO_SIZE 256 /* leaves data in each segment after 48 octets are taken from it */
#define PDM6_NUMBERS_PER_SERIAL (1ULL << 32)

/* What is taken from a flow for one packet. */
struct pdm6_number {
	__u32 psntp;
	__u32 psnlr;
	__u64 since_received_ns; /* DTLR */
	__u64 received_after_sent_ns; /* DTLS */
	__u32 is_prepared; /* keystream and tag mask are in the job */
	__u32 is_busy; /* the flow sends a lot, and nothing was prepared */
};

/* Must this packet be left alone, whatever the rules say? Negative: no. */
static __always_inline int pdm6_exempt(struct __sk_buff *skb, const struct pdm6_ipv6 *ipv6)
{
	__u32 payload = bpf_ntohs(ipv6->payload_length);

	if (skb->ingress_ifindex)
		return PDM6_FORWARDED;
	if (ipv6->destination[0] == 0xff)
		return PDM6_MULTICAST;
	if (pdm6_same_address(ipv6->source, ipv6->destination))
		return PDM6_SELF;
	switch (ipv6->next_header) {
	case PDM6_FRAGMENT_HEADER:
		return PDM6_FRAGMENT;
	case PDM6_ESP:
	case PDM6_AH:
		return PDM6_IPSEC;
	case PDM6_HOP_BY_HOP:
	case PDM6_ROUTING:
	case PDM6_DESTINATION_OPTIONS:
	case PDM6_MOBILITY:
	case PDM6_HIP:
	case PDM6_SHIM6:
		return PDM6_EXTENSION_HEADER;
	}
	if (payload == 0 || payload + PDM6_HEADER_SIZE > 0xffff)
		return PDM6_JUMBO;
	if (payload + PDM6_NETWORK_END != skb->len)
		return PDM6_MALFORMED_PACKET;
	return -1;
}

static __always_inline int pdm6_is_exempt_icmp(const struct pdm6_flow *flow)
{
	__u8 type = flow->source_port >> 8;

	return flow->protocol == PDM6_ICMPV6 && ((type >= 130 && type <= 137) || type == 143);
}

/*
 * The kernel's own structures, as far as they are read here: libbpf puts in
 * where the fields are in the running kernel.
 */
struct ipv6_devconf {
	__s32 mtu6;
} __attribute__((preserve_access_index));

struct inet6_dev {
	struct ipv6_devconf cnf;
} __attribute__((preserve_access_index));

struct net_device {
	struct inet6_dev *ip6_ptr;
} __attribute__((preserve_access_index));

struct dst_entry {
	struct net_device *dev;
	unsigned long _metrics;
} __attribute__((preserve_access_index));

struct sk_buff {
	unsigned long _skb_refdst;
} __attribute__((preserve_access_index));

extern void *bpf_cast_to_kern_ctx(void *context) __ksym __weak; /* from kernel 6.2 on */

/*
 * The IPv6 MTU of the interface that a route leads to; 0 if nobody can tell.
 * An administrator or a router advertisement may have set it below what the
 * interface itself carries, which is all that bpf_check_mtu looks at.
 */
static __always_inline __u32 pdm6_interface_mtu(const struct dst_entry *route)
{
	struct net_device *device = 0;
	struct inet6_dev *ipv6 = 0;
	__u32 mtu = 0;

	if (bpf_probe_read_kernel(&device, sizeof(device), &route->dev) ||
	    bpf_probe_read_kernel(&ipv6, sizeof(ipv6), &device->ip6_ptr) ||
	    bpf_probe_read_kernel(&mtu, sizeof(mtu), &ipv6->cnf.mtu6))
		return 0;
	return mtu;
}

/*
 * Does the route, with what path MTU discovery has learnt, carry a packet of
 * this size? bpf_fib_lookup would not tell: it serves routers only. So look
 * where the kernel itself looks, at the route that the packet holds.
 */
static __always_inline int pdm6_route_carries(struct __sk_buff *skb, __u32 size)
{
	const __u32 mtu_metric = 2 - 1; /* RTAX_MTU, counted from 1 */
	const unsigned long route_flags = 1, metrics_flags = 3; /* SKB_DST_PTRMASK, DST_METRICS_FLAGS */
	unsigned long metrics = 0;
	struct dst_entry *route;
	struct sk_buff *packet;
	__u32 mtu = 0;

	if (bpf_check_mtu(skb, 0, &mtu, PDM6_HEADER_SIZE, 0) || !bpf_cast_to_kern_ctx)
		return 0;
	packet = bpf_cast_to_kern_ctx(skb);
	route = (struct dst_entry *)(packet->_skb_refdst & ~route_flags);
	if (!route || bpf_probe_read_kernel(&metrics, sizeof(metrics), &route->_metrics))
		return 0;
	metrics &= ~metrics_flags;
	if (!metrics || bpf_probe_read_kernel(&mtu, sizeof(mtu), (__u32 *)metrics + mtu_metric))
		return 0;
	if (!mtu) /* nothing learnt */
		mtu = pdm6_interface_mtu(route);
	return size <= mtu;
}

/* Does the packet grow beyond what its path carries? Negative: it fits. */
static __noinline int pdm6_too_big(struct __sk_buff *skb, const struct pdm6_flow *flow)
{
	__u32 zero = 0, size = skb->len - PDM6_LINK_HEADER + PDM6_HEADER_SIZE;
	struct pdm6_settings *current_settings;

	if (skb->gso_size) {
		/*
		 * TCP super-packets: the kernel takes the 48 octets from each
		 * segment's data, so segments stay as large as they were.
		 */
		if (flow->protocol != PDM6_TCP)
			return PDM6_UDP_GSO;
		return skb->gso_size < PDM6_SMALLEST_GSO_SIZE ? PDM6_TINY_SEGMENTS : -1;
	}
	if (size <= PDM6_MINIMUM_MTU)
		return -1;
	current_settings = bpf_map_lookup_elem(&settings, &zero);
	if (!current_settings || size > current_settings->path_mtu || !pdm6_route_carries(skb, size))
		return PDM6_MTU;
	return -1;
}

/* Ask user space for a key, at most once a second for a pair. */
static __noinline int pdm6_report_unknown_pair(const struct pdm6_pair *pair, __u64 now)
{
	__u64 *reported = bpf_map_lookup_elem(&unknown_pairs, pair);
	struct pdm6_unknown_pair *record;

	if (reported && now - *reported < 1000000000)
		return 0;
	bpf_map_update_elem(&unknown_pairs, pair, &now, BPF_ANY);
	record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);
	if (!record)
		return 0;
	record->kind = PDM6_UNKNOWN_PAIR;
	record->zero = 0;
	record->pair = *pair;
	bpf_ringbuf_submit(record, BPF_RB_FORCE_WAKEUP);
	return 0;
}

/* The current epoch's object for this pair: one read, everything in it belongs together. */
static __always_inline struct pdm6_sending_pair *pdm6_sending_pair(const struct pdm6_pair *pair)
{
	__u32 zero = 0;
	void *epoch = bpf_map_lookup_elem(&epochs, &zero);

	return epoch ? bpf_map_lookup_elem(epoch, pair) : 0;
}

/* Tell user space that this flow's numbers are worth preparing. */
static __noinline int pdm6_report_busy_flow(const struct pdm6_flow *flow, __u64 serial, __u32 epoch)
{
	struct pdm6_busy_flow *record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);

	if (!record)
		return 0;
	record->kind = PDM6_BUSY_FLOW;
	record->epoch = epoch;
	record->flow = *flow;
	record->serial = serial;
	bpf_ringbuf_submit(record, BPF_RB_FORCE_WAKEUP);
	return 0;
}

/*
 * Take the next number of the flow, and what is prepared for it. Negative:
 * taken; else why the packet must be left alone.
 */
static __always_inline int pdm6_take_number(struct pdm6_flow_state *state, const struct pdm6_flow *flow, __u64 serial,
					    __u64 now, struct pdm6_number *number, struct pdm6_lane *lane,
					    __u32 lane_number, struct pdm6_gcm_job *job)
{
	int refused = -1;

	bpf_spin_lock(&state->lock); /* guard: lock */
	if (!pdm6_is_live(state, flow)) {
		refused = PDM6_FLOW_BUSY;
	} else if (serial < state->serial) { /* guard: serial */
		refused = PDM6_FLOW_BUSY;
	} else {
		if (serial != state->serial) {
			state->serial = serial;
			state->taken_in_serial = 0;
		}
		if (state->taken_in_serial >= PDM6_NUMBERS_PER_SERIAL) { /* guard: wrap */
			refused = PDM6_NUMBERS_EXHAUSTED;
		} else {
			state->taken_in_serial++;
			number->psntp = state->next_psntp++;
			number->is_prepared = pdm6_claim(state, lane, lane_number, serial, number->psntp, job);
			number->is_busy = !number->is_prepared && !(state->taken_in_serial & (PDM6_BUSY_AFTER - 1));
			number->psnlr = state->accepted_psntp;
			number->since_received_ns = 0;
			number->received_after_sent_ns = 0;
			/* clocks of two processors may disagree by nanoseconds: time never runs back within a flow */
			if (now < state->sent_ns)
				now = state->sent_ns;
			if (state->received_ns && now > state->received_ns)
				number->since_received_ns = now - state->received_ns;
			if (state->received_since_sent && state->sent_ns && state->received_ns > state->sent_ns)
				number->received_after_sent_ns = state->received_ns - state->sent_ns;
			state->received_since_sent = 0;
			state->sent_ns = now;
		}
	}
	bpf_spin_unlock(&state->lock);
	return refused;
}

/* RFC 8250 leaves it to the node; ours counts PDM packets sent, link-local apart, from 1. */
static __always_inline __u32 pdm6_next_global_pointer(const struct pdm6_flow *flow)
{
	__u32 index = pdm6_is_link_local(flow->source);
	__u64 *counter = bpf_map_lookup_elem(&global_pointers, &index);

	return counter ? (__u32)(__sync_fetch_and_add(counter, 1) + 1) : 0;
}

/*
 * Fill scratch->header with our Destination Options header, sealed:
 * next header, length 5 | option, 40 octets | PadN, 6 octets
 */
static __always_inline void pdm6_seal(struct pdm6_scratch *work, const struct pdm6_sending_pair *pair,
				      const struct pdm6_flow *flow, const struct pdm6_number *number,
				      const struct pdm6_lane *lane, __u8 option_type)
{
	struct pdm6_delta since_received = pdm6_delta_from_ns(number->since_received_ns);
	struct pdm6_delta received_after_sent = pdm6_delta_from_ns(number->received_after_sent_ns);
	__u32 words[4];
	__u8 *option = work->header + 2;

	option[0] = option_type;
	option[1] = PDM6_OPTION_SIZE - 2;
	option[2] = 2 << 4 | pair->epoch >> 8;
	option[3] = pair->epoch;
	words[0] = bpf_htonl(number->psntp);
	__builtin_memcpy(option + 4, &words[0], 4);
	__builtin_memcpy(work->job.associated_data, option, 8);

	words[0] = bpf_htonl(number->psnlr);
	words[1] = bpf_htonl(pdm6_next_global_pointer(flow));
	words[2] = bpf_htonl((__u32)since_received.scale << 24 | (__u32)received_after_sent.scale << 16);
	words[3] = bpf_htonl((__u32)since_received.value << 16 | received_after_sent.value);
	__builtin_memcpy(work->job.block, words, 16);

	if (lane && number->is_prepared) {
		pdm6_seal_prepared(lane, &work->job);
	} else {
		pdm6_set_nonce(&work->job, pair->key.base_nonce, flow, pair->epoch, number->psntp);
		pdm6_gcm_seal(&pair->key, &work->job);
	}

	__builtin_memcpy(option + 8, work->job.block, 16);
	__builtin_memcpy(option + 24, work->job.tag, 16);
	work->header[0] = flow->protocol;
	work->header[1] = PDM6_HEADER_SIZE / 8 - 1;
	work->header[42] = 1; /* PadN */
	work->header[43] = 4;
	work->header[44] = work->header[45] = work->header[46] = work->header[47] = 0;
}

/* If room cannot be given back: a header with one option that says nothing, of version 0, for all to skip. */
static __always_inline void pdm6_fill_idle(struct pdm6_scratch *work, __u8 protocol, __u8 option_type)
{
	__builtin_memset(work->header, 0, PDM6_HEADER_SIZE);
	work->header[0] = protocol;
	work->header[1] = PDM6_HEADER_SIZE / 8 - 1;
	work->header[2] = option_type;
	work->header[3] = PDM6_HEADER_SIZE - 4;
}

/*
 * Put the header into the room made for it. By helper calls: for a program
 * with stores of its own the kernel copies every packet that is shared, and
 * drops those that it has no memory to copy.
 */
static __always_inline void pdm6_write_header(struct __sk_buff *skb, const __u8 *header, __u16 payload_length)
{
	__u8 fixed[3] = {
		(payload_length + PDM6_HEADER_SIZE) >> 8,
		(payload_length + PDM6_HEADER_SIZE) & 0xff,
		PDM6_DESTINATION_OPTIONS,
	};

	bpf_skb_store_bytes(skb, PDM6_NETWORK_END, header, PDM6_HEADER_SIZE, 0);
	bpf_skb_store_bytes(skb, PDM6_LINK_HEADER + 4, fixed, sizeof(fixed), 0);
}

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
