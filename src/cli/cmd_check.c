/* imgprof check IMAGE...: hold the budgets of .imgprof.yaml. */
#include <string.h>

#include "base_choice.h"
#include "budget_file.h"
#include "budget_gate.h"
#include "build_info.h"
#include "command.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "report_file.h"
#include "run.h"

/* All that is looked at, an image of each platform by itself. */
struct checked {
	const struct imp_analysis **images,
		**before; /* BEFORE: NULL where there is no base */
	struct imp_budget_image *asked;
	const struct imp_diff **diffs;
	size_t count, capacity, diff_count;
};

static void checked_finish(struct checked *checked)
{
	free(checked->images);
	free(checked->before);
	free(checked->asked);
	free(checked->diffs);
}

static const struct imp_diff *compare(const struct imp_run *run,
				      const struct imp_analysis *before,
				      const struct imp_analysis *after,
				      const struct imp_base_choice *base)
{
	struct imp_diff *diff = imp_arena_alloc(run->arena, sizeof(*diff));
	struct imp_diff_options options = {
		.name = run->settings->comment.name,
		.tool_version = {base->tool_version, imp_version()},
		.rules_version = {base->rules_version, imp_rules_version(run->rules)},
		.no_nodes = run->settings->no_tree,
	};

	imp_diff_images(before, after, &options, run->arena, diff);
	return diff;
}

static void grow(struct checked *checked)
{
	size_t need = checked->count + 1;
	size_t capacity = checked->capacity;

	checked->images =
		imp_xgrow(checked->images, &capacity, need, sizeof(*checked->images));
	capacity = checked->capacity;
	checked->before =
		imp_xgrow(checked->before, &capacity, need, sizeof(*checked->before));
	capacity = checked->capacity;
	checked->asked =
		imp_xgrow(checked->asked, &capacity, need, sizeof(*checked->asked));
	capacity = checked->capacity;
	checked->diffs =
		imp_xgrow(checked->diffs, &capacity, need, sizeof(*checked->diffs));
	checked->capacity = capacity;
}

static void add(struct imp_run *run, const struct imp_analysis *image,
		const struct imp_analysis *before, const struct imp_base_choice *base,
		struct checked *checked)
{
	const char *name = run->settings->comment.name;
	size_t i = checked->count;

	grow(checked);
	checked->images[i] = image;
	checked->before[i] = before;
	checked->asked[i] = (struct imp_budget_image){
		.name = name ? name : image->image->reference,
		.named = name != NULL,
		.image = image,
		.before = before,
	};
	if (before) {
		checked->asked[i].diff = compare(run, before, image, base);
		checked->diffs[checked->diff_count++] = checked->asked[i].diff;
	}
	checked->count++;
}

/* The base's image for IMAGE; one that was asked for alone needs no other platform. */
static const struct imp_analysis *find_before(const struct imp_run *run,
					      const struct imp_base_choice *base,
					      const struct imp_analysis *image)
{
	if (!base->count)
		return NULL;
	if (base->count == 1 && !run->settings->all_platforms)
		return base->images[0];
	return imp_run_find_platform(base->images, base->count, &image->image->platform);
}

static void add_reason(struct imp_run *run, const struct imp_base_choice *base,
		       const char *argument, struct imp_strbuf *reasons)
{
	if (!base->reason)
		return;
	if (reasons->len)
		imp_strbuf_add_text(reasons, "; ");
	if (run->settings->argument_count > 1) {
		imp_escape_terminal(reasons, imp_slice_of(argument));
		imp_strbuf_add_text(reasons, ": ");
	}
	imp_strbuf_add_text(reasons, base->reason);
}

static int look_at(struct imp_run *run, size_t index, struct checked *checked,
		   struct imp_strbuf *reasons, struct imp_error *err)
{
	const char *argument = run->settings->arguments[index];
	const struct imp_analysis_set *set = NULL;
	struct imp_base_choice base = {0};

