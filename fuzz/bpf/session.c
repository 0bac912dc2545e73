/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Packets of a few flows go out and come in while the clock, the epochs, the
 * agent's sweeping and its preparing of numbers go on, and the path loses now
 * this form and now that. No key and nonce are ever used twice, though every
 * flow is born with the same number; the times carried are those of protocol
 * reference, section 8; what may update state is what section 9 allows.
 *
 * Input: operations of 4 octets: what, flow, two arguments.
 */
#include "session_lane.h"
#include "session_packet.h"

#define FLOWS 4
#define SLOTS 3 /* fewer than flows: the table fills up */
#define MOST_OPERATIONS 64
#define RULE 0
#define PATH 1

enum operation {
	SEND,
	RECEIVE,
	CLOCK,
	EPOCH,
	RETIRE,
	RECYCLE,
	NEARLY_ALL_TAKEN,
	PREPARE,
	OPERATIONS,
};

/* What is known of a flow without looking at its state. */
struct life {
	int is_born, is_dead;
	uint64_t serial, taken, sent_ns, received_ns, order, index;
	uint32_t next, accepted;
	int received_since_sent;
};

struct sent {
	uint64_t serial;
	uint8_t nonce[12];
};

static const uint32_t first_psntp = 0xfffffffd;
static uint64_t serial, newest_serial; /* a packet may still hold the epoch before the newest */
static uint32_t epoch;
static uint8_t raw_key[32], base_nonce[12];
static struct pdm6_key packed[MOST_OPERATIONS + 2]; /* by serial */
static struct life lives[FLOWS];
static struct sent history[MOST_OPERATIONS];
static size_t history_count;

static struct pdm6_flow flow_of(int number)
{
	struct pdm6_flow flow = { .source = { 0xfd, 1 }, .destination = { 0xfd, 2 }, .protocol = 17 };

	flow.source_port = 1000 + number;
	flow.destination_port = 53;
	if (number == 3) {
		flow.protocol = 58;
		flow.source_port = 128 << 8;
		flow.destination_port = 7;
	}
	return flow;
}

/* Every serial has a key of its own. */
static void install_epoch(void)
{
	struct pdm6_sending_pair entry = { .serial = serial, .deadline_ns = ~0ULL, .epoch = epoch, .path = PATH };
	struct pdm6_flow flow = flow_of(0);
	struct pdm6_pair pair;

	memset(raw_key, serial, sizeof(raw_key));
	memset(base_nonce, serial, sizeof(base_nonce));
	memcpy(pair.source, flow.source, 16);
	memcpy(pair.destination, flow.destination, 16);
	if (!packed[serial].round_keys[0][0])
		pack_key(raw_key, base_nonce, &packed[serial]);
	entry.key = packed[serial];
	kernel_map_set(&current_epoch, &pair, &entry);
	program_forget_pairs();
}

static void remember(const uint8_t nonce[12])
{
	struct sent *now = &history[history_count++];

	now->serial = serial;
	memcpy(now->nonce, nonce, 12);
	for (const struct sent *before = history; before < now; before++)
		must(before->serial != now->serial || memcmp(before->nonce, now->nonce, 12));
}

static void check_time(const uint8_t *block, int which, uint64_t truth)
{
	uint64_t told = ((unsigned __int128)reference_u16(block + 12 + 2 * which) << block[8 + which]) / 1000000000;

	must(told <= truth && truth - told <= (truth >> 15) + 1);
}

/* An option of this life's went out. */
static void check_sent(struct life *life, const struct pdm6_flow *flow, const uint8_t *option, int is_behind)
{
	uint64_t now = mood.now < life->sent_ns ? life->sent_ns : mood.now;
	uint8_t nonce[12], block[16];
	int answers = life->received_since_sent && life->sent_ns && life->received_ns > life->sent_ns;

	must(!life->is_dead && serial >= life->serial);
	if (life->serial != serial)
		life->taken = 0;
	must(life->taken < 1ULL << 32);
	must(reference_u32(option + 4) == life->next);
	reference_nonce(base_nonce, flow, is_behind, epoch, life->next, nonce);
	remember(nonce);
	must(aead_open(raw_key, nonce, option - 2 * is_behind, 8 + 2 * is_behind, option + 8, option + 24, block));
	must(reference_u32(block) == life->accepted);
	check_time(block, 0, life->received_ns && now > life->received_ns ? now - life->received_ns : 0);
	check_time(block, 1, answers ? life->received_ns - life->sent_ns : 0);
	life->serial = serial;
	life->taken++;
	life->next++;
	life->received_since_sent = 0;
	life->sent_ns = now;
}

/* A flow is born when a slot is free. */
static int is_alive(struct life *life)
{
	int born = 0;

	for (int i = 0; i < FLOWS; i++)
		born += lives[i].is_born;
	if (!life->is_born && born == SLOTS)
		return 0;
	if (!life->is_born)
		*life = (struct life){ .is_born = 1, .next = first_psntp };
	return !life->is_dead;
}

