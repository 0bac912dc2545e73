/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* A program that runs for a long while, and says when it began and when it is about to end. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define TURNS (1 << 23) /* the most that bpf_loop takes: some 20 ms */

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} marks SEC(".maps");

static int turn(__u32 index, void *context)
{
	return 0;
}

SEC("tc")
int slow_run(struct __sk_buff *skb)
{
	__u32 began = 0, ending = 1;
	__u64 one = 1;

	bpf_map_update_elem(&marks, &began, &one, BPF_ANY);
	for (int i = 0; i < 4; i++)
		bpf_loop(TURNS, turn, 0, 0);
	bpf_map_update_elem(&marks, &ending, &one, BPF_ANY);
	return 0;
}

char _license[] SEC("license") = "Dual MIT/GPL";
