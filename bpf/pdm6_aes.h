/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * AES-256 (FIPS 197) of the two counter blocks that one sealed option needs:
 * nonce || 1, which masks the tag, and nonce || 2, which hides the metrics.
 *
 * Bitsliced: word p of the state holds bit p of all 32 octets, so that every
 * gate works on 32 octets at once and nothing is ever looked up. The octet in
 * row r and column c of block b (octet 4 c + r of its input) is this bit:
 *
 *     bit   31 ... 24 | 23 ... 16 | 15 .... 8 | 7 ..... 0
 *     row       3     |     2     |     1     |    0
 *     in a row:            7 6 5 4   3 2 1 0
 *     block                   1         0
 *     column               3 2 1 0   3 2 1 0
 *
 * Fixsliced (Adomnicai and Peyrin, "Fixslicing AES-like Ciphers", TCHES 2021):
 * ShiftRows moves no bit. Instead, after i rounds column c of row r is where
 * column c + i r was (modulo 4), and MixColumns and the round keys follow; four
 * rounds later everything is back. After round 14 rows 1 and 3 are two columns
 * off, which is put right in the result.
 *
 * The key schedule, in this form, comes from user space. In it are also the
 * 0x63 that SubBytes adds (MixColumns maps it to itself) and, in round key 0,
 * the counters 1 and 2, so that both blocks start from the nonce alone.
 */
#ifndef PDM6_AES_H
#define PDM6_AES_H

#include "pdm6_aes_sbox.h"
#include "pdm6_gcm_job.h"

/*
 * For every octet the one so many rows below and so many columns on. First the
 * columns that wrap around leave their group of four for the places that the
 * group above vacates (a bit plus 15 times the bit is the bit four places up);
 * then a copy above the word puts the top rows below the bottom ones; then one
 * shift moves everything.
 */
static __always_inline __u32 pdm6_aes_neighbour(__u32 word, int rows, int columns)
{
	const __u32 wrapping = 0x11111111U * ((1U << columns) - 1);
	__u64 wide = word;

	if (columns)
		wide += (__u64)(word & wrapping) * 15;
	return wide * 0x100000001ULL >> (8 * rows + columns);
}

/*
 * With t = own + next, MixColumns is 2 t + next + (t, two rows below). Sets t
 * and returns the rest.
 */
static __always_inline __u32 pdm6_aes_mix_word(__u32 word, int shift, __u32 *t)
{
	__u32 next = pdm6_aes_neighbour(word, 1, shift);

	*t = pdm6_aes_xor(word, next);
	return pdm6_aes_xor(next, pdm6_aes_neighbour(*t, 2, 2 * shift % 4));
}

/*
 * MixColumns when each row is stored "shift" columns off the one above it. 2 t
 * is t one bit higher, modulo x^8 + x^4 + x^3 + x + 1. In this order few words
 * are alive at a time.
 */
static __always_inline void pdm6_aes_mix_columns(__u32 state[8], int shift)
{
	__u32 rest[8], t[8];

	rest[7] = pdm6_aes_mix_word(state[7], shift, &t[7]);
	rest[0] = pdm6_aes_mix_word(state[0], shift, &t[0]);
	state[0] = pdm6_aes_xor(rest[0], t[7]);
	rest[1] = pdm6_aes_mix_word(state[1], shift, &t[1]);
	state[1] = pdm6_aes_xor(pdm6_aes_xor(rest[1], t[0]), t[7]);
	rest[2] = pdm6_aes_mix_word(state[2], shift, &t[2]);
	state[2] = pdm6_aes_xor(rest[2], t[1]);
	rest[3] = pdm6_aes_mix_word(state[3], shift, &t[3]);
	state[3] = pdm6_aes_xor(pdm6_aes_xor(rest[3], t[2]), t[7]);
	rest[4] = pdm6_aes_mix_word(state[4], shift, &t[4]);
	state[4] = pdm6_aes_xor(pdm6_aes_xor(rest[4], t[3]), t[7]);
	rest[5] = pdm6_aes_mix_word(state[5], shift, &t[5]);
	state[5] = pdm6_aes_xor(rest[5], t[4]);
	rest[6] = pdm6_aes_mix_word(state[6], shift, &t[6]);
	state[6] = pdm6_aes_xor(rest[6], t[5]);
	state[7] = pdm6_aes_xor(rest[7], t[6]);
}

static __always_inline void pdm6_aes_add_round_key(__u32 state[8], const __u32 round_key[8])
{
#pragma unroll
	for (int p = 0; p < 8; p++)
		state[p] = pdm6_aes_xor(state[p], round_key[p]);
}

static __always_inline void pdm6_aes_round(__u32 state[8], const __u32 round_key[8], int shift)
{
	pdm6_aes_substitute(state);
	pdm6_aes_mix_columns(state, shift);
	pdm6_aes_add_round_key(state, round_key);
}