static void send(int number, uint32_t lost, int room_fails, int give_back_fails)
{
	struct pdm6_flow flow = flow_of(number);
	enum pdm6_carriage form = reference_form(PDM6_DESTOPT_V2, lost, flow.protocol);
	struct life *life = &lives[number];
	struct __sk_buff *skb;
	uint8_t octets[62];
	uint32_t size = build(&flow, octets);
	int alive;

	program_lose(PATH, lost);
	mood.room_fails = room_fails;
	mood.give_back_fails = give_back_fails && form == PDM6_DESTOPT_V2;
	skb = kernel_packet(octets, size, size);
	must(pdm6_egress(skb) == PDM6_NEXT);
	kernel_check();
	mood.room_fails = mood.give_back_fails = 0;
	if (form == PDM6_NOTHING) {
		must(skb->len == size);
		return;
	}
	alive = is_alive(life);
	if (skb->len == size) {
		must(!memcmp(kernel_octets(skb), octets, size));
		must(room_fails || !alive || serial < life->serial || (serial == life->serial && life->taken >= 1ULL << 32));
		return;
	}
	if (give_back_fails && form == PDM6_DESTOPT_V2 && !kernel_octets(skb)[14 + 40 + 4]) {
		must(skb->len == size + PDM6_HEADER_SIZE); /* with an option of version 0, and no number */
		return;
	}
	must(alive);
	if (form == PDM6_UDP_OPTION) {
		check_sent(life, &flow, surplus_check(octets, size, 14 + 40, form, PROGRAM_EXID, kernel_octets(skb), skb->len), 1);
		return;
	}
	must(skb->len == size + PDM6_HEADER_SIZE);
	check_sent(life, &flow, kernel_octets(skb) + 14 + 40 + 2, 0);
}

/* Such a packet is left alone, and takes no number. */
static void send_odd(int number, enum oddity oddity)
{
	struct pdm6_flow flow = flow_of(number);
	struct __sk_buff *skb;
	uint8_t octets[62];
	uint32_t size = build(&flow, octets);

	if (oddity > FORWARDED_FOR_ANOTHER)
		octets[19] = oddity == NO_LENGTH ? 0 : 9;
	skb = kernel_packet(octets, size, size);
	skb->ingress_ifindex = oddity == FORWARDED_FOR_ANOTHER;
	skb->gso_size = oddity == SUPER_PACKET;
	must(pdm6_egress(skb) == PDM6_NEXT);
	kernel_check();
	must(skb->len == size && !memcmp(kernel_octets(skb), octets, size));
}

/* Serial-number order of protocol reference, section 9. */
static int is_ahead(const struct life *life, uint64_t order, uint64_t index, uint32_t psntp)
{
	uint32_t distance = psntp - life->accepted;

	if (!life->received_ns || order > life->order || (order == life->order && index > life->index))
		return 1;
	return order == life->order && index == life->index && distance && distance < 1U << 31;
}

/* The other side's packet of the reverse flow. */
static void receive(int number, int8_t step, uint8_t where)
{
	struct pdm6_flow flow = flow_of(number), reverse;
	struct life *life = &lives[number];
	struct pdm6_observation observation;
	const struct kernel_record *record;
	uint32_t psntp = life->accepted + step;
	uint64_t order = where & 3, index = where >> 2 & 3;
	uint8_t octets[128];
	uint32_t size;
	size_t count;

	must(reference_reverse(&flow, &reverse));
	size = seal_incoming(&reverse, octets, psntp, order, index);
	must(pdm6_ingress(kernel_packet(octets, size, size)) == PDM6_NEXT);
	kernel_check();
	count = kernel_records(&record);
	must(count && record[count - 1].size == sizeof(observation));
	memcpy(&observation, record[count - 1].octets, sizeof(observation));
	if (!is_alive(life)) {
		must(observation.verdict == PDM6_NO_STATE);
		return;
	}
	if (!is_ahead(life, order, index, psntp)) {
		must(observation.verdict == PDM6_NOT_AHEAD);
		return;
	}
	must(observation.verdict == PDM6_ACCEPTED);
	life->received_ns = mood.now < life->received_ns ? life->received_ns : mood.now;
	must(observation.has_sent == (life->sent_ns != 0));
	must(observation.last_sent_psntp == life->next - 1);
	must(observation.since_sent_ns ==
	     (life->sent_ns && life->received_ns > life->sent_ns ? life->received_ns - life->sent_ns : 0));
	life->order = order;
	life->index = index;
	life->accepted = psntp;
	life->received_since_sent = 1;
}

static __u32 *slot_of(const struct pdm6_flow *flow)
{
	return bpf_map_lookup_elem(&flows, flow);
}

