/* The comment on a pull request: it fits, whatever it is about. reference/ecosystem.md 1.2 to 1.4. */
#include "comment_case.h"

#include "costed.h"
#include "imgprof/cleanup.h"

static const size_t limits[IMP_FORGES] = {60000, 900000, 30000, 140000};

static bool line_is(const char *line, size_t len, const char *text)
{
	return len == strlen(text) && memcmp(line, text, len) == 0;
}

static size_t cells_of(const char *line, size_t len)
{
	size_t bars = 0;

	for (size_t i = 0; i < len; i++)
		bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
	return bars;
}

/* Tables are whole and blocks closed; HTML stands at a line's start only where a forge takes it. */
static void assert_whole(const char *text, bool folds)
{
	size_t open = 0, width = 0;

	for (const char *line = text; *line;) {
		const char *end = strchr(line, '\n');
		assert_non_null(end);
		size_t len = (size_t)(end - line);
		if (strncmp(line, "<details>", 9) == 0)
			open++;
		else if (line_is(line, len, "</details>"))
			assert_true(open-- > 0);
		if (!folds)
			assert_int_equal(open, 0);
		if (*line != '|')
			width = 0;
		else if (width == 0)
			width = cells_of(line, len);
		else
			assert_int_equal(cells_of(line, len), width);
		line = end + 1;
	}
	assert_int_equal(open, 0);
}

static const struct imp_check *any_check(struct imp_arena *arena, size_t count,
					 size_t name)
{
	struct imp_check *check = imp_arena_array(arena, 1, sizeof(*check));
	struct imp_budget_row *rows = imp_arena_array(arena, count + 1, sizeof(*rows));

	for (size_t i = 0; i < count; i++)
		rows[i] = (struct imp_budget_row){
			.image = any_text(arena, name),
			.platform = "linux/amd64",
			.selector = "path",
			.subject = any_name(arena, name),
			.value = (uint64_t)random(),
			.verdict = (enum imp_verdict)((size_t)random() % IMP_VERDICTS),
			.why = any_name(arena, name),
			.waived_until = any_name(arena, 20)};
	*check = (struct imp_check){.verdict = IMP_VERDICT_FAIL,
				    .rows = rows,
				    .row_count = count,
				    .counts = {[IMP_VERDICT_FAIL] = count},
				    .file = any_text(arena, name),
				    .base_reason = any_text(arena, name)};
	return check;
}

static void assert_fits(const struct imp_report *report)
{
	for (int forge = 0; forge < IMP_FORGES; forge++) {
		struct imp_comment_options options = {
			.forge = (enum imp_forge)forge, .key = "key", .head = "head"};
		imp_auto_free char *text = comment_of(report, &options);
		bool folds = forge != IMP_FORGE_BITBUCKET;
		assert_in_range(strlen(text), 100, limits[forge]);
		assert_true(
			strncmp(text,
				folds ? "<!-- imgprof:comment v1 key=key head=head -->\n"
				      : "[//]: # (imgprof:comment v1 key=key head=head)\n",
				40) == 0);
		assert_non_null(strstr(text, "\n### Image size: "));
		assert_non_null(strstr(text, report->diffs->count == 1
						     ? "\n| Pull size (compressed) | "
						     : "\n| All, each layer once | "));
		assert_non_null(strstr(text, "\n**Budget: "));
		assert_whole(text, folds);
	}
}

static void fits(size_t images, size_t rows, size_t name)
{
	struct imp_arena *arena = imp_arena_create();
	const struct imp_diff **list = imp_arena_array(arena, images, sizeof(*list));

	for (size_t i = 0; i < images; i++)
		list[i] = any_diff(arena, rows, name);
	struct imp_diff_set set = {list, images, true, any_sum()};
	struct imp_report report = {.kind = IMP_REPORT_DIFF,
				    .diffs = &set,
				    .check = any_check(arena, rows, name)};
	assert_fits(&report);
	imp_arena_destroy(arena);
}

