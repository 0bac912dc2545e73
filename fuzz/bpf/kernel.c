/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Packets, clock and locks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf_helpers.h>
#include "kernel.h"
#include "kernel_parts.h"

#define NETWORK_HEADER 14
#define FIXED_HEADER 40
#define MOST_LOAD 4096

struct packet {
	struct __sk_buff skb; /* first: programs get a pointer to it */
	uint8_t *octets; /* all of it */
	uint8_t *linear; /* a copy of its front */
};

struct kernel_mood mood;

static struct packet *current;
static struct bpf_spin_lock *held;

void kernel_broken(const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: must be so: %s\n", file, line, what);
	abort();
}

/* A new home for the linear part: who kept a pointer into the old one is caught. */
static void set_linear(struct packet *packet, uint32_t size)
{
	free(packet->linear);
	packet->linear = malloc(size ? size : 1);
	must(packet->linear);
	memcpy(packet->linear, packet->octets, size);
	packet->skb.data = (uintptr_t)packet->linear;
	packet->skb.data_end = packet->skb.data + size;
}

static uint32_t linear_size(const struct packet *packet)
{
	return packet->skb.data_end - packet->skb.data;
}

static void forget_packet(void)
{
	if (!current)
		return;
	free(current->octets);
	free(current->linear);
	free(current);
	current = 0;
}

struct __sk_buff *kernel_packet(const uint8_t *octets, uint32_t size, uint32_t linear)
{
	forget_packet();
	current = calloc(1, sizeof(*current));
	must(current);
	current->octets = malloc(size ? size : 1);
	must(current->octets);
	memcpy(current->octets, octets, size);
	current->skb.len = size;
	current->skb.protocol = __builtin_bswap16(0x86dd);
	set_linear(current, linear < size ? linear : size);
	return &current->skb;
}

const uint8_t *kernel_octets(const struct __sk_buff *skb)
{
	return ((const struct packet *)skb)->octets;
}

void kernel_reset(void)
{
	forget_packet();
	kernel_reset_maps();
	memset(&mood, 0, sizeof(mood));
	held = 0;
}

void kernel_check(void)
{
	must(!held);
	must(!kernel_has_reserved());
}

int kernel_holds_lock(void)
{
	return held != 0;
}

long bpf_skb_load_bytes(const struct __sk_buff *skb, __u32 offset, void *to, __u32 size)
{
	const struct packet *packet = (const struct packet *)skb;

	must(size && size <= MOST_LOAD);
	if (offset > skb->len || size > skb->len - offset) {
		memset(to, 0, size);
		return -14;
	}
	memcpy(to, packet->octets + offset, size);
	return 0;
}

long bpf_skb_store_bytes(struct __sk_buff *skb, __u32 offset, const void *from, __u32 size, __u64 flags)
{
	struct packet *packet = (struct packet *)skb;

	must(flags <= BPF_F_RECOMPUTE_CSUM);
	if (offset > skb->len || size > skb->len - offset)
		return -14;
	memcpy(packet->octets + offset, from, size);
	set_linear(packet, linear_size(packet));
	return 0;
}

long bpf_skb_pull_data(struct __sk_buff *skb, __u32 size)
{
	struct packet *packet = (struct packet *)skb;
	uint32_t linear = linear_size(packet);

	if (mood.pull_fails || size > skb->len)
		return -12;
	set_linear(packet, size > linear ? size : linear);
	return 0;
}

/* At the network layer: behind the fixed IPv6 header. */
long bpf_skb_adjust_room(struct __sk_buff *skb, __s32 difference, __u32 mode, __u64 flags)
{
	struct packet *packet = (struct packet *)skb;
	const uint32_t at = NETWORK_HEADER + FIXED_HEADER;
	uint32_t linear = linear_size(packet), behind = skb->len - at;
	uint8_t *moved;

	must(mode == BPF_ADJ_ROOM_NET && !flags && difference);
	if (skb->len < at || (difference > 0 ? mood.room_fails : mood.give_back_fails) ||
	    (difference < 0 && behind < (uint32_t)-difference))
		return -12;
	moved = calloc(1, skb->len + difference);
	must(moved);
	memcpy(moved, packet->octets, at);
	if (difference > 0)
		memcpy(moved + at + difference, packet->octets + at, behind);
	else
		memcpy(moved + at, packet->octets + at - difference, behind + difference);
	free(packet->octets);
	packet->octets = moved;
	skb->len += difference;
	linear += difference;
	set_linear(packet, linear < skb->len ? linear : skb->len);
	return 0;
}

