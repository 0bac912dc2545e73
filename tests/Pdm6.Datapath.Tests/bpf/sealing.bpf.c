/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The sealing code by itself, for its tests. The packet holds one key and many
 * cases; each run of a program works on the next case and writes what came out
 * into the packet, so that one test run with a repeat count does them all.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>
#include "pdm6_gcm.h"

struct sealing_header {
	__u8 ethernet[14]; /* a test run wants a link header; ignored */
	__u8 zero[6];
	__u32 next; /* number of the case to work on */
	struct pdm6_key key;
};

struct sealing_case {
	__u8 nonce[12];
	__u32 accepted; /* out of verify_next: is given_tag right? */
	__u8 associated_data[8];
	__u8 block[16]; /* in and, for seal_next, out */
	__u8 tag[16]; /* out */
	__u8 given_tag[16];
};

struct sealing_work {
	struct sealing_header header;
	struct sealing_case current;
	struct pdm6_gcm_job job;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct sealing_work);
} work_areas SEC(".maps");

static __always_inline struct sealing_work *begin(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct sealing_work *work = bpf_map_lookup_elem(&work_areas, &zero);
	__u32 offset;

	if (!work || bpf_skb_load_bytes(skb, 0, &work->header, sizeof(work->header)))
		return 0;
	offset = sizeof(work->header) + work->header.next * sizeof(work->current);
	if (bpf_skb_load_bytes(skb, offset, &work->current, sizeof(work->current)))
		return 0;
	__builtin_memcpy(work->job.nonce, work->current.nonce, 12);
	__builtin_memcpy(work->job.associated_data, work->current.associated_data, 8);
	__builtin_memcpy(work->job.block, work->current.block, 16);
	return work;
}

static __always_inline int finish(struct __sk_buff *skb, struct sealing_work *work)
{
	__u32 offset = sizeof(work->header) + work->header.next * sizeof(work->current);

	__builtin_memcpy(work->current.block, work->job.block, 16);
	__builtin_memcpy(work->current.tag, work->job.tag, 16);
	work->header.next++;
	if (bpf_skb_store_bytes(skb, offset, &work->current, sizeof(work->current), 0) ||
	    bpf_skb_store_bytes(skb, __builtin_offsetof(struct sealing_header, next),
				&work->header.next, sizeof(work->header.next), 0))
		return TC_ACT_SHOT;
	return TC_ACT_OK;
}

SEC("tc")
int seal_next(struct __sk_buff *skb)
{
	struct sealing_work *work = begin(skb);

	if (!work)
		return TC_ACT_SHOT;
	pdm6_gcm_seal(&work->header.key, &work->job);
	return finish(skb, work);
}

SEC("tc")
int verify_next(struct __sk_buff *skb)
{
	struct sealing_work *work = begin(skb);

	if (!work)
		return TC_ACT_SHOT;
	pdm6_gcm_expected_tag(&work->header.key, &work->job);
	work->current.accepted = pdm6_gcm_tags_equal(work->job.tag, work->current.given_tag);
	return finish(skb, work);
}

char _license[] SEC("license") = "Dual MIT/GPL";
