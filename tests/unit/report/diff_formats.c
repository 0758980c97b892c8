/* A diff for machines: csv, openmetrics, and the annotations of budgets. */
#include "compared.h"

#include "imgprof/cleanup.h"

static void assert_holds(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("lacks '%s':\n%s", part, text);
}

CASE(csv_has_the_changed_paths)
{
	struct compared c;

	compared_init(&c);
	imp_auto_free char *out =
		compared_render(&c, "csv", (struct imp_report_options){0});
	assert_string_equal(
		out, "image,path,from,state,origin,before_bytes,after_bytes,change_bytes,"
		     "before_pull_bytes,after_pull_bytes,change_pull_bytes,before_layer,"
		     "after_layer\r\n"
		     "example/web:2,app/big,,added,own,0,50,50,0,20,20,,1\r\n"
		     "example/web:2,'=gone,,removed,base,20,0,-20,10,0,-10,0,\r\n"
		     "example/web:2,[overhead],,changed,unknown,0,0,0,15,0,-15,,\r\n");
}

CASE(csv_of_a_short_list_ends_in_the_rest)
{
	struct compared c;

	compared_init(&c);
	imp_auto_free char *out =
		compared_render(&c, "csv", (struct imp_report_options){.top = 1});
	assert_holds(out, "added,own,0,50,50,0,20,20,,1\r\n"
			  "example/web:2,[other],,,,20,0,-20,25,0,-25,,\r\n");
}

/* `imgprof check X X`: parsers refuse a sample that stands there twice. */
CASE(openmetrics_tells_an_image_once)
{
	struct compared c;

	compared_init(&c);
	char *once = compared_render(&c, "openmetrics", (struct imp_report_options){0});
	const struct imp_diff *list[] = {&c.diff, &c.diff};
	c.set.list = list;
	c.set.count = 2;
	char *twice = compared_render(&c, "openmetrics", (struct imp_report_options){0});
	assert_string_equal(once, twice);
	free(twice);
	free(once);
}

CASE(openmetrics_has_values_after_and_changes)
{
	struct compared c;

	compared_init(&c);
	imp_auto_free char *out =
		compared_render(&c, "openmetrics", (struct imp_report_options){0});
	const char *labels = "{image=\"example/web:2\",platform=\"linux/amd64\"";
	static const char *const expected[][2] = {
		{"imgprof_disk_bytes", "} 130\n"},
		{"imgprof_disk_change_bytes", "} 30\n"},
		{"imgprof_pull_bytes", "} 45\n"},
		{"imgprof_pull_change_bytes", "} -5\n"},
		{"imgprof_new_layer_bytes", "} 15\n"},
		{"imgprof_class_disk_change_bytes",
		 ",class=\"runtime\",origin=\"unknown\"} 20\n"},
		{"imgprof_layer_pull_change_bytes",
		 ",layer=\"1\",layer_before=\"1\",instruction=\"RUN npm ci\"} -5\n"},
	};
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
		char line[256];
		snprintf(line, sizeof(line), "\n%s%s%s", expected[i][0], labels,
			 expected[i][1]);
		assert_holds(out, line);
	}
	assert_string_equal(out + strlen(out) - 7, "\n# EOF\n");
}

static struct imp_budget_row broken_row(enum imp_verdict verdict)
{
	return (struct imp_budget_row){
		.image = "example/web:2",
		.platform = "linux/amd64",
		.selector = "metric",
		.subject = IMP_SLICE("disk"),
		.bound = IMP_BOUND_MAX,
		.value = 130,
		.limit = 100,
		.verdict = verdict,
		.line = 6,
		.column = 9,
	};
}

static char *annotate(struct compared *c, const struct imp_budget_row *rows, size_t count)
{
	c->check = (struct imp_check){
		.rows = rows, .row_count = count, .file = ".imgprof.yaml"};
	c->report.check = &c->check;
	return compared_render(c, "github", (struct imp_report_options){0});
}

CASE(github_says_nothing_without_a_budget)
{
	struct compared c;

	compared_init(&c);
	imp_auto_free char *out =
		compared_render(&c, "github", (struct imp_report_options){0});
	assert_string_equal(out, "");
}

