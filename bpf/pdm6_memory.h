/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Each processor remembers the flows that it sent packets of last: which rule
 * they fall under, which slot is theirs and, of flows whose numbers are prepared
 * ahead, what the packet's way needs of their pair. A flow that goes on needs
 * neither the policy's prefixes nor the hashes of flows and pairs then.
 *
 * What is remembered may have changed. Rules are of one generation of the
 * policy. A slot may be another flow's by now, or this flow's in another life;
 * or a processor that lost the race to be the flow's first may have left the
 * flow's five fields in a free slot. Its birth tells: it is compared under the
 * flow's lock, and rises each time the slot is filled.
 *
 * What is told of a pair is a copy of an object that never changes, as good as
 * the object itself as long as a packet could still have found that. User space
 * raises the generation of pairs after it published an epoch or learnt what a
 * path loses; who publishes waits then until no run of a program is left that
 * began before. Until it is over, a packet with a copy of a former generation is
 * where one is that read the former epoch just before it changed, and the same
 * guards are for both.
 * A packet reads the generation before it looks for the pair, never after.
 */
#ifndef PDM6_MEMORY_H
#define PDM6_MEMORY_H

#include "pdm6_cap.h"
#include "pdm6_flow_table.h"
#include "pdm6_path.h"
#include "pdm6_policy.h"
#include "pdm6_sampling.h"

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

/* The generation of pairs in use. */
static __always_inline __u32 pdm6_pairs_generation(const struct pdm6_settings *settings)
{
	return *(const volatile __u32 *)&settings->pairs;
}

/* Is all that is remembered true still, the pair included? */
static __always_inline int pdm6_remembers_pair(const struct pdm6_remembered *memory, __u32 policy, __u32 pairs)
{
	return (memory->pairs == pairs) & /* guard: pairs-generation */
	       (memory->generation == policy);
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
	memory->pairs = 0;
}

/*
 * Call when the number was prepared: then the next one is likely to be, and
 * needs nothing else of the pair. Rules that ask more of each packet than its
 * five fields ask it again.
 */
static __always_inline void pdm6_remember_pair(struct pdm6_remembered *memory, const struct pdm6_policy *policy,
					       const struct pdm6_rule *rule, const struct pdm6_sending_pair *pair,
					       __u32 generation, enum pdm6_carriage form, __u64 now)
{
	__u64 until = now + PDM6_USE_GRAIN_NS;

	if (!memory->generation ||
	    pdm6_has_caps(policy, rule) || /* guard: remembered-caps */
	    pdm6_chooses_packets(rule)) /* guard: remembered-choice */
		return;
	memory->group = rule->group;
	memory->form = form;
	memory->serial = pair->serial;
	memory->until_ns = until < pair->deadline_ns ? until : pair->deadline_ns; /* guard: remembered-deadline */
	memory->epoch = pair->epoch;
	memory->pairs = generation;
}

#endif
