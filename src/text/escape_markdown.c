#include "imgprof/escape.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "imgprof/cleanup.h"
#include "imgprof/width.h"

/* More than any script needs. */
enum { BYTES_A_COLUMN = 8 };
/* Titles of ours are shorter. */
enum { PLAIN_BYTES = 120 };

static size_t longest_run(struct imp_slice text, char c)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < text.len; i++) {
		run = text.data[i] == c ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	return longest;
}

static void add_fence(struct imp_strbuf *out, size_t backticks)
{
	while (backticks--)
		imp_strbuf_add_char(out, '`');
}

/* A table's row is cut at every '|', inside code spans too, unless a backslash stands before
 * it: GFM 4.10. A backslash of the text's own would then escape that one. */
static void add_for_table(struct imp_strbuf *out, struct imp_slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		bool before_bar = i + 1 < text.len && text.data[i + 1] == '|';
		bool at_end = i + 1 == text.len;
		if (c == '|')
			imp_strbuf_add_text(out, "\\|");
		else if (c == '\\' && (before_bar || at_end))
			imp_strbuf_add_text(out, "\\x5c");
		else
			imp_strbuf_add_char(out, c);
	}
}

/* One space at each end is taken off a code span, a backtick at an end would join the fence:
 * CommonMark 6.1. */
static bool needs_padding(struct imp_slice text)
{
	char first = text.data[0], last = text.data[text.len - 1];

	bool blank =
		imp_slice_trim(text, " ").len == 0; /* of that nothing is taken off */
	return first == '`' || last == '`' || (first == ' ' && last == ' ' && !blank);
}

static bool continues(char c)
{
	return ((uint8_t)c & 0xc0) == 0x80;
}

/* Marks without a width of their own may follow a letter without end: the bytes are limited,
 * too. TEXT is valid UTF-8. */
static void fit_bytes(struct imp_strbuf *out, struct imp_slice text, size_t most)
{
	size_t head = most / 3 * 2, tail = text.len - most / 3;

	if (text.len <= most) {
		imp_strbuf_add_slice(out, text);
		return;
	}
	while (head > 0 && continues(text.data[head]))
		head--;
	while (tail < text.len && continues(text.data[tail]))
		tail++;
	imp_strbuf_add(out, text.data, head);
	imp_strbuf_add_text(out, "\xe2\x80\xa6"); /* … */
	imp_strbuf_add_slice(out, imp_slice_skip(text, tail));
}

void imp_markdown_fit(struct imp_strbuf *out, struct imp_slice text, size_t columns)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf escaped = {0}, narrow = {0};

	imp_escape_terminal(&escaped, text);
	imp_fit_middle(&narrow, imp_strbuf_slice(&escaped), columns, 1);
	fit_bytes(out, imp_strbuf_slice(&narrow), columns * BYTES_A_COLUMN);
}

void imp_markdown_code(struct imp_strbuf *out, struct imp_slice text, size_t columns,
		       bool in_table)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf fitted = {0};

	imp_markdown_fit(&fitted, text, columns);
	struct imp_slice inside = imp_strbuf_slice(&fitted);
	if (inside.len == 0)
		inside = IMP_SLICE("(empty)");
	size_t fence = longest_run(inside, '`') + 1;
	const char *padding = needs_padding(inside) ? " " : "";
	add_fence(out, fence);
	imp_strbuf_add_text(out, padding);
	if (in_table)
		add_for_table(out, inside);
	else
		imp_strbuf_add_slice(out, inside);
	imp_strbuf_add_text(out, padding);
	add_fence(out, fence);
}

/* A colon only where no address can go on behind it. */
static bool is_plain(struct imp_slice rest)
{
	char c = rest.data[0];

	if (c == ':')
		return rest.len == 1 || rest.data[1] == ' ';
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c != '\0' && strchr(" ,.'()-/", c));
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* "GH-26" is GitHub's other spelling of #26. */
static bool is_issue(struct imp_slice rest)
{
	return rest.len >= 4 && strncasecmp(rest.data, "gh-", 3) == 0 &&
	       rest.data[3] >= '0' && rest.data[3] <= '9';
}

/* "www.x", "GH-26", and seven and more hexadecimal digits, become links without any markup. */
static bool links_by_itself(struct imp_slice text)
{
	size_t run = 0;

	for (size_t i = 0; i < text.len; i++) {
		struct imp_slice rest = imp_slice_skip(text, i);
		run = is_hex(text.data[i]) ? run + 1 : 0;
		if (run >= 7)
			return true;
		if (is_issue(rest) ||
		    (rest.len >= 4 && strncasecmp(rest.data, "www.", 4) == 0))
			return true;
	}
	return false;
}

void imp_markdown_words(struct imp_strbuf *out, struct imp_slice text, size_t columns,
			bool in_table)
{
	struct imp_slice words = imp_slice_trim(text, " ");
	bool plain = text.len <= PLAIN_BYTES && !links_by_itself(text);

	for (size_t i = 0; plain && i < text.len; i++)
		plain = is_plain(imp_slice_skip(text, i));
	if (plain || words.len == 0) {
		imp_strbuf_add_slice(out, plain ? text : IMP_SLICE(" "));
		return;
	}
	if (text.data[0] == ' ')
		imp_strbuf_add_char(out, ' ');
	imp_markdown_code(out, words, columns, in_table);
	if (text.data[text.len - 1] == ' ')
		imp_strbuf_add_char(out, ' ');
}
