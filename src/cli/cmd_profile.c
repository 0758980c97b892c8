/* imgprof IMAGE...: the default command. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build_info.h"
#include "command.h"
#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/pipeline.h"
#include "imgprof/report.h"
#include "messages.h"
#include "outputs.h"
#include "progress.h"
#include "questions.h"
#include "rules_files.h"
#include "terminal.h"

enum { WARNING_LINES = 10 };

struct run {
	const struct imp_context *context;
	struct imp_settings *settings;
	struct imp_progress_display *display;
	struct imp_rules *rules;
	struct imp_store *store;
	struct imp_arena *arena;
	struct imp_strbuf used;
	struct imp_slice *runs;
	struct imp_session *session;
	struct imp_analysis_set **sets;
	size_t set_count;
};

static void run_finish(struct run *run)
{
	for (size_t i = 0; i < run->set_count; i++)
		imp_analysis_set_destroy(run->sets[i]);
	free(run->sets);
	imp_session_destroy(run->session);
	imp_store_close(run->store);
	imp_rules_destroy(run->rules);
	imp_progress_display_destroy(run->display);
	imp_strbuf_finish(&run->used);
	imp_arena_destroy(run->arena);
}

static void say(const struct run *run, const struct imp_strbuf *line)
{
	imp_progress_display_line(run->display, line->data);
}

static void say_warning(const struct run *run, const struct imp_warning *warning)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};

	imp_message_warning(warning, &line);
	say(run, &line);
}

static void say_warnings(const struct run *run, const struct imp_warnings *warnings)
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

/* The cache is a convenience: what keeps it from working is said once, and the run goes on. */
static void open_store(struct run *run)
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

