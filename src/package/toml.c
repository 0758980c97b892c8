#include "toml.h"

#include "imgprof/strbuf.h"

/* An array or an inline table that is open: how long the path was outside of it. */
struct nest {
	bool array;
	size_t path_count;
};

struct reader {
	struct imp_slice text;
	size_t at, line;
	imp_toml_handler *handler;
	void *user;
	struct imp_error *err;
	/* The path so far; its texts stand in KEYS, one behind the other */
	size_t starts[IMP_TOML_MAX_KEYS + 1];
	size_t path_count, header_count;
	struct imp_strbuf keys, value;
	struct nest nests[IMP_TOML_MAX_NESTING];
	size_t depth;
};

static int fail_at(struct reader *r, const char *what)
{
	return imp_fail(r->err, IMP_E_FORMAT, "line %zu: %s", r->line, what);
}

static char peek(const struct reader *r)
{
	return r->at < r->text.len ? r->text.data[r->at] : '\0';
}

static bool at_end(const struct reader *r)
{
	return r->at >= r->text.len;
}

static void advance(struct reader *r)
{
	if (peek(r) == '\n')
		r->line++;
	r->at++;
}

static void skip_blanks(struct reader *r)
{
	while (peek(r) == ' ' || peek(r) == '\t')
		r->at++;
}

/* Blanks, comments and ends of lines. */
static void skip_space(struct reader *r)
{
	for (; !at_end(r); advance(r)) {
		if (peek(r) == '#') {
			while (!at_end(r) && peek(r) != '\n')
				r->at++;
			if (at_end(r))
				return;
		}
		if (!strchr(" \t\r\n", peek(r)) || peek(r) == '\0')
			return;
	}
}

static bool take(struct reader *r, const char *token)
{
	if (!imp_slice_starts(imp_slice_skip(r->text, r->at), imp_slice_of(token)))
		return false;
	r->at += strlen(token);
	return true;
}

/* ---- strings */

