#include "imgprof/escape.h"

#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

#include "imgprof/cleanup.h"

/* Length of the run of printable ASCII at the start of TEXT. */
static size_t ascii_run(struct imp_slice text)
{
	size_t len = 0;
	while (len < text.len && text.data[len] >= ' ' && text.data[len] <= '~')
		len++;
	return len;
}

/* Bytes of the character at the start of TEXT (not empty) and its code point; 0 when the
 * first byte belongs to no well-formed one. */
static size_t decode(struct imp_slice text, int32_t *out)
{
	utf8proc_ssize_t room = text.len < 4 ? (utf8proc_ssize_t)text.len : 4;
	utf8proc_ssize_t used =
		utf8proc_iterate((const utf8proc_uint8_t *)text.data, room, out);
	return used > 0 ? (size_t)used : 0;
}

/* Shows a glyph, moves the cursor forward and nothing else. */
static bool is_printable(int32_t code)
{
	static const bool hidden[] = {
		[UTF8PROC_CATEGORY_CN] = true, [UTF8PROC_CATEGORY_CC] = true,
		[UTF8PROC_CATEGORY_CF] = true, [UTF8PROC_CATEGORY_CS] = true,
		[UTF8PROC_CATEGORY_CO] = true, [UTF8PROC_CATEGORY_ZL] = true,
		[UTF8PROC_CATEGORY_ZP] = true, [UTF8PROC_CATEGORY_ZS] = true,
	};
	if (code == ' ')
		return true;
	/* Ignorable: variation selectors, fillers; letters and marks that nobody sees. */
	const utf8proc_property_t *property = utf8proc_get_property(code);
	return !hidden[property->category] && !property->ignorable;
}

static void add_bytes_as_hex(struct imp_strbuf *out, struct imp_slice bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		imp_strbuf_printf(out, "\\x%02x", (unsigned)(uint8_t)bytes.data[i]);
}

/* The character at the start of TEXT; returns its length. */
static size_t escape_one_for_terminal(struct imp_strbuf *out, struct imp_slice text)
{
	int32_t code;
	size_t len = decode(text, &code);
	if (len == 0) {
		add_bytes_as_hex(out, imp_slice(text.data, 1));
		return 1;
	}
	struct imp_slice bytes = imp_slice(text.data, len);
	if (is_printable(code))
		imp_strbuf_add_slice(out, bytes);
	else if (code < 0xa0) /* C0, DEL, C1 */
		add_bytes_as_hex(out, bytes);
	else
		imp_strbuf_printf(out, "\\u{%x}", (unsigned)code);
	return len;
}

void imp_escape_terminal(struct imp_strbuf *out, struct imp_slice text)
{
	while (text.len > 0) {
		size_t len = ascii_run(text);
		imp_strbuf_add(out, text.data, len);
		if (len == 0)
			len = escape_one_for_terminal(out, text);
		text = imp_slice_skip(text, len);
	}
}

static void add_json_unit(struct imp_strbuf *out, unsigned unit)
{
	imp_strbuf_printf(out, "\\u%04x", unit);
}

static void add_json_code(struct imp_strbuf *out, int32_t code)
{
	static const char short_forms[32] = {
		['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't',
	};
	if (code < 32 && short_forms[code]) {
		imp_strbuf_printf(out, "\\%c", short_forms[code]);
	} else if (code < 0x10000) {
		add_json_unit(out, (unsigned)code);
	} else {
		add_json_unit(out, 0xd800 + (((unsigned)code - 0x10000) >> 10));
		add_json_unit(out, 0xdc00 + ((unsigned)code & 0x3ff));
	}
}

/* What a terminal must not see is escaped here too: documents get looked at with cat. */
static size_t escape_one_for_json(struct imp_strbuf *out, struct imp_slice text)
{
	int32_t code;
	size_t len = decode(text, &code);
	if (len == 0) {
		imp_strbuf_add_text(out, "\xef\xbf\xbd");
		return 1;
	}
	if (is_printable(code))
		imp_strbuf_add(out, text.data, len);
	else
		add_json_code(out, code);
	return len;
}

void imp_escape_json(struct imp_strbuf *out, struct imp_slice text)
{
	while (text.len > 0) {
		size_t len = 0;
		size_t run = ascii_run(text);
		while (len < run && text.data[len] != '"' && text.data[len] != '\\')
			len++;
		imp_strbuf_add(out, text.data, len);
		if (len < run) {
			imp_strbuf_add_char(out, '\\');
			imp_strbuf_add_char(out, text.data[len++]);
		} else if (len == 0) {
			len = escape_one_for_json(out, text);
		}
		text = imp_slice_skip(text, len);
	}
}

/* East Asian spreadsheets take the full-width forms of = + - @ for the plain ones. */
static bool starts_formula(struct imp_slice text)
{
	static const char starts[] = {'=', '+', '-', '@', '\t', '\r'};
	static const struct imp_slice wide[] = {IMP_SLICE("\uff1d"), IMP_SLICE("\uff0b"),
						IMP_SLICE("\uff0d"), IMP_SLICE("\uff20")};

	for (size_t i = 0; i < sizeof(wide) / sizeof(*wide); i++)
		if (imp_slice_starts(text, wide[i]))
			return true;
	return text.len > 0 && memchr(starts, text.data[0], sizeof(starts));
}

void imp_escape_csv(struct imp_strbuf *out, struct imp_slice text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf field = {0};
	if (starts_formula(text))
		imp_strbuf_add_char(&field, '\'');
	imp_escape_terminal(&field, text);

	/* Where the comma is the decimal point, spreadsheets split at the semicolon. */
	struct imp_slice rest = imp_strbuf_slice(&field);
	if (!memchr(rest.data, ',', rest.len) && !memchr(rest.data, '"', rest.len) &&
	    !memchr(rest.data, ';', rest.len)) {
		imp_strbuf_add_slice(out, rest);
		return;
	}
	imp_strbuf_add_char(out, '"');
	while (rest.data) {
		imp_strbuf_add_slice(out, imp_slice_cut(&rest, '"'));
		imp_strbuf_add_text(out, rest.data ? "\"\"" : "\"");
	}
}

static const char *html_entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void imp_escape_html(struct imp_strbuf *out, struct imp_slice text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf shown = {0};

	imp_escape_terminal(&shown, text);
	for (size_t i = 0; i < shown.len; i++) {
		const char *entity = html_entity(shown.data[i]);
		if (entity)
			imp_strbuf_add_text(out, entity);
		else
			imp_strbuf_add_char(out, shown.data[i]);
	}
}

bool imp_utf8_valid(struct imp_slice text)
{
	while (text.len > 0) {
		int32_t code;
		size_t len = ascii_run(text);
		if (len == 0)
			len = decode(text, &code);
		if (len == 0)
			return false;
		text = imp_slice_skip(text, len);
	}
	return true;
}
