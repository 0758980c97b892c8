/*
 * What the tests of src/oci share: an arena for a case, and JSON that is readable in C.
 */
#pragma once

#include "case.h"

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/image.h"
#include "imgprof/json.h"
#include "imgprof/strbuf.h"

#define HEX_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HEX_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define SHA_A "sha256:" HEX_A
#define SHA_B "sha256:" HEX_B
#define SHA512_A "sha512:" HEX_A HEX_A

static inline void destroy_arena(struct imp_arena **arena)
{
	imp_arena_destroy(*arena);
}
#define ARENA(name) imp_auto(destroy_arena) struct imp_arena *name = imp_arena_create()

/* TEXT with every ' as ". */
static inline struct imp_slice json_of(const char *text, struct imp_arena *arena)
{
	static bool ready;
	if (!ready)
		imp_json_init();
	ready = true;
	char *copy = imp_arena_text(arena, text);
	for (char *at = copy; *at; at++)
		if (*at == '\'')
			*at = '"';
	return imp_slice_of(copy);
}

static inline void assert_slice(struct imp_slice actual, const char *expected)
{
	if (!imp_slice_is(actual, expected))
		fail_msg("'%.*s', expected '%s'", (int)actual.len, actual.data, expected);
}
