/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Delta times against exact arithmetic, logarithms, reverse flows, sampling
 * and the choice of a rule.
 *
 * Input: nanoseconds 8, rules that each dimension allows 4 times 4, sampling 4,
 * flow 40.
 */
#include "program.h"

#define MASKS 8
#define SAMPLING 24
#define FLOW 28
#define SIZE (FLOW + sizeof(struct pdm6_flow))

typedef unsigned __int128 attoseconds;

static void check_delta(uint64_t ns)
{
	struct pdm6_delta delta = pdm6_delta_from_ns(ns);
	attoseconds truth = (attoseconds)ns * 1000000000, told = (attoseconds)delta.value << delta.scale;

	must(told <= truth);
	if (!ns) {
		must(!delta.value && !delta.scale);
		return;
	}
	must(delta.value >= 0x8000); /* the smallest scale for which the value fits */
	/* From 2^43 ns on, 21 bits of ns are dropped first. */
	must(truth - told < ((attoseconds)1 << delta.scale) + (ns >> 43 ? (attoseconds)1000000000 << 21 : 0));
	must(pdm6_log2(ns) == 63U - __builtin_clzll(ns));
}

/* The lowest rule that all dimensions allow. */
static uint32_t first_rule(const uint32_t masks[4], int has_ports)
{
	uint32_t ports = has_ports ? masks[2] | masks[3] : masks[2];

	for (uint32_t rule = 0; rule < 32; rule++)
		if ((masks[0] & masks[1] & ports) >> rule & 1)
			return rule;
	return PDM6_NO_RULE;
}

/* Every dimension: those beyond protocol, ports and destination have masks made of these four. */
static void check_policy(const uint32_t masks[4], const struct pdm6_flow *flow)
{
	struct pdm6_prefix near = { .prefix_length = 64 }, far = { .prefix_length = 63 };
	struct pdm6_origin interface = { PROGRAM_GENERATION, PDM6_BY_INTERFACE, 7 };
	struct pdm6_origin cgroup = { PROGRAM_GENERATION, PDM6_BY_CGROUP, 9 };
	struct pdm6_policy *policy = program_policy();
	uint8_t octets[64] = {};
	struct __sk_buff *skb = kernel_packet(octets, sizeof(octets), sizeof(octets));
	int has_ports = reference_has_ports(flow->protocol);
	uint32_t other = ~masks[0], by_source = masks[0] | masks[1], by_dscp = masks[1] | masks[2];
	uint32_t by_interface = masks[2] | masks[3], by_cgroup = masks[3] | masks[0];
	uint32_t reverse[4], expected[4];

	memcpy(expected, masks, sizeof(expected));
	memcpy(near.address, flow->destination, 16);
	memcpy(far.address, flow->destination, 16);
	kernel_map_set(&destinations, &far, &other);
	kernel_map_set(&destinations, &near, &masks[0]);
	memcpy(near.address, flow->source, 16);
	kernel_map_set(&sources, &near, &by_source);
	kernel_map_set(&rules_by_origin, &interface, &by_interface);
	kernel_map_set(&rules_by_origin, &cgroup, &by_cgroup);
	policy->by_protocol[flow->protocol] = masks[1];
	policy->by_port[flow->destination_port] = masks[3];
	policy->by_port[has_ports ? flow->source_port : PDM6_PORTLESS] = masks[2];
	if (flow->source_port == flow->destination_port)
		expected[3] = masks[2];
	policy->by_dscp[5] = by_dscp;
	policy->cgroup_levels[0] = 1;
	policy->cgroup_level_count = 1;
	policy->rules[3].mark = policy->rules[3].mark_mask = 0x10; /* which the packet does not have */
	mood.cgroup = 9;
	skb->ifindex = 7;
	skb->mark = 0x20;

	must(pdm6_may_have_destination(policy, flow->destination));
	policy->destination_shift = masks[0] & 63;
	memset(policy->destination_filter, 0, sizeof(policy->destination_filter));
	must(!pdm6_may_have_destination(policy, flow->destination));
	policy->dimensions = PDM6_BY_DESTINATION;
	must(pdm6_rules_for_destination(policy, flow->destination) == masks[0]);
	must(pdm6_decide(skb, policy, flow, 5) == first_rule(expected, has_ports));
	must(pdm6_policy_generation(policy) == policy->generation);
	policy->dimensions = PDM6_BY_DESTINATION | PDM6_BY_SOURCE | PDM6_BY_INTERFACE;
	memcpy(reverse, expected, sizeof(reverse));
	reverse[0] &= by_source & by_interface;
	must(pdm6_decide_reverse(skb, policy, flow) == first_rule(reverse, has_ports));
	policy->dimensions |= PDM6_BY_DSCP | PDM6_BY_MARK | PDM6_BY_CGROUP;
	expected[0] &= by_source & by_dscp & by_interface & by_cgroup & ~(1U << 3);
	must(pdm6_decide(skb, policy, flow, 5) == first_rule(expected, has_ports));
	must(pdm6_decide_reverse(skb, policy, flow) == first_rule(reverse, has_ports));
	must(!pdm6_policy_generation(policy));
}