static int choose_platform(const struct run *run, struct imp_platform_choice *choice,
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

static int read_evidence(struct run *run, struct imp_runtime_options *out,
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

/* Nothing that is asked needs more than an analysis that an earlier run kept. */
static bool tree_optional(const struct imp_settings *settings)
{
	const struct imp_report_filter *filter = &settings->filter;

	if (settings->why.count > 0 || settings->without.count > 0 ||
	    filter->has_manager || filter->ignore_base)
		return false;
	for (size_t i = 0; i < settings->output_count; i++)
		if (!settings->outputs[i].format->tree_optional)
			return false;
	return true;
}

static int prepare(struct run *run, struct imp_error *err)
{
	const struct imp_settings *settings = run->settings;
	struct imp_session_options options = {
		.context = run->context,
		.source = {.plain_http = settings->plain_http,
			   .foreign = settings->foreign},
		.tree_optional = tree_optional(settings),
		.program = imp_version(),
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
	if (rc < 0)
		return rc;
	open_store(run);
	options.store = run->store;
	options.rules = settings->no_classify ? NULL : run->rules;
	run->session = imp_session_create(&options);
	return 0;
}

static bool path_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

static int analyse(struct run *run, const char *argument, struct imp_error *err)
{
	struct imp_location location;
	int rc = imp_location_parse(argument, path_exists, run->arena, &location, err);

	if (rc == 0)
		rc = imp_session_analyse(run->session, &location,
					 &run->sets[run->set_count], err);
	if (rc == 0)
		run->set_count++;
	else if (strncmp(err->message, argument, strlen(argument)) != 0)
		imp_wrap(err, "%s", argument);
	return rc;
}

static size_t gather(const struct run *run, const struct imp_analysis **images)
{
	size_t count = 0;

	for (size_t i = 0; i < run->set_count; i++)
		for (size_t j = 0; j < run->sets[i]->count; j++) {
			if (images)
				images[count] = run->sets[i]->images[j];
			count++;
		}
	return count;
}

static struct imp_report_options report_options(const struct run *run,
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
		.sort = settings->sort,
		.path = settings->path,
		.filter = settings->filter,
		.questions = {.why = settings->why.list,
			      .why_count = settings->why.count,
			      .without = settings->without.list,
			      .without_count = settings->without.count,
			      .fixes = settings->fixes},
		.version = imp_version(),
		.features = imp_features(),
		.rules_version = imp_rules_version(run->rules),
	};
}

static int write_outputs(const struct run *run, struct imp_error *err)
{
	const struct imp_settings *settings = run->settings;
	const struct imp_analysis **images =
		imp_arena_array(run->arena, gather(run, NULL) + 1, sizeof(*images));
	struct imp_report report = {.images = images, .image_count = gather(run, images)};
	const struct imp_output_request standard = {.format = imp_format_find("text")};
	const struct imp_output_request *outputs =
		settings->output_count ? settings->outputs : &standard;
	size_t count = settings->output_count ? settings->output_count : 1;

	for (size_t i = 0; i < settings->why.count; i++) {
		int rc = imp_report_path_known(&report, settings->why.list[i], err);
		if (rc < 0)
			return rc;
	}
	for (size_t i = 0; i < count; i++) {
		struct imp_report_options options = report_options(run, &outputs[i]);
		int rc = imp_output_write(&outputs[i], &report, &options, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* What the user does not want to hear of is counted, one line for each reason. */
static void say_ignored(const struct run *run, const struct imp_findings *findings)
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

/* An incomplete report never ends with status 0: the first reason becomes the error. */
static int conclude(const struct run *run, struct imp_error *err)
{
	for (size_t i = 0; i < run->set_count; i++)
		for (size_t j = 0; j < run->sets[i]->count; j++) {
			const struct imp_analysis *image = run->sets[i]->images[j];
			if (!run->settings->quiet)
				say_warnings(run, image->warnings);
			if (run->settings->verbosity)
				say_ignored(run, image->findings);
		}
	for (size_t i = 0; i < run->set_count; i++)
		if (!run->sets[i]->complete)
			return imp_fail(err, IMP_E_FORMAT, "%s: the report is incomplete",
					run->settings->arguments[i]);
	return 0;
}

static int run_all(struct run *run, struct imp_error *err)
{
	const struct imp_settings *settings = run->settings;
	int rc = prepare(run, err);

	run->sets = imp_xcalloc(settings->argument_count, sizeof(*run->sets));
	for (size_t i = 0; rc == 0 && i < settings->argument_count; i++)
		rc = analyse(run, settings->arguments[i], err);
	if (rc == 0)
		rc = write_outputs(run, err);
	return rc < 0 ? rc : conclude(run, err);
}

static int run_profile(const struct imp_context *context, struct imp_settings *settings,
		       struct imp_error *err)
{
	imp_auto(run_finish) struct run run = {.context = context, .settings = settings};

	if (settings->argument_count == 0) {
		imp_fail(err, IMP_E_USAGE, "no image given");
		return imp_hint(err, "try imgprof --help");
	}
	int rc = imp_outputs_check(settings, err);
	if (rc < 0)
		return rc;
	run.arena = imp_arena_create();
	run.display = imp_progress_display_create(context, settings);
	return run_all(&run, err);
}

static const struct imp_option *const options[] = {
	imp_output_options, imp_question_options, imp_evidence_options,
	imp_image_options,  imp_rules_options,    imp_run_options,
	imp_cache_options,  imp_common_options,   NULL,
};

const struct imp_command imp_command_profile = {
	.name = "profile",
	.summary = "where an image's megabytes come from (the default)",
	.usage = "[OPTIONS] IMAGE...",
	.text = "Tells where the megabytes of a container image come from, which of them can\n"
		"go, and what to change so that they go. No engine is needed, nothing is\n"
		"unpacked to disk, nothing of the image is run.\n"
		"\n"
		"IMAGE is a registry reference (docker.io/library/debian:12, debian), a path\n"
		"of an archive or layout, - for an archive on standard input, or one of\n"
		"docker://REF docker-archive:FILE oci-archive:FILE oci:DIR dir:DIR.",
	.examples = "  imgprof ghcr.io/x/web:latest\n"
		    "  docker save web | imgprof -\n"
		    "  imgprof web.tar -o tree --path usr/lib --depth 2\n"
		    "  imgprof web -o text -o json=web.json\n"
		    "  imgprof web -o ncdu | ncdu -f -\n"
		    "  imgprof web --why usr/bin/gcc\n"
		    "  imgprof web --without docs --without DEB-DEBS",
	.options = options,
	.run = run_profile,
};