static void add_utf8(struct imp_strbuf *out, unsigned code)
{
	if (code < 0x80) {
		imp_strbuf_add_char(out, (char)code);
		return;
	}
	if (code < 0x800) {
		imp_strbuf_add_char(out, (char)(0xc0 | code >> 6));
	} else {
		if (code < 0x10000) {
			imp_strbuf_add_char(out, (char)(0xe0 | code >> 12));
		} else {
			imp_strbuf_add_char(out, (char)(0xf0 | (code >> 18 & 7)));
			imp_strbuf_add_char(out, (char)(0x80 | (code >> 12 & 0x3f)));
		}
		imp_strbuf_add_char(out, (char)(0x80 | (code >> 6 & 0x3f)));
	}
	imp_strbuf_add_char(out, (char)(0x80 | (code & 0x3f)));
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static int add_code(struct reader *r, struct imp_strbuf *out, int digits)
{
	unsigned code = 0;

	for (int i = 0; i < digits; i++, r->at++) {
		int value = hex_value(peek(r));
		if (value < 0)
			return fail_at(r, "a malformed escape");
		code = code << 4 | (unsigned)value;
	}
	add_utf8(out, code);
	return 0;
}

/* Behind the backslash; one at the end of a line swallows the space that follows. */
static int add_escape(struct reader *r, struct imp_strbuf *out)
{
	static const char plain[] = "btnfr\"\\", meant[] = "\b\t\n\f\r\"\\";
	char c = peek(r);
	const char *place = c ? strchr(plain, c) : NULL;

	if (c == '\n' || c == '\r' || c == ' ' || c == '\t') {
		while (!at_end(r) && strchr(" \t\r\n", peek(r)) && peek(r))
			advance(r);
		return 0;
	}
	r->at++;
	if (c == 'u' || c == 'U')
		return add_code(r, out, c == 'u' ? 4 : 8);
	if (!place)
		return fail_at(r, "an unknown escape");
	imp_strbuf_add_char(out, meant[place - plain]);
	return 0;
}

/* A string of any of the four kinds, from its first quote. */
static int read_string(struct reader *r, struct imp_strbuf *out)
{
	char quote = peek(r);
	const char three[] = {quote, quote, quote, '\0'}, one[] = {quote, '\0'};
	bool lines = take(r, three);
	int rc = 0;

	if (lines) {
		if (!take(r, "\n"))
			take(r, "\r\n");
		r->line += r->text.data[r->at - 1] == '\n';
	} else {
		r->at++;
	}
	while (rc == 0 && !at_end(r)) {
		if (take(r, lines ? three : one)) {
			/* Up to two quotes may stand before the three that end it. */
			while (lines && take(r, one))
				imp_strbuf_add_char(out, quote);
			return 0;
		}
		char c = peek(r);
		if (c == '\n' && !lines)
			break;
		advance(r);
		if (c == '\\' && quote == '"')
			rc = add_escape(r, out);
		else
			imp_strbuf_add_char(out, c);
	}
	return rc < 0 ? rc : fail_at(r, "a string without end");
}

/* ---- keys */

static bool is_bare(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static void cut_path(struct reader *r, size_t count)
{
	r->path_count = count;
	imp_strbuf_truncate(&r->keys, r->starts[count]);
}

static int read_key(struct reader *r)
{
	size_t start = r->at;

	if (r->path_count == IMP_TOML_MAX_KEYS)
		return imp_fail(r->err, IMP_E_LIMIT, "line %zu: more than %d keys deep",
				r->line, IMP_TOML_MAX_KEYS);
	if (peek(r) == '"' || peek(r) == '\'') {
		int rc = read_string(r, &r->keys);
		if (rc < 0)
			return rc;
	} else {
		while (is_bare(peek(r)))
			r->at++;
		if (r->at == start)
			return fail_at(r, "no key where one must be");
		imp_strbuf_add(&r->keys, r->text.data + start, r->at - start);
	}
	r->starts[++r->path_count] = r->keys.len;
	return 0;
}

static int read_dotted_key(struct reader *r)
{
	do {
		skip_blanks(r);
		int rc = read_key(r);
		if (rc < 0)
			return rc;
		skip_blanks(r);
	} while (take(r, "."));
	return 0;
}

static void hand_out(struct reader *r, bool is_value, bool is_string,
		     struct imp_slice value)
{
	struct imp_slice path[IMP_TOML_MAX_KEYS];
	struct imp_slice keys = imp_strbuf_slice(&r->keys);

	for (size_t i = 0; i < r->path_count; i++)
		path[i] = imp_slice(keys.data + r->starts[i],
				    r->starts[i + 1] - r->starts[i]);
	r->handler(r->user, &(struct imp_toml_event){is_value, is_string, path,
						     r->path_count, value});
}

/* ---- values */

static int read_scalar(struct reader *r)
{
	size_t start = r->at;

	if (peek(r) == '"' || peek(r) == '\'') {
		imp_strbuf_reset(&r->value);
		int rc = read_string(r, &r->value);
		if (rc == 0)
			hand_out(r, true, true, imp_strbuf_slice(&r->value));
		return rc;
	}
	while (is_bare(peek(r)) || (peek(r) && strchr("+.:", peek(r))))
		r->at++;
	if (r->at == start)
		return fail_at(r, "no value where one must be");
	hand_out(r, true, false, imp_slice(r->text.data + start, r->at - start));
	return 0;
}

static int open_nest(struct reader *r, bool array)
{
	if (r->depth == IMP_TOML_MAX_NESTING)
		return imp_fail(r->err, IMP_E_LIMIT, "line %zu: nested deeper than %d",
				r->line, IMP_TOML_MAX_NESTING);
	r->nests[r->depth++] = (struct nest){array, r->path_count};
	return 0;
}

static int read_assignment(struct reader *r)
{
	int rc = read_dotted_key(r);

	if (rc < 0)
		return rc;
	if (!take(r, "="))
		return fail_at(r, "no '=' behind a key");
	skip_blanks(r);
	return 0;
}

/* Closes what ends here. In an array then comes a value, in a table a key and a value:
 * 1 when a value is to be read, 0 when all is closed. */
static int next_member(struct reader *r)
{
	while (r->depth > 0) {
		const struct nest *nest = &r->nests[r->depth - 1];
		cut_path(r, nest->path_count);
		skip_space(r);
		if (take(r, ","))
			skip_space(r);
		if (!take(r, nest->array ? "]" : "}")) {
			int rc = nest->array ? 0 : read_assignment(r);
			return rc < 0 ? rc : 1;
		}
		r->depth--;
	}
	return 0;
}

/* One value with all that is inside of it, without recursion. */
static int read_value(struct reader *r)
{
	int rc;

	do {
		bool array = peek(r) == '[';
		if (array || peek(r) == '{') {
			r->at++;
			rc = open_nest(r, array);
		} else {
			rc = read_scalar(r);
		}
		if (rc == 0)
			rc = next_member(r);
	} while (rc > 0);
	return rc;
}

/* ---- lines */

static int read_header(struct reader *r)
{
	bool array = take(r, "[[");

	if (!array)
		r->at++;
	cut_path(r, 0);
	int rc = read_dotted_key(r);
	if (rc < 0)
		return rc;
	if (!take(r, array ? "]]" : "]"))
		return fail_at(r, "a header without end");
	r->header_count = r->path_count;
	hand_out(r, false, false, imp_slice(NULL, 0));
	return 0;
}

static int end_line(struct reader *r)
{
	skip_blanks(r);
	if (!at_end(r) && !strchr("#\r\n", peek(r)))
		return fail_at(r, "text behind a value");
	return 0;
}

static int read_line(struct reader *r)
{
	int rc;

	if (peek(r) == '[') {
		rc = read_header(r);
	} else {
		cut_path(r, r->header_count);
		rc = read_assignment(r);
		if (rc == 0)
			rc = read_value(r);
	}
	return rc < 0 ? rc : end_line(r);
}

int imp_toml_read(struct imp_slice text, imp_toml_handler *handler, void *user,
		  struct imp_error *err)
{
	struct reader r = {
		.text = text, .line = 1, .handler = handler, .user = user, .err = err};
	int rc = 0;

	for (skip_space(&r); rc == 0 && !at_end(&r); skip_space(&r))
		rc = read_line(&r);
	imp_strbuf_finish(&r.keys);
	imp_strbuf_finish(&r.value);
	return rc;
}
