/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#include <string.h>

#include "reference.h"

#define PDM6_MOST_IN_FRONT 256 /* as bpf/pdm6_maps.h has it */

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

/* One Destination Options header. */
struct options {
	int pdm; /* options of PDM's types */
	int other; /* and all others, padding not counted */
	uint32_t first, first_size; /* PDM's first */
	uint32_t used; /* octets up to the end of the last option, padding not counted */
	int overrun;
	int unended; /* there are more than the programs look at */
};

static struct options read_options(const uint8_t *octets, uint32_t begin, uint32_t end, uint8_t option_type)
{
	struct options found = { .used = 2 };
	uint32_t at = begin + 2;

	for (int i = 0; i < MOST_OPTIONS && at < end; i++) {
		uint32_t size = octets[at] == 0 ? 1 : at + 1 < end ? 2 + octets[at + 1] : 2;
		int is_pdm = octets[at] == option_type || octets[at] == 0x0f;

		if (at + size > end) {
			found.overrun = 1;
			found.pdm += is_pdm;
			return found;
		}
		if (is_pdm && found.pdm++ == 0) {
			found.first = at;
			found.first_size = size;
		}
		at += size;
		if (octets[at - size] > 1) {
			found.other += !is_pdm;
			found.used = at - begin;
		}
	}
	found.unended = at < end;
	return found;
}

/* All headers that the programs walk. */
struct chain {
	struct options all, last; /* of all Destination Options headers; of the one in front of the upper layer */
	uint32_t upper, last_begin, named_at;
	uint8_t protocol, last_is_options;
	int routed, hidden, broken, unended;
};

static void read_route(const uint8_t *header, uint32_t size, struct chain *chain, struct pdm6_flow *flow)
{
	uint32_t left = header[3], listed = header[4] + 1;

	chain->routed++;
	if (left == 0)
		return;
	if (header[2] != 4 || 8 + 16 * listed > size || left > listed || chain->hidden < 0)
		chain->hidden = 1;
	else if (!chain->hidden) {
		memcpy(flow->destination, header + 8, 16);
		chain->hidden = -1; /* told once; another that tells contradicts it */
	}
}

static struct chain read_chain(const uint8_t *octets, uint32_t size, uint8_t option_type, struct pdm6_flow *flow)
{
	struct chain chain = { .upper = UPPER, .named_at = NETWORK + 6, .protocol = octets[NETWORK + 6] };

	for (int i = 0; i < MOST_HEADERS && (chain.protocol == 0 || chain.protocol == 43 || chain.protocol == 60); i++) {
		uint32_t begin = chain.upper, header_size;

		if (begin + 2 > size || begin + 8 * (octets[begin + 1] + 1) > size) {
			chain.broken = 1;
			break;
		}
		header_size = 8 * (octets[begin + 1] + 1);
		if (chain.last_begin)
			chain.named_at = chain.last_begin;
		chain.last_begin = begin;
		chain.last_is_options = chain.protocol == 60;
		if (chain.last_is_options) {
			chain.last = read_options(octets, begin, begin + header_size, option_type);
			if (!chain.all.pdm) {
				chain.all.first = chain.last.first;
				chain.all.first_size = chain.last.first_size;
			}
			chain.all.pdm += chain.last.pdm;
			chain.broken |= chain.last.overrun;
			chain.unended |= chain.last.unended;
		} else if (chain.protocol == 43) {
			read_route(octets + begin, header_size, &chain, flow);
		}
		chain.protocol = octets[begin];
		chain.upper = begin + header_size;
	}
	chain.unended |= !chain.broken && (chain.protocol == 0 || chain.protocol == 43 || chain.protocol == 60);
	return chain;
}

static void read_addresses(const uint8_t *octets, struct pdm6_flow *flow)
{
	memcpy(flow->source, octets + NETWORK + 8, 16);
	memcpy(flow->destination, octets + NETWORK + 24, 16);
}

static int is_probe(const struct pdm6_flow *flow)
{
	return flow->protocol == 17 && (flow->source_port == PDM6_PATH_PORT || flow->destination_port == PDM6_PATH_PORT);
}

/* What lies behind the datagram, and what that makes of the walk. */
static void look_behind(const uint8_t *octets, uint32_t size, uint32_t upper, uint16_t exid, struct reference_walk *walk)
{
	walk->area = surplus_read(octets, size, upper, exid, walk->options);
	if (!walk->area.options)
		return;
	walk->malformed |= walk->area.broken;
	walk->is_behind = !walk->options;
	if (walk->is_behind) {
		walk->offset = walk->area.offset;
		walk->size = walk->area.size;
	}
	walk->options += walk->area.options;
}

struct reference_walk reference_walk(const uint8_t *octets, uint32_t size, uint8_t option_type, uint16_t exid)
{
	struct reference_walk walk = { .payload = -1 };
	uint8_t protocol;
	struct chain chain;

