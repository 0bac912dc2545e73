/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * One packet goes out. Against a second reading of it: what must be left alone
 * is; what is touched grows by exactly our header or area, and OpenSSL opens
 * what is in it; where nothing stands in the way, it is sealed.
 */
#include "egress_setting.h"

static int is_super_packet(const struct setting *set)
{
	return (set->choices[2] & (SUPER_PACKET | TINY_SEGMENTS)) != 0;
}

static int is_behind(const struct setting *set)
{
	return set->form == PDM6_UDP_OPTION || set->form == PDM6_UDP_OPTION_CLEAR;
}

static uint32_t header_size(const struct setting *set)
{
	return (set->place.used + option_size(set) + 7) / 8 * 8;
}

static uint32_t growth(const struct setting *set)
{
	return set->area ? set->area : header_size(set) - set->place.there;
}

static void choose_form(struct setting *set, const uint8_t *octets)
{
	const uint8_t *choices = set->choices;
	uint32_t lost = (choices[8] & WATCHED) && !(choices[8] & NO_SUCH_PATH) ? choices[8] & 15 : 0;

	set->form = reference_form(CARRIAGE(choices), lost, set->flow.protocol);
	if (is_behind(set))
		set->area = surplus_growth(octets, set->size, set->place.upper, set->form);
}

