/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Retire: user space runs this program (a test run; it is attached nowhere)
 * to mark one idle flow dead. Only a program can take the flow's lock, so
 * that "idle" is still true at the moment of death. Returns 1 if it is dead
 * now.
 */
SEC("tc")
int pdm6_retire(struct __sk_buff *skb)
{
	struct pdm6_retire_request request;
	struct pdm6_flow_state *state;
	int dead = 0;

	if (bpf_skb_load_bytes(skb, 0, &request, sizeof(request)))
		return 0;
	state = bpf_map_lookup_elem(&slots, &request.slot);
	if (!state)
		return 0;
	bpf_spin_lock(&state->lock);
	if (pdm6_is_live(state, &request.flow) &&
	    state->serial < request.serial_before && /* guard: idle */
	    state->sent_ns < request.idle_since_ns && state->received_ns < request.idle_since_ns) {
		state->dead = 1;
		dead = 1;
	}
	bpf_spin_unlock(&state->lock);
	return dead;
}
