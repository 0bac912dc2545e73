/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * One packet comes in. Against a second reading of it: which option is found,
 * what is said of it, that nothing is believed that OpenSSL does not open with
 * the key installed, and that the packet goes on as it came, or without our
 * header if that was asked for.
 *
 * Input: choices 5, then the packet with its link header.
 */
#include "program.h"

#define CHOICES 5
#define MOST_OCTETS 2048
#define NOW 1000000000ULL
#define RULE 3

enum { /* choices[0] */
	STRIP = 1,
	KEY = 2,
	KEY_BEFORE = 4, /* of the context before */
	MEASURED = 8,
	TABLE_FULL = 16,
	RING_FULL = 32,
	PULL_FAILS = 64,
	GIVE_BACK_FAILS = 128,
};
enum { /* choices[2] */
	SEALED = 1,
	NOT_BEGUN = 2,
	OVER = 4,
	TWICE = 8,
	SEALED_BEFORE = 16,
	HARDLY_SAMPLED = 32,
	OTHER_TYPE = 64,
	NO_IPV6 = 128,
};
#define LOOKUP_FAILS 128 /* choices[3]; the lower bits: which, and how full the ring is */
#define ACCEPT_CLEAR 64 /* also of choices[3] ... */
#define LIVE_SOURCE 32
enum { /* choices[4] */
	MENDED = 1, /* pad and OCS of the area are right */
	SUPER_PACKET = 2,
	PARTIAL_CHECKSUM = 4,
	FOR_OTHERS = 8,
	NO_ROUTER = 16,
};

static const uint8_t keys[2][32] = { "the key of the newest context...", "the key of the context before..." };
static const uint8_t base_nonces[2][12] = { "base nonce 0", "base nonce 1" };

static struct pdm6_key packed_keys[2];

static void install_key(const struct reference_walk *walk, uint32_t epoch, uint32_t generation, uint8_t when)
{
	struct pdm6_receiving_key_id id = { .epoch = epoch, .generation = generation };
	struct pdm6_receiving_key key = {
		.context_order = 2 - generation,
		.key = packed_keys[generation],
		.not_before_ns = when & NOT_BEGUN ? NOW + 1 : 0,
		.not_after_ns = when & OVER ? NOW : NOW + 1,
	};

	memcpy(id.pair.source, walk->flow.source, 16);
	memcpy(id.pair.destination, walk->flow.destination, 16);
	kernel_map_set(&receiving_keys, &id, &key);
}

static int opens(const uint8_t *option, const struct reference_walk *walk, int generation)
{
	int more = walk->is_behind ? 2 : 0; /* kind and length */
	uint8_t nonce[12], plain[16];

	reference_nonce(base_nonces[generation], &walk->flow, walk->is_behind, reference_u16(option + 2) & 0xfff,
			reference_u32(option + 4), nonce);
	return aead_open(keys[generation], nonce, option - more, 8 + more, option + 8, option + 24, plain);
}

static void seal(uint8_t *option, const struct reference_walk *walk, int generation)
{
	int more = walk->is_behind ? 2 : 0;
	uint8_t nonce[12], sealed[16];

	reference_nonce(base_nonces[generation], &walk->flow, walk->is_behind, reference_u16(option + 2) & 0xfff,
			reference_u32(option + 4), nonce);
	aead_seal(keys[generation], nonce, option - more, 8 + more, option + 8, sealed, option + 24);
	memcpy(option + 8, sealed, 16);
}

static int is_v1(const struct reference_walk *walk, const uint8_t *option)
{
	return walk->size == PDM6_V1_OPTION_SIZE && option[0] == 0x0f;
}

/* What is to be said of the option before its key is asked; negative: ask. */
static int verdict_without_key(const uint8_t *choices, const struct reference_walk *walk, const uint8_t *option)
{
	int counts = (choices[3] & ACCEPT_CLEAR) && !(choices[3] & LIVE_SOURCE) && !(choices[4] & FOR_OTHERS);
	int clear = counts ? PDM6_CLEAR_COUNTED : PDM6_CLEAR;

	if (walk->malformed || walk->options > 1)
		return PDM6_MALFORMED;
	if (is_v1(walk, option))
		return clear;
	if (walk->size >= 3 && (option[2] >> 4 != 2 || option[0] == 0x0f))
		return PDM6_UNKNOWN_VERSION;
	if (walk->size == 24)
		return clear;
	return walk->size == PDM6_OPTION_SIZE ? -1 : PDM6_MALFORMED;
}

