/*
 * Platforms and how one is chosen (reference/formats.md 2.15).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "imgprof/arena.h"
#include "imgprof/error.h"
#include "imgprof/slice.h"
#include "imgprof/strbuf.h"

/* Normalised: "linux" "arm" "v7". Strings are borrowed from the arena; "" when unknown. */
struct imp_platform {
	const char *os;
	const char *architecture;
	const char *variant;
};

/* os[/arch[/variant]] or arch alone, in docker's spellings. IMP_E_USAGE. */
int imp_platform_parse(struct imp_slice text, struct imp_arena *arena,
		       struct imp_platform *out, struct imp_error *err);
/* Normalises parts as they stand in an index or a config. */
struct imp_platform imp_platform_normalise(struct imp_slice os,
					   struct imp_slice architecture,
					   struct imp_slice variant,
					   struct imp_arena *arena);
/* linux on this machine's architecture. */
struct imp_platform imp_platform_host(void);
/* Part by part; imp_platform_match finds what also serves. */
bool imp_platform_equal(const struct imp_platform *a, const struct imp_platform *b);
/* "linux/arm/v7", raw; parts that are empty stay so. */
void imp_platform_add(struct imp_strbuf *out, const struct imp_platform *platform);
/* The same with "unknown" for what is not known. */
char *imp_platform_text(const struct imp_platform *platform, struct imp_arena *arena);
/* How well OFFERED serves WANTED: 0 not at all, else higher is better (exact is
 * highest). */
int imp_platform_match(const struct imp_platform *wanted,
		       const struct imp_platform *offered);
