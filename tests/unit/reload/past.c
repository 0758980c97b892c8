/* Documents of a blame and of cost history and back, with names that are not UTF-8. */
#include "written.h"

#include <stdlib.h>

#include "imgprof/json.h"
#include "imgprof/reload.h"
#include "imgprof/report.h"

static const struct imp_report_options made = {
	.version = "1.2.3", .features = "+one -two", .rules_version = "abc"};

static void round_trip(const struct imp_report *report)
{
	struct imp_arena *arena = imp_arena_create();
	struct imp_reloaded *reloaded = NULL;
	struct imp_error err = {0};
	char *text = written("json", report, &made);

	assert_ok(imp_reload(imp_slice_of(text), &imp_limits_default, arena, &reloaded,
			     &err),
		  &err);
	struct imp_report again = {.kind = report->kind,
				   .history = reloaded->history,
				   .blame = reloaded->blame};
	same_in_all_formats(&again, report, &made);
	free(text);
	imp_reloaded_destroy(reloaded);
	imp_arena_destroy(arena);
}

static const struct imp_slice tags[] = {{"\xff", 1}, {"v1", 2}};

static const struct imp_blame_row rows[] = {
	{.repository = {"we\xfe", 3},
	 .tags = tags,
	 .tag_count = 2,
	 .digest = {.algorithm = IMP_DIGEST_SHA256},
	 .readable = true,
	 .complete = true,
	 .pull_bytes = 10,
	 .disk_bytes = 30,
	 .watched_bytes = 20,
	 .layers = 2,
	 .layers_read = 2},
	{.repository = {"web", 3},
	 .tags = tags,
	 .tag_count = 1,
	 .dated = true,
	 .created_ns = 1700000000000000000,
	 .trouble = "lost \xff\n"},
	{.repository = {"web", 3},
	 .tags = tags + 1,
	 .tag_count = 1,
	 .dated = true,
	 .created_ns = 1700000001000000000,
	 .revision = {"c0\xff", 3},
	 .readable = true,
	 .pull_bytes = 5,
	 .disk_bytes = 25,
	 .watched_bytes = 15,
	 .layers = 1,
	 .has_change = true,
	 .change = {20, 15},
	 .has_cause = true,
	 .cause = {.kind = IMP_REASON_PACKAGE,
		   .subject = {"lib\xff", 4},
		   .manager = "deb",
		   .rule = "",
		   .title = "",
		   .version_before = {"1", 1},
		   .version_after = {"2", 1},
		   .class_name = "toolchain",
		   .others = 3,
		   .state = IMP_DIFF_SHRUNK,
		   .layer = 1,
		   .layer_is_before = true,
		   .layers = 1,
		   .instruction = {"RUN \xff", 5},
		   .sum = {.disk = {20, 15}}}},
};

CASE(a_blame_comes_back)
{
	struct imp_blame blame = {.title = "x/\xff",
				  .scope.path = {"app/\xff*", 6},
				  .rows = rows,
				  .row_count = 3,
				  .left_out = 7};
	struct imp_report report = {.kind = IMP_REPORT_BLAME, .blame = &blame};

	round_trip(&report);
	blame.scope =
		(struct imp_blame_scope){.has_class = true, .class = IMP_CLASS_TOOLCHAIN};
	round_trip(&report);
	blame.scope = (struct imp_blame_scope){0};
	blame.complete = true;
	blame.row_count = 1;
	round_trip(&report);
}

enum { DAY_S = 86400 };

CASE(a_history_comes_back)
{
	const struct imp_slice scope = {"x/\xff", 3}, domain = {"registry", 8};
	const struct imp_snapshot points[] = {
		{scope, domain, {"", 0}, DAY_S, 100, 1, 2},
		{scope, domain, {"", 0}, 3 * DAY_S, 40, 1, 1},
		{scope, domain, {"a\xfe", 2}, DAY_S, 60, 1, 1},
		{scope, domain, {"b", 1}, DAY_S, 40, 1, 1},
		{scope, domain, {"b", 1}, 3 * DAY_S, 40, 1, 1},
		{{"y", 1}, domain, {"", 0}, 2 * DAY_S, 5, 1, 0},
	};
	const struct imp_snapshot_list list = {points, 6, 0};
	struct imp_arena *arena = imp_arena_create();
	struct imp_cost_history history;
	struct imp_report report = {.kind = IMP_REPORT_HISTORY, .history = &history};

	imp_cost_history_make(&list, 4 * DAY_S * INT64_C(1000000000), arena, &history);
	assert_int_equal(history.count, 4);
	assert_true(history.series[2].gone);
	round_trip(&report);
	history.count = 0;
	history.odd = 1;
	round_trip(&report);
	imp_arena_destroy(arena);
}
