/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the program finds when a packet goes out: policy, key, path, caps, the
 * flow's state, and a kernel in some mood.
 *
 * Input: choices 10, then the packet with its link header.
 */
#ifndef FUZZ_EGRESS_SETTING_H
#define FUZZ_EGRESS_SETTING_H

#include "program.h"

#define CHOICES 10
#define MOST_OCTETS 2048
#define NOW 1000000000ULL
#define RULE 3
#define EPOCH 0xabc
#define SERIAL 7
#define FIRST_PSNTP 0xfffffffe

enum { /* choices[0] */
	NO_KEY = 1,
	PAST_DEADLINE = 2,
	TABLE_FULL = 4,
	ROOM_FAILS = 8,
	GIVE_BACK_FAILS = 16,
	PULL_FAILS = 32,
	REPORT = 64,
	FORWARDED = 128,
};
enum { /* choices[2] */
	UNMEASURED = 1,
	HARDLY_SAMPLED = 2,
	MTU_REFUSED = 4,
	NO_ROUTE = 8,
	NO_METRICS = 16,
	SUPER_PACKET = 32,
	TINY_SEGMENTS = 64,
	DEAD = 128,
};
enum { /* choices[3] */
	OLDER_EPOCH = 1, /* than the flow's last number */
	NUMBERS_GONE = 2,
	RECEIVED = 4,
	SENT = 8,
	RING_FULL = 16,
	CLOCK_BEHIND = 32,
	REPORTED = 64,
	NO_IPV6 = 128,
};
#define LOOKUP_FAILS 128 /* choices[6]; the lower bits: which. Without it: the read that fails, modulo 6 */
#define CARRIAGE(choices) ((choices)[6] & LOOKUP_FAILS ? (choices)[6] >> 5 & 3 : ((choices)[6] >> 4) % 6)
enum { /* choices[7] */
	RECYCLED = 1, /* by now the flow's slot is another's */
	REPORTED_LONG_AGO = 2,
	INTERFACE_MTU = 4, /* this and higher bits: above 1280, in steps of 16; 0: larger than anything */
};

enum { /* choices[8]; the lower bits: forms that the path loses */
	WATCHED = 16, /* somebody looks at the path */
	USED_BEFORE = 32,
	NO_SUCH_PATH = 64,
	PARTIAL_CHECKSUM = 128,
};
enum { /* choices[9] */
	FLOW_CAP = 1,
	RULE_CAP = 2,
	ALL_CAP = 4,
	FLOW_EMPTY = 8,
	RULE_EMPTY = 16,
	ALL_EMPTY = 32,
	BUCKETS_IN_USE = 64,
	NEARLY_BUSY = 128,
};
#define PPS 10
#define EMPTY_UNTIL (NOW + 100000001) /* a tenth of a second of packets, and more, has gone out */
#define PATH 5
#define NOT_MEASURED 0x99 /* first octet of the destinations that no rule wants */

static const uint8_t raw_key[32] = "a key for every pair and epoch..";
static const uint8_t base_nonce[12] = "base nonce 0";

static struct pdm6_key packed_key;

struct setting {
	const uint8_t *choices;
	uint32_t size;
	struct reference_place place;
	enum pdm6_carriage form;
	uint32_t area; /* octets that the form puts behind the datagram */
	struct pdm6_flow flow; /* of the place */
	struct pdm6_pair pair;
	struct pdm6_flow_state *state; /* NULL: the program makes it */
};

static void install_key(const struct setting *set)
{
	struct pdm6_sending_pair entry = { .serial = SERIAL, .epoch = EPOCH, .key = packed_key };

	entry.path = set->choices[8] & NO_SUCH_PATH ? PDM6_PATHS : set->choices[8] & WATCHED ? PATH : 0;
	entry.deadline_ns = set->choices[0] & PAST_DEADLINE ? NOW : NOW + 1;
	if (!(set->choices[0] & NO_KEY))
		kernel_map_set(&current_epoch, &set->pair, &entry);
}

/* A flow that lived before this packet. */
static void make_state(struct setting *set)
{
	const uint8_t *choices = set->choices;
	struct pdm6_flow_state state = { .flow = set->flow, .next_psntp = FIRST_PSNTP };
	uint32_t slot;

	if ((choices[0] & TABLE_FULL) || !((choices[2] & DEAD) || (choices[9] & (FLOW_EMPTY | NEARLY_BUSY)) || (choices[3] & (OLDER_EPOCH | NUMBERS_GONE | RECEIVED | SENT)) ||
					    (choices[7] & RECYCLED)))
		return;
	if (choices[7] & RECYCLED)
		state.flow.source_port ^= 1;
	state.dead = (choices[2] & DEAD) != 0;
	state.serial = SERIAL + (choices[3] & OLDER_EPOCH ? 1 : 0);
	state.taken_in_serial = choices[3] & NUMBERS_GONE ? 1ULL << 32 : choices[9] & NEARLY_BUSY ? PDM6_BUSY_AFTER - 1 : 0;
	state.next_token_ns = choices[9] & FLOW_EMPTY ? EMPTY_UNTIL : 0;
	state.sent_ns = choices[3] & SENT ? choices[3] & CLOCK_BEHIND ? NOW + 9 : NOW - 3000 : 0;
	state.received_ns = choices[3] & RECEIVED ? NOW - 1000 : 0;
	state.accepted_psntp = choices[3] & RECEIVED ? 42 : 0;
	state.received_since_sent = (choices[3] & RECEIVED) != 0;
	must(!bpf_map_pop_elem(&free_slots, &slot));
	kernel_map_set(&flows, &set->flow, &slot);
	set->state = kernel_map_set(&slots, &slot, &state);
}

