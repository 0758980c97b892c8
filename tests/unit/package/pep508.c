/* Names, requirements and markers; expected values are PEP 503's, 508's and packaging's. */
#include "imgprof/arena.h"

#include "case.h"

#include "../../../src/package/pep508.h"

CASE(names_are_normalised)
{
	struct imp_arena *arena = imp_arena_create();

	assert_true(imp_slice_is(imp_pep503_name(arena, IMP_SLICE("Friendly-._.Bard")),
				 "friendly-bard"));
	assert_true(imp_slice_is(imp_pep503_name(arena, IMP_SLICE("zope.interface")),
				 "zope-interface"));
	assert_true(imp_slice_is(imp_pep503_name(arena, IMP_SLICE("")), ""));
	assert_true(imp_pep503_equal(IMP_SLICE("A__b"), IMP_SLICE("a-B")));
	assert_false(imp_pep503_equal(IMP_SLICE("ab"), IMP_SLICE("a-b")));
	assert_false(imp_pep503_equal(IMP_SLICE("a-b"), IMP_SLICE("a-")));
	imp_arena_destroy(arena);
}

static void expect_requirement(const char *text, const char *name, const char *extras,
			       const char *marker)
{
	struct imp_requirement requirement;

	assert_true(imp_requirement_parse(imp_slice_of(text), &requirement));
	assert_true(imp_slice_is(requirement.name, name));
	assert_true(imp_slice_is(requirement.extras, extras));
	assert_true(imp_slice_is(requirement.marker, marker));
}

CASE(requirements_have_name_extras_marker)
{
	struct imp_requirement requirement;

	expect_requirement("A", "A", "", "");
	expect_requirement("A.B-C_D", "A.B-C_D", "", "");
	expect_requirement("name>=3,<2", "name", "", "");
	expect_requirement("name (>=3)", "name", "", "");
	expect_requirement("kombu[redis, x]>=5 ; extra == 'r'", "kombu", "redis, x",
			   "extra == 'r'");
	expect_requirement("name@http://foo.com/a;b", "name", "", "");
	expect_requirement("name @ http://foo.com ; os_name=='a'", "name", "",
			   "os_name=='a'");
	expect_requirement("name[", "name", "", "");
	assert_false(imp_requirement_parse(IMP_SLICE(""), &requirement));
	assert_false(imp_requirement_parse(IMP_SLICE("[x]"), &requirement));
}

CASE(extras_are_a_list)
{
	struct imp_slice rest = IMP_SLICE(" a ,, b ,");

	assert_true(imp_slice_is(imp_requirement_next_extra(&rest), "a"));
	assert_true(imp_slice_is(imp_requirement_next_extra(&rest), "b"));
	assert_int_equal(imp_requirement_next_extra(&rest).len, 0);
}

static bool holds(const char *marker)
{
	struct imp_marker_environment environment = {
		.major = 3,
		.minor = 11,
		.implementation = "cpython",
		.machine = "x86_64",
		.extra = IMP_SLICE("redis"),
	};
	return imp_marker_holds(imp_slice_of(marker), &environment);
}

CASE(versions_in_markers)
{
	static const char *const true_ones[] = {
		"python_version >= '3.8'",         "python_version>\"3.9\"",
		"'3.12' > python_version",         "python_version == '3.11'",
		"python_version == '3.*'",         "python_version == '3.11.*'",
		"python_version ~= '3.7'",         "python_version in '3.10 3.11'",
		"python_version not in '2.6 2.7'", "python_version < '3.11.4'",
		"python_version != '3.1'",         "python_full_version < '3.11.4'",
		"python_full_version >= '3.11.4'", "python_full_version < '4'",
		"implementation_version > '3.10'",
	};
	static const char *const false_ones[] = {
		"python_version < '3.8'",
		"python_version == '3.1'",
		"python_version == '2.*'",
		"python_version != '3.11.*'",
		"python_version ~= '3.12'",
		"python_version ~= '2.7'",
		"python_version not in '3.10 3.11'",
		"python_version >= '3.11.1'",
		"python_full_version < '3.11'",
		"python_full_version < '3.11.0'",
		"python_full_version >= '3.12.0'",
	};
	for (size_t i = 0; i < sizeof(true_ones) / sizeof(true_ones[0]); i++)
		if (!holds(true_ones[i]))
			fail_msg("%s", true_ones[i]);
	for (size_t i = 0; i < sizeof(false_ones) / sizeof(false_ones[0]); i++)
		if (holds(false_ones[i]))
			fail_msg("%s", false_ones[i]);
}

CASE(platforms_in_markers)
{
	assert_true(holds("sys_platform == 'linux'"));
	assert_false(holds("sys_platform == 'win32'"));
	assert_false(holds("os_name == 'nt'"));
	assert_true(holds("platform_system != 'Windows'"));
	assert_true(holds("platform_machine in 'x86_64 aarch64'"));
	assert_false(holds("platform_machine == 'aarch64'"));
	assert_true(holds("platform_python_implementation == 'CPython'"));
	assert_false(holds("implementation_name == 'pypy'"));
	assert_true(holds("extra == 'Redis'"));
	assert_false(holds("extra == 'mongo'"));
}

CASE(and_binds_tighter_than_or)
{
	assert_true(holds("os_name == 'posix' or os_name == 'nt' and os_name == 'x'"));
	assert_false(holds("(os_name == 'posix' or os_name == 'nt') and os_name == 'x'"));
	assert_true(holds("os_name == 'nt' and os_name == 'x' or os_name == 'posix'"));
	assert_true(holds("((os_name == 'posix')) and (os_name != 'nt')"));
	assert_false(holds("(((os_name == 'nt')))"));
}

CASE(what_is_unknown_holds)
{
	struct imp_marker_environment nothing = {0};

	assert_true(holds(""));
	assert_true(holds("platform_release >= '20'"));
	assert_true(holds("nonsense"));
	assert_true(holds("os_name == 'nt'("));
	assert_true(holds("(os_name == 'nt'"));
	assert_true(holds("os_name ! 'nt'"));
	assert_true(holds("python_version == 'x'"));
	assert_true(imp_marker_holds(IMP_SLICE("python_version < '3'"), &nothing));
	assert_true(imp_marker_holds(IMP_SLICE("platform_machine == 'x'"), &nothing));
	assert_false(imp_marker_holds(IMP_SLICE("extra == 'x'"), &nothing));
}

CASE(deep_brackets_are_bounded)
{
	char marker[100001];

	memset(marker, '(', sizeof(marker) - 1);
	marker[sizeof(marker) - 1] = '\0';
	assert_true(holds(marker));
	memset(marker, ')', sizeof(marker) - 1);
	assert_true(holds(marker));
}

CASE(extras_of_markers)
{
	assert_true(imp_slice_is(
		imp_marker_extra(IMP_SLICE("os_name == 'x' and extra == \"all\"")),
		"all"));
	assert_int_equal(imp_marker_extra(IMP_SLICE("os_name == 'extra'")).len, 0);
	assert_int_equal(imp_marker_extra(IMP_SLICE("extra")).len, 0);
}
