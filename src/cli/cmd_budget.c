/* imgprof budget init IMAGE...: a first budget file. */
#include <string.h>

#include "command.h"
#include "imgprof/budget.h"
#include "imgprof/cleanup.h"
#include "outputs.h"
#include "run.h"

static int write_budget(const struct imp_run *run, struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	const struct imp_analysis **images = NULL;
	size_t count = 0;

	for (size_t i = 0; i < run->image_count; i++)
		count += run->images[i].set->count;
	images = imp_arena_array(run->arena, count, sizeof(*images));
	count = 0;
	for (size_t i = 0; i < run->image_count; i++)
		for (size_t j = 0; j < run->images[i].set->count; j++)
			images[count++] = run->images[i].set->images[j];
	imp_budget_init(images, count, &text);
	return imp_output_text(imp_strbuf_slice(&text), err);
}

static int run_budget(const struct imp_context *context, struct imp_settings *settings,
		      struct imp_error *err)
{
	imp_auto(imp_run_finish) struct imp_run run = {0};
	const struct imp_analysis_set *set;

	if (settings->argument_count < 2 || strcmp(settings->arguments[0], "init") != 0) {
		imp_fail(err, IMP_E_USAGE, "nothing to do");
		return imp_hint(err, "imgprof budget init IMAGE");
	}
	int rc = imp_run_start(&run, context, settings, IMP_REPORT_PROFILE, false, err);
	for (size_t i = 1; rc == 0 && i < settings->argument_count; i++)
		rc = imp_run_analyse(&run, settings->arguments[i], &set, err);
	if (rc == 0)
		rc = write_budget(&run, err);
	return rc < 0 ? rc : imp_run_conclude(&run, err);
}

static const struct imp_option *const options[] = {
	imp_image_options, imp_rules_options,  imp_run_options,
	imp_cache_options, imp_common_options, NULL,
};

const struct imp_command imp_command_budget = {
	.name = "budget",
	.summary = "write a budget file from what images weigh today",
	.usage = "budget init [OPTIONS] IMAGE...",
	.text = "Prints a budget file (imgprof.yaml(5)) with today's sizes plus 5 % and the usual\n"
		"rules, commented, for imgprof check to hold.",
	.examples = "  imgprof budget init ghcr.io/x/web:main > .imgprof.yaml",
	.options = options,
	.run = run_budget,
};
