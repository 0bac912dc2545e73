/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * GHASH (NIST SP 800-38D, section 6.4) of 8 octets of associated data and one
 * block of ciphertext:
 *
 *     A * H^3  +  C * H^2  +  lengths * H      in GF(2^128)
 *
 * The lengths never change, so user space makes the last product once per key.
 * The first two are added before they are reduced, once. UDP options have 10
 * octets of associated data, so A takes a whole block there.
 *
 * Polynomials. GCM writes the coefficient of x^0 into the highest bit of the
 * first octet. Two orders are used for a half (64 coefficients) of a block:
 *
 *     natural     bit i is the coefficient of x^i        octets bit-reversed
 *     reflected   bit i is the coefficient of x^(63-i)   octets as big-endian
 *
 * Carry-less multiplication with the integer multiplier: keep one bit in four
 * of each factor. At most 15 products meet at a bit below bit 60, so carries
 * reach only the three bits above it, and the lowest bit of each group of four
 * is the exclusive or that is wanted. (Where 16 meet, the carry leaves the
 * word.) Four pieces times four pieces give all bits. Thomas Pornin describes
 * the method for BearSSL: bearssl.org/constanttime.html, "GHASH".
 *
 * The multiplier yields the low 64 bits of a product only. Reversing the bits
 * of both factors reverses the product, 127 bits long; so the low half of the
 * product of the reflected factors is the high half of the natural one:
 *
 *     degree    126 ........ 64  63  62 ......... 0
 *     natural                    [63 ............ 0]
 *     reflected [0 ............ 63]                     (one degree in both)
 *
 * Halves are multiplied after Karatsuba: (c0 + c1)(p0 + p1) gives the middle.
 */
#ifndef PDM6_GHASH_H
#define PDM6_GHASH_H

#include "pdm6_gcm_job.h"

/* Rows of pdm6_key.ghash: H^2 = p0 + p1 x^64, H^3 = q0 + q1 x^64. */
enum pdm6_ghash_factor {
	PDM6_GHASH_P0,
	PDM6_GHASH_P1,
	PDM6_GHASH_P0_P1, /* p0 + p1 */
	PDM6_GHASH_Q0,
	PDM6_GHASH_Q1,
	PDM6_GHASH_REFLECTED, /* the same five again, reflected */
};

/* x times y modulo x^64; y comes as pieces: bits 0, 4, 8 ..., bits 1, 5 ... */
static __noinline __u64 pdm6_ghash_multiply_low(__u64 x, const __u64 *y)
{
	const __u64 m0 = 0x1111111111111111, m1 = m0 << 1, m2 = m0 << 2, m3 = m0 << 3;
	__u64 x0 = x & m0, x1 = x & m1, x2 = x & m2, x3 = x & m3;
	__u64 z0 = x0 * y[0] ^ x1 * y[3] ^ x2 * y[2] ^ x3 * y[1];
	__u64 z1 = x0 * y[1] ^ x1 * y[0] ^ x2 * y[3] ^ x3 * y[2];
	__u64 z2 = x0 * y[2] ^ x1 * y[1] ^ x2 * y[0] ^ x3 * y[3];
	__u64 z3 = x0 * y[3] ^ x1 * y[2] ^ x2 * y[1] ^ x3 * y[0];

	return (z0 & m0) | (z1 & m1) | (z2 & m2) | (z3 & m3);
}

/* Reverses the bits of every octet. */
static __always_inline __u64 pdm6_ghash_reverse_in_octets(__u64 x)
{
	const __u64 m1 = 0x5555555555555555, m2 = 0x3333333333333333, m4 = 0x0f0f0f0f0f0f0f0f;

	x = (x >> 1 & m1) | (x & m1) << 1;
	x = (x >> 2 & m2) | (x & m2) << 2;
	return (x >> 4 & m4) | (x & m4) << 4;
}

struct pdm6_ghash_product {
	__u64 low, middle, high;
};

/* a * (q0 + q1 x^64) + (c0 + c1 x^64) * (p0 + p1 x^64), half of its bits. */
static __always_inline struct pdm6_ghash_product pdm6_ghash_product(const __u64 (*factor)[4],
								    __u64 a, __u64 c0, __u64 c1)
{
	struct pdm6_ghash_product z;

	z.low = pdm6_ghash_multiply_low(c0, factor[PDM6_GHASH_P0]);
	z.high = pdm6_ghash_multiply_low(c1, factor[PDM6_GHASH_P1]);
	z.middle = pdm6_ghash_multiply_low(c0 ^ c1, factor[PDM6_GHASH_P0_P1]) ^ z.low ^ z.high;
	z.low ^= pdm6_ghash_multiply_low(a, factor[PDM6_GHASH_Q0]);
	z.middle ^= pdm6_ghash_multiply_low(a, factor[PDM6_GHASH_Q1]);
	return z;
}

