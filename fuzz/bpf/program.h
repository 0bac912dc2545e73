/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The kernel programs, as they are, and their maps. One target includes this once. */
#ifndef FUZZ_PROGRAM_H
#define FUZZ_PROGRAM_H

#include <string.h>

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#include "../../bpf/pdm6.bpf.c"

#include "aead.h"
#include "kernel.h"
#include "packed_key.h"
#include "reference.h"

#define PROGRAM_EXID 0x504d
#define PROGRAM_GENERATION 2 /* even: the first policy's place */

static struct pdm6_epoch_pairs current_epoch;
static struct pdm6_frame_pairs current_frames;
static struct pdm6_prefixes destinations, sources;

/* The packet's route and where it leads, in the programs' own words for the kernel's structures. */
void *bpf_cast_to_kern_ctx(void *context)
{
	static struct sk_buff packet;
	static struct dst_entry route __attribute__((aligned(8)));
	static struct net_device device;
	static struct inet6_dev ipv6;
	static __u32 metrics[4] __attribute__((aligned(8)));
	const unsigned long not_counted = 1, read_only = 1; /* SKB_DST_NOREF, DST_METRICS_READ_ONLY */

	must(context);
	metrics[1] = mood.route_mtu;
	ipv6.cnf.mtu6 = mood.interface_mtu;
	device.ip6_ptr = &ipv6;
	route.dev = &device;
	route._metrics = (mood.no_metrics ? 0 : (unsigned long)metrics) | read_only;
	packet._skb_refdst = (mood.no_route ? 0 : (unsigned long)&route) | not_counted;
	return &packet;
}

/* Map variables point to nothing; their types say what there is. */
#define MAP(map)                                                                                    \
	kernel_map(&map, sizeof(*map.type) / sizeof(int), sizeof(*map.key), sizeof(*map.value), \
		   sizeof(*map.max_entries) / sizeof(int))
#define KEYLESS(map, value_size, most) \
	kernel_map(&map, sizeof(*map.type) / sizeof(int), 0, value_size, most)

/* A policy without rules, in use: for the target to write into. */
static struct pdm6_policy *program_policy(void)
{
	static struct pdm6_policy none = { .generation = PROGRAM_GENERATION };
	__u32 zero = 0;

	memset(none.destination_filter, 0xff, sizeof(none.destination_filter));
	((struct pdm6_settings *)bpf_map_lookup_elem(&settings, &zero))->policy = PROGRAM_GENERATION;
	return kernel_map_set(&policies, &zero, &none);
}

/* Loads the programs with a flow table of so many slots. */
static void program_load(size_t slot_count)
{
	struct pdm6_offer_request offer = { .count = slot_count };
	void *epoch = &current_epoch, *frames = &current_frames, *prefixes[] = { &destinations, &sources };
	__u32 zero = 0;

	kernel_reset();
	MAP(settings);
	MAP(policies);
	MAP(rules_by_origin);
	MAP(buckets);
	MAP(receiving_keys);
	MAP(receiving_frame_keys);
	MAP(frame_ports);
	MAP(unix_minus_boot);
	kernel_map(&live_sources, BPF_MAP_TYPE_HASH, 16, sizeof(__u32), PDM6_PAIRS_PER_EPOCH);
	MAP(scratch);
	MAP(reasons);
	MAP(ingress_counters);
	MAP(global_pointers);
	MAP(lanes);
	MAP(paths);
	MAP(remembered);
	MAP(unknown_pairs);
	kernel_map(&flows, BPF_MAP_TYPE_HASH, sizeof(struct pdm6_flow), sizeof(__u32), slot_count);
	kernel_map(&slots, BPF_MAP_TYPE_ARRAY, sizeof(__u32), sizeof(struct pdm6_flow_state), slot_count);
	KEYLESS(free_slots, sizeof(__u32), slot_count);
	KEYLESS(records, 0, 0);
	kernel_map(&epochs, BPF_MAP_TYPE_ARRAY_OF_MAPS, sizeof(__u32), sizeof(void *), 1);
	kernel_map(&current_epoch, BPF_MAP_TYPE_HASH, sizeof(struct pdm6_pair), sizeof(struct pdm6_sending_pair),
		   PDM6_PAIRS_PER_EPOCH);
	kernel_map_set(&epochs, &zero, &epoch);
	kernel_map(&frame_epochs, BPF_MAP_TYPE_ARRAY_OF_MAPS, sizeof(__u32), sizeof(void *), 1);
	kernel_map(&current_frames, BPF_MAP_TYPE_HASH, sizeof(struct pdm6_pair), sizeof(struct pdm6_frame_pair),
		   PDM6_PAIRS_PER_EPOCH);
	kernel_map_set(&frame_epochs, &zero, &frames);
	kernel_map(&rules_by_destination, BPF_MAP_TYPE_ARRAY_OF_MAPS, sizeof(__u32), sizeof(void *), 2);
	kernel_map(&rules_by_source, BPF_MAP_TYPE_ARRAY_OF_MAPS, sizeof(__u32), sizeof(void *), 2);
	kernel_map(&destinations, BPF_MAP_TYPE_LPM_TRIE, sizeof(struct pdm6_prefix), sizeof(__u32), PDM6_MAX_PREFIXES);
	kernel_map(&sources, BPF_MAP_TYPE_LPM_TRIE, sizeof(struct pdm6_prefix), sizeof(__u32), PDM6_MAX_PREFIXES);
	kernel_map_set(&rules_by_destination, &zero, &prefixes[0]);
	kernel_map_set(&rules_by_source, &zero, &prefixes[1]);
	must(pdm6_offer_slots(kernel_packet((uint8_t *)&offer, sizeof(offer), 0)));
	must(pdm6_offer_slots(kernel_packet((uint8_t *)&offer, sizeof(offer), 0)) == !slot_count); /* all are there */
	must(!pdm6_offer_slots(kernel_packet((uint8_t *)&offer, sizeof(offer) - 1, 0)));
	program_policy();
}

