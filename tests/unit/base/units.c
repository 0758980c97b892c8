#include "case.h"

#include <stdlib.h>
#include <time.h>

#include "imgprof/units.h"

#define NS_PER_S 1000000000LL

static void assert_size(uint64_t bytes, enum imp_units units, const char *expected)
{
	char out[IMP_SIZE_TEXT];
	assert_string_equal(imp_size_text(bytes, units, out), expected);
}

CASE(size_has_three_digits)
{
	assert_size(0, IMP_UNITS_DECIMAL, "0 B");
	assert_size(999, IMP_UNITS_DECIMAL, "999 B");
	assert_size(1000, IMP_UNITS_DECIMAL, "1.00 kB");
	assert_size(64300123, IMP_UNITS_DECIMAL, "64.3 MB");
	assert_size(1240000000, IMP_UNITS_DECIMAL, "1.24 GB");
	assert_size(123456789012345, IMP_UNITS_DECIMAL, "123 TB");
	assert_size(5000000000000000, IMP_UNITS_DECIMAL, "5.00 PB");
	assert_size(UINT64_MAX, IMP_UNITS_DECIMAL, "18.4 EB");
}

CASE(size_rounds_half_up)
{
	assert_size(1004, IMP_UNITS_DECIMAL, "1.00 kB");
	assert_size(1005, IMP_UNITS_DECIMAL, "1.01 kB");
	assert_size(12349, IMP_UNITS_DECIMAL, "12.3 kB");
	assert_size(12350, IMP_UNITS_DECIMAL, "12.4 kB");
	assert_size(123499, IMP_UNITS_DECIMAL, "123 kB");
	assert_size(123500, IMP_UNITS_DECIMAL, "124 kB");
}

CASE(size_that_rounds_up_loses_a_digit_or_takes_the_next_unit)
{
	assert_size(9994, IMP_UNITS_DECIMAL, "9.99 kB");
	assert_size(9995, IMP_UNITS_DECIMAL, "10.0 kB");
	assert_size(99949, IMP_UNITS_DECIMAL, "99.9 kB");
	assert_size(99950, IMP_UNITS_DECIMAL, "100 kB");
	assert_size(999499, IMP_UNITS_DECIMAL, "999 kB");
	assert_size(999500, IMP_UNITS_DECIMAL, "1.00 MB");
	assert_size(999499999, IMP_UNITS_DECIMAL, "999 MB");
	assert_size(999500000, IMP_UNITS_DECIMAL, "1.00 GB");
}

CASE(size_in_iec_units)
{
	assert_size(999, IMP_UNITS_IEC, "999 B");
	assert_size(1024, IMP_UNITS_IEC, "1.00 KiB");
	assert_size(64300123, IMP_UNITS_IEC, "61.3 MiB");
	assert_size(UINT64_MAX, IMP_UNITS_IEC, "16.0 EiB");
}

CASE(size_in_iec_units_never_shows_four_digits)
{
	assert_size(1000, IMP_UNITS_IEC, "0.977 KiB");
	assert_size(1023, IMP_UNITS_IEC, "0.999 KiB");
	assert_size(1023487, IMP_UNITS_IEC, "999 KiB");
	assert_size(1024000, IMP_UNITS_IEC, "0.977 MiB");
	assert_size(1048575, IMP_UNITS_IEC, "1.00 MiB");
}

CASE(size_in_bytes_is_a_number)
{
	assert_size(0, IMP_UNITS_BYTES, "0");
	assert_size(64300123, IMP_UNITS_BYTES, "64300123");
	assert_size(UINT64_MAX, IMP_UNITS_BYTES, "18446744073709551615");
}

