#include "case.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "imgprof/cleanup.h"
#include "imgprof/escape.h"

typedef void escaper(struct imp_strbuf *out, struct imp_slice text);

static void assert_escaped(escaper *escape, struct imp_slice text, const char *expected)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	imp_strbuf_add_text(&out, "<");
	escape(&out, text);
	assert_int_equal(out.data[0], '<');
	assert_string_equal(out.data + 1, expected);
	assert_int_equal(out.len, strlen(expected) + 1);
}

/* Table 3-7 of the Unicode standard, as an oracle: bytes of the well-formed character at
 * the start of TEXT and its code point, or 0. */
static size_t well_formed(const unsigned char *text, size_t len, uint32_t *code)
{
	static const struct {
		unsigned char first_low, first_high, second_low, second_high;
		size_t len;
	} rows[] = {
		{0x00, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2},
		{0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
		{0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
		{0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4},
		{0xf4, 0xf4, 0x80, 0x8f, 4},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (text[0] < rows[i].first_low || text[0] > rows[i].first_high)
			continue;
		if (len < rows[i].len)
			return 0;
		*code = rows[i].len == 1 ? text[0] : text[0] & (0x7fu >> rows[i].len);
		for (size_t j = 1; j < rows[i].len; j++) {
			unsigned char low = j == 1 ? rows[i].second_low : 0x80;
			unsigned char high = j == 1 ? rows[i].second_high : 0xbf;
			if (text[j] < low || text[j] > high)
				return 0;
			*code = *code << 6 | (text[j] & 0x3f);
		}
		return rows[i].len;
	}
	return 0;
}

/* Code points that no terminal may get, written down apart from any library's tables. */
static bool is_forbidden(uint32_t code)
{
	static const uint32_t ranges[][2] = {
		{0x00, 0x1f},       {0x7f, 0xa0},       {0xad, 0xad},
		{0x34f, 0x34f},     {0x61c, 0x61c},     {0x115f, 0x1160},
		{0x1680, 0x1680},   {0x17b4, 0x17b5},   {0x180b, 0x180f},
		{0x2000, 0x200f},   {0x2028, 0x202f},   {0x205f, 0x206f},
		{0x3000, 0x3000},   {0x3164, 0x3164},   {0xd800, 0xf8ff},
		{0xfdd0, 0xfdef},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},
		{0xffa0, 0xffa0},   {0xfff0, 0xfffb},   {0xfffe, 0xffff},
		{0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0x10ffff},
	};
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (code >= ranges[i][0] && code <= ranges[i][1])
			return true;
	return false;
}

static void assert_printable(struct imp_slice text)
{
	const unsigned char *at = (const unsigned char *)text.data;
	for (size_t left = text.len; left > 0;) {
		uint32_t code = 0;
		size_t len = well_formed(at, left, &code);
		if (len == 0 || is_forbidden(code))
			fail_msg("byte %02x, code U+%04X in '%s'", *at, code, text.data);
		at += len;
		left -= len;
	}
}

/* The bytes of CODE as UTF-8 would have them, surrogates too; returns OUT's length. */
static size_t encode(uint32_t code, char *out)
{
	static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (size_t i = len; i-- > 1; code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3f));
	out[0] = (char)(leads[len] | code);
	return len;
}

CASE(shell_quotes_what_a_shell_would_read)
{
	assert_escaped(imp_escape_shell, IMP_SLICE("ghcr.io/x/web:1@sha256:0a"),
		       "ghcr.io/x/web:1@sha256:0a");
	assert_escaped(imp_escape_shell, IMP_SLICE(""), "''");
	assert_escaped(imp_escape_shell, IMP_SLICE("a b"), "'a b'");
	assert_escaped(imp_escape_shell, IMP_SLICE("$(x);`y`"), "'$(x);`y`'");
	assert_escaped(imp_escape_shell, IMP_SLICE("it's"), "'it'\\''s'");
	assert_escaped(imp_escape_shell, IMP_SLICE("~"), "'~'");
}