CASE(one_image_fits)
{
	srandom(1);
	for (int round = 0; round < 20; round++)
		fits(1, 1 + (size_t)random() % 100, 1 + (size_t)random() % 300);
}

CASE(thousands_of_rows_fit)
{
	srandom(2);
	fits(1, 5000, 40);
	fits(1, 3, 1);
}

CASE(names_of_four_kilobytes_fit)
{
	srandom(3);
	fits(1, 60, 4096);
	fits(5, 60, 4096);
}

CASE(hundreds_of_images_fit)
{
	srandom(4);
	fits(300, 12, 30);
	fits(300, 2, 300);
	fits(30, 60, 100);
}

static char *small_comment(const struct imp_diff *diff, const struct imp_check *check)
{
	struct imp_diff_set set = {&diff, 1, true, {{0, 0}, {0, 0}}};
	struct imp_report report = {
		.kind = IMP_REPORT_DIFF, .diffs = &set, .check = check};

	return comment_of(&report, &(struct imp_comment_options){0});
}

#define SIDES \
	.before = {.reference = "ghcr.io/acme/web:main"}, \
	.after = {.reference = "ghcr.io/acme/web:pr-7@sha256:00", \
		  .platform = {"linux", "amd64", ""}}

CASE(the_verdict_comes_first)
{
	static const char *const words[IMP_VERDICTS] = {
		[IMP_VERDICT_PASS] = "within budget",
		[IMP_VERDICT_NOT_EVALUATED] = "budget not evaluated",
		[IMP_VERDICT_WAIVED] = "over budget, waived",
		[IMP_VERDICT_WARN] = "budget warning",
		[IMP_VERDICT_FAIL] = "over budget",
	};
	struct imp_diff diff = {SIDES};

	diff.totals[IMP_TOTAL_PULL] = (struct imp_before_after){412600000, 451000000};
	diff.totals[IMP_TOTAL_DISK] = diff.totals[IMP_TOTAL_PULL];
	for (int verdict = 0; verdict < IMP_VERDICTS; verdict++) {
		const struct imp_budget_row row = {.verdict = (enum imp_verdict)verdict,
						   .selector = "metric"};
		struct imp_check check = {.verdict = (enum imp_verdict)verdict,
					  .file = "f",
					  .rows = &row,
					  .row_count = 1};
		imp_auto_free char *text = small_comment(&diff, &check);
		char expected[200];
		snprintf(expected, sizeof(expected),
			 "### Image size: `web` +38.4 MB to pull (+9.3 %%) - %s\n\n",
			 words[verdict]);
		assert_memory_equal(text, expected, strlen(expected));
	}
}

CASE(new_and_gone_have_no_percent)
{
	struct imp_diff diff = {SIDES};

	diff.totals[IMP_TOTAL_PULL] = (struct imp_before_after){0, 451000000};
	diff.totals[IMP_TOTAL_BUILD_ONLY] = (struct imp_before_after){5000, 0};
	imp_auto_free char *text = small_comment(&diff, NULL);
	assert_non_null(strstr(text, "`web` +451.0 MB to pull (new)\n"));
	assert_non_null(strstr(
		text,
		"| Build-only files shipped | 5.0 kB | 0.0 kB | -5.0 kB (gone) |\n"));
	assert_null(strstr(text, "100 %"));
}

CASE(no_change_is_one_line_and_a_table)
{
	struct imp_diff diff = {SIDES};

	diff.totals[IMP_TOTAL_PULL] = (struct imp_before_after){7000, 7000};
	imp_auto_free char *text = small_comment(&diff, NULL);
	assert_memory_equal(text, "### Image size: `web` no change\n", 32);
	assert_non_null(strstr(
		text, "| Pull size (compressed) | 7.0 kB | 7.0 kB | no change |\n"));
	assert_null(strstr(text, "**Why**"));
}

