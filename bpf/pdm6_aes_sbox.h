/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * SubBytes (FIPS 197, section 5.1.1) as a circuit of 114 gates, 32 of them AND,
 * on 32 octets at once.
 *
 * An octet is an element of GF(2^8), seen as a pair over GF(2^4). Its inverse
 * is the pair (halves exchanged) divided by the norm, an element of GF(2^4):
 *
 *     x0 .. x7    the octet, x0 its highest bit
 *     y1 .. y21   sums of x: both halves, ready for multiplication
 *     n0 .. n3    the norm: nine products of two y each, and sums of y
 *     i0 .. i3    its inverse in GF(2^4); i02 = i0 + i2 and so on
 *     z0 .. z17   inverse of the norm times both halves: products of i and y
 *     s0 .. s7    sums of z: back to GF(2^8), and the affine map of SubBytes
 *                 without its constant 0x63, which is in the round keys
 *
 * Sums and products are those of Boyar and Peralta, "A small depth-16 circuit
 * for the AES S-box" (2012), the outer sums in the form with the fewest gates,
 * the inversion in GF(2^4) in the form with the least depth.
 *
 * eBPF has ten registers and no operation with three operands, and clang 14
 * knows neither that XOR and AND commute there nor how to order such a circuit
 * for few registers: left to it, a round takes a fifth more instructions. So
 * the gates stand in an order found by search (simulated annealing over the
 * orders, counting moves, loads and stores with nine registers), what has to
 * wait does so in "kept", and a gate gives up its first operand where it can.
 */
#ifndef PDM6_AES_SBOX_H
#define PDM6_AES_SBOX_H

#ifdef __bpf__
/* volatile: in this order. */
static __always_inline __u32 pdm6_aes_xor(__u32 a, __u32 b)
{
	asm volatile("%0 ^= %1" : "+w"(a) : "w"(b));
	return a;
}

static __always_inline __u32 pdm6_aes_and(__u32 a, __u32 b)
{
	asm volatile("%0 &= %1" : "+w"(a) : "w"(b));
	return a;
}
#else /* for tests on the processor itself */
#define pdm6_aes_xor(a, b) ((a) ^ (b))
#define pdm6_aes_and(a, b) ((a) & (b))
#endif

