#include "strip.h"

#include <stdbool.h>
#include <stdint.h>

/* Nesting at which an image's members stand: document, list, image. */
enum { IMAGE_DEPTH = 3 };

struct strip {
	struct imp_slice text;
	struct imp_strbuf *out;
	size_t at, copied; /* what lies before `copied` is in `out` or left out */
	uint64_t depth;
	bool in_images; /* below the document's member `images` */
};

/* The index behind the string whose first quote is at I. */
static size_t skip_string(struct imp_slice text, size_t i)
{
	for (i++; i < text.len && text.data[i] != '"'; i++)
		if (text.data[i] == '\\')
			i++;
	return i < text.len ? i + 1 : text.len;
}

static size_t skip_space(struct imp_slice text, size_t i)
{
	while (i < text.len && memchr(" \t\r\n", text.data[i], 4))
		i++;
	return i;
}

/* The index behind the list or object at I. */
static size_t skip_nested(struct imp_slice text, size_t i)
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

/* Leaves the value at I out, if it is a list: null stands there then. */
static void leave_out(struct strip *strip, size_t i)
{
	if (i >= strip->text.len || strip->text.data[i] != '[')
		return;
	imp_strbuf_add(strip->out, strip->text.data + strip->copied, i - strip->copied);
	imp_strbuf_add_text(strip->out, "null");
	strip->at = strip->copied = skip_nested(strip->text, i);
}

static void pass_string(struct strip *strip)
{
	size_t end = skip_string(strip->text, strip->at);
	struct imp_slice string =
		imp_slice(strip->text.data + strip->at, end - strip->at);
	size_t next = skip_space(strip->text, end);

	strip->at = end;
	if (next >= strip->text.len || strip->text.data[next] != ':')
		return;
	if (strip->depth == 1)
		strip->in_images = imp_slice_is(string, "\"images\"");
	else if (strip->depth == IMAGE_DEPTH && strip->in_images &&
		 imp_slice_is(string, "\"tree\""))
		leave_out(strip, skip_space(strip->text, next + 1));
}

void imp_strip_trees(struct imp_slice text, struct imp_strbuf *out)
{
	struct strip strip = {.text = text, .out = out};

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
