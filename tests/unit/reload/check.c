/* A check as JSON and back: its rules and verdicts; images without trees make every format. */
#include "analysed.h"
#include "written.h"

#include <stdlib.h>

#include "imgprof/json.h"
#include "imgprof/reload.h"

static const struct imp_report_options made = {
	.version = "1.2.3", .features = "+one -two", .rules_version = "abc"};

static const struct imp_budget_row rows[] = {
	{.image = "x/web:\xfe",
	 .platform = "linux/amd64",
	 .selector = "path",
	 .subject = {"usr/\xff", 5},
	 .bound = IMP_BOUND_MAX_RISE_PCT,
	 .value = 900,
	 .has_base = true,
	 .base = 800,
	 .limit = 12345,
	 .verdict = IMP_VERDICT_WARN,
	 .why = {"because\x01", 8},
	 .line = 7,
	 .column = 3},
	{.image = "x/web",
	 .platform = "linux/arm/v7",
	 .selector = "metric",
	 .subject = {"files", 5},
	 .bound = IMP_BOUND_BOTH_RISES,
	 .counts = true,
	 .value = 900,
	 .has_base = true,
	 .base = 800,
	 .limit = 1,
	 .rise_limit_bytes = 55,
	 .verdict = IMP_VERDICT_FAIL,
	 .fails = true,
	 .why = {"", 0},
	 .waived_until = {"2020-01-01", 10},
	 .waived_why = {"\xc3", 1},
	 .waiver_ended = true},
	{.image = "x/web",
	 .platform = "linux/arm/v7",
	 .selector = "class",
	 .subject = {"docs", 4},
	 .bound = IMP_BOUND_FORBID,
	 .value = 3,
	 .asleep = true,
	 .floor = 1000,
	 .verdict = IMP_VERDICT_PASS,
	 .fails = true,
	 .why = {"", 0}},
	{.image = "x/web",
	 .platform = "linux/arm/v7",
	 .selector = "layer",
	 .subject = {"RUN", 3},
	 .bound = IMP_BOUND_MAX,
	 .value = 3,
	 .limit = INT64_MAX,
	 .verdict = IMP_VERDICT_NOT_EVALUATED,
	 .why = {"", 0}},
};
static const struct imp_dive_row dive[] = {
	{"x/web", "linux/amd64", IMP_DIVE_EFFICIENCY, 9, 10, 8, 10, 970000000, false,
	 IMP_VERDICT_FAIL},
	{"x/web", "linux/amd64", IMP_DIVE_WASTED_BYTES, 77, 0, 78, 0, 1, true,
	 IMP_VERDICT_PASS},
};
static const struct imp_check example = {
	.verdict = IMP_VERDICT_FAIL,
	.rows = rows,
	.row_count = 4,
	.counts = {[IMP_VERDICT_PASS] = 1,
		   [IMP_VERDICT_NOT_EVALUATED] = 1,
		   [IMP_VERDICT_WARN] = 1,
		   [IMP_VERDICT_FAIL] = 2},
	.file = "budget\xff.yaml",
	.dive = dive,
	.dive_count = 2,
	.dive_file = ".dive-ci",
	.base_reason = "as given",
};

static void equal_slices(struct imp_slice a, struct imp_slice b)
{
	assert_int_equal(a.len, b.len);
	assert_true(imp_slice_equal(a, b));
}

static void equal_rows(const struct imp_budget_row *a, const struct imp_budget_row *b)
{
	assert_string_equal(a->image, b->image);
	assert_string_equal(a->platform, b->platform);
	assert_string_equal(a->selector, b->selector);
	equal_slices(a->subject, b->subject);
	equal_slices(a->why, b->why);
	equal_slices(a->waived_until, b->waived_until);
	equal_slices(a->waived_why, b->waived_why);
	assert_int_equal(a->bound, b->bound);
	assert_int_equal(a->counts, b->counts);
	assert_int_equal(a->value, b->value);
	assert_int_equal(a->has_base, b->has_base);
	assert_int_equal(a->base, b->base);
	assert_int_equal(a->limit, b->limit);
	assert_int_equal(a->rise_limit_bytes, b->rise_limit_bytes);
	assert_int_equal(a->verdict, b->verdict);
	assert_int_equal(a->fails, b->fails);
	assert_int_equal(a->asleep, b->asleep);
	assert_int_equal(a->floor, b->floor);
	assert_int_equal(a->waiver_ended, b->waiver_ended);
	assert_int_equal(a->line, b->line);
	assert_int_equal(a->column, b->column);
}

