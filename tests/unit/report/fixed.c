/* Figures that add up as they are printed, and the words around them. */
#include <stdio.h>
#include <stdlib.h>

#include "case.h"

#include "../../../src/report/diff_words.h"
#include "../../../src/report/fixed.h"
#include "imgprof/cleanup.h"

static void assert_unit(uint64_t largest, enum imp_units units, const char *expected)
{
	struct imp_fixed fixed = imp_fixed_for(largest, units);
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};

	imp_fixed_add(&fixed, largest, &out);
	assert_string_equal(out.data, expected);
}

CASE(the_unit_serves_the_largest)
{
	assert_unit(0, IMP_UNITS_DECIMAL, "0 B");
	assert_unit(999, IMP_UNITS_DECIMAL, "999 B");
	assert_unit(1000, IMP_UNITS_DECIMAL, "1.0 kB");
	assert_unit(451000000, IMP_UNITS_DECIMAL, "451.0 MB");
	assert_unit(1238040000, IMP_UNITS_DECIMAL, "1,238.0 MB");
	assert_unit(9999000000, IMP_UNITS_DECIMAL, "9,999.0 MB");
	assert_unit(12340000000, IMP_UNITS_DECIMAL, "12.3 GB");
	/* Not 1,000.0 of a smaller one */
	assert_unit(999949, IMP_UNITS_DECIMAL, "999.9 kB");
	assert_unit(999950, IMP_UNITS_DECIMAL, "1.0 MB");
	assert_unit(9999949999, IMP_UNITS_DECIMAL, "9,999.9 MB");
	assert_unit(9999950000, IMP_UNITS_DECIMAL, "10.0 GB");
	assert_unit((1 << 20) - 1, IMP_UNITS_IEC, "1.0 MiB");
	assert_unit(1 << 20, IMP_UNITS_IEC, "1.0 MiB");
	assert_unit(1238040000, IMP_UNITS_BYTES, "1,238,040,000 B");
}

static void assert_tenths(int64_t bytes, int64_t tenths, const char *expected)
{
	struct imp_fixed fixed = {1000000, "MB"};
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};

	assert_int_equal(imp_fixed_tenths(&fixed, bytes), tenths);
	imp_fixed_add_tenths(&fixed, tenths, &out);
	assert_string_equal(out.data, expected);
}

CASE(halves_go_away_from_zero)
{
	assert_tenths(38350000, 384, "+38.4 MB");
	assert_tenths(-38350000, -384, "-38.4 MB");
	assert_tenths(38349999, 383, "+38.3 MB");
	assert_tenths(-38349999, -383, "-38.3 MB");
	assert_tenths(49999, 0, "0.0 MB");
	assert_tenths(-49999, 0, "0.0 MB");
	assert_tenths(-1234560000, -12346, "-1,234.6 MB");
}

/* 0.06 + 0.06 + 0.06 = 0.18: 0.1 + 0.1 + 0.0 adds up to 0.2, rounding each would say 0.3. */
CASE(what_is_missing_goes_to_the_largest_remainders)
{
	struct imp_fixed fixed = {1000000, "MB"};
	const int64_t changes[] = {60000, 60000, 60000},
		      mixed[] = {160000, -40000, -90000};
	int64_t tenths[3];

	imp_fixed_round(&fixed, changes, 3, tenths);
	assert_int_equal(tenths[0], 1);
	assert_int_equal(tenths[1], 1);
	assert_int_equal(tenths[2], 0);
	/* 1.6 - 0.4 - 0.9 tenths are 0.3, so 0: floors 1, -1, -1, one is missing */
	imp_fixed_round(&fixed, mixed, 3, tenths);
	assert_int_equal(tenths[0], 2);
	assert_int_equal(tenths[1], -1);
	assert_int_equal(tenths[2], -1);
}

