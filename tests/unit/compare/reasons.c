#include "diff_case.h"

static const struct imp_diff_reason *
reason_of(const struct imp_diff *diff, enum imp_reason_kind kind, const char *subject)
{
	for (size_t i = 0; i < diff->reason_count; i++)
		if (diff->reasons[i].kind == kind &&
		    imp_slice_is(diff->reasons[i].subject, subject))
			return &diff->reasons[i];
	return NULL;
}

/* "tool", asked for where the installation knows, needs "helper". */
static void install(struct analysed *a, bool knows_roots)
{
	struct imp_dependency *needs = imp_arena_alloc(a->arena, sizeof(*needs));

	analysed_with_evidence(a);
	uint32_t helper = analysed_package(a, IMP_MANAGER_NPM, "helper", "helper");
	uint32_t tool = analysed_package(a, IMP_MANAGER_NPM, "tool", "tool");
	*needs = (struct imp_dependency){.to = helper};
	a->package_list[tool].flags = IMP_PACKAGE_ROOT;
	a->package_list[tool].dependency_count = 1;
	a->packages.dependencies = needs;
	a->packages.dependency_count = 1;
	*(bool *)analysed_edit(a->packages.knows_roots) = knows_roots;
}

CASE(a_package_takes_along_what_only_it_needs)
{
	struct diff_case c;

	diff_read(&c, "layer\nfile tool 300\nfile helper 200\n", "layer\nfile a 1\n");
	install(&c.before, true);
	diff_make(&c, &c.before, &c.after);
	const struct imp_diff_reason *tool =
		reason_of(&c.diff, IMP_REASON_PACKAGE, "tool");
	assert_non_null(tool);
	assert_int_equal(tool->others, 1);
	assert_int_equal(change_of(&tool->sum.disk), -500);
	assert_null(reason_of(&c.diff, IMP_REASON_PACKAGE, "helper"));
	assert_adds_up(&c.diff);
	diff_finish(&c);
}

CASE(where_roots_are_not_known_each_package_stands_for_itself)
{
	struct diff_case c;

	diff_read(&c, "layer\nfile tool 300\nfile helper 200\n", "layer\nfile a 1\n");
	install(&c.before, false);
	diff_make(&c, &c.before, &c.after);
	assert_int_equal(
		change_of(&reason_of(&c.diff, IMP_REASON_PACKAGE, "tool")->sum.disk),
		-300);
	assert_int_equal(
		change_of(&reason_of(&c.diff, IMP_REASON_PACKAGE, "helper")->sum.disk),
		-200);
	assert_adds_up(&c.diff);
	diff_finish(&c);
}

/* A finding of before and after, of all live files below "t". */
static void find_tests(struct analysed *a)
{
	static const char *const evidence[1];
	struct imp_finding *finding = imp_arena_alloc(a->arena, sizeof(*finding));
	uint32_t count = imp_tree_record_count(a->tree);
	uint32_t *of = imp_arena_array(a->arena, count + 1, sizeof(*of));

	*finding = (struct imp_finding){
		.id = "TESTS",
		.rule = "TESTS",
		.subject = IMP_SLICE("t"),
		.class = IMP_CLASS_TESTS,
		.confidence = IMP_CONFIDENCE_LIKELY,
		.title = "tests in /t",
		.evidence = evidence,
		.hidden_by = IMP_NOT_HIDDEN,
	};
	for (uint32_t r = 0; r < count; r++) {
		const struct imp_record *record = imp_tree_record(a->tree, r);
		of[r] = record->type == IMP_ENTRY_FILE ? 0 : IMP_NONE;
		finding->sum.disk_bytes += record->disk_bytes;
	}
	a->findings.list = finding;
	a->findings.count = 1;
	a->findings.finding_of = of;
}

CASE(what_is_left_of_a_finding_keeps_it_from_being_gone)
{
	struct diff_case c;

	diff_read(&c, "layer\nfile t/a 300\nfile t/b 200\n", "layer\nfile t/b 200\n");
	find_tests(&c.before);
	find_tests(&c.after);
	diff_make(&c, &c.before, &c.after);
	const struct imp_diff_reason *tests = reason_of(&c.diff, IMP_REASON_FINDING, "t");
	assert_non_null(tests);
	assert_int_equal(tests->state, IMP_DIFF_SHRUNK);
	assert_int_equal(change_of(&tests->sum.disk), -300);
	diff_make(&c, &c.after, &c.before);
	assert_int_equal(reason_of(&c.diff, IMP_REASON_FINDING, "t")->state,
			 IMP_DIFF_GROWN);
	diff_finish(&c);
	diff_read(&c, "layer\nfile t/a 300\nfile t/b 200\n", "layer\nfile x 200\n");
	find_tests(&c.before);
	diff_make(&c, &c.before, &c.after);
	assert_int_equal(reason_of(&c.diff, IMP_REASON_FINDING, "t")->state,
			 IMP_DIFF_REMOVED);
	diff_finish(&c);
}

CASE(a_package_that_lost_a_file_is_not_gone)
{
	struct diff_case c;

	diff_read(&c, "layer\nfile p/a 300\nfile p/b 200\n", "layer\nfile p/b 200\n");
	analysed_with_evidence(&c.before);
	analysed_with_evidence(&c.after);
	analysed_package(&c.before, IMP_MANAGER_DPKG, "p", "p/a p/b");
	analysed_package(&c.after, IMP_MANAGER_DPKG, "p", "p/b");
	diff_make(&c, &c.before, &c.after);
	assert_int_equal(reason_of(&c.diff, IMP_REASON_PACKAGE, "p")->state,
			 IMP_DIFF_SHRUNK);
	diff_finish(&c);
}

CASE(a_folder_that_stays_is_not_gone)
{
	struct diff_case c;

	diff_read(&c, "layer\nfile d/a 300\nfile d/b 200\nfile d/c 100\n",
		  "layer\nfile d/b 200\n");
	for (size_t i = 0; i < c.diff.reason_count; i++)
		if (imp_slice_is(c.diff.reasons[i].subject, "d"))
			assert_int_equal(c.diff.reasons[i].state, IMP_DIFF_SHRUNK);
	assert_adds_up(&c.diff);
	diff_finish(&c);
}

CASE(lines_of_the_dockerfile_stand_at_layers_and_reasons)
{
	struct diff_case c;
	struct imp_dockerfile_layer layer = {.place = IMP_LAYER_LINE, .line = 7};
	struct imp_dockerfile file = {
		.origin = IMP_DOCKERFILE_FILE, .layers = &layer, .layer_count = 1};

	diff_read(&c, "layer\nfile a 300\n", "layer\nfile a 400\n");
	c.after.analysis.dockerfile = &file;
	diff_make(&c, &c.before, &c.after);
	assert_int_equal(c.diff.layers[0].line, 7);
	assert_int_equal(c.diff.reasons[0].line, 7);
	diff_finish(&c);
}