/* The policy's rule takes this flow too, or one in so many like it; the source port alone lets it in. */
static void program_measure(const struct pdm6_flow *flow, __u32 rule, __u32 sample_one_in)
{
	static const __u8 extension_headers[] = { 0, 43, 44, 50, 51, 60, 135, 139, 140 };
	__u32 zero = 0, mask = 1U << rule;
	struct pdm6_policy *policy = bpf_map_lookup_elem(&policies, &zero);
	__u32 port = reference_has_ports(flow->protocol) ? flow->source_port : PDM6_PORTLESS;

	for (size_t i = 0; i < sizeof(extension_headers); i++)
		policy->by_protocol[extension_headers[i]] = mask;
	policy->by_protocol[flow->protocol] = mask;
	policy->by_port[port] = mask;
	policy->rules[rule].sample_one_in = sample_one_in;
	policy->rules[rule].group = rule;
}

/* The same rules anew: what is remembered of flows is of another generation, or less is to be remembered. */
static void program_change_rules(int ask_packets, int is_capped)
{
	__u32 zero = 0;
	struct pdm6_policy *policy = bpf_map_lookup_elem(&policies, &zero);
	struct pdm6_settings *in_use = bpf_map_lookup_elem(&settings, &zero);

	in_use->policy = policy->generation += 2;
	policy->by_dscp[0] = ~0U;
	policy->rules[0].flow_pps = is_capped ? 1000000000 : 0; /* more than a session sends */
	policy->dimensions = ask_packets ? PDM6_BY_DSCP : 0;
}

static void program_settings(__u32 option_type, __u32 path_mtu, __u32 strip, __u32 report_unknown_pairs)
{
	struct pdm6_settings chosen = {
		.policy = PROGRAM_GENERATION,
		.pairs = 1,
		.option_type = option_type,
		.path_mtu = path_mtu,
		.strip = strip,
		.report_unknown_pairs = report_unknown_pairs,
		.report_busy_flows = 1,
		.udp_exid = PROGRAM_EXID,
	};
	__u32 zero = 0;

	kernel_map_set(&settings, &zero, &chosen);
}

/* As the agent says it: what is remembered of pairs holds no more. */
static void program_forget_pairs(void)
{
	((struct pdm6_settings *)bpf_map_lookup_elem(&settings, &(__u32){ 0 }))->pairs++;
}

/* What a path loses from now on. */
static void program_lose(__u32 index, __u32 lost)
{
	struct pdm6_path *path = bpf_map_lookup_elem(&paths, &index);

	if (path->lost != lost)
		program_forget_pairs();
	path->lost = lost;
}

static __u64 program_count(__u32 rule, enum pdm6_reason reason)
{
	return ((struct pdm6_outcomes *)bpf_map_lookup_elem(&reasons, &rule))->packets[reason];
}

#endif
