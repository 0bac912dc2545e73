/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What one sealing or verification works on: pdm6_gcm.h. */
#ifndef PDM6_GCM_JOB_H
#define PDM6_GCM_JOB_H

#include "pdm6_abi.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	       "octets are read and written as little-endian words");

struct pdm6_gcm_job {
	__u8 nonce[12]; /* in */
	__u32 zero;
	__u8 associated_data[8]; /* in */
	__u8 block[16]; /* in: plaintext or ciphertext; out of seal: ciphertext */
	__u8 tag[16]; /* out */
	__u64 tag_mask[2]; /* scratch: E(J0) */
	__u64 keystream[2]; /* scratch: E(J0 + 1) */
	__u8 associated_block[16]; /* in of UDP options: 10 octets of associated data and zeros */
};

#endif