static void equal_checks(const struct imp_check *a, const struct imp_check *b)
{
	assert_int_equal(a->verdict, b->verdict);
	assert_memory_equal(a->counts, b->counts, sizeof(a->counts));
	assert_string_equal(a->file, b->file);
	assert_string_equal(a->dive_file, b->dive_file);
	assert_string_equal(a->base_reason, b->base_reason);
	assert_int_equal(a->row_count, b->row_count);
	for (size_t i = 0; i < b->row_count; i++)
		equal_rows(&a->rows[i], &b->rows[i]);
	assert_int_equal(a->dive_count, b->dive_count);
	for (size_t i = 0; i < b->dive_count; i++) {
		const struct imp_dive_row *x = &a->dive[i], *y = &b->dive[i];
		assert_string_equal(x->image, y->image);
		assert_string_equal(x->platform, y->platform);
		assert_int_equal(x->rule, y->rule);
		assert_int_equal(x->part, y->part);
		assert_int_equal(x->whole, y->whole);
		assert_int_equal(x->our_part, y->our_part);
		assert_int_equal(x->our_whole, y->our_whole);
		assert_int_equal(x->limit, y->limit);
		assert_int_equal(x->off, y->off);
		assert_int_equal(x->verdict, y->verdict);
	}
}

static struct imp_report report_of(const struct imp_analysis *const *images,
				   const struct imp_diff_set *diffs,
				   const struct imp_check *check)
{
	return (struct imp_report){.kind = IMP_REPORT_CHECK,
				   .images = images,
				   .image_count = 1,
				   .diffs = diffs,
				   .check = check};
}

static void compare(const struct imp_report *direct, struct imp_arena *arena)
{
	char *text = written("json", direct, &made);
	struct imp_reloaded *reloaded = NULL;
	struct imp_error err = {0};

	assert_ok(imp_reload(imp_slice_of(text), &imp_limits_default, arena, &reloaded,
			     &err),
		  &err);
	assert_int_equal(reloaded->kind, IMP_RELOADED_CHECK);
	equal_checks(reloaded->check, direct->check);
	struct imp_report stored =
		report_of(reloaded->images, reloaded->diffs, reloaded->check);
	same_in_all_formats(&stored, direct, &made);
	imp_reloaded_destroy(reloaded);
	free(text);
}

static void round_trip(bool with_base)
{
	struct imp_arena *arena = imp_arena_create();
	struct analysed image;
	const struct imp_analysis *list[] = {&image.analysis};
	struct imp_diff_options options = {.tool_version = {"1", "2"},
					   .rules_version = {"r", "r"}};
	struct imp_diff diff = {.name = NULL};
	const struct imp_diff *diffs[] = {&diff};
	struct imp_diff_set set = {.list = diffs, .count = 1, .complete = true};

	analysed_read(&image, "layer\nfile a 10\nfile d/b 20\nlayer\nwhiteout a\n");
	analysed_with_evidence(&image);
	imp_diff_images(list[0], list[0], &options, arena, &diff);
	imp_diff_distinct(list, list, 1, &set.distinct);
	struct imp_report report = report_of(list, with_base ? &set : NULL, &example);
	compare(&report, arena);
	analysed_finish(&image);
	imp_arena_destroy(arena);
}

CASE(a_check_without_a_base_comes_back)
{
	round_trip(false);
}

CASE(a_check_against_a_base_comes_back)
{
	round_trip(true);
}
