/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Every map of the datapath. Sizes marked "user space" are set before loading. */
#ifndef PDM6_MAPS_H
#define PDM6_MAPS_H

#include "pdm6_gcm.h"

#define PDM6_FIXED_REST 36 /* octets of the fixed header from the payload length on */
#define PDM6_REMEMBERED 256 /* flows that each processor remembers; a power of two */
#define PDM6_PAIRS_PER_EPOCH 65536
#define PDM6_MOST_IN_FRONT 256
#define PDM6_MAX_PREFIXES 65536
#define PDM6_AREA_BUFFER 264 /* 4, a pad and up to 256, in whole words */

/* What is taken from a flow for one packet. */
struct pdm6_number {
	__u32 birth; /* of the flow's state: given by whoever takes */
	__u32 psntp;
	__u32 psnlr;
	__u64 since_received_ns; /* DTLR */
	__u64 received_after_sent_ns; /* DTLS */
	__u32 is_prepared; /* keystream and tag mask are in the job */
	__u32 is_busy; /* the flow sends a lot, and nothing was prepared */
	__u32 zero;
};

#define PDM6_PSEUDO_HEADER 40
#define PDM6_DATAGRAM_SIZE (8 + PDM6_FRAME_SIZE)

/* What a program hands to the one that goes on with a udp-frame, and what that works on. */
struct pdm6_frame_work {
	struct pdm6_flow flow;
	__u32 upper_offset;
	__u32 final_offset; /* received: where a Routing header has the destination; 0: it is that of the fixed header */
	__u32 rule; /* to be sent: what it counts for */
	__u32 zero;
	__u8 pseudo_header[PDM6_PSEUDO_HEADER]; /* what the UDP checksum sums, in this order */
	__u8 datagram[PDM6_DATAGRAM_SIZE];
	__u8 zero2[4];
};

/* What one program run needs beyond the stack: one for each direction. */
struct pdm6_scratch {
	struct pdm6_gcm_job job;
	struct pdm6_number number;
	__u32 zero; /* so that the addresses behind lie at multiples of 8 */
	__u8 fixed[PDM6_FIXED_REST]; /* of the fixed header, from its length on: goes into the packet together with ... */
	__u8 header[PDM6_HEADER_SIZE + 8]; /* the longest option ends two octets before the header does: room for padding */
	struct pdm6_receiving_key_id key_id;
	struct pdm6_observation observation;
	__u8 rest_of_frame[sizeof(struct pdm6_frame_observation) - sizeof(struct pdm6_observation)]; /* right behind the observation */
	struct pdm6_frame_work frame;
	__u8 kept[PDM6_HEADER_SIZE]; /* of a header that is there already: what stays in front of the option */
	__u8 in_front[PDM6_MOST_IN_FRONT]; /* extension headers that stay in front of it */
	__u8 area[PDM6_AREA_BUFFER] __attribute__((aligned(8))); /* octets behind a datagram, where checksums need them */
};

/* The rule of a flow's last packet, where its state is, and what its pair says: pdm6_memory.h. */
struct pdm6_remembered {
	struct pdm6_flow flow;
	__u32 generation; /* of the policy; 0: the rule depends on more than the flow */
	__u32 rule;
	__u32 slot;
	__u32 birth;
	__u32 pairs; /* generation of what follows; 0: nothing does */
	__u16 group; /* of the rule */
	__u16 form; /* enum pdm6_carriage: of its packets, once it was seen what their path loses */
	__u64 serial;
	__u64 until_ns; /* boot clock: then the pair is looked at again */
	__u32 epoch;
	__u32 zero;
};

enum pdm6_scratch_slot {
	PDM6_SCRATCH_EGRESS,
	PDM6_SCRATCH_INGRESS,
	PDM6_SCRATCH_SLOTS,
};