CASE(past_ten_times_there_is_no_percentage)
{
	struct imp_diff diff = {SIDES};

	diff.totals[IMP_TOTAL_PULL] = (struct imp_before_after){2000, 19999};
	diff.totals[IMP_TOTAL_DISK] = (struct imp_before_after){2000, 5000000};
	imp_auto_free char *text = small_comment(&diff, NULL);
	assert_non_null(strstr(text, "(+900 %)\n"));
	assert_non_null(strstr(text, "| +5.0 MB (2,500 times) |\n"));
}

/* 108.74 - 83.28 MB is 25.46: printed as 108.7, 83.3 and 25.5 it would not subtract. */
CASE(the_third_column_is_the_second_less_the_first)
{
	struct imp_diff diff = {SIDES};

	diff.totals[IMP_TOTAL_WASTED] = (struct imp_before_after){108740000, 83280000};
	diff.totals[IMP_TOTAL_PULL] = (struct imp_before_after){1, 2};
	imp_auto_free char *text = small_comment(&diff, NULL);
	assert_non_null(strstr(
		text,
		"| Hidden by later layers | 108.8 MB | 83.3 MB | -25.5 MB (-23 %) |\n"));
}

CASE(the_line_of_a_cause_stands_there_once)
{
	static const struct imp_diff_reason reason = {.kind = IMP_REASON_FOLDER,
						      .subject = IMP_SLICE("app"),
						      .manager = "",
						      .rule = "",
						      .title = "",
						      .class_name = "",
						      .layer = 9,
						      .layers = 1,
						      .instruction =
							      IMP_SLICE("RUN npm ci"),
						      .line = 14,
						      .sum = {{0, 5000}, {0, 50}}};
	struct imp_diff diff = {SIDES, .reasons = &reason, .reason_count = 1};

	diff.totals[IMP_TOTAL_DISK] = (struct imp_before_after){0, 5000};
	imp_auto_free char *text = small_comment(&diff, NULL);
	assert_non_null(strstr(text, "| 9, Dockerfile:14 `RUN npm ci` |\n"));
}

CASE(two_platforms_that_are_compared_are_both_named)
{
	struct imp_diff diff = {SIDES};

	diff.before.platform = (struct imp_platform){"linux", "arm", "v7"};
	imp_auto_free char *text = small_comment(&diff, NULL);
	assert_non_null(strstr(text, "| `linux/arm/v7` to `linux/amd64` | base |"));
}

/* A check of all platforms names no image itself. */
CASE(platforms_of_one_image_are_told_apart)
{
	struct imp_diff diffs[] = {{SIDES}, {SIDES}};
	const struct imp_diff *list[] = {&diffs[0], &diffs[1]};
	struct imp_diff_set set = {list, 2, true, {{0, 0}, {0, 0}}};
	const struct imp_budget_row row = {.verdict = IMP_VERDICT_WARN,
					   .image = "i",
					   .platform = "linux/arm64",
					   .selector = "metric",
					   .subject = IMP_SLICE("pull")};
	struct imp_check check = {.rows = &row, .row_count = 1, .file = "f"};
	struct imp_report report = {
		.kind = IMP_REPORT_CHECK, .diffs = &set, .check = &check};

	diffs[1].after.platform.architecture = "arm64";
	diffs[1].new_layers = 1;
	imp_auto_free char *text = comment_of(&report, &(struct imp_comment_options){0});
	assert_non_null(strstr(text, "\n| `web` `linux/amd64` | "));
	assert_non_null(strstr(text, "\n| `web` `linux/arm64` | "));
	assert_non_null(strstr(text, "<summary><code>web</code> "
				     "<code>linux/arm64</code></summary>"));
	assert_non_null(strstr(text, "\n- warning: `i` `linux/arm64` metric `pull` "));
	diffs[1].after.platform.architecture = "amd64";
	imp_auto_free char *same = comment_of(&report, &(struct imp_comment_options){0});
	assert_non_null(strstr(same, "\n| `web` | "));
}

