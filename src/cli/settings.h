/*
 * What the command line and the environment ask for. Zeroed is not valid: use
 * imp_settings_init. Strings are borrowed from argv or the environment.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "imgprof/error.h"
#include "imgprof/limits.h"
#include "imgprof/recompress.h"
#include "imgprof/report.h"
#include "imgprof/units.h"

enum { IMP_MAX_OUTPUTS = 32, IMP_MAX_RULES_FILES = 16, IMP_MAX_ARGUMENTS = 4096 };

enum { IMP_MAX_WORDS = 64, IMP_MAX_RECOMPRESS = 8 };

/* Values of an option that may be repeated. */
struct imp_words {
	const char *list[IMP_MAX_WORDS];
	size_t count;
};

/* IMP_E_USAGE: an empty VALUE of --OPTION, or too many. */
int imp_words_add(struct imp_words *words, const char *option, const char *value,
		  struct imp_error *err);

enum imp_when {
	IMP_WHEN_AUTO,
	IMP_WHEN_ALWAYS,
	IMP_WHEN_NEVER,
};

enum imp_progress_style {
	IMP_PROGRESS_AUTO,
	IMP_PROGRESS_TTY,
	IMP_PROGRESS_PLAIN,
	IMP_PROGRESS_NONE,
};

/* What makes a check end with status 1. */
enum imp_fail_on {
	IMP_FAIL_ON_FAIL,
	IMP_FAIL_ON_WARN,
	IMP_FAIL_ON_NEVER,
};

struct imp_output_request {
	const struct imp_format *format;
	const char *file; /* NULL: standard output */
};

struct imp_settings {
	const char *arguments[IMP_MAX_ARGUMENTS];
	size_t argument_count;

	struct imp_output_request outputs[IMP_MAX_OUTPUTS];
	size_t output_count;
	enum imp_units units;
	enum imp_when color;
	size_t width; /* 0: the terminal's */
	uint32_t top, depth;
	uint64_t html_max_bytes; /* 0: the format's default */
	enum imp_sort sort;
	bool no_tree;
	const char *path;
	const char *blame_class; /* as typed */

	const char *platform; /* as typed, or NULL */
	bool all_platforms;
	bool plain_http;
	bool foreign;
	bool verify_full;
	bool partial;
	bool no_classify;
	const char *dockerfile; /* file */

	const char *rules[IMP_MAX_RULES_FILES]; /* --rules */
	size_t rules_count;
	const char *workdir; /* of --test */
	bool test_rules;

	bool fixes;
	struct imp_words why, without, runs;
	struct imp_words pairs;       /* names of --pair */
	struct imp_words base_images; /* --base-image */

	struct imp_comment_options comment;
	/* What a check compares with: one base for each image, or what finds it */
	struct imp_words bases, base_reports, base_commits;
	const char *base_tag, *base_branch_tag;
	const char *budget;  /* file; NULL: looked for */
	const char *dive_ci; /* file */
	enum imp_fail_on fail_on;

	const char *used; /* file */
	struct imp_report_filter filter;
	struct imp_recompress_setting recompress[IMP_MAX_RECOMPRESS];
	size_t recompress_count;

	/* Of cost; as typed, NULL: not given */
	struct {
		struct imp_words registries, what_ifs, unpacked_from;
		const char *from, *price, *unit_base, *currency, *dedupe, *replicas;
		const char *as_of, *max, *sort, *group, *label;
		const char *builds_per_week, *build_minutes, *build_price, *push_price;
		const char *pulls, *warm_share, *pull_price;
		bool free_tier, digests, snapshot, history;
		const char *db; /* file; NULL: the user's own */
	} cost;

	unsigned threads; /* 0: one for each core */
	bool no_cache;
	const char *cache_directory;
	struct imp_limits limits;

	enum imp_progress_style progress;
	bool quiet;
	int verbosity;
	bool help;
};

void imp_settings_init(struct imp_settings *settings);