/* Mapped into user space, which raises generations by writing one word. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pdm6_settings);
} settings SEC(".maps");

/* Two: user space writes the one that is not in use, then makes it the one. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct pdm6_policy);
} policies SEC(".maps");

/* Longest prefix -> rules that contain all of it (the closure is user space's work). One map for each policy. */
struct pdm6_prefixes {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, PDM6_MAX_PREFIXES);
	__uint(key_size, sizeof(struct pdm6_prefix));
	__uint(value_size, sizeof(__u32));
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, __u32);
	__array(values, struct pdm6_prefixes);
} rules_by_destination SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, __u32);
	__array(values, struct pdm6_prefixes);
} rules_by_source SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 4096);
	__type(key, struct pdm6_origin);
	__type(value, __u32);
} rules_by_origin SEC(".maps");

/* By group, and last the one of all rules together. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, PDM6_MAX_RULES + 1);
	__type(key, __u32);
	__type(value, struct pdm6_bucket);
} buckets SEC(".maps");

/* The current epoch: swapped whole, read once for each packet. */
struct pdm6_epoch_pairs {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, PDM6_PAIRS_PER_EPOCH);
	/* sizes, not types: clang leaves types out that only an inner map names */
	__uint(key_size, sizeof(struct pdm6_pair));
	__uint(value_size, sizeof(struct pdm6_sending_pair));
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct pdm6_epoch_pairs);
} epochs SEC(".maps");

/* The same for udp-frames; empty as long as none are sent. */
struct pdm6_frame_pairs {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, PDM6_PAIRS_PER_EPOCH);
	__uint(key_size, sizeof(struct pdm6_pair));
	__uint(value_size, sizeof(struct pdm6_frame_pair));
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct pdm6_frame_pairs);
} frame_epochs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pdm6_frame_ports);
} frame_ports SEC(".maps");

/* Unix time minus boot time, nanoseconds: user space measures it now and then. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} unix_minus_boot SEC(".maps");

/* Updating an array of maps returns after an RCU grace period: user space updates this one to wait for it. */
struct pdm6_nothing {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct pdm6_nothing);
} grace SEC(".maps");

/*
 * Flows. The hash finds the slot, the slot holds the state. No map evicts: a
 * slot comes back to free_slots only through user space, after a grace period
 * (protocol reference, section 6). Sizes: user space.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, struct pdm6_flow);
	__type(value, __u32);
} flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, struct pdm6_flow_state);
} slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 65536);
	__type(value, __u32);
} free_slots SEC(".maps");

/* Mapped into user space, which fills it: pdm6_lane.h. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, PDM6_LANES);
	__type(key, __u32);
	__type(value, struct pdm6_lane);
} lanes SEC(".maps");

/* Mapped into user space, which finds out what arrives: pdm6_path.h. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, PDM6_PATHS);
	__type(key, __u32);
	__type(value, struct pdm6_path);
} paths SEC(".maps");

/* What a processor found out about flows that it sends: pdm6_memory.h. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PDM6_REMEMBERED);
	__type(key, __u32);
	__type(value, struct pdm6_remembered);
} remembered SEC(".maps");

/* 0: global source addresses, 1: link-local ones. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} global_pointers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 4 * PDM6_PAIRS_PER_EPOCH);
	__type(key, struct pdm6_receiving_key_id);
	__type(value, struct pdm6_receiving_key);
} receiving_keys SEC(".maps");

/* The same for udp-frames: with their keys. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 4 * PDM6_PAIRS_PER_EPOCH);
	__type(key, struct pdm6_receiving_key_id);
	__type(value, struct pdm6_receiving_key);
} receiving_frame_keys SEC(".maps");

/* Addresses whose options can be authenticated: what comes from them in clear counts for nothing. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, PDM6_PAIRS_PER_EPOCH);
	__uint(key_size, 16);
	__uint(value_size, sizeof(__u32));
} live_sources SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PDM6_SCRATCH_SLOTS);
	__type(key, __u32);
	__type(value, struct pdm6_scratch);
} scratch SEC(".maps");

/* By rule; last, at PDM6_MAX_RULES, where no rule was known yet. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PDM6_MAX_RULES + 1);
	__type(key, __u32);
	__type(value, struct pdm6_outcomes);
} reasons SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pdm6_ingress_counters);
} ingress_counters SEC(".maps");

/* Size: user space. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 * 1024 * 1024);
} records SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct pdm6_pair);
	__type(value, __u64);
} unknown_pairs SEC(".maps");

#endif
