/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Our destination option in its three forms, and its header around it. */
#ifndef PDM6_OPTION_H
#define PDM6_OPTION_H

#include "pdm6_lane.h"
#include "pdm6_nonce.h"
#include "pdm6_number.h"
#include "pdm6_place.h"
#include "pdm6_time.h"
#include "pdm6_words.h"

/* RFC 8250 leaves it to the node; ours counts PDM packets sent, link-local apart, from 1. */
static __always_inline __u32 pdm6_next_global_pointer(const struct pdm6_flow *flow)
{
	__u32 index = pdm6_is_link_local(flow->source);
	__u64 *counter = bpf_map_lookup_elem(&global_pointers, &index);

	return counter ? (__u32)(__sync_fetch_and_add(counter, 1) + 1) : 0;
}

/* The 16 octets that the protected form encrypts and the clear form shows. */
static __always_inline void pdm6_fill_metrics(__u8 *block, const struct pdm6_flow *flow, const struct pdm6_number *number)
{
	struct pdm6_delta since_received = pdm6_delta_from_ns(number->since_received_ns);
	struct pdm6_delta received_after_sent = pdm6_delta_from_ns(number->received_after_sent_ns);

	pdm6_put_u32(block, number->psnlr);
	pdm6_put_u32(block + 4, pdm6_next_global_pointer(flow));
	pdm6_put_u32(block + 8, (__u32)since_received.scale << 24 | (__u32)received_after_sent.scale << 16);
	pdm6_put_u32(block + 12, (__u32)since_received.value << 16 | received_after_sent.value);
}

/* Type, length, version and epoch, PSNTP. */
static __always_inline void pdm6_fill_front(__u8 *option, __u8 option_type, __u32 size, __u32 epoch,
					    const struct pdm6_number *number)
{
	pdm6_put_u32(option, (__u32)option_type << 24 | (size - 2) << 16 | 2 << 12 | epoch);
	pdm6_put_u32(option + 4, number->psntp);
}

/* All but what is sealed, and what is to be sealed: into the job. */
static __always_inline void pdm6_begin_option(struct pdm6_scratch *work, __u32 epoch, const struct pdm6_flow *flow,
					      const struct pdm6_number *number, __u8 option_type)
{
	pdm6_fill_front(work->header + 2, option_type, PDM6_OPTION_SIZE, epoch, number);
	pdm6_fill_metrics(work->job.block, flow, number);
}

static __always_inline void pdm6_end_option(struct pdm6_scratch *work)
{
	pdm6_copy_16(work->header + 2 + 8, work->job.block);
	pdm6_copy_16(work->header + 2 + 24, work->job.tag);
}

/* With what was prepared for the number, or with the pair's key. */
static __always_inline void pdm6_seal(struct pdm6_scratch *work, const struct pdm6_sending_pair *pair,
				      const struct pdm6_flow *flow, const struct pdm6_number *number,
				      const struct pdm6_lane *lane, __u8 option_type)
{
	pdm6_begin_option(work, pair->epoch, flow, number, option_type);
	if (number->is_prepared) {
		pdm6_seal_prepared(lane, &work->job);
	} else {
		__builtin_memcpy(work->job.associated_data, work->header + 2, 8);
		pdm6_set_nonce(&work->job, pair->key.base_nonce, flow, PDM6_CARRIAGE_DESTINATION_OPTION, pair->epoch,
			       number->psntp);
		pdm6_gcm_seal(&pair->key, &work->job);
	}
	pdm6_end_option(work);
}

/* PDMv1 (RFC 8250 section 3): the same numbers, of 16 bits. */
static __always_inline void pdm6_fill_v1(__u8 *option, const struct pdm6_number *number)
{
	struct pdm6_delta since_received = pdm6_delta_from_ns(number->since_received_ns);
	struct pdm6_delta received_after_sent = pdm6_delta_from_ns(number->received_after_sent_ns);
	__u32 words[3];

	words[0] = bpf_htonl((__u32)PDM6_V1_OPTION_TYPE << 24 | (PDM6_V1_OPTION_SIZE - 2) << 16 |
			     (__u32)since_received.scale << 8 | received_after_sent.scale);
	words[1] = bpf_htonl(number->psntp << 16 | (number->psnlr & 0xffff));
	words[2] = bpf_htonl((__u32)since_received.value << 16 | received_after_sent.value);
	__builtin_memcpy(option, words, PDM6_V1_OPTION_SIZE);
}

