/*
 * An analysed image, as reports take it: const data, owned by the pipeline.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/arena.h"
#include "imgprof/classify.h"
#include "imgprof/dockerfile.h"
#include "imgprof/image.h"
#include "imgprof/profile.h"
#include "imgprof/recompress.h"
#include "imgprof/tree.h"
#include "imgprof/warning.h"

enum imp_verified {
	IMP_VERIFIED_NONE,
	IMP_VERIFIED_BLOB,
	IMP_VERIFIED_DIFF_ID,
	IMP_VERIFIED_BOTH,
};
const char *imp_verified_name(enum imp_verified verified); /* "diff_id" */

struct imp_analysed_layer {
	/* Zeroed when the layer could not be read */
	struct imp_profile_summary summary;
	struct imp_digest diff_id;
	const char *media_type;
	struct imp_slice instruction; /* raw bytes of one line; empty without history */
	enum imp_verified verified;
	bool cached;  /* came from the cache, not read in this run */
	bool missing; /* could not be read at all: the report is incomplete */
};

struct imp_analysis {
	const struct imp_image *image;
	const struct imp_analysed_layer *layers;
	size_t layer_count;
	/* NULL when an earlier run stacked the image: then nothing is known by record */
	const struct imp_tree *tree;
	const struct imp_contents *contents;
	/* NULL without classification */
	const struct imp_packages *packages;
	const struct imp_runtime *runtime;
	const struct imp_findings *findings;
	const struct imp_recompress *recompress; /* NULL: not asked for */
	const struct imp_warnings *warnings;
	bool complete;
	struct imp_base_image base;
	const struct imp_dockerfile *dockerfile; /* NULL: not looked for */
	/* Sums over the layers. */
	uint64_t pull_bytes, tar_bytes, disk_bytes, entries;
	struct imp_sum fates[IMP_FATES];
	/* Of the tree, for formats that need no more of it: for each layer the disk bytes that
	 * can go (hidden, or of certain and likely findings); for each package the path of its
	 * home, raw, empty without; for each dropped verdict whether its subject is a path. */
	const uint64_t *can_go_bytes;
	const uint16_t *
		main_layers; /* of each finding: which wrote most of it; UINT16_MAX: none */
	const struct imp_slice *package_homes;
	const bool *dropped_paths;
};

/* Fills the four, once tree, packages and findings are there. */
void imp_analysis_gather(struct imp_analysis *analysis, struct imp_arena *arena);

/* The line of the Dockerfile that LAYER was made by; 0: not known, or the file was only rebuilt
 * from the history, so that nobody could look it up. */
uint32_t imp_analysis_line(const struct imp_analysis *analysis, size_t layer);
/* That of the layer which wrote most of FINDING, one of the analysis'; 0. */
uint32_t imp_analysis_finding_line(const struct imp_analysis *analysis,
				   const struct imp_finding *finding);