/* Marks without width behind one letter: a title of them would leave no room for its block. */
CASE(a_title_is_as_short_in_bytes_as_in_columns)
{
	struct imp_arena *arena = imp_arena_create();
	char *name = imp_arena_array(arena, 100002, 1);
	struct imp_diff diffs[] = {{SIDES, .name = name, .new_layers = 1},
				   {SIDES, .name = "b"}};
	const struct imp_diff *list[] = {&diffs[0], &diffs[1]};
	struct imp_diff_set set = {list, 2, true, {{0, 0}, {0, 0}}};
	struct imp_report report = {.kind = IMP_REPORT_DIFF, .diffs = &set};

	name[0] = 'a';
	for (size_t i = 1; i < 100000; i += 2)
		memcpy(&name[i], "\xcc\x81", 2);
	imp_auto_free char *text = comment_of(&report, &(struct imp_comment_options){0});
	assert_non_null(strstr(text, "<details><summary><code>a"));
	assert_in_range(strlen(text), 100, 10000);
	imp_arena_destroy(arena);
}

CASE(a_check_without_base_says_how_many_images)
{
	struct imp_image images[] = {
		{.reference = "oci:web", .platform = {"linux", "amd64", ""}},
		{.reference = "oci:web", .platform = {"linux", "arm64", ""}}};
	const struct imp_analysis analyses[] = {
		{.image = &images[0], .complete = true, .pull_bytes = 7000},
		{.image = &images[1], .complete = true}};
	const struct imp_analysis *list[] = {&analyses[0], &analyses[1]};
	struct imp_report report = {
		.kind = IMP_REPORT_CHECK, .images = list, .image_count = 2};
	struct imp_comment_options named = {.name = "acme/web"};

	imp_auto_free char *two = comment_of(&report, &named);
	assert_memory_equal(two, "### Image size: `acme/web` 2 images\n", 36);
	assert_non_null(strstr(two, "\n| `acme/web` | `linux/arm64` | "));
	report.image_count = 1;
	imp_auto_free char *one = comment_of(&report, &named);
	assert_memory_equal(one, "### Image size: `acme/web` 7.0 kB to pull\n", 42);
}

CASE(a_marker_stays_in_its_comment)
{
	struct imp_diff diff = {SIDES};
	const struct imp_diff *list = &diff;
	struct imp_diff_set set = {&list, 1, true, {{0, 0}, {0, 0}}};
	struct imp_report report = {.kind = IMP_REPORT_DIFF, .diffs = &set};
	static char long_key[5000];

	imp_auto_free char *text = comment_of(
		&report, &(struct imp_comment_options){.key = "a--> <b>\n",
						       .run = "2026-11-23T15:02:11Z"});
	assert_memory_equal(
		text,
		"<!-- imgprof:comment v1 key=a--___b__ run=2026-11-23T15:02:11Z -->\n",
		67);
	memset(long_key, 'x', sizeof(long_key) - 1);
	imp_auto_free char *longer =
		comment_of(&report, &(struct imp_comment_options){.key = long_key});
	assert_int_equal(strchr(longer, '\n') - longer, 27 + 1 + 200 + 4);
	imp_auto_free char *without =
		comment_of(&report, &(struct imp_comment_options){.head = "x"});
	assert_null(strstr(without, "imgprof:comment"));
}

static void assert_page_fits(const struct imp_report *report, const char *headline)
{
	for (int forge = 0; forge < IMP_FORGES; forge++) {
		struct imp_comment_options options = {.forge = (enum imp_forge)forge,
						      .key = "key"};
		imp_auto_free char *text = comment_of(report, &options);
		assert_in_range(strlen(text), 100, limits[forge]);
		assert_non_null(strstr(text, "imgprof:comment v1 key=key"));
		assert_non_null(strstr(text, headline));
		assert_whole(text, forge != IMP_FORGE_BITBUCKET);
	}
}

static void assert_cost_fits(size_t repositories, size_t images, uint32_t top)
{
	struct costed costed;

	costed_make(&costed, repositories, images);
	struct imp_report report = {.kind = IMP_REPORT_COST, .cost = &costed.report};
	rows_wanted = top;
	assert_page_fits(&report, "\n| stored | ");
	rows_wanted = 0;
	costed_finish(&costed);
}

