/*
 * What commands over images share: a session under the settings, the images that were
 * analysed in it, and reports about them.
 *
 *	imp_auto(imp_run_finish) struct imp_run run = {0};
 *	imp_run_start(&run, context, settings, IMP_REPORT_PROFILE, false, err);
 *	imp_run_analyse(&run, argument, &set, err);
 *	imp_run_write(&run, &report, err);
 *	return imp_run_conclude(&run, err);
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "imgprof/arena.h"
#include "imgprof/pipeline.h"
#include "imgprof/reload.h"
#include "imgprof/report.h"
#include "progress.h"
#include "settings.h"

struct imp_run_image {
	const char *argument;
	struct imp_analysis_set *set;
};

/* A stored report that stands for images. */
struct imp_run_report {
	const char *argument;
	struct imp_reloaded *stored;
};

struct imp_run {
	const struct imp_context *context;
	struct imp_settings *settings;
	struct imp_progress_display *display;
	struct imp_rules *rules;
	struct imp_store *store;
	struct imp_arena *arena;
	struct imp_strbuf used;       /* text of --used */
	struct imp_strbuf dockerfile; /* text of --dockerfile */
	struct imp_slice *runs;       /* of --run */
	struct imp_session *session;
	/* A report that was read back, instead of a session: who made it stands in it. NULL */
	const struct imp_reloaded *stored;
	struct imp_run_image *images; /* in the order of their analysis */
	size_t image_count, image_capacity;
	struct imp_run_report *reports;
	size_t report_count, report_capacity;
};

/* IMP_E_USAGE when an output has no report of that KIND. TREE_OPTIONAL: reports need nothing that a kept analysis lacks. */
int imp_run_start(struct imp_run *run, const struct imp_context *context,
		  struct imp_settings *settings, enum imp_report_kind kind,
		  bool tree_optional, struct imp_error *err);
void imp_run_finish(struct imp_run *run);
/* ARGUMENT as the user typed it; *OUT belongs to the run. Errors begin with it. */
int imp_run_analyse(struct imp_run *run, const char *argument,
		    const struct imp_analysis_set **out, struct imp_error *err);
/* A path on disk, for imp_location_parse. */
bool imp_run_path_exists(const char *path);
/* NULL when there is none for that platform. */
const struct imp_analysis *imp_run_find_platform(const struct imp_analysis *const *images,
						 size_t count,
						 const struct imp_platform *platform);
/* The stored profile or check at the path ARGUMENT, whole and with tree, else IMP_E_USAGE. */
int imp_run_reload(struct imp_run *run, const char *argument,
		   const struct imp_reloaded **out, struct imp_error *err);
/* TEXT names the base image of what is analysed from here on; NULL: as it is recorded. */
int imp_run_use_base(struct imp_run *run, const char *text, struct imp_error *err);
/* Every output that was asked for, text when none was. */
int imp_run_write(const struct imp_run *run, const struct imp_report *report,
		  struct imp_error *err);
/* WARNINGS to standard error; nothing when the user wants quiet. */
void imp_run_say_warnings(const struct imp_run *run, const struct imp_warnings *warnings);
/* Says the warnings. An incomplete report never ends with status 0: IMP_E_FORMAT. */
int imp_run_conclude(const struct imp_run *run, struct imp_error *err);
