/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#ifndef SHIM_BPF_ENDIAN_H
#define SHIM_BPF_ENDIAN_H

#define bpf_ntohs(value) __builtin_bswap16(value)
#define bpf_htons(value) __builtin_bswap16(value)
#define bpf_ntohl(value) __builtin_bswap32(value)
#define bpf_htonl(value) __builtin_bswap32(value)
#define bpf_be64_to_cpu(value) __builtin_bswap64(value)

#endif
