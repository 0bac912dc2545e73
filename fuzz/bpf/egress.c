/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * One packet goes out. Against a second reading of it: what must be left alone
 * is; what is touched grows by exactly our header, and OpenSSL opens what is in
 * it; where nothing stands in the way, it is sealed.
 *
 * Input: choices 8, then the packet with its link header.
 */
#include "program.h"

#define CHOICES 8
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
#define CARRIAGE(choices) ((choices)[6] & LOOKUP_FAILS ? 0 : ((choices)[6] >> 4) % 3) /* destination options only */
enum { /* choices[7] */
	RECYCLED = 1, /* by now the flow's slot is another's */
	REPORTED_LONG_AGO = 2,
	INTERFACE_MTU = 4, /* this and higher bits: above 1280, in steps of 16; 0: larger than anything */
};

static const uint8_t raw_key[32] = "a key for every pair and epoch..";
static const uint8_t base_nonce[12] = "base nonce 0";

static struct pdm6_key packed_key;

struct setting {
	const uint8_t *choices;
	struct reference_place place;
	struct pdm6_flow flow; /* of the place */
	struct pdm6_pair pair;
	struct pdm6_flow_state *state; /* NULL: the program makes it */
};

static void install_key(const struct setting *set)
{
	struct pdm6_sending_pair entry = { .serial = SERIAL, .epoch = EPOCH, .key = packed_key };

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

	if ((choices[0] & TABLE_FULL) || !((choices[2] & DEAD) || (choices[3] & (OLDER_EPOCH | NUMBERS_GONE | RECEIVED | SENT)) ||
					    (choices[7] & RECYCLED)))
		return;
	if (choices[7] & RECYCLED)
		state.flow.source_port ^= 1;
	state.dead = (choices[2] & DEAD) != 0;
	state.serial = SERIAL + (choices[3] & OLDER_EPOCH ? 1 : 0);
	state.taken_in_serial = choices[3] & NUMBERS_GONE ? 1ULL << 32 : 0;
	state.sent_ns = choices[3] & SENT ? choices[3] & CLOCK_BEHIND ? NOW + 9 : NOW - 3000 : 0;
	state.received_ns = choices[3] & RECEIVED ? NOW - 1000 : 0;
	state.accepted_psntp = choices[3] & RECEIVED ? 42 : 0;
	state.received_since_sent = (choices[3] & RECEIVED) != 0;
	must(!bpf_map_pop_elem(&free_slots, &slot));
	kernel_map_set(&flows, &set->flow, &slot);
	set->state = kernel_map_set(&slots, &slot, &state);
}

static int is_super_packet(const struct setting *set)
{
	return (set->choices[2] & (SUPER_PACKET | TINY_SEGMENTS)) != 0;
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
	static const uint32_t sizes[] = { 40, 24, 12 };

	return sizes[CARRIAGE(set->choices)];
}

static uint32_t header_size(const struct setting *set)
{
	return (set->place.used + option_size(set) + 7) / 8 * 8;
}

static uint32_t growth(const struct setting *set)
{
	return header_size(set) - set->place.there;
}

/* Do header and path carry the packet with our option? */
static int fits(const struct setting *set, uint32_t size)
{
	const uint8_t *choices = set->choices;

	if (header_size(set) > PDM6_HEADER_SIZE || header_size(set) < set->place.there)
		return 0;
	size += growth(set) - 14;
	if (size - 40 > 65535)
		return 0;
	if (is_super_packet(set))
		return set->flow.protocol == 6 && !(choices[2] & TINY_SEGMENTS);
	if (size <= 1280 || !growth(set))
		return 1;
	if (size > path_mtu(choices) || (choices[2] & (MTU_REFUSED | NO_ROUTE | NO_METRICS)))
		return 0;
	/* What path MTU discovery has learnt, two reads away; else what the interface has, three more. */
	if (mood.unreadable && mood.unreadable <= (choices[5] ? 2 : 5))
		return 0;
	return size <= (choices[5] ? 1280 + choices[5] * 4u : interface_mtu(choices));
}

