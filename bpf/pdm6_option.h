/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Our Destination Options header: made, sealed, written. */
#ifndef PDM6_OPTION_H
#define PDM6_OPTION_H

#include "pdm6_lane.h"
#include "pdm6_nonce.h"
#include "pdm6_number.h"
#include "pdm6_time.h"

/* RFC 8250 leaves it to the node; ours counts PDM packets sent, link-local apart, from 1. */
static __always_inline __u32 pdm6_next_global_pointer(const struct pdm6_flow *flow)
{
	__u32 index = pdm6_is_link_local(flow->source);
	__u64 *counter = bpf_map_lookup_elem(&global_pointers, &index);

	return counter ? (__u32)(__sync_fetch_and_add(counter, 1) + 1) : 0;
}

/*
 * Fill scratch->header with our Destination Options header, sealed:
 * next header, length 5 | option, 40 octets | PadN, 6 octets
 */
static __always_inline void pdm6_seal(struct pdm6_scratch *work, const struct pdm6_sending_pair *pair,
				      const struct pdm6_flow *flow, const struct pdm6_number *number,
				      const struct pdm6_lane *lane, __u8 option_type)
{
	struct pdm6_delta since_received = pdm6_delta_from_ns(number->since_received_ns);
	struct pdm6_delta received_after_sent = pdm6_delta_from_ns(number->received_after_sent_ns);
	__u32 words[4];
	__u8 *option = work->header + 2;

	option[0] = option_type;
	option[1] = PDM6_OPTION_SIZE - 2;
	option[2] = 2 << 4 | pair->epoch >> 8;
	option[3] = pair->epoch;
	words[0] = bpf_htonl(number->psntp);
	__builtin_memcpy(option + 4, &words[0], 4);
	__builtin_memcpy(work->job.associated_data, option, 8);

	words[0] = bpf_htonl(number->psnlr);
	words[1] = bpf_htonl(pdm6_next_global_pointer(flow));
	words[2] = bpf_htonl((__u32)since_received.scale << 24 | (__u32)received_after_sent.scale << 16);
	words[3] = bpf_htonl((__u32)since_received.value << 16 | received_after_sent.value);
	__builtin_memcpy(work->job.block, words, 16);

	if (lane && number->is_prepared) {
		pdm6_seal_prepared(lane, &work->job);
	} else {
		pdm6_set_nonce(&work->job, pair->key.base_nonce, flow, PDM6_CARRIAGE_DESTINATION_OPTION, pair->epoch,
			       number->psntp);
		pdm6_gcm_seal(&pair->key, &work->job);
	}

	__builtin_memcpy(option + 8, work->job.block, 16);
	__builtin_memcpy(option + 24, work->job.tag, 16);
	work->header[0] = flow->protocol;
	work->header[1] = PDM6_HEADER_SIZE / 8 - 1;
	work->header[42] = 1; /* PadN */
	work->header[43] = 4;
	work->header[44] = work->header[45] = work->header[46] = work->header[47] = 0;
}

/* If room cannot be given back: a header with one option that says nothing, of version 0, for all to skip. */
static __always_inline void pdm6_fill_idle(struct pdm6_scratch *work, __u8 protocol, __u8 option_type)
{
	__builtin_memset(work->header, 0, PDM6_HEADER_SIZE);
	work->header[0] = protocol;
	work->header[1] = PDM6_HEADER_SIZE / 8 - 1;
	work->header[2] = option_type;
	work->header[3] = PDM6_HEADER_SIZE - 4;
}

/*
 * Put the header into the room made for it. By helper calls: for a program
 * with stores of its own the kernel copies every packet that is shared, and
 * drops those that it has no memory to copy.
 */
static __always_inline void pdm6_write_header(struct __sk_buff *skb, const __u8 *header, __u16 payload_length)
{
	__u8 fixed[3] = {
		(payload_length + PDM6_HEADER_SIZE) >> 8,
		(payload_length + PDM6_HEADER_SIZE) & 0xff,
		PDM6_DESTINATION_OPTIONS,
	};

	bpf_skb_store_bytes(skb, PDM6_NETWORK_END, header, PDM6_HEADER_SIZE, 0);
	bpf_skb_store_bytes(skb, PDM6_LINK_HEADER + 4, fixed, sizeof(fixed), 0);
}

#endif