CASE(size_text_reads_back_within_half_a_digit)
{
	srandom(4);
	for (int i = 0; i < 20000; i++) {
		uint64_t bytes =
			((uint64_t)random() << 31 | (uint64_t)random()) >> random() % 62;
		for (enum imp_units units = IMP_UNITS_DECIMAL; units <= IMP_UNITS_BYTES;
		     units++) {
			char out[IMP_SIZE_TEXT];
			uint64_t back = 0;
			imp_size_text(bytes, units, out);
			assert_true(imp_size_parse(imp_slice_of(out), &back));
			uint64_t off = bytes > back ? bytes - back : back - bytes;
			assert_true(off <= bytes / 200 + 1);
		}
	}
}

CASE(units_by_name)
{
	enum imp_units units = IMP_UNITS_BYTES;
	assert_true(imp_units_parse(IMP_SLICE("decimal"), &units));
	assert_int_equal(units, IMP_UNITS_DECIMAL);
	assert_true(imp_units_parse(IMP_SLICE("iec"), &units));
	assert_int_equal(units, IMP_UNITS_IEC);
	assert_true(imp_units_parse(IMP_SLICE("si"), &units));
	assert_int_equal(units, IMP_UNITS_DECIMAL);
	assert_true(imp_units_parse(IMP_SLICE("bytes"), &units));
	assert_int_equal(units, IMP_UNITS_BYTES);
	assert_false(imp_units_parse(IMP_SLICE("byte"), &units));
	assert_false(imp_units_parse(IMP_SLICE(""), &units));
	assert_int_equal(units, IMP_UNITS_BYTES);
}

CASE(size_parse_takes_numbers_and_units)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} good[] = {
		{"0", 0},
		{"512", 512},
		{"512B", 512},
		{"512 b", 512},
		{"10k", 10000},
		{"10K", 10000},
		{"100MB", 100000000},
		{"100 mb", 100000000},
		{"1Ki", 1024},
		{"1.5 GiB", 1610612736},
		{"1.5gib", 1610612736},
		{"0.5kB", 500},
		{"1.0009k", 1000},
		{"0.000000000000000001E", 1},
		{"0.999999999999999999E", 999999999999999999},
		{"2T", 2000000000000},
		{"3PiB", 3377699720527872},
		{"15EiB", 17293822569102704640u},
		{"18446744073709551615", UINT64_MAX},
	};
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		uint64_t bytes = 7;
		if (!imp_size_parse(imp_slice_of(good[i].text), &bytes) ||
		    bytes != good[i].bytes)
			fail_msg("%s: %ju", good[i].text, (uintmax_t)bytes);
	}
}

CASE(size_parse_refuses_everything_else)
{
	static const char *const bad[] = {
		"",
		" ",
		"k",
		"-1",
		"+1",
		"1e3",
		"1,5k",
		".5k",
		"1.k",
		"1.5",
		"1.5B",
		"1  k",
		"1 ",
		" 1",
		"1kk",
		"1kBB",
		"1x",
		"1i",
		"1iB",
		"1kbit",
		"1.5.5k",
		"16EiB",
		"18446744073709551616",
		"18446744073709552k",
		"18.5E",
		"0.1234567890123456789k",
		"1\xc2\xa0k",
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint64_t bytes = 7;
		if (imp_size_parse(imp_slice_of(bad[i]), &bytes))
			fail_msg("%s: %ju", bad[i], (uintmax_t)bytes);
		assert_int_equal(bytes, 7);
	}
	uint64_t bytes = 7;
	assert_false(imp_size_parse(imp_slice(NULL, 0), &bytes));
	assert_false(imp_size_parse(IMP_SLICE("1\0"), &bytes));
	assert_false(imp_size_parse(IMP_SLICE("1k\0"), &bytes));
}

static void assert_percent(uint64_t part, uint64_t whole, const char *expected)
{
	char out[IMP_SIZE_TEXT];
	assert_string_equal(imp_percent_text(part, whole, out), expected);
}

