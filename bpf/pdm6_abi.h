/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the kernel programs and user space share: every map key, map value and
 * ring-buffer record, and nothing else. src/Pdm6.Datapath/Abi mirrors these
 * structs; a test compares both with the programs' BTF.
 *
 * Integers are in host byte order unless a comment says "network". Addresses
 * are 16 octets as on the wire.
 */
#ifndef PDM6_ABI_H
#define PDM6_ABI_H

#define PDM6_MAX_RULES 32 /* a rule is one bit of a rule mask */
#define PDM6_NO_RULE 0xffff
#define PDM6_CGROUP_LEVELS 4 /* different depths at which the rules of a policy can name cgroups */
#define PDM6_PORTLESS 65536 /* index in the port table for protocols without ports */
#define PDM6_OPTION_SIZE 40 /* protected option: type and length included */
#define PDM6_CLEAR_OPTION_SIZE 24
#define PDM6_V1_OPTION_SIZE 12
#define PDM6_V1_OPTION_TYPE 0x0f /* RFC 8250, and of the drafts before an option type of their own */
#define PDM6_FRAME_SIZE 68 /* udp-frame: the whole payload of its datagram */
#define PDM6_FRAME_PORT_WORDS (65536 / 64)
#define PDM6_HEADER_SIZE 48 /* our Destination Options header at its largest: 2 + 40 + PadN 6 */
#define PDM6_LANES 32 /* flows whose next numbers can be prepared at a time */
#define PDM6_LANE_NUMBERS 16384 /* prepared ahead for a flow: 16 ms at a million a second; a power of two */
#define PDM6_PATHS 65536 /* address pairs whose path is watched, and index 0 */
#define PDM6_PATH_PORT 8653 /* UDP: agents ask each other there what arrives */
#define PDM6_FILTER_BITS 2048 /* of destinations: a power of two */
#define PDM6_BUSY_AFTER 1024 /* numbers sealed in place before a flow is called busy; a power of two */

/* One flow: the five fields of draft-15, PDMv2 Flow Identification. */
struct pdm6_flow {
	__u8 source[16];
	__u8 destination[16];
	__u16 source_port; /* ICMPv6: type << 8 | code */
	__u16 destination_port; /* ICMPv6 echo: identifier */
	__u8 protocol;
	__u8 zero[3];
};

/* Directed address pair. */
struct pdm6_pair {
	__u8 source[16];
	__u8 destination[16];
};

/*
 * Key material of one directed pair in one epoch, made by user space. What the
 * bits of round_keys mean is told in pdm6_aes.h, those of ghash in
 * pdm6_ghash.h; src/Pdm6.Datapath/KernelKey.cs makes them.
 */
struct pdm6_key {
	__u32 round_keys[15][8]; /* per round, one word per bit of an octet */
	__u64 ghash[10][4]; /* pieces of H^2 and H^3, spread for multiplication */
	__u64 length_mask[2]; /* (lengths block) * H: the same for every destination option ... */
	__u64 udp_option_length_mask[2]; /* ... and for every UDP option */
	__u8 base_nonce[12];
	__u32 zero;
};

/*
 * Sending side. "epochs" is an array of maps with one slot; its inner map is
 * one epoch: pair -> pdm6_sending_pair. Entries are inserted once and never
 * changed, but for the counters, so one lookup yields one immutable object.
 */
struct pdm6_sending_pair {
	struct pdm6_key key;
	__u64 serial; /* rises with every epoch of every context of the boot */
	__u64 deadline_ns; /* boot clock; nothing is sealed from then on */
	__u32 epoch; /* 12 bits */
	__u32 path; /* index in "paths", 0: nobody watches what the path carries */
	__u64 sealed[PDM6_MAX_RULES]; /* options sealed with the key, by rule; those prepared ahead are counted in lanes */
};

/*
 * The same for udp-frames, which have a key of their own: length_mask is for
 * their lengths, and base_nonce is 0. "taken" counts the numbers that their
 * nonces are made of, and with the key it goes: pdm6_udp_frame.h.
 */
struct pdm6_frame_pair {
	struct pdm6_key key;
	__u64 serial;
	__u64 deadline_ns;
	__u64 taken;
	__u32 epoch;
	__u32 zero;
	__u64 sealed[PDM6_MAX_RULES];
};

