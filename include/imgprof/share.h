/*
 * Several images: what they have in common, what they could have in common, and what that
 * would save (design section 4, "share"). Like a diff it stands by itself: nothing of the
 * analyses is needed afterwards. Everything in it lives in the arena that it was made in.
 *
 * Two layers are the same when their DiffIDs are (their digests, where there is none): a node
 * keeps them once. Two files hold the same bytes when content hash and size are equal.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/analysis.h"
#include "imgprof/arena.h"
#include "imgprof/hash.h"
#include "imgprof/platform.h"
#include "imgprof/slice.h"

enum { IMP_SHARE_IMAGES = 64 }; /* at most, in one report */

/* Indices into `images`, ascending. */
struct imp_share_set {
	const uint32_t *list;
	size_t count;
};

struct imp_share_image {
	const char *reference; /* as imp_image.reference */
	struct imp_digest digest;
	struct imp_platform platform;
	bool complete;
	size_t layer_count;
	uint64_t pull_bytes, disk_bytes, live_bytes, reclaimable_bytes;
};

/* A layer of two or more of the images. */
struct imp_share_layer {
	struct imp_digest digest, diff_id; /* digest: of the first image's */
	struct imp_slice instruction;      /* raw, one line */
	struct imp_share_set images;
	uint64_t pull_bytes, disk_bytes; /* of the first image's */
	/* Compressed otherwise elsewhere: registries store each form */
	bool blobs_differ;
};

/* Bytes of live, non-empty files, each hard-link group once, in layers that only one of both
 * has: sum of size * min(count in A, count in B). */
struct imp_share_pair {
	uint32_t a, b;
	uint64_t identical_bytes;
	uint64_t shared_layer_bytes; /* disk bytes of the layers that both have */
};

/* Identical bytes by who they belong to: every copy but those of the image with most. */
struct imp_share_group {
	const char *manager;      /* "dpkg"; "" for a folder */
	struct imp_slice name;    /* raw; a folder's path for bytes of nobody */
	struct imp_slice version; /* raw; empty when several */
	struct imp_share_set images;
	struct imp_sum sum; /* pull bytes: an estimate */
};

enum imp_share_drift_kind {
	IMP_SHARE_VERSIONS, /* one manager's package in different versions */
	IMP_SHARE_MANAGERS, /* a package of that name by different managers */
	IMP_SHARE_PROGRAMS, /* a program of that name from different packages */
	IMP_SHARE_DRIFTS
};
const char *imp_share_drift_name(enum imp_share_drift_kind kind); /* "versions" */

struct imp_share_variant {
	uint32_t image;
	const char *manager;   /* "" where no package owns it */
	struct imp_slice name; /* of the package, raw; may be empty */
	struct imp_slice
		versions;        /* of it in the image, raw, distinct, divided by ", " */
	struct imp_slice source; /* package that it was built from, raw; may be empty */
	const char *origin; /* who builds such versions: "NodeSource", "Ubuntu"; or "" */
	struct imp_slice path; /* of a program, raw; else empty */
	uint64_t disk_bytes;
};
struct imp_share_drift {
	enum imp_share_drift_kind kind;
	struct imp_slice name;                    /* raw */
	const struct imp_share_variant *variants; /* by image */
	size_t variant_count;
	uint64_t disk_bytes; /* of all variants */
};

/* A package that what runs reaches in some of the images, not in all. */
struct imp_share_need {
	const char *manager;
	struct imp_slice name;                   /* raw */
	struct imp_share_set needed_by, idle_in; /* idle: there, not reached */
	struct imp_sum sum;  /* live, in the image that has most of it */
	struct imp_sum idle; /* live, in all images that do not reach it */
};

struct imp_share_plan_package {
	const char *manager;            /* "" for the row of files of nobody */
	struct imp_slice name, version; /* raw */
	uint32_t image_count;           /* that have it now */
	struct imp_sum sum;
};

/* A layer to be: what its images take from it instead of each shipping it. */
struct imp_share_stage {
	struct imp_share_set images;
	const struct imp_share_plan_package *packages; /* by disk bytes, then name */
	size_t package_count;
	struct imp_sum sum;
};

struct imp_share_cost {
	uint64_t stored_bytes; /* a registry's: every blob once */
	uint64_t
		first_pull_bytes; /* an empty node that runs all images, each layer once */
	uint64_t disk_bytes;      /* of that node */
	uint64_t push_bytes; /* all images after a change of their application's files */
};

struct imp_share_plan_image {
	uint64_t pull_before, pull_after; /* of the image by itself */
	uint64_t disk_before, disk_after;
	struct imp_sum own; /* what it keeps above its stages, application included */
	struct imp_sum application; /* files of nobody under the working directory */
	uint32_t application_layer; /* that they came with: where a push begins now */
	uint64_t push_before, push_after;
};

/*
 * What is reclaimable (certain and likely findings, hidden bytes) gone, packages in stages: the
 * first is for all images, each further one for some of them, no image in two of those. Layers
 * that all images begin with stay as they are, below the first stage.
 */
struct imp_share_plan {
	size_t common_layers;
	uint64_t common_pull_bytes, common_disk_bytes;
	struct imp_sum common_kept; /* live there in the first image, less what can go */
	const struct imp_share_stage *stages; /* the base first, always there */
	size_t stage_count;
	const struct imp_share_plan_image *images;
	struct imp_share_cost before, after;
	/* `after` rests on pull bytes of single files: how they compress elsewhere is guessed.
	 * False when there is nothing to plan */
	bool estimate;
};

struct imp_share {
	bool complete;
	const struct imp_share_image *images;
	size_t image_count;
	const struct imp_share_layer *layers; /* by disk bytes, then digest */
	size_t layer_count;
	const struct imp_share_pair *pairs; /* by identical bytes, then place */
	size_t pair_count;
	/* In layers that only one image has: sum of size * (sum of counts - largest count) */
	uint64_t identical_all_bytes;
	const struct imp_share_group *groups; /* add up to it; by disk bytes, then name */
	size_t group_count;
	const struct imp_share_drift *drift; /* by disk bytes, then name */
	size_t drift_count;
	const struct imp_share_need *needs; /* by disk bytes, then name */
	size_t need_count;
	struct imp_share_plan plan;
};

/* Cannot fail. All IMAGES have trees; COUNT is 2 to IMP_SHARE_IMAGES. */
void imp_share_images(const struct imp_analysis *const *images, size_t count,
		      struct imp_arena *arena, struct imp_share *out);
