/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * AES-256-GCM (NIST SP 800-38D) of exactly one 16-octet block with 8 octets of
 * associated data and a 12-octet nonce: the shape of a protected PDMv2 option.
 * As a UDP option it has 10 octets of associated data. A udp-frame has a block
 * of it, and a block and a quarter of text.
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

#define PDM6_FRAME_NONCE_AT 16
#define PDM6_FRAME_TEXT_AT 32
#define PDM6_FRAME_TEXT_SIZE 20
#define PDM6_FRAME_TAG_AT (PDM6_FRAME_TEXT_AT + PDM6_FRAME_TEXT_SIZE)

/*
 * The tag of a udp-frame whose text is encrypted; E(J0) is in the job. Its hash
 *
 *     A * H^4  +  C1 * H^3  +  C2 * H^2  +  lengths * H
 *
 * takes two of the hashes of two blocks: 0 and A, then C1 and C2 + A * H^2.
 */
static __always_inline void pdm6_gcm_frame_tag(const struct pdm6_key *key, struct pdm6_gcm_job *job, const __u8 *frame)
{
	__u64 *tag = (__u64 *)job->tag, *block = (__u64 *)job->block;
	__u32 last;

	__builtin_memset(job->associated_block, 0, 16);
	__builtin_memcpy(job->block, frame, 16);
	pdm6_ghash_wide(key, job);
	__builtin_memcpy(job->associated_block, frame + PDM6_FRAME_TEXT_AT, 16);
	__builtin_memcpy(&last, frame + PDM6_FRAME_TEXT_AT + 16, 4);
	block[0] = tag[0] ^ last;
	block[1] = tag[1];
	pdm6_ghash_wide(key, job);
	tag[0] ^= key->length_mask[0] ^ job->tag_mask[0];
	tag[1] ^= key->length_mask[1] ^ job->tag_mask[1];
}

/* Encrypts the text of a udp-frame in place and puts its tag behind it. Its header and its nonce are there. */
static __always_inline void pdm6_gcm_seal_frame(const struct pdm6_key *key, struct pdm6_gcm_job *job, __u8 *frame)
{
	__u64 text[2];
	__u32 last;

	__builtin_memcpy(job->nonce, frame + PDM6_FRAME_NONCE_AT, 12);
	pdm6_aes_third_block(key, job);
	__builtin_memcpy(&last, frame + PDM6_FRAME_TEXT_AT + 16, 4);
	last ^= (__u32)job->tag_mask[0];
	__builtin_memcpy(frame + PDM6_FRAME_TEXT_AT + 16, &last, 4);
	pdm6_aes_counter_blocks(key, job);
	__builtin_memcpy(text, frame + PDM6_FRAME_TEXT_AT, 16);
	text[0] ^= job->keystream[0];
	text[1] ^= job->keystream[1];
	__builtin_memcpy(frame + PDM6_FRAME_TEXT_AT, text, 16);
	pdm6_gcm_frame_tag(key, job, frame);
	__builtin_memcpy(frame + PDM6_FRAME_TAG_AT, job->tag, 16);
}

/* Writes to job->tag the tag that a udp-frame should have, and to job->keystream what hides the front of its text. */
static __always_inline void pdm6_gcm_expected_frame_tag(const struct pdm6_key *key, struct pdm6_gcm_job *job, const __u8 *frame)
{
	__builtin_memcpy(job->nonce, frame + PDM6_FRAME_NONCE_AT, 12);
	pdm6_aes_counter_blocks(key, job);
	pdm6_gcm_frame_tag(key, job, frame);
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