/* UDP ports whose datagrams may be udp-frames, a bit for each. */
struct pdm6_frame_ports {
	__u64 words[PDM6_FRAME_PORT_WORDS];
};

/* Forms that do not arrive: bits of pdm6_path.lost. */
enum pdm6_lost_forms {
	PDM6_HEADER_48 = 1, /* Destination Options headers, octets */
	PDM6_HEADER_32 = 2,
	PDM6_HEADER_16 = 4,
	PDM6_SURPLUS = 8, /* octets behind a UDP datagram (RFC 9868) */
};

/*
 * What user space found out about the way to a destination. It lies beside the
 * keys because it changes at any time, for all epochs at once, and they never do.
 */
struct pdm6_path {
	__u32 lost; /* enum pdm6_lost_forms, written by user space */
	__u32 zero;
	__u64 used_ns; /* boot clock: a rule chose a packet of the pair, to within 2 * PDM6_USE_GRAIN_NS */
};

/* Receiving side: may this sender's option of this epoch update state? */
struct pdm6_receiving_key_id {
	struct pdm6_pair pair;
	__u32 epoch;
	__u32 generation; /* 0 the sender's newest context, 1 the one before */
};

struct pdm6_receiving_key {
	struct pdm6_key key;
	__u64 context_order; /* rises with the sender's announcements */
	__u64 epoch_index; /* rises with the context's timetable */
	__u64 not_before_ns; /* boot clock */
	__u64 not_after_ns; /* boot clock */
};

/* State of one flow, both as sender and as receiver of its reverse. */
struct pdm6_flow_state {
	struct bpf_spin_lock lock; /* guards everything below */
	__u32 dead; /* retired by the agent, waiting to be reused */
	__u32 slot; /* where this is */
	__u32 birth; /* rises whenever the slot gets a flow */
	struct pdm6_flow flow; /* whose state this is: slots are recycled */
	__u64 serial; /* epoch serial of the last number taken */
	__u64 taken_in_serial; /* numbers taken under that serial */
	__u64 sent_ns; /* boot clock, 0 never */
	__u64 received_ns; /* boot clock, 0 never */
	__u64 accepted_order; /* what was last accepted: context ... */
	__u64 accepted_index; /* ... epoch ... */
	__u32 accepted_psntp; /* ... and number */
	__u32 next_psntp;
	__u32 received_since_sent;
	__u32 lane; /* 1 + index of the lane with prepared numbers, 0 none */
	__u64 prepared_serial; /* what the lane is prepared for: serial ... */
	__u32 prepared_first; /* ... and numbers, from here ... */
	__u32 prepared_end; /* ... to before here ... */
	__u32 prepared_carriage; /* ... and carriage: enum pdm6_carriage */
	__u32 zero;
	__u64 next_token_ns; /* cap of packets a second: pdm6_cap.h */
};

/* Packets a second of many flows. */
struct pdm6_bucket {
	struct bpf_spin_lock lock;
	__u32 zero;
	__u64 next_token_ns;
};

/*
 * Made ahead for one number of one flow in one epoch, and erased when a packet
 * claims it: pdm6_lane.h. As secret as a key.
 */
struct pdm6_prepared_number {
	__u64 keystream[2]; /* E(J0 + 1) */
	__u64 tag_mask[2]; /* E(J0) + (associated data) * H^3 + lengths * H: both of the lane's carriage */
};

/* Numbers of one busy flow: number n is at n modulo PDM6_LANE_NUMBERS. */
struct pdm6_lane {
	struct pdm6_prepared_number numbers[PDM6_LANE_NUMBERS];
	__u64 products[32][16][2]; /* (value of half an octet of ciphertext) * H^2, by its place */
	/* what pdm6_prepare answers */
	__u64 serial; /* of the flow's last number */
	__u32 next_psntp;
	__u32 zero;
	__u64 sealed[PDM6_MAX_RULES]; /* options sealed with what was prepared, by rule; guarded by the flow's lock */
};

/* Policy: which rules does a packet fall under? A bit per rule, lowest wins. */
struct pdm6_prefix {
	__u32 prefix_length;
	__u8 address[16];
};

