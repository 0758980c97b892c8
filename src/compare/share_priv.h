/* A share report while it is made. */
#pragma once

#include "imgprof/map.h"
#include "imgprof/share.h"
#include "imgprof/strbuf.h"

/* A live, non-empty file in a layer that not every image has. */
struct imp_share_file {
	struct imp_content_hash hash;
	uint64_t size;
	uint32_t image, record;
	uint32_t layer; /* as imp_share_work.layer_ids */
	/* Without what certain and likely findings take */
	uint64_t kept_disk, kept_pull;
	uint32_t owner;   /* package of its image, or IMP_NONE */
	bool application; /* of nobody, under the working directory */
};

/* The packages of one name and manager, over all images. */
struct imp_share_use {
	uint32_t image, package;
	uint32_t next; /* in `uses`, or IMP_NONE */
};
struct imp_share_key {
	enum imp_manager manager;
	struct imp_slice name;
	uint32_t first, last; /* use, in order of image and package */
};

struct imp_share_work {
	const struct imp_analysis *const *images;
	size_t count;
	struct imp_arena *arena;
	/* For each image and layer: equal numbers, equal layers */
	uint32_t *layer_ids[IMP_SHARE_IMAGES];
	uint64_t *holders; /* for each such number: a bit for each image that has it */
	size_t layer_id_count;
	size_t common_layers;         /* that all images begin with */
	struct imp_share_file *files; /* by hash, size, image, record */
	size_t file_count, file_capacity;
	struct imp_share_key *keys;
	size_t key_count, key_capacity;
	struct imp_share_use *uses;
	size_t use_count, use_capacity;
	uint32_t *key_of[IMP_SHARE_IMAGES]; /* of each package */
	/* Pull bytes of headers and padding that a file of the image brings */
	uint64_t header_pull[IMP_SHARE_IMAGES];
};

/* Runs of equal content: the files [first, end). */
struct imp_share_run {
	size_t first, end;
};
/* The run behind RUN ({0} to begin); false: none. */
bool imp_share_next_run(const struct imp_share_work *work, struct imp_share_run *run);

/* MASK as indices. */
struct imp_share_set imp_share_set_of(uint64_t mask, struct imp_arena *arena);
/* The order of manager, then name. */
int imp_share_compare_names(const char *manager, struct imp_slice name,
			    const char *other_manager, struct imp_slice other);

/* share_layers.c */
void imp_share_number_layers(struct imp_share_work *work);
void imp_share_make_layers(const struct imp_share_work *work, struct imp_share *out);
uint64_t imp_share_layer_bytes(const struct imp_share_work *work, uint64_t mask);
/* share_files.c */
void imp_share_gather_files(struct imp_share_work *work);
/* What stays of a live file when certain and likely findings go. *NEXT is 0 before the first of
 * an image's records, which come in order. */
struct imp_sum imp_share_kept(const struct imp_analysis *image, uint32_t index,
			      size_t *next);
void imp_share_make_pairs(const struct imp_share_work *work, struct imp_share *out);
/* share_groups.c */
void imp_share_make_groups(const struct imp_share_work *work, struct imp_share *out);
/* share_packages.c */
void imp_share_gather_packages(struct imp_share_work *work);
void imp_share_make_needs(const struct imp_share_work *work, struct imp_share *out);
/* share_drift.c, share_programs.c */
void imp_share_make_drift(const struct imp_share_work *work, struct imp_share *out);
/* share_plan.c */
void imp_share_make_plan(const struct imp_share_work *work, struct imp_share *out);
