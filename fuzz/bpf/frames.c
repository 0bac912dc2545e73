/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Datagrams under a rule that sends udp-frames, and what of them comes back,
 * perhaps changed. Each becomes a frame that OpenSSL opens, or stays as it was;
 * no key and nonce are used twice, though user space hands keys over again,
 * lets counts come near their end and brings epochs back; what comes in is
 * accepted only if OpenSSL opens it, and stays as it came.
 *
 * Input: operations of 4 octets: what, and three arguments.
 */
#include "program.h"
#include "surplus.h"

#define UDP (14 + 40)
#define FRAME (UDP + 8)
#define MOST_PAYLOAD 255
#define MOST_OPERATIONS 64
#define RULE 0
#define KEYS 3
#define UNIX_MINUS_BOOT 1700000000000000000ULL

enum operation {
	SEND,
	SEND_ODD,
	RECEIVE,
	SEAL_OTHER,
	EPOCH,
	DEADLINE,
	NEARLY_ALL_TAKEN,
	CLOCK,
	OPERATIONS,
};

static const uint32_t first_psntp = 0xfffffffd;
static const struct pdm6_flow flow = {
	.source = { 0xfd, 1 }, .destination = { 0xfd, 2 }, .source_port = 1000, .destination_port = 53, .protocol = 17,
};

static struct {
	uint8_t key;
	uint8_t nonce[12];
} history[MOST_OPERATIONS];
static size_t history_count;
static uint64_t serial; /* of the epoch in use; user space gives no serial twice */
static uint8_t key_number; /* of it; user space may give a key twice */
static uint64_t taken; /* from it */
static uint8_t last_frame[UDP + PDM6_DATAGRAM_SIZE];
static int has_frame;

static const uint8_t *raw_key(uint8_t number)
{
	static uint8_t key[32];

	memset(key, 0x40 + number, sizeof(key));
	return key;
}

static struct pdm6_pair the_pair(void)
{
	struct pdm6_pair pair;

	memcpy(pair.source, flow.source, 16);
	memcpy(pair.destination, flow.destination, 16);
	return pair;
}

static const struct pdm6_key *packed_key(uint8_t number)
{
	static struct pdm6_key packed[KEYS];

	if (!packed[number].round_keys[0][0])
		pack_frames_key(raw_key(number), &packed[number]);
	return &packed[number];
}

/* An epoch with a serial of its own, and a key that another may have had. */
static void change_epoch(uint8_t key, int without_frames)
{
	struct pdm6_pair pair = the_pair();
	struct pdm6_sending_pair options = { .serial = serial + 1, .deadline_ns = ~0ULL, .epoch = (serial + 1) & 0xfff };
	struct pdm6_frame_pair frames = { .serial = serial + 1, .deadline_ns = ~0ULL, .epoch = (serial + 1) & 0xfff };

	serial++;
	key_number = key % KEYS;
	taken = 0;
	frames.key = *packed_key(key_number);
	kernel_map_set(&current_epoch, &pair, &options);
	kernel_map_delete(&current_frames, &pair);
	if (!without_frames)
		kernel_map_set(&current_frames, &pair, &frames);
}

static struct pdm6_frame_pair *current(void)
{
	struct pdm6_pair pair = the_pair();

	return bpf_map_lookup_elem(&current_frames, &pair);
}

static uint32_t build(uint8_t *octets, uint32_t payload)
{
	static const uint8_t front[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x86, 0xdd, 0x60, 0, 0, 0, 0, 0, 17, 64 };
	uint32_t length = 8 + payload;

	memcpy(octets, front, sizeof(front));
	octets[18] = length >> 8;
	octets[19] = length;
	memcpy(octets + 22, flow.source, 16);
	memcpy(octets + 38, flow.destination, 16);
	octets[UDP] = flow.source_port >> 8;
	octets[UDP + 1] = flow.source_port & 0xff;
	octets[UDP + 2] = 0;
	octets[UDP + 3] = flow.destination_port;
	octets[UDP + 4] = length >> 8;
	octets[UDP + 5] = length;
	for (uint32_t i = 0; i < payload; i++)
		octets[FRAME + i] = i;
	octets[UDP + 6] = 0xab;
	octets[UDP + 7] = payload;
	return UDP + length;
}

static void remember(const uint8_t *nonce)
{
	history[history_count].key = key_number;
	memcpy(history[history_count].nonce, nonce, 12);
	for (size_t i = 0; i < history_count; i++)
		must(history[i].key != key_number || memcmp(history[i].nonce, nonce, 12));
	history_count++;
}

static uint64_t reference_u64(const uint8_t *octets)
{
	return (uint64_t)reference_u32(octets) << 32 | reference_u32(octets + 4);
}

