/* imgprof share IMAGE IMAGE...: what images have in common, and what better layers would save. */
#include "command.h"
#include "imgprof/cleanup.h"
#include "imgprof/report.h"
#include "imgprof/share.h"
#include "run.h"

struct images {
	const struct imp_analysis *list[IMP_SHARE_IMAGES];
	size_t count;
};

static int fail_count(size_t count, struct imp_error *err)
{
	imp_fail(err, IMP_E_USAGE, "%zu image%s, two to %d are compared", count,
		 count == 1 ? "" : "s", IMP_SHARE_IMAGES);
	return imp_hint(err, "imgprof share IMAGE IMAGE...");
}

static int analyse(struct imp_run *run, const char *argument, struct images *images,
		   struct imp_error *err)
{
	const struct imp_analysis_set *set = NULL;
	int rc = imp_run_analyse(run, argument, &set, err);

	for (size_t i = 0; rc == 0 && i < set->count; i++) {
		if (images->count == IMP_SHARE_IMAGES)
			return fail_count(images->count + 1, err);
		images->list[images->count++] = set->images[i];
	}
	return rc;
}

static int write_share(struct imp_run *run, const struct images *images,
		       struct imp_error *err)
{
	struct imp_share share;
	struct imp_report report = {.kind = IMP_REPORT_SHARE, .share = &share};

	imp_share_images(images->list, images->count, run->arena, &share);
	return imp_run_write(run, &report, err);
}

static int run_share(const struct imp_context *context, struct imp_settings *settings,
		     struct imp_error *err)
{
	imp_auto(imp_run_finish) struct imp_run run = {0};
	struct images images = {.count = 0};
	int rc = 0;

	if (settings->argument_count < 2 || settings->argument_count > IMP_SHARE_IMAGES)
		rc = fail_count(settings->argument_count, err);
	if (rc == 0)
		rc = imp_run_start(&run, context, settings, IMP_REPORT_SHARE, false, err);
	for (size_t i = 0; rc == 0 && i < settings->argument_count; i++)
		rc = analyse(&run, settings->arguments[i], &images, err);
	if (rc == 0)
		rc = write_share(&run, &images, err);
	return rc < 0 ? rc : imp_run_conclude(&run, err);
}

static const struct imp_option *const options[] = {
	imp_output_options, imp_comment_options, imp_evidence_options,
	imp_image_options,  imp_rules_options,   imp_run_options,
	imp_cache_options,  imp_common_options,  NULL,
};

const struct imp_command imp_command_share = {
	.name = "share",
	.summary = "what images have in common, and what better layers would save",
	.usage = "share [OPTIONS] IMAGE IMAGE...",
	.text = "Compares sibling images of any source: identical layers, identical bytes\n"
		"in layers that are not shared, packages that differ or that only some of\n"
		"them need, and the common base that would carry what is alike.",
	.examples = "  imgprof share ghcr.io/x/web ghcr.io/x/worker ghcr.io/x/beat\n"
		    "  imgprof share a.tar b.tar -o json=share.json",
	.options = options,
	.run = run_share,
};
