#include "case.h"

#include <locale.h>

#include "imgprof/cleanup.h"
#include "imgprof/width.h"

#define ELLIPSIS "\xe2\x80\xa6"
#define KANJI "\xe6\xbc\xa2" /* two columns */
#define ACUTE "e\xcc\x81"    /* a letter and a mark: one column */

typedef void fitter(struct imp_strbuf *out, struct imp_slice text, size_t columns,
		    int flag);

static void assert_gives(fitter *fit, const char *text, size_t columns, int flag,
			 const char *expected)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	imp_strbuf_add_text(&out, "<");
	fit(&out, imp_slice_of(text), columns, flag);
	assert_string_equal(out.data + 1, expected);
	assert_int_equal(out.data[0], '<');
}

CASE(width_counts_columns)
{
	assert_int_equal(imp_width(IMP_SLICE("")), 0);
	assert_int_equal(imp_width(imp_slice(NULL, 0)), 0);
	assert_int_equal(imp_width(IMP_SLICE("usr/bin")), 7);
	assert_int_equal(imp_width(IMP_SLICE("\xc3\xa9")), 1);
	assert_int_equal(imp_width(IMP_SLICE(ACUTE)), 1);
	assert_int_equal(imp_width(IMP_SLICE(KANJI KANJI)), 4);
	assert_int_equal(imp_width(IMP_SLICE("\xf0\x9f\x90\xb3")), 2);
	assert_int_equal(imp_width(IMP_SLICE(ELLIPSIS)), 1);
}

CASE(width_does_not_depend_on_the_locale)
{
	assert_non_null(setlocale(LC_ALL, "C"));
	assert_int_equal(imp_width(IMP_SLICE(KANJI)), 2);
}

CASE(width_of_bytes_that_are_no_utf8)
{
	assert_int_equal(imp_width(IMP_SLICE("a\xff\xe2\x82")), 4);
}

CASE(fit_end_leaves_what_fits)
{
	assert_gives(imp_fit_end, "", 0, 1, "");
	assert_gives(imp_fit_end, "abc", 3, 1, "abc");
	assert_gives(imp_fit_end, "abc", 100, 0, "abc");
	assert_gives(imp_fit_end, KANJI, 2, 1, KANJI);
}

CASE(fit_end_marks_the_cut)
{
	assert_gives(imp_fit_end, "abcdefgh", 6, 1, "abcde" ELLIPSIS);
	assert_gives(imp_fit_end, "abcdefgh", 6, 0, "abc...");
	assert_gives(imp_fit_end, "abcdefgh", 4, 0, "a...");
}

CASE(fit_end_in_next_to_no_columns)
{
	assert_gives(imp_fit_end, "abcdefgh", 0, 1, "");
	assert_gives(imp_fit_end, "abcdefgh", 1, 1, ELLIPSIS);
	assert_gives(imp_fit_end, "abcdefgh", 0, 0, "");
	assert_gives(imp_fit_end, "abcdefgh", 2, 0, "..");
	assert_gives(imp_fit_end, "abcdefgh", 3, 0, "...");
}

CASE(fit_end_does_not_halve_characters)
{
	assert_gives(imp_fit_end, KANJI KANJI KANJI, 5, 1, KANJI KANJI ELLIPSIS);
	assert_gives(imp_fit_end, KANJI KANJI KANJI, 4, 1, KANJI ELLIPSIS);
	assert_gives(imp_fit_end, ACUTE ACUTE ACUTE, 2, 1, ACUTE ELLIPSIS);
}

CASE(fit_path_leaves_what_fits)
{
	assert_gives(imp_fit_path, "usr/bin/x", 9, 1, "usr/bin/x");
	assert_gives(imp_fit_path, "", 0, 1, "");
}

CASE(fit_path_cuts_in_front_of_the_last_component)
{
	assert_gives(imp_fit_path, "usr/lib/python3/x.py", 16, 1,
		     "usr/lib/py" ELLIPSIS "/x.py");
	assert_gives(imp_fit_path, "usr/lib/python3/x.py", 16, 0, "usr/lib/.../x.py");
	assert_gives(imp_fit_path, "usr/lib/python3/x.py", 6, 1, ELLIPSIS "/x.py");
	assert_gives(imp_fit_path, KANJI KANJI KANJI "/x", 6, 1, KANJI ELLIPSIS "/x");
}

CASE(fit_path_keeps_the_last_component_alone)
{
	assert_gives(imp_fit_path, "usr/lib/python3/x.py", 5, 1, "x.py");
	assert_gives(imp_fit_path, "usr/lib/python3/x.py", 4, 1, "x.py");
	assert_gives(imp_fit_path, "usr/lib/python3/x.py", 7, 0, "x.py");
}

CASE(fit_path_cuts_a_component_that_does_not_fit)
{
	assert_gives(imp_fit_path, "usr/lib/python3", 5, 1, "pyth" ELLIPSIS);
	assert_gives(imp_fit_path, "usr/lib/python3", 5, 0, "py...");
	assert_gives(imp_fit_path, "libpython3.so", 8, 1, "libpyth" ELLIPSIS);
	assert_gives(imp_fit_path, "usr/lib/python3", 0, 1, "");
}

CASE(fit_path_counts_slashes_at_the_end_to_the_component)
{
	assert_gives(imp_fit_path, "usr/lib/python3/", 11, 1, "u" ELLIPSIS "/python3/");
	assert_gives(imp_fit_path, "/usr/lib", 6, 1, "/" ELLIPSIS "/lib");
	assert_gives(imp_fit_path, "//////", 4, 1, "///" ELLIPSIS);
}

CASE(fitted_text_is_never_wider)
{
	static const char *const texts[] = {
		"a",
		"usr/lib/x86_64-linux-gnu/libc.so.6",
		KANJI "/" KANJI KANJI "/" KANJI "x",
		ACUTE ACUTE "/" ACUTE ACUTE ACUTE,
		"/",
		"a/",
		"/a",
		"////a////",
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		for (size_t columns = 0; columns < 40; columns++) {
			for (int mode = 0; mode < 4; mode++) {
				imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
				fitter *fit = mode & 2 ? imp_fit_path : imp_fit_end;
				fit(&out, imp_slice_of(texts[i]), columns, mode & 1);
				assert_true(imp_width(imp_strbuf_slice(&out)) <= columns);
				assert_true(columns == 0 || out.len > 0);
			}
		}
	}
}

CASE(pad_fills_up_on_either_side)
{
	assert_gives(imp_pad, "abc", 5, 0, "abc  ");
	assert_gives(imp_pad, "abc", 5, 1, "  abc");
	assert_gives(imp_pad, KANJI, 4, 0, KANJI "  ");
	assert_gives(imp_pad, ACUTE, 3, 1, "  " ACUTE);
	assert_gives(imp_pad, "", 2, 0, "  ");
}

CASE(pad_never_cuts)
{
	assert_gives(imp_pad, "abc", 3, 0, "abc");
	assert_gives(imp_pad, "abc", 2, 1, "abc");
	assert_gives(imp_pad, "abc", 0, 0, "abc");
}
