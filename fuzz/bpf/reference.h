/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What a packet says, by a second reading of the same specifications: RFC 8200,
 * draft-15 (PDMv2 Flow Identification) and the protocol reference. Octets begin
 * with the link header.
 */
#ifndef FUZZ_REFERENCE_H
#define FUZZ_REFERENCE_H

#include <stdint.h>
#include <linux/bpf.h>
#include "../../bpf/pdm6_abi.h"
#include "surplus.h"

struct reference_walk {
	int is_read; /* long enough, and its first header can lead to an option */
	int is_probe; /* of a path: looked at by nobody */
	int options; /* of PDM's types, in any Destination Options header, and behind the datagram */
	int is_behind; /* the first is there */
	int hidden; /* a Routing header does not tell where the packet goes in the end: its flow is not known */
	uint32_t offset; /* of the first, type octet; behind a datagram: ExID */
	uint32_t size; /* from there on */
	struct surplus area; /* of a whole UDP datagram */
	int malformed; /* a header or option runs past its end, or ports are cut short */
	int payload; /* of UDP; negative: another protocol, or not even a header */
	struct pdm6_flow flow;
};

/* ExID 0: nobody looks behind the datagram. */
struct reference_walk reference_walk(const uint8_t *octets, uint32_t size, uint8_t option_type, uint16_t exid);

/* Where the option goes in a packet that leaves this host. */
struct reference_place {
	int exempt; /* nowhere, whatever else holds */
	uint32_t begin; /* of the Destination Options header, there or to be made */
	uint32_t there; /* its size; 0: to be made */
	uint32_t used; /* octets of it that stay in front of the option */
	uint32_t named_at; /* where the octet stands that names it */
	uint32_t upper; /* where the upper layer begins */
	struct pdm6_flow flow; /* as far as it is there */
};

struct reference_place reference_place(const uint8_t *octets, uint32_t size, uint8_t option_type);

int reference_has_ports(uint8_t protocol);
/* 0: no flow is the reverse of this one. */
int reference_reverse(const struct pdm6_flow *flow, struct pdm6_flow *reverse);

/* What carries the measurement on a path that loses these forms (enum pdm6_lost_forms): docs/formats.md. */
enum pdm6_carriage reference_form(enum pdm6_carriage asked, uint32_t lost, uint8_t protocol);

/* Protocol reference, section 6; carriage 0 for destination options, 1 for UDP options. */
void reference_nonce(const uint8_t base[12], const struct pdm6_flow *flow, uint8_t carriage, uint32_t epoch,
		     uint32_t psntp, uint8_t nonce[12]);

uint16_t reference_u16(const uint8_t *octets);
uint32_t reference_u32(const uint8_t *octets);

#endif