	if (size < UPPER)
		return walk;
	read_addresses(octets, &walk.flow);
	protocol = octets[NETWORK + 6];
	walk.is_read = protocol == 0 || protocol == 43 || protocol == 60;
	chain = read_chain(octets, size, option_type, &walk.flow);
	walk.options = chain.all.pdm;
	walk.offset = chain.all.first;
	walk.size = chain.all.first_size;
	walk.hidden = chain.hidden > 0;
	walk.malformed = chain.broken;
	if (chain.broken && !chain.last.overrun)
		return walk; /* the upper layer was not reached */
	if (!read_upper(octets + chain.upper, size - chain.upper, chain.protocol, &walk.flow))
		walk.malformed = 1;
	if (chain.protocol == 17)
		walk.payload = udp_payload(octets + chain.upper, size - chain.upper);
	walk.is_probe = is_probe(&walk.flow);
	if (chain.protocol == 17 && !chain.broken && exid)
		look_behind(octets, size, chain.upper, exid, &walk);
	walk.is_read |= protocol == 17 && walk.area.end;
	return walk;
}

struct reference_place reference_place(const uint8_t *octets, uint32_t size, uint8_t option_type)
{
	static const uint8_t left_alone[] = { 0, 43, 44, 50, 51, 60, 135, 139, 140 };
	static const uint8_t tunnels[] = { 4, 41, 137, 143 };
	struct reference_place place = { .exempt = 1 };
	uint32_t payload;
	struct chain chain;
	uint8_t type;

	if (size < UPPER)
		return place;
	payload = reference_u16(octets + NETWORK + 4);
	read_addresses(octets, &place.flow);
	chain = read_chain(octets, size, option_type, &place.flow);
	place.begin = chain.last_is_options ? chain.last_begin : chain.upper;
	place.there = chain.upper - place.begin;
	place.upper = chain.upper;
	place.used = chain.last_is_options ? chain.last.used : 2;
	place.named_at = chain.last_is_options || !chain.last_begin ? chain.named_at : chain.last_begin;
	if (chain.broken || chain.unended || chain.hidden > 0 || chain.all.pdm || chain.last.other >= 8)
		return place;
	if (place.there && place.used == 2)
		return place;
	if (place.begin - UPPER > PDM6_MOST_IN_FRONT)
		return place;
	if (chain.routed && memchr(tunnels, chain.protocol, sizeof(tunnels)))
		return place;
	if (!read_upper(octets + chain.upper, size - chain.upper, chain.protocol, &place.flow))
		return place;
	if (place.flow.destination[0] == 0xff || octets[NETWORK + 24] == 0xff ||
	    !memcmp(place.flow.source, place.flow.destination, 16))
		return place;
	if (memchr(left_alone, chain.protocol, sizeof(left_alone)))
		return place;
	if (payload == 0 || UPPER + payload != size)
		return place;
	type = place.flow.source_port >> 8;
	place.exempt = (place.flow.protocol == 58 && ((type >= 130 && type <= 137) || type == 143)) || is_probe(&place.flow);
	return place;
}

enum pdm6_carriage reference_form(enum pdm6_carriage asked, uint32_t lost, uint8_t protocol)
{
	static const struct {
		uint32_t needs;
		enum pdm6_carriage instead;
	} forms[PDM6_CARRIAGES] = {
		[PDM6_DESTOPT_V2] = { PDM6_HEADER_48, PDM6_UDP_OPTION },
		[PDM6_DESTOPT_V2_CLEAR] = { PDM6_HEADER_32, PDM6_DESTOPT_V1 },
		[PDM6_DESTOPT_V1] = { PDM6_HEADER_16, PDM6_UDP_OPTION_CLEAR },
		[PDM6_UDP_OPTION] = { PDM6_SURPLUS, PDM6_NOTHING },
		[PDM6_UDP_OPTION_CLEAR] = { PDM6_SURPLUS, PDM6_NOTHING },
	};
	int is_header;

	while (forms[asked].needs & lost)
		asked = forms[asked].instead;
	is_header = asked == PDM6_DESTOPT_V2 || asked == PDM6_DESTOPT_V2_CLEAR || asked == PDM6_DESTOPT_V1;
	return is_header || protocol == 17 ? asked : PDM6_NOTHING;
}

void reference_nonce(const uint8_t base[12], const struct pdm6_flow *flow, uint8_t carriage, uint32_t epoch,
		     uint32_t psntp, uint8_t nonce[12])
{
	const uint8_t counter[12] = {
		flow->protocol, carriage, flow->source_port >> 8, flow->source_port, flow->destination_port >> 8,
		flow->destination_port, epoch >> 8, epoch, psntp >> 24, psntp >> 16, psntp >> 8, psntp,
	};

	for (int i = 0; i < 12; i++)
		nonce[i] = base[i] ^ counter[i];
}
