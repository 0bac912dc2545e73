/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A kernel small enough to fuzz against: packets, maps, a ring, a clock, locks.
 * Everything that a program may touch lies in memory of exactly its size, so
 * that the address sanitizer sees one octet too many; and a packet's linear
 * part moves whenever a helper may move it, so that it sees pointers kept too
 * long. A program that breaks a rule of the verifier aborts.
 */
#ifndef FUZZ_KERNEL_H
#define FUZZ_KERNEL_H

#include <stddef.h>
#include <stdint.h>
#include <linux/bpf.h>

/* Something that must be so, in the programs or in what they did. */
#define must(condition) ((condition) ? (void)0 : kernel_broken(#condition, __FILE__, __LINE__))
_Noreturn void kernel_broken(const char *what, const char *file, int line);

/* What the kernel does in this run; the fuzzer chooses. */
struct kernel_mood {
	uint64_t now; /* boot clock, ns */
	uint32_t random;
	uint64_t cgroup; /* at level 1 of those around the socket */
	uint8_t pull_fails;
	uint8_t room_fails; /* growing, behind the fixed header or at the end */
	uint8_t give_back_fails; /* shrinking */
	uint8_t checksum_is_partial; /* the network card will sum from the upper-layer header to the packet's end */
	uint8_t ring_full;
	uint8_t lookup_fails; /* so many lookups from now on find nothing: 0 none of them */
	uint8_t check_mtu_fails;
	int8_t forwarding; /* what bpf_fib_lookup answers: 0 another interface leads to the destination */
	uint8_t no_route;
	uint8_t no_metrics;
	uint8_t unreadable; /* the read of kernel memory that fails: 1 the first; 0 none */
	uint32_t route_mtu; /* 0: nothing learnt */
	uint32_t interface_mtu;
	uint32_t ring_backlog;
};
extern struct kernel_mood mood;

/* Forgets maps, records, packets and moods. */
void kernel_reset(void);
/* Nothing is left half done: call after each run of a program. */
void kernel_check(void);

/* A packet of which the first "linear" octets can be read directly. */
struct __sk_buff *kernel_packet(const uint8_t *octets, uint32_t size, uint32_t linear);
const uint8_t *kernel_octets(const struct __sk_buff *skb);

/* Maps are known by the address of the variable that declares them. */
void kernel_map(const void *map, int kind, size_t key_size, size_t value_size, size_t most_entries);
/* What user space does to maps: no rule of the programs holds. */
void *kernel_map_set(const void *map, const void *key, const void *value);
void kernel_map_delete(const void *map, const void *key);

/* Records that reached the ring since the last reset. */
struct kernel_record {
	uint8_t octets[256];
	size_t size;
};
size_t kernel_records(const struct kernel_record **first);

#endif
