/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#ifndef PDM6_COUNT_H
#define PDM6_COUNT_H

#include "pdm6_maps.h"

/* Where a rule's packets are counted: one look-up for all that a packet counts for. */
static __always_inline struct pdm6_outcomes *pdm6_outcomes_of(__u32 rule)
{
	return bpf_map_lookup_elem(&reasons, &rule);
}

static __always_inline void pdm6_add(struct pdm6_outcomes *outcomes, __u32 reason)
{
	asm volatile("" : "+r"(reason)); /* what is tested is what is used: for the verifier */
	if (reason < PDM6_REASONS)
		outcomes->packets[reason]++; /* per processor, and both hooks run with softirqs off */
}

static __always_inline void pdm6_count(__u32 rule, enum pdm6_reason reason)
{
	struct pdm6_outcomes *outcomes = pdm6_outcomes_of(rule);

	if (outcomes)
		pdm6_add(outcomes, reason);
}

/* For packets that no rule was found for yet. */
static __always_inline void pdm6_count_unruled(enum pdm6_reason reason)
{
	pdm6_count(PDM6_MAX_RULES, reason);
}

#endif