/* Exchanges the bits of a under mask << by with those of b under mask. */
#define pdm6_aes_exchange(a, b, by, mask)                       \
	do {                                                    \
		typeof(a) moved = ((a) >> (by) ^ (b)) & (mask); \
		(b) ^= moved;                                   \
		(a) ^= moved << (by);                           \
	} while (0)

/* Columns of the nonce, and what the counters are changed by, to bit words, the same for both blocks. */
static __always_inline void pdm6_aes_slice(const __u32 nonce[3], __u32 counters, __u32 state[8])
{
	const __u32 low = 0x0f0f0f0f;
	__u32 column[4] = { nonce[0], nonce[1], nonce[2], counters };

	/* Number of the column and two bits of the bit's number change places. */
	pdm6_aes_exchange(column[0], column[1], 1, 0x55555555U);
	pdm6_aes_exchange(column[2], column[3], 1, 0x55555555U);
	pdm6_aes_exchange(column[0], column[2], 2, 0x33333333U);
	pdm6_aes_exchange(column[1], column[3], 2, 0x33333333U);
#pragma unroll
	for (int p = 0; p < 4; p++) {
		state[p] = (column[p] & low) * 0x11;
		state[p + 4] = (column[p] >> 4 & low) * 0x11;
	}
}

/* And back, both blocks at a time, with rows 1 and 3 turned by two columns. */
static __always_inline void pdm6_aes_unslice(const __u32 state[8], __u32 block_1[4],
					     __u32 block_2[4])
{
	const __u32 low = 0x0f0f0f0f;
	const __u64 m1 = 0x5555555555555555, m2 = 0x3333333333333333;
	const __u64 odd_rows = 0xff00ff00ff00ff00;
	__u64 column[4];

#pragma unroll
	for (int p = 0; p < 4; p++)
		column[p] = (state[p] & low) | (state[p + 4] & low) << 4 |
			    (__u64)((state[p] >> 4 & low) | (state[p + 4] & ~low)) << 32;
	pdm6_aes_exchange(column[0], column[2], 2, m2);
	pdm6_aes_exchange(column[1], column[3], 2, m2);
	pdm6_aes_exchange(column[0], column[1], 1, m1);
	pdm6_aes_exchange(column[2], column[3], 1, m1);
	pdm6_aes_exchange(column[0], column[2], 0, odd_rows);
	pdm6_aes_exchange(column[1], column[3], 0, odd_rows);
#pragma unroll
	for (int c = 0; c < 4; c++) {
		block_1[c] = column[c];
		block_2[c] = column[c] >> 32;
	}
}

/* Encrypts two counter blocks to job->tag_mask and job->keystream. */
static __always_inline void pdm6_aes_two_blocks(const struct pdm6_key *key, struct pdm6_gcm_job *job, __u32 counters)
{
	__u32 state[8];

	pdm6_aes_slice((const __u32 *)job->nonce, counters, state);
	pdm6_aes_add_round_key(state, key->round_keys[0]);
#pragma clang loop unroll(disable)
	for (int i = 1; i < 13; i += 4) {
		pdm6_aes_round(state, key->round_keys[i], 1);
		pdm6_aes_round(state, key->round_keys[i + 1], 2);
		pdm6_aes_round(state, key->round_keys[i + 2], 3);
		pdm6_aes_round(state, key->round_keys[i + 3], 0);
	}
	pdm6_aes_round(state, key->round_keys[13], 1);
	pdm6_aes_substitute(state);
	pdm6_aes_add_round_key(state, key->round_keys[14]);
	pdm6_aes_unslice(state, (__u32 *)job->tag_mask, (__u32 *)job->keystream);
}

/*
 * Encrypts nonce || 1 and nonce || 2 (32-bit counters, most significant octet
 * first) to job->tag_mask and job->keystream. Global: see pdm6_gcm.h.
 */
__noinline int pdm6_aes_counter_blocks(const struct pdm6_key *key, struct pdm6_gcm_job *job)
{
	if (!key || !job)
		return -1; /* never so: the verifier supposes it may be */
	pdm6_aes_two_blocks(key, job, 0);
	return 0;
}

/*
 * Encrypts nonce || 3 to job->tag_mask: the second block of keystream, for the
 * one form that is longer than a block. What comes to job->keystream is of no
 * use: nonce || 0.
 */
__noinline int pdm6_aes_third_block(const struct pdm6_key *key, struct pdm6_gcm_job *job)
{
	if (!key || !job)
		return -1; /* never so: the verifier supposes it may be */
	pdm6_aes_two_blocks(key, job, (1 ^ 3) << 24);
	return 0;
}

#endif