static void check_verdict(const uint8_t *choices, const struct reference_walk *walk, const uint8_t *option, int again,
			  int verdict)
{
	int expected = verdict_without_key(choices, walk, option), installed = choices[0] & (KEY | KEY_BEFORE);
	struct pdm6_flow reverse;
	int authentic;

	if (expected >= 0) {
		must(verdict == expected);
		return;
	}
	if (!installed) {
		must(verdict == PDM6_NO_RECEIVING_KEY);
		return;
	}
	if (choices[2] & (NOT_BEGUN | OVER)) {
		must(verdict == PDM6_WRONG_EPOCH);
		return;
	}
	authentic = ((choices[0] & KEY) && opens(option, walk, 0)) ||
		    ((choices[0] & KEY_BEFORE) && opens(option, walk, 1));
	if (!authentic) {
		must(verdict == PDM6_AUTHENTICATION_FAILED);
		return;
	}
	if (!reference_reverse(&walk->flow, &reverse) || !(choices[0] & MEASURED) || (choices[0] & TABLE_FULL))
		must(verdict == PDM6_NO_STATE);
	else if (choices[2] & HARDLY_SAMPLED)
		must(verdict == PDM6_NO_STATE || verdict == PDM6_ACCEPTED || verdict == PDM6_NOT_AHEAD);
	else
		must(verdict == (again ? PDM6_NOT_AHEAD : PDM6_ACCEPTED));
}

static int expected_carriage(const struct reference_walk *walk)
{
	if (!walk->is_behind || walk->options != 1)
		return PDM6_DESTOPT_V2;
	return walk->size == 24 ? PDM6_UDP_OPTION_CLEAR : PDM6_UDP_OPTION;
}

static void check_record(const uint8_t *choices, const struct reference_walk *walk, const uint8_t *octets,
			 uint32_t size, int again)
{
	const struct kernel_record *record;
	struct pdm6_observation observation;
	uint32_t shown = walk->size >= PDM6_OPTION_SIZE ? PDM6_OPTION_SIZE : walk->size >= 24 ? 24 : walk->size >= 12 ? 12 : 3;
	size_t count = kernel_records(&record);

	if (!walk->is_read || !walk->options || walk->hidden || walk->is_probe || (choices[0] & RING_FULL)) {
		must(count == 0);
		return;
	}
	must(count == 1u + again && record[again].size == sizeof(observation));
	memcpy(&observation, record[again].octets, sizeof(observation));
	must(observation.kind == PDM6_OBSERVATION && observation.observed_ns == NOW);
	must(!observation.zero[0] && !observation.zero[1] && !observation.zero[2]);
	must(!memcmp(observation.flow.source, walk->flow.source, 16));
	must(!memcmp(observation.flow.destination, walk->flow.destination, 16));
	if (walk->size >= 3)
		must(observation.option_length == shown && !memcmp(observation.option, octets + walk->offset, shown));
	must(observation.carriage == expected_carriage(walk));
	if (!walk->malformed) {
		must(pdm6_same_flow(&observation.flow, &walk->flow));
		must(observation.payload_length <= size);
		must(walk->payload < 0 || observation.payload_length == walk->payload);
	}
	check_verdict(choices, walk, octets + walk->offset, again, observation.verdict);
}

/* Without its area; the rest as it came, but for a checksum that is not finished. */
static void check_datagram(const struct reference_walk *walk, const uint8_t *octets, uint32_t size, const uint8_t *now)
{
	const struct surplus *area = &walk->area;
	uint32_t upper = area->begin - 8 - walk->payload, begun = reference_u16(octets + upper + 6);

	must(area->alone && area->end == size);
	must(reference_u16(now + 18) == area->begin - (14 + 40));
	must(!memcmp(now, octets, 18) && !memcmp(now + 20, octets + 20, upper + 6 - 20));
	must(!memcmp(now + upper + 8, octets + upper + 8, walk->payload));
	if (begun && mood.checksum_is_partial)
		must(reference_u16(now + upper + 6) % 0xffff == (begun + 0xffff - (size - area->begin)) % 0xffff);
	else
		must(reference_u16(now + upper + 6) == begun);
}

/* As it came, or without a header or area of ours. Returns 1 if that was taken off. */
static int check_packet(const uint8_t *choices, const struct reference_walk *walk, const uint8_t *octets, uint32_t size,
			const struct __sk_buff *skb)
{
	const uint32_t front = 14 + 40, taken = size - skb->len;
	const uint8_t *now = kernel_octets(skb);

	if (skb->len == size) {
		must(!memcmp(now, octets, size));
		return 0;
	}
	must(choices[0] & STRIP);
	if (walk->is_behind && skb->len == walk->area.begin) {
		check_datagram(walk, octets, size, now);
		return 1;
	}
	must(taken == 48 || taken == 32 || taken == 16);
	must(octets[front + 1] == taken / 8 - 1 && octets[front + 3] == (taken == 48 ? 38 : taken == 32 ? 22 : 10));
	must(reference_u16(now + 18) == reference_u16(octets + 18) - taken);
	must(now[20] == octets[front]);
	must(!memcmp(now, octets, 18) && !memcmp(now + 21, octets + 21, front - 21));
	must(!memcmp(now + front, octets + front + taken, skb->len - front));
	return 1;
}

