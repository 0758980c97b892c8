/*
 * Fields of JSON objects with known names, read strictly: a value of another type than
 * expected is IMP_E_FORMAT and the message names the field. null is as good as absent.
 *
 * Engines written in Go match names whatever their case; where two readers would see
 * different documents, the document is refused (reference/formats.md 0.5).
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/arena.h"
#include "imgprof/error.h"
#include "imgprof/image.h"
#include "imgprof/slice.h"

enum imp_field_spelling {
	IMP_FIELD_EXACT,    /* a known name in another case is refused */
	IMP_FIELD_ANY_CASE, /* taken as engines do, unless there are two of it */
};

/* Sets VALUES[i] to what OBJECT holds under NAMES[i], NULL when absent. The values are
 * borrowed from OBJECT. IMP_E_FORMAT when OBJECT is no object. */
int imp_fields_bind(json_t *object, enum imp_field_spelling spelling,
		    const char *const *names, size_t count, json_t **values,
		    struct imp_error *err);

bool imp_field_absent(const json_t *value);

/* What is absent gives an empty string, false, NULL or a count of 0. Strings are copied
 * into the arena. */
int imp_field_string(const json_t *value, const char *name, struct imp_arena *arena,
		     struct imp_slice *out, struct imp_error *err);
/* As a C string: imp_json_parse lets no NUL into a string. */
int imp_field_text(const json_t *value, const char *name, struct imp_arena *arena,
		   const char **out, struct imp_error *err);
int imp_field_bool(const json_t *value, const char *name, bool *out,
		   struct imp_error *err);
/* Must be there: a whole number from 0 to 2^63-1, or a real that is one, up to 2^53. */
int imp_field_size(const json_t *value, const char *name, uint64_t *out,
		   struct imp_error *err);
int imp_field_array(json_t *value, const char *name, json_t **out, struct imp_error *err);
int imp_field_object(json_t *value, const char *name, json_t **out,
		     struct imp_error *err);
int imp_field_strings(json_t *value, const char *name, struct imp_arena *arena,
		      const struct imp_slice **out, size_t *count, struct imp_error *err);
/* An object of strings; a value that is null is empty. */
int imp_field_pairs(json_t *value, const char *name, struct imp_arena *arena,
		    const struct imp_pair **out, size_t *count, struct imp_error *err);

/* IMP_E_FORMAT: "NAME is TYPE, expected EXPECTED". */
int imp_field_refuse(const json_t *value, const char *name, const char *expected,
		     struct imp_error *err);
