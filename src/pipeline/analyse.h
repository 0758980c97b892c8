/* One resolved image to its analysis. */
#pragma once

#include "book.h"
#include "imgprof/arena.h"
#include "imgprof/pipeline.h"
#include "members.h"

struct imp_analyse_request {
	const struct imp_session_options *options;
	struct imp_book *book;
	struct imp_source *source;
	const struct imp_image *image;
	const struct imp_members *members; /* of a one-pass source, else NULL */
	/* One per layer, -1: missing; with members */
	const int *member_ids;
	struct imp_arena *arena;
	struct imp_warnings *warnings;
};

/* The analysis lives in the arena; *TREE and *CONTENTS are the caller's to destroy, also on
 * failure when they were set. */
int imp_analyse_image(const struct imp_analyse_request *request, struct imp_tree **tree,
		      struct imp_contents **contents, struct imp_analysis **out,
		      struct imp_error *err);
