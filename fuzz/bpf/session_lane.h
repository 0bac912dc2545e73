/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What the agent writes into a lane: pdm6_lane.h. */
#ifndef FUZZ_SESSION_LANE_H
#define FUZZ_SESSION_LANE_H

#include "program.h"

/* As the agent does: what pdm6_seal_prepared will want for a number. */
static void prepare_number(const struct pdm6_key *key, const struct pdm6_flow *flow, enum pdm6_carriage carriage,
			   uint32_t epoch, uint32_t psntp, struct pdm6_lane *lane)
{
	struct pdm6_gcm_job job = {
		.associated_data = { 0x1e, 38, 2 << 4 | epoch >> 8, epoch },
		.associated_block = { 127, 42, PROGRAM_EXID >> 8, PROGRAM_EXID & 0xff, 2 << 4 | epoch >> 8, epoch },
	};
	struct pdm6_prepared_number *prepared = &lane->numbers[psntp % PDM6_LANE_NUMBERS];

	for (int i = 0; i < 4; i++)
		job.associated_data[4 + i] = job.associated_block[6 + i] = psntp >> (24 - 8 * i);
	reference_nonce(key->base_nonce, flow, carriage == PDM6_UDP_OPTION, epoch, psntp, job.nonce);
	if (carriage == PDM6_UDP_OPTION) /* both of a ciphertext of zeros */
		pdm6_gcm_expected_udp_option_tag(key, &job);
	else
		pdm6_gcm_expected_tag(key, &job);
	memcpy(prepared->keystream, job.keystream, 16);
	memcpy(prepared->tag_mask, job.tag, 16);
}

static void write_products(const struct pdm6_key *key, struct pdm6_lane *lane)
{
	struct pdm6_gcm_job none = {}, job;

	pdm6_gcm_tag(key, &none);
	for (int place = 0; place < 32; place++)
		for (int value = 0; value < 16; value++) {
			memset(&job, 0, sizeof(job));
			job.block[place / 2] = value << place % 2 * 4;
			pdm6_gcm_tag(key, &job);
			for (int i = 0; i < 16; i++)
				((uint8_t *)lane->products[place][value])[i] = job.tag[i] ^ none.tag[i];
		}
}

#endif