CASE(github_points_at_the_rule)
{
	struct compared c;
	struct imp_budget_row rows[] = {
		broken_row(IMP_VERDICT_PASS), broken_row(IMP_VERDICT_WARN),
		broken_row(IMP_VERDICT_FAIL), broken_row(IMP_VERDICT_WAIVED)};

	compared_init(&c);
	rows[2].why = IMP_SLICE("nodes are small");
	imp_auto_free char *out = annotate(&c, rows, 4);
	assert_string_equal(
		out,
		"::error file=.imgprof.yaml,line=6,col=9,title=imgprof budget::"
		"example/web:2 (linux/amd64): metric disk: 130 B > 100 B - nodes are small\n"
		"::warning file=.imgprof.yaml,line=6,col=9,title=imgprof budget::"
		"example/web:2 (linux/amd64): metric disk: 130 B > 100 B\n");
}

CASE(github_points_at_the_dockerfile_when_its_line_is_known)
{
	struct compared c;
	struct imp_budget_row rows[3] = {broken_row(IMP_VERDICT_FAIL),
					 broken_row(IMP_VERDICT_FAIL),
					 broken_row(IMP_VERDICT_FAIL)};

	compared_init(&c);
	rows[0].bound = IMP_BOUND_MAX_RISE;
	rows[1].selector = "layer";
	rows[1].subject = IMP_SLICE("npm");
	rows[2].selector = "package";
	rows[2].subject = IMP_SLICE("npm:lighthouse");
	c.reasons[0] = (struct imp_diff_reason){.kind = IMP_REASON_PACKAGE,
						.manager = "npm",
						.subject = IMP_SLICE("lighthouse"),
						.line = 20};
	c.diff.reason_count = 1;
	imp_auto_free char *out = annotate(&c, rows, 3);
	assert_holds(out, "::error file=Dockerfile,line=14,title=imgprof budget::"
			  "example/web:2 (linux/amd64): metric disk: ");
	assert_holds(out, "::error file=Dockerfile,line=14,title=imgprof budget::"
			  "example/web:2 (linux/amd64): layer npm: ");
	assert_holds(out, "::error file=Dockerfile,line=20,title=imgprof budget::"
			  "example/web:2 (linux/amd64): package npm:lighthouse: ");
}

static size_t count_lines(const char *text, const char *start)
{
	size_t count = 0, len = strlen(start);

	for (; text && *text; text = strchr(text, '\n') + 1)
		count += strncmp(text, start, len) == 0;
	return count;
}

CASE(github_stays_below_what_the_runner_shows)
{
	struct compared c;
	struct imp_budget_row rows[24];

	compared_init(&c);
	for (size_t i = 0; i < 24; i++)
		rows[i] = broken_row(i < 9 ? IMP_VERDICT_WARN : IMP_VERDICT_FAIL);
	imp_auto_free char *out = annotate(&c, rows, 24);
	assert_int_equal(count_lines(out, "::error "), 10);
	assert_int_equal(count_lines(out, "::warning "), 9);
	assert_holds(out, "::error title=imgprof budget::and 6 more");
}

CASE(github_keeps_foreign_text_inside_its_command)
{
	struct compared c;
	struct imp_budget_row row = broken_row(IMP_VERDICT_FAIL);

	compared_init(&c);
	row.image = "a\n::set-env name=x::y";
	row.why = IMP_SLICE("50 %\r\n::stop-commands::t");
	imp_auto_free char *out = annotate(&c, &row, 1);
	assert_int_equal(count_lines(out, "::"), 1);
	assert_holds(out, "50 %25\\x0d\\x0a::stop-commands");
}

CASE(the_screen_is_eighty_columns_wide)
{
	struct compared c;

	compared_init(&c);
	char *text = compared_render(&c, "text", (struct imp_report_options){0});
	for (const char *line = text; *line; line = strchr(line, '\n') + 1)
		assert_in_range(strchr(line, '\n') - line, 0, 80);
	assert_non_null(strstr(text, "\nNext: "));
	free(text);
}
