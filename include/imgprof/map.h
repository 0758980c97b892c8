/*
 * A hash map from byte strings to 64-bit values. Keys are borrowed: they must outlive the
 * map (an arena's do). The hash is XXH3 with a seed drawn once per process from
 * getrandom(), so that names cannot be made to collide; never iterate where order shows.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/slice.h"

struct imp_map {
	struct imp_map_slot *slots;
	size_t capacity; /* power of two, or 0 */
	size_t count;
};

void imp_map_finish(struct imp_map *map); /* NULL and zeroed allowed */
/* true and *VALUE when KEY is there. VALUE may be NULL. */
bool imp_map_get(const struct imp_map *map, struct imp_slice key, uint64_t *value);
/* Sets or replaces. */
void imp_map_set(struct imp_map *map, struct imp_slice key, uint64_t value);

/* The process-wide seed, for tables of other shapes. */
uint64_t imp_hash_seed(void);
