#include "imgprof/map.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <xxhash.h>

#include "imgprof/arena.h"

/* Open addressing, linear probing; an empty slot has no key.data. At most three quarters
 * of the slots are taken, so every probe ends. Nothing is ever removed. */
struct imp_map_slot {
	struct imp_slice key;
	uint64_t hash;
	uint64_t value;
};

enum { FIRST_CAPACITY = 16 };

static pthread_once_t seed_once = PTHREAD_ONCE_INIT;
static uint64_t seed;

static void draw_seed(void)
{
	if (getrandom(&seed, sizeof(seed), 0) == (ssize_t)sizeof(seed))
		return;
	/* A sandbox may forbid the call: the kernel also left 16 random bytes at start. */
	uintptr_t random = getauxval(AT_RANDOM);
	if (random)
		memcpy(&seed, (const void *)random, sizeof(seed));
}

uint64_t imp_hash_seed(void)
{
	pthread_once(&seed_once, draw_seed);
	return seed;
}

void imp_map_finish(struct imp_map *map)
{
	if (!map)
		return;
	free(map->slots);
	*map = (struct imp_map){0};
}

static uint64_t hash_key(struct imp_slice key)
{
	return XXH3_64bits_withSeed(key.data, key.len, imp_hash_seed());
}

/* The slot that holds KEY, or the empty one where it belongs. */
static struct imp_map_slot *find_slot(struct imp_map_slot *slots, size_t capacity,
				      struct imp_slice key, uint64_t hash)
{
	size_t i = hash & (capacity - 1);
	while (slots[i].key.data &&
	       !(slots[i].hash == hash && imp_slice_equal(slots[i].key, key)))
		i = (i + 1) & (capacity - 1);
	return &slots[i];
}

static void grow(struct imp_map *map)
{
	size_t capacity = map->capacity ? map->capacity * 2 : FIRST_CAPACITY;
	struct imp_map_slot *slots = imp_xcalloc(capacity, sizeof(*slots));
	for (size_t i = 0; i < map->capacity; i++) {
		const struct imp_map_slot *old = &map->slots[i];
		if (old->key.data)
			*find_slot(slots, capacity, old->key, old->hash) = *old;
	}
	free(map->slots);
	map->slots = slots;
	map->capacity = capacity;
}

bool imp_map_get(const struct imp_map *map, struct imp_slice key, uint64_t *value)
{
	if (map->count == 0)
		return false;
	const struct imp_map_slot *slot =
		find_slot(map->slots, map->capacity, key, hash_key(key));
	if (!slot->key.data)
		return false;
	if (value)
		*value = slot->value;
	return true;
}

void imp_map_set(struct imp_map *map, struct imp_slice key, uint64_t value)
{
	assert(key.data || key.len == 0);
	if (!key.data)
		key.data = "";
	if (map->count >= map->capacity / 4 * 3)
		grow(map);
	uint64_t hash = hash_key(key);
	struct imp_map_slot *slot = find_slot(map->slots, map->capacity, key, hash);
	if (slot->key.data) {
		slot->value = value;
		return;
	}
	*slot = (struct imp_map_slot){.key = key, .hash = hash, .value = value};
	map->count++;
}