__noinline int pdm6_fill_in_clear(struct pdm6_scratch *work, const struct pdm6_flow *flow,
				  const struct pdm6_number *number, __u32 form, __u32 option_type)
{
	__u8 *option;

	if (!work || !flow || !number)
		return -1; /* never so: the verifier supposes it may be */
	option = work->header + 2;
	if (form == PDM6_DESTOPT_V1) {
		pdm6_fill_v1(option, number);
		return 0;
	}
	pdm6_fill_front(option, option_type, PDM6_CLEAR_OPTION_SIZE, 0, number);
	pdm6_fill_metrics(option + 8, flow, number);
	return 0;
}

/* Next Header and length of the header, and the padding behind the option: fewer than 8 octets. */
static __always_inline void pdm6_fill_header(struct pdm6_scratch *work, const struct pdm6_place *place, __u32 option_size)
{
	__u32 padding = place->header_size - place->used - option_size;
	__u8 *behind = work->header + 2 + option_size;

	work->header[0] = place->protocol;
	work->header[1] = place->header_size / 8 - 1;
	*(__u64 *)behind = 0;
	if (padding > 1) {
		behind[0] = PDM6_PADN;
		behind[1] = padding - 2;
	}
}

/* If room cannot be given back: an option that says nothing, of version 0, for all to skip. */
static __noinline int pdm6_fill_idle(struct pdm6_scratch *work, const struct pdm6_place *place, __u32 option_type)
{
	__builtin_memset(work->header, 0, sizeof(work->header));
	work->header[0] = place->protocol;
	work->header[1] = place->header_size / 8 - 1;
	work->header[2] = option_type;
	work->header[3] = place->header_size - place->used - 2;
	return 0;
}

/* What stays in front of the option, for a packet that has extension headers. */
static __noinline int pdm6_write_in_front(struct __sk_buff *skb, struct pdm6_scratch *work, const struct pdm6_place *place)
{
	__u32 in_front = place->in_front, last_in_front = pdm6_last(in_front), last_used = pdm6_last(place->used);

	if (last_in_front < PDM6_MOST_IN_FRONT) {
		if (!place->there)
			work->in_front[place->named_at & (PDM6_MOST_IN_FRONT - 1)] = PDM6_DESTINATION_OPTIONS;
		bpf_skb_store_bytes(skb, PDM6_NETWORK_END, work->in_front, last_in_front + 1, 0);
	}
	if (place->there && last_used < PDM6_HEADER_SIZE) {
		work->kept[1] = work->header[1];
		bpf_skb_store_bytes(skb, PDM6_NETWORK_END + in_front, work->kept, last_used + 1, 0);
	}
	return 0;
}

/* A header of our own right behind the fixed one, both in one call. */
static __always_inline void pdm6_write_both(struct __sk_buff *skb, struct pdm6_scratch *work, const struct pdm6_place *place,
					    const struct pdm6_flow *flow, __u16 payload_length)
{
	__u32 last = pdm6_last(place->header_size);

	pdm6_put_u32(work->fixed, (__u32)payload_length << 16 | place->first << 8 | place->hop_limit);
	pdm6_copy_16(work->fixed + 4, flow->source);
	pdm6_copy_16(work->fixed + 20, flow->destination);
	if (last < PDM6_HEADER_SIZE)
		bpf_skb_store_bytes(skb, PDM6_LINK_HEADER + 4, work->fixed, PDM6_FIXED_REST + last + 1, 0);
}

/*
 * Put the header into the room made for it. By helper calls: for a program
 * with stores of its own the kernel copies every packet that is shared, and
 * drops those that it has no memory to copy.
 */
static __always_inline void pdm6_write_header(struct __sk_buff *skb, struct pdm6_scratch *work,
					      const struct pdm6_place *place, const struct pdm6_flow *flow,
					      __u16 payload_length)
{
	__u32 begin = PDM6_NETWORK_END + place->in_front, size = place->header_size, last;
	__u16 longer = payload_length + place->room;
	__u8 fixed[3] = { longer >> 8, longer & 0xff, place->first };
	const __u8 *from = work->header;

	if (!(place->in_front | place->there)) {
		pdm6_write_both(skb, work, place, flow, longer);
		return;
	}
	pdm6_write_in_front(skb, work, place);
	if (place->there) {
		begin += place->used;
		size -= place->used;
		from += 2;
	}
	last = pdm6_last(size);
	if (last < PDM6_HEADER_SIZE)
		bpf_skb_store_bytes(skb, begin, from, last + 1, 0);
	bpf_skb_store_bytes(skb, PDM6_LINK_HEADER + 4, fixed, sizeof(fixed), 0);
}

#endif
