/* Any bytes as a stored report: refused, or fit for every format. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "imgprof/json.h"
#include "imgprof/reload.h"
#include "imgprof/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const enum imp_report_kind kinds[] = {
	[IMP_RELOADED_PROFILE] = IMP_REPORT_PROFILE,
	[IMP_RELOADED_DIFF] = IMP_REPORT_DIFF,
	[IMP_RELOADED_CHECK] = IMP_REPORT_CHECK,
	[IMP_RELOADED_SHARE] = IMP_REPORT_SHARE,
	[IMP_RELOADED_COST] = IMP_REPORT_COST,
	[IMP_RELOADED_HISTORY] = IMP_REPORT_HISTORY,
	[IMP_RELOADED_BLAME] = IMP_REPORT_BLAME,
};

static void render(const struct imp_reloaded *reloaded)
{
	struct imp_report_options options = {.version = reloaded->tool_version,
					     .features = reloaded->features,
					     .rules_version = reloaded->rules_version};
	struct imp_report report = {
		.kind = kinds[reloaded->kind],
		.images = reloaded->images,
		.image_count = reloaded->image_count,
		.diffs = reloaded->diffs,
		.check = reloaded->check,
		.share = reloaded->share,
		.history = reloaded->history,
		.blame = reloaded->blame,
		.cost = reloaded->cost,
	};

	for (const struct imp_format *const *f = imp_formats(); *f; f++) {
		struct imp_error err = {0};
		FILE *out;
		if (!(*f)->write[report.kind] ||
		    (reloaded->without_tree && report.kind != IMP_REPORT_DIFF &&
		     !(*f)->tree_optional))
			continue;
		out = fopen("/dev/null", "w");
		if (!out || imp_format_write(*f, &report, &options, out, &err) < 0)
			abort();
		fclose(out);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct imp_limits limits = imp_limits_default;
	struct imp_arena *arena = imp_arena_create();
	struct imp_reloaded *reloaded = NULL;
	struct imp_error err = {0};

	imp_json_init();
	limits.nodes = 10000;
	if (imp_reload(imp_slice((const char *)data, size), &limits, arena, &reloaded,
		       &err) < 0) {
		if (err.message[0] == '\0')
			abort();
	} else if (!reloaded->cut) {
		render(reloaded);
	}
	imp_reloaded_destroy(reloaded);
	imp_arena_destroy(arena);
	return 0;
}