static void run(const uint8_t *choices, const uint8_t *octets, uint32_t size, const struct reference_walk *walk,
		int again)
{
	struct __sk_buff *skb = kernel_packet(octets, size, choices[1] == 0 ? size : choices[1]);
	int is_ipv6 = !(choices[2] & NO_IPV6);

	if (!is_ipv6)
		skb->protocol = 0;
	skb->gso_size = choices[4] & SUPER_PACKET ? 1400 : 0;
	must(pdm6_ingress(skb) == PDM6_NEXT);
	kernel_check();
	check_packet(choices, walk, octets, size, skb);
	if (is_ipv6 && !(choices[3] & LOOKUP_FAILS) && !((choices[0] & PULL_FAILS) && choices[1]))
		check_record(choices, walk, octets, size, again);
}

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
	(void)count, (void)arguments;
	for (int generation = 0; generation < 2; generation++)
		pack_key(keys[generation], base_nonces[generation], &packed_keys[generation]);
	return 0;
}

/* Where a rule takes the reverse flow, that rule says whether to strip. */
static void measure(const struct pdm6_flow *reverse, const uint8_t *choices)
{
	__u32 zero = 0;
	struct pdm6_policy *policy = bpf_map_lookup_elem(&policies, &zero);

	program_measure(reverse, RULE, choices[2] & HARDLY_SAMPLED ? ~0U : 1);
	policy->rules[RULE].flags = choices[0] & STRIP ? PDM6_STRIP : 0;
}

static void set_clear_policy(const uint8_t *choices, const struct pdm6_flow *flow)
{
	__u32 zero = 0, live = 1;
	struct pdm6_settings *chosen = bpf_map_lookup_elem(&settings, &zero);

	chosen->accept_clear = (choices[3] & ACCEPT_CLEAR) != 0;
	if (choices[3] & LIVE_SOURCE)
		kernel_map_set(&live_sources, flow->source, &live);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	uint8_t octets[MOST_OCTETS], choices[CHOICES], option_type;
	struct reference_walk walk;
	struct pdm6_flow reverse;
	uint32_t epoch;
	uint16_t exid;

	if (size < CHOICES || size > CHOICES + MOST_OCTETS)
		return -1;
	memcpy(choices, input, CHOICES);
	size -= CHOICES;
	memcpy(octets, input + CHOICES, size);
	option_type = choices[2] & OTHER_TYPE ? 0x3e : 0x1e;
	exid = choices[4] & SUPER_PACKET ? 0 : PROGRAM_EXID;
	walk = reference_walk(octets, size, option_type, exid);
	if ((choices[4] & MENDED) && walk.area.end) {
		surplus_mend(octets, walk.area.begin, walk.area.end);
		walk = reference_walk(octets, size, option_type, exid);
	}
	epoch = walk.size == PDM6_OPTION_SIZE ? reference_u16(octets + walk.offset + 2) & 0xfff : 0;
	if ((choices[2] & SEALED) && walk.size == PDM6_OPTION_SIZE)
		seal(octets + walk.offset, &walk, (choices[2] & SEALED_BEFORE) != 0);
	if ((choices[4] & MENDED) && walk.area.end)
		surplus_mend(octets, walk.area.begin, walk.area.end);

	program_load(choices[0] & TABLE_FULL ? 0 : 1);
	program_settings(option_type, 1500, choices[0] & STRIP, 0);
	set_clear_policy(choices, &walk.flow);
	if ((choices[0] & MEASURED) && reference_reverse(&walk.flow, &reverse))
		measure(&reverse, choices);
	if (choices[0] & KEY)
		install_key(&walk, epoch, 0, choices[2]);
	if (choices[0] & KEY_BEFORE)
		install_key(&walk, epoch, 1, choices[2]);
	mood.now = NOW;
	mood.forwarding = choices[4] & FOR_OTHERS ? 0 : choices[4] & NO_ROUTER ? BPF_FIB_LKUP_RET_FWD_DISABLED : BPF_FIB_LKUP_RET_NOT_FWDED;
	mood.ring_full = (choices[0] & RING_FULL) != 0;
	mood.pull_fails = (choices[0] & PULL_FAILS) != 0;
	mood.give_back_fails = (choices[0] & GIVE_BACK_FAILS) != 0;
	mood.checksum_is_partial = (choices[4] & PARTIAL_CHECKSUM) != 0;
	mood.ring_backlog = PDM6_WAKE_UP_EACH - (choices[3] & 127) * 4;
	mood.lookup_fails = choices[3] & LOOKUP_FAILS ? choices[3] & 31 : 0;

	run(choices, octets, size, &walk, 0);
	if (choices[2] & TWICE)
		run(choices, octets, size, &walk, 1);
	return 0;
}
