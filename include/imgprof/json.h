/*
 * JSON documents from outside, read with jansson under limits: size, depth, heap,
 * values; duplicate keys and trailing text are refused. Accessors never fail: what is
 * absent or of another type gives NULL, 0 or the default.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/error.h"
#include "imgprof/limits.h"
#include "imgprof/slice.h"

/* Must run once, before any other jansson call and any thread: installs the counting
 * allocator. */
void imp_json_init(void);

/* WHAT names the document in messages. The caller drops it with json_decref
 * (imp_auto_json). IMP_E_FORMAT with line and column, IMP_E_LIMIT for depth, heap or
 * values. */
int imp_json_parse(struct imp_slice text, const struct imp_limits *limits,
		   const char *what, json_t **out, struct imp_error *err);

/* The same; strings may hold NUL. */
int imp_json_parse_any(struct imp_slice text, const struct imp_limits *limits,
		       const char *what, json_t **out, struct imp_error *err);

static inline void imp_json_decref(json_t **json)
{
	json_decref(*json);
}
#define imp_auto_json __attribute__((cleanup(imp_json_decref)))

/* The string's bytes, borrowed from the document; {"", 0} when absent or no string. */
struct imp_slice imp_json_get_string(const json_t *object, const char *key);
/* As an array or object, NULL when absent, null or of another type. */
json_t *imp_json_get_array(const json_t *object, const char *key);
json_t *imp_json_get_object(const json_t *object, const char *key);
/* A non-negative integer, or a real with an integral value up to 2^53; false when absent
 * or anything else. */
bool imp_json_get_u64(const json_t *object, const char *key, uint64_t *out);
bool imp_json_get_bool(const json_t *object, const char *key, bool fallback);
