/*
 * What the program takes from its surroundings, filled in once in main: environment,
 * clock, cancellation, limits, and a place for -v lines. Tests fill in their own.
 */
#pragma once

#include <stdarg.h>
#include <stdint.h>

#include "imgprof/cancel.h"
#include "imgprof/limits.h"

struct imp_context {
	/* As getenv(3); an empty value is returned as such. Thread-safe after start. */
	const char *(*getenv)(void *user, const char *name);
	/* Nanoseconds since the epoch, for ages and dates. */
	int64_t (*now_ns)(void *user);
	/* One line of progress detail (-v), without newline; level 1 or 2. NULL: none.
	 * Called from any thread. Never holds a credential. */
	void (*log)(void *user, int level, const char *line);
	void *user;
	struct imp_cancel *cancel;
	const struct imp_limits *limits;
	unsigned threads; /* >= 1; 1 means everything on the calling thread */
};

/* getenv through the context; NULL when unset or empty. */
const char *imp_context_env(const struct imp_context *context, const char *name);
void imp_context_log(const struct imp_context *context, int level, const char *format,
		     ...) __attribute__((format(printf, 3, 4)));
