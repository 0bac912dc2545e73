/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * PDMv2 as a UDP option (RFC 9868; protocol reference, section 5), sending:
 *
 *     UDP header and data | a zero, if they end at an odd offset |
 *     OCS, 2 octets | 127 | 42 or 26 | ExID, 2 octets | version ... as in the destination option
 *
 * The UDP length stays, so who knows nothing of it takes the datagram as it
 * was. The tail is made first; it is zeros then, behind the end that the IPv6
 * header tells, and nothing is lost if it cannot be taken away again.
 */
#ifndef PDM6_UDP_OPTION_H
#define PDM6_UDP_OPTION_H

#include "pdm6_form.h"
#include "pdm6_mtu.h"
#include "pdm6_option.h"

#define PDM6_OCS_SIZE 2
#define PDM6_EXPERIMENT 127 /* RFC 9868 section 11.9 */
#define PDM6_UDP_LENGTH_AT 4
#define PDM6_UDP_CHECKSUM_AT 6
#define PDM6_UDP_HEADER 8

/* The surplus area behind a datagram. */
struct pdm6_area {
	__u32 upper_offset;
	__u32 begin; /* the packet's length without it */
	__u32 pad; /* 1: the datagram ends at an odd offset */
	__u32 size; /* pad included */
};

/* Octets of a form's option as a UDP option: kind, length and ExID for the type and length of the other. */
static __always_inline __u32 pdm6_udp_option_size(enum pdm6_carriage form)
{
	return form == PDM6_UDP_OPTION ? PDM6_OPTION_SIZE + 2 : PDM6_CLEAR_OPTION_SIZE + 2;
}

/* Must the datagram be left alone, by what its length says? Negative: no, and it ends with the packet. */
static __always_inline int pdm6_refuse_datagram(struct __sk_buff *skb, __u32 upper_offset)
{
	__u16 length;

	if (bpf_skb_load_bytes(skb, upper_offset + PDM6_UDP_LENGTH_AT, &length, sizeof(length)))
		return PDM6_MALFORMED_PACKET;
	length = bpf_ntohs(length);
	if (skb->gso_size) /* the length may be one segment's */
		return PDM6_UDP_GSO;
	if (length < PDM6_UDP_HEADER || upper_offset + length > skb->len)
		return PDM6_MALFORMED_PACKET;
	return upper_offset + length != skb->len ? PDM6_SURPLUS_AREA : -1;
}

/* The area that the form needs. Negative; or why this datagram gets none. */
static __noinline int pdm6_fit_area(struct __sk_buff *skb, struct pdm6_area *area, enum pdm6_carriage form)
{
	int refused = pdm6_refuse_datagram(skb, area->upper_offset);

	if (refused >= 0)
		return refused;
	area->begin = skb->len;
	area->pad = (area->begin - area->upper_offset) & 1;
	area->size = area->pad + PDM6_OCS_SIZE + pdm6_udp_option_size(form);
	return pdm6_too_big(skb, PDM6_UDP, area->size);
}

/* 0, or the packet is as it was. Afterwards all of it is writable: the stores to come need no memory. */
static __always_inline int pdm6_make_area(struct __sk_buff *skb, const struct pdm6_area *area)
{
	return bpf_skb_change_tail(skb, area->begin + area->size, 0);
}

static __always_inline void pdm6_give_area_back(struct __sk_buff *skb, const struct pdm6_area *area)
{
	bpf_skb_change_tail(skb, area->begin, 0);
}

/* OCS to PSNTP, into scratch->area from octet 4 on: so the checksum's words are aligned. */
static __always_inline void pdm6_fill_area_front(struct pdm6_scratch *work, enum pdm6_carriage form, __u32 exid, __u32 epoch,
						 const struct pdm6_number *number)
{
	__u8 *area = work->area;

	area[3] = 0; /* the pad */
	area[4] = area[5] = 0; /* OCS is summed as 0 */
	pdm6_fill_front(area + 8, exid >> 8, (exid & 0xff) + 2, epoch, number); /* the ExID stands where the other has type and length */
	area[6] = PDM6_EXPERIMENT;
	area[7] = pdm6_udp_option_size(form);
}

/* From the kind to PSNTP; given from the ExID on. */
static __always_inline void pdm6_fill_udp_option_associated_data(struct pdm6_gcm_job *job, const __u8 *behind_length)
{
	job->associated_block[0] = PDM6_EXPERIMENT;
	job->associated_block[1] = PDM6_OPTION_SIZE + 2;
	__builtin_memcpy(job->associated_block + 2, behind_length, 8);
	__builtin_memset(job->associated_block + 10, 0, 6);
}

