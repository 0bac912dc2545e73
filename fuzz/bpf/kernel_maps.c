/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Maps and the ring. Each value is an allocation of its own. */
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf_helpers.h>
#include "kernel.h"
#include "kernel_parts.h"

#define MOST_MAPS 32
#define MOST_RECORDS 64

struct entry {
	struct entry *next;
	void *key;
	void *value;
};

struct map {
	const void *name;
	int kind;
	size_t key_size, value_size, most_entries, count;
	struct entry *entries; /* a queue's in its order */
};

static struct map maps[MOST_MAPS];
static size_t map_count;
static struct kernel_record records[MOST_RECORDS];
static size_t record_count;
static void *reserved;
static size_t reserved_size;

static void *copy(const void *octets, size_t size)
{
	void *made = malloc(size ? size : 1);

	must(made);
	if (octets)
		memcpy(made, octets, size);
	else
		memset(made, 0, size);
	return made;
}

static struct map *find_map(const void *name)
{
	for (size_t i = 0; i < map_count; i++)
		if (maps[i].name == name)
			return &maps[i];
	kernel_broken("a map that user space made", __FILE__, __LINE__);
}

static struct entry *add_entry(struct map *map, const void *key, const void *value)
{
	struct entry *entry = copy(0, sizeof(*entry)), **last = &map->entries;

	entry->key = copy(key, map->key_size);
	entry->value = copy(value, map->value_size);
	while (*last)
		last = &(*last)->next;
	*last = entry;
	map->count++;
	return entry;
}

static void remove_entry(struct map *map, struct entry *entry)
{
	struct entry **link = &map->entries;

	while (*link != entry)
		link = &(*link)->next;
	*link = entry->next;
	map->count--;
	free(entry->key);
	free(entry->value);
	free(entry);
}

static struct entry *find_entry(struct map *map, const void *key)
{
	struct entry *entry = map->entries;

	while (entry && memcmp(entry->key, key, map->key_size))
		entry = entry->next;
	return entry;
}

static int is_array(const struct map *map)
{
	return map->kind == BPF_MAP_TYPE_ARRAY || map->kind == BPF_MAP_TYPE_PERCPU_ARRAY;
}

/* Arrays are full of zeros from the start; here they become so when someone looks. */
static struct entry *find_or_fill(struct map *map, const void *key)
{
	struct entry *entry = find_entry(map, key);
	uint32_t index;

	if (entry || !is_array(map))
		return entry;
	memcpy(&index, key, sizeof(index));
	return index < map->most_entries ? add_entry(map, key, 0) : 0;
}

static int has_prefix(const struct entry *entry, const uint8_t *address, uint32_t *length)
{
	const uint8_t *prefix = (const uint8_t *)entry->key + sizeof(*length);

	memcpy(length, entry->key, sizeof(*length));
	for (uint32_t bit = 0; bit < *length; bit++)
		if ((prefix[bit / 8] ^ address[bit / 8]) >> (7 - bit % 8) & 1)
			return 0;
	return 1;
}

static struct entry *find_longest(struct map *map, const uint8_t *key)
{
	struct entry *best = 0;
	uint32_t length, longest = 0;

	for (struct entry *entry = map->entries; entry; entry = entry->next)
		if (has_prefix(entry, key + sizeof(length), &length) && (!best || length > longest)) {
			best = entry;
			longest = length;
		}
	return best;
}

void kernel_map(const void *name, int kind, size_t key_size, size_t value_size, size_t most_entries)
{
	must(map_count < MOST_MAPS);
	maps[map_count++] = (struct map){ name, kind, key_size, value_size, most_entries, 0, 0 };
}

void *kernel_map_set(const void *name, const void *key, const void *value)
{
	struct map *map = find_map(name);
	struct entry *entry = map->kind == BPF_MAP_TYPE_QUEUE ? 0 : find_entry(map, key);

	if (!entry)
		return add_entry(map, key, value)->value;
	memcpy(entry->value, value, map->value_size);
	return entry->value;
}

