/*
 * Sizes, shares and times as text. Independent of locale and time zone.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/slice.h"

enum imp_units {
	IMP_UNITS_DECIMAL, /* 64.3 MB, as docker prints */
	IMP_UNITS_IEC,     /* 61.3 MiB */
	IMP_UNITS_BYTES,   /* 64300123 */
};

#define IMP_SIZE_TEXT 32

/* Three significant digits: "0 B", "999 B", "1.00 kB", "64.3 MB", "1.24 GB". Rounds half
 * up; a value that rounds to 1000 takes the next unit. Returns OUT. */
const char *imp_size_text(uint64_t bytes, enum imp_units units,
			  char out[static IMP_SIZE_TEXT]);
/* "decimal" (or "si"), "iec", "bytes". */
bool imp_units_parse(struct imp_slice text, enum imp_units *out);
/* "512", "100MB", "1.5 GiB", "10k" (decimal), as bytes; false when malformed. */
bool imp_size_parse(struct imp_slice text, uint64_t *out);
/* The same where a slip is to be told, not guessed at: B kB MB GB TB KiB MiB GiB TiB, case
 * matters, a bare number is bytes. When false, *NEAR is the unit that may be meant, or NULL. */
bool imp_size_parse_exact(struct imp_slice text, uint64_t *out, const char **near);
/* Percent of WHOLE with the fewest digits that help: "0 %", "<1 %", "7.3 %", "64 %". */
const char *imp_percent_text(uint64_t part, uint64_t whole,
			     char out[static IMP_SIZE_TEXT]);
/* AFTER less BEFORE with its sign: "+38.4 MB", "-3.10 MB", "0 B". */
const char *imp_change_text(uint64_t before, uint64_t after, enum imp_units units,
			    char out[static IMP_SIZE_TEXT]);
/* The same as percent of BEFORE: "+9.3 %", "-64 %", "0 %"; "new" from nothing, "gone" to it. */
const char *imp_change_percent_text(uint64_t before, uint64_t after,
				    char out[static IMP_SIZE_TEXT]);
/* 1234567 as "1,234,567". */
const char *imp_count_text(uint64_t count, char out[static IMP_SIZE_TEXT]);

/* RFC 3339 with up to 9 fraction digits to nanoseconds since the epoch (UTC). false when
 * malformed or outside 64 bits; "0001-01-01T00:00:00Z" (unknown) is false too. */
bool imp_time_parse(struct imp_slice text, int64_t *out_ns);
/* "2026-11-24T01:49:34Z". */
const char *imp_time_text(int64_t time_ns, char out[static IMP_SIZE_TEXT]);
