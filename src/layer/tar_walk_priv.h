/* The parts of a walk: one entry, its data, and what stands behind the last. */
#pragma once

#include "tar_walk.h"

/* What VIEW is in a layer (whiteout, leftover, ...), in the walk's buffers; says aloud
 * what is odd about it. */
void imp_layer_walk_name_entry(struct imp_layer_walk *walk,
			       const struct imp_tar_view *view, struct imp_entry *out);
/* What of the content goes into the profile. */
struct imp_keep_plan {
	bool keep;
	bool cut;    /* too large: only that it is there */
	bool fields; /* only up to the first empty line */
	size_t bytes;
};
struct imp_keep_plan imp_layer_walk_plan_keep(const struct imp_layer_walk *walk,
					      const struct imp_tar_view *view,
					      const struct imp_entry *entry);

/* Whether libarchive will hand out the data that VIEW says there is. */
bool imp_layer_walk_agrees(struct archive_entry *entry, const struct imp_tar_view *view);
/* Reads the data, with AGREED false past libarchive. */
int imp_layer_walk_read_data(struct imp_layer_walk *walk, const struct imp_tar_view *view,
			     bool agreed, struct imp_error *err);

/* libarchive sees the end of the archive: looks whether engines do, reads to the end of
 * the stream. */
int imp_layer_walk_read_tail(struct imp_layer_walk *walk, struct imp_error *err);
