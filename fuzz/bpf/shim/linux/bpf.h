/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the kernel programs use of the kernel's <linux/bpf.h>, for a build that
 * runs as an ordinary process. The context's data pointers have 64 bits here,
 * so that a packet may be where the address sanitizer guards it.
 */
#ifndef SHIM_LINUX_BPF_H
#define SHIM_LINUX_BPF_H

#include <linux/types.h>

struct __sk_buff {
	__u32 len;
	__u32 protocol;
	__u32 ingress_ifindex;
	__u32 ifindex;
	__u32 mark;
	__u32 gso_size;
	__u64 data;
	__u64 data_end;
};

struct bpf_fib_lookup {
	__u8 family;
	__u32 ifindex;
	__u32 ipv6_src[4];
	__u32 ipv6_dst[4];
};

struct bpf_spin_lock {
	__u32 held;
};

enum {
	BPF_MAP_TYPE_HASH,
	BPF_MAP_TYPE_ARRAY,
	BPF_MAP_TYPE_PERCPU_ARRAY,
	BPF_MAP_TYPE_PROG_ARRAY,
	BPF_MAP_TYPE_LPM_TRIE,
	BPF_MAP_TYPE_ARRAY_OF_MAPS,
	BPF_MAP_TYPE_QUEUE,
	BPF_MAP_TYPE_RINGBUF,
	BPF_MAP_TYPE_LRU_HASH,
};

enum {
	BPF_FIB_LKUP_RET_NOT_FWDED = 4,
	BPF_FIB_LKUP_RET_FWD_DISABLED,
};

enum {
	BPF_ANY = 0,
	BPF_NOEXIST = 1,
};

enum {
	BPF_F_NO_PREALLOC = 1,
	BPF_F_MMAPABLE = 1 << 10,
	BPF_F_RECOMPUTE_CSUM = 1,
	BPF_F_PSEUDO_HDR = 1 << 4,
	BPF_F_MARK_MANGLED_0 = 1 << 5,
	BPF_RB_NO_WAKEUP = 1,
	BPF_RB_FORCE_WAKEUP = 2,
	BPF_RB_AVAIL_DATA = 0,
	BPF_ADJ_ROOM_NET = 0,
};

#endif
