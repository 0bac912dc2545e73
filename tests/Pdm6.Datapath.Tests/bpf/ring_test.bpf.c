/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Fills a ring buffer for the tests of its consumer: records that count up, and discarded ones in between. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1024 * 1024);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2); /* 0: next number, 1: records lost */
	__type(key, __u32);
	__type(value, __u64);
} counters SEC(".maps");

struct record {
	__u64 number;
	__u64 filling[16]; /* the size of an observation */
};

static __always_inline int put(__u64 wake, int discard)
{
	__u32 next_key = 0, lost_key = 1;
	__u64 *next = bpf_map_lookup_elem(&counters, &next_key);
	__u64 *lost = bpf_map_lookup_elem(&counters, &lost_key);
	struct record *record;

	if (!next || !lost)
		return 0;
	if (bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) >= 65536)
		wake = BPF_RB_FORCE_WAKEUP;
	record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
	if (!record) {
		(*lost)++;
		return 0;
	}
	record->number = (*next)++;
	if (discard)
		bpf_ringbuf_discard(record, BPF_RB_NO_WAKEUP);
	else
		bpf_ringbuf_submit(record, wake);
	return 0;
}

SEC("tc")
int ring_put(struct __sk_buff *skb)
{
	return put(BPF_RB_NO_WAKEUP, 0);
}

SEC("tc")
int ring_put_waking(struct __sk_buff *skb)
{
	return put(BPF_RB_FORCE_WAKEUP, 0);
}

SEC("tc")
int ring_discard(struct __sk_buff *skb)
{
	return put(BPF_RB_NO_WAKEUP, 1);
}

char _license[] SEC("license") = "Dual MIT/GPL";
