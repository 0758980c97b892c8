/*
 * Byte strings by number, each kept once: names, link targets, and what else repeats. A
 * number is the offset of the text in one pool, where its length stands in front.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "imgprof/error.h"
#include "imgprof/slice.h"

/* Zero-initialised is valid and empty. */
struct imp_names {
	char *bytes;
	size_t len, capacity;
	uint32_t *slots; /* open addressing by content; NULL once frozen */
	size_t slot_count, used;
};

/* IMP_E_LIMIT when the pool would pass 4 GiB. */
int imp_names_intern(struct imp_names *names, struct imp_slice text, uint32_t *out,
		     struct imp_error *err);
struct imp_slice imp_names_get(const struct imp_names *names, uint32_t text);
/* Nothing more will be added: frees what only adding needs. */
void imp_names_freeze(struct imp_names *names);
void imp_names_finish(struct imp_names *names);
