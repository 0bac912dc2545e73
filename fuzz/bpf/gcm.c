/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The programs' AES-256-GCM against OpenSSL's: what one seals the other opens,
 * to the bit, and a flipped bit is refused.
 *
 * Input: key 32, nonce 12, associated data 8, block 16, bit to flip 1.
 */
#include "program.h"

#define NONCE 32
#define ASSOCIATED_DATA 44
#define BLOCK 52
#define FLIP 68
#define SIZE 69

/* With the two octets behind the eight too: here the first of the block. */
static void check_udp_option(const struct pdm6_key *key, const uint8_t *input)
{
	uint8_t sealed[16], tag[16];
	struct pdm6_gcm_job job = {};

	aead_seal(input, input + NONCE, input + ASSOCIATED_DATA, 10, input + BLOCK, sealed, tag);
	memcpy(job.nonce, input + NONCE, sizeof(job.nonce));
	memcpy(job.associated_block, input + ASSOCIATED_DATA, 10);
	memcpy(job.block, input + BLOCK, sizeof(job.block));
	pdm6_gcm_seal_udp_option(key, &job);
	must(!memcmp(job.block, sealed, 16) && !memcmp(job.tag, tag, 16));
	memset(job.tag, 0, sizeof(job.tag));
	pdm6_gcm_expected_udp_option_tag(key, &job);
	must(!memcmp(job.tag, tag, 16));
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	const uint8_t *nonce = input + NONCE;
	uint8_t sealed[16], tag[16], wrong[16];
	struct pdm6_gcm_job job = {};
	struct pdm6_key key;

	if (size != SIZE)
		return -1;
	pack_key(input, nonce, &key);
	aead_seal(input, nonce, input + ASSOCIATED_DATA, 8, input + BLOCK, sealed, tag);

	memcpy(job.nonce, nonce, sizeof(job.nonce));
	memcpy(job.associated_data, input + ASSOCIATED_DATA, sizeof(job.associated_data));
	memcpy(job.block, input + BLOCK, sizeof(job.block));
	pdm6_gcm_seal(&key, &job);
	must(!memcmp(job.block, sealed, 16));
	must(!memcmp(job.tag, tag, 16));

	memset(job.tag, 0, sizeof(job.tag));
	pdm6_gcm_expected_tag(&key, &job);
	must(pdm6_gcm_tags_equal(job.tag, tag));
	memcpy(wrong, tag, 16);
	wrong[input[FLIP] / 8 % 16] ^= 1 << input[FLIP] % 8;
	must(!pdm6_gcm_tags_equal(job.tag, wrong));
	job.block[input[FLIP] / 8 % 16] ^= 1 << input[FLIP] % 8;
	pdm6_gcm_expected_tag(&key, &job);
	must(!pdm6_gcm_tags_equal(job.tag, tag));

	check_udp_option(&key, input);
	/* The verifier supposes that it may be so. */
	must(pdm6_ghash(0, &job) < 0 && pdm6_ghash(&key, 0) < 0);
	must(pdm6_ghash_wide(0, &job) < 0 && pdm6_ghash_wide(&key, 0) < 0);
	must(pdm6_aes_third_block(0, &job) < 0 && pdm6_aes_third_block(&key, 0) < 0);
	must(pdm6_aes_counter_blocks(0, &job) < 0 && pdm6_aes_counter_blocks(&key, 0) < 0);
	return 0;
}
