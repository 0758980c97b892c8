/*
 * All patterns of the rules, compiled to tables (classification.md 1.5): a trie over path
 * components whose edges are found by the hash of a name (basenames and folders alike), by
 * the hash of a suffix, or, few, by a glob that its first and last bytes rule out fast. A walk
 * hashes every name once and follows the steps that are open in its folder.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/map.h"

#include "pattern_priv.h"

enum { IMP_SHAPES = 8192 };

struct imp_accept {
	uint32_t term;
	bool below; /* only what is below the folder */
	uint32_t next;
};

struct imp_glob_edge {
	struct imp_slice glob;
	uint32_t target;
	uint32_t next;
};

/* A step's globs by what a name must start with, else by what it must end with: heads of
 * lists, 0 for none. */
struct imp_globs {
	uint32_t firsts[256], lasts[256], others;
};

struct imp_step {
	uint8_t place;           /* enum imp_place that it is anchored to */
	bool sticky;             /* stays open in all folders below: behind "**" */
	bool leaf;               /* leads nowhere */
	uint32_t deep, package;  /* steps, or 0 */
	uint32_t first_accept;   /* place in the list, or 0 */
	struct imp_globs *globs; /* or NULL */
};

struct imp_steps {
	struct imp_arena *arena;
	struct imp_step *list; /* 0 is ANYWHERE's, then the other places' */
	size_t count, capacity;
	struct imp_accept *accepts; /* 0 unused */
	size_t accept_count, accept_capacity;
	struct imp_glob_edge *globs; /* 0 unused */
	size_t glob_count, glob_capacity;
	struct imp_map words; /* names, and suffixes behind a slash: to a number from 1 */
	/* Edges by name and suffix: open addressing, a power of two; an empty slot has word 0. */
	struct imp_edge {
		uint32_t from, word, target;
	} * edges;
	size_t edge_count, edge_capacity;
	struct imp_variable {
		struct imp_slice name;
		uint32_t step;
	} * variables; /* that patterns are anchored to */
	size_t variable_count, variable_capacity;
	/* Bits for the shapes of names and suffixes (first and last byte, length): most names of an
	 * image have none, and need no look-up. */
	uint64_t name_shapes[IMP_SHAPES / 64], suffix_shapes[IMP_SHAPES / 64];
};

void imp_steps_init(struct imp_steps *steps, struct imp_arena *arena);
void imp_steps_finish(struct imp_steps *steps);
void imp_steps_add(struct imp_steps *steps, const struct imp_pattern *pattern,
		   uint32_t term);

/* A name as the tables see it. */
struct imp_name {
	struct imp_slice text;
	uint32_t literal;                   /* 0: no rule names it */
	uint32_t suffixes[IMP_SUFFIX_DOTS]; /* of "a.d.ts": those of .ts and .d.ts */
	size_t suffix_count;
};
void imp_name_look_up(const struct imp_steps *steps, struct imp_slice text,
		      struct imp_name *out);

struct imp_target {
	uint32_t step;
	bool literal; /* the rule spells the name out */
};
struct imp_targets {
	struct imp_target *list;
	size_t count, capacity;
};
/* Appends the steps that NAME leads to from FROM. */
void imp_steps_follow(const struct imp_steps *steps, uint32_t from,
		      const struct imp_name *name, struct imp_targets *out);
