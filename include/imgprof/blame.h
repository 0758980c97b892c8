/*
 * The tags of a repository in order of time: which of them made the image, a path or a class
 * grow. Images come one after the other, so that no more than two need be in memory:
 *
 *	imp_blame_measure(after, &scope, &seen, arena, &row);
 *	imp_blame_compare(before, after, &scope, arena, &row);
 *
 * Rows keep nothing of the analyses.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/analysis.h"
#include "imgprof/arena.h"
#include "imgprof/compare.h"
#include "imgprof/hash.h"
#include "imgprof/map.h"
#include "imgprof/slice.h"

/* What is watched; neither: the disk bytes of the whole image. */
struct imp_blame_scope {
	struct imp_slice path; /* a glob without leading slash; empty: none */
	bool has_class;
	enum imp_class class;
};

struct imp_blame_row {
	struct imp_slice repository;  /* raw */
	const struct imp_slice *tags; /* raw, in byte order */
	size_t tag_count;
	struct imp_digest digest; /* that the tags point to */
	bool dated;
	int64_t created_ns;
	struct imp_slice
		revision; /* org.opencontainers.image.revision, raw; empty: none */
	bool readable, complete;
	const char *trouble; /* why it is not readable; else NULL */
	uint64_t pull_bytes, disk_bytes, reclaimable_bytes;
	uint64_t watched_bytes;
	size_t layers, layers_read; /* read: neither by an earlier tag nor by the cache */
	/* The change of what is watched against the readable row before; none for the first */
	bool has_change;
	struct imp_before_after change;
	/* What made most of it; with a path the path that changed most, as a FOLDER */
	bool has_cause;
	struct imp_diff_reason cause;
};

struct imp_blame {
	const char *title; /* as the user typed it */
	struct imp_blame_scope scope;
	const struct imp_blame_row *rows; /* oldest first, undated before all */
	size_t row_count, left_out;       /* older ones that were not read */
	bool complete;                    /* all of them, and the listing */
};

/* Figures, layers and revision of IMAGE, which has a tree. SEEN: the digests of the layers of
 * earlier rows, with keys in ARENA. */
void imp_blame_measure(const struct imp_analysis *image,
		       const struct imp_blame_scope *scope, struct imp_map *seen,
		       struct imp_arena *arena, struct imp_blame_row *row);
/* Change and cause of ROW, which was measured from AFTER. */
void imp_blame_compare(const struct imp_analysis *before,
		       const struct imp_analysis *after,
		       const struct imp_blame_scope *scope, struct imp_arena *arena,
		       struct imp_blame_row *row);