/* What carries a packet's measurement. The values of the configuration: Pdm6.Datapath.PacketCarriage. */
enum pdm6_carriage {
	PDM6_DESTOPT_V2,
	PDM6_DESTOPT_V2_CLEAR,
	PDM6_DESTOPT_V1,
	PDM6_UDP_OPTION,
	PDM6_UDP_OPTION_CLEAR,
	PDM6_UDP_FRAME,
	PDM6_NOTHING, /* no form is left that the path carries: never in a rule */
	PDM6_CARRIAGES,
};

enum pdm6_rule_flags {
	PDM6_SAMPLE_PACKETS = 1, /* one packet in N instead of one flow in N */
	PDM6_STRIP = 2, /* take our header off on ingress */
};

struct pdm6_rule {
	__u32 sample_one_in; /* 1: every flow */
	__u8 carriage; /* enum pdm6_carriage */
	__u8 flags; /* enum pdm6_rule_flags */
	__u16 group; /* what its packets count for: keeps its number when rules change places */
	__u32 flow_pps; /* packets a second of one flow, 0: no cap */
	__u32 pps; /* packets a second of all flows of the rule, 0: no cap */
	__u32 mark; /* the packet's mark, under this mask, must be that */
	__u32 mark_mask;
};

/* What rules of a policy ask beyond protocol and ports; the rest is not looked at. */
enum pdm6_dimension {
	PDM6_BY_DESTINATION = 1,
	PDM6_BY_SOURCE = 2,
	PDM6_BY_DSCP = 4,
	PDM6_BY_INTERFACE = 8,
	PDM6_BY_MARK = 16,
	PDM6_BY_CGROUP = 32,
};

/*
 * A whole policy: all of it changes in one step. Each table gives a mask of the
 * rules that allow what the packet has. Of two policies in memory one is in
 * use: the one of the generation in use, by its last bit.
 */
struct pdm6_policy {
	__u32 generation;
	__u32 dimensions; /* enum pdm6_dimension */
	__u32 any_interface; /* rules that do not ask for the interface ... */
	__u32 any_cgroup; /* ... and for the cgroup */
	__u32 cgroup_levels[PDM6_CGROUP_LEVELS]; /* depths of the cgroups that rules name ... */
	__u32 cgroup_level_count; /* ... so many */
	__u32 pps; /* packets a second under all rules together, 0: no cap */
	__u32 destination_shift; /* first 64 bits of a destination less these: what the filter knows it by */
	__u32 destination_filter[PDM6_FILTER_BITS / 32]; /* a bit set: a rule may have such a destination */
	struct pdm6_rule rules[PDM6_MAX_RULES];
	__u32 by_dscp[64];
	__u32 by_protocol[256];
	__u32 by_port[PDM6_PORTLESS + 1];
};

/* Interfaces and cgroups of a policy -> rules that name them. */
struct pdm6_origin {
	__u32 generation;
	__u32 dimension; /* PDM6_BY_INTERFACE or PDM6_BY_CGROUP */
	__u64 id;
};

struct pdm6_settings {
	__u32 policy; /* generation in use, 0: none was ever set */
	__u32 pairs; /* what is remembered of pairs is of this generation, which is never 0: pdm6_memory.h */
	__u32 option_type;
	__u32 path_mtu; /* largest packet that we may make without GSO, octets */
	__u32 strip; /* take our header off on ingress */
	__u32 report_unknown_pairs; /* tell user space about pairs without a key */
	__u32 report_busy_flows; /* tell user space whose numbers it should prepare */
	__u32 accept_clear; /* options in clear count, where their source has no live context */
	__u32 udp_exid; /* what tells our UDP option from other experiments */
};

