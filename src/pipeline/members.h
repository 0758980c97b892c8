/*
 * The members of a one-pass source that could be layers: read as they stream by, kept
 * under the number that the source gets for each.
 */
#pragma once

#include "book.h"
#include "imgprof/pipeline.h"
#include "imgprof/source.h"

struct imp_member {
	struct imp_book_page page; /* page.profile NULL: unreadable, for this reason */
	struct imp_error reason;
};

struct imp_members {
	const struct imp_session_options *options;
	struct imp_book *book;
	struct imp_member *list;
	size_t count, capacity;
};

/* A sink whose numbers index MEMBERS->list. MEMBERS outlives it. */
struct imp_layer_sink imp_members_sink(struct imp_members *members);
void imp_members_finish(struct imp_members *members);
