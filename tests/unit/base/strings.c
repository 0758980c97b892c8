#include "case.h"

#include <stdlib.h>

#include "imgprof/cleanup.h"
#include "imgprof/slice.h"
#include "imgprof/strbuf.h"

static const struct imp_slice nothing = {NULL, 0};

CASE(slice_of_null_is_empty)
{
	assert_int_equal(imp_slice_of(NULL).len, 0);
	assert_true(imp_slice_is(imp_slice_of(NULL), ""));
	assert_true(imp_slice_equal(nothing, IMP_SLICE("")));
}

CASE(slice_equality_sees_nul_bytes)
{
	assert_true(imp_slice_equal(IMP_SLICE("a\0b"), IMP_SLICE("a\0b")));
	assert_false(imp_slice_equal(IMP_SLICE("a\0b"), IMP_SLICE("a\0c")));
	assert_false(imp_slice_is(IMP_SLICE("a\0b"), "a"));
}

CASE(slice_starts_and_ends)
{
	assert_true(imp_slice_starts(IMP_SLICE(".wh.x"), IMP_SLICE(".wh.")));
	assert_false(imp_slice_starts(IMP_SLICE(".wh"), IMP_SLICE(".wh.")));
	assert_true(imp_slice_starts(nothing, nothing));
	assert_true(imp_slice_ends(IMP_SLICE("x.tar"), IMP_SLICE(".tar")));
	assert_false(imp_slice_ends(IMP_SLICE("tar"), IMP_SLICE(".tar")));
	assert_true(imp_slice_ends(nothing, nothing));
}

CASE(slice_skip_is_clamped)
{
	assert_true(imp_slice_is(imp_slice_skip(IMP_SLICE("abc"), 1), "bc"));
	assert_int_equal(imp_slice_skip(IMP_SLICE("abc"), 4).len, 0);
	assert_int_equal(imp_slice_skip(nothing, 1).len, 0);
}

CASE(slice_order_is_by_unsigned_bytes_then_length)
{
	static const char *const ordered[] = {"",   "A",    "a",    "a/b",
					      "ab", "\x7f", "\x80", "\xff"};
	for (int i = 0; i < 8; i++) {
		for (int j = 0; j < 8; j++) {
			int order = imp_slice_compare(imp_slice_of(ordered[i]),
						      imp_slice_of(ordered[j]));
			assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
		}
	}
	assert_int_equal(imp_slice_compare(nothing, nothing), 0);
	assert_true(imp_slice_compare(IMP_SLICE("a"), IMP_SLICE("a\0")) < 0);
}

CASE(slice_cut_walks_all_parts)
{
	struct imp_slice rest = IMP_SLICE("a//b/");
	static const char *const parts[] = {"a", "", "b", ""};
	for (int i = 0; i < 4; i++) {
		assert_non_null(rest.data);
		assert_true(imp_slice_is(imp_slice_cut(&rest, '/'), parts[i]));
	}
	assert_null(rest.data);
	assert_int_equal(rest.len, 0);
	assert_int_equal(imp_slice_cut(&rest, '/').len, 0);
}

CASE(slice_cut_without_separator_gives_all)
{
	struct imp_slice rest = IMP_SLICE("name");
	assert_true(imp_slice_is(imp_slice_cut(&rest, ':'), "name"));
	assert_null(rest.data);
}

CASE(slice_basename)
{
	assert_true(imp_slice_is(imp_slice_basename(IMP_SLICE("a/b/c")), "c"));
	assert_true(imp_slice_is(imp_slice_basename(IMP_SLICE("c")), "c"));
	assert_true(imp_slice_is(imp_slice_basename(IMP_SLICE("a/")), ""));
	assert_int_equal(imp_slice_basename(nothing).len, 0);
}

