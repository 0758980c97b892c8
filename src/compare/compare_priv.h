/*
 * A comparison while it is made: the paths of both trees side by side (join.c), which tar entries
 * hold the same bytes in both (match.c), and what the lists are made from. Everything is twofold:
 * [0] is before, [1] is after.
 */
#pragma once

#include "imgprof/compare.h"
#include "imgprof/strbuf.h"

enum { IMP_SIDES = 2 };

/* Of the build's own layers, of the base image's. Without a known base all is own. */
enum imp_part { IMP_PART_OWN, IMP_PART_BASE, IMP_PARTS };

struct imp_bytes {
	uint64_t disk, pull;
};
struct imp_tally {
	struct imp_bytes bytes[IMP_PARTS][IMP_SIDES];
};

/* A path that either image names. */
struct imp_place {
	uint32_t node[IMP_SIDES]; /* IMP_NONE: that image has no such path */
	uint32_t parent;          /* IMP_NONE for the root */
	uint32_t depth;
	uint32_t moved;       /* place of the other end of a move, or IMP_NONE */
	uint8_t state;        /* enum imp_diff_state */
	bool changed;         /* its files, or what it shows of them */
	struct imp_tally sum; /* of all file entries here, live and dead */
};

struct imp_comparison {
	const struct imp_analysis *image[IMP_SIDES];
	const struct imp_tree *tree[IMP_SIDES];
	struct imp_arena *arena;
	bool origin_known;
	bool findings; /* both have some, by the same rules */
	size_t base_layers[IMP_SIDES];
	struct imp_place *places; /* preorder, siblings by name bytes; the root first */
	size_t place_count;
	uint32_t *place_of[IMP_SIDES]; /* of each node */
	/* Of each record: the entry of the other image with the same bytes that it is paired
	 * with, at the same path or at the other end of a move; IMP_NONE */
	uint32_t *match[IMP_SIDES];
	struct imp_tally total, overhead; /* overhead: what is in no file entry */
};

/* tally.c */
enum imp_part imp_part_of(const struct imp_comparison *comparison, int side,
			  uint16_t layer);
void imp_tally_add(struct imp_tally *tally, enum imp_part part, int side, uint64_t disk,
		   uint64_t pull);
void imp_tally_add_record(const struct imp_comparison *comparison,
			  struct imp_tally *tally, int side, uint32_t record);
void imp_tally_add_tally(struct imp_tally *tally, const struct imp_tally *more);
void imp_tally_subtract(struct imp_tally *tally, const struct imp_tally *less);
/*
 * What closes a list of which the rows LISTED have all changed files: headers and padding, what
 * is no file, and by how much unchanged files weigh otherwise in the blob, because their
 * neighbours changed. That difference is added to the side that it makes heavier.
 */
struct imp_tally imp_tally_overhead(const struct imp_comparison *comparison,
				    const struct imp_tally *listed);
struct imp_change_sum imp_tally_sum(const struct imp_tally *tally);
/* Of the larger change; of the larger part where nothing changed. */
enum imp_origin imp_tally_origin(const struct imp_comparison *comparison,
				 const struct imp_tally *tally);
bool imp_sum_differs(const struct imp_change_sum *sum);
/* ADDED, REMOVED: as told; else by disk bytes GROWN, SHRUNK or CHANGED. */
enum imp_diff_state imp_state_of(bool had, bool has, const struct imp_change_sum *sum);
/* By absolute change of disk bytes, then of pull bytes, largest first; 0: equal. */
int imp_compare_changes(const struct imp_change_sum *a, const struct imp_change_sum *b);
/* A file that its path or another still shows. */
bool imp_record_is_live_file(const struct imp_record *record);
/* In the arena. */
struct imp_slice imp_place_path(const struct imp_comparison *comparison, uint32_t place);
struct imp_slice imp_place_name(const struct imp_comparison *comparison, uint32_t place);
/* The record of type file that PLACE shows, or IMP_NONE. */
uint32_t imp_place_file(const struct imp_comparison *comparison, uint32_t place,
			int side);

/* join.c, match.c */
void imp_comparison_join(struct imp_comparison *comparison);
void imp_comparison_match(struct imp_comparison *comparison);

/* One list each. */
void imp_diff_make_layers(const struct imp_comparison *comparison, struct imp_diff *out);
void imp_diff_make_packages(const struct imp_comparison *comparison,
			    struct imp_diff *out);
void imp_diff_make_classes(const struct imp_comparison *comparison, struct imp_diff *out);
void imp_diff_make_paths(const struct imp_comparison *comparison, struct imp_diff *out);
void imp_diff_make_attributes(const struct imp_comparison *comparison,
			      struct imp_diff *out);
void imp_diff_make_findings(const struct imp_comparison *comparison,
			    struct imp_diff *out);
void imp_diff_make_settings(const struct imp_comparison *comparison,
			    struct imp_diff *out);
void imp_diff_make_reasons(const struct imp_comparison *comparison, struct imp_diff *out);
void imp_diff_make_nodes(const struct imp_comparison *comparison, struct imp_diff *out);

/* The digest that a layer is known by: of the bytes read, else what the manifest says. */
struct imp_digest imp_layer_digest(const struct imp_analysis *image, size_t layer);
