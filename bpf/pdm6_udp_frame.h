/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * PDMv2 in a udp-frame (protocol reference, section 4): the framing of the
 * hackathon report. It takes the place of a datagram's payload, so a rule must
 * say that nobody needs that. All frames made here have this shape:
 *
 *      0  version 2 | flags 5: encrypted, key id | key id: the epoch
 *      4  sequence: PSNTP
 *      8  microseconds since the Unix epoch
 *     16  nonce: 0 u32 | serial of the epoch, 24 bits | number, 40 bits, from 1
 *     28  20: octets of the text
 *     32  the text, encrypted: TLV 7, 16 octets: what the destination option protects
 *     52  tag
 *
 * The nonce does not come from the flow's number: one key serves all frames of
 * a pair in an epoch. It comes from a count that lies beside the key and goes
 * with it. With the serial of the epoch in front, not even user space that
 * gives one key to two epochs can bring a nonce back.
 */
#ifndef PDM6_UDP_FRAME_H
#define PDM6_UDP_FRAME_H

#include "pdm6_option.h"
#include "pdm6_udp_option.h"

#define PDM6_FRAME_VERSION 2
#define PDM6_FRAME_FLAGS 5
#define PDM6_FRAME_NUMBER_BITS 40
#define PDM6_FRAME_NUMBERS (1ULL << PDM6_FRAME_NUMBER_BITS)
#define PDM6_FRAME_LENGTH_AT 28
#define PDM6_TLV_PDM (7U << 16 | 16)

_Static_assert(__builtin_offsetof(struct pdm6_scratch, rest_of_frame) ==
		       __builtin_offsetof(struct pdm6_scratch, observation) + sizeof(struct pdm6_observation),
	       "a frame's record is read in one piece");

/* Can the datagram become a frame? Negative: it can; or why it cannot. */
static __noinline int pdm6_fit_frame(struct __sk_buff *skb, __u32 upper_offset)
{
	__u32 end = upper_offset + PDM6_DATAGRAM_SIZE;
	int refused = pdm6_refuse_datagram(skb, upper_offset);

	if (refused >= 0)
		return refused;
	return end > skb->len ? pdm6_too_big(skb, PDM6_UDP, end - skb->len) : -1;
}

static __always_inline struct pdm6_frame_pair *pdm6_frame_pair(const struct pdm6_pair *pair)
{
	__u32 zero = 0;
	void *epoch = bpf_map_lookup_elem(&frame_epochs, &zero);

	return epoch ? bpf_map_lookup_elem(epoch, pair) : 0;
}

/* The next number of a pair's key, as its nonce has it; 0: there is none left. */
static __always_inline __u64 pdm6_take_frame_number(struct pdm6_frame_pair *pair)
{
	__u64 taken = __sync_fetch_and_add(&pair->taken, 1); /* guard: frame-number */

	if (taken >= PDM6_FRAME_NUMBERS - 1) /* guard: frame-wrap */
		return 0;
	if (pair->serial >> (64 - PDM6_FRAME_NUMBER_BITS))
		return 0;
	return pair->serial << PDM6_FRAME_NUMBER_BITS | (taken + 1); /* guard: frame-serial */
}

/* Everything but what is sealed. */
static __always_inline void pdm6_fill_frame(__u8 *frame, const struct pdm6_frame_pair *pair, const struct pdm6_flow *flow,
					    const struct pdm6_number *number, __u64 frame_number, __u64 unix_ns)
{
	__u64 microseconds = unix_ns / 1000;
	__u32 words[9];

	words[0] = bpf_htonl((__u32)PDM6_FRAME_VERSION << 24 | PDM6_FRAME_FLAGS << 16 | pair->epoch);
	words[1] = bpf_htonl(number->psntp);
	words[2] = bpf_htonl(microseconds >> 32);
	words[3] = bpf_htonl((__u32)microseconds);
	words[4] = 0;
	words[5] = bpf_htonl(frame_number >> 32);
	words[6] = bpf_htonl((__u32)frame_number);
	words[7] = bpf_htonl(PDM6_FRAME_TEXT_SIZE);
	words[8] = bpf_htonl(PDM6_TLV_PDM);
	__builtin_memcpy(frame, words, sizeof(words));
	pdm6_fill_metrics(frame + sizeof(words), flow, number);
}

/* The pseudo-header of RFC 8200 section 8.1. */
static __always_inline void pdm6_fill_pseudo_header(__u8 *pseudo_header, const struct pdm6_flow *flow)
{
	__u32 length = bpf_htonl(PDM6_DATAGRAM_SIZE), protocol = bpf_htonl(PDM6_UDP);

	__builtin_memcpy(pseudo_header, flow->source, 16);
	__builtin_memcpy(pseudo_header + 16, flow->destination, 16);
	__builtin_memcpy(pseudo_header + 32, &length, 4);
	__builtin_memcpy(pseudo_header + 36, &protocol, 4);
}

