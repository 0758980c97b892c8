/* Ruby's gems and bundler. */
#pragma once

#include "imgprof/map.h"
#include "imgprof/slice.h"

#include "inventory.h"

struct gem {
	uint32_t package;
	uint32_t home_set; /* place in sets */
	const struct imp_live_file *file;
	uint32_t next_of_name; /* another version of it in the same set, or IMP_NONE */
	uint32_t first_edge, edge_count;
	bool is_default; /* comes with Ruby itself */
	/* A lock's DEPENDENCIES name it: for run time, for development */
	bool asked, asked_dev;
};

/* One specifications folder. */
struct gem_set {
	uint32_t specifications; /* node */
	uint32_t group;
	struct imp_map by_name;   /* to the last gem of that name */
	struct imp_map extension; /* "nokogiri-1.15" to the folder in extensions/ */
};

struct gems {
	struct imp_inventory *inventory;
	const struct imp_packages_input *input;
	struct gem *list;
	size_t count, capacity;
	struct gem_set *sets;
	size_t set_count, set_capacity;
	uint32_t *edges; /* places in list, by who needs them */
	size_t edge_count, edge_capacity;
	struct imp_map by_version; /* "name version" to the last gem */
};

/* gem_lock.c: Gemfile.lock and gems.locked: what a project asks for. ROOT is called for each
 * entry of DEPENDENCIES with the version that the lock has for it. */
typedef void imp_gem_root(void *context, struct imp_slice name, struct imp_slice version);
void imp_gem_lock_read(struct imp_slice text, imp_gem_root *root, void *context);

enum { GEM_RUNTIME, GEM_DEVELOPMENT };
/* gem_groups.c: names of gems (borrowed from TEXT) to one of these; false when it cannot be told. */
bool imp_gem_groups_read(struct imp_slice text, struct imp_map *groups);
/* gem_dev.c: flags what development and test groups alone ask for. */
void imp_gem_mark_development(struct gems *gems);
