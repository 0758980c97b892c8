/*
 * Output formats, one file each in report/, behind one interface. A format takes const
 * data and writes to a FILE; it never asks the environment. Output is the same for any
 * locale, time zone and number of threads. All text from an image passes the escaper of
 * its format.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "imgprof/analysis.h"
#include "imgprof/blame.h"
#include "imgprof/budget.h"
#include "imgprof/compare.h"
#include "imgprof/cost.h"
#include "imgprof/cost_history.h"
#include "imgprof/error.h"
#include "imgprof/share.h"
#include "imgprof/units.h"

enum imp_sort {
	IMP_SORT_DISK,
	IMP_SORT_PULL,
	IMP_SORT_FILES,
	IMP_SORT_NAME,
};

/* Which packages and findings are listed; sums are always of the whole image. */
struct imp_report_filter {
	bool has_manager;
	enum imp_manager
		manager;  /* packages of this manager and findings with files of theirs */
	bool ignore_base; /* without what is in layers of the base image alone */
};

/* Questions of the user's: text answers them instead of showing its screen, json beside all else. */
struct imp_report_questions {
	const char *const *why; /* paths */
	size_t why_count;
	const char *const *without; /* rules, classes, ids of findings (without.h) */
	size_t without_count;
	bool fixes;
};

/* Where a comment is posted: what it may hold and how long it may be (ecosystem.md 1.4). */
enum imp_forge {
	IMP_FORGE_GITHUB,
	IMP_FORGE_GITLAB,
	IMP_FORGE_BITBUCKET, /* no HTML, no folding */
	IMP_FORGE_AZURE,
	IMP_FORGES
};

/* Of the markdown format. All of it is the user's, nothing is read from a stored report. */
struct imp_comment_options {
	enum imp_forge forge;
	const char *name; /* of the image in the headline; NULL: by its reference */
	/* Of the hidden line that the next run finds its comment by; key NULL: no such line */
	const char *key, *head, *run;
	size_t max_bytes; /* 0: what the forge takes */
};

struct imp_report_options {
	enum imp_units units;
	size_t width; /* columns to fit text into; 0: never cut */
	bool color;
	bool unicode; /* box and tree glyphs */
	bool quiet;   /* text: no "next" lines */
	bool detail;  /* text: every finding in full */
	bool no_tree; /* json without "tree" */
	/* Rows of a list; 0: the format's default (machine formats: uncut). */
	uint32_t top;
	uint32_t depth;          /* of the tree format; 0: its default */
	uint64_t html_max_bytes; /* of a page; 0: the format's default */
	enum imp_sort sort;
	const char *path; /* tree: look inside this path; NULL: the root */
	struct imp_report_filter filter;
	struct imp_report_questions questions;
	struct imp_comment_options comment;
	const char *version;  /* of imgprof */
	const char *features; /* "+isa-l +zstd" */
	const char *rules_version;
};

/* What a report is about: `kind` of a JSON document. */
enum imp_report_kind {
	IMP_REPORT_PROFILE,
	IMP_REPORT_DIFF,
	IMP_REPORT_CHECK, /* of images; diffs stand beside them for those that have a base */
	IMP_REPORT_COST,
	IMP_REPORT_SHARE,
	IMP_REPORT_BLAME,
	IMP_REPORT_HISTORY, /* of costs */
	IMP_REPORT_KINDS
};
const char *imp_report_kind_name(enum imp_report_kind kind); /* "profile" */

struct imp_report {
	enum imp_report_kind kind;
	/* Of a profile or a check */
	const struct imp_analysis *const *images;
	size_t image_count;
	/* Of a diff, or of a check with a base (else NULL). Nothing else is needed for it: the images may be gone */
	const struct imp_diff_set *diffs;
	/* Of a share; likewise */
	const struct imp_share *share;
	/* Verdicts on the images; NULL: nobody asked */
	const struct imp_check *check;
	/* Of a cost report */
	const struct imp_cost_report *cost;
	/* Of a blame */
	const struct imp_blame *blame;
	/* Of a history of costs */
	const struct imp_cost_history *history;
};

typedef int imp_report_write(const struct imp_report *report,
			     const struct imp_report_options *options, FILE *out,
			     struct imp_error *err);

struct imp_format {
	const char *name;    /* as in -o NAME */
	const char *summary; /* one line for --help */
	bool needs_tree;     /* cannot be rendered from a document without tree */
	/* Draws from an analysis without tree, unless a question or filter is among the options */
	bool tree_optional;
	imp_report_write *write[IMP_REPORT_KINDS]; /* NULL: no report of that kind */
};

/* IMP_E_USAGE when the format has no report of that kind. */
int imp_format_write(const struct imp_format *format, const struct imp_report *report,
		     const struct imp_report_options *options, FILE *out,
		     struct imp_error *err);

/* PATH is in one of the images, live or hidden. IMP_E_NOT_FOUND names what is near. */
int imp_report_path_known(const struct imp_report *report, const char *path,
			  struct imp_error *err);

/* NULL when there is none of that name. */
const struct imp_format *imp_format_find(const char *name);
/* All, in the order of the help; ends with NULL. */
const struct imp_format *const *imp_formats(void);
