/*
 * A look at the text of a document before it is parsed. For valid JSON the numbers are
 * exact; for anything else they do not matter, because the parser refuses it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "imgprof/slice.h"

struct imp_json_shape {
	uint64_t depth;  /* deepest nesting of containers */
	uint64_t values; /* containers, strings, numbers, true, false, null; no keys */
};

struct imp_json_shape imp_json_scan(struct imp_slice text);
