/* imgprof render REPORT.json: any format from a stored report. */
#include "budget_gate.h"
#include "command.h"
#include "imgprof/cleanup.h"
#include "imgprof/reload.h"
#include "imgprof/report.h"
#include "outputs.h"
#include "questions.h"
#include "report_file.h"
#include "rules_files.h"
#include "run.h"

/* What needs the tree among all that is asked; NULL: nothing. */
static const char *needs_tree(const struct imp_settings *settings,
			      const struct imp_reloaded *stored)
{
	bool profile = stored->kind == IMP_RELOADED_PROFILE;
	bool images = profile || stored->kind == IMP_RELOADED_CHECK;

	if (profile && settings->why.count > 0)
		return "--why";
	if (profile && settings->without.count > 0)
		return "--without";
	if (profile && settings->filter.has_manager)
		return "--manager";
	if (profile && settings->filter.ignore_base)
		return "--ignore-base";
	for (size_t i = 0; i < settings->output_count; i++) {
		const struct imp_format *format = settings->outputs[i].format;
		if (images ? !format->tree_optional : format->needs_tree)
			return format->name;
	}
	return NULL;
}

/* What only a profile can be asked; NULL: nothing is. */
static const char *asks_image(const struct imp_settings *settings)
{
	return settings->why.count > 0        ? "--why"
	       : settings->without.count > 0  ? "--without"
	       : settings->fixes              ? "--fixes"
	       : settings->filter.has_manager ? "--manager"
	       : settings->filter.ignore_base ? "--ignore-base"
					      : NULL;
}

static int check_request(const struct imp_settings *settings,
			 const struct imp_reloaded *stored, struct imp_error *err)
{
	bool profile = stored->kind == IMP_RELOADED_PROFILE;
	const char *needs = stored->without_tree ? needs_tree(settings, stored) : NULL;
	const char *question = profile ? NULL : asks_image(settings);

	int rc = imp_report_file_check_whole(stored, err);
	if (rc < 0)
		return rc;
	if (question)
		return imp_fail(err, IMP_E_USAGE, "%s is asked of profiles", question);
	if (settings->recompress_count > 0)
		return imp_fail(err, IMP_E_USAGE, "--recompress needs the image itself");
	return needs ? imp_fail(err, IMP_E_USAGE,
				"%s needs the tree, which --no-tree left out", needs)
		     : 0;
}

static enum imp_report_kind kind_of(const struct imp_reloaded *stored)
{
	static const enum imp_report_kind kinds[] = {
		[IMP_RELOADED_PROFILE] = IMP_REPORT_PROFILE,
		[IMP_RELOADED_DIFF] = IMP_REPORT_DIFF,
		[IMP_RELOADED_CHECK] = IMP_REPORT_CHECK,
		[IMP_RELOADED_SHARE] = IMP_REPORT_SHARE,
		[IMP_RELOADED_COST] = IMP_REPORT_COST,
		[IMP_RELOADED_HISTORY] = IMP_REPORT_HISTORY,
		[IMP_RELOADED_BLAME] = IMP_REPORT_BLAME,
	};
	return kinds[stored->kind];
}

static int check_paths(const struct imp_settings *settings,
		       const struct imp_report *report, struct imp_error *err)
{
	for (size_t i = 0; i < settings->why.count; i++) {
		int rc = imp_report_path_known(report, settings->why.list[i], err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* A broken budget says more than an incomplete report. */
static int conclude(const struct imp_settings *settings,
		    const struct imp_reloaded *stored, struct imp_error *err)
{
	int rc = stored->check  ? imp_gate_hold(settings, stored->check, err)
		 : stored->cost ? imp_cost_gate_hold(settings, stored->cost, err)
				: 0;

	if (rc == 0 && !stored->complete)
		rc = imp_fail(err, IMP_E_FORMAT, "the report is incomplete");
	return rc;
}

static int render(struct imp_run *run, const struct imp_reloaded *stored,
		  struct imp_error *err)
{
	struct imp_settings *settings = run->settings;
	struct imp_cost_report cost = {0};
	struct imp_report report = {
		.kind = kind_of(stored),
		.images = stored->images,
		.image_count = stored->image_count,
		.diffs = stored->diffs,
		.check = stored->check,
		.share = stored->share,
		.history = stored->history,
		.blame = stored->blame,
	};
	int rc = check_request(settings, stored, err);

	if (stored->cost) {
		cost = *stored->cost;
		cost.digests = settings->cost.digests;
		report.cost = &cost;
	}
	run->stored = stored;
	settings->no_classify = stored->image_count > 0 && !stored->images[0]->packages;
	if (rc == 0)
		rc = imp_outputs_check(settings, report.kind, err);
	if (rc == 0)
		rc = imp_settings_rules(settings, &run->rules, err);
	if (rc == 0)
		rc = imp_questions_check(settings, run->rules, err);
	if (rc == 0)
		rc = check_paths(settings, &report, err);
	if (rc == 0)
		rc = imp_run_write(run, &report, err);
	return rc == 0 ? conclude(settings, stored, err) : rc;
}

static int run_render(const struct imp_context *context, struct imp_settings *settings,
		      struct imp_error *err)
{
	imp_auto(imp_run_finish) struct imp_run run = {
		.context = context, .settings = settings, .arena = imp_arena_create()};
	imp_auto_destroy(imp_reloaded) struct imp_reloaded *stored = NULL;
	const char *name = settings->arguments[0];

	if (settings->argument_count != 1) {
		imp_fail(err, IMP_E_USAGE, "%zu reports, one is rendered",
			 settings->argument_count);
		return imp_hint(err, "imgprof render REPORT.json -o FORMAT");
	}
	int rc = imp_report_file_read(name, context->limits, run.arena, &stored, err);
	if (rc == 0)
		rc = render(&run, stored, err);
	return rc < 0 && rc != IMP_E_CLOSED_PIPE ? imp_wrap(err, "%s", name) : rc;
}

static const struct imp_option *const options[] = {
	imp_output_options,   imp_comment_options, imp_gate_options,
	imp_question_options, imp_digests_options, imp_rules_options,
	imp_limit_options,    imp_common_options,  NULL,
};

const struct imp_command imp_command_render = {
	.name = "render",
	.summary = "any format from a report that -o json stored",
	.usage = "render [OPTIONS] REPORT.json",
	.text = "Writes a stored report in any format, byte for byte what the run that stored\n"
		"it would have written. The image is not needed. - reads standard input.\n"
		"The report is taken for hostile: what does not add up is refused.",
	.examples =
		"  imgprof web -o json=web.json\n"
		"  imgprof render web.json -o html=web.html\n"
		"  imgprof render web.json -o tree --path usr --depth 2\n"
		"  imgprof render diff.json -o markdown --for gitlab --comment-key web",
	.options = options,
	.run = run_render,
};
