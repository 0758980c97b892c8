/*
 * What-if: the size that the image would have without what some findings are about. The files of
 * these findings were then never written: copies of the same paths that later layers hid go
 * with them. Disk bytes are exact. Pull bytes are an estimate: each file's measured share of its
 * layer's compressed stream, and the share of the tar's headers and padding that its
 * entries have.
 *
 *	imp_without(tree, layers, findings, chosen, arena, &out);
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/arena.h"
#include "imgprof/classify.h"
#include "imgprof/profile.h"
#include "imgprof/tree.h"

/* TERM names findings: a rule (all of its findings), the id of one finding, or a class (its certain
 * and likely findings, as in sums; "wasted" are the hidden bytes). */
bool imp_finding_is_named(const struct imp_finding *finding, const char *term);
/* Whether TERM could name any: a class, a rule of RULES, or RULE:SUBJECT. */
bool imp_term_is_known(const char *term, const struct imp_rules *rules);

struct imp_without_layer {
	uint64_t disk_bytes, pull_bytes; /* that would be left of it */
};

struct imp_without {
	struct imp_sum removed;     /* dead copies included */
	struct imp_sum dead_copies; /* hidden files at paths of live ones that go */
	uint64_t removed_overhead_pull_bytes;
	struct imp_without_layer *layers; /* of the tree */
	uint64_t disk_bytes, pull_bytes;  /* of all layers */
	size_t findings;                  /* chosen */
};

/* SUMMARIES of the layers, as in the analysis; CHOSEN for each finding. */
void imp_without(const struct imp_tree *tree,
		 const struct imp_profile_summary *const *summaries,
		 const struct imp_findings *findings, const bool *chosen,
		 struct imp_arena *arena, struct imp_without *out);