/* Both directions of a flow are measured or neither. */
static void check_directions(uint32_t sample_one_in, const struct pdm6_flow *flow)
{
	struct pdm6_rule entry = { .sample_one_in = sample_one_in };
	struct pdm6_flow reverse, again, expected;
	int has_reverse = reference_reverse(flow, &expected), samples;

	must((pdm6_reverse_flow(flow, &reverse) == 0) == has_reverse);
	if (!has_reverse)
		return;
	must(pdm6_same_flow(&reverse, &expected));
	must(!pdm6_reverse_flow(&reverse, &again) && pdm6_same_flow(&again, flow));
	must(pdm6_samples_flow(&entry, flow) == pdm6_samples_flow(&entry, &reverse));
	must(sample_one_in > 1 || pdm6_samples_flow(&entry, flow));
	must(pdm6_samples_packet(&entry)); /* it samples flows */
	entry.flags = PDM6_SAMPLE_PACKETS;
	must(pdm6_samples_flow(&entry, flow));
	mood.random = flow->source_port;
	samples = pdm6_samples_packet(&entry);
	must(sample_one_in > 1 || samples);
	mood.random = ~mood.random;
	must(sample_one_in < 3 || !samples || !pdm6_samples_packet(&entry)); /* both halves of the numbers cannot be first */
}

/* A form that path and protocol carry, and never in clear what should be protected. */
static void check_form(uint32_t chosen, uint8_t protocol)
{
	struct pdm6_rule rule = { .carriage = chosen % PDM6_NOTHING };
	enum pdm6_carriage asked = rule.carriage, form = pdm6_form(&rule, chosen >> 8 & 15, protocol);
	uint32_t lost = chosen >> 8 & 15;
	int is_protected = asked == PDM6_DESTOPT_V2 || asked == PDM6_UDP_OPTION;

	must(form == reference_form(asked, lost, protocol));
	must(lost || form == asked || (form == PDM6_NOTHING && protocol != 17));
	must(protocol == 17 || form == PDM6_NOTHING || pdm6_is_destination_option(form));
	must(!is_protected || form == PDM6_DESTOPT_V2 || form == PDM6_UDP_OPTION || form == PDM6_NOTHING);
	must(!pdm6_is_udp_option(form) || !(lost & PDM6_SURPLUS));
	must(lost & PDM6_SURPLUS || protocol != 17 || form != PDM6_NOTHING);
}

/* What the verifier supposes may be missing. */
static void check_missing(const struct pdm6_flow *flow)
{
	struct pdm6_policy *policy = program_policy();
	uint8_t octets[64] = {};
	struct __sk_buff *skb = kernel_packet(octets, sizeof(octets), sizeof(octets));
	static struct pdm6_lane lane;
	struct pdm6_scratch work = {};
	struct pdm6_number number = {};
	struct pdm6_surplus surplus = {};
	struct pdm6_gcm_job job = {};
	struct pdm6_place place = {};
	struct pdm6_flow copy = *flow;

	must(!pdm6_rules_for_mark(0, 0) && !pdm6_rules_for_cgroup(skb, 0));
	must(pdm6_decide(skb, 0, flow, 0) == PDM6_NO_RULE && pdm6_decide(skb, policy, 0, 0) == PDM6_NO_RULE);
	must(pdm6_decide_reverse(skb, 0, flow) == PDM6_NO_RULE && pdm6_decide_reverse(skb, policy, 0) == PDM6_NO_RULE);
	must(pdm6_seal_prepared(0, &job) < 0 && pdm6_seal_prepared(&lane, 0) < 0);
	must(pdm6_scan_options(skb, 56, 64, 0x1e, 0) < 0 && pdm6_walk_headers(skb, 60, 0x1e, 0) < 0);
	must(pdm6_place_behind(skb, 0, &copy) >= 0 && pdm6_place_behind(skb, &place, 0) >= 0);
	must(pdm6_fill_in_clear(0, flow, &number, PDM6_DESTOPT_V1, 0x1e) < 0);
	must(pdm6_fill_in_clear(&work, 0, &number, PDM6_DESTOPT_V1, 0x1e) < 0);
	must(pdm6_fill_in_clear(&work, flow, 0, PDM6_DESTOPT_V1, 0x1e) < 0);
	must(pdm6_read_surplus(skb, 0, PROGRAM_EXID, 0, &surplus) < 0);
	must(pdm6_read_surplus(skb, &work, PROGRAM_EXID, 0, 0) < 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	uint32_t masks[4], sample_one_in;
	struct pdm6_flow flow;
	uint64_t ns;

	if (size != SIZE)
		return -1;
	memcpy(&ns, input, sizeof(ns));
	memcpy(masks, input + MASKS, sizeof(masks));
	memcpy(&sample_one_in, input + SAMPLING, sizeof(sample_one_in));
	memcpy(&flow, input + FLOW, sizeof(flow));
	memset(flow.zero, 0, sizeof(flow.zero));
	program_load(1);
	check_delta(ns);
	check_policy(masks, &flow);
	check_directions(sample_one_in, &flow);
	check_form(masks[0], flow.protocol);
	check_form(masks[0], 17);
	check_missing(&flow);
	must(pdm6_is_link_local(flow.source) == ((flow.source[0] << 8 | (flow.source[1] & 0xc0)) == 0xfe80));
	return 0;
}
