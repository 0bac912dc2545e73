/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* AES-256-GCM of one option by OpenSSL: the other opinion. */
#ifndef FUZZ_AEAD_H
#define FUZZ_AEAD_H

#include <stdint.h>

/* One block, and the associated data of a protected PDMv2 option: 8 octets, as a UDP option 10. */
void aead_seal(const uint8_t key[32], const uint8_t nonce[12], const uint8_t *associated_data,
	       int associated_size, const uint8_t plain[16], uint8_t sealed[16], uint8_t tag[16]);
/* 1 and the plaintext, or 0. */
int aead_open(const uint8_t key[32], const uint8_t nonce[12], const uint8_t *associated_data,
	      int associated_size, const uint8_t sealed[16], const uint8_t tag[16], uint8_t plain[16]);
/* The same of a udp-frame: 16 octets of associated data, 20 of text. */
int aead_open_frame(const uint8_t key[32], const uint8_t frame[68], uint8_t plain[20]);
void aead_seal_frame(const uint8_t key[32], uint8_t frame[68], const uint8_t plain[20]);
/* AES-256 of one block. */
void aead_encrypt_block(const uint8_t key[32], const uint8_t block[16], uint8_t encrypted[16]);

#endif
