/*
 * Slices: pointer and length of bytes that came from outside. They may hold any byte,
 * NUL and newline included, and are not owned. Compare with the functions below, never
 * with str*(); escape only on output (imgprof/escape.h).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct imp_slice {
	const char *data;
	size_t len;
};

#define IMP_SLICE(literal) ((struct imp_slice){(literal), sizeof(literal) - 1})

static inline struct imp_slice imp_slice(const char *data, size_t len)
{
	return (struct imp_slice){data, len};
}

/* TEXT may be NULL: the empty slice. */
static inline struct imp_slice imp_slice_of(const char *text)
{
	return (struct imp_slice){text ? text : "", text ? strlen(text) : 0};
}

static inline bool imp_slice_equal(struct imp_slice a, struct imp_slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool imp_slice_is(struct imp_slice a, const char *text)
{
	return imp_slice_equal(a, imp_slice_of(text));
}

static inline bool imp_slice_starts(struct imp_slice a, struct imp_slice prefix)
{
	return a.len >= prefix.len &&
	       (prefix.len == 0 || memcmp(a.data, prefix.data, prefix.len) == 0);
}

static inline bool imp_slice_ends(struct imp_slice a, struct imp_slice suffix)
{
	return a.len >= suffix.len &&
	       (suffix.len == 0 ||
		memcmp(a.data + a.len - suffix.len, suffix.data, suffix.len) == 0);
}

/* The rest after the first N bytes; N is clamped. */
static inline struct imp_slice imp_slice_skip(struct imp_slice a, size_t n)
{
	if (n > a.len)
		n = a.len;
	/* n == 0 keeps {NULL, 0}: an offset on NULL is undefined. */
	return n ? (struct imp_slice){a.data + n, a.len - n} : a;
}

/* Order by bytes, shorter first on a common prefix: the order of every list by path. */
int imp_slice_compare(struct imp_slice a, struct imp_slice b);

/* Cuts *REST at the first SEPARATOR: returns the part before it, *REST becomes the part
 * behind it. Without a separator returns all and *REST becomes {NULL, 0}. */
struct imp_slice imp_slice_cut(struct imp_slice *rest, char separator);

/* The part behind the last '/', or all. */
struct imp_slice imp_slice_basename(struct imp_slice path);

/* Without BYTES on both sides. */
struct imp_slice imp_slice_trim(struct imp_slice text, const char *bytes);

/* Decimal digits only, no sign, no space; false when empty, malformed or over 64 bits. */
bool imp_slice_u64(struct imp_slice text, unsigned long long *out);
