/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Delta times of RFC 8250 section 3.2.1: value << scale attoseconds. */
#ifndef PDM6_TIME_H
#define PDM6_TIME_H

struct pdm6_delta {
	__u16 value;
	__u8 scale;
};

/* Position of the highest bit, for a value that is not 0; no branches, so no verifier states. */
static __always_inline __u32 pdm6_log2(__u64 value)
{
	__u32 bit, result = 0;

	bit = (value > 0xffffffff) << 5;
	value >>= bit;
	result |= bit;
	bit = (value > 0xffff) << 4;
	value >>= bit;
	result |= bit;
	bit = (value > 0xff) << 3;
	value >>= bit;
	result |= bit;
	bit = (value > 0xf) << 2;
	value >>= bit;
	result |= bit;
	bit = (value > 0x3) << 1;
	value >>= bit;
	result |= bit;
	return result | (__u32)(value >> 1);
}

/*
 * ns * 10^9 = (ns * 5^9) << 9, so nine bits of the scale come for free and the
 * product fits 64 bits below 2^43 ns (2.4 hours); above, 21 bits go first.
 */
static __always_inline struct pdm6_delta pdm6_delta_from_ns(__u64 ns)
{
	struct pdm6_delta delta = {};
	__u32 coarse = (ns >> 43 != 0) * 21;
	__u64 scaled = (ns >> coarse) * 1953125;
	__u32 drop;

	if (!ns)
		return delta;
	/* scaled has at least 21 bits, so at least 5 are dropped */
	drop = (pdm6_log2(scaled) - 15) & 63;
	delta.value = (__u16)(scaled >> drop);
	delta.scale = (__u8)(drop + 9 + coarse);
	return delta;
}

#endif