/* Word p of the state holds bit p of every octet, 0 the lowest. */
static __always_inline void pdm6_aes_substitute(__u32 state[8])
{
	__u32 x0 = state[7], x1 = state[6], x2 = state[5], x3 = state[4];
	__u32 x4 = state[3], x5 = state[2], x6 = state[1], x7 = state[0];
	struct {
		volatile __u32 y9, x7, y4, y1, y13, y14, y12, y8, y5, y15, y6, y3, y2, t8, y11, y17,
			y10, z11, z14, i23, z12, t41;
	} kept;

	__u32 t0 = pdm6_aes_xor(x2, x1);
	__u32 y9 = pdm6_aes_xor(x0, x3);
	kept.y9 = y9;
	__u32 y1 = pdm6_aes_xor(t0, x7);
	kept.x7 = x7;
	__u32 y4 = pdm6_aes_xor(y1, x3);
	__u32 y14 = pdm6_aes_xor(x3, x5);
	kept.y4 = y4;
	__u32 y5 = pdm6_aes_xor(y1, x6);
	__u32 y13 = pdm6_aes_xor(x6, x0);
	kept.y1 = y1;
	__u32 y12 = pdm6_aes_xor(y13, y14);
	__u32 t1 = pdm6_aes_xor(x4, y12);
	__u32 y20 = pdm6_aes_xor(x1, t1);
	__u32 y15 = pdm6_aes_xor(t1, x5);
	__u32 y8 = pdm6_aes_xor(x5, x0);
	kept.y13 = y13;
	__u32 y10 = pdm6_aes_xor(y15, t0);
	kept.y14 = y14;
	__u32 t2 = pdm6_aes_and(y12, y15);
	kept.y12 = y12;
	__u32 y3 = pdm6_aes_xor(y5, y8);
	kept.y8 = y8;
	__u32 t3 = pdm6_aes_and(kept.y1, y5);
	kept.y5 = y5;
	__u32 y6 = pdm6_aes_xor(kept.x7, y15);
	kept.y15 = y15;
	__u32 t4 = pdm6_aes_and(y3, y6);
	kept.y6 = y6;
	__u32 y2 = pdm6_aes_xor(kept.y1, x0);
	kept.y3 = y3;
	x7 = kept.x7;
	kept.y2 = y2;
	__u32 t5 = pdm6_aes_and(kept.y4, x7);
	__u32 t6 = pdm6_aes_xor(t4, t2);
	__u32 t7 = pdm6_aes_xor(t6, y20);
	__u32 t8 = pdm6_aes_xor(t5, t2);
	y9 = kept.y9;
	__u32 y11 = pdm6_aes_xor(y20, y9);
	__u32 y7 = pdm6_aes_xor(x7, y11);
	__u32 t9 = pdm6_aes_and(y9, y11);
	kept.t8 = t8;
	__u32 y17 = pdm6_aes_xor(y10, y11);
	__u32 y16 = pdm6_aes_xor(t0, y11);
	kept.y11 = y11;
	__u32 t10 = pdm6_aes_and(kept.y14, y17);
	kept.y17 = y17;
	__u32 t11 = pdm6_aes_and(kept.y13, y16);
	__u32 t12 = pdm6_aes_xor(t10, t9);
	__u32 t13 = pdm6_aes_xor(t3, t11);
	__u32 n0 = pdm6_aes_xor(t7, t12);
	__u32 t14 = pdm6_aes_xor(t13, t12);
	__u32 y18 = pdm6_aes_xor(x0, y16);
	__u32 y21 = pdm6_aes_xor(kept.y13, y16);
	__u32 n2 = pdm6_aes_xor(t14, y21);
	__u32 t15 = pdm6_aes_and(kept.y2, y7);
	__u32 t16 = pdm6_aes_xor(t15, t11);
	__u32 t17 = pdm6_aes_and(kept.y8, y10);
	__u32 t18 = pdm6_aes_xor(t17, t9);
	__u32 t19 = pdm6_aes_xor(kept.t8, t18);
	__u32 t20 = pdm6_aes_xor(t16, t18);
	__u32 n3 = pdm6_aes_xor(t20, y18);
	__u32 t21 = pdm6_aes_xor(n2, n3);
	__u32 y19 = pdm6_aes_xor(kept.y8, y10);
	__u32 n1 = pdm6_aes_xor(t19, y19);
	__u32 t22 = pdm6_aes_and(n2, n0);
	kept.y10 = y10;
	__u32 t23 = pdm6_aes_xor(n1, t22);
	__u32 t24 = pdm6_aes_and(t23, t21);
	__u32 t25 = pdm6_aes_and(n2, n1);
	__u32 t26 = pdm6_aes_and(t25, t21);
	__u32 t27 = pdm6_aes_xor(t21, t22);
	__u32 i3 = pdm6_aes_xor(t26, t27);
	__u32 i2 = pdm6_aes_xor(t24, n3);
	__u32 t28 = pdm6_aes_and(n0, n3);
	__u32 t29 = pdm6_aes_xor(n3, t22);
	__u32 t30 = pdm6_aes_xor(n0, n1);
	__u32 t31 = pdm6_aes_and(t29, t30);
	__u32 i0 = pdm6_aes_xor(n1, t31);
	__u32 t32 = pdm6_aes_xor(t22, t30);
	__u32 t33 = pdm6_aes_and(t30, t28);
	__u32 z14 = pdm6_aes_and(kept.y2, i0);
	__u32 i1 = pdm6_aes_xor(t33, t32);
	__u32 i01 = pdm6_aes_xor(i0, i1);
	__u32 z11 = pdm6_aes_and(kept.y4, i2);
	__u32 z5 = pdm6_aes_and(y7, i0);
	__u32 i02 = pdm6_aes_xor(i0, i2);
	kept.z11 = z11;
	__u32 z12 = pdm6_aes_and(kept.y13, i01);
	__u32 z3 = pdm6_aes_and(i01, y16);
	__u32 z4 = pdm6_aes_and(kept.y1, i1);
	kept.z14 = z14;
	__u32 z2 = pdm6_aes_and(kept.x7, i2);
	__u32 i23 = pdm6_aes_xor(i2, i3);
	__u32 t34 = pdm6_aes_xor(z4, z3);
	__u32 t35 = pdm6_aes_xor(z3, z5);
	__u32 z0 = pdm6_aes_and(kept.y15, i23);
	kept.i23 = i23;
	__u32 z10 = pdm6_aes_and(kept.y3, i3);
	__u32 t36 = pdm6_aes_xor(z2, z0);
	__u32 t37 = pdm6_aes_xor(t35, t36);
	__u32 t38 = pdm6_aes_xor(t36, z12);
	kept.z12 = z12;
	__u32 z1 = pdm6_aes_and(kept.y6, i3);
	__u32 t39 = pdm6_aes_xor(z1, z0);
	__u32 z13 = pdm6_aes_and(kept.y5, i1);
	__u32 i13 = pdm6_aes_xor(i1, i3);
	__u32 z8 = pdm6_aes_and(kept.y10, i13);
	__u32 t40 = pdm6_aes_xor(z8, t38);
	__u32 t41 = pdm6_aes_xor(t39, t34);
	__u32 z17 = pdm6_aes_and(kept.y8, i13);
	__u32 i0123 = pdm6_aes_xor(i13, i02);
	kept.t41 = t41;
	__u32 z7 = pdm6_aes_and(kept.y17, i0123);
	__u32 t42 = pdm6_aes_xor(z7, t34);
	__u32 z6 = pdm6_aes_and(kept.y11, i02);
	__u32 t43 = pdm6_aes_xor(t40, t42);
	__u32 t44 = pdm6_aes_xor(z6, t42);
	y9 = kept.y9;
	__u32 z15 = pdm6_aes_and(i02, y9);
	y14 = kept.y14;
	__u32 z16 = pdm6_aes_and(i0123, y14);
	__u32 t45 = pdm6_aes_xor(kept.z14, t43);
	__u32 t46 = pdm6_aes_xor(z16, z15);
	__u32 t47 = pdm6_aes_xor(z10, t46);
	__u32 t48 = pdm6_aes_xor(z15, t44);
	__u32 t49 = pdm6_aes_xor(z13, t46);
	__u32 t50 = pdm6_aes_xor(kept.z11, t47);
	__u32 t51 = pdm6_aes_xor(t49, t37);
	__u32 s5 = pdm6_aes_xor(t50, t45);
	__u32 t52 = pdm6_aes_xor(t45, t48);
	__u32 s2 = pdm6_aes_xor(t52, z17);
	y12 = kept.y12;
	__u32 z9 = pdm6_aes_and(kept.i23, y12);
	__u32 s6 = pdm6_aes_xor(t43, t51);
	__u32 t53 = pdm6_aes_xor(z9, t47);
	__u32 s3 = pdm6_aes_xor(kept.t41, t53);
	__u32 s0 = pdm6_aes_xor(t53, t44);
	__u32 s7 = pdm6_aes_xor(kept.z12, t51);
	__u32 s4 = pdm6_aes_xor(t37, s3);
	__u32 s1 = pdm6_aes_xor(t44, s3);

	state[7] = s0;
	state[6] = s1;
	state[5] = s2;
	state[4] = s3;
	state[3] = s4;
	state[2] = s5;
	state[1] = s6;
	state[0] = s7;
}

#endif
