/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The flow table. The rule that may never break (protocol reference, section
 * 6: no key and nonce twice) is kept here, in pdm6_number.h and in
 * egress.bpf.c; each line that keeps it is marked "guard:", and a test takes
 * each of them out in turn.
 *
 *   flows (hash)          slots (array)                  free_slots (queue)
 *   five fields -> slot   state under its own lock       slots nobody uses
 *
 * A slot is popped, filled, then published in the hash. It returns to the
 * queue through user space only: dead, grace period, out of the hash, grace
 * period, pushed. So nobody holds a slot that is pushed, and whoever holds a
 * recycled hash element meets other five fields in the slot and walks away.
 */
#ifndef PDM6_FLOW_TABLE_H
#define PDM6_FLOW_TABLE_H

#include "pdm6_maps.h"
#include "pdm6_packet.h"

static __always_inline int pdm6_same_flow(const struct pdm6_flow *a, const struct pdm6_flow *b)
{
	const __u64 *left = (const __u64 *)a, *right = (const __u64 *)b;

	_Static_assert(sizeof(struct pdm6_flow) == 40, "compared as five words");
	return !((left[0] ^ right[0]) | (left[1] ^ right[1]) | (left[2] ^ right[2]) | (left[3] ^ right[3]) |
		 (left[4] ^ right[4]));
}

/* May this flow use this state? Call under the lock. */
static __always_inline int pdm6_is_live(const struct pdm6_flow_state *state, const struct pdm6_flow *flow)
{
	if (state->dead) /* guard: dead */
		return 0;
	if (!pdm6_same_flow(&state->flow, flow)) /* guard: five-fields */
		return 0;
	return 1;
}

/* Which life a state that was found is in, for the lock to see whether it still is. */
static __always_inline __u32 pdm6_birth(const struct pdm6_flow_state *state)
{
	return *(const volatile __u32 *)&state->birth;
}

static __always_inline struct pdm6_flow_state *pdm6_find_flow(const struct pdm6_flow *flow)
{
	__u32 *slot = bpf_map_lookup_elem(&flows, flow);
	__u32 index;

	if (!slot)
		return 0;
	index = *slot;
	return bpf_map_lookup_elem(&slots, &index);
}

/* A new flow, or the one that another processor made at the same time; NULL: the table is full. */
static __noinline struct pdm6_flow_state *pdm6_make_flow(const struct pdm6_flow *flow)
{
	struct pdm6_flow_state *state;
	__u32 first_psntp = bpf_get_prandom_u32();
	__u32 slot;

	if (bpf_map_pop_elem(&free_slots, &slot))
		return 0;
	state = bpf_map_lookup_elem(&slots, &slot);
	if (!state)
		return 0;
	bpf_spin_lock(&state->lock);
	state->slot = slot;
	state->birth++;
	state->flow = *flow;
	state->serial = 0;
	state->taken_in_serial = 0;
	state->sent_ns = 0;
	state->received_ns = 0;
	state->accepted_order = 0;
	state->accepted_index = 0;
	state->accepted_psntp = 0;
	state->next_psntp = first_psntp;
	state->received_since_sent = 0;
	state->lane = 0;
	state->next_token_ns = 0;
	state->dead = 0;
	bpf_spin_unlock(&state->lock);
	if (!bpf_map_update_elem(&flows, flow, &slot, BPF_NOEXIST)) /* guard: one-birth */
		return state;
	/* another processor was first: this slot was never seen by anyone, so it may go back at once */
	bpf_map_push_elem(&free_slots, &slot, 0);
	return pdm6_find_flow(flow);
}

static __always_inline struct pdm6_flow_state *pdm6_find_or_make_flow(const struct pdm6_flow *flow)
{
	struct pdm6_flow_state *state = pdm6_find_flow(flow);

	return state ? state : pdm6_make_flow(flow);
}

#endif
