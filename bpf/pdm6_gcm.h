/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * AES-256-GCM (NIST SP 800-38D) of exactly one 16-octet block with 8 octets of
 * associated data and a 12-octet nonce: the shape of a protected PDMv2 option.
 * As a UDP option it has 10 octets of associated data.
 *
 * A job lives in a per-CPU array map value and the key in any map value, so
 * that nothing big is on the 512-octet stack. Call from main, not from another
 * subprogram: the steps below are subprograms themselves, and stacks add up.
 * They are global ones, which the verifier proves once for any key and job, and
 * not again on each of the many ways that lead to a call.
 *
 * Constant time: no table, no branch and no address depends on a key, a
 * plaintext or anything made from them; every operation used (and, xor, shift,
 * low half of a product) takes the same time for all operands on the x86-64
 * and arm64 processors of servers.
 */
#ifndef PDM6_GCM_H
#define PDM6_GCM_H

#include "pdm6_aes.h"
#include "pdm6_gcm_job.h"
#include "pdm6_ghash.h"

static __always_inline void pdm6_gcm_tag(const struct pdm6_key *key, struct pdm6_gcm_job *job)
{
	__u64 *tag = (__u64 *)job->tag;

	pdm6_ghash(key, job);
	tag[0] ^= job->tag_mask[0];
	tag[1] ^= job->tag_mask[1];
}

/* Encrypts job->block in place and writes job->tag. */
static __always_inline void pdm6_gcm_seal(const struct pdm6_key *key, struct pdm6_gcm_job *job)
{
	__u64 *block = (__u64 *)job->block;

	pdm6_aes_counter_blocks(key, job);
	block[0] ^= job->keystream[0];
	block[1] ^= job->keystream[1];
	pdm6_gcm_tag(key, job);
}

/* Writes to job->tag the tag that the ciphertext in job->block should have. */
static __always_inline void pdm6_gcm_expected_tag(const struct pdm6_key *key,
						  struct pdm6_gcm_job *job)
{
	pdm6_aes_counter_blocks(key, job);
	pdm6_gcm_tag(key, job);
}

/* The tag of a UDP option: 10 octets of associated data, in job->associated_block. */
static __always_inline void pdm6_gcm_udp_option_tag(const struct pdm6_key *key, struct pdm6_gcm_job *job)
{
	__u64 *tag = (__u64 *)job->tag;

	pdm6_ghash_wide(key, job);
	tag[0] ^= key->udp_option_length_mask[0] ^ job->tag_mask[0];
	tag[1] ^= key->udp_option_length_mask[1] ^ job->tag_mask[1];
}

static __always_inline void pdm6_gcm_seal_udp_option(const struct pdm6_key *key, struct pdm6_gcm_job *job)
{
	__u64 *block = (__u64 *)job->block;

	pdm6_aes_counter_blocks(key, job);
	block[0] ^= job->keystream[0];
	block[1] ^= job->keystream[1];
	pdm6_gcm_udp_option_tag(key, job);
}

static __always_inline void pdm6_gcm_expected_udp_option_tag(const struct pdm6_key *key, struct pdm6_gcm_job *job)
{
	pdm6_aes_counter_blocks(key, job);
	pdm6_gcm_udp_option_tag(key, job);
}

/* Compares two tags of 16 octets without early exit. */
static __always_inline int pdm6_gcm_tags_equal(const __u8 *a, const __u8 *b)
{
	__u32 difference = 0;

#pragma unroll
	for (int i = 0; i < 16; i++)
		difference |= a[i] ^ b[i];
	return difference == 0;
}

#endif