/* The same with a whole block a0 + a1 x^64 where the other has half of one. */
static __always_inline struct pdm6_ghash_product pdm6_ghash_wide_product(const __u64 (*factor)[4], __u64 a0, __u64 a1,
									 __u64 c0, __u64 c1)
{
	struct pdm6_ghash_product z = pdm6_ghash_product(factor, a0, c0, c1);

	z.middle ^= pdm6_ghash_multiply_low(a1, factor[PDM6_GHASH_Q0]);
	z.high ^= pdm6_ghash_multiply_low(a1, factor[PDM6_GHASH_Q1]);
	return z;
}

/* Degrees 0 to 191 of the natural half; x^128 = x^7 + x^2 + x + 1. */
static __always_inline void pdm6_ghash_reduce(struct pdm6_ghash_product z, __u64 *hash)
{
	z.low ^= z.high ^ z.high << 1 ^ z.high << 2 ^ z.high << 7;
	z.middle ^= z.high >> 63 ^ z.high >> 62 ^ z.high >> 57;
	hash[0] = pdm6_ghash_reverse_in_octets(z.low);
	hash[1] = pdm6_ghash_reverse_in_octets(z.middle);
}

/* Degrees 64 to 255 of the reflected half, less the degrees had twice. */
static __always_inline void pdm6_ghash_reduce_reflected(struct pdm6_ghash_product z, __u64 *hash)
{
	z.low <<= 1;
	z.middle <<= 1;
	z.high <<= 1;
	z.low ^= z.high ^ z.high >> 1 ^ z.high >> 2 ^ z.high >> 7;
	z.middle ^= z.high << 63 ^ z.high << 62 ^ z.high << 57;
	z.low ^= z.middle << 63 ^ z.middle << 62 ^ z.middle << 57;
	z.middle ^= z.middle >> 1 ^ z.middle >> 2 ^ z.middle >> 7;
	hash[0] ^= __builtin_bswap64(z.middle);
	hash[1] ^= __builtin_bswap64(z.low);
}

/* Writes the hash to job->tag. Global: see pdm6_gcm.h. */
__noinline int pdm6_ghash(const struct pdm6_key *key, struct pdm6_gcm_job *job)
{
	__u64 *hash, a, c0, c1;

	if (!key || !job)
		return -1; /* never so: the verifier supposes it may be */
	hash = (__u64 *)job->tag;
	a = *(const __u64 *)job->associated_data;
	c0 = ((const __u64 *)job->block)[0];
	c1 = ((const __u64 *)job->block)[1];
	pdm6_ghash_reduce(pdm6_ghash_product(key->ghash, pdm6_ghash_reverse_in_octets(a),
					     pdm6_ghash_reverse_in_octets(c0), pdm6_ghash_reverse_in_octets(c1)),
			  hash);
	pdm6_ghash_reduce_reflected(pdm6_ghash_product(key->ghash + PDM6_GHASH_REFLECTED, __builtin_bswap64(a),
						       __builtin_bswap64(c0), __builtin_bswap64(c1)),
				    hash);
	hash[0] ^= key->length_mask[0];
	hash[1] ^= key->length_mask[1];
	return 0;
}

/*
 * (whole block of associated data) * H^3  +  C * H^2, without the lengths, to
 * job->tag. Global: see pdm6_gcm.h.
 */
__noinline int pdm6_ghash_wide(const struct pdm6_key *key, struct pdm6_gcm_job *job)
{
	__u64 *hash, a0, a1, c0, c1;

	if (!key || !job)
		return -1; /* never so: the verifier supposes it may be */
	hash = (__u64 *)job->tag;
	a0 = ((const __u64 *)job->associated_block)[0];
	a1 = ((const __u64 *)job->associated_block)[1];
	c0 = ((const __u64 *)job->block)[0];
	c1 = ((const __u64 *)job->block)[1];
	pdm6_ghash_reduce(pdm6_ghash_wide_product(key->ghash, pdm6_ghash_reverse_in_octets(a0),
						  pdm6_ghash_reverse_in_octets(a1), pdm6_ghash_reverse_in_octets(c0),
						  pdm6_ghash_reverse_in_octets(c1)),
			  hash);
	pdm6_ghash_reduce_reflected(pdm6_ghash_wide_product(key->ghash + PDM6_GHASH_REFLECTED, __builtin_bswap64(a0),
							    __builtin_bswap64(a1), __builtin_bswap64(c0),
							    __builtin_bswap64(c1)),
				    hash);
	return 0;
}

#endif
