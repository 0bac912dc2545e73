/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#ifndef PDM6_NONCE_H
#define PDM6_NONCE_H

#include "pdm6_gcm.h"

/* Carriages that share a key: protocol reference, section 6. */
enum {
	PDM6_CARRIAGE_DESTINATION_OPTION = 0,
	PDM6_CARRIAGE_UDP_OPTION = 1,
};

/*
 * base nonce XOR ( protocol u8 || carriage u8 || source port u16 ||
 *                  destination port u16 || epoch u16 || PSNTP u32 )
 */
static __always_inline void pdm6_set_nonce(struct pdm6_gcm_job *job, const __u8 *base_nonce,
					   const struct pdm6_flow *flow, __u32 carriage, __u32 epoch, __u32 psntp)
{
	__u32 base[3], words[3];

	__builtin_memcpy(base, base_nonce, 12);
	words[0] = bpf_htonl((__u32)flow->protocol << 24 | carriage << 16 | flow->source_port);
	words[1] = bpf_htonl((__u32)flow->destination_port << 16 | epoch);
	words[2] = bpf_htonl(psntp);
	words[0] ^= base[0];
	words[1] ^= base[1];
	words[2] ^= base[2];
	__builtin_memcpy(job->nonce, words, 12);
}

#endif
