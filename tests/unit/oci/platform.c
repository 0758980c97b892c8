#include "imgprof/platform.h"

#include "oci_test.h"

static struct imp_platform parse(const char *text, struct imp_arena *arena)
{
	struct imp_error err = {0};
	struct imp_platform platform = {0};
	assert_ok(imp_platform_parse(imp_slice_of(text), arena, &platform, &err), &err);
	return platform;
}

static void expect(const char *text, const char *normal)
{
	ARENA(arena);
	struct imp_platform platform = parse(text, arena);
	assert_string_equal(imp_platform_text(&platform, arena), normal);
}

static void expect_refused(const char *text, const char *hint)
{
	ARENA(arena);
	struct imp_error err = {0};
	struct imp_platform platform = {.os = "before"};
	assert_fails(imp_platform_parse(imp_slice_of(text), arena, &platform, &err),
		     IMP_E_USAGE, "expected OS[/ARCHITECTURE[/VARIANT]]", &err);
	if (!strstr(err.hint, hint))
		fail_msg("hint '%s' lacks '%s'", err.hint, hint);
	assert_string_equal(platform.os, "before");
}

static int match(const char *wanted, const char *offered)
{
	ARENA(arena);
	struct imp_platform a = parse(wanted, arena);
	struct imp_platform b = parse(offered, arena);
	return imp_platform_match(&a, &b);
}

/* Index of the best of OFFERED (the first among equals), or -1. */
static int choose(const char *wanted, const char *const *offered, int count)
{
	int best = -1, score = 0;
	for (int i = 0; i < count; i++) {
		int this = match(wanted, offered[i]);
		if (this > score) {
			score = this;
			best = i;
		}
	}
	return best;
}

CASE(full_form)
{
	expect("linux/amd64", "linux/amd64");
	expect("linux/arm/v6", "linux/arm/v6");
	expect("windows/amd64", "windows/amd64");
	expect("unknown/unknown", "unknown/unknown");
}

CASE(lower_case)
{
	expect("Linux/AMD64", "linux/amd64");
	expect("linux/arm/V7", "linux/arm/v7");
}

CASE(macos_is_darwin)
{
	expect("macos/arm64", "darwin/arm64");
}

CASE(architecture_alone_is_linux)
{
	expect("arm64", "linux/arm64");
	expect("riscv64", "linux/riscv64");
	expect("s390x", "linux/s390x");
}

CASE(system_alone_takes_the_host_architecture)
{
	ARENA(arena);
	struct imp_platform host = imp_platform_host();
	host.os = "windows";
	expect("windows", imp_platform_text(&host, arena));
}

CASE(amd64_spellings)
{
	expect("x86_64", "linux/amd64");
	expect("linux/x86-64", "linux/amd64");
	expect("linux/amd64/v1", "linux/amd64");
	expect("linux/amd64/v3", "linux/amd64/v3");
}

CASE(arm64_spellings)
{
	expect("aarch64", "linux/arm64");
	expect("linux/arm64/8", "linux/arm64");
	expect("linux/arm64/v8", "linux/arm64");
	expect("linux/arm64/v8.0", "linux/arm64");
	expect("linux/arm64/v8.2", "linux/arm64/v8.2");
	expect("linux/aarch64/v8", "linux/arm64");
}

CASE(arm_spellings)
{
	expect("arm", "linux/arm/v7");
	expect("armhf", "linux/arm/v7");
	expect("armel", "linux/arm/v6");
	expect("linux/arm/5", "linux/arm/v5");
	expect("linux/arm/6", "linux/arm/v6");
	expect("linux/arm/7", "linux/arm/v7");
	expect("linux/arm/8", "linux/arm/v8");
	expect("linux/arm/9", "linux/arm/9");
}

CASE(i386_spelling)
{
	expect("i386", "linux/386");
}

CASE(malformed_is_refused)
{
	expect_refused("", "such as");
	expect_refused("/", "such as");
	expect_refused("linux/", "such as");
	expect_refused("linux//v7", "such as");
	expect_refused("linux/arm/v7/x", "such as");
	expect_refused("linux/a b", "such as");
	expect_refused("frob", "such as");
}

CASE(architecture_first_has_a_hint)
{
	expect_refused("arm/v7", "write linux/arm/v7");
	expect_refused("x86_64/v3", "write linux/x86_64/v3");
}

CASE(missing_parts_stay_empty)
{
	ARENA(arena);
	struct imp_slice none = IMP_SLICE("");
	struct imp_platform platform = imp_platform_normalise(none, none, none, arena);
	assert_string_equal(platform.os, "");
	assert_string_equal(platform.architecture, "");
	assert_string_equal(platform.variant, "");
	assert_string_equal(imp_platform_text(&platform, arena), "unknown/unknown");
}

