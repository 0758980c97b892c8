#pragma once

#include "imgprof/slice.h"
#include "imgprof/strbuf.h"

/* Lists of a document that are read row by row (rows.h): parsed whole, a million rows would
 * need gigabytes. Slices of the text. */
struct imp_strip_lists {
	struct imp_slice *list;
	size_t count, capacity;
};
void imp_strip_lists_finish(struct imp_strip_lists *lists);

/* TEXT, a JSON document, without the members `tree` of the objects in its list `images`: nested
 * as deep as paths, made for people, and known from `records`. The lists `paths` and `tree` of
 * a diff go to LISTS, in their places stand their numbers there. What is no JSON comes out as
 * something that is none. */
void imp_strip_trees(struct imp_slice text, struct imp_strbuf *out,
		     struct imp_strip_lists *lists);

/* The index behind white space, or behind the list or object at I. */
size_t imp_strip_space(struct imp_slice text, size_t i);
size_t imp_strip_nested(struct imp_slice text, size_t i);