CASE(terminal_leaves_printable_text)
{
	static const char *const texts[] = {
		"",
		"usr/lib/x86_64-linux-gnu/libc.so.6",
		"a b",
		"C:\\x",
		"\"'<>&|`",
		"\xc3\xa9",
		"e\xcc\x81",
		"\xe6\xbc\xa2\xe5\xad\x97",
		"\xf0\x9f\x90\xb3",
		"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d",
		"\xef\xbf\xbd",
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_escaped(imp_escape_terminal, imp_slice_of(texts[i]), texts[i]);
	assert_escaped(imp_escape_terminal, imp_slice(NULL, 0), "");
}

CASE(terminal_escapes_control_bytes_as_hex)
{
	assert_escaped(imp_escape_terminal, IMP_SLICE("\x1b[2J"), "\\x1b[2J");
	assert_escaped(imp_escape_terminal, IMP_SLICE("a\nb\r\tc\0d"),
		       "a\\x0ab\\x0d\\x09c\\x00d");
	assert_escaped(imp_escape_terminal, IMP_SLICE("\x7f"), "\\x7f");
	assert_escaped(imp_escape_terminal, IMP_SLICE("\xc2\x9b"), "\\xc2\\x9b");
	assert_escaped(imp_escape_terminal, IMP_SLICE("\x9b"), "\\x9b");
}

CASE(terminal_escapes_each_of_256_bytes)
{
	for (int byte = 0; byte < 256; byte++) {
		char text = (char)byte;
		char expected[8];
		if (byte >= 0x20 && byte < 0x7f)
			snprintf(expected, sizeof(expected), "%c", byte);
		else
			snprintf(expected, sizeof(expected), "\\x%02x", byte);
		assert_escaped(imp_escape_terminal, imp_slice(&text, 1), expected);
	}
}

CASE(terminal_escapes_every_hidden_character)
{
	for (uint32_t code = 0; code < 0x110000; code++) {
		if (!is_forbidden(code) || code < 0xa0 ||
		    (code >= 0xd800 && code <= 0xdfff))
			continue;
		char text[4], expected[16];
		snprintf(expected, sizeof(expected), "\\u{%x}", code);
		assert_escaped(imp_escape_terminal, imp_slice(text, encode(code, text)),
			       expected);
	}
}

CASE(terminal_escapes_bidirectional_controls)
{
	assert_escaped(imp_escape_terminal,
		       IMP_SLICE("\xe2\x80\xae"
				 "gpj.exe"),
		       "\\u{202e}gpj.exe");
	assert_escaped(imp_escape_terminal, IMP_SLICE("\xe2\x81\xa6\xe2\x81\xa9"),
		       "\\u{2066}\\u{2069}");
	assert_escaped(imp_escape_terminal, IMP_SLICE("\xe2\x80\x8e\xd8\x9c"),
		       "\\u{200e}\\u{61c}");
}

CASE(terminal_escapes_zero_width_and_separators)
{
	assert_escaped(imp_escape_terminal,
		       IMP_SLICE("a\xe2\x80\x8b"
				 "b\xe2\x80\x8d"),
		       "a\\u{200b}b\\u{200d}");
	assert_escaped(imp_escape_terminal, IMP_SLICE("\xef\xbb\xbf"), "\\u{feff}");
	assert_escaped(imp_escape_terminal, IMP_SLICE("\xe2\x80\xa8\xe2\x80\xa9"),
		       "\\u{2028}\\u{2029}");
	assert_escaped(imp_escape_terminal, IMP_SLICE("\xc2\xa0\xe3\x80\x80"),
		       "\\u{a0}\\u{3000}");
}

CASE(terminal_escapes_lone_surrogates_by_bytes)
{
	for (uint32_t code = 0xd800; code <= 0xdfff; code++) {
		char text[4], expected[16];
		size_t len = encode(code, text);
		snprintf(expected, sizeof(expected), "\\x%02x\\x%02x\\x%02x",
			 (unsigned char)text[0], (unsigned char)text[1],
			 (unsigned char)text[2]);
		assert_escaped(imp_escape_terminal, imp_slice(text, len), expected);
	}
}

CASE(terminal_escapes_overlong_forms_by_bytes)
{
	assert_escaped(imp_escape_terminal, IMP_SLICE("\xc0\xaf"), "\\xc0\\xaf");
	assert_escaped(imp_escape_terminal, IMP_SLICE("\xc1\xbf"), "\\xc1\\xbf");
	assert_escaped(imp_escape_terminal, IMP_SLICE("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");
	assert_escaped(imp_escape_terminal, IMP_SLICE("\xe0\x9f\xbf"), "\\xe0\\x9f\\xbf");
	assert_escaped(imp_escape_terminal, IMP_SLICE("\xf0\x80\x80\xaf"),
		       "\\xf0\\x80\\x80\\xaf");
	assert_escaped(imp_escape_terminal, IMP_SLICE("\xf0\x8f\xbf\xbf"),
		       "\\xf0\\x8f\\xbf\\xbf");
	assert_escaped(imp_escape_terminal, IMP_SLICE("\xf8\x88\x80\x80\x80"),
		       "\\xf8\\x88\\x80\\x80\\x80");
}

CASE(terminal_escapes_what_is_above_unicode)
{
	assert_escaped(imp_escape_terminal, IMP_SLICE("\xf4\x90\x80\x80"),
		       "\\xf4\\x90\\x80\\x80");
	assert_escaped(imp_escape_terminal, IMP_SLICE("\xf5\x80\x80\x80"),
		       "\\xf5\\x80\\x80\\x80");
	assert_escaped(imp_escape_terminal, IMP_SLICE("\xff\xfe"), "\\xff\\xfe");
}

CASE(terminal_resumes_behind_truncated_sequences)
{
	assert_escaped(imp_escape_terminal, IMP_SLICE("\xe2\x82"), "\\xe2\\x82");
	assert_escaped(imp_escape_terminal, IMP_SLICE("\xf0\x9f\x90"), "\\xf0\\x9f\\x90");
	assert_escaped(imp_escape_terminal,
		       IMP_SLICE("\xe2\x82"
				 "a"),
		       "\\xe2\\x82a");
	assert_escaped(imp_escape_terminal, IMP_SLICE("\xe2\xc3\xa9"), "\\xe2\xc3\xa9");
	assert_escaped(imp_escape_terminal, IMP_SLICE("\xf0\x9f\xf0\x9f\x90\xb3"),
		       "\\xf0\\x9f\xf0\x9f\x90\xb3");
}

/* Bytes that look like UTF-8 more often than chance would have them. */
static size_t random_bytes(char *out, size_t most)
{
	size_t len = (size_t)random() % most;
	for (size_t i = 0; i < len;) {
		char character[4];
		size_t size = 1;
		if (random() % 3)
			size = encode((uint32_t)random() % 0x110000, character);
		else
			character[0] = (char)(random() % 256);
		for (size_t j = 0; j < size && i < len; j++)
			out[i++] = character[j];
	}
	return len;
}

CASE(terminal_output_is_printable_whatever_comes_in)
{
	srandom(1);
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	for (int i = 0; i < 20000; i++) {
		char text[64];
		size_t len = random_bytes(text, sizeof(text));
		imp_strbuf_reset(&out);
		imp_escape_terminal(&out, imp_slice(text, len));
		assert_printable(imp_strbuf_slice(&out));
	}
}

/* What jansson makes of TEXT escaped between quotes: it must parse. */
static json_t *parsed(struct imp_slice text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	imp_strbuf_add_char(&out, '"');
	imp_escape_json(&out, text);
	imp_strbuf_add_char(&out, '"');
	json_error_t err;
	json_t *value =
		json_loadb(out.data, out.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &err);
	if (!value)
		fail_msg("%s: %s", out.data, err.text);
	return value;
}

static void assert_round_trips(struct imp_slice text)
{
	json_t *value = parsed(text);
	assert_true(imp_slice_equal(
		text, imp_slice(json_string_value(value), json_string_length(value))));
	json_decref(value);
}

CASE(json_uses_the_short_forms)
{
	assert_escaped(imp_escape_json, IMP_SLICE("a\"b\\c/d"), "a\\\"b\\\\c/d");
	assert_escaped(imp_escape_json, IMP_SLICE("\b\f\n\r\t"), "\\b\\f\\n\\r\\t");
	assert_escaped(imp_escape_json, IMP_SLICE("\0\x1b\x7f"), "\\u0000\\u001b\\u007f");
	assert_escaped(imp_escape_json, IMP_SLICE("\"\"\\"), "\\\"\\\"\\\\");
	assert_escaped(imp_escape_json, imp_slice(NULL, 0), "");
}

CASE(json_leaves_printable_text)
{
	assert_escaped(imp_escape_json, IMP_SLICE("\xc3\xa9 \xf0\x9f\x90\xb3 <&>"),
		       "\xc3\xa9 \xf0\x9f\x90\xb3 <&>");
}

CASE(json_escapes_hidden_characters)
{
	assert_escaped(imp_escape_json, IMP_SLICE("\xc2\x9b\xe2\x80\xae\xe2\x80\xa8"),
		       "\\u009b\\u202e\\u2028");
	assert_escaped(imp_escape_json, IMP_SLICE("\xf3\xa0\x80\x81"), "\\udb40\\udc01");
}

CASE(json_replaces_bytes_that_are_no_utf8)
{
	assert_escaped(imp_escape_json,
		       IMP_SLICE("a\xff"
				 "b"),
		       "a\xef\xbf\xbd"
		       "b");
	assert_escaped(imp_escape_json, IMP_SLICE("\xed\xa0\x80"),
		       "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	assert_escaped(imp_escape_json, IMP_SLICE("\xe2\x82"),
		       "\xef\xbf\xbd\xef\xbf\xbd");
}

CASE(json_of_every_single_byte_parses)
{
	for (int byte = 0; byte < 256; byte++) {
		char text = (char)byte;
		if (byte < 0x80)
			assert_round_trips(imp_slice(&text, 1));
		else
			json_decref(parsed(imp_slice(&text, 1)));
	}
}

CASE(json_of_every_code_point_round_trips)
{
	char text[4 * 64];
	size_t len = 0;
	for (uint32_t code = 0; code < 0x110000; code++) {
		if (code >= 0xd800 && code <= 0xdfff)
			continue;
		len += encode(code, text + len);
		if (len > sizeof(text) - 4 || code == 0x10ffff) {
			assert_round_trips(imp_slice(text, len));
			len = 0;
		}
	}
}

CASE(json_parses_whatever_comes_in)
{
	srandom(2);
	for (int i = 0; i < 20000; i++) {
		char text[64];
		struct imp_slice slice =
			imp_slice(text, random_bytes(text, sizeof(text)));
		if (imp_utf8_valid(slice))
			assert_round_trips(slice);
		else
			json_decref(parsed(slice));
	}
}

CASE(csv_leaves_plain_fields)
{
	assert_escaped(imp_escape_csv, IMP_SLICE(""), "");
	assert_escaped(imp_escape_csv, IMP_SLICE("usr/bin/x y"), "usr/bin/x y");
	assert_escaped(imp_escape_csv, IMP_SLICE("a=b'c"), "a=b'c");
}

CASE(csv_quotes_separators_and_quotes)
{
	assert_escaped(imp_escape_csv, IMP_SLICE("a,b"), "\"a,b\"");
	assert_escaped(imp_escape_csv, IMP_SLICE("a;=b"), "\"a;=b\"");
	assert_escaped(imp_escape_csv, IMP_SLICE("\""), "\"\"\"\"");
	assert_escaped(imp_escape_csv, IMP_SLICE("say \"hi\""), "\"say \"\"hi\"\"\"");
	assert_escaped(imp_escape_csv, IMP_SLICE("\"a\"b"), "\"\"\"a\"\"b\"");
}

CASE(csv_guards_against_formulas)
{
	assert_escaped(imp_escape_csv, IMP_SLICE("=1+1"), "'=1+1");
	assert_escaped(imp_escape_csv, IMP_SLICE("+1"), "'+1");
	assert_escaped(imp_escape_csv, IMP_SLICE("-1"), "'-1");
	assert_escaped(imp_escape_csv, IMP_SLICE("@SUM(A1)"), "'@SUM(A1)");
	assert_escaped(imp_escape_csv, IMP_SLICE("\t=1"), "'\\x09=1");
	assert_escaped(imp_escape_csv, IMP_SLICE("\r=1"), "'\\x0d=1");
	assert_escaped(imp_escape_csv, IMP_SLICE("=HYPERLINK(\"x\",\"y\")"),
		       "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
}

/* As OWASP lists them: Excel in Chinese, Japanese and Korean computes these. */
CASE(csv_guards_against_full_width_formulas)
{
	assert_escaped(imp_escape_csv, IMP_SLICE("\uff1d1"), "'\uff1d1");
	assert_escaped(imp_escape_csv, IMP_SLICE("\uff0b1"), "'\uff0b1");
	assert_escaped(imp_escape_csv, IMP_SLICE("\uff0d1"), "'\uff0d1");
	assert_escaped(imp_escape_csv, IMP_SLICE("\uff201"), "'\uff201");
	assert_escaped(imp_escape_csv, IMP_SLICE("1\uff1d1"), "1\uff1d1");
}

CASE(csv_field_stays_on_one_line)
{
	assert_escaped(imp_escape_csv, IMP_SLICE("a\r\nb"), "a\\x0d\\x0ab");
	assert_escaped(imp_escape_csv, IMP_SLICE("a\xff\0,"), "\"a\\xff\\x00,\"");
}

/* The field that a reader by RFC 4180 sees. */
static void read_csv(struct imp_strbuf *out, struct imp_slice field)
{
	if (!imp_slice_starts(field, IMP_SLICE("\""))) {
		for (size_t i = 0; i < field.len; i++)
			assert_null(memchr(",;\"", field.data[i], 3));
		imp_strbuf_add_slice(out, field);
		return;
	}
	assert_true(field.len >= 2 && imp_slice_ends(field, IMP_SLICE("\"")));
	for (size_t i = 1; i < field.len - 1; i++) {
		imp_strbuf_add_char(out, field.data[i]);
		if (field.data[i] == '"')
			assert_int_equal(field.data[++i], '"');
	}
}

CASE(csv_reads_back_as_the_terminal_form_and_as_no_formula)
{
	srandom(3);
	for (int i = 0; i < 20000; i++) {
		static const char alphabet[] = "=+-@,;\"'ab\t\r\n\xff";
		char text[12];
		size_t len = (size_t)random() % sizeof(text);
		for (size_t j = 0; j < len; j++)
			text[j] = alphabet[(size_t)random() % (sizeof(alphabet) - 1)];
		imp_auto(imp_strbuf_finish) struct imp_strbuf csv = {0};
		imp_auto(imp_strbuf_finish) struct imp_strbuf back = {0};
		imp_auto(imp_strbuf_finish) struct imp_strbuf plain = {0};
		imp_escape_csv(&csv, imp_slice(text, len));
		imp_escape_terminal(&plain, imp_slice(text, len));
		read_csv(&back, imp_strbuf_slice(&csv));
		assert_printable(imp_strbuf_slice(&csv));
		assert_true(back.len == 0 || !memchr("=+-@", back.data[0], 4));
		bool guarded = len > 0 && text[0] && strchr("=+-@\t\r", text[0]);
		assert_true(
			imp_slice_equal(imp_slice_skip(imp_strbuf_slice(&back), guarded),
					imp_strbuf_slice(&plain)));
	}
}

CASE(html_escapes_markup)
{
	assert_escaped(imp_escape_html, IMP_SLICE(""), "");
	assert_escaped(imp_escape_html, IMP_SLICE("usr/bin/x y"), "usr/bin/x y");
	assert_escaped(imp_escape_html, IMP_SLICE("<script>alert('1')</script>"),
		       "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;");
	assert_escaped(imp_escape_html, IMP_SLICE("\" onload=\"x"),
		       "&quot; onload=&quot;x");
	assert_escaped(imp_escape_html, IMP_SLICE("&lt;"), "&amp;lt;");
}

CASE(html_shows_what_a_terminal_must_not_see)
{
	assert_escaped(imp_escape_html, IMP_SLICE("a\n<\t"), "a\\x0a&lt;\\x09");
	assert_escaped(imp_escape_html, IMP_SLICE("\u202egnp.exe"), "\\u{202e}gnp.exe");
	assert_escaped(imp_escape_html, IMP_SLICE("\xff&\0"), "\\xff&amp;\\x00");
}

/* Nothing that a browser reads as markup is left, and entities are ours. */
CASE(html_of_every_byte_is_text)
{
	for (int byte = 0; byte < 256; byte++) {
		char text[] = {'a', (char)byte, 'b'};
		imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
		imp_escape_html(&out, imp_slice(text, 3));
		for (const char *c = "<>\"'"; *c; c++)
			assert_null(memchr(out.data, *c, out.len));
		if (memchr(out.data, '&', out.len))
			assert_true(strchr("&<>\"'", byte) &&
				    out.data[out.len - 2] == ';');
	}
}

CASE(utf8_of_every_code_point)
{
	for (uint32_t code = 0; code < 0x110000; code++) {
		char text[4];
		bool surrogate = code >= 0xd800 && code <= 0xdfff;
		size_t len = encode(code, text);
		assert_int_equal(imp_utf8_valid(imp_slice(text, len)), !surrogate);
		assert_false(len > 1 && imp_utf8_valid(imp_slice(text, len - 1)));
	}
	assert_true(imp_utf8_valid(imp_slice(NULL, 0)));
}

CASE(utf8_agrees_with_the_standards_table)
{
	static const unsigned char edges[] = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f,
					      0xa0, 0xbf, 0xc0, 0xc2, 0xff};
	enum { EDGES = sizeof(edges) };
	for (int first = 0; first < 256; first++) {
		for (int i = 0; i < 256 * EDGES * EDGES; i += 1 + (first < 0x80) * 97) {
			unsigned char text[] = {(unsigned char)first,
						(unsigned char)(i / (EDGES * EDGES)),
						edges[i / EDGES % EDGES],
						edges[i % EDGES]};
			bool valid = true;
			uint32_t code;
			for (size_t at = 0, len; valid && at < 4; at += len) {
				len = well_formed(text + at, 4 - at, &code);
				valid = len > 0;
			}
			assert_true(imp_utf8_valid(imp_slice((char *)text, 4)) == valid);
		}
	}
}

CASE(openmetrics_escapes_backslash_and_quote)
{
	assert_escaped(imp_escape_openmetrics, IMP_SLICE("a\"b\\c{},=\xc3\xa9"),
		       "a\\\"b\\\\c{},=\xc3\xa9");
	assert_escaped(imp_escape_openmetrics, IMP_SLICE("a\nb\xff"), "a\\\\x0ab\\\\xff");
}

CASE(folded_frames_hold_no_divider)
{
	assert_escaped(imp_escape_folded, IMP_SLICE("a;b c\n1"), "a\\x3bb c\\x0a1");
}

CASE(uri_path_encodes_all_but_unreserved)
{
	assert_escaped(imp_escape_uri_path, IMP_SLICE("a b/c%:#?\xff\0~-._"),
		       "a%20b/c%25%3A%23%3F%FF%00~-._");
}