CASE(costs_fit)
{
	assert_cost_fits(0, 0, 0);
	assert_cost_fits(3, 5, 0);
	assert_cost_fits(300, 3, 0);
	assert_cost_fits(300, 3, 1000000);
}

static struct imp_share_set any_set(struct imp_arena *arena, size_t images)
{
	uint32_t *list = imp_arena_array(arena, images, sizeof(*list));
	size_t count = 0;

	for (uint32_t i = 0; i < images; i++)
		if (random() % 2)
			list[count++] = i;
	return (struct imp_share_set){list, count};
}

static const struct imp_share_drift *any_drift(struct imp_arena *arena, size_t count,
					       size_t images, size_t name)
{
	struct imp_share_drift *drift = imp_arena_array(arena, count + 1, sizeof(*drift));

	for (size_t i = 0; i < count; i++) {
		struct imp_share_variant *variants =
			imp_arena_array(arena, images, sizeof(*variants));
		for (uint32_t k = 0; k < images; k++)
			variants[k] = (struct imp_share_variant){
				.image = k,
				.manager = random() % 2 ? "npm" : "",
				.name = any_name(arena, name),
				.versions = any_name(arena, name),
				.origin = "",
				.path = any_name(arena, name)};
		drift[i] = (struct imp_share_drift){
			.kind = (enum imp_share_drift_kind)((size_t)random() %
							    IMP_SHARE_DRIFTS),
			.name = any_name(arena, name),
			.variants = variants,
			.variant_count = images};
	}
	return drift;
}

static void any_share(struct imp_share *share, struct imp_arena *arena, size_t images,
		      size_t rows, size_t name)
{
	struct imp_share_image *list = imp_arena_array(arena, images, sizeof(*list));
	struct imp_share_plan_image *plans =
		imp_arena_array(arena, images, sizeof(*plans));
	struct imp_share_pair *pairs = imp_arena_array(arena, rows + 1, sizeof(*pairs));
	struct imp_share_group *groups =
		imp_arena_array(arena, rows + 1, sizeof(*groups));
	struct imp_share_stage *stages =
		imp_arena_array(arena, rows + 1, sizeof(*stages));

	for (size_t i = 0; i < images; i++)
		list[i] = (struct imp_share_image){.reference = any_text(arena, name)};
	for (size_t i = 0; i < rows; i++) {
		pairs[i] = (struct imp_share_pair){.b = 1, .identical_bytes = i};
		groups[i] = (struct imp_share_group){.manager = i % 2 ? "npm" : "",
						     .name = any_name(arena, name),
						     .version = any_name(arena, name),
						     .images = any_set(arena, images)};
		stages[i] = (struct imp_share_stage){.images = any_set(arena, images),
						     .package_count = i % 3};
	}
	*share = (struct imp_share){.images = list,
				    .image_count = images,
				    .pairs = pairs,
				    .pair_count = rows,
				    .groups = groups,
				    .group_count = rows,
				    .drift = any_drift(arena, rows, images, name),
				    .drift_count = rows,
				    .plan = {.stages = stages,
					     .stage_count = rows,
					     .images = plans,
					     .estimate = true}};
}

static void assert_share_fits(size_t images, size_t rows, size_t name, uint32_t top)
{
	struct imp_arena *arena = imp_arena_create();
	struct imp_share share;
	struct imp_report report = {.kind = IMP_REPORT_SHARE, .share = &share};

	any_share(&share, arena, images, rows, name);
	rows_wanted = top;
	assert_page_fits(&report, "\n### What images share\n");
	rows_wanted = 0;
	imp_arena_destroy(arena);
}

CASE(shares_fit)
{
	srandom(5);
	assert_share_fits(2, 0, 10, 0);
	assert_share_fits(5, 30, 100, 0);
	assert_share_fits(IMP_SHARE_IMAGES, 12, 300, 1000000);
	assert_share_fits(3, 300, 120, 1000000);
}
