#include "imgprof/escape.h"

#include "imgprof/cleanup.h"
#include "imgprof/width.h"

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

	return first == '`' || last == '`' || (first == ' ' && last == ' ');
}

void imp_markdown_code(struct imp_strbuf *out, struct imp_slice text, size_t columns,
		       bool in_table)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf escaped = {0}, fitted = {0};

	imp_escape_terminal(&escaped, text);
	imp_fit_middle(&fitted, imp_strbuf_slice(&escaped), columns, 1);
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
