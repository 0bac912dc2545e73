/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#include <string.h>

#include "aead.h"
#include "kernel.h"
#include "packed_key.h"

#define ROUNDS 14

typedef unsigned __int128 element; /* of GF(2^128); the highest bit stands for x^0 */

static uint8_t multiply_octets(uint8_t a, uint8_t b)
{
	uint8_t product = 0;

	for (; b; b >>= 1) {
		product ^= b & 1 ? a : 0;
		a = a << 1 ^ (a >> 7) * 0x1b;
	}
	return product;
}

/* FIPS 197 section 5.1.1: the inverse is the 254th power; then the affine map. */
static uint8_t substitute(uint8_t octet)
{
	uint8_t inverse = 1;

	for (int i = 0; i < 254; i++)
		inverse = multiply_octets(inverse, octet);
	return inverse ^ (inverse << 1 | inverse >> 7) ^ (inverse << 2 | inverse >> 6) ^ (inverse << 3 | inverse >> 5) ^
	       (inverse << 4 | inverse >> 4) ^ 0x63;
}

/* FIPS 197 section 5.2: 15 round keys of 16 octets. */
static void expand(const uint8_t key[32], uint8_t schedule[16 * (ROUNDS + 1)])
{
	static uint8_t sbox[256];
	uint8_t word[4], constant = 1;

	for (int i = 0; i < 256 && !sbox[0]; i++)
		sbox[255 - i] = substitute(255 - i);
	memcpy(schedule, key, 32);
	for (int i = 8; i < 4 * (ROUNDS + 1); i++) {
		memcpy(word, schedule + 4 * (i - 1), 4);
		if (i % 8 == 0) {
			uint8_t first = word[0];

			for (int j = 0; j < 3; j++)
				word[j] = sbox[word[j + 1]];
			word[3] = sbox[first];
			word[0] ^= constant;
			constant = multiply_octets(constant, 2);
		} else if (i % 8 == 4) {
			for (int j = 0; j < 4; j++)
				word[j] = sbox[word[j]];
		}
		for (int j = 0; j < 4; j++)
			schedule[4 * i + j] = schedule[4 * (i - 8) + j] ^ word[j];
	}
}

/* Word p takes bit p of every octet, at the place that the octet has in that round, once for each block. */
static void slice(const uint8_t schedule[16 * (ROUNDS + 1)], __u32 round_keys[ROUNDS + 1][8])
{
	for (int round = 0; round <= ROUNDS; round++)
		for (int i = 0; i < 16; i++) {
			int row = i % 4, column = i / 4;
			uint8_t octet = schedule[16 * round + i] ^ (round ? 0x63 : 0);
			int place = 8 * row + (column + round * row) % 4;

			for (int p = 0; p < 8; p++)
				round_keys[round][p] |= (uint32_t)(octet >> p & 1) * 0x11 << place;
		}
	round_keys[0][0] ^= 1U << 27; /* counter 1: bit 0 of row 3, column 3 of block 0 */
	round_keys[0][1] ^= 1U << 31; /* counter 2: bit 1 of the same place of block 1 */
}

static element multiply(element a, element b)
{
	element product = 0;

	for (int i = 127; i >= 0; i--) {
		if (a >> i & 1)
			product ^= b;
		b = b >> 1 ^ (b & 1 ? (element)0xe1 << 120 : 0);
	}
	return product;
}

static uint64_t reverse(uint64_t word)
{
	uint64_t reversed = 0;

	for (int i = 0; i < 64; i++)
		reversed |= (word >> i & 1) << (63 - i);
	return reversed;
}

static void spread(uint64_t word, __u64 pieces[4])
{
	for (int i = 0; i < 4; i++)
		pieces[i] = word & 0x1111111111111111ULL << i;
}

static void mask_lengths(element last, __u64 mask[2])
{
	mask[0] = __builtin_bswap64(last >> 64);
	mask[1] = __builtin_bswap64(last);
}

static void pack_hash_key(element h, element lengths, struct pdm6_key *packed)
{
	const element udp_option_lengths = (element)(8 * 10) << 64 | 8 * 16;
	element squared = multiply(h, h), cubed = multiply(squared, h);
	uint64_t factors[5] = { squared >> 64, squared, (squared >> 64) ^ squared, cubed >> 64, cubed };

	for (int i = 0; i < 5; i++) {
		spread(reverse(factors[i]), packed->ghash[i]);
		spread(factors[i], packed->ghash[5 + i]);
	}
	mask_lengths(multiply(lengths, h), packed->length_mask);
	mask_lengths(multiply(udp_option_lengths, h), packed->udp_option_length_mask);
}

static void pack(const uint8_t key[32], element lengths, struct pdm6_key *packed)
{
	uint8_t schedule[16 * (ROUNDS + 1)], zero[16] = {}, h[16];
	element hash_key = 0;

	memset(packed, 0, sizeof(*packed));
	expand(key, schedule);
	slice(schedule, packed->round_keys);
	aead_encrypt_block(key, zero, h);
	for (int i = 0; i < 16; i++)
		hash_key = hash_key << 8 | h[i];
	pack_hash_key(hash_key, lengths, packed);
}

void pack_key(const uint8_t key[32], const uint8_t base_nonce[12], struct pdm6_key *packed)
{
	pack(key, (element)(8 * 8) << 64 | 8 * 16, packed);
	memcpy(packed->base_nonce, base_nonce, 12);
}

void pack_frames_key(const uint8_t key[32], struct pdm6_key *packed)
{
	pack(key, (element)(8 * 16) << 64 | 8 * 20, packed);
}
