#include "run.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build_info.h"
#include "imgprof/cleanup.h"
#include "messages.h"
#include "outputs.h"
#include "questions.h"
#include "report_file.h"
#include "rules_files.h"
#include "terminal.h"

enum { WARNING_LINES = 10 };

void imp_run_finish(struct imp_run *run)
{
	for (size_t i = 0; i < run->image_count; i++)
		imp_analysis_set_destroy(run->images[i].set);
	free(run->images);
	for (size_t i = 0; i < run->report_count; i++)
		imp_reloaded_destroy(run->reports[i].stored);
	free(run->reports);
	imp_session_destroy(run->session);
	imp_store_close(run->store);
	imp_rules_destroy(run->rules);
	imp_progress_display_destroy(run->display);
	imp_strbuf_finish(&run->used);
	imp_strbuf_finish(&run->dockerfile);
	imp_arena_destroy(run->arena);
}

static void say(const struct imp_run *run, const struct imp_strbuf *line)
{
	imp_progress_display_line(run->display, line->data);
}

static void say_warning(const struct imp_run *run, const struct imp_warning *warning)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};

	imp_message_warning(warning, &line);
	say(run, &line);
}

static void say_warnings(const struct imp_run *run, const struct imp_warnings *warnings)
{
	size_t count = imp_warnings_count(warnings);
	size_t shown = run->settings->verbosity || count <= WARNING_LINES
			       ? count
			       : WARNING_LINES - 1;

	for (size_t i = 0; i < shown; i++)
		say_warning(run, imp_warnings_get(warnings, i));
	if (shown < count) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};
		imp_strbuf_printf(&line, "imgprof: warning: %zu more (-v shows them)",
				  count - shown);
		say(run, &line);
	}
}

void imp_run_say_warnings(const struct imp_run *run, const struct imp_warnings *warnings)
{
	if (!run->settings->quiet)
		say_warnings(run, warnings);
}

/* The cache is a convenience: what keeps it from working is said once, and the run goes on. */
static void open_store(struct imp_run *run)
{
	struct imp_error err = {0};

	if (run->settings->no_cache)
		return;
	if (imp_store_open(run->context, run->settings->cache_directory, &run->store,
			   &err) == 0 ||
	    run->settings->quiet)
		return;
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};
	imp_wrap(&err, "going on without the cache");
	imp_message_error(&err, &line);
	say(run, &line);
}

static int choose_platform(const struct imp_run *run, struct imp_platform_choice *choice,
			   struct imp_error *err)
{
	const struct imp_settings *settings = run->settings;
	const char *preset = imp_context_env(run->context, "IMGPROF_PLATFORM");
	const char *wanted = settings->platform;

	if (settings->all_platforms && wanted && wanted != preset)
		return imp_fail(err, IMP_E_USAGE, "both --platform and --all-platforms");
	if (settings->all_platforms)
		wanted = NULL;
	*choice = (struct imp_platform_choice){
		.platform = imp_platform_host(),
		.explicitly = wanted != NULL,
		.all = settings->all_platforms,
	};
	return wanted ? imp_platform_parse(imp_slice_of(wanted), run->arena,
					   &choice->platform, err)
		      : 0;
}

static int read_evidence(struct imp_run *run, struct imp_runtime_options *out,
			 struct imp_error *err)
{
	const struct imp_words *runs = &run->settings->runs;

	run->runs = imp_arena_array(run->arena, runs->count + 1, sizeof(*run->runs));
	for (size_t i = 0; i < runs->count; i++)
		run->runs[i] = imp_slice_of(runs->list[i]);
	out->runs = run->runs;
	out->run_count = runs->count;
	int rc = imp_questions_read_used(run->settings, &run->used, err);
	if (rc == 0 && run->settings->used)
		out->used = imp_strbuf_slice(&run->used);
	return rc;
}

static int read_dockerfile(struct imp_run *run, struct imp_dockerfile_given *out,
			   struct imp_error *err)
{
	enum { MOST_BYTES = 8 << 20 };
	const char *name = run->settings->dockerfile;

	if (!name)
		return 0;
	int rc = imp_question_read_file("dockerfile", name, MOST_BYTES, &run->dockerfile,
					err);
	if (rc == 0)
		*out = (struct imp_dockerfile_given){name,
						     imp_strbuf_slice(&run->dockerfile)};
	return rc;
}