/* All but what is sealed, and what is to be sealed: into the job. */
static __always_inline void pdm6_begin_udp_option(struct pdm6_scratch *work, __u32 epoch, const struct pdm6_flow *flow,
						  const struct pdm6_number *number, __u32 exid)
{
	pdm6_fill_area_front(work, PDM6_UDP_OPTION, exid, epoch, number);
	pdm6_fill_metrics(work->job.block, flow, number);
}

static __always_inline void pdm6_end_udp_option(struct pdm6_scratch *work)
{
	pdm6_copy_16(work->area + 16, work->job.block);
	pdm6_copy_16(work->area + 32, work->job.tag);
}

/* With what was prepared for the number, or with the pair's key. */
static __always_inline void pdm6_seal_udp_option(struct pdm6_scratch *work, const struct pdm6_sending_pair *pair,
						 const struct pdm6_flow *flow, const struct pdm6_number *number,
						 const struct pdm6_lane *lane, __u32 exid)
{
	struct pdm6_gcm_job *job = &work->job;

	pdm6_begin_udp_option(work, pair->epoch, flow, number, exid);
	if (number->is_prepared) {
		pdm6_seal_prepared(lane, job);
	} else {
		pdm6_fill_udp_option_associated_data(job, work->area + 8);
		pdm6_set_nonce(job, pair->key.base_nonce, flow, PDM6_CARRIAGE_UDP_OPTION, pair->epoch, number->psntp);
		pdm6_gcm_seal_udp_option(&pair->key, job);
	}
	pdm6_end_udp_option(work);
}

static __noinline int pdm6_fill_udp_option_in_clear(struct pdm6_scratch *work, const struct pdm6_flow *flow,
							  const struct pdm6_number *number, __u32 exid)
{
	pdm6_fill_area_front(work, PDM6_UDP_OPTION_CLEAR, exid, 0, number);
	pdm6_fill_metrics(work->area + 16, flow, number);
	return 0;
}

/* The one's-complement sum of 16 bits, in the order of the octets. */
static __always_inline __u16 pdm6_fold(__u64 sum)
{
	sum = (sum >> 32) + (__u32)sum;
	sum = (sum >> 32) + (__u32)sum;
	sum = (sum >> 16) + (__u16)sum;
	sum = (sum >> 16) + (__u16)sum;
	return sum;
}

/* The option checksum: with it the area adds up to minus its own length (RFC 9868 section 9). */
static __always_inline void pdm6_fill_area_checksum(struct pdm6_scratch *work, const struct pdm6_area *area, __u32 words)
{
	__u64 sum = bpf_htons(area->size);
	__u32 word;
	__u16 ocs;

#pragma clang loop unroll(disable)
	for (__u32 i = 0; i < words; i++) {
		__builtin_memcpy(&word, work->area + 4 + 4 * i, 4);
		sum += word;
	}
	ocs = ~pdm6_fold(sum);
	if (!ocs)
		ocs = 0xffff;
	__builtin_memcpy(work->area + 4, &ocs, PDM6_OCS_SIZE);
}

/*
 * Change what a partial checksum begins with, and nothing else. The network
 * card sums from the UDP header to the end of the packet, surplus area
 * included, which adds up to minus its length: so that is added beforehand. Of
 * two replacements the first does this; elsewhere the second takes the first
 * back. A checksum of 0 is none, and stays; one that comes out as 0 is ffff.
 */
static __always_inline void pdm6_correct_partial_checksum(struct __sk_buff *skb, __u32 upper_offset, __u16 from, __u16 to)
{
	const __u64 flags = BPF_F_MARK_MANGLED_0 | sizeof(__u16);

	bpf_l4_csum_replace(skb, upper_offset + PDM6_UDP_CHECKSUM_AT, from, to, BPF_F_PSEUDO_HDR | flags);
	bpf_l4_csum_replace(skb, upper_offset + PDM6_UDP_CHECKSUM_AT, to, from, flags);
}

/* By helper calls, as pdm6_write_header. The buffer has the area without its pad from octet 4 on. */
static __noinline int pdm6_write_area(struct __sk_buff *skb, struct pdm6_scratch *work, const struct pdm6_area *area,
				      enum pdm6_carriage form, __u16 payload_length)
{
	__u16 longer = bpf_htons(payload_length + area->size);

	if (form == PDM6_UDP_OPTION) {
		pdm6_fill_area_checksum(work, area, 11);
		bpf_skb_store_bytes(skb, area->begin + area->pad, work->area + 4, 44, 0);
	} else {
		pdm6_fill_area_checksum(work, area, 7);
		bpf_skb_store_bytes(skb, area->begin + area->pad, work->area + 4, 28, 0);
	}
	bpf_skb_store_bytes(skb, PDM6_LINK_HEADER + 4, &longer, sizeof(longer), 0);
	pdm6_correct_partial_checksum(skb, area->upper_offset, 0, bpf_htons(area->size));
	return 0;
}

#endif