/* At the end. New octets are zeros, and a packet that did not get shorter is linear. */
long bpf_skb_change_tail(struct __sk_buff *skb, __u32 size, __u64 flags)
{
	struct packet *packet = (struct packet *)skb;
	uint32_t old = skb->len, linear = linear_size(packet);
	uint8_t *made;

	must(!flags && size);
	if (size > old ? mood.room_fails : size < old ? mood.give_back_fails : mood.pull_fails)
		return -12;
	made = calloc(1, size);
	must(made);
	memcpy(made, packet->octets, size < old ? size : old);
	free(packet->octets);
	packet->octets = made;
	skb->len = size;
	set_linear(packet, size >= old || linear > size ? size : linear);
	return 0;
}

static uint16_t fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum >> 16) + (sum & 0xffff);
	return sum;
}

/* Of 16 bits. A partial checksum is not inverted yet, and only the pseudo-header is in it. */
long bpf_l4_csum_replace(struct __sk_buff *skb, __u32 offset, __u64 from, __u64 to, __u64 flags)
{
	struct packet *packet = (struct packet *)skb;
	uint16_t checksum;

	must((flags & ~(__u64)(BPF_F_PSEUDO_HDR | BPF_F_MARK_MANGLED_0)) == 2 && from <= 0xffff && to <= 0xffff);
	if (offset & 1 || offset > 0xffff || offset + 2 > skb->len)
		return -14;
	memcpy(&checksum, packet->octets + offset, 2);
	if ((!checksum && flags & BPF_F_MARK_MANGLED_0) || (mood.checksum_is_partial && !(flags & BPF_F_PSEUDO_HDR)))
		return 0;
	if (mood.checksum_is_partial)
		checksum = fold(checksum + (0xffff - from) + to);
	else
		checksum = ~fold((0xffff - checksum) + (0xffff - from) + to);
	if (!checksum && flags & BPF_F_MARK_MANGLED_0)
		checksum = 0xffff;
	memcpy(packet->octets + offset, &checksum, 2);
	set_linear(packet, linear_size(packet));
	return 0;
}

__s64 bpf_csum_diff(void *from, __u32 from_size, void *to, __u32 to_size, __u32 seed)
{
	uint64_t sum = seed;
	uint16_t word;

	must(!from && !from_size && to_size % 4 == 0 && to_size <= 512);
	for (uint32_t i = 0; i < to_size; i += 2) {
		memcpy(&word, (uint8_t *)to + i, 2);
		sum += word;
	}
	return sum;
}

long bpf_check_mtu(struct __sk_buff *skb, __u32 interface, __u32 *mtu, __s32 difference, __u64 flags)
{
	must(skb && mtu && !interface && difference && !flags);
	return mood.check_mtu_fails ? 1 : 0;
}

long bpf_fib_lookup(struct __sk_buff *skb, struct bpf_fib_lookup *way, __s32 size, __u32 flags)
{
	must(skb && size == sizeof(*way) && !flags && way->family == 10);
	return mood.forwarding;
}

long bpf_loop(__u32 count, long (*step)(__u32 index, void *context), void *context, __u64 flags)
{
	__u32 done = 0;

	must(!held && !flags);
	while (done < count)
		if (step(done++, context))
			break;
	return done;
}

__u64 bpf_ktime_get_boot_ns(void)
{
	must(!held);
	return mood.now;
}

__u32 bpf_get_prandom_u32(void)
{
	return mood.random;
}

__u64 bpf_skb_ancestor_cgroup_id(struct __sk_buff *skb, int level)
{
	must(skb && !held && level >= 0);
	return level == 1 ? mood.cgroup : 0;
}

void bpf_spin_lock(struct bpf_spin_lock *lock)
{
	must(!held && !lock->held);
	lock->held = 1;
	held = lock;
}

void bpf_spin_unlock(struct bpf_spin_lock *lock)
{
	must(held == lock && lock->held);
	lock->held = 0;
	held = 0;
}

long bpf_probe_read_kernel(void *to, __u32 size, const void *from)
{
	if (mood.unreadable && !--mood.unreadable)
		return -14;
	memcpy(to, from, size);
	return 0;
}