CASE(percent_shows_the_digits_that_help)
{
	assert_percent(0, 0, "0 %");
	assert_percent(0, 5, "0 %");
	assert_percent(1, 1000000, "<1 %");
	assert_percent(999, 100000, "<1 %");
	assert_percent(1000, 100000, "1.0 %");
	assert_percent(73, 1000, "7.3 %");
	assert_percent(9949, 100000, "9.9 %");
	assert_percent(9950, 100000, "10 %");
	assert_percent(64, 100, "64 %");
	assert_percent(645, 1000, "65 %");
	assert_percent(100, 100, "100 %");
	assert_percent(230, 100, "230 %");
	assert_percent(5, 0, "0 %");
	assert_percent(UINT64_MAX, UINT64_MAX, "100 %");
	assert_percent(UINT64_MAX / 2, UINT64_MAX, "50 %");
}

CASE(count_has_commas)
{
	char out[IMP_SIZE_TEXT];
	assert_string_equal(imp_count_text(0, out), "0");
	assert_string_equal(imp_count_text(999, out), "999");
	assert_string_equal(imp_count_text(1000, out), "1,000");
	assert_string_equal(imp_count_text(1234567, out), "1,234,567");
	assert_string_equal(imp_count_text(UINT64_MAX, out),
			    "18,446,744,073,709,551,615");
}

static void assert_time(const char *text, int64_t seconds, int64_t fraction_ns)
{
	int64_t time_ns = 7;
	if (!imp_time_parse(imp_slice_of(text), &time_ns))
		fail_msg("%s: refused", text);
	assert_true(time_ns == seconds * NS_PER_S + fraction_ns);
}

CASE(time_parse_takes_rfc3339)
{
	assert_time("1970-01-01T00:00:00Z", 0, 0);
	assert_time("2026-11-24T01:49:34Z", 1795484974, 0);
	assert_time("2026-11-24t01:49:34z", 1795484974, 0);
	assert_time("2026-11-24T01:49:34.5Z", 1795484974, 500000000);
	assert_time("2026-11-24T01:49:34.123456789Z", 1795484974, 123456789);
	assert_time("2026-11-24T01:49:34.000000001Z", 1795484974, 1);
	assert_time("1969-12-31T23:59:59.5Z", -1, 500000000);
	assert_time("2024-02-29T00:00:00Z", 1709164800, 0);
	assert_time("2016-12-31T23:59:60Z", 1483228800, 0);
}

CASE(time_parse_applies_the_offset)
{
	assert_time("2026-11-24T01:49:34+00:00", 1795484974, 0);
	assert_time("2026-11-24T03:19:34+01:30", 1795484974, 0);
	assert_time("2026-11-23T17:49:34-08:00", 1795484974, 0);
	assert_time("1970-01-01T00:00:00.25+00:01", -60, 250000000);
}

CASE(time_parse_refuses_everything_else)
{
	static const char *const bad[] = {
		"",
		"2026-11-24",
		"2026-11-24T01:49:34",
		"2026-11-24 01:49:34Z",
		"2026-11-24T01:49Z",
		"26-11-24T01:49:34Z",
		"2026-1-24T01:49:34Z",
		"2026-00-24T01:49:34Z",
		"2026-13-24T01:49:34Z",
		"2026-11-00T01:49:34Z",
		"2026-11-31T01:49:34Z",
		"2023-02-29T00:00:00Z",
		"1900-02-29T00:00:00Z",
		"2026-11-24T24:00:00Z",
		"2026-11-24T01:60:34Z",
		"2026-11-24T01:49:61Z",
		"2026-11-24T01:49:34.Z",
		"2026-11-24T01:49:34.1234567890Z",
		"2026-11-24T01:49:34,5Z",
		"2026-11-24T01:49:34+0100",
		"2026-11-24T01:49:34+24:00",
		"2026-11-24T01:49:34+01:60",
		"2026-11-24T01:49:34ZZ",
		"2026-11-24T01:49:34Z ",
		" 2026-11-24T01:49:34Z",
		"+026-11-24T01:49:34Z",
		"2026-11-24T01:49:-1Z",
	};
	int64_t time_ns = 7;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (imp_time_parse(imp_slice_of(bad[i]), &time_ns))
			fail_msg("%s: taken", bad[i]);
	assert_false(imp_time_parse(IMP_SLICE("2026-11-24T01:49:34\0"), &time_ns));
	assert_false(imp_time_parse(IMP_SLICE("2026-11-24\00001:49:34Z"), &time_ns));
	assert_int_equal(time_ns, 7);
}

