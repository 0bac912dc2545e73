/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* How user space hears of what was observed. */
#ifndef PDM6_REPORT_H
#define PDM6_REPORT_H

#include "pdm6_maps.h"

#define PDM6_WAKE_UP_EACH (64 * 1024)

/* Waking takes longer than everything else here: once for each 64 KiB that wait, not for each record. */
static __always_inline void pdm6_report_observation(struct pdm6_observation *observation, __u32 size,
						    struct pdm6_ingress_counters *counters)
{
	__u64 waiting = bpf_ringbuf_query(&records, BPF_RB_AVAIL_DATA);
	int wakes = waiting / PDM6_WAKE_UP_EACH != (waiting + size) / PDM6_WAKE_UP_EACH;

	if (bpf_ringbuf_output(&records, observation, size,
			       wakes ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP))
		counters->ring_lost++;
}

#endif
