#include "strip.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "imgprof/arena.h"

/* Nesting at which members of an image or of one of several diffs stand: document, list, object. */
enum { OBJECT_DEPTH = 3 };

struct strip {
	struct imp_slice text;
	struct imp_strbuf *out;
	size_t at, copied; /* what lies before `copied` is in `out` or left out */
	uint64_t depth;
	bool in_images, in_pairs; /* below these members of the document */
	struct imp_strip_lists *lists;
};

void imp_strip_lists_finish(struct imp_strip_lists *lists)
{
	free(lists->list);
}

/* The index behind the string whose first quote is at I. */
static size_t skip_string(struct imp_slice text, size_t i)
{
	for (i++; i < text.len && text.data[i] != '"'; i++)
		if (text.data[i] == '\\')
			i++;
	return i < text.len ? i + 1 : text.len;
}

size_t imp_strip_space(struct imp_slice text, size_t i)
{
	while (i < text.len && memchr(" \t\r\n", text.data[i], 4))
		i++;
	return i;
}

size_t imp_strip_nested(struct imp_slice text, size_t i)
{
	uint64_t depth = 0;

	while (i < text.len) {
		char c = text.data[i];
		if (c == '"') {
			i = skip_string(text, i);
			continue;
		}
		i++;
		if (c == '[' || c == '{')
			depth++;
		else if ((c == ']' || c == '}') && --depth == 0)
			break;
	}
	return i;
}

/* Leaves the value at I out, if it is a list, which is returned. */
static struct imp_slice leave_out(struct strip *strip, size_t i)
{
	if (i >= strip->text.len || strip->text.data[i] != '[')
		return (struct imp_slice){0};
	imp_strbuf_add(strip->out, strip->text.data + strip->copied, i - strip->copied);
	strip->at = strip->copied = imp_strip_nested(strip->text, i);
	return imp_slice(strip->text.data + i, strip->at - i);
}

static void drop(struct strip *strip, size_t i)
{
	if (leave_out(strip, i).data)
		imp_strbuf_add_text(strip->out, "null");
}

static void keep(struct strip *strip, size_t i)
{
	struct imp_strip_lists *lists = strip->lists;
	struct imp_slice list = leave_out(strip, i);

	if (!list.data)
		return;
	imp_strbuf_printf(strip->out, "%zu", lists->count);
	lists->list = imp_xgrow(lists->list, &lists->capacity, lists->count + 1,
				sizeof(*lists->list));
	lists->list[lists->count++] = list;
}

static bool is_long_list(struct imp_slice key)
{
	return imp_slice_is(key, "\"paths\"") || imp_slice_is(key, "\"tree\"");
}

static void pass_string(struct strip *strip)
{
	size_t end = skip_string(strip->text, strip->at);
	struct imp_slice string =
		imp_slice(strip->text.data + strip->at, end - strip->at);
	size_t next = imp_strip_space(strip->text, end);

	strip->at = end;
	if (next >= strip->text.len || strip->text.data[next] != ':')
		return;
	next = imp_strip_space(strip->text, next + 1);
	if (strip->depth == 1) {
		strip->in_images = imp_slice_is(string, "\"images\"");
		strip->in_pairs = imp_slice_is(string, "\"pairs\"");
	}
	if (is_long_list(string) &&
	    (strip->depth == 1 || (strip->depth == OBJECT_DEPTH && strip->in_pairs)))
		keep(strip, next);
	else if (strip->depth == OBJECT_DEPTH && strip->in_images &&
		 imp_slice_is(string, "\"tree\""))
		drop(strip, next);
}

void imp_strip_trees(struct imp_slice text, struct imp_strbuf *out,
		     struct imp_strip_lists *lists)
{
	struct strip strip = {.text = text, .out = out, .lists = lists};

	while (strip.at < text.len) {
		char c = text.data[strip.at];
		if (c == '"') {
			pass_string(&strip);
			continue;
		}
		if (c == '[' || c == '{')
			strip.depth++;
		else if ((c == ']' || c == '}') && strip.depth > 0)
			strip.depth--;
		strip.at++;
	}
	imp_strbuf_add(out, text.data + strip.copied, text.len - strip.copied);
}
