/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#include <string.h>

#include "kernel.h"
#include "reference.h"
#include "surplus.h"

#define NETWORK 14
#define NETWORK_END (NETWORK + 40)
#define MOST_LOOKED_INTO 256
#define MOST_OPTIONS 16 /* the programs walk no further */

static uint16_t fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum >> 16) + (sum & 0xffff);
	return sum;
}

static uint64_t sum_of(const uint8_t *octets, uint32_t size)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < size; i++)
		sum += i & 1 ? octets[i] : octets[i] << 8;
	return sum;
}

/* RFC 9868 section 9: the area, a pad left out, and its length, the pad counted. */
static uint16_t area_sum(const uint8_t *octets, uint32_t begin, uint32_t end)
{
	uint32_t first = begin + (begin & 1);

	return fold(sum_of(octets + first, end - first) + end - begin);
}

static int is_sound(const uint8_t *octets, uint32_t begin, uint32_t end)
{
	uint32_t first = begin + (begin & 1);

	if (end - begin > MOST_LOOKED_INTO || first + 2 > end || (first != begin && octets[begin]))
		return 0;
	return reference_u16(octets + first) != 0 && area_sum(octets, begin, end) == 0xffff;
}

void surplus_mend(uint8_t *octets, uint32_t begin, uint32_t end)
{
	uint32_t first = begin + (begin & 1);
	uint16_t ocs;

	if (first + 2 > end)
		return;
	octets[begin] = 0;
	octets[first] = octets[first + 1] = 0;
	ocs = ~area_sum(octets, begin, end);
	ocs = ocs ? ocs : 0xffff;
	octets[first] = ocs >> 8;
	octets[first + 1] = ocs;
}

/* RFC 9868 section 10: octets that an option of this kind has at least. */
static uint32_t least(uint8_t kind)
{
	static const uint8_t sizes[] = { 2, 2, 6, 10, 4, 5, 6, 6, 10 };

	return kind == 127 ? 4 : kind < sizeof(sizes) ? sizes[kind] : 2;
}

/* From the first option on. Returns whether that is PDM's. */
static int read_options(const uint8_t *octets, uint32_t at, uint16_t exid, struct surplus *found)
{
	int begins_with_ours = -1;
	uint32_t left, size, head;

	for (int i = 0; at < found->end; i++) {
		int is_ours;

		if (i == MOST_OPTIONS) {
			found->broken = 1;
			break;
		}
		if (octets[at] == 0)
			break;
		if (octets[at] == 1) {
			at++;
			continue;
		}
		left = found->end - at;
		size = left > 1 ? octets[at + 1] : 0;
		head = size == 255 ? 4 : 2;
		if (size == 255)
			size = left >= 4 ? reference_u16(octets + at + 2) : 0;
		is_ours = octets[at] == 127 && left >= head + 2 && reference_u16(octets + at + head) == exid;
		if (begins_with_ours < 0)
			begins_with_ours = is_ours;
		if (size < head || size < least(octets[at]) || size > left) {
			found->broken = 1;
			found->options += is_ours;
			break;
		}
		if (octets[at] == 3) { /* of another datagram, then, whatever else there is */
			found->options = 0;
			break;
		}
		found->broken |= octets[at] >= 192 || (is_ours && size >= 6 && head == 4 && !found->options);
		if (is_ours && size >= head + 2 && found->options++ == 0) {
			found->offset = at + 2;
			found->size = size - 2;
		}
		at += size;
	}
	return begins_with_ours > 0;
}

struct surplus surplus_read(const uint8_t *octets, uint32_t size, uint32_t upper, uint16_t exid, int elsewhere)
{
	uint32_t end = NETWORK_END + reference_u16(octets + NETWORK + 4), length, first;
	struct surplus found = {};
	int begins_with_ours;

	if (upper + 6 > size)
		return found;
	length = reference_u16(octets + upper + 4);
	if (length < 8 || upper + length >= end || end > size)
		return found;
	found.begin = upper + length;
	found.end = end;
	first = found.begin + (found.begin & 1) + 2;
	begins_with_ours = read_options(octets, first, exid, &found);
	if (!found.options && !begins_with_ours)
		return found;
	if (!is_sound(octets, found.begin, end)) {
		found.options = begins_with_ours && !elsewhere;
		found.broken = 1;
	}
	found.alone = !found.broken && found.options == 1 && found.offset == first + 2 && found.offset + found.size == end;
	return found;
}

uint32_t surplus_growth(const uint8_t *octets, uint32_t size, uint32_t upper, enum pdm6_carriage form)
{
	uint32_t length;

	if (upper + 6 > size)
		return 0;
	length = reference_u16(octets + upper + 4);
	if (length < 8 || upper + length != size)
		return 0;
	return length % 2 + 2 + (form == PDM6_UDP_OPTION ? 42 : 26);
}

const uint8_t *surplus_check(const uint8_t *before, uint32_t size, uint32_t upper, enum pdm6_carriage form, uint16_t exid,
			     const uint8_t *now, uint32_t now_size)
{
	uint32_t growth = surplus_growth(before, size, upper, form);
	const uint8_t *option = now + size + (size & 1) + 2;

	must(growth && now_size == size + growth);
	must(reference_u16(now + NETWORK + 4) == reference_u16(before + NETWORK + 4) + growth);
	must(!memcmp(now, before, NETWORK + 4));
	must(!memcmp(now + NETWORK + 6, before + NETWORK + 6, upper + 6 - (NETWORK + 6)));
	must(!memcmp(now + upper + 8, before + upper + 8, size - upper - 8));
	must(is_sound(now, size, now_size));
	must(option[0] == 127 && option[1] == (form == PDM6_UDP_OPTION ? 42 : 26) && reference_u16(option + 2) == exid);
	must(option + option[1] == now + now_size);
	return option + 2;
}

static uint64_t pseudo_header(const struct pdm6_flow *flow, uint32_t length)
{
	return sum_of(flow->source, 16) + sum_of(flow->destination, 16) + length + 17;
}

int surplus_begin_checksum(uint8_t *octets, uint32_t size, uint32_t upper, const struct pdm6_flow *flow)
{
	uint32_t length = upper + 8 <= size ? reference_u16(octets + upper + 4) : 0;
	uint16_t begun = fold(pseudo_header(flow, length));

	if (length < 8 || upper + length > size)
		return 0;
	octets[upper + 6] = begun >> 8;
	octets[upper + 7] = begun;
	return 1;
}

void surplus_check_card(const uint8_t *octets, uint32_t size, uint32_t upper, const struct pdm6_flow *flow)
{
	uint32_t length = reference_u16(octets + upper + 4);
	uint64_t datagram = sum_of(octets + upper, length) - reference_u16(octets + upper + 6);
	uint16_t checksum = ~fold(sum_of(octets + upper, size - upper));

	must(fold(pseudo_header(flow, length) + datagram + checksum) == 0xffff);
}