/* Of the whole datagram (RFC 8200 section 8.1), or as the network card will finish it. */
static void check_checksum(const uint8_t *octets, uint32_t size)
{
	uint64_t sum = 17 + size - UDP;

	if (mood.checksum_is_partial) {
		surplus_check_card(octets, size, UDP, &flow);
		return;
	}
	for (uint32_t i = 22; i < size; i += 2) /* from the source address on */
		sum += reference_u16(octets + i);
	while (sum >> 16)
		sum = (sum >> 16) + (sum & 0xffff);
	must(sum == 0xffff && reference_u16(octets + UDP + 6));
}

static void check_frame(const uint8_t *sent, const uint8_t *made, uint32_t size)
{
	const uint8_t *frame = made + FRAME;
	uint8_t plain[20];

	must(size == sizeof(last_frame));
	must(!memcmp(made, sent, 18) && !memcmp(made + 20, sent + 20, UDP + 4 - 20));
	must(reference_u16(made + 18) == PDM6_DATAGRAM_SIZE && reference_u16(made + UDP + 4) == PDM6_DATAGRAM_SIZE);
	must(frame[0] == 2 && frame[1] == 5 && reference_u16(frame + 2) == (serial & 0xfff) && reference_u32(frame + 28) == 20);
	must(reference_u64(frame + 8) == (mood.now + UNIX_MINUS_BOOT) / 1000);
	must(!reference_u32(frame + 16) && reference_u64(frame + 20) == (serial << 40 | ++taken));
	must(taken < 1ULL << 40);
	remember(frame + 16);
	must(aead_open_frame(raw_key(key_number), frame, plain));
	must(reference_u32(plain) == (7 << 16 | 16));
	check_checksum(made, size);
	memcpy(last_frame, made, size);
	has_frame = 1;
}

/* Moods of the kernel in the low bits of "how". */
static void send(uint32_t payload, uint8_t how, int odd)
{
	uint8_t octets[UDP + 8 + MOST_PAYLOAD];
	uint32_t size = build(octets, payload), sealed = program_count(RULE, PDM6_SEALED);
	struct __sk_buff *skb;

	if (odd == 1) /* lengths that disagree */
		octets[UDP + 5] += 1 + how;
	mood.checksum_is_partial = how & 1;
	if (mood.checksum_is_partial && !odd)
		must(surplus_begin_checksum(octets, size, UDP, &flow));
	mood.room_fails = how >> 1 & 1;
	mood.give_back_fails = how >> 2 & 1;
	mood.pull_fails = how >> 3 & 1;
	skb = kernel_packet(octets, size, size);
	skb->gso_size = odd == 2 ? 500 : 0;
	must(pdm6_egress(skb) == PDM6_NEXT);
	kernel_check();
	mood.room_fails = mood.give_back_fails = mood.pull_fails = 0;
	if (program_count(RULE, PDM6_SEALED) == sealed) {
		struct pdm6_frame_pair *pair = current();

		must(skb->len >= size && !memcmp(kernel_octets(skb), octets, size));
		must(skb->len == size || how & 4);
		must(odd || how || !pair || pair->taken >= (1ULL << 40) - 1 || pair->deadline_ns <= mood.now || pair->serial >> 24);
		if (pair)
			taken = pair->taken;
		return;
	}
	must(!odd);
	if (current()->taken > taken + 1)
		taken = current()->taken - 1;
	check_frame(octets, kernel_octets(skb), skb->len);
}

static struct pdm6_policy *policy(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&policies, &zero);
}

static void install_receiving_key(uint8_t key, uint32_t epoch, int is_late, int is_early, int generation)
{
	struct pdm6_receiving_key value = {
		.context_order = 1,
		.epoch_index = epoch,
		.not_before_ns = is_early ? ~0ULL : 0,
		.not_after_ns = is_late ? 0 : ~0ULL,
	};
	struct pdm6_receiving_key_id id = { .pair = the_pair(), .epoch = epoch, .generation = generation };

	value.key = *packed_key(key);
	kernel_map_set(&receiving_frame_keys, &id, &value);
}