	if (imp_report_file_is(argument)) {
		imp_fail(err, IMP_E_USAGE, "%s: a stored report, no image", argument);
		return imp_hint(err, "--base-report compares with it");
	}
	int rc = imp_run_analyse(run, argument, &set, err);
	if (rc == 0)
		rc = imp_base_choose(run, index, set->images[0]->image, &base, err);
	if (rc < 0)
		return rc;
	add_reason(run, &base, argument, reasons);
	for (size_t i = 0; i < set->count; i++)
		add(run, set->images[i], find_before(run, &base, set->images[i]), &base,
		    checked);
	return 0;
}

static void add_up(struct imp_run *run, const struct checked *checked,
		   struct imp_diff_set *set)
{
	const struct imp_analysis **before =
		imp_arena_array(run->arena, checked->count, sizeof(*before));
	const struct imp_analysis **after =
		imp_arena_array(run->arena, checked->count, sizeof(*after));
	size_t count = 0;

	set->complete = true;
	for (size_t i = 0; i < checked->count; i++) {
		if (!checked->before[i])
			continue;
		before[count] = checked->before[i];
		after[count++] = checked->images[i];
		set->complete &=
			checked->before[i]->complete && checked->images[i]->complete;
	}
	imp_diff_distinct(before, after, count, &set->distinct);
}

static int write_report(struct imp_run *run, const struct checked *checked,
			const struct imp_check *check, struct imp_error *err)
{
	struct imp_diff_set set = {.list = checked->diffs, .count = checked->diff_count};
	struct imp_report report = {
		.kind = IMP_REPORT_CHECK,
		.images = checked->images,
		.image_count = checked->count,
		.check = check,
	};

	if (checked->diff_count) {
		add_up(run, checked, &set);
		report.diffs = &set;
	}
	return imp_run_write(run, &report, err);
}

static int check_arguments(const struct imp_settings *settings, struct imp_error *err)
{
	if (!settings->argument_count) {
		imp_fail(err, IMP_E_USAGE, "no image given");
		return imp_hint(err, "imgprof check IMAGE");
	}
	if (settings->no_classify)
		return imp_fail(err, IMP_E_USAGE,
				"a budget says nothing with --no-classify");
	if (settings->comment.name && settings->argument_count > 1)
		return imp_fail(err, IMP_E_USAGE, "one --name, %zu images",
				settings->argument_count);
	return imp_base_check_options(settings, err);
}

static int judge(const struct imp_run *run, const struct imp_budget *budget,
		 const struct checked *checked, struct imp_check *check,
		 struct imp_error *err)
{
	const char *dive = run->settings->dive_ci;
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	int rc = budget ? imp_budget_check(budget, checked->asked, checked->count,
					   run->context->now_ns(run->context->user),
					   run->arena, check, err)
			: 0;

	if (rc < 0 || !dive)
		return rc;
	rc = imp_small_file_read(dive, &text, err);
	if (rc == 0)
		rc = imp_dive_check(imp_strbuf_slice(&text), dive, checked->asked,
				    checked->count, run->arena, check, err);
	return rc;
}

static int hold(struct imp_run *run, const struct imp_budget *budget,
		struct imp_error *err)
{
	imp_auto(checked_finish) struct checked checked = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf reasons = {0};
	struct imp_check check = {0};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < run->settings->argument_count; i++)
		rc = look_at(run, i, &checked, &reasons, err);
	if (rc == 0)
		rc = judge(run, budget, &checked, &check, err);
	check.base_reason = reasons.len ? reasons.data : NULL;
	if (rc == 0)
		rc = write_report(run, &checked, &check, err);
	if (rc < 0)
		return rc;
	/* A broken budget says more than an incomplete report. */
	rc = imp_run_conclude(run, err);
	int broken = imp_gate_hold(run->settings, &check, err);
	return broken < 0 ? broken : rc;
}