/* As the agent does: only flows that took no number in the current and the previous epoch. */
static void retire(int number, uint8_t idle)
{
	struct pdm6_flow flow = flow_of(number);
	struct life *life = &lives[number];
	struct pdm6_retire_request request = {
		.flow = flow,
		.serial_before = newest_serial - 1,
		.idle_since_ns = mood.now - idle,
	};
	__u32 *slot = slot_of(&flow);
	int is_idle = life->is_born && !life->is_dead && life->serial < request.serial_before &&
		      life->sent_ns < request.idle_since_ns && life->received_ns < request.idle_since_ns;

	request.slot = slot ? *slot : SLOTS;
	must(pdm6_retire(kernel_packet((uint8_t *)&request, sizeof(request), 0)) == is_idle);
	must(!pdm6_retire(kernel_packet((uint8_t *)&request, sizeof(request) - 1, 0)));
	kernel_check();
	if (is_idle)
		life->is_dead = 1;
}

/* A grace period after its death a slot is free again. */
static void recycle(int number)
{
	struct pdm6_flow flow = flow_of(number);
	__u32 *slot = slot_of(&flow), free_slot;

	if (!slot || !lives[number].is_dead)
		return;
	free_slot = *slot;
	kernel_map_delete(&flows, &flow);
	kernel_map_set(&free_slots, 0, &free_slot);
	lives[number].is_born = 0;
}

static void nearly_all_taken(int number)
{
	struct pdm6_flow flow = flow_of(number);
	__u32 *slot = slot_of(&flow);
	struct pdm6_flow_state *state = slot ? bpf_map_lookup_elem(&slots, slot) : 0;

	if (state && lives[number].is_born)
		state->taken_in_serial = lives[number].taken = (1ULL << 32) - 1;
}

/* A lane for each flow: bound to some of the next numbers under the key in use, or let go. */
static void prepare(int number, uint8_t count, int let_go, enum pdm6_carriage carriage)
{
	struct pdm6_flow flow = flow_of(number);
	struct life *life = &lives[number];
	struct pdm6_prepare_request request = { .flow = flow, .lane = 1 + number, .serial = let_go ? 0 : serial };
	struct pdm6_lane *lane = bpf_map_lookup_elem(&lanes, &(__u32){ number });
	__u32 *slot = slot_of(&flow);
	int is_live = life->is_born && !life->is_dead;

	request.slot = slot ? *slot : SLOTS;
	request.first = life->next;
	request.end = life->next + count % 8;
	request.carriage = carriage;
	write_products(&packed[serial], lane);
	for (uint32_t psntp = request.first; psntp != request.end; psntp++)
		prepare_number(&packed[serial], &flow, carriage, epoch, psntp, lane);
	must(pdm6_prepare(kernel_packet((uint8_t *)&request, sizeof(request), 0)) == is_live);
	must(!is_live || lane->next_psntp == life->next);
	must(!pdm6_prepare(kernel_packet((uint8_t *)&request, sizeof(request) - 1, 0)));
	request.lane = 0;
	must(!pdm6_prepare(kernel_packet((uint8_t *)&request, sizeof(request), 0)));
	kernel_check();
}

static void change_epoch(int to_the_one_before)
{
	if (to_the_one_before && newest_serial > 1)
		serial = newest_serial - 1;
	else
		serial = ++newest_serial;
	epoch = (4094 + serial) & 4095;
	install_epoch();
}

static void start(void)
{
	program_load(SLOTS);
	program_settings(0x1e, 1500, 0, 0);
	for (int i = 0; i < FLOWS; i++) {
		struct pdm6_flow flow = flow_of(i);

		program_measure(&flow, RULE, 1);
	}
	memset(lives, 0, sizeof(lives));
	history_count = 0;
	serial = newest_serial = 1;
	epoch = 4095;
	mood.now = 1000000;
	mood.random = first_psntp;
	install_epoch();
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	if (size % 4 || size > 4 * MOST_OPERATIONS)
		return -1;
	start();
	for (; size; size -= 4, input += 4) {
		int number = input[1] % FLOWS;

		switch ((enum operation)(input[0] % OPERATIONS)) {
		case SEND:
			if (input[3] >= SUPER_PACKET)
				send_odd(number, input[3]);
			else
				send(number, input[2] & 15, input[3] & 1, input[3] & 2);
			break;
		case RECEIVE:
			receive(number, input[2], input[3]);
			break;
		case CLOCK:
			if (input[1] & 0x80) /* two processors may disagree by nanoseconds */
				mood.now -= input[2] & 15;
			else
				mood.now += (uint64_t)reference_u16(input + 2) << (input[1] & 31);
			if (input[1] & 0x40)
				program_change_rules(input[1] & 0x20, input[2] & 0x10);
			break;
		case EPOCH:
			change_epoch(input[2] & 1);
			break;
		case RETIRE:
			retire(number, input[2]);
			break;
		case RECYCLE:
			recycle(number);
			break;
		case NEARLY_ALL_TAKEN:
			nearly_all_taken(number);
			break;
		case PREPARE:
			prepare(number, input[2], input[3] & 1, input[3] & 2 ? PDM6_UDP_OPTION : PDM6_DESTOPT_V2);
			break;
		case OPERATIONS:
			break;
		}
	}
	return 0;
}
