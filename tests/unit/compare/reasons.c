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
