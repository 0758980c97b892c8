#include "imgprof/json_writer.h"

#include <assert.h>
#include <inttypes.h>

#include "imgprof/escape.h"

enum { MAX_DEPTH = 64, MAX_DIGITS = 18 };

struct imp_json_writer imp_json_writer(struct imp_strbuf *out, int indent)
{
	return (struct imp_json_writer){.out = out, .indent = indent};
}

static uint64_t level_bit(const struct imp_json_writer *w)
{
	return (uint64_t)1 << (w->depth - 1);
}

static bool in_object(const struct imp_json_writer *w)
{
	return w->depth > 0 && (w->is_object & level_bit(w));
}

static void start_line(struct imp_json_writer *w)
{
	if (w->indent > 0)
		imp_strbuf_printf(w->out, "\n%*s", w->indent * w->depth, "");
}

/* The comma and the line break before a key or an element. */
static void start_item(struct imp_json_writer *w)
{
	if (w->depth == 0)
		return;
	if (w->has_item & level_bit(w))
		imp_strbuf_add_char(w->out, ',');
	w->has_item |= level_bit(w);
	start_line(w);
}

static void start_value(struct imp_json_writer *w)
{
	assert(w->after_key == in_object(w));
	if (w->after_key)
		w->after_key = false;
	else
		start_item(w);
}

void imp_json_open(struct imp_json_writer *w, char bracket)
{
	assert(bracket == '{' || bracket == '[');
	assert(w->depth < MAX_DEPTH);
	start_value(w);
	imp_strbuf_add_char(w->out, bracket);
	w->depth++;
	w->has_item &= ~level_bit(w);
	if (bracket == '{')
		w->is_object |= level_bit(w);
	else
		w->is_object &= ~level_bit(w);
}

void imp_json_close(struct imp_json_writer *w, char bracket)
{
	assert(w->depth > 0 && !w->after_key);
	assert(bracket == (in_object(w) ? '}' : ']'));
	bool empty = !(w->has_item & level_bit(w));
	w->depth--;
	if (!empty)
		start_line(w);
	imp_strbuf_add_char(w->out, bracket);
}

static void add_quoted(struct imp_json_writer *w, struct imp_slice text)
{
	imp_strbuf_add_char(w->out, '"');
	imp_escape_json(w->out, text);
	imp_strbuf_add_char(w->out, '"');
}

void imp_json_key(struct imp_json_writer *w, const char *key)
{
	assert(in_object(w) && !w->after_key);
	start_item(w);
	add_quoted(w, imp_slice_of(key));
	imp_strbuf_add_text(w->out, w->indent > 0 ? ": " : ":");
	w->after_key = true;
}

void imp_json_string(struct imp_json_writer *w, struct imp_slice text)
{
	start_value(w);
	add_quoted(w, text);
}

void imp_json_text(struct imp_json_writer *w, const char *text)
{
	if (text)
		imp_json_string(w, imp_slice_of(text));
	else
		imp_json_null(w);
}

/* At least DIGITS digits. Not printf: a document holds a few of these for every file. */
static void add_digits(struct imp_strbuf *out, uint64_t value, int digits)
{
	char text[24];
	char *end = text + sizeof(text);
	char *at = end;
	for (; value > 0 || digits > 0; value /= 10, digits--)
		*--at = (char)('0' + value % 10);
	imp_strbuf_add(out, at, (size_t)(end - at));
}

void imp_json_u64(struct imp_json_writer *w, uint64_t value)
{
	start_value(w);
	add_digits(w->out, value, 1);
}

void imp_json_i64(struct imp_json_writer *w, int64_t value)
{
	start_value(w);
	if (value < 0)
		imp_strbuf_add_char(w->out, '-');
	add_digits(w->out, value < 0 ? -(uint64_t)value : (uint64_t)value, 1);
}

void imp_json_bool(struct imp_json_writer *w, bool value)
{
	start_value(w);
	imp_strbuf_add_text(w->out, value ? "true" : "false");
}

void imp_json_null(struct imp_json_writer *w)
{
	start_value(w);
	imp_strbuf_add_text(w->out, "null");
}

void imp_json_raw(struct imp_json_writer *w)
{
	start_value(w);
}

void imp_json_ratio(struct imp_json_writer *w, uint64_t part, uint64_t whole, int digits)
{
	assert(digits >= 0 && digits <= MAX_DIGITS);
	if (whole == 0) {
		imp_json_null(w);
		return;
	}
	uint64_t scale = 1;
	for (int i = 0; i < digits; i++)
		scale *= 10;
	unsigned __int128 value = ((unsigned __int128)part * scale + whole / 2) / whole;
	start_value(w);
	add_digits(w->out, (uint64_t)(value / scale), 1);
	if (digits == 0)
		return;
	imp_strbuf_add_char(w->out, '.');
	add_digits(w->out, (uint64_t)(value % scale), digits);
}

void imp_json_member_u64(struct imp_json_writer *w, const char *key, uint64_t value)
{
	imp_json_key(w, key);
	imp_json_u64(w, value);
}

void imp_json_member_known(struct imp_json_writer *w, const char *key, bool known,
			   uint64_t value)
{
	imp_json_key(w, key);
	if (known)
		imp_json_u64(w, value);
	else
		imp_json_null(w);
}

void imp_json_member_text(struct imp_json_writer *w, const char *key, const char *text)
{
	imp_json_key(w, key);
	imp_json_text(w, text);
}

void imp_json_member_string(struct imp_json_writer *w, const char *key,
			    struct imp_slice text)
{
	imp_json_key(w, key);
	imp_json_string(w, text);
}

void imp_json_member_bool(struct imp_json_writer *w, const char *key, bool value)
{
	imp_json_key(w, key);
	imp_json_bool(w, value);
}
