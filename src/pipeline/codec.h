/*
 * One description of a struct's fields for both ways: each function takes a value and returns
 * it; when writing it adds it to OUT, when reading it returns what stands there instead. What
 * is read is from anybody: lengths, ranges and texts are checked, after the first mistake
 * `damaged` is set and all that comes is zero.
 *
 *	layer->files = imp_codec_number(codec, layer->files, MAX);
 *
 * A number is LEB128 (imgprof/varint.h); bytes are their length, then themselves.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "imgprof/arena.h"
#include "imgprof/slice.h"
#include "imgprof/strbuf.h"

struct imp_codec {
	struct imp_strbuf *out;  /* NULL: reading */
	struct imp_slice rest;   /* reading: what is left */
	struct imp_arena *arena; /* reading: where texts and lists go */
	bool damaged;
};

/* At most MAX. */
uint64_t imp_codec_number(struct imp_codec *codec, uint64_t value, uint64_t max);
bool imp_codec_flag(struct imp_codec *codec, bool value);
/* Any bytes. */
struct imp_slice imp_codec_bytes(struct imp_codec *codec, struct imp_slice value);
/* A text without NUL, or NULL. */
const char *imp_codec_text(struct imp_codec *codec, const char *value);
/* The same that must be one line fit for a terminal as it is. */
const char *imp_codec_line(struct imp_codec *codec, const char *value);

struct imp_codec_element {
	size_t size;  /* of one element in memory */
	size_t least; /* bytes that one takes at least when written */
	void (*code)(struct imp_codec *codec, void *element);
};
/* COUNT elements; those of LIST stay as they are. */
const void *imp_codec_list(struct imp_codec *codec, const void *list, size_t count,
			   const struct imp_codec_element *element);

/* Elements of lists. */
extern const struct imp_codec_element imp_codec_bytes_element; /* struct imp_slice */
extern const struct imp_codec_element imp_codec_line_element;  /* const char * */
extern const struct imp_codec_element imp_codec_flag_element;  /* bool */
