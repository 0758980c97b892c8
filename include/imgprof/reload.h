/*
 * Stored reports read back: the JSON document of one run becomes what every format takes.
 * Documents come from strangers (a pull request's job), so all is checked as if the worst
 * had written them; sums, trees and findings hold what analysis promises, or it is
 * IMP_E_FORMAT.
 *
 *	imp_reload(text, &limits, arena, &reloaded, &err);
 *	imp_format_write(format, &reloaded->report, &options, stdout, &err);
 *	imp_reloaded_destroy(reloaded);
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "imgprof/analysis.h"
#include "imgprof/arena.h"
#include "imgprof/blame.h"
#include "imgprof/budget.h"
#include "imgprof/cleanup.h"
#include "imgprof/compare.h"
#include "imgprof/cost.h"
#include "imgprof/cost_history.h"
#include "imgprof/error.h"
#include "imgprof/limits.h"
#include "imgprof/share.h"
#include "imgprof/slice.h"

enum imp_reloaded_kind {
	IMP_RELOADED_PROFILE,
	IMP_RELOADED_DIFF,
	IMP_RELOADED_CHECK,
	IMP_RELOADED_SHARE,
	IMP_RELOADED_COST,
	IMP_RELOADED_HISTORY,
	IMP_RELOADED_BLAME,
};

struct imp_reloaded {
	enum imp_reloaded_kind kind;
	const struct imp_analysis *const *images; /* of a profile or a check */
	size_t image_count;
	/* Of a diff, or of a check with a base (else NULL) */
	const struct imp_diff_set *diffs;
	const struct imp_check *check; /* of a check */
	const struct imp_share *share; /* of a share */
	/* Of a cost report: what formats take, not the blobs of its images */
	const struct imp_cost_report *cost;
	const struct imp_cost_history *history; /* of a history */
	const struct imp_blame *blame;          /* of a blame */
	bool complete;
	/* Made with --no-tree: images have no tree, diffs no nodes */
	bool without_tree;
	/* Lists were cut (--top) or filtered: a report of it would not be whole. No images then */
	bool cut;
	/* Of the program that made it, as in `tool`; one line each */
	const char *tool_version, *features, *rules_version;
	struct imp_reloaded_private *priv;
};

/* TEXT may go afterwards; *OUT lives in ARENA, which must go later than it.
 * IMP_E_UNSUPPORTED for another schema or kind, IMP_E_LIMIT names the limit. */
int imp_reload(struct imp_slice text, const struct imp_limits *limits,
	       struct imp_arena *arena, struct imp_reloaded **out, struct imp_error *err);
void imp_reloaded_destroy(struct imp_reloaded *reloaded); /* NULL allowed */
IMP_DEFINE_DESTROY(imp_reloaded);
