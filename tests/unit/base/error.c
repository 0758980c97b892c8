#include "case.h"

#include <errno.h>

static char *filled(char *text, size_t size, char c)
{
	memset(text, c, size - 1);
	text[size - 1] = '\0';
	return text;
}

CASE(fail_fills_everything_and_returns_the_category)
{
	struct imp_error err = {.hint = "of an error before"};
	int line = __LINE__ + 1;
	assert_int_equal(imp_fail(&err, IMP_E_FORMAT, "layer %d: length 0", 3),
			 IMP_E_FORMAT);
	assert_int_equal(err.category, IMP_E_FORMAT);
	assert_int_equal(err.system_errno, 0);
	assert_int_equal(err.line, line);
	assert_string_equal(err.file, __FILE__);
	assert_string_equal(err.message, "layer 3: length 0");
	assert_string_equal(err.hint, "");
}

CASE(fail_without_an_error_returns_the_category)
{
	assert_int_equal(imp_fail(NULL, IMP_E_LIMIT, "x"), IMP_E_LIMIT);
	assert_int_equal(imp_fail_errno(NULL, "x"), IMP_E_SYSTEM);
}

CASE(fail_may_quote_its_own_message)
{
	struct imp_error err = {0};
	imp_fail(&err, IMP_E_FORMAT, "inner");
	imp_fail(&err, IMP_E_LIMIT, "outer %s (%s)", err.message, err.message);
	assert_string_equal(err.message, "outer inner (inner)");
	assert_int_equal(err.category, IMP_E_LIMIT);
}

CASE(message_of_any_length_fits)
{
	struct imp_error err = {0};
	char text[2000];
	for (size_t size = 500; size < 530; size++) {
		imp_fail(&err, IMP_E_FORMAT, "%s", filled(text, size, 'a'));
		size_t expected = size - 1 < sizeof(err.message) - 1
					  ? size - 1
					  : sizeof(err.message) - 1;
		assert_int_equal(strlen(err.message), expected);
	}
	imp_fail(&err, IMP_E_FORMAT, "%s", filled(text, sizeof(text), 'a'));
	assert_int_equal(strlen(err.message), sizeof(err.message) - 1);
}

CASE(cut_message_ends_on_a_whole_character)
{
	static const char *const characters[] = {"\xc3\xa9", "\xe2\x82\xac",
						 "\xf0\x9f\x90\xb3"};
	for (size_t i = 0; i < 3; i++) {
		size_t width = strlen(characters[i]);
		for (size_t shift = 0; shift < width; shift++) {
			struct imp_error err = {0};
			char text[1200] = "....";
			for (size_t at = shift; at + width < sizeof(text); at += width)
				memcpy(text + at, characters[i], width + 1);
			imp_fail(&err, IMP_E_FORMAT, "%s", text);
			size_t len = strlen(err.message);
			assert_int_equal((len - shift) % width, 0);
			assert_true(len > sizeof(err.message) - 1 - width);
		}
	}
}

CASE(cut_message_of_stray_continuation_bytes_is_kept)
{
	struct imp_error err = {0};
	char text[1000];
	imp_fail(&err, IMP_E_FORMAT, "%s", filled(text, sizeof(text), '\x80'));
	assert_true(strlen(err.message) >= sizeof(err.message) - 2);
}

CASE(errno_text_follows_the_message)
{
	struct imp_error err = {0};
	errno = ENOENT;
	assert_int_equal(imp_fail_errno(&err, "open %s", "/x"), IMP_E_SYSTEM);
	assert_int_equal(err.category, IMP_E_SYSTEM);
	assert_int_equal(err.system_errno, ENOENT);
	assert_string_equal(err.message, "open /x: No such file or directory");
}

CASE(errno_text_survives_a_long_message)
{
	struct imp_error err = {0};
	char path[5000];
	errno = ENOSPC;
	imp_fail_errno(&err, "write %s", filled(path, sizeof(path), 'p'));
	assert_int_equal(strlen(err.message), sizeof(err.message) - 1);
	assert_memory_equal(err.message, "write pp", 8);
	const char *reason = ": No space left on device";
	assert_string_equal(err.message + strlen(err.message) - strlen(reason), reason);
}

CASE(errno_unknown_is_a_number)
{
	struct imp_error err = {0};
	errno = 4711;
	imp_fail_errno(&err, "ioctl");
	assert_string_equal(err.message, "ioctl: error 4711");
}

