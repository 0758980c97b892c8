#include "case.h"

#include <stdio.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/map.h"

CASE(empty_map_has_nothing)
{
	imp_auto(imp_map_finish) struct imp_map map = {0};
	uint64_t value = 7;
	assert_false(imp_map_get(&map, IMP_SLICE("a"), &value));
	assert_false(imp_map_get(&map, imp_slice(NULL, 0), &value));
	assert_int_equal(value, 7);
}

CASE(finish_takes_null_and_empties)
{
	struct imp_map map = {0};
	imp_map_finish(NULL);
	imp_map_set(&map, IMP_SLICE("a"), 1);
	imp_map_finish(&map);
	assert_int_equal(map.count, 0);
	assert_false(imp_map_get(&map, IMP_SLICE("a"), NULL));
}

CASE(set_then_get)
{
	imp_auto(imp_map_finish) struct imp_map map = {0};
	uint64_t value = 7;
	imp_map_set(&map, IMP_SLICE("usr"), 1);
	imp_map_set(&map, IMP_SLICE("usr/bin"), UINT64_MAX);
	assert_true(imp_map_get(&map, IMP_SLICE("usr"), &value));
	assert_int_equal(value, 1);
	assert_true(imp_map_get(&map, IMP_SLICE("usr/bin"), &value));
	assert_true(value == UINT64_MAX);
	assert_false(imp_map_get(&map, IMP_SLICE("us"), &value));
	assert_true(imp_map_get(&map, IMP_SLICE("usr"), NULL));
}

CASE(set_again_replaces)
{
	imp_auto(imp_map_finish) struct imp_map map = {0};
	uint64_t value = 7;
	imp_map_set(&map, IMP_SLICE("a"), 1);
	imp_map_set(&map, IMP_SLICE("a"), 2);
	assert_int_equal(map.count, 1);
	assert_true(imp_map_get(&map, IMP_SLICE("a"), &value));
	assert_int_equal(value, 2);
}

CASE(keys_are_bytes)
{
	imp_auto(imp_map_finish) struct imp_map map = {0};
	uint64_t value = 7;
	imp_map_set(&map, imp_slice(NULL, 0), 1);
	imp_map_set(&map, IMP_SLICE("\0"), 2);
	imp_map_set(&map, IMP_SLICE("\0\0"), 3);
	imp_map_set(&map, IMP_SLICE("\xff"), 4);
	assert_int_equal(map.count, 4);
	assert_true(imp_map_get(&map, IMP_SLICE(""), &value));
	assert_int_equal(value, 1);
	assert_true(imp_map_get(&map, IMP_SLICE("\0\0"), &value));
	assert_int_equal(value, 3);
	assert_true(imp_map_get(&map, IMP_SLICE("\xff"), &value));
	assert_int_equal(value, 4);
}

CASE(many_keys_survive_growth)
{
	enum { COUNT = 20000 };
	imp_auto_destroy(imp_arena) struct imp_arena *arena = imp_arena_create();
	imp_auto(imp_map_finish) struct imp_map map = {0};
	uint64_t value;
	for (uint64_t i = 0; i < COUNT; i++)
		imp_map_set(&map, imp_slice_of(imp_arena_printf(arena, "k%d", (int)i)),
			    i * 3);
	assert_int_equal(map.count, COUNT);
	assert_int_equal(map.capacity & (map.capacity - 1), 0);
	for (uint64_t i = 0; i < COUNT; i++) {
		char key[32];
		snprintf(key, sizeof(key), "k%d", (int)i);
		assert_true(imp_map_get(&map, imp_slice_of(key), &value));
		assert_int_equal(value, i * 3);
		snprintf(key, sizeof(key), "n%d", (int)i);
		assert_false(imp_map_get(&map, imp_slice_of(key), &value));
	}
}

CASE(seed_stays_for_the_whole_process)
{
	assert_true(imp_hash_seed() == imp_hash_seed());
}
