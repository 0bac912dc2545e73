/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The octets behind a UDP datagram, by a second reading of RFC 9868 and
 * docs/formats.md. Octets begin with the link header.
 */
#ifndef FUZZ_SURPLUS_H
#define FUZZ_SURPLUS_H

#include <stdint.h>
#include <linux/bpf.h>
#include "../../bpf/pdm6_abi.h"

/* The area of a packet that came in. */
struct surplus {
	uint32_t begin, end; /* 0: there is none */
	int options; /* of PDM's */
	int broken; /* nothing in it counts */
	uint32_t offset, size; /* of the first of PDM's, from the ExID on */
	int alone; /* it is all there is */
};

/* With so many PDM options elsewhere in the packet. */
struct surplus surplus_read(const uint8_t *octets, uint32_t size, uint32_t upper, uint16_t exid, int elsewhere);
/* Makes pad and OCS right, where the area has place for them. */
void surplus_mend(uint8_t *octets, uint32_t begin, uint32_t end);

/* Octets that the form puts behind the datagram of a packet that goes out; 0: it gets none. */
uint32_t surplus_growth(const uint8_t *octets, uint32_t size, uint32_t upper, enum pdm6_carriage form);
/* What became of it is right, but for the checksum of UDP. Returns the option, from the ExID on. */
const uint8_t *surplus_check(const uint8_t *before, uint32_t size, uint32_t upper, enum pdm6_carriage form, uint16_t exid,
			     const uint8_t *now, uint32_t now_size);

/* A checksum that the network card finishes: the pseudo-header is in it. 0: there is no whole datagram. */
int surplus_begin_checksum(uint8_t *octets, uint32_t size, uint32_t upper, const struct pdm6_flow *flow);
/* Who reads no more than the datagram finds the checksum right that the card makes of it. */
void surplus_check_card(const uint8_t *octets, uint32_t size, uint32_t upper, const struct pdm6_flow *flow);

#endif