CASE(slice_u64_takes_digits_only)
{
	unsigned long long value = 7;
	static const char *const bad[] = {"",   "-1",  "+1",  " 1",
					  "1 ", "0x1", "1.0", "12a"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(imp_slice_u64(imp_slice_of(bad[i]), &value));
	assert_false(imp_slice_u64(nothing, &value));
	assert_false(imp_slice_u64(IMP_SLICE("1\0"), &value));
	assert_int_equal(value, 7);
	assert_true(imp_slice_u64(IMP_SLICE("0042"), &value));
	assert_int_equal(value, 42);
}

CASE(slice_u64_stops_at_64_bits)
{
	unsigned long long value = 7;
	assert_true(imp_slice_u64(IMP_SLICE("18446744073709551615"), &value));
	assert_true(value == UINT64_MAX);
	value = 7;
	assert_false(imp_slice_u64(IMP_SLICE("18446744073709551616"), &value));
	assert_false(imp_slice_u64(IMP_SLICE("18446744073709551620"), &value));
	assert_false(imp_slice_u64(IMP_SLICE("99999999999999999999999"), &value));
	assert_int_equal(value, 7);
}

CASE(strbuf_zeroed_is_empty)
{
	struct imp_strbuf buf = {0};
	assert_true(imp_slice_is(imp_strbuf_slice(&buf), ""));
	imp_strbuf_reset(&buf);
	imp_strbuf_truncate(&buf, 0);
	imp_strbuf_finish(&buf);
	imp_strbuf_finish(NULL);
}

CASE(strbuf_is_terminated_after_every_call)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf buf = {0};
	imp_strbuf_add(&buf, NULL, 0);
	assert_string_equal(buf.data, "");
	imp_strbuf_add(&buf, "ab", 2);
	assert_string_equal(buf.data, "ab");
	imp_strbuf_add_char(&buf, 'c');
	imp_strbuf_add_text(&buf, "de");
	imp_strbuf_add_slice(&buf, imp_slice("fgh", 1));
	imp_strbuf_add_slice(&buf, nothing);
	assert_string_equal(buf.data, "abcdef");
	imp_strbuf_truncate(&buf, 2);
	assert_string_equal(buf.data, "ab");
	imp_strbuf_printf(&buf, "%d%s", 12, "x");
	assert_string_equal(buf.data, "ab12x");
	assert_int_equal(buf.len, 5);
	imp_strbuf_reset(&buf);
	assert_string_equal(buf.data, "");
}

CASE(strbuf_holds_nul_bytes)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf buf = {0};
	imp_strbuf_add(&buf, "a\0b", 3);
	imp_strbuf_add_char(&buf, '\0');
	assert_int_equal(buf.len, 4);
	assert_memory_equal(buf.data, "a\0b\0\0", 5);
}

CASE(strbuf_reserve_stays_terminated_whatever_is_used)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf buf = {0};
	imp_strbuf_add_text(&buf, "0123456789abcdef0123456789abcdef");
	imp_strbuf_truncate(&buf, 1);
	for (size_t used = 0; used <= 5; used++) {
		imp_strbuf_truncate(&buf, 1);
		memset(imp_strbuf_reserve(&buf, 5), 'x', used);
		buf.len += used;
		assert_int_equal(strlen(buf.data), 1 + used);
	}
	assert_string_equal(buf.data, "0xxxxx");
}

CASE(strbuf_grows_by_single_bytes)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf buf = {0};
	for (int i = 0; i < 10000; i++)
		imp_strbuf_add_char(&buf, (char)('a' + i % 26));
	assert_int_equal(buf.len, 10000);
	for (int i = 0; i < 10000; i++)
		assert_int_equal(buf.data[i], 'a' + i % 26);
}

CASE(strbuf_printf_around_the_capacity)
{
	for (int width = 1; width < 70; width++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf buf = {0};
		imp_strbuf_add_text(&buf, "ab");
		imp_strbuf_printf(&buf, "%*d", width, 7);
		assert_int_equal(buf.len, 2 + width);
		assert_int_equal(strlen(buf.data), 2 + width);
		assert_int_equal(buf.data[buf.len - 1], '7');
	}
}

CASE(strbuf_steal_hands_over_and_empties)
{
	struct imp_strbuf buf = {0};
	char *none = imp_strbuf_steal(&buf);
	assert_string_equal(none, "");
	free(none);
	imp_strbuf_add_text(&buf, "text");
	char *text = imp_strbuf_steal(&buf);
	assert_string_equal(text, "text");
	assert_null(buf.data);
	assert_int_equal(buf.len, 0);
	free(text);
}

CASE(slice_trim)
{
	assert_true(imp_slice_is(imp_slice_trim(IMP_SLICE(" \ta b\r "), " \t\r"), "a b"));
	assert_true(imp_slice_is(imp_slice_trim(IMP_SLICE("\na\n"), " "), "\na\n"));
	assert_int_equal(imp_slice_trim(IMP_SLICE("  "), " ").len, 0);
	assert_int_equal(imp_slice_trim(imp_slice(NULL, 0), " ").len, 0);
	/* the end of the list is none of its bytes */
	assert_int_equal(imp_slice_trim(imp_slice("\0", 1), " ").len, 1);
}