CASE(wrap_prefixes_and_keeps_the_rest)
{
	struct imp_error err = {0};
	errno = EACCES;
	imp_fail_errno(&err, "open");
	imp_hint(&err, "as root?");
	assert_int_equal(imp_wrap(&err, "layer %d", 2), IMP_E_SYSTEM);
	assert_int_equal(imp_wrap(&err, "image"), IMP_E_SYSTEM);
	assert_string_equal(err.message, "image: layer 2: open: Permission denied");
	assert_string_equal(err.hint, "as root?");
	assert_int_equal(err.system_errno, EACCES);
}

CASE(wrap_keeps_a_long_prefix_and_cuts_the_message)
{
	char prefix[500];
	filled(prefix, sizeof(prefix), 'p');
	struct imp_error err = {0};
	imp_fail(&err, IMP_E_DENIED, "the first message, which is longer");
	assert_int_equal(imp_wrap(&err, "%s", prefix), IMP_E_DENIED);
	assert_int_equal(strlen(err.message), sizeof(err.message) - 1);
	assert_memory_equal(err.message, prefix, 499);
	assert_string_equal(err.message + 499, ": the first ");
}

CASE(wrap_with_a_prefix_longer_than_the_message)
{
	char prefix[3000];
	struct imp_error err = {0};
	imp_fail(&err, IMP_E_DENIED, "first");
	assert_int_equal(imp_wrap(&err, "%s", filled(prefix, sizeof(prefix), 'p')),
			 IMP_E_DENIED);
	assert_int_equal(strlen(err.message), sizeof(err.message) - 1);
	assert_int_equal(strspn(err.message, "p"), sizeof(err.message) - 1);
}

CASE(wrap_of_a_full_message_stays_inside)
{
	char text[600];
	struct imp_error err = {0};
	imp_fail(&err, IMP_E_FORMAT, "%s", filled(text, sizeof(text), 'm'));
	for (int i = 0; i < 300; i++)
		imp_wrap(&err, "w%d", i);
	assert_int_equal(strlen(err.message), sizeof(err.message) - 1);
	assert_memory_equal(err.message, "w299: w298: ", 12);
}

CASE(wrap_cuts_between_characters)
{
	char prefix[510];
	struct imp_error err = {0};
	imp_fail(&err, IMP_E_FORMAT, "\xe2\x82\xac");
	imp_wrap(&err, "%s", filled(prefix, 509, 'p'));
	assert_int_equal(strlen(err.message), 510);
	assert_string_equal(err.message + 506, "pp: ");
}

CASE(wrap_of_a_success_is_a_bug)
{
	struct imp_error err = {0};
	assert_int_equal(imp_wrap(&err, "reading %s", "x"), IMP_E_BUG);
	assert_int_equal(err.category, IMP_E_BUG);
	assert_string_equal(err.message, "reading x: failed without a reason");
	assert_int_equal(imp_wrap(NULL, "x"), IMP_E_BUG);
}

CASE(hint_is_cut_and_returns_the_category)
{
	char text[1000];
	struct imp_error err = {0};
	imp_fail(&err, IMP_E_USAGE, "no such option");
	assert_int_equal(imp_hint(&err, "try %s", "--help"), IMP_E_USAGE);
	assert_string_equal(err.hint, "try --help");
	imp_hint(&err, "%s", filled(text, sizeof(text), 'h'));
	assert_int_equal(strlen(err.hint), sizeof(err.hint) - 1);
	assert_string_equal(err.message, "no such option");
	assert_int_equal(imp_hint(NULL, "x"), IMP_E_BUG);
}

CASE(exit_status_of_every_category)
{
	static const int expected[][2] = {
		{0, 0},
		{IMP_E_USAGE, 2},
		{IMP_E_NOT_FOUND, 3},
		{IMP_E_DENIED, 3},
		{IMP_E_NETWORK, 4},
		{IMP_E_INTEGRITY, 5},
		{IMP_E_FORMAT, 5},
		{IMP_E_LIMIT, 5},
		{IMP_E_UNSUPPORTED, 5},
		{IMP_E_SYSTEM, 6},
		{IMP_E_CANCELLED, 130},
		{IMP_E_BUG, 70},
		{-1000, 70},
		{1, 70},
	};
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		assert_int_equal(imp_exit_status(expected[i][0]), expected[i][1]);
}
