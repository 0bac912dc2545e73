/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The packets of a session: what this host sends, and what the other side sealed. */
#ifndef FUZZ_SESSION_PACKET_H
#define FUZZ_SESSION_PACKET_H

#include "program.h"

/* What may be wrong with one packet of a flow that goes on. */
enum oddity {
	SUPER_PACKET = 0xfc,
	FORWARDED_FOR_ANOTHER,
	NO_LENGTH,
	TOO_LONG_BY_ITS_LENGTH,
};

/* An empty datagram or an echo request, from the link header on. */
static uint32_t build(const struct pdm6_flow *flow, uint8_t *octets)
{
	static const uint8_t front[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x86, 0xdd, 0x60, 0, 0, 0, 0, 8 };

	memset(octets, 0, 62);
	memcpy(octets, front, sizeof(front));
	octets[20] = flow->protocol;
	octets[21] = 64;
	memcpy(octets + 22, flow->source, 16);
	memcpy(octets + 38, flow->destination, 16);
	octets[54] = flow->source_port >> 8;
	octets[55] = flow->source_port;
	octets[59] = flow->protocol == 17 ? 8 : 0; /* the length of UDP */
	octets[flow->protocol == 58 ? 58 : 56] = flow->destination_port >> 8;
	octets[flow->protocol == 58 ? 59 : 57] = flow->destination_port;
	return 62;
}

static const uint8_t their_key[32] = "what the other side seals with..", their_nonce[12] = "their nonce";

static uint32_t seal_incoming(const struct pdm6_flow *flow, uint8_t *octets, uint32_t psntp, uint64_t order, uint64_t index)
{
	static struct pdm6_key packed;
	struct pdm6_receiving_key key = { .context_order = order, .epoch_index = index, .not_after_ns = ~0ULL };
	struct pdm6_receiving_key_id id = { .epoch = 9 };
	uint8_t nonce[12], block[16] = {}, plain[62], *header = octets + 14 + 40, *option = header + 2;
	uint32_t size = build(flow, plain);

	memcpy(id.pair.source, flow->source, 16);
	memcpy(id.pair.destination, flow->destination, 16);
	if (!packed.round_keys[0][0])
		pack_key(their_key, their_nonce, &packed);
	key.key = packed;
	kernel_map_set(&receiving_keys, &id, &key);
	memset(octets, 0, 128);
	memcpy(octets, plain, 54);
	memcpy(header + PDM6_HEADER_SIZE, plain + 54, size - 54);
	octets[19] += PDM6_HEADER_SIZE;
	octets[20] = 60;
	header[0] = flow->protocol;
	header[1] = 5;
	option[0] = 0x1e;
	option[1] = 38;
	option[2] = 2 << 4;
	option[3] = 9;
	for (int i = 0; i < 4; i++)
		option[4 + i] = psntp >> (24 - 8 * i);
	header[42] = 1;
	header[43] = 4;
	reference_nonce(their_nonce, flow, 0, 9, psntp, nonce);
	aead_seal(their_key, nonce, option, 8, block, option + 8, option + 24);
	return size + PDM6_HEADER_SIZE;
}

#endif
