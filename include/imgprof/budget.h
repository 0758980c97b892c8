/*
 * Budgets: what an image may weigh, and whether it does (reference/ecosystem.md 1.7). The file
 * is the part `images` and `defaults` of .imgprof.yaml, YAML or JSON with the same schema.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/analysis.h"
#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/compare.h"
#include "imgprof/error.h"
#include "imgprof/slice.h"

enum imp_verdict {
	IMP_VERDICT_PASS,
	IMP_VERDICT_NOT_EVALUATED, /* it needs a base, and there is none */
	IMP_VERDICT_WAIVED,        /* broken, and a waiver that has not ended covers it */
	IMP_VERDICT_WARN,          /* broken, of level warn */
	IMP_VERDICT_FAIL,
	IMP_VERDICTS
};
const char *imp_verdict_name(enum imp_verdict verdict); /* "not evaluated" */

enum imp_bound {
	IMP_BOUND_MAX,
	IMP_BOUND_MAX_RISE,
	IMP_BOUND_MAX_RISE_PCT, /* of the base's value */
	IMP_BOUND_MAX_PCT,      /* of the image's disk bytes */
	IMP_BOUND_FORBID,
	IMP_BOUND_BOTH_RISES, /* `when: both` joins the two */
	IMP_BOUNDS
};
const char *imp_bound_name(enum imp_bound bound); /* "max_rise" */

/* One bound of one rule, held against one image. */
struct imp_budget_row {
	const char *image;    /* its reference or name; raw */
	const char *platform; /* "linux/amd64" */
	const char *selector; /* "metric" "path" "package" "class" "layer" */
	struct imp_slice
		subject; /* "pull", a glob, "npm:lighthouse" ...; raw text of the file */
	enum imp_bound bound;
	bool counts;    /* value and base count things, not bytes */
	uint64_t value; /* of the image now: bytes (live disk bytes found) or a count */
	bool has_base;
	uint64_t base; /* of the base */
	/* In bytes or things; of the two percent bounds in thousandths of a percent */
	uint64_t limit;
	uint64_t rise_limit_bytes; /* of BOTH_RISES: LIMIT is the percent */
	enum imp_verdict verdict;
	bool fails; /* level fail, not warn */
	/* Below only_above, or a rise below ignore_below: passes. FLOOR: which that is */
	bool asleep;
	uint64_t floor;
	struct imp_slice why; /* of the rule; raw; may be empty */
	/* A waiver with the same selector: its end ("2026-12-31") and reason; raw */
	struct imp_slice waived_until, waived_why;
	bool waiver_ended;
	uint32_t line, column; /* of the rule in the file */
};

/* The three rules of a .dive-ci file, by dive's own definitions (reference/peers.md 2). */
enum imp_dive_rule {
	IMP_DIVE_EFFICIENCY,   /* lowestEfficiency: PART / WHOLE */
	IMP_DIVE_WASTED_BYTES, /* highestWastedBytes: PART */
	IMP_DIVE_USER_WASTED,  /* highestUserWastedPercent: PART / WHOLE */
	IMP_DIVE_RULES
};
const char *imp_dive_rule_name(enum imp_dive_rule rule); /* as in the file */
struct imp_dive_row {
	const char *image, *platform;
	enum imp_dive_rule rule;
	uint64_t part, whole;
	uint64_t our_part, our_whole; /* the same question by imgprof's figures */
	uint64_t limit;               /* bytes, or billionths */
	bool off;
	enum imp_verdict verdict; /* PASS or FAIL */
};

struct imp_check {
	enum imp_verdict verdict; /* the worst of the rows */
	const struct imp_budget_row
		*rows; /* in the order of the images, then of the file */
	size_t row_count;
	size_t counts[IMP_VERDICTS];
	const char *file; /* where the budget stands; NULL: dive's rules alone */
	const struct imp_dive_row *dive;
	size_t dive_count;
	const char *dive_file; /* NULL: none */
	const char *
		base_reason; /* why this base was chosen, one line, escaped; NULL: no base */
};

struct imp_budget; /* opaque */

/* IMP_E_USAGE with NAME:LINE:COLUMN: unknown keys and units with what is near. Other top-level
 * keys of .imgprof.yaml are looked at by whom they belong to. */
int imp_budget_parse(struct imp_slice text, const char *name, struct imp_budget **out,
		     struct imp_error *err);
void imp_budget_destroy(struct imp_budget *budget);
IMP_DEFINE_DESTROY(imp_budget);

struct imp_budget_image {
	/* What `match` is held against: the reference, or --name. An archive whose name nobody
	 * gave is also matched by what it calls the image (image.h) */
	const char *name;
	bool named; /* by the user */
	const struct imp_analysis *image;
	const struct imp_diff *diff;       /* against its base; NULL: no base */
	const struct imp_analysis *before; /* the base itself; NULL: no base */
};

/* IMP_E_USAGE: an image that no `match` fits, require_base without base. NOW_NS: for waivers. */
int imp_budget_check(const struct imp_budget *budget,
		     const struct imp_budget_image *images, size_t count, int64_t now_ns,
		     struct imp_arena *arena, struct imp_check *out,
		     struct imp_error *err);

/* A file with today's numbers plus 5 % (`imgprof budget init`). */
void imp_budget_init(const struct imp_analysis *const *images, size_t count,
		     struct imp_strbuf *out);

/* Adds the rows of dive's rules to CHECK. TEXT is a .dive-ci file; what it leaves out has dive's
 * defaults. IMP_E_USAGE as imp_budget_parse. */
int imp_dive_check(struct imp_slice text, const char *name,
		   const struct imp_budget_image *images, size_t count,
		   struct imp_arena *arena, struct imp_check *check,
		   struct imp_error *err);
