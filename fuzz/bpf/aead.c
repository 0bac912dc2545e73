/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#include <openssl/evp.h>

#include "aead.h"
#include "kernel.h"

static EVP_CIPHER_CTX *context(void)
{
	static EVP_CIPHER_CTX *made;

	if (!made)
		made = EVP_CIPHER_CTX_new();
	must(made);
	return made;
}

/* Fetched once: OpenSSL 3 takes longer to find a cipher than to run it on a block. */
static const EVP_CIPHER *gcm(void)
{
	static EVP_CIPHER *fetched;

	if (!fetched)
		fetched = EVP_CIPHER_fetch(0, "AES-256-GCM", 0);
	must(fetched);
	return fetched;
}

/* Up to the tag. */
static void run(const uint8_t key[32], const uint8_t nonce[12], const uint8_t *associated_data, int associated_size,
		const uint8_t *in, int size, uint8_t *out, int sealing)
{
	int written;

	must(EVP_CipherInit_ex(context(), gcm(), 0, key, nonce, sealing));
	must(EVP_CipherUpdate(context(), 0, &written, associated_data, associated_size));
	must(EVP_CipherUpdate(context(), out, &written, in, size) && written == size);
}

void aead_seal(const uint8_t key[32], const uint8_t nonce[12], const uint8_t *associated_data,
	       int associated_size, const uint8_t plain[16], uint8_t sealed[16], uint8_t tag[16])
{
	int written;

	run(key, nonce, associated_data, associated_size, plain, 16, sealed, 1);
	must(EVP_CipherFinal_ex(context(), sealed, &written));
	must(EVP_CIPHER_CTX_ctrl(context(), EVP_CTRL_AEAD_GET_TAG, 16, tag));
}

int aead_open(const uint8_t key[32], const uint8_t nonce[12], const uint8_t *associated_data,
	      int associated_size, const uint8_t sealed[16], const uint8_t tag[16], uint8_t plain[16])
{
	int written;

	run(key, nonce, associated_data, associated_size, sealed, 16, plain, 0);
	must(EVP_CIPHER_CTX_ctrl(context(), EVP_CTRL_AEAD_SET_TAG, 16, (void *)tag));
	return EVP_CipherFinal_ex(context(), plain, &written) == 1;
}

int aead_open_frame(const uint8_t key[32], const uint8_t frame[68], uint8_t plain[20])
{
	int written;

	run(key, frame + 16, frame, 16, frame + 32, 20, plain, 0);
	must(EVP_CIPHER_CTX_ctrl(context(), EVP_CTRL_AEAD_SET_TAG, 16, (void *)(frame + 52)));
	return EVP_CipherFinal_ex(context(), plain, &written) == 1;
}

void aead_seal_frame(const uint8_t key[32], uint8_t frame[68], const uint8_t plain[20])
{
	int written;

	run(key, frame + 16, frame, 16, plain, 20, frame + 32, 1);
	must(EVP_CipherFinal_ex(context(), frame + 52, &written));
	must(EVP_CIPHER_CTX_ctrl(context(), EVP_CTRL_AEAD_GET_TAG, 16, frame + 52));
}

void aead_encrypt_block(const uint8_t key[32], const uint8_t block[16], uint8_t encrypted[16])
{
	int written;

	must(EVP_CipherInit_ex(context(), EVP_aes_256_ecb(), 0, key, 0, 1));
	must(EVP_CIPHER_CTX_set_padding(context(), 0));
	must(EVP_CipherUpdate(context(), encrypted, &written, block, 16) && written == 16);
}
