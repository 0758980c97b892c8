/*
 * TOML, as lock files and pyproject.toml use it: every value with the path that leads to it.
 * Arrays are passed through: `a = [1, {b = 2}]` gives a = 1 and a.b = 2. Dates, numbers and
 * booleans come as they are written. What is not refused: keys that stand twice.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "imgprof/error.h"
#include "imgprof/slice.h"

enum {
	IMP_TOML_MAX_KEYS = 16,    /* of one path */
	IMP_TOML_MAX_NESTING = 32, /* arrays and inline tables in each other */
};

struct imp_toml_event {
	/* false: a header, [a.b] or [[a.b]], which starts a table anew */
	bool is_value;
	bool is_string; /* else VALUE is a bare word: true, 12 */
	const struct imp_slice *path;
	size_t path_count;
	struct imp_slice value; /* valid during the call, as the path is */
};

typedef void imp_toml_handler(void *user, const struct imp_toml_event *event);

/* IMP_E_FORMAT with the line of what cannot be read, IMP_E_LIMIT; what stood before was
 * handed out. */
int imp_toml_read(struct imp_slice text, imp_toml_handler *handler, void *user,
		  struct imp_error *err);
