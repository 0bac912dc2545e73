/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#ifndef PDM6_COUNT_H
#define PDM6_COUNT_H

#include "pdm6_maps.h"

static __always_inline void pdm6_count(__u32 rule, enum pdm6_reason reason)
{
	__u32 index = rule * PDM6_REASONS + reason;
	__u64 *counter = bpf_map_lookup_elem(&reasons, &index);

	if (counter)
		(*counter)++; /* per processor, and both hooks run with softirqs off */
}

/* For packets that no rule was found for yet. */
static __always_inline void pdm6_count_unruled(enum pdm6_reason reason)
{
	pdm6_count(PDM6_MAX_RULES, reason);
}

#endif
