/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* A program that the verifier must refuse: it uses a map value without asking whether there is one. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} values SEC(".maps");

SEC("tc")
int refused(struct __sk_buff *skb)
{
	__u32 key = skb->len;
	__u64 *value = bpf_map_lookup_elem(&values, &key);

	return (int)*value;
}

char _license[] SEC("license") = "Dual MIT/GPL";
