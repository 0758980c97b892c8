/*
 * What a stack of layers becomes, as text, so that a case shows everything at once:
 *
 *	expect_tree("layer\nfile x 1\nlayer\nfile x 2 seed=1\nwhiteout x\n",
 *		    .instances = "0 x deleted 1\n"       -- every file entry: layer, place, fate,
 *				 "1 x live\n",               hidden_by; mode, owner ... if reshipped
 *		    .shows = "x 1\n",                    -- every live path, directories with '/', with
 *							    the layer; `= x` for a hard link
 *		    .warnings = "1 whiteout-of-own-entry x\n");
 *
 * Invariants 1 to 4 are checked each time.
 */
#pragma once

#include "imgprof/tree.h"

#include "case.h"
#include "stack.h"

struct tree_expectation {
	const char *instances; /* NULL: not compared */
	const char *shows;
	const char *warnings; /* NULL: none */
};

void tree_expect(const char *layers, const struct tree_expectation *expected,
		 const char *file, int line);
#define expect_tree(layers, ...) \
	tree_expect((layers), &(struct tree_expectation){__VA_ARGS__}, __FILE__, __LINE__)

/* The tree of LAYERS, which must be buildable. */
struct imp_tree *tree_of(const char *layers);
/* The newest record at PATH, which must have one. */
const struct imp_record *tree_record_at(const struct imp_tree *tree, const char *path);
uint32_t tree_node_at(const struct imp_tree *tree, const char *path);
