/* Foreign text in Markdown: CommonMark 0.30 section 6.1 (code spans), GFM 4.10 (tables), and
 * the commands of GitHub's runner. */
#include "case.h"

#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/width.h"

static void assert_code(struct imp_slice text, size_t columns, bool in_table,
			const char *expected)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};

	imp_markdown_code(&out, text, columns, in_table);
	assert_string_equal(out.data, expected);
}

#define CODE(text, expected) assert_code(IMP_SLICE(text), 120, false, expected)
#define CELL(text, expected) assert_code(IMP_SLICE(text), 120, true, expected)

CASE(a_fence_is_longer_than_any_inside)
{
	CODE("plain", "`plain`");
	CODE("a`b", "``a`b``");
	CODE("a``b`c", "```a``b`c```");
	CODE("`", "`` ` ``");
	CODE("``", "``` `` ```");
	CODE("`x", "`` `x ``");
	CODE("x`", "`` x` ``");
}

CASE(spaces_at_the_ends_survive)
{
	CODE(" x", "` x`");
	CODE("x ", "`x `");
	CODE(" x ", "`  x  `");
	CODE(" ", "` `");
	CODE("  ", "`  `");
	CODE("", "`(empty)`");
}

CASE(bars_and_backslashes_in_a_cell)
{
	CELL("a|b", "`a\\|b`");
	CELL("|", "`\\|`");
	CELL("||", "`\\|\\|`");
	CELL("a\\|b", "`a\\x5c\\|b`");
	CELL("\\\\|", "`\\\\x5c\\|`");
	CELL("a\\", "`a\\x5c`");
	CELL("a\\b", "`a\\b`");
	CODE("a|b\\", "`a|b\\`");
}

CASE(what_nobody_sees_is_written_out)
{
	CODE("a\nb", "`a\\x0ab`");
	CODE("a\0b", "`a\\x00b`");
	CODE("\xff\xc3", "`\\xff\\xc3`");
	CODE("\xe2\x80\xae"
	     "x",
	     "`\\u{202e}x`");
	CODE("\x1b[31m", "`\\x1b[31m`");
	CODE("é日", "`é日`");
}

/* Two thirds of the start, one third of the end, with one column for the mark. */
CASE(long_text_is_shortened_in_the_middle)
{
	char text[200];

	memset(text, 'a', sizeof(text));
	memset(text + 100, 'z', 100);
	assert_code(imp_slice(text + 94, 12), 12, false, "`aaaaaazzzzzz`");
	assert_code(imp_slice(text, 200), 10, false, "`aaaaaa…zzz`");
	assert_code(IMP_SLICE("日本日本日本"), 7, false, "`日本…本`");
}

CASE(marks_without_width_have_a_limit)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0}, out = {0};

	for (int i = 0; i < 10000; i++)
		imp_strbuf_add_text(&text, i ? "\xcc\x81" : "e");
	imp_markdown_code(&out, imp_strbuf_slice(&text), 120, true);
	assert_in_range(out.len, 900, 120 * 8 + 5);
	assert_true(imp_utf8_valid(imp_strbuf_slice(&out)));
}

/* Whatever the bytes, it is one line, one span, and no row is cut in it. */
CASE(random_spans_are_closed)
{
	static const char alphabet[] = "`|\\ a`|\\`";

	srandom(6);
	for (int round = 0; round < 100000; round++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
		char text[12];
		size_t len = (size_t)random() % sizeof(text), fence = 0, run = 0;
		for (size_t i = 0; i < len; i++)
			text[i] = alphabet[(size_t)random() % (sizeof(alphabet) - 1)];
		imp_markdown_code(&out, imp_slice(text, len), 120, true);
		while (out.data[fence] == '`')
			fence++;
		assert_true(fence > 0 && out.len > 2 * fence);
		for (size_t i = fence; i < out.len; i++) {
			run = out.data[i] == '`' ? run + 1 : 0;
			bool closes = run == fence &&
				      (i + 1 == out.len || out.data[i + 1] != '`');
			assert_int_equal(closes, i + 1 == out.len);
			if (out.data[i] == '|')
				assert_true(out.data[i - 1] == '\\');
		}
	}
}

static void assert_words(const char *text, const char *expected)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};

	imp_markdown_words(&out, imp_slice_of(text), 40, true);
	assert_string_equal(out.data ? out.data : "", expected);
}

CASE(our_words_stay_words)
{
	assert_words("", "");
	assert_words("npm and Debian's node packages", "npm and Debian's node packages");
	assert_words("compiler and build tools: ", "compiler and build tools: ");
	assert_words(" and 29 packages only it needs, gone, build-only",
		     " and 29 packages only it needs, gone, build-only");
}

CASE(words_that_are_not_ours_are_code)
{
	static char long_text[200];

	memset(long_text, 'x', 120);
	assert_words(long_text, long_text);
	memset(long_text, 'x', 121);
	assert_words(long_text, "`xxxxxxxxxxxxxxxxxxxxxxxxxx…xxxxxxxxxxxxx`");

	assert_words("@octocat", "`@octocat`");
	assert_words("x #1 ", "`x #1` ");
	assert_words(" a|b", " `a\\|b`");
	assert_words("<b>", "`<b>`");
	assert_words("see www.evil.example", "`see www.evil.example`");
	assert_words("closes gh-26", "`closes gh-26`");
	assert_words("GH-1", "`GH-1`");
	assert_words("high-level", "high-level");
	assert_words("WWW.x", "`WWW.x`");
	assert_words("http://x", "`http://x`");
	assert_words("deadbee", "`deadbee`");
	assert_words("deadbe", "deadbe");
	assert_words("_i_", "`_i_`");
	assert_words("a\nb", "`a\\x0ab`");
}

static void assert_workflow(struct imp_slice text, const char *message,
			    const char *property)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf one = {0}, two = {0};

	imp_escape_workflow_message(&one, text);
	imp_escape_workflow_property(&two, text);
	assert_string_equal(one.data, message);
	assert_string_equal(two.data, property);
}

/* GitHub's runner: % CR LF in messages, : and , in properties too, as percent codes. */
CASE(commands_of_a_runner)
{
	assert_workflow(IMP_SLICE("plain"), "plain", "plain");
	assert_workflow(IMP_SLICE("50% a:b,c"), "50%25 a:b,c", "50%25 a%3Ab%2Cc");
	assert_workflow(IMP_SLICE("a\r\n::error::x"), "a\\x0d\\x0a::error::x",
			"a\\x0d\\x0a%3A%3Aerror%3A%3Ax");
	assert_workflow(IMP_SLICE("%0A"), "%250A", "%250A");
}
