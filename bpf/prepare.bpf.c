/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Prepare: user space runs this program (a test run; it is attached nowhere)
 * to say for which numbers a flow's lane is filled, and to learn which number
 * is next. Only a program can take the flow's lock. Returns 1 if the flow is
 * this one and alive; the answer is in the lane.
 */
SEC("tc")
int pdm6_prepare(struct __sk_buff *skb)
{
	struct pdm6_prepare_request request;
	struct pdm6_flow_state *state;
	struct pdm6_lane *lane;
	__u32 index;
	int live;

	if (bpf_skb_load_bytes(skb, 0, &request, sizeof(request)))
		return 0;
	index = request.lane - 1;
	lane = bpf_map_lookup_elem(&lanes, &index);
	state = bpf_map_lookup_elem(&slots, &request.slot);
	if (!lane || !state)
		return 0;
	bpf_spin_lock(&state->lock);
	live = pdm6_is_live(state, &request.flow);
	if (live && request.serial) {
		state->lane = request.lane;
		state->prepared_serial = request.serial;
		state->prepared_first = request.first;
		state->prepared_end = request.end;
		state->prepared_carriage = request.carriage;
	} else if (state->lane == request.lane) {
		state->lane = 0;
	}
	lane->serial = state->serial;
	lane->next_psntp = state->next_psntp;
	bpf_spin_unlock(&state->lock);
	return live;
}
