/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The helpers that the kernel programs call; kernel.c plays the kernel. */
#ifndef SHIM_BPF_HELPERS_H
#define SHIM_BPF_HELPERS_H

#include <sys/cdefs.h> /* __always_inline */
#include <linux/bpf.h>

#define __uint(name, value) int(*name)[value]
#define __type(name, value) __typeof__(value) *name
#define __array(name, value) __typeof__(value) *name[]

#define SEC(name) __attribute__((used))
#define __ksym
#define __weak __attribute__((weak))

#define __noinline __attribute__((noinline))

long bpf_skb_load_bytes(const struct __sk_buff *skb, __u32 offset, void *to, __u32 size);
long bpf_skb_store_bytes(struct __sk_buff *skb, __u32 offset, const void *from, __u32 size, __u64 flags);
long bpf_skb_pull_data(struct __sk_buff *skb, __u32 size);
long bpf_skb_adjust_room(struct __sk_buff *skb, __s32 difference, __u32 mode, __u64 flags);
long bpf_skb_change_tail(struct __sk_buff *skb, __u32 size, __u64 flags);
long bpf_l4_csum_replace(struct __sk_buff *skb, __u32 offset, __u64 from, __u64 to, __u64 flags);
__s64 bpf_csum_diff(void *from, __u32 from_size, void *to, __u32 to_size, __u32 seed);
long bpf_check_mtu(struct __sk_buff *skb, __u32 interface, __u32 *mtu, __s32 difference, __u64 flags);
long bpf_fib_lookup(struct __sk_buff *skb, struct bpf_fib_lookup *way, __s32 size, __u32 flags);

void *bpf_map_lookup_elem(const void *map, const void *key);
long bpf_map_update_elem(const void *map, const void *key, const void *value, __u64 flags);
long bpf_map_push_elem(const void *map, const void *value, __u64 flags);
long bpf_map_pop_elem(const void *map, void *value);

void *bpf_ringbuf_reserve(const void *ring, __u64 size, __u64 flags);
void bpf_ringbuf_submit(void *record, __u64 flags);
long bpf_ringbuf_output(const void *ring, const void *record, __u64 size, __u64 flags);
__u64 bpf_ringbuf_query(const void *ring, __u64 what);

long bpf_loop(__u32 count, long (*step)(__u32 index, void *context), void *context, __u64 flags);
__u64 bpf_ktime_get_boot_ns(void);
__u32 bpf_get_prandom_u32(void);
__u64 bpf_skb_ancestor_cgroup_id(struct __sk_buff *skb, int level);
void bpf_spin_lock(struct bpf_spin_lock *lock);
void bpf_spin_unlock(struct bpf_spin_lock *lock);
/* Does not come back, as in the kernel: the caller ends with what the other returns. */
#define bpf_tail_call(context, programs, index) return (programs)->values[index](context)
long bpf_probe_read_kernel(void *to, __u32 size, const void *from);

#endif
