/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Arguments of the programs that user space runs: packet data of a test run. A part of pdm6_abi.h. */
#ifndef PDM6_ABI_REQUESTS_H
#define PDM6_ABI_REQUESTS_H

/* Of the "retire" program. */
struct pdm6_retire_request {
	__u8 ethernet[14]; /* a test run wants a link header; ignored */
	__u8 zero[2];
	__u32 slot;
	__u32 zero2;
	struct pdm6_flow flow;
	__u64 serial_before; /* idle: last number taken under an older serial ... */
	__u64 idle_since_ns; /* ... and neither sent nor received since (boot clock) */
};

/* Of the "offer" program. */
struct pdm6_offer_request {
	__u8 ethernet[14];
	__u8 zero[2];
	__u32 first;
	__u32 count;
};

/* Of the "prepare" program. */
struct pdm6_prepare_request {
	__u8 ethernet[14];
	__u8 zero[2];
	__u32 slot;
	__u32 lane; /* 1 + index */
	struct pdm6_flow flow;
	__u64 serial; /* 0: let the lane go */
	__u32 first;
	__u32 end;
	__u32 carriage; /* enum pdm6_carriage */
	__u32 zero2;
};

#endif
