/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Packets a second: token buckets, each kept as the time at which it will be
 * full again. A packet puts this time off by what one packet costs, and is
 * refused when that lies more than the burst ahead.
 */
#ifndef PDM6_CAP_H
#define PDM6_CAP_H

#include "pdm6_flow_table.h"
#include "pdm6_maps.h"

#define PDM6_SECOND_NS 1000000000ULL
#define PDM6_BURST_NS (PDM6_SECOND_NS / 10) /* packets of a tenth of a second may come at once */

/* Call under the lock that guards the time. */
static __always_inline int pdm6_take_token(__u64 *next_token_ns, __u64 now, __u64 cost_ns)
{
	__u64 next = *next_token_ns;

	if (next > now + PDM6_BURST_NS)
		return 0;
	*next_token_ns = (next > now ? next : now) + cost_ns;
	return 1;
}

static __always_inline int pdm6_bucket_has(__u32 index, __u32 pps, __u64 now)
{
	struct pdm6_bucket *bucket;
	__u64 cost_ns;
	int taken;

	if (!pps)
		return 1;
	bucket = bpf_map_lookup_elem(&buckets, &index);
	if (!bucket)
		return 0;
	cost_ns = PDM6_SECOND_NS / pps;
	bpf_spin_lock(&bucket->lock);
	taken = pdm6_take_token(&bucket->next_token_ns, now, cost_ns);
	bpf_spin_unlock(&bucket->lock);
	return taken;
}

static __always_inline int pdm6_flow_has(struct pdm6_flow_state *state, __u32 pps, __u64 now)
{
	__u64 cost_ns;
	int taken;

	if (!pps)
		return 1;
	cost_ns = PDM6_SECOND_NS / pps;
	bpf_spin_lock(&state->lock);
	taken = pdm6_take_token(&state->next_token_ns, now, cost_ns);
	bpf_spin_unlock(&state->lock);
	return taken;
}

static __always_inline int pdm6_has_caps(const struct pdm6_policy *policy, const struct pdm6_rule *rule)
{
	return rule->flow_pps | rule->pps | policy->pps;
}

/* May one more packet of this flow get an option now? Takes a token of each bucket up to the first empty one. */
static __noinline int pdm6_is_within_caps(const struct pdm6_policy *policy, const struct pdm6_rule *rule,
					  struct pdm6_flow_state *state, __u64 now)
{
	return pdm6_flow_has(state, rule->flow_pps, now) && pdm6_bucket_has(rule->group, rule->pps, now) &&
	       pdm6_bucket_has(PDM6_MAX_RULES, policy->pps, now);
}

#endif
