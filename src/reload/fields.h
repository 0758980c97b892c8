/*
 * Members of a stored document, read and checked. The first that is missing or malformed is
 * remembered; what is read after it is worthless but harmless.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/arena.h"
#include "imgprof/columns.h"
#include "imgprof/hash.h"
#include "imgprof/image.h"
#include "imgprof/json.h"
#include "imgprof/limits.h"
#include "imgprof/platform.h"
#include "imgprof/slice.h"
#include "imgprof/tree.h"

/* Far beyond any image, and far enough from 64 bits for sums of many. */
#define IMP_RELOAD_MAX_BYTES ((uint64_t)1 << 48)

struct imp_strip_lists;

struct imp_reading {
	struct imp_arena *arena;
	const struct imp_limits *limits;
	uint64_t document_bytes; /* no list is longer */
	const struct imp_strip_lists *lists;
	const char *broken; /* a literal; NULL: none yet */
};

void imp_reading_break(struct imp_reading *reading, const char *key);
/* An object or array that must be there: never NULL, empty once something is broken. */
const json_t *imp_read_object(struct imp_reading *reading, const json_t *object,
			      const char *key);
const json_t *imp_read_array(struct imp_reading *reading, const json_t *object,
			     const char *key);
/* The element, which must be an object. */
const json_t *imp_read_element(struct imp_reading *reading, const json_t *array, size_t i,
			       const char *key);
uint64_t imp_read_number(struct imp_reading *reading, const json_t *object,
			 const char *key, uint64_t most);
uint64_t imp_read_bytes(struct imp_reading *reading, const json_t *object,
			const char *key);
/* NONE for null. */
uint32_t imp_read_optional(struct imp_reading *reading, const json_t *object,
			   const char *key, uint32_t most);
bool imp_read_flag(struct imp_reading *reading, const json_t *object, const char *key);
/* Any bytes, `KEY_base64` where it is there; null and absent: empty. */
struct imp_slice imp_read_raw(struct imp_reading *reading, const json_t *object,
			      const char *key);
/* Any text without NUL; null and absent: NULL. */
const char *imp_read_text(struct imp_reading *reading, const json_t *object,
			  const char *key);
/* The same, and it must be there. */
const char *imp_read_name(struct imp_reading *reading, const json_t *object,
			  const char *key);
/* As imp_read_text, fit for a terminal as it stands. */
const char *imp_read_line(struct imp_reading *reading, const json_t *object,
			  const char *key);
/* The same; null and absent: "". */
const char *imp_read_line_or_empty(struct imp_reading *reading, const json_t *object,
				   const char *key);
/* The same, and it must be there. */
const char *imp_read_word(struct imp_reading *reading, const json_t *object,
			  const char *key);
const struct imp_slice *imp_read_list(struct imp_reading *reading, const json_t *object,
				      const char *key, size_t *count);
const char *const *imp_read_lines(struct imp_reading *reading, const json_t *object,
				  const char *key, size_t *count);
struct imp_sum imp_read_sum(struct imp_reading *reading, const json_t *object);
struct imp_digest imp_read_digest(struct imp_reading *reading, const json_t *object,
				  const char *key);
bool imp_read_time(struct imp_reading *reading, const json_t *object, const char *key,
		   int64_t *out_ns);
struct imp_platform imp_read_platform(struct imp_reading *reading, const json_t *object);
struct imp_base_image imp_read_base(struct imp_reading *reading, const json_t *object);

/* The value of TYPE, below COUNT, whose NAME is the text of a member. */
#define imp_read_enum(reading, object, key, type, count, name) \
	({ \
		struct imp_slice text_ = imp_json_get_string((object), (key)); \
		int value_ = 0; \
		while (value_ < (int)(count) && \
		       !imp_slice_is(text_, name((type)value_))) \
			value_++; \
		if (value_ == (int)(count)) { \
			imp_reading_break((reading), (key)); \
			value_ = 0; \
		} \
		(type) value_; \
	})

/* A column of COUNT numbers, none above MOST; read it to its end, then close. */
struct imp_read_column {
	struct imp_reading *reading;
	const char *key;
	struct imp_column_reader reader;
	uint64_t most;
};
struct imp_read_column imp_read_column(struct imp_reading *reading, const json_t *object,
				       const char *key, uint64_t most);
uint64_t imp_column_take(struct imp_read_column *column); /* 0 when broken */
/* Numbers from 1 stand for others from 0; 0 for IMP_NONE. */
uint32_t imp_column_take_optional(struct imp_read_column *column);
void imp_column_end(struct imp_read_column *column);