CASE(time_outside_64_bits_is_unknown)
{
	int64_t time_ns = 7;
	assert_false(imp_time_parse(IMP_SLICE("0001-01-01T00:00:00Z"), &time_ns));
	assert_false(imp_time_parse(IMP_SLICE("9999-12-31T23:59:59Z"), &time_ns));
	assert_false(
		imp_time_parse(IMP_SLICE("1677-09-21T00:12:43.145224191Z"), &time_ns));
	assert_false(
		imp_time_parse(IMP_SLICE("2262-04-11T23:47:16.854775808Z"), &time_ns));
	assert_int_equal(time_ns, 7);
	assert_true(
		imp_time_parse(IMP_SLICE("1677-09-21T00:12:43.145224192Z"), &time_ns));
	assert_true(time_ns == INT64_MIN);
	assert_true(
		imp_time_parse(IMP_SLICE("2262-04-11T23:47:16.854775807Z"), &time_ns));
	assert_true(time_ns == INT64_MAX);
}

CASE(time_text_is_utc_whatever_the_time_zone)
{
	char out[IMP_SIZE_TEXT];
	setenv("TZ", "Asia/Kathmandu", 1);
	tzset();
	assert_string_equal(imp_time_text(1795484974 * NS_PER_S, out),
			    "2026-11-24T01:49:34Z");
	int64_t time_ns;
	assert_true(imp_time_parse(IMP_SLICE("2026-11-24T01:49:34Z"), &time_ns));
	assert_true(time_ns == 1795484974 * NS_PER_S);
	unsetenv("TZ");
	tzset();
}

CASE(time_text_rounds_towards_the_past)
{
	char out[IMP_SIZE_TEXT];
	assert_string_equal(imp_time_text(0, out), "1970-01-01T00:00:00Z");
	assert_string_equal(imp_time_text(NS_PER_S - 1, out), "1970-01-01T00:00:00Z");
	assert_string_equal(imp_time_text(-1, out), "1969-12-31T23:59:59Z");
	assert_string_equal(imp_time_text(-NS_PER_S, out), "1969-12-31T23:59:59Z");
	assert_string_equal(imp_time_text(INT64_MIN, out), "1677-09-21T00:12:43Z");
	assert_string_equal(imp_time_text(INT64_MAX, out), "2262-04-11T23:47:16Z");
}

CASE(time_round_trips)
{
	srandom(5);
	for (int i = 0; i < 20000; i++) {
		int64_t seconds = ((int64_t)random() << 2) - (int64_t)4000000000;
		char out[IMP_SIZE_TEXT];
		int64_t back;
		assert_true(imp_time_parse(
			imp_slice_of(imp_time_text(seconds * NS_PER_S, out)), &back));
		assert_true(back == seconds * NS_PER_S);
	}
}

static void assert_change(uint64_t before, uint64_t after, const char *bytes,
			  const char *percent)
{
	char out[IMP_SIZE_TEXT];

	assert_string_equal(imp_change_text(before, after, IMP_UNITS_DECIMAL, out),
			    bytes);
	assert_string_equal(imp_change_percent_text(before, after, out), percent);
}

CASE(changes_carry_their_sign)
{
	assert_change(412600000, 451000000, "+38.4 MB", "+9.3 %");
	assert_change(451000000, 412600000, "-38.4 MB", "-8.5 %");
	assert_change(7, 7, "0 B", "0 %");
	assert_change(0, 0, "0 B", "0 %");
	assert_change(0, 5, "+5 B", "new");
	assert_change(5, 0, "-5 B", "gone");
	assert_change(1000000, 1000001, "+1 B", "<1 %");
	assert_change(0, UINT64_MAX, "+18.4 EB", "new");
	assert_change(1, 83995, "+84.0 kB", "+8,399,400 %");
}
