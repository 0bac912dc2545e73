/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Key material as user space hands it to the programs. */
#ifndef FUZZ_PACKED_KEY_H
#define FUZZ_PACKED_KEY_H

#include <stdint.h>
#include <linux/bpf.h>
#include "../../bpf/pdm6_abi.h"

/* From an AES-256 key and a base nonce; what the bits mean is told in pdm6_aes.h and pdm6_ghash.h. */
void pack_key(const uint8_t key[32], const uint8_t base_nonce[12], struct pdm6_key *packed);

/* The same of udp-frames. */
void pack_frames_key(const uint8_t key[32], struct pdm6_key *packed);

#endif
