/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* A flow's next number and times, and what user space hears of flows that take many. */
#ifndef PDM6_NUMBER_H
#define PDM6_NUMBER_H

#include "pdm6_flow_table.h"
#include "pdm6_lane.h"

#define PDM6_NUMBERS_PER_SERIAL (1ULL << 32)

/*
 * Take the next number of the flow in the life that number->birth names, and
 * what is prepared for it. Who has no key at hand gets none that is not
 * prepared. Negative: taken; else why the packet must be left alone, unless
 * there is a key to be had.
 */
static __always_inline int pdm6_take_number(struct pdm6_flow_state *state, const struct pdm6_flow *flow, __u64 serial,
					    __u64 now, struct pdm6_number *number, const struct pdm6_supply *supply,
					    struct pdm6_gcm_job *job, int has_key)
{
	int refused = -1;

	bpf_spin_lock(&state->lock); /* guard: lock */
	number->is_prepared = pdm6_is_prepared(state, supply, serial);
	if (!pdm6_is_live(state, flow)) {
		refused = PDM6_FLOW_BUSY;
	} else if (state->birth != number->birth) { /* guard: birth */
		refused = PDM6_FLOW_BUSY;
	} else if (serial < state->serial) { /* guard: serial */
		refused = PDM6_FLOW_BUSY;
	} else if (!has_key && !number->is_prepared) { /* guard: key-at-hand */
		refused = PDM6_FLOW_BUSY;
	} else {
		if (serial != state->serial) {
			state->serial = serial;
			state->taken_in_serial = 0;
		}
		if (state->taken_in_serial >= PDM6_NUMBERS_PER_SERIAL) { /* guard: wrap */
			refused = PDM6_NUMBERS_EXHAUSTED;
		} else {
			state->taken_in_serial++;
			number->psntp = state->next_psntp++;
			if (number->is_prepared)
				pdm6_claim(supply, number->psntp, job);
			number->is_busy = !number->is_prepared && !(state->taken_in_serial & (PDM6_BUSY_AFTER - 1));
			number->psnlr = state->accepted_psntp;
			number->since_received_ns = 0;
			number->received_after_sent_ns = 0;
			/* clocks of two processors may disagree by nanoseconds: time never runs back within a flow */
			if (now < state->sent_ns)
				now = state->sent_ns;
			if (state->received_ns && now > state->received_ns)
				number->since_received_ns = now - state->received_ns;
			if (state->received_since_sent && state->sent_ns && state->received_ns > state->sent_ns)
				number->received_after_sent_ns = state->received_ns - state->sent_ns;
			state->received_since_sent = 0;
			state->sent_ns = now;
		}
	}
	bpf_spin_unlock(&state->lock);
	return refused;
}

/* Tell user space that this flow's numbers are worth preparing. */
static __noinline int pdm6_report_busy_flow(const struct pdm6_flow *flow, __u64 serial, __u32 epoch,
					      enum pdm6_carriage carriage)
{
	struct pdm6_busy_flow *record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);

	if (!record)
		return 0;
	record->kind = PDM6_BUSY_FLOW;
	record->epoch = epoch;
	record->carriage = carriage;
	record->flow = *flow;
	record->serial = serial;
	bpf_ringbuf_submit(record, BPF_RB_FORCE_WAKEUP);
	return 0;
}

#endif
