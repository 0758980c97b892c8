/*
 * yarn.lock since version 2 (YAML): what the entries are and need, and which entry meets a need.
 * Texts are copied into the arena.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inventory.h"

struct yarn_need {
	struct imp_slice name, range;
	bool dev; /* of a workspace; the lock itself does not tell */
};

struct yarn_entry {
	struct imp_slice key; /* "a@npm:^1, a@npm:^1.2" */
	struct imp_slice version, resolution, checksum;
	size_t first_need, need_count;
	uint32_t package; /* of the inventory, or IMP_NONE */
	bool workspace;
	bool runs, wanted; /* reached without development needs; reached at all */
};

struct yarn_lock {
	struct imp_arena *arena;
	struct yarn_entry *entries;
	size_t entry_count, entry_capacity;
	struct yarn_need *needs;
	size_t need_count, need_capacity;
	bool cut;                     /* a limit was hit */
	struct imp_map by_descriptor; /* to the entry */
	struct imp_map patches;       /* what a descriptor becomes when it is patched */
};

/* NULL, or why FILE could not be read whole; what was read before stands. */
const char *imp_yarn_lock_read(struct yarn_lock *lock, const struct imp_live_file *file);
void imp_yarn_lock_finish(struct yarn_lock *lock);
/* The entry that MAP has for NAME BETWEEN RANGE, or SIZE_MAX. */
size_t imp_yarn_lock_find(const struct imp_map *map, struct imp_slice name,
			  const char *between, struct imp_slice range);
/* What meets NEED, at most two, else SIZE_MAX: the entry, and the patched one. */
void imp_yarn_lock_resolve(const struct yarn_lock *lock, const struct yarn_need *need,
			   size_t out[2]);
/* "@a/b" of "@a/b@npm:1", and "npm:1". */
struct imp_slice imp_yarn_ident(struct imp_slice locator);
struct imp_slice imp_yarn_range(struct imp_slice locator);
