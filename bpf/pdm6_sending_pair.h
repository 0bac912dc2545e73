/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Whose key seals a packet, and how user space hears of pairs without one. */
#ifndef PDM6_SENDING_PAIR_H
#define PDM6_SENDING_PAIR_H

#include "pdm6_maps.h"

/* Ask user space for a key, at most once a second for a pair. */
static __noinline int pdm6_report_unknown_pair(const struct pdm6_pair *pair, __u64 now)
{
	__u64 *reported = bpf_map_lookup_elem(&unknown_pairs, pair);
	struct pdm6_unknown_pair *record;

	if (reported && now - *reported < 1000000000)
		return 0;
	bpf_map_update_elem(&unknown_pairs, pair, &now, BPF_ANY);
	record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);
	if (!record)
		return 0;
	record->kind = PDM6_UNKNOWN_PAIR;
	record->zero = 0;
	record->pair = *pair;
	bpf_ringbuf_submit(record, BPF_RB_FORCE_WAKEUP);
	return 0;
}

/* A flow begins with its pair. */
static __always_inline const struct pdm6_pair *pdm6_pair_of(const struct pdm6_flow *flow)
{
	_Static_assert(sizeof(struct pdm6_pair) == 32 && __builtin_offsetof(struct pdm6_flow, destination) == 16,
		       "source and destination come first");
	return (const struct pdm6_pair *)flow;
}

/* The current epoch's object for this pair: one read, everything in it belongs together. */
static __always_inline struct pdm6_sending_pair *pdm6_sending_pair(const struct pdm6_pair *pair)
{
	__u32 zero = 0;
	void *epoch = bpf_map_lookup_elem(&epochs, &zero);

	return epoch ? bpf_map_lookup_elem(epoch, pair) : 0;
}

/* Is the time over in which the agent vouches for the epoch? */
static __always_inline int pdm6_is_past_deadline(const struct pdm6_sending_pair *pair, __u64 now)
{
	return now >= pair->deadline_ns; /* guard: deadline */
}

#endif
