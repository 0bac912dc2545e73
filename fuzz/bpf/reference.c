/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#include <string.h>

#include "reference.h"

#define NETWORK 14
#define UPPER (NETWORK + 40)
#define MOST_HEADERS 4 /* the programs look no further */
#define MOST_OPTIONS 16

uint16_t reference_u16(const uint8_t *octets)
{
	return octets[0] << 8 | octets[1];
}

uint32_t reference_u32(const uint8_t *octets)
{
	return (uint32_t)reference_u16(octets) << 16 | reference_u16(octets + 2);
}

int reference_has_ports(uint8_t protocol)
{
	static const uint8_t with_ports[] = { 6, 17, 33, 132, 136 };

	return memchr(with_ports, protocol, sizeof(with_ports)) != 0;
}

static int is_echo(const struct pdm6_flow *flow)
{
	return flow->protocol == 58 && (flow->source_port >> 8 == 128 || flow->source_port >> 8 == 129);
}

int reference_reverse(const struct pdm6_flow *flow, struct pdm6_flow *reverse)
{
	*reverse = *flow;
	memcpy(reverse->source, flow->destination, 16);
	memcpy(reverse->destination, flow->source, 16);
	if (is_echo(flow)) {
		reverse->source_port = (flow->source_port >> 8 == 128 ? 129 : 128) << 8 | (flow->source_port & 0xff);
		return 1;
	}
	reverse->source_port = flow->destination_port;
	reverse->destination_port = flow->source_port;
	return flow->protocol != 58;
}

/* Protocol and ports from the octets of the upper layer; 0 if they are cut short. */
static int read_upper(const uint8_t *upper, uint32_t known, uint8_t protocol, struct pdm6_flow *flow)
{
	flow->protocol = protocol;
	if (!reference_has_ports(protocol) && protocol != 58)
		return 1;
	if (known < 4)
		return 0;
	flow->source_port = reference_u16(upper);
	if (protocol != 58) {
		flow->destination_port = reference_u16(upper + 2);
	} else if (is_echo(flow)) {
		if (known < 6)
			return 0;
		flow->destination_port = reference_u16(upper + 4);
	}
	return 1;
}

/* Octets of data in a UDP datagram: what its length says, unless that cannot be. */
static int udp_payload(const uint8_t *upper, uint32_t known)
{
	uint32_t length;

	if (known < 8)
		return -1;
	length = reference_u16(upper + 4);
	return (length >= 8 && length <= known ? length : known) - 8;
}

static void read_options(const uint8_t *octets, uint32_t at, uint32_t end, uint8_t option_type,
			 struct reference_walk *walk)
{
	for (int i = 0; i < MOST_OPTIONS && at < end; i++) {
		uint32_t size = 1;

		if (octets[at] != 0) {
			size = at + 1 < end ? 2 + octets[at + 1] : 2;
			if (at + size > end) {
				walk->malformed = 1;
				walk->options += octets[at] == option_type;
				return;
			}
			if (octets[at] == option_type && walk->options++ == 0) {
				walk->offset = at;
				walk->size = size;
			}
		}
		at += size;
	}
}

struct reference_walk reference_walk(const uint8_t *octets, uint32_t size, uint8_t option_type)
{
	struct reference_walk walk = { .payload = -1 };
	uint32_t at = UPPER;
	uint8_t protocol;

	if (size < UPPER)
		return walk;
	memcpy(walk.flow.source, octets + NETWORK + 8, 16);
	memcpy(walk.flow.destination, octets + NETWORK + 24, 16);
	protocol = octets[NETWORK + 6];
	walk.is_read = protocol == 0 || protocol == 43 || protocol == 60;
	for (int i = 0; i < MOST_HEADERS && (protocol == 0 || protocol == 43 || protocol == 60); i++) {
		uint32_t header_size;

		if (at + 2 > size || at + 8 * (octets[at + 1] + 1) > size) {
			walk.malformed = 1;
			return walk;
		}
		header_size = 8 * (octets[at + 1] + 1);
		if (protocol == 60)
			read_options(octets, at + 2, at + header_size, option_type, &walk);
		protocol = octets[at];
		at += header_size;
	}
	if (!read_upper(octets + at, size - at, protocol, &walk.flow))
		walk.malformed = 1;
	if (protocol == 17)
		walk.payload = udp_payload(octets + at, size - at);
	return walk;
}

int reference_is_exempt(const uint8_t *octets, uint32_t size, struct pdm6_flow *flow)
{
	static const uint8_t left_alone[] = { 0, 43, 44, 50, 51, 60, 135, 139, 140 };
	uint32_t payload;
	uint8_t type;

	memset(flow, 0, sizeof(*flow));
	if (size < UPPER)
		return 1;
	payload = reference_u16(octets + NETWORK + 4);
	memcpy(flow->source, octets + NETWORK + 8, 16);
	memcpy(flow->destination, octets + NETWORK + 24, 16);
	if (!read_upper(octets + UPPER, size - UPPER, octets[NETWORK + 6], flow))
		return 1;
	if (flow->destination[0] == 0xff || !memcmp(flow->source, flow->destination, 16))
		return 1;
	if (memchr(left_alone, octets[NETWORK + 6], sizeof(left_alone)))
		return 1;
	if (payload == 0 || payload + PDM6_HEADER_SIZE > 65535 || UPPER + payload != size)
		return 1;
	type = flow->source_port >> 8;
	return flow->protocol == 58 && ((type >= 130 && type <= 137) || type == 143);
}

void reference_nonce(const uint8_t base[12], const struct pdm6_flow *flow, uint32_t epoch, uint32_t psntp,
		     uint8_t nonce[12])
{
	const uint8_t counter[12] = {
		flow->protocol, 0, flow->source_port >> 8, flow->source_port, flow->destination_port >> 8,
		flow->destination_port, epoch >> 8, epoch, psntp >> 24, psntp >> 16, psntp >> 8, psntp,
	};

	for (int i = 0; i < 12; i++)
		nonce[i] = base[i] ^ counter[i];
}
