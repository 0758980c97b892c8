/* The budget file as it was read, and what its parts share. */
#pragma once

#include "imgprof/budget.h"
#include "imgprof/platform.h"

/* What a rule looks at. */
enum imp_selector {
	IMP_SELECT_METRIC,
	IMP_SELECT_PATH,
	IMP_SELECT_PACKAGE,
	IMP_SELECT_CLASS,
	IMP_SELECT_LAYER,
	IMP_SELECTORS
};
const char *imp_selector_name(enum imp_selector selector); /* "metric" */

/* Metrics beside the totals, numbered behind them. */
enum imp_metric {
	IMP_METRIC_LAYERS = IMP_TOTALS,
	IMP_METRIC_NEW_LAYER, /* of the diff: there is none without base */
	IMP_METRICS
};
const char *imp_metric_name(unsigned metric);
/* Counts things, not bytes. */
bool imp_metric_counts(unsigned metric);

struct imp_target {
	enum imp_selector selector;
	struct imp_slice text; /* as in the file */
	unsigned metric;       /* imp_total or imp_metric */
	/* Of a path: without slashes around it. Of a package: its name's glob */
	struct imp_slice glob;
	enum imp_manager manager;
	enum imp_class class;
};

/* A bound that the file gives. */
struct imp_figure {
	bool set;
	uint64_t value; /* bytes, things or thousandths of a percent */
};

struct imp_budget_rule {
	struct imp_target target;
	struct imp_figure max, max_rise, max_rise_pct, max_pct, only_above, ignore_below;
	bool forbid, both, warns;
	struct imp_slice why;
	uint32_t line, column;
};

struct imp_budget_waiver {
	struct imp_target target;
	struct imp_slice until, why;
	int64_t end_ns; /* the first moment after it */
};

struct imp_budget_entry {
	struct imp_slice match;
	struct imp_platform *platforms;
	size_t platform_count, platform_capacity;
	struct imp_budget_rule *rules;
	size_t rule_count, rule_capacity;
	struct imp_budget_waiver *waivers;
	size_t waiver_count, waiver_capacity;
};

struct imp_budget {
	struct imp_arena *arena;
	const char *name;
	struct imp_budget_entry *entries;
	size_t entry_count, entry_capacity;
	size_t items; /* entries, rules, waivers and platforms: aliases repeat them for nothing */
	uint64_t ignore_below; /* default of rules */
	bool require_base;
};

/* What a target finds in an image. */
struct imp_measure {
	uint64_t value;
	bool matched; /* anything, be it of 0 bytes */
};
/* DIFF: of IMAGE against its base; only new_layer needs it. */
struct imp_measure imp_measure(const struct imp_target *target,
			       const struct imp_analysis *image,
			       const struct imp_diff *diff);

/* What RULE says of an image: a row for each bound, into ROWS (room for IMP_BOUNDS). */
struct imp_budget_case {
	const struct imp_budget_rule *rule;
	const struct imp_budget_waiver *waiver; /* the longest; NULL */
	uint64_t ignore_below;
	struct imp_measure now, before;
	bool has_base;
	uint64_t disk_bytes; /* of the image */
	int64_t now_ns;
};
size_t imp_budget_judge(const struct imp_budget_case *c, struct imp_budget_row *rows);
