/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The same programs with the kernel's own cipher for the two counter blocks:
 * bpf_crypto_encrypt, "ecb(aes)", one call for both. GHASH stays ours. One key,
 * kept in a map, for all pairs. For measuring only; needs clang 15 or later,
 * because clang 14 leaves out the type tag of a pointer in a map.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* Ours goes by another name, and is left out as nobody calls it. */
#define pdm6_aes_counter_blocks pdm6_aes_counter_blocks_of_ours
#include "pdm6_aes.h"
#undef pdm6_aes_counter_blocks

#define BENCH_KEY_SIZE 32

/* The kernel's: that it has members is all that is said here. */
struct bpf_crypto_ctx {
	const void *type;
} __attribute__((preserve_access_index));

/* The kernel's, of which the order of members is part of its interface. */
struct bpf_crypto_params {
	char type[14];
	__u8 reserved[2];
	char algo[128];
	__u8 key[256];
	__u32 key_len;
	__u32 authsize;
};

extern struct bpf_crypto_ctx *bpf_crypto_ctx_create(const struct bpf_crypto_params *params, __u32 params__sz, int *err) __ksym;
extern void bpf_crypto_ctx_release(struct bpf_crypto_ctx *context) __ksym;
extern int bpf_crypto_encrypt(struct bpf_crypto_ctx *context, const struct bpf_dynptr *source, const struct bpf_dynptr *destination,
			      const struct bpf_dynptr *state) __ksym;

struct bench_cipher {
	struct bpf_crypto_ctx __attribute__((btf_type_tag("kptr"))) *context;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bench_cipher);
} ciphers SEC(".maps");

struct bench_blocks {
	__u32 words[8];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bench_blocks);
} blocks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bpf_crypto_params);
} parameters SEC(".maps");

/* In place of ours, with the same job: nonce || 1 to tag_mask, nonce || 2 to keystream. */
__noinline int pdm6_aes_counter_blocks(const struct pdm6_key *key, struct pdm6_gcm_job *job)
{
	struct bench_cipher *cipher;
	struct bpf_dynptr both;
	struct bpf_crypto_ctx *context;
	struct bench_blocks *work;
	__u32 zero = 0;

	if (!key || !job)
		return -1;
	work = bpf_map_lookup_elem(&blocks, &zero);
	cipher = bpf_map_lookup_elem(&ciphers, &zero);
	if (!work || !cipher)
		return -1;
	context = cipher->context;
	if (!context)
		return -1;
	__builtin_memcpy(work->words, job->nonce, 12);
	__builtin_memcpy(work->words + 4, job->nonce, 12);
	work->words[3] = 1U << 24;
	work->words[7] = 2U << 24;
	if (bpf_dynptr_from_mem(work, sizeof(*work), 0, &both) || bpf_crypto_encrypt(context, &both, &both, 0))
		return -1;
	__builtin_memcpy(job->tag_mask, work->words, 16);
	__builtin_memcpy(job->keystream, work->words + 4, 16);
	return 0;
}

#include "runs.bpf.c"

struct bench_key {
	__u64 words[BENCH_KEY_SIZE / 8];
};

/* Makes the cipher with the key that is given. Returns 0, or what went wrong. */
SEC("syscall")
int bench_set_cipher(const struct bench_key *key)
{
	struct bpf_crypto_params *asked;
	struct bpf_crypto_ctx *context;
	struct bench_cipher *cipher;
	__u32 zero = 0;
	int error = 0;

	asked = bpf_map_lookup_elem(&parameters, &zero);
	cipher = bpf_map_lookup_elem(&ciphers, &zero);
	if (!asked || !cipher)
		return -1;
	__builtin_memcpy(asked->type, "skcipher", sizeof("skcipher"));
	__builtin_memcpy(asked->algo, "ecb(aes)", sizeof("ecb(aes)"));
	asked->key_len = BENCH_KEY_SIZE;
#pragma unroll
	for (int i = 0; i < BENCH_KEY_SIZE / 8; i++)
		((__u64 *)asked->key)[i] = key->words[i];
	context = bpf_crypto_ctx_create(asked, sizeof(*asked), &error);
	if (!context)
		return error;
	context = bpf_kptr_xchg(&cipher->context, context);
	if (context)
		bpf_crypto_ctx_release(context);
	return 0;
}
