/*
 * JSON written piece by piece to a strbuf: no document is held in memory. Keeps track
 * of commas and nesting (at most 64 deep); integers are written exactly. Keys are
 * literals.
 *
 *	struct imp_json_writer w = imp_json_writer(&out, 1);
 *	imp_json_open(&w, '{');
 *	imp_json_key(&w, "pull_bytes");
 *	imp_json_u64(&w, 42);
 *	imp_json_close(&w, '}');
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "imgprof/slice.h"
#include "imgprof/strbuf.h"

struct imp_json_writer {
	struct imp_strbuf *out;
	int indent; /* spaces per level; 0: all on one line */
	int depth;
	uint64_t has_item;  /* bit per level: something was written there */
	uint64_t is_object; /* bit per level: '{', not '[' */
	bool after_key;
};

struct imp_json_writer imp_json_writer(struct imp_strbuf *out, int indent);
void imp_json_open(struct imp_json_writer *w, char bracket);  /* '{' or '[' */
void imp_json_close(struct imp_json_writer *w, char bracket); /* '}' or ']' */
void imp_json_key(struct imp_json_writer *w, const char *key);
void imp_json_string(struct imp_json_writer *w, struct imp_slice text); /* any bytes */
void imp_json_text(struct imp_json_writer *w, const char *text);        /* NULL: null */
void imp_json_u64(struct imp_json_writer *w, uint64_t value);
void imp_json_i64(struct imp_json_writer *w, int64_t value);
void imp_json_bool(struct imp_json_writer *w, bool value);
void imp_json_null(struct imp_json_writer *w);
/* The caller appends one whole value to w->out itself. */
void imp_json_raw(struct imp_json_writer *w);
/* A number with fixed digits behind the point (efficiency: 4), rounded half up, computed
 * in integers: PART / WHOLE; null when WHOLE is 0. */
void imp_json_ratio(struct imp_json_writer *w, uint64_t part, uint64_t whole, int digits);

/* Shorthands: key and value. */
void imp_json_member_u64(struct imp_json_writer *w, const char *key, uint64_t value);
/* Null unless KNOWN. */
void imp_json_member_known(struct imp_json_writer *w, const char *key, bool known,
			   uint64_t value);
void imp_json_member_text(struct imp_json_writer *w, const char *key, const char *text);
void imp_json_member_string(struct imp_json_writer *w, const char *key,
			    struct imp_slice text);
void imp_json_member_bool(struct imp_json_writer *w, const char *key, bool value);
