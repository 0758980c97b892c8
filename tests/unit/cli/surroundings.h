/* An environment of a few words, in place of the process's own. */
#pragma once

#include <string.h>

#include "imgprof/context.h"

/* NAME, value, NAME, value, ..., NULL. */
static inline const char *look_up(void *user, const char *name)
{
	const char *const *pairs = user;

	for (; pairs && *pairs; pairs += 2)
		if (strcmp(pairs[0], name) == 0)
			return pairs[1];
	return NULL;
}

#define SURROUNDINGS(...) \
	((struct imp_context){ \
		.getenv = look_up, \
		.user = (const char *[]){__VA_ARGS__ __VA_OPT__(, ) NULL}, \
		.limits = &imp_limits_default, \
		.threads = 1, \
	})
