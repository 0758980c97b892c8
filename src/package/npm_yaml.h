/*
 * YAML from outside, as the scalars that stand in it: libyaml's events under limits, no
 * document in memory. Aliases are refused: no manager writes them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "imgprof/slice.h"

enum {
	NPM_YAML_DEPTH = 16,
	NPM_YAML_SCALARS = 2000000,
};

/* One scalar that is a value; KEYS lead to it, {"", 0} for an item of a list. An empty
 * mapping or list is a value "". false: that is all that is wanted. */
typedef bool imp_yaml_visit(void *context, const struct imp_slice *keys, size_t depth,
			    struct imp_slice value);

/* NULL, or why TEXT could not be read to its end; what was visited before stands. */
const char *imp_yaml_read(struct imp_slice text, imp_yaml_visit *visit, void *context);