static int run_check(const struct imp_context *context, struct imp_settings *settings,
		     struct imp_error *err)
{
	imp_auto(imp_run_finish) struct imp_run run = {0};
	imp_auto_destroy(imp_budget) struct imp_budget *budget = NULL;
	int rc = check_arguments(settings, err);

	if (rc == 0)
		rc = imp_budget_file_read(settings, &budget, err);
	if (rc == 0)
		rc = imp_run_start(&run, context, settings, IMP_REPORT_CHECK, false, err);
	return rc != 0 ? rc : hold(&run, budget, err);
}

static int apply_base(struct imp_settings *settings, const char *value,
		      struct imp_error *err)
{
	return imp_words_add(&settings->bases, "base", value, err);
}

static int apply_base_report(struct imp_settings *settings, const char *value,
			     struct imp_error *err)
{
	return imp_words_add(&settings->base_reports, "base-report", value, err);
}

static int apply_base_tag(struct imp_settings *settings, const char *value,
			  struct imp_error *err)
{
	(void)err;
	settings->base_tag = value;
	return 0;
}

static int apply_base_commit(struct imp_settings *settings, const char *value,
			     struct imp_error *err)
{
	return imp_words_add(&settings->base_commits, "base-commit", value, err);
}

static int apply_branch_tag(struct imp_settings *settings, const char *value,
			    struct imp_error *err)
{
	(void)err;
	settings->base_branch_tag = value;
	return 0;
}

static int apply_budget(struct imp_settings *settings, const char *value,
			struct imp_error *err)
{
	(void)err;
	settings->budget = value;
	return 0;
}

static int apply_dive_ci(struct imp_settings *settings, const char *value,
			 struct imp_error *err)
{
	(void)err;
	settings->dive_ci = value;
	return 0;
}

/* clang-format off */
static const struct imp_option check_options[] = {
	{"budget", 0, "FILE", "rules (default: .imgprof.yaml here or above)", "Budget", NULL, NULL, apply_budget},
	{"dive-ci", 0, "FILE", "dive's rules, by its own definitions (.dive-ci)", "Budget", NULL, NULL, apply_dive_ci},
	{"base", 0, "IMAGE", "what to compare with; one for each image", "Base", NULL, NULL, apply_base},
	{"base-report", 0, "FILE", "its stored report (-o json); may hold {commit}", "Base", NULL, NULL, apply_base_report},
	{"base-tag", 0, "PATTERN", "tag of a commit's image: sha-{commit}", "Base", NULL, NULL, apply_base_tag},
	{"base-commit", 0, "SHA", "the wanted one, then its first parents; repeatable", "Base", NULL, NULL, apply_base_commit},
	{"base-branch-tag", 0, "TAG", "of the target branch, when no commit has an image", "Base", NULL, NULL, apply_branch_tag},
	{0},
};
/* clang-format on */

static const struct imp_option *const options[] = {
	check_options,
	imp_gate_options,
	imp_comment_options,
	imp_output_options,
	imp_evidence_options,
	imp_image_options,
	imp_rules_options,
	imp_run_options,
	imp_cache_options,
	imp_common_options,
	NULL,
};

const struct imp_command imp_command_check = {
	.name = "check",
	.summary = "hold the budgets of .imgprof.yaml",
	.usage = "check [OPTIONS] IMAGE...",
	.text = "Says whether images keep to their budget (imgprof.yaml(5)), and against a base\n"
		"how much they grew. The report is written in any case; a broken rule then\n"
		"ends with status 1. The base is the first there is of --base or --base-report,\n"
		"the stored report or the image of a commit (--base-commit with {commit} in\n"
		"--base-report or --base-tag) and the target branch's own tag.",
	.examples =
		"  imgprof budget init ghcr.io/x/web:main > .imgprof.yaml\n"
		"  imgprof check ghcr.io/x/web:pr-7 --base ghcr.io/x/web:main\n"
		"  imgprof check web.tar --name ghcr.io/x/web -o markdown=comment.md -o text",
	.options = options,
	.run = run_check,
};
