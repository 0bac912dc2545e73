/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Offer: user space runs this program (a test run; it is attached nowhere)
 * before any packet comes, to put the slots of a new table among the free ones:
 * many in one call, where a queue takes one in a system call. Returns 1 if all
 * of them are there now.
 */
struct pdm6_offer {
	__u32 first;
	__u32 offered;
};

static long pdm6_offer_slot(__u32 index, void *context)
{
	struct pdm6_offer *offer = context;
	__u32 slot = offer->first + index;

	if (bpf_map_push_elem(&free_slots, &slot, 0))
		return 1; /* full: no more */
	offer->offered++;
	return 0;
}

SEC("tc")
int pdm6_offer_slots(struct __sk_buff *skb)
{
	struct pdm6_offer_request request;
	struct pdm6_offer offer = {};

	if (bpf_skb_load_bytes(skb, 0, &request, sizeof(request)))
		return 0;
	offer.first = request.first;
	bpf_loop(request.count, pdm6_offer_slot, &offer, 0);
	return offer.offered == request.count;
}
