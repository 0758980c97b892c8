/*
 * Descriptors: the entries of an index, a manifest's config and its layers
 * (reference/formats.md 2.8, 2.9, 2.12, 2.14, 4.10).
 */
#pragma once

#include <jansson.h>

#include "imgprof/image.h"

int imp_descriptor_parse(json_t *value, struct imp_arena *arena,
			 struct imp_descriptor *out, struct imp_error *err);
