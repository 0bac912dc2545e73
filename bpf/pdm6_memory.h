/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Each processor remembers the flows that it sent packets of last: which rule
 * they fall under, and which slot is theirs. A flow that goes on needs neither
 * the policy's prefixes nor the flow table's hash then.
 *
 * What is remembered may have changed. Rules are of one generation of the
 * policy. A slot may be another flow's by now, or this flow's in another life;
 * or a processor that lost the race to be the flow's first may have left the
 * flow's five fields in a free slot. Its birth tells: it is compared under the
 * flow's lock, and rises each time the slot is filled.
 */
#ifndef PDM6_MEMORY_H
#define PDM6_MEMORY_H

#include "pdm6_flow_table.h"
#include "pdm6_policy.h"

/* The place for this flow among others; NULL never, but the verifier supposes so. */
static __always_inline struct pdm6_remembered *pdm6_memory(const struct pdm6_flow *flow)
{
	const __u32 *source = (const __u32 *)flow->source, *destination = (const __u32 *)flow->destination;
	__u32 index = source[3] + destination[3] + ((__u32)flow->source_port << 16 | flow->destination_port);

	index = index * 0x9e3779b1 >> 24;
	_Static_assert(PDM6_REMEMBERED == 1 << 8, "the hash has as many values as there are places");
	return bpf_map_lookup_elem(&remembered, &index);
}

static __always_inline int pdm6_remembers(const struct pdm6_remembered *memory, const struct pdm6_flow *flow)
{
	return pdm6_same_flow(&memory->flow, flow);
}

/* The rule that the flow's last packet fell under; PDM6_NO_RULE if it must be decided anew. */
static __always_inline __u32 pdm6_remembered_rule(const struct pdm6_remembered *memory, const struct pdm6_policy *policy)
{
	return memory->generation && memory->generation == policy->generation ? memory->rule : PDM6_NO_RULE;
}

/* The flow's state in the life that is remembered; NULL if that is over. */
static __always_inline struct pdm6_flow_state *pdm6_remembered_state(const struct pdm6_remembered *memory)
{
	__u32 slot = memory->slot;
	struct pdm6_flow_state *state = bpf_map_lookup_elem(&slots, &slot);

	return state && state->birth == memory->birth && !state->dead ? state : 0;
}

/* Call when a number was taken from the state: then it is the flow's. */
static __always_inline void pdm6_remember(struct pdm6_remembered *memory, const struct pdm6_policy *policy,
					  const struct pdm6_flow *flow, __u32 rule, const struct pdm6_flow_state *state,
					  __u32 birth)
{
	memory->flow = *flow;
	memory->generation = pdm6_policy_generation(policy);
	memory->rule = rule;
	memory->slot = state->slot;
	memory->birth = birth;
}

#endif