/* Is there no reason to leave the packet alone? */
static int is_sealable(const struct setting *set, uint32_t size)
{
	const uint8_t *choices = set->choices;

	if ((choices[0] & ROOM_FAILS) && growth(set))
		return 0;
	return !(choices[0] & (NO_KEY | PAST_DEADLINE | TABLE_FULL | PULL_FAILS | FORWARDED)) &&
	       !(choices[2] & (UNMEASURED | DEAD)) && !(choices[3] & (OLDER_EPOCH | NUMBERS_GONE | NO_IPV6)) &&
	       !(choices[7] & RECYCLED) && fits(set, size);
}

static uint64_t delta_ns(uint16_t value, uint8_t scale)
{
	return ((unsigned __int128)value << scale) / 1000000000;
}

static void check_close(uint64_t told, uint64_t truth)
{
	must(told <= truth && truth - told <= (truth >> 15) + 1);
}

static void check_metrics(const struct setting *set, const uint8_t *plain)
{
	const uint8_t *choices = set->choices;
	int received = choices[3] & RECEIVED, sent = choices[3] & SENT, behind = choices[3] & CLOCK_BEHIND;
	uint64_t since_received = received ? sent && behind ? 1009 : 1000 : 0;
	uint64_t after_sent = received && sent && !behind ? 2000 : 0;

	must(reference_u32(plain) == (received ? 42u : 0) && reference_u16(plain + 10) == 0);
	must(reference_u32(plain + 4) == 1 || (choices[6] & LOOKUP_FAILS));
	check_close(delta_ns(reference_u16(plain + 12), plain[8]), since_received);
	check_close(delta_ns(reference_u16(plain + 14), plain[9]), after_sent);
}

/* PDMv1 has the same numbers in another order, of 16 bits, and no Global Pointer. */
static void check_v1(const struct setting *set, const uint8_t *option)
{
	uint8_t plain[16] = { 0, 0, option[6], option[7], 0, 0, 0, 1, option[2], option[3], 0, 0 };

	memcpy(plain + 12, option + 8, 4);
	must(option[0] == 0x0f && option[1] == 10);
	must(reference_u16(option + 4) == (uint16_t)(set->state ? FIRST_PSNTP : mood.random));
	check_metrics(set, plain);
}

/* Our option: in clear, or opened by OpenSSL, field by field. */
static void check_option(const struct setting *set, const uint8_t *option)
{
	int clear = CARRIAGE(set->choices) == PDM6_DESTOPT_V2_CLEAR;
	uint8_t nonce[12], plain[16];

	if (CARRIAGE(set->choices) == PDM6_DESTOPT_V1) {
		check_v1(set, option);
		return;
	}
	must(option[0] == 0x1e && option[1] == (clear ? 22 : 38));
	must(reference_u16(option + 2) == (2 << 12 | (clear ? 0 : EPOCH)));
	must(reference_u32(option + 4) == (set->state ? FIRST_PSNTP : mood.random));
	if (clear) {
		check_metrics(set, option + 8);
		return;
	}
	reference_nonce(base_nonce, &set->flow, EPOCH, reference_u32(option + 4), nonce);
	must(aead_open(raw_key, nonce, option, option + 8, option + 24, plain));
	check_metrics(set, plain);
}

/* An option that says nothing: room was made, but could not be given back. */
static int is_idle(const struct setting *set, const uint8_t *option)
{
	static const uint8_t nothing[PDM6_HEADER_SIZE];
	uint32_t size = header_size(set) - set->place.used - 2;

	return option[0] == 0x1e && option[1] == size && !memcmp(option + 2, nothing, size);
}

