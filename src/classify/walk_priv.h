/* The walk over the live tree (walk.c) and what it makes of each file (walk_judge.c). */
#pragma once

#include "survey_priv.h"

/* A step that is open in a folder, and how the walk came to it. */
struct trail {
	uint32_t step;
	uint32_t origin, at; /* where the anchor stands; the deepest folder matched */
	uint32_t origin_depth, at_depth;
};

/* A term that a file or folder, or a folder above it, matched. */
struct verdict {
	uint32_t term;
	uint32_t origin, at;
	uint32_t origin_depth, at_depth;
	enum imp_confidence confidence;
};

/* Trails and verdicts of a folder stand in the walk's lists from `first_*` up to those of the
 * next frame, or the end. */
struct frame {
	uint32_t node, depth;
	size_t first_trail, first_verdict;
	uint32_t guarded; /* bits of classes */
	uint32_t realm;
	uint32_t npm, python; /* outermost node_modules; site-packages or dist-packages */
};

struct walk {
	struct imp_survey *survey;
	const struct imp_tree *tree;
	const struct imp_rules *rules;
	enum imp_confidence *confidences; /* of each term */
	uint64_t *marks;                  /* bits: nodes that have a spot or a seed */
	uint32_t *
		open_depths; /* by node: 1 + the depth of its frame, 0 without one; or NULL */
	struct frame *frames;
	size_t frame_count, frame_capacity;
	struct trail *trails;
	size_t trail_count, trail_capacity;
	struct verdict *verdicts;
	size_t verdict_count, verdict_capacity;
	struct imp_targets targets;
};

/* The node that is looked at, and what it inherits. */
struct visit {
	uint32_t node, depth;
	struct imp_name name;
	size_t first_trail, end_trail, first_verdict, end_verdict;
};

/* walk_judge.c */
const struct imp_row *imp_walk_row(const struct walk *walk, uint32_t term);
/* Conditions of the folder or file itself, or those that only its files can meet. */
bool imp_walk_meets(const struct walk *walk, uint32_t term, uint32_t node, bool of_files);
void imp_walk_add_verdict(struct walk *walk, const struct verdict *verdict);
/* What rpm itself marks as documentation. */
void imp_walk_add_documentation(struct walk *walk, const struct visit *visit,
				uint32_t record);
void imp_walk_note_secrets(struct walk *walk, const struct visit *visit, uint32_t record);
/* Gives the file its hit. GUARDED: bits of classes. */
void imp_walk_judge(struct walk *walk, const struct visit *visit, uint32_t record,
		    uint32_t guarded);
