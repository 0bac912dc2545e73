/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The datapath as it is, and beside it programs that a test run can repeat. A
 * packet that has the option is left alone, so what inserts must take it off
 * again before the next turn.
 */
#include <linux/bpf.h>

/* One copy of egress stays a program by itself, another becomes part of the programs below. */
int pdm6_egress(struct __sk_buff *skb) __attribute__((always_inline));

#include "pdm6.bpf.c"

/* What every hook costs, whatever is on it. */
SEC("tc")
int bench_empty(struct __sk_buff *skb)
{
	return PDM6_NEXT;
}

/* Egress, then the strip of ingress. A packet that egress left alone stays as it is. */
SEC("tc")
int bench_insert_and_strip(struct __sk_buff *skb)
{
	struct pdm6_ipv6 *ipv6;

	pdm6_egress(skb);
	ipv6 = pdm6_ipv6_header(skb);
	if (ipv6 && ipv6->next_header == PDM6_DESTINATION_OPTIONS)
		pdm6_strip(skb, PDM6_UDP, PDM6_HEADER_SIZE);
	return PDM6_NEXT;
}

/* What of that is no work of egress: room is made and taken away again, fixed header rewritten both times. */
SEC("tc")
int bench_room_and_strip(struct __sk_buff *skb)
{
	struct pdm6_ipv6 *ipv6;

	if (bpf_skb_adjust_room(skb, PDM6_HEADER_SIZE, BPF_ADJ_ROOM_NET, 0))
		return PDM6_NEXT;
	ipv6 = pdm6_ipv6_header(skb);
	if (!ipv6)
		return PDM6_NEXT;
	ipv6->payload_length = bpf_htons(bpf_ntohs(ipv6->payload_length) + PDM6_HEADER_SIZE);
	ipv6->next_header = PDM6_DESTINATION_OPTIONS;
	pdm6_strip(skb, PDM6_UDP, PDM6_HEADER_SIZE);
	return PDM6_NEXT;
}

/* The observation that ingress made last, once more: all that ingress does for the ring, and nothing else. */
SEC("tc")
int bench_report(struct __sk_buff *skb)
{
	__u32 zero = 0, slot = PDM6_SCRATCH_INGRESS;
	struct pdm6_scratch *work = bpf_map_lookup_elem(&scratch, &slot);
	struct pdm6_ingress_counters *counters = bpf_map_lookup_elem(&ingress_counters, &zero);

	if (!work || !counters)
		return PDM6_NEXT;
	work->observation.kind = PDM6_OBSERVATION; /* where ingress never ran, on another processor */
	pdm6_report_observation(&work->observation, sizeof(work->observation), counters);
	return PDM6_NEXT;
}