static void check_padding(const uint8_t *padding, uint32_t size)
{
	must(size < 8);
	for (uint32_t i = 0; i < size; i++)
		must(padding[i] == (size < 2 ? 0 : i == 0 ? 1 : i == 1 ? size - 2 : 0));
}

static void check_packet(const struct setting *set, const uint8_t *octets, uint32_t size, const struct __sk_buff *skb)
{
	const struct reference_place *place = &set->place;
	const uint8_t *now = kernel_octets(skb), *header = now + place->begin, *option = header + place->used;
	uint32_t protocol_at = place->there ? place->begin : place->named_at;

	must(skb->len == size + growth(set));
	must(reference_u16(now + 18) == reference_u16(octets + 18) + growth(set));
	for (uint32_t i = 0; i < place->begin; i++)
		must(i == 18 || i == 19 || now[i] == (i == place->named_at ? 60 : octets[i]));
	must(header[0] == octets[protocol_at] && header[1] == header_size(set) / 8 - 1);
	must(!place->there || !memcmp(header + 2, octets + place->begin + 2, place->used - 2));
	must(!memcmp(header + header_size(set), octets + place->begin + place->there, size - place->begin - place->there));
	if (is_idle(set, option)) {
		must(set->choices[0] & GIVE_BACK_FAILS || !growth(set));
		return;
	}
	check_option(set, option);
	check_padding(option + option_size(set), header_size(set) - place->used - option_size(set));
}

/* Whatever became of a packet chosen, it is counted, once. */
static void check_counters(const struct setting *set, int was_sealed)
{
	int clear = CARRIAGE(set->choices) != PDM6_DESTOPT_V2;
	uint64_t outcomes = 0;

	for (int reason = PDM6_SEALED; reason < PDM6_REASONS; reason++)
		outcomes += reason == PDM6_NOT_SAMPLED ? 0 : program_count(RULE, reason);
	must(program_count(RULE, PDM6_SELECTED) == outcomes);
	must(program_count(RULE, PDM6_SEALED) == (uint64_t)(was_sealed && !clear));
	must(program_count(RULE, PDM6_SENT_CLEAR) == (uint64_t)(was_sealed && clear));
}

static void ask_for(enum pdm6_carriage carriage)
{
	__u32 zero = 0;
	struct pdm6_policy *policy = bpf_map_lookup_elem(&policies, &zero);

	policy->rules[RULE].carriage = carriage;
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

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
	(void)count, (void)arguments;
	pack_key(raw_key, base_nonce, &packed_key);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	const uint8_t *octets = input + CHOICES;
	struct setting set = { .choices = input };
	struct __sk_buff *skb;
	int sealable, changed, sealed;

	if (size < CHOICES || size > CHOICES + MOST_OCTETS)
		return -1;
	size -= CHOICES;
	set.place = reference_place(octets, size, 0x1e);
	set.flow = set.place.flow;
	set_up(&set);
	sealable = !set.place.exempt && is_sealable(&set, size);

	skb = kernel_packet(octets, size, input[1] == 0 ? size : input[1]);
	skb->ingress_ifindex = (input[0] & FORWARDED) != 0;
	skb->gso_size = input[2] & TINY_SEGMENTS ? 1 : is_super_packet(&set) ? 1400 : 0;
	if (input[3] & NO_IPV6)
		skb->protocol = 0;
	must(pdm6_egress(skb) == PDM6_NEXT);
	kernel_check();

	changed = skb->len != size || memcmp(kernel_octets(skb), octets, size);
	must(!changed || !set.place.exempt);
	sealed = changed && !is_idle(&set, kernel_octets(skb) + set.place.begin + set.place.used);
	must(!sealed || sealable);
	if (changed)
		check_packet(&set, octets, size, skb);
	if (!(input[6] & LOOKUP_FAILS)) {
		if (sealable && !(input[2] & HARDLY_SAMPLED))
			must(changed);
		check_counters(&set, sealed);
	}
	return 0;
}
