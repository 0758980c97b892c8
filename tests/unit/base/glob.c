#include "case.h"

#include "imgprof/glob.h"

static void assert_name(const char *glob, const char *text, bool fits)
{
	assert_int_equal(imp_glob_name(imp_slice_of(glob), imp_slice_of(text)), fits);
}

static void assert_path(const char *glob, const char *path, bool fits)
{
	assert_int_equal(imp_glob_path(imp_slice_of(glob), imp_slice_of(path)), fits);
}

CASE(a_name_matches_whole)
{
	assert_name("", "", true);
	assert_name("", "a", false);
	assert_name("web", "web", true);
	assert_name("web", "web2", false);
	assert_name("web*", "web", true);
	assert_name("ghcr.io/acme/web*", "ghcr.io/acme/web/x:pr-7", true);
	assert_name("pr-?", "pr-7", true);
	assert_name("pr-?", "pr-17", false);
	assert_name("*-rc*", "1.0-rc1", true);
	assert_name("*a*b", "xaybab", true);
	assert_name("**", "a/b", true);
}

CASE(in_paths_one_star_stops_at_a_slash)
{
	assert_path("code/*", "code/a", true);
	assert_path("code/*", "code/a/b", false);
	assert_path("code/**", "code/a/b", true);
	assert_path("code/**", "code", false);
	assert_path("**/x", "a/b/x", true);
	assert_path("**/x", "x", true);
	assert_path("**/x", "ax", false);
	assert_path("a/**/b", "a/b", true);
	assert_path("a/**/b", "ab", false);
	assert_path("a/**/b*", "a/c/d/bee", true);
	assert_path("a/**/b*", "a/c/d/bee/f", false);
	assert_path("a?b", "a/b", false);
	assert_path("**a*c", "x/aab/ac", true);
}

CASE(stars_without_end_take_no_time_without_end)
{
	assert_name("*a*a*a*a*a*a*a*a*a*a*b",
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		    false);
	assert_path("**a*a**a*a**a*a**b*",
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		    false);
}