/* What comes in, perhaps with one octet changed, and with a key that fits or does not. */
static void receive(uint8_t position, uint8_t change, uint8_t how)
{
	uint8_t octets[sizeof(last_frame)], plain[20];
	const uint8_t *frame = octets + FRAME;
	const struct kernel_record *record;
	struct pdm6_frame_observation seen;
	struct __sk_buff *skb;
	uint8_t key = how & 3;
	int is_ours, opens = 0;
	size_t count;

	if (!has_frame)
		return;
	memcpy(octets, last_frame, sizeof(octets));
	octets[UDP + 4 + position % (PDM6_DATAGRAM_SIZE - 4)] ^= change;
	if (key < KEYS)
		install_receiving_key(key, reference_u16(frame + 2) & 0xfff, how >> 2 & 1, how >> 6 & 1, how >> 3 & 1);
	skb = kernel_packet(octets, sizeof(octets), how & 16 ? UDP : sizeof(octets));
	skb->gso_size = how & 32 ? 100 : 0;
	count = kernel_records(&record);
	if ((how & 192) == 192) { /* cut short */
		skb = kernel_packet(octets, UDP + 2, UDP + 2);
		must(pdm6_ingress(skb) == PDM6_NEXT && kernel_records(&record) == count);
		return;
	}
	policy()->rules[RULE].sample_one_in = how & 128 ? ~0U : 1; /* of the way back: no rule covers it */
	must(pdm6_ingress(skb) == PDM6_NEXT);
	policy()->rules[RULE].sample_one_in = 1;
	kernel_check();
	must(skb->len == sizeof(octets) && !memcmp(kernel_octets(skb), octets, sizeof(octets)));
	is_ours = reference_u16(octets + UDP + 4) == PDM6_DATAGRAM_SIZE && frame[0] == 2 && frame[1] == 5 && frame[2] < 16 &&
		  !reference_u32(frame + 16) && reference_u32(frame + 28) == 20 && !skb->gso_size;
	/* Keys of former operations are there, too: what none opens is not accepted. */
	for (uint8_t one = 0; one < KEYS && !opens; one++)
		opens = aead_open_frame(raw_key(one), frame, plain);
	if (!is_ours || (opens && reference_u32(plain) != (7 << 16 | 16) && kernel_records(&record) == count)) {
		must(kernel_records(&record) == count);
		return;
	}
	must(kernel_records(&record) == count + 1 && record[count].size == sizeof(seen));
	memcpy(&seen, record[count].octets, sizeof(seen));
	must(seen.seen.kind == PDM6_FRAME_OBSERVATION && seen.seen.carriage == PDM6_UDP_FRAME);
	must(!memcmp(&seen.seen.flow, &flow, sizeof(flow)) && seen.seen.option_length == PDM6_FRAME_SIZE);
	must(!memcmp(seen.seen.option, frame, PDM6_OPTION_SIZE) &&
	     !memcmp(seen.rest, frame + PDM6_OPTION_SIZE, PDM6_FRAME_SIZE - PDM6_OPTION_SIZE));
	must(opens || seen.seen.verdict > PDM6_NO_STATE);
}

/* Authentic, and with another TLV: a prober's. */
static void seal_other(uint8_t octet)
{
	uint8_t plain[20] = { 0, 7, 0, 16 };

	if (!has_frame)
		return;
	plain[1] ^= octet;
	aead_seal_frame(raw_key(key_number), last_frame + FRAME, plain);
	install_receiving_key(key_number, reference_u16(last_frame + FRAME + 2) & 0xfff, 0, 0, 0);
}

static void start(void)
{
	struct pdm6_frame_ports ports = {};
	uint64_t unix_minus_boot_ns = UNIX_MINUS_BOOT;
	__u32 zero = 0;

	program_load(2);
	program_settings(0x1e, 1500, 0, 0);
	program_measure(&flow, RULE, 1);
	policy()->rules[RULE].carriage = PDM6_UDP_FRAME;
	ports.words[0] = 1ULL << 53;
	kernel_map_set(&frame_ports, &zero, &ports);
	kernel_map_set(&unix_minus_boot, &zero, &unix_minus_boot_ns);
	history_count = 0;
	serial = 0;
	has_frame = 0;
	mood.now = 1000000;
	mood.random = first_psntp;
	change_epoch(0, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	if (size % 4 || size > 4 * MOST_OPERATIONS)
		return -1;
	start();
	for (; size; size -= 4, input += 4) {
		struct pdm6_frame_pair *pair = current();

		switch ((enum operation)(input[0] % OPERATIONS)) {
		case SEND:
			send(input[1], input[2] & 15, 0);
			break;
		case SEND_ODD:
			send(input[1], input[2] & 15, 1 + (input[3] & 1));
			break;
		case RECEIVE:
			receive(input[1], input[2], input[3]);
			break;
		case SEAL_OTHER:
			seal_other(input[1]);
			break;
		case EPOCH:
			change_epoch(input[1], input[2] == 255);
			if (input[3] == 255 && current()) /* more serials than fit */
				current()->serial |= 1ULL << 24;
			break;
		case DEADLINE:
			if (pair)
				pair->deadline_ns = mood.now;
			break;
		case NEARLY_ALL_TAKEN:
			if (pair && pair->taken < (1ULL << 40) - 2)
				pair->taken = taken = (1ULL << 40) - 2;
			break;
		case CLOCK:
			mood.now += (uint64_t)reference_u16(input + 2) << (input[1] & 31);
			break;
		case OPERATIONS:
			break;
		}
	}
	return 0;
}