/* What became of a packet. */
enum pdm6_reason {
	PDM6_SELECTED, /* a rule matched and sampling chose the flow */
	PDM6_SEALED,
	/* left alone, and why */
	PDM6_FORWARDED, /* RFC 8200: no insertion on the way */
	PDM6_MALFORMED_PACKET, /* headers cut short or lengths that disagree */
	PDM6_MULTICAST,
	PDM6_SELF, /* source equals destination */
	PDM6_FRAGMENT,
	PDM6_IPSEC,
	PDM6_JUMBO, /* payload length 0, or none left for 48 octets */
	PDM6_EXTENSION_HEADER, /* that is not understood, too long, or has nothing but padding */
	PDM6_ICMP_EXEMPT, /* types 130 to 137 and 143 */
	PDM6_UDP_GSO, /* super-packets other than TCP's */
	PDM6_TINY_SEGMENTS, /* TCP super-packets with too little data in each segment to take 48 octets from */
	PDM6_MTU,
	PDM6_NO_KEY, /* no key for the pair: destination not registered, or source not announced */
	PDM6_PAST_DEADLINE,
	PDM6_FLOW_TABLE_FULL,
	PDM6_FLOW_BUSY, /* dead, recycled or newer than this packet's epoch */
	PDM6_NUMBERS_EXHAUSTED,
	PDM6_NO_ROOM, /* the kernel could not make room */
	PDM6_NOT_SAMPLED, /* matched, but the flow was not chosen */
	PDM6_SENT_CLEAR, /* not left alone: an option in clear was put into it */
	PDM6_NO_FORM, /* neither path nor protocol carry what the rule asks for */
	PDM6_HAS_PDM, /* carries a PDM option already */
	PDM6_OPTIONS_FULL, /* the header with its options has no place for ours */
	PDM6_ROUTING_HEADER, /* that hides the final destination, or has a tunnel behind it */
	PDM6_OVER_CAP, /* more packets a second than the policy allows */
	PDM6_SURPLUS_AREA, /* octets behind the datagram already: options of others (RFC 9868) */
	PDM6_PATH_PROBE, /* between agents, who find out what arrives */
	PDM6_REASONS,
};

/* Packets of a rule by what became of them, per processor. */
struct pdm6_outcomes {
	__u64 packets[PDM6_REASONS];
};

/* Observation verdicts: Pdm6.Wire.ObservationVerdict. */
enum pdm6_verdict {
	PDM6_ACCEPTED,
	PDM6_NOT_AHEAD,
	PDM6_NO_STATE,
	PDM6_NO_RECEIVING_KEY,
	PDM6_WRONG_EPOCH,
	PDM6_AUTHENTICATION_FAILED,
	PDM6_CLEAR,
	PDM6_MALFORMED,
	PDM6_UNKNOWN_VERSION,
	PDM6_CLEAR_COUNTED, /* in clear, of a source without a live context, and policy lets it count */
	PDM6_VERDICTS,
};

/* Ring-buffer records begin with their kind. */
enum pdm6_record_kind {
	PDM6_OBSERVATION = 1,
	PDM6_UNKNOWN_PAIR = 2,
	PDM6_BUSY_FLOW = 3,
	PDM6_FRAME_OBSERVATION = 4,
};

struct pdm6_observation {
	__u32 kind;
	__u16 rule; /* of the reverse flow, PDM6_NO_RULE if none */
	__u8 verdict;
	__u8 hop_limit;
	struct pdm6_flow flow;
	__u64 observed_ns; /* boot clock */
	__u64 since_sent_ns;
	__u32 last_sent_psntp;
	__u32 has_sent;
	__u32 tcp_sequence;
	__u32 payload_length;
	__u16 upper_checksum; /* network */
	__u8 tcp_flags;
	__u8 option_length;
	__u8 option[PDM6_OPTION_SIZE]; /* of a UDP option without kind and length, which say nothing new: from the ExID on */
	__u8 carriage; /* enum pdm6_carriage */
	__u8 zero[3];
};

/* Of a udp-frame: too long for the other, and too rare to make that longer. */
struct pdm6_frame_observation {
	struct pdm6_observation seen; /* its option: the front of the frame */
	__u8 rest[PDM6_FRAME_SIZE - PDM6_OPTION_SIZE];
	__u32 zero;
};

struct pdm6_unknown_pair {
	__u32 kind;
	__u32 zero;
	struct pdm6_pair pair;
};

struct pdm6_busy_flow {
	__u32 kind;
	__u16 epoch;
	__u16 carriage; /* enum pdm6_carriage */
	struct pdm6_flow flow;
	__u64 serial;
};

/* Per processor. */
struct pdm6_ingress_counters {
	__u64 verdicts[PDM6_VERDICTS];
	__u64 stripped;
	__u64 ring_lost; /* records that found the ring full */
};

#include "pdm6_abi_requests.h"

#endif
