/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The form of a packet's measurement, and how many octets it takes. What is
 * fixed for a form is a constant here, so that the programs have one way for
 * all destination options, and no branch for each.
 */
#ifndef PDM6_FORM_H
#define PDM6_FORM_H

#include "pdm6_maps.h"
#include "pdm6_packet.h"

/*
 * The form that a packet gets: its rule's carriage, as far as path and protocol
 * carry it. Where a header is dropped, what was in clear goes in a smaller one;
 * where headers are dropped, a UDP datagram has the option behind its payload.
 * What was protected stays protected.
 */
static __always_inline enum pdm6_carriage pdm6_form(const struct pdm6_rule *rule, __u32 lost, __u8 protocol)
{
	__u32 form = rule->carriage;

	if (lost) {
		if (form == PDM6_DESTOPT_V2 && lost & PDM6_HEADER_48)
			form = PDM6_UDP_OPTION;
		if (form == PDM6_DESTOPT_V2_CLEAR && lost & PDM6_HEADER_32)
			form = PDM6_DESTOPT_V1;
		if (form == PDM6_DESTOPT_V1 && lost & PDM6_HEADER_16)
			form = PDM6_UDP_OPTION_CLEAR;
		if ((form == PDM6_UDP_OPTION || form == PDM6_UDP_OPTION_CLEAR) && lost & PDM6_SURPLUS)
			return PDM6_NOTHING;
	}
	return form >= PDM6_UDP_OPTION && protocol != PDM6_UDP ? PDM6_NOTHING : form;
}

static __always_inline int pdm6_is_destination_option(enum pdm6_carriage form)
{
	return form <= PDM6_DESTOPT_V1;
}

static __always_inline int pdm6_is_udp_option(enum pdm6_carriage form)
{
	return form == PDM6_UDP_OPTION || form == PDM6_UDP_OPTION_CLEAR;
}

static __always_inline int pdm6_is_udp_frame(enum pdm6_carriage form)
{
	return form == PDM6_UDP_FRAME;
}

/* Octets of a form's option, type and length included. */
static __always_inline __u32 pdm6_option_size(enum pdm6_carriage form)
{
	if (form == PDM6_DESTOPT_V2)
		return PDM6_OPTION_SIZE;
	return form == PDM6_DESTOPT_V1 ? PDM6_V1_OPTION_SIZE : PDM6_CLEAR_OPTION_SIZE;
}

/*
 * Octets of a Destination Options header in which so many are in use when the
 * option comes: 2 in a header of our own, which gives 48, 32 and 16.
 */
static __always_inline __u32 pdm6_header_size(__u32 used, __u32 option_size)
{
	return (used + option_size + 7) & ~7U;
}

#endif