/*
 * Is the checksum a partial one, which the network card or the kernel will
 * complete? A replacement that is to touch whole ones only leaves such a field
 * as it is, and changes any other. What it changes is written anew afterwards.
 */
static __always_inline int pdm6_is_partial(struct __sk_buff *skb, __u32 checksum_offset)
{
	__u16 before = 0, after = 0;

	bpf_skb_load_bytes(skb, checksum_offset, &before, sizeof(before));
	bpf_l4_csum_replace(skb, checksum_offset, 0, 1, sizeof(__u16));
	bpf_skb_load_bytes(skb, checksum_offset, &after, sizeof(after));
	return before == after;
}

/*
 * UDP length and checksum of the datagram, whose ports and frame are in their
 * places. A partial checksum is the sum of the pseudo-header alone, and not
 * complemented; a whole one is right also where there was none, which IPv6 does
 * not allow.
 */
static __always_inline void pdm6_fill_udp_header(struct __sk_buff *skb, struct pdm6_frame_work *frame)
{
	__u16 length = bpf_htons(PDM6_DATAGRAM_SIZE), checksum;

	__builtin_memcpy(frame->datagram + PDM6_UDP_LENGTH_AT, &length, sizeof(length));
	__builtin_memset(frame->datagram + PDM6_UDP_CHECKSUM_AT, 0, sizeof(checksum));
	pdm6_fill_pseudo_header(frame->pseudo_header, &frame->flow);
	if (pdm6_is_partial(skb, frame->upper_offset + PDM6_UDP_CHECKSUM_AT)) {
		checksum = pdm6_fold((__u32)bpf_csum_diff(0, 0, (void *)frame->pseudo_header, PDM6_PSEUDO_HEADER, 0));
	} else {
		checksum = ~pdm6_fold((__u32)bpf_csum_diff(0, 0, (void *)frame->pseudo_header,
							   PDM6_PSEUDO_HEADER + PDM6_DATAGRAM_SIZE, 0));
		if (!checksum)
			checksum = 0xffff;
	}
	__builtin_memcpy(frame->datagram + PDM6_UDP_CHECKSUM_AT, &checksum, sizeof(checksum));
}

/* The datagram as it is on the wire, and the length of the packet with it. Everything is writable: nothing can fail. */
static __always_inline void pdm6_write_frame(struct __sk_buff *skb, struct pdm6_frame_work *frame)
{
	__u16 payload_length = bpf_htons(frame->upper_offset + PDM6_DATAGRAM_SIZE - PDM6_NETWORK_END);

	bpf_skb_store_bytes(skb, frame->upper_offset, frame->datagram, PDM6_DATAGRAM_SIZE, 0);
	bpf_skb_store_bytes(skb, PDM6_LINK_HEADER + 4, &payload_length, sizeof(payload_length), 0);
}

/* May a datagram with these ports be a frame? Most hosts have no such port. */
static __always_inline int pdm6_may_be_frame(struct __sk_buff *skb, __u32 upper_offset)
{
	__u32 zero = 0;
	const struct pdm6_frame_ports *ports = bpf_map_lookup_elem(&frame_ports, &zero);
	__u16 port[2];
	__u64 bits;

	if (!ports || pdm6_load_word(skb, upper_offset, port))
		return 0;
	bits = ports->words[bpf_ntohs(port[0]) >> 6] >> (bpf_ntohs(port[0]) & 63);
	bits |= ports->words[bpf_ntohs(port[1]) >> 6] >> (bpf_ntohs(port[1]) & 63);
	return bits & 1;
}

/* Has a received datagram the shape of the frames made here? Others there may be: a prober's. */
static __always_inline int pdm6_is_our_frame(const __u8 *datagram)
{
	const __u8 *frame = datagram + PDM6_UDP_HEADER;
	__u32 nonce_front, text_size;
	__u16 length;

	__builtin_memcpy(&length, datagram + PDM6_UDP_LENGTH_AT, sizeof(length));
	__builtin_memcpy(&nonce_front, frame + PDM6_FRAME_NONCE_AT, 4);
	__builtin_memcpy(&text_size, frame + PDM6_FRAME_LENGTH_AT, 4);
	return length == bpf_htons(PDM6_DATAGRAM_SIZE) && frame[0] == PDM6_FRAME_VERSION && frame[1] == PDM6_FRAME_FLAGS &&
	       frame[2] < 16 && !nonce_front && text_size == bpf_htonl(PDM6_FRAME_TEXT_SIZE);
}

#endif
