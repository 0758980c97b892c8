/* imgprof IMAGE...: the default command. */
#include "command.h"
#include "imgprof/cleanup.h"
#include "imgprof/report.h"
#include "run.h"

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

static size_t gather(const struct imp_run *run, const struct imp_analysis **images)
{
	size_t count = 0;

	for (size_t i = 0; i < run->image_count; i++)
		for (size_t j = 0; j < run->images[i].set->count; j++) {
			if (images)
				images[count] = run->images[i].set->images[j];
			count++;
		}
	return count;
}

static int write_reports(const struct imp_run *run, struct imp_error *err)
{
	const struct imp_words *why = &run->settings->why;
	const struct imp_analysis **images =
		imp_arena_array(run->arena, gather(run, NULL) + 1, sizeof(*images));
	struct imp_report report = {.images = images, .image_count = gather(run, images)};

	for (size_t i = 0; i < why->count; i++) {
		int rc = imp_report_path_known(&report, why->list[i], err);
		if (rc < 0)
			return rc;
	}
	return imp_run_write(run, &report, err);
}

static int run_profile(const struct imp_context *context, struct imp_settings *settings,
		       struct imp_error *err)
{
	imp_auto(imp_run_finish) struct imp_run run = {0};
	const struct imp_analysis_set *set;

	if (settings->argument_count == 0) {
		imp_fail(err, IMP_E_USAGE, "no image given");
		return imp_hint(err, "try imgprof --help");
	}
	int rc = imp_run_start(&run, context, settings, IMP_REPORT_PROFILE,
			       tree_optional(settings), err);
	for (size_t i = 0; rc == 0 && i < settings->argument_count; i++)
		rc = imp_run_analyse(&run, settings->arguments[i], &set, err);
	if (rc == 0)
		rc = write_reports(&run, err);
	return rc < 0 ? rc : imp_run_conclude(&run, err);
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
		    "  imgprof web -o html=web.html\n"
		    "  imgprof web --why usr/bin/gcc\n"
		    "  imgprof web --without docs --without DEB-DEBS",
	.options = options,
	.run = run_profile,
};