/* Do header and path carry the packet with our option? */
static int fits(const struct setting *set, uint32_t size)
{
	const uint8_t *choices = set->choices;

	if (!is_behind(set) && (header_size(set) > PDM6_HEADER_SIZE || header_size(set) < set->place.there))
		return 0;
	if (is_behind(set) && (!set->area || is_super_packet(set)))
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

static int is_over_cap(const uint8_t *choices)
{
	return ((choices[9] & FLOW_CAP) && (choices[9] & FLOW_EMPTY)) ||
	       ((choices[9] & RULE_CAP) && (choices[9] & RULE_EMPTY)) || ((choices[9] & ALL_CAP) && (choices[9] & ALL_EMPTY));
}

/* Is there no reason to leave the packet alone? */
static int is_sealable(const struct setting *set, uint32_t size)
{
	const uint8_t *choices = set->choices;

	if ((choices[0] & ROOM_FAILS) && growth(set))
		return 0;
	if ((choices[0] & PULL_FAILS) && (!is_behind(set) || (choices[1] && choices[1] < 14 + 40)))
		return 0;
	if (set->flow.destination[0] == NOT_MEASURED)
		return 0;
	if (set->form == PDM6_UDP_FRAME || set->form == PDM6_NOTHING || is_over_cap(choices))
		return 0;
	return !(choices[0] & (NO_KEY | PAST_DEADLINE | TABLE_FULL | FORWARDED)) &&
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
	int clear = set->form == PDM6_DESTOPT_V2_CLEAR || set->form == PDM6_UDP_OPTION_CLEAR, behind = is_behind(set);
	uint8_t nonce[12], plain[16];

	if (set->form == PDM6_DESTOPT_V1) {
		check_v1(set, option);
		return;
	}
	must(behind || (option[0] == 0x1e && option[1] == (clear ? 22 : 38)));
	must(reference_u16(option + 2) == (2 << 12 | (clear ? 0 : EPOCH)));
	must(reference_u32(option + 4) == (set->state ? FIRST_PSNTP : mood.random));
	if (clear) {
		check_metrics(set, option + 8);
		return;
	}
	reference_nonce(base_nonce, &set->flow, behind, EPOCH, reference_u32(option + 4), nonce);
	option -= 2 * behind; /* kind and length */
	must(aead_open(raw_key, nonce, option, 8 + 2 * behind, option + 8 + 2 * behind, option + 24 + 2 * behind, plain));
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

/* Behind the datagram: an option, or zeros that could not be taken away again. */
static int says_nothing(const struct setting *set, const uint8_t *now)
{
	static const uint8_t zeros[PDM6_HEADER_SIZE];

	return is_behind(set) ? !memcmp(now + set->size, zeros, set->area) :
				is_idle(set, now + set->place.begin + set->place.used);
}

static void check_area(const struct setting *set, const uint8_t *octets, const struct __sk_buff *skb)
{
	const uint8_t *now = kernel_octets(skb);
	uint32_t upper = set->place.upper;

	must(set->area && skb->len == set->size + set->area);
	if (says_nothing(set, now)) {
		must(set->choices[0] & GIVE_BACK_FAILS);
		must(!memcmp(now, octets, set->size));
		return;
	}
	check_option(set, surplus_check(octets, set->size, upper, set->form, PROGRAM_EXID, now, skb->len));
	if (mood.checksum_is_partial)
		surplus_check_card(now, skb->len, upper, &set->flow);
	else
		must(!memcmp(now, octets, 18) && !memcmp(now + 20, octets + 20, set->size - 20));
}

/* A number is taken if the packet carries it, and only then; a token of each bucket before that. */
static void check_taken(const struct setting *set, int sealed)
{
	const uint32_t rule = RULE, all = PDM6_MAX_RULES;
	const struct pdm6_flow_state *state = 0;
	const struct pdm6_bucket *bucket;
	const __u32 *slot;
	uint64_t full = (set->choices[9] & BUCKETS_IN_USE ? NOW + 5 : NOW) + 1000000000 / PPS;

	mood.lookup_fails = 0;
	slot = bpf_map_lookup_elem(&flows, &set->flow);
	if (slot)
		state = bpf_map_lookup_elem(&slots, slot);
	must(!state || state->next_psntp == (set->state ? FIRST_PSNTP : mood.random) + sealed);
	must(state || !sealed);
	if (!sealed)
		return;
	bucket = bpf_map_lookup_elem(&buckets, &rule);
	must(!(set->choices[9] & RULE_CAP) || bucket->next_token_ns == full);
	bucket = bpf_map_lookup_elem(&buckets, &all);
	must(!(set->choices[9] & ALL_CAP) || bucket->next_token_ns == full);
	must(!(set->choices[9] & FLOW_CAP) || state->next_token_ns == NOW + 1000000000 / PPS);
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
	int clear = set->form != PDM6_DESTOPT_V2 && set->form != PDM6_UDP_OPTION;
	uint64_t outcomes = 0;

	for (int reason = PDM6_SEALED; reason < PDM6_REASONS; reason++)
		outcomes += reason == PDM6_NOT_SAMPLED ? 0 : program_count(RULE, reason);
	must(program_count(RULE, PDM6_SELECTED) == outcomes);
	must(program_count(RULE, PDM6_SEALED) == (uint64_t)(was_sealed && !clear));
	must(program_count(RULE, PDM6_SENT_CLEAR) == (uint64_t)(was_sealed && clear));
}

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
	(void)count, (void)arguments;
	pack_key(raw_key, base_nonce, &packed_key);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	uint8_t octets[MOST_OCTETS];
	struct setting set = { .choices = input };
	struct __sk_buff *skb;
	int sealable, changed, sealed;

	if (size < CHOICES || size > CHOICES + MOST_OCTETS)
		return -1;
	size -= CHOICES;
	memcpy(octets, input + CHOICES, size);
	set.size = size;
	set.place = reference_place(octets, size, 0x1e);
	set.flow = set.place.flow;
	choose_form(&set, octets);
	set_up(&set);
	if ((input[8] & PARTIAL_CHECKSUM) && set.area)
		mood.checksum_is_partial = surplus_begin_checksum(octets, size, set.place.upper, &set.flow);
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
	sealed = changed && !says_nothing(&set, kernel_octets(skb));
	must(!sealed || sealable);
	if (changed && is_behind(&set))
		check_area(&set, octets, skb);
	else if (changed)
		check_packet(&set, octets, size, skb);
	if (!set.place.exempt)
		check_taken(&set, sealed);
	if (!(input[6] & LOOKUP_FAILS)) {
		if (sealable && !(input[2] & HARDLY_SAMPLED))
			must(changed);
		check_counters(&set, sealed);
	}
	return 0;
}