static int prepare(struct imp_run *run, enum imp_report_kind kind, bool tree_optional,
		   struct imp_error *err)
{
	const struct imp_settings *settings = run->settings;
	struct imp_session_options options = {
		.context = run->context,
		.source = {.plain_http = settings->plain_http,
			   .foreign = settings->foreign},
		.tree_optional = tree_optional,
		.program = imp_version(),
		.resolve_base = kind == IMP_REPORT_DIFF,
		.verify_diff_ids = settings->verify_full,
		.partial = settings->partial,
		.recompress = settings->recompress,
		.recompress_count = settings->recompress_count,
		.watcher = imp_progress_display_watcher(run->display),
	};
	int rc = choose_platform(run, &options.choice, err);

	if (rc == 0)
		rc = imp_settings_rules(settings, &run->rules, err);
	if (rc == 0)
		rc = imp_questions_check(settings, run->rules, err);
	if (rc == 0)
		rc = read_evidence(run, &options.runtime, err);
	if (rc == 0)
		rc = read_dockerfile(run, &options.dockerfile, err);
	if (rc < 0)
		return rc;
	open_store(run);
	options.store = run->store;
	options.rules = settings->no_classify ? NULL : run->rules;
	run->session = imp_session_create(&options);
	return 0;
}

int imp_run_start(struct imp_run *run, const struct imp_context *context,
		  struct imp_settings *settings, enum imp_report_kind kind,
		  bool tree_optional, struct imp_error *err)
{
	int rc = imp_outputs_check(settings, kind, err);

	if (rc < 0)
		return rc;
	run->context = context;
	run->settings = settings;
	run->arena = imp_arena_create();
	run->display = imp_progress_display_create(context, settings);
	return prepare(run, kind, tree_optional, err);
}

bool imp_run_path_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

static void add_image(struct imp_run *run, const char *argument,
		      struct imp_analysis_set *set)
{
	run->images = imp_xgrow(run->images, &run->image_capacity, run->image_count + 1,
				sizeof(*run->images));
	run->images[run->image_count++] = (struct imp_run_image){argument, set};
}

int imp_run_use_base(struct imp_run *run, const char *text, struct imp_error *err)
{
	struct imp_location *location = NULL;

	if (text) {
		location = imp_arena_alloc(run->arena, sizeof(*location));
		int rc = imp_location_parse(text, imp_run_path_exists, run->arena,
					    location, err);
		if (rc < 0)
			return imp_wrap(err, "base image %s", text);
	}
	imp_session_use_base(run->session, location);
	return 0;
}

int imp_run_analyse(struct imp_run *run, const char *argument,
		    const struct imp_analysis_set **out, struct imp_error *err)
{
	struct imp_analysis_set *set = NULL;
	struct imp_location location;
	int rc = imp_location_parse(argument, imp_run_path_exists, run->arena, &location,
				    err);

	if (rc == 0)
		rc = imp_session_analyse(run->session, &location, &set, err);
	if (rc == 0) {
		add_image(run, argument, set);
		*out = set;
	} else if (strncmp(err->message, argument, strlen(argument)) != 0) {
		imp_wrap(err, "%s", argument);
	}
	return rc;
}

const struct imp_analysis *imp_run_find_platform(const struct imp_analysis *const *images,
						 size_t count,
						 const struct imp_platform *platform)
{
	for (size_t i = 0; i < count; i++)
		if (imp_platform_equal(&images[i]->image->platform, platform))
			return images[i];
	return NULL;
}

static int check_profile(const struct imp_reloaded *stored, struct imp_error *err)
{
	int rc = imp_report_file_check_whole(stored, err);

	if (rc < 0)
		return rc;
	if (stored->kind != IMP_RELOADED_PROFILE && stored->kind != IMP_RELOADED_CHECK)
		return imp_fail(err, IMP_E_USAGE,
				"a comparison, not the report of an image");
	return stored->without_tree
		       ? imp_fail(err, IMP_E_USAGE,
				  "comparing needs the tree, which --no-tree left out")
		       : 0;
}

int imp_run_reload(struct imp_run *run, const char *argument,
		   const struct imp_reloaded **out, struct imp_error *err)
{
	imp_auto_destroy(imp_reloaded) struct imp_reloaded *stored = NULL;
	int rc = imp_report_file_read(argument, run->context->limits, run->arena, &stored,
				      err);

	if (rc == 0)
		rc = check_profile(stored, err);
	if (rc < 0)
		return imp_wrap(err, "%s", argument);
	run->reports = imp_xgrow(run->reports, &run->report_capacity,
				 run->report_count + 1, sizeof(*run->reports));
	*out = stored;
	run->reports[run->report_count++] =
		(struct imp_run_report){argument, imp_steal(&stored)};
	return 0;
}

