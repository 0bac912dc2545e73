/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Octets moved as words. Of octets in a struct the compiler supposes any
 * alignment and moves them one by one: eight times the code, and the processor
 * waits when the kernel then reads as a word what was written so. Words may lie
 * anywhere on the processors meant here: pdm6_packet.h.
 */
#ifndef PDM6_WORDS_H
#define PDM6_WORDS_H

/* An address, a block, a tag. */
static __always_inline void pdm6_copy_16(void *to, const void *from)
{
	((__u64 *)to)[0] = ((const __u64 *)from)[0];
	((__u64 *)to)[1] = ((const __u64 *)from)[1];
}

/* 32 bits in network order. */
static __always_inline void pdm6_put_u32(void *to, __u32 value)
{
	*(__u32 *)to = bpf_htonl(value);
}

#endif