CASE(host_is_linux_here)
{
	struct imp_platform host = imp_platform_host();
	assert_string_equal(host.os, "linux");
	assert_string_not_equal(host.architecture, "");
#if defined(__x86_64__)
	assert_string_equal(host.architecture, "amd64");
	assert_string_equal(host.variant, "");
#endif
}

CASE(other_system_never_matches)
{
	assert_int_equal(match("linux/amd64", "windows/amd64"), 0);
	assert_int_equal(match("windows/amd64", "linux/amd64"), 0);
}

CASE(other_architecture_never_matches)
{
	assert_int_equal(match("linux/riscv64", "linux/amd64"), 0);
	assert_int_equal(match("linux/386", "linux/amd64"), 0);
	assert_int_equal(match("linux/arm/v7", "linux/arm64"), 0);
	assert_int_equal(match("linux/amd64", "unknown/unknown"), 0);
}

CASE(exact_is_highest)
{
	int exact = match("linux/amd64/v3", "linux/amd64/v3");
	assert_true(exact > match("linux/amd64/v3", "linux/amd64/v2"));
	assert_int_equal(exact, match("linux/arm64", "linux/arm64"));
}

CASE(arm_falls_down)
{
	assert_true(match("linux/arm/v7", "linux/arm/v6") >
		    match("linux/arm/v7", "linux/arm/v5"));
	assert_true(match("linux/arm/v7", "linux/arm/v5") > 0);
	assert_int_equal(match("linux/arm/v6", "linux/arm/v7"), 0);
}

CASE(amd64_falls_down)
{
	assert_true(match("linux/amd64/v3", "linux/amd64/v2") >
		    match("linux/amd64/v3", "linux/amd64"));
	assert_true(match("linux/amd64/v3", "linux/amd64") >
		    match("linux/amd64/v3", "linux/386"));
	assert_true(match("linux/amd64", "linux/386") > 0);
	assert_int_equal(match("linux/amd64", "linux/amd64/v2"), 0);
}

CASE(arm64_falls_down)
{
	assert_true(match("linux/arm64/v8.2", "linux/arm64/v8.1") >
		    match("linux/arm64/v8.2", "linux/arm64"));
	assert_true(match("linux/arm64/v8.2", "linux/arm64") >
		    match("linux/arm64/v8.2", "linux/arm/v8"));
	assert_true(match("linux/arm64", "linux/arm64/v8") >
		    match("linux/arm64", "linux/arm/v8"));
	assert_true(match("linux/arm64", "linux/arm/v8") >
		    match("linux/arm64", "linux/arm/v7"));
	assert_true(match("linux/arm64", "linux/arm/v7") >
		    match("linux/arm64", "linux/arm/v6"));
	assert_true(match("linux/arm64", "linux/arm/v5") > 0);
	assert_int_equal(match("linux/arm64", "linux/arm64/v9"), 0);
}

CASE(strange_variants_match_only_themselves)
{
	assert_true(match("linux/amd64/x", "linux/amd64/x") > 0);
	assert_int_equal(match("linux/amd64/x", "linux/amd64"), 0);
	assert_int_equal(match("linux/amd64/v3", "linux/amd64/v"), 0);
	assert_int_equal(match("linux/amd64/v3", "linux/amd64/v2."), 0);
	assert_int_equal(match("linux/amd64/v111", "linux/amd64/v2"), 0);
	assert_int_equal(match("linux/arm64", "linux/arm/x"), 0);
}

CASE(config_without_system_is_linux)
{
	ARENA(arena);
	struct imp_platform wanted = parse("linux/amd64", arena);
	struct imp_platform offered = {.os = "", .architecture = "amd64", .variant = ""};
	assert_true(imp_platform_match(&wanted, &offered) > 0);
	wanted.os = "windows";
	assert_int_equal(imp_platform_match(&wanted, &offered), 0);
}

/* The index of formats.md 2.15. */
CASE(choice_among_many)
{
	static const char *const offered[] = {"linux/arm/v6", "linux/arm/v7",
					      "linux/arm64/v8", "linux/amd64",
					      "linux/amd64/v3"};
	assert_int_equal(choose("arm", offered, 5), 1);
	assert_int_equal(choose("armhf", offered, 5), 1);
	assert_int_equal(choose("armel", offered, 5), 0);
	assert_int_equal(choose("aarch64", offered, 5), 2);
	assert_int_equal(choose("linux/arm64/v8", offered, 5), 2);
	assert_int_equal(choose("x86_64", offered, 5), 3);
	assert_int_equal(choose("linux/amd64/v2", offered, 5), 3);
	assert_int_equal(choose("linux/amd64/v4", offered, 5), 4);
	assert_int_equal(choose("riscv64", offered, 5), -1);
}