static struct imp_report_options report_options(const struct imp_run *run,
						const struct imp_output_request *output)
{
	const struct imp_settings *settings = run->settings;
	bool to_stdout = !output->file;
	size_t width = to_stdout ? imp_terminal_width(run->context, STDOUT_FILENO) : 0;

	return (struct imp_report_options){
		.units = settings->units,
		.width = settings->width ? settings->width : width,
		.color = to_stdout ? imp_terminal_color(run->context, settings->color,
							STDOUT_FILENO)
				   : settings->color == IMP_WHEN_ALWAYS,
		.unicode = imp_terminal_unicode(run->context),
		.quiet = settings->quiet,
		.detail = settings->verbosity > 0,
		.no_tree = settings->no_tree,
		.top = settings->top,
		.depth = settings->depth,
		.html_max_bytes = settings->html_max_bytes,
		.sort = settings->sort,
		.path = settings->path,
		.filter = settings->filter,
		.questions = {.why = settings->why.list,
			      .why_count = settings->why.count,
			      .without = settings->without.list,
			      .without_count = settings->without.count,
			      .fixes = settings->fixes},
		.comment = settings->comment,
		.version = run->stored ? run->stored->tool_version : imp_version(),
		.features = run->stored ? run->stored->features : imp_features(),
		.rules_version = run->stored ? run->stored->rules_version
					     : imp_rules_version(run->rules),
	};
}

/* -o github is annotations in the log and, on a runner, the page of the job. */
static int append_summary(const struct imp_run *run,
			  const struct imp_output_request *output,
			  const struct imp_report *report,
			  const struct imp_report_options *options, struct imp_error *err)
{
	const char *path = imp_context_env(run->context, "GITHUB_STEP_SUMMARY");

	if (!path || strcmp(output->format->name, "github") != 0)
		return 0;
	return imp_output_append_summary(path, report, options, err);
}

int imp_run_write(const struct imp_run *run, const struct imp_report *report,
		  struct imp_error *err)
{
	const struct imp_settings *settings = run->settings;
	const struct imp_output_request standard = {.format = imp_format_find("text")};
	const struct imp_output_request *outputs =
		settings->output_count ? settings->outputs : &standard;
	size_t count = settings->output_count ? settings->output_count : 1;

	for (size_t i = 0; i < count; i++) {
		struct imp_report_options options = report_options(run, &outputs[i]);
		int rc = imp_output_write(&outputs[i], report, &options, err);
		if (rc == 0)
			rc = append_summary(run, &outputs[i], report, &options, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* What the user does not want to hear of is counted, one line for each reason. */
static void say_ignored(const struct imp_run *run, const struct imp_findings *findings)
{
	for (size_t i = 0; i < findings->dropped_count; i++) {
		const char *reason = findings->dropped[i].evidence;
		imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};
		size_t count = 0, first = findings->dropped_count;
		if (strcmp(findings->dropped[i].anchor, "ignored") != 0)
			continue;
		for (size_t j = findings->dropped_count; j-- > 0;)
			if (strcmp(findings->dropped[j].evidence, reason) == 0) {
				count++;
				first = j;
			}
		if (first != i)
			continue;
		imp_strbuf_printf(&line, "imgprof: %zu %s %s", count,
				  count == 1 ? "finding" : "findings", reason);
		say(run, &line);
	}
}

static void say_of_image(const struct imp_run *run, const struct imp_analysis *image)
{
	if (!run->settings->quiet)
		say_warnings(run, image->warnings);
	if (run->settings->verbosity)
		say_ignored(run, image->findings);
}

int imp_run_conclude(const struct imp_run *run, struct imp_error *err)
{
	for (size_t i = 0; i < run->image_count; i++)
		for (size_t j = 0; j < run->images[i].set->count; j++)
			say_of_image(run, run->images[i].set->images[j]);
	for (size_t i = 0; i < run->image_count; i++)
		if (!run->images[i].set->complete)
			return imp_fail(err, IMP_E_FORMAT, "%s: the report is incomplete",
					run->images[i].argument);
	for (size_t i = 0; i < run->report_count; i++)
		if (!run->reports[i].stored->complete)
			return imp_fail(err, IMP_E_FORMAT, "%s: the report is incomplete",
					run->reports[i].argument);
	return 0;
}