static uint32_t path_mtu(const uint8_t *choices)
{
	return 1280 + choices[4] * 4;
}

static uint32_t interface_mtu(const uint8_t *choices)
{
	return choices[7] / INTERFACE_MTU ? 1280 + choices[7] / INTERFACE_MTU * 16 : 65535;
}

static uint32_t option_size(const struct setting *set)
{
	static const uint32_t sizes[PDM6_CARRIAGES] = { 40, 24, 12 };

	return sizes[set->form];
}

static void ask_for(enum pdm6_carriage carriage)
{
	__u32 zero = 0;
	struct pdm6_policy *policy = bpf_map_lookup_elem(&policies, &zero);

	policy->rules[RULE].carriage = carriage;
}

static void set_bucket(uint32_t index, int empty, int in_use)
{
	struct pdm6_bucket bucket = { .next_token_ns = empty ? EMPTY_UNTIL : in_use ? NOW + 5 : 0 };

	kernel_map_set(&buckets, &index, &bucket);
}

/* Destinations, caps, and what is known of the path. */
static void limit(const uint8_t *choices)
{
	struct pdm6_path path = { .lost = choices[8] & 15, .used_ns = choices[8] & USED_BEFORE ? NOW - 1 : 0 };
	struct pdm6_prefix all = {}, unwanted = { .prefix_length = 8, .address = { NOT_MEASURED } };
	__u32 zero = 0, index = PATH, every_rule = ~0U;
	struct pdm6_policy *policy = bpf_map_lookup_elem(&policies, &zero);

	policy->dimensions = PDM6_BY_DESTINATION;
	kernel_map_set(&destinations, &all, &every_rule);
	kernel_map_set(&destinations, &unwanted, &zero);
	policy->rules[RULE].flow_pps = choices[9] & FLOW_CAP ? PPS : 0;
	policy->rules[RULE].pps = choices[9] & RULE_CAP ? PPS : 0;
	policy->pps = choices[9] & ALL_CAP ? PPS : 0;
	set_bucket(RULE, choices[9] & RULE_EMPTY, choices[9] & BUCKETS_IN_USE);
	set_bucket(PDM6_MAX_RULES, choices[9] & ALL_EMPTY, choices[9] & BUCKETS_IN_USE);
	kernel_map_set(&paths, &index, &path);
}

static void set_up(struct setting *set)
{
	const uint8_t *choices = set->choices;
	uint64_t reported = choices[7] & REPORTED_LONG_AGO ? NOW - 1000000000 : NOW - 1;

	program_load(choices[0] & TABLE_FULL ? 0 : 2);
	program_settings(0x1e, path_mtu(choices), 0, choices[0] & REPORT);
	memcpy(set->pair.source, set->flow.source, 16);
	memcpy(set->pair.destination, set->flow.destination, 16);
	if (!(choices[2] & UNMEASURED))
		program_measure(&set->flow, RULE, choices[2] & HARDLY_SAMPLED ? ~0U : 1);
	ask_for(CARRIAGE(choices));
	limit(choices);
	install_key(set);
	make_state(set);
	if (choices[3] & REPORTED)
		kernel_map_set(&unknown_pairs, &set->pair, &reported);
	mood.now = NOW;
	mood.random = 0x12345678;
	mood.room_fails = (choices[0] & ROOM_FAILS) != 0;
	mood.give_back_fails = (choices[0] & GIVE_BACK_FAILS) != 0;
	mood.pull_fails = (choices[0] & PULL_FAILS) != 0;
	mood.ring_full = (choices[3] & RING_FULL) != 0;
	mood.check_mtu_fails = (choices[2] & MTU_REFUSED) != 0;
	mood.no_route = (choices[2] & NO_ROUTE) != 0;
	mood.no_metrics = (choices[2] & NO_METRICS) != 0;
	mood.interface_mtu = interface_mtu(choices);
	mood.route_mtu = choices[5] ? 1280 + choices[5] * 4 : 0;
	if (choices[6] & LOOKUP_FAILS)
		mood.lookup_fails = choices[6] & 31;
	else
		mood.unreadable = choices[6] % 6;
}

#endif