CASE(any_rows_add_up_and_none_is_off_by_a_tenth)
{
	static const struct imp_fixed units[] = {{1, "B"},
						 {1000, "kB"},
						 {1000000, "MB"},
						 {1 << 20, "MiB"},
						 {1 << 30, "GiB"}};

	srandom(7);
	for (int round = 0; round < 20000; round++) {
		const struct imp_fixed *fixed = &units[round % 5];
		size_t count = (size_t)random() % 40;
		int64_t changes[40], tenths[40], sum = 0, printed = 0;
		for (size_t i = 0; i < count; i++) {
			changes[i] =
				(random() % 2 ? 1 : -1) * random() * (1 + random() % 100);
			sum += changes[i];
		}
		imp_fixed_round(fixed, changes, count, tenths);
		for (size_t i = 0; i < count; i++) {
			int64_t scale = fixed->unit == 1 ? 1 : 10;
			__int128 off = (__int128)tenths[i] * (int64_t)fixed->unit -
				       (__int128)changes[i] * scale;
			printed += tenths[i];
			assert_true(off < (int64_t)fixed->unit &&
				    -off < (int64_t)fixed->unit);
		}
		assert_int_equal(printed, imp_fixed_tenths(fixed, sum));
	}
}

static void assert_words(const struct imp_diff_reason *reason, const char *before,
			 const char *after)
{
	struct imp_reason_words words;
	struct imp_diff_reason filled = *reason;

	if (!filled.manager)
		filled.manager = "";
	if (!filled.title)
		filled.title = "";
	if (!filled.class_name)
		filled.class_name = "";
	filled.layer = IMP_NONE;
	imp_reason_words(&filled, &words);
	assert_string_equal(words.before.data ? words.before.data : "", before);
	assert_string_equal(words.after.data ? words.after.data : "", after);
	imp_reason_words_finish(&words);
}

#define REASON(...) (&(struct imp_diff_reason){__VA_ARGS__})

CASE(each_cause_in_its_words)
{
	assert_words(REASON(.kind = IMP_REASON_BASE, .state = IMP_DIFF_GROWN),
		     "base image ", "");
	assert_words(REASON(.kind = IMP_REASON_FINDING,
			    .title = "npm development packages",
			    .subject = IMP_SLICE("code/node_modules"), .others = 679,
			    .state = IMP_DIFF_REMOVED, .class_name = "dev-dep"),
		     "npm development packages: ", " (680 packages), gone");
	assert_words(
		REASON(.kind = IMP_REASON_FINDING, .title = "compiler and build tools",
		       .subject = IMP_SLICE("gcc"), .others = 29,
		       .state = IMP_DIFF_REMOVED, .class_name = "toolchain"),
		"compiler and build tools: ", " and 29 packages only it needs, gone");
	assert_words(REASON(.kind = IMP_REASON_FINDING, .title = "npm download cache",
			    .state = IMP_DIFF_ADDED, .class_name = "cache"),
		     "npm download cache", ", new");
	assert_words(REASON(.kind = IMP_REASON_PACKAGE, .manager = "npm",
			    .subject = IMP_SLICE("lighthouse"), .state = IMP_DIFF_ADDED,
			    .class_name = "dev-dep"),
		     "npm package ", ", new, build-only");
	assert_words(REASON(.kind = IMP_REASON_PACKAGE, .manager = "dpkg",
			    .subject = IMP_SLICE("gcc"), .others = 1,
			    .state = IMP_DIFF_GROWN, .class_name = "docs"),
		     "dpkg package ", " and 1 package only it needs, docs");
	assert_words(REASON(.kind = IMP_REASON_PROJECT, .state = IMP_DIFF_REMOVED), "",
		     ", gone");
	assert_words(REASON(.kind = IMP_REASON_FOLDER, .state = IMP_DIFF_SHRUNK),
		     "files in /", "");
	assert_words(REASON(.kind = IMP_REASON_OVERHEAD, .state = IMP_DIFF_GROWN),
		     "tar headers and padding", "");
	assert_words(REASON(.kind = IMP_REASON_OVERHEAD, .title = "x"),
		     "x, tar headers and padding", "");
	assert_words(
		REASON(.kind = IMP_REASON_REST, .others = 1, .state = IMP_DIFF_ADDED),
		"1 other cause", "");
	assert_words(REASON(.kind = IMP_REASON_REST, .others = 2), "2 other causes", "");
}