void kernel_map_delete(const void *name, const void *key)
{
	struct map *map = find_map(name);
	struct entry *entry = find_entry(map, key);

	if (entry)
		remove_entry(map, entry);
}

size_t kernel_records(const struct kernel_record **first)
{
	*first = records;
	return record_count;
}

void kernel_reset_maps(void)
{
	for (size_t i = 0; i < map_count; i++)
		while (maps[i].entries)
			remove_entry(&maps[i], maps[i].entries);
	map_count = record_count = 0;
}

int kernel_has_reserved(void)
{
	return reserved != 0;
}

void *bpf_map_lookup_elem(const void *name, const void *key)
{
	struct map *map = find_map(name);
	struct entry *entry;

	must(!kernel_holds_lock());
	must(map->kind != BPF_MAP_TYPE_QUEUE);
	if (mood.lookup_fails && !--mood.lookup_fails)
		return 0;
	entry = map->kind == BPF_MAP_TYPE_LPM_TRIE ? find_longest(map, key) : find_or_fill(map, key);
	if (!entry)
		return 0;
	return map->kind == BPF_MAP_TYPE_ARRAY_OF_MAPS ? *(void **)entry->value : entry->value;
}

long bpf_map_update_elem(const void *name, const void *key, const void *value, __u64 flags)
{
	struct map *map = find_map(name);
	struct entry *entry = find_entry(map, key);

	must(!kernel_holds_lock());
	if (entry && flags == BPF_NOEXIST)
		return -17;
	if (entry)
		memcpy(entry->value, value, map->value_size);
	else if (map->count >= map->most_entries)
		return -7;
	else
		add_entry(map, key, value);
	return 0;
}

long bpf_map_push_elem(const void *name, const void *value, __u64 flags)
{
	struct map *map = find_map(name);

	must(!kernel_holds_lock() && map->kind == BPF_MAP_TYPE_QUEUE && !flags);
	if (map->count >= map->most_entries)
		return -7;
	add_entry(map, 0, value);
	return 0;
}

long bpf_map_pop_elem(const void *name, void *value)
{
	struct map *map = find_map(name);

	must(!kernel_holds_lock() && map->kind == BPF_MAP_TYPE_QUEUE);
	if (!map->entries)
		return -2;
	memcpy(value, map->entries->value, map->value_size);
	remove_entry(map, map->entries);
	return 0;
}

static void keep_record(const void *octets, size_t size)
{
	must(record_count < MOST_RECORDS && size <= sizeof(records[0].octets));
	memcpy(records[record_count].octets, octets, size);
	records[record_count++].size = size;
}

void *bpf_ringbuf_reserve(const void *ring, __u64 size, __u64 flags)
{
	must(find_map(ring)->kind == BPF_MAP_TYPE_RINGBUF && !reserved && !flags);
	if (mood.ring_full)
		return 0;
	reserved_size = size;
	reserved = malloc(size); /* not zeroed: records must be written whole */
	must(reserved);
	memset(reserved, 0xa5, size);
	return reserved;
}

void bpf_ringbuf_submit(void *record, __u64 flags)
{
	must(record == reserved && flags <= BPF_RB_FORCE_WAKEUP);
	keep_record(record, reserved_size);
	free(reserved);
	reserved = 0;
}

long bpf_ringbuf_output(const void *ring, const void *record, __u64 size, __u64 flags)
{
	must(find_map(ring)->kind == BPF_MAP_TYPE_RINGBUF && flags <= BPF_RB_FORCE_WAKEUP);
	if (mood.ring_full)
		return -11;
	keep_record(record, size);
	return 0;
}

__u64 bpf_ringbuf_query(const void *ring, __u64 what)
{
	must(find_map(ring)->kind == BPF_MAP_TYPE_RINGBUF && what == BPF_RB_AVAIL_DATA);
	return mood.ring_backlog;
}
