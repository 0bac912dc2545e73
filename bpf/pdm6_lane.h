/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Sealing with what was made ahead. A flow's next numbers, and with them nonces
 * and associated data, are known before its packets are. For a busy flow user
 * space encrypts the counter blocks in advance, so that a packet pays for an
 * exclusive or and one product in GF(2^128), C * H^2.
 *
 * A lane belongs to one flow under one key, for one carriage, from the moment it is bound until it
 * is let go and a grace period is over. What is in it for a number is claimed
 * under the flow's lock by the packet that takes this number, and erased in the
 * same breath; so user space, which learns the next number under the same lock,
 * knows that all places before it are free. Packets are counted in the lane,
 * too: most of them never see the pair whose key made it.
 *
 * The product is looked up, half an octet of ciphertext at a time. This gives
 * nothing away: the addresses depend on the ciphertext alone, and that is what
 * everyone on the wire will see.
 */
#ifndef PDM6_LANE_H
#define PDM6_LANE_H

#include "pdm6_flow_table.h"

/* The lane that a flow may have, and what a packet that takes from it counts for. */
struct pdm6_supply {
	struct pdm6_lane *lane; /* NULL: none */
	__u32 number;
	__u32 rule;
	enum pdm6_carriage carriage;
};

/* Finds the lane; whether it is the flow's is seen under the lock. */
static __always_inline void pdm6_find_lane(const struct pdm6_flow_state *state, enum pdm6_carriage carriage,
					   struct pdm6_supply *supply)
{
	__u32 index = *(const volatile __u32 *)&state->lane;

	supply->carriage = carriage;
	supply->number = index--;
	supply->lane = bpf_map_lookup_elem(&lanes, &index);
}

/* Is something prepared for the flow's next number? Call under the lock. */
static __always_inline int pdm6_is_prepared(const struct pdm6_flow_state *state, const struct pdm6_supply *supply, __u64 serial)
{
	if (!supply->lane || state->lane != supply->number) /* guard: lane */
		return 0;
	if (state->prepared_serial != serial) /* guard: prepared-serial */
		return 0;
	if (state->prepared_carriage != supply->carriage) /* guard: prepared-carriage */
		return 0;
	if (state->next_psntp - state->prepared_first >= state->prepared_end - state->prepared_first) /* guard: prepared-range */
		return 0;
	return 1;
}

/*
 * Moves what is prepared for a number into the job, erases it, and counts the
 * option, which nothing can prevent any more. Call under the lock.
 */
static __always_inline void pdm6_claim(const struct pdm6_supply *supply, __u32 psntp, struct pdm6_gcm_job *job)
{
	struct pdm6_prepared_number *prepared = &supply->lane->numbers[psntp & (PDM6_LANE_NUMBERS - 1)];

	job->keystream[0] = prepared->keystream[0];
	job->keystream[1] = prepared->keystream[1];
	job->tag_mask[0] = prepared->tag_mask[0];
	job->tag_mask[1] = prepared->tag_mask[1];
	prepared->keystream[0] = 0; /* guard: erase */
	prepared->keystream[1] = 0;
	prepared->tag_mask[0] = 0;
	prepared->tag_mask[1] = 0;
	supply->lane->sealed[supply->rule & (PDM6_MAX_RULES - 1)]++;
}

/* Encrypts job->block in place and writes job->tag, with what pdm6_claim found. Global: see pdm6_gcm.h. */
__noinline int pdm6_seal_prepared(const struct pdm6_lane *lane, struct pdm6_gcm_job *job)
{
	__u64 *block, *tag, low, high, tag0, tag1;

	if (!lane || !job)
		return -1; /* never so: the verifier supposes it may be */
	block = (__u64 *)job->block;
	tag = (__u64 *)job->tag;
	tag0 = job->tag_mask[0];
	tag1 = job->tag_mask[1];
	block[0] ^= job->keystream[0];
	block[1] ^= job->keystream[1];
	low = block[0];
	high = block[1];
#pragma unroll
	for (int place = 0; place < 16; place++) {
		const __u64 *product = lane->products[place][low >> 4 * place & 15];
		const __u64 *other = lane->products[16 + place][high >> 4 * place & 15];

		tag0 ^= product[0] ^ other[0];
		tag1 ^= product[1] ^ other[1];
		asm volatile("" : "+r"(tag0), "+r"(tag1)); /* one place after the other: else all wait on the stack */
	}
	tag[0] = tag0;
	tag[1] = tag1;
	return 0;
}

#endif
