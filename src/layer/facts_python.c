/* Imports of Python: statements at the start of a line, and strings that name modules. */
#include "facts_imports.h"
#include "facts_scan.h"

struct source {
	struct imp_imports *imports;
	const char *at, *end;
};

static const bool
	word_bytes[256] =
		{
			['a' ... 'z'] = true,   ['A' ... 'Z'] = true,
			['0' ... '9'] = true,   ['_'] = true,
			[0x80 ... 0xff] = true,
};

/* Where a string may end or go on otherwise. */
static const bool string_stops[256] = {
	['"'] = true,
	['\''] = true,
	['\\'] = true,
	['\n'] = true,
};

static const char *skip_in_string(const char *at, const char *end)
{
	while (at < end && !string_stops[(unsigned char)*at])
		at++;
	return at;
}

/* Where something else than more of a statement begins: the end of it, or of its head, a
 * string, a comment. */
static bool stops_statement(char c)
{
	return c == '\n' || c == ';' || c == ':' || c == '"' || c == '\'' || c == '#';
}

static const char *skip_statement(const char *at, const char *end)
{
	for (; end - at >= IMP_SCAN_STEP; at += IMP_SCAN_STEP) {
		imp_bytes16 c = imp_scan_load(at);
		/* These pairs differ in the last bit only. */
		unsigned first = imp_scan_first(
			(imp_bytes16)((c == '\n') | ((c | 1) == (';' | ':')) |
				      (c == '\'') | ((c | 1) == ('"' | '#'))));
		if (first < IMP_SCAN_STEP)
			return at + first;
	}
	while (at < end && !stops_statement(*at))
		at++;
	return at;
}

static bool is_word(char c)
{
	return word_bytes[(unsigned char)c];
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\f' || c == '\r';
}

/* Blanks and joined lines; with LINES also newlines and comments (inside parentheses). */
static void skip_blanks(struct source *in, bool lines)
{
	while (in->at < in->end) {
		if (is_blank(*in->at) || (lines && *in->at == '\n')) {
			in->at++;
		} else if (*in->at == '\\' && in->at + 1 < in->end) {
			in->at += 2;
		} else if (lines && *in->at == '#') {
			while (in->at < in->end && *in->at != '\n')
				in->at++;
		} else {
			return;
		}
	}
}

static struct imp_slice read_word(struct source *in)
{
	const char *start = in->at;
	while (in->at < in->end && is_word(*in->at))
		in->at++;
	return imp_slice(start, (size_t)(in->at - start));
}

/* "a.b.c", "..x", "." */
static struct imp_slice read_dotted(struct source *in)
{
	const char *start = in->at;
	while (in->at < in->end && (is_word(*in->at) || *in->at == '.'))
		in->at++;
	return imp_slice(start, (size_t)(in->at - start));
}

static bool take(struct source *in, char c)
{
	if (in->at == in->end || *in->at != c)
		return false;
	in->at++;
	return true;
}

static void skip_alias(struct source *in, bool lines)
{
	skip_blanks(in, lines);
	struct source ahead = *in;
	if (!imp_slice_is(read_word(&ahead), "as"))
		return;
	skip_blanks(&ahead, lines);
	read_word(&ahead);
	*in = ahead;
	skip_blanks(in, lines);
}

/* Behind "import". */
static void read_import(struct source *in)
{
	do {
		skip_blanks(in, false);
		struct imp_slice name = read_dotted(in);
		imp_imports_add(in->imports, imp_slice("", 0), name);
		skip_alias(in, false);
	} while (take(in, ','));
}

/* What a module gives may be a module of its own: "from a import b" is "a" and "a.b". */
static void add_member(struct source *in, struct imp_slice module, struct imp_slice name)
{
	char front[IMP_IMPORT_BYTES];
	size_t len = module.len;

	if (len == 0 || len + 1 > sizeof(front) || name.len == 0)
		return;
	memcpy(front, module.data, len);
	if (front[len - 1] != '.')
		front[len++] = '.';
	imp_imports_add(in->imports, imp_slice(front, len), name);
}

/* Behind "from". */
static void read_from(struct source *in)
{
	skip_blanks(in, false);
	struct imp_slice module = read_dotted(in);
	skip_blanks(in, false);
	if (!imp_slice_is(read_word(in), "import"))
		return;
	imp_imports_add(in->imports, imp_slice("", 0), module);
	skip_blanks(in, false);
	bool lines = take(in, '(');
	do {
		skip_blanks(in, lines);
		add_member(in, module, read_word(in));
		skip_alias(in, lines);
	} while (take(in, ','));
}

/* Letters in groups between dots: two at least. What ends like a file or a host is none. */
static bool names_module(struct imp_slice text)
{
	static const char *const others[] = {"py",  "txt", "html", "json", "com", "org",
					     "css", "js",  "xml",  "png",  "net", "md",
					     "yml", "cfg", "ini",  "rst",  "svg", "io"};
	size_t dots = 0, part = 0;

	if (text.len > IMP_IMPORT_BYTES / 2)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		if (c == '.' && i == part)
			return false;
		if (c == '.') {
			dots++;
			part = i + 1;
		} else if (!is_word(c) || (i == part && c >= '0' && c <= '9')) {
			return false;
		}
	}
	if (dots == 0 || part == text.len)
		return false;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (imp_slice_is(imp_slice_skip(text, part), others[i]))
			return false;
	return true;
}

/* At a quote; the text between. Ends at the line's end, but for triple quotes. */
static struct imp_slice read_string(struct source *in)
{
	char quote = *in->at;
	bool triple = in->end - in->at >= 3 && in->at[1] == quote && in->at[2] == quote;
	const char *start = in->at += triple ? 3 : 1;

	for (; (in->at = skip_in_string(in->at, in->end)) < in->end; in->at++) {
		if (*in->at == '\\') {
			in->at++;
		} else if (*in->at == '\n' && !triple) {
			break;
		} else if (*in->at == quote && !triple) {
			in->at++;
			return imp_slice(start, (size_t)(in->at - 1 - start));
		} else if (*in->at == quote && in->end - in->at >= 3 &&
			   in->at[1] == quote && in->at[2] == quote) {
			in->at += 3;
			return imp_slice("", 0);
		}
	}
	if (in->at > in->end)
		in->at = in->end;
	return imp_slice("", 0);
}

/* Behind __import__ or import_module: a call with a literal first. */
static void read_call(struct source *in)
{
	skip_blanks(in, true);
	if (!take(in, '('))
		return;
	skip_blanks(in, true);
	if (in->at < in->end && (*in->at == '\'' || *in->at == '"'))
		imp_imports_add(in->imports, imp_slice("", 0), read_string(in));
}

/* Statements that import are read, of others not even the first word. */
static void read_statement(struct source *in)
{
	while (in->at < in->end && is_blank(*in->at))
		in->at++;
	if (in->at == in->end || (*in->at != 'i' && *in->at != 'f'))
		return;
	struct source ahead = *in;
	struct imp_slice word = read_word(&ahead);
	bool from = imp_slice_is(word, "from");
	if (!from && !imp_slice_is(word, "import"))
		return;
	*in = ahead;
	if (from)
		read_from(in);
	else
		read_import(in);
}

static void read_called(struct source *in)
{
	struct imp_slice word = read_word(in);

	if (imp_slice_is(word, "__import__") || imp_slice_is(word, "import_module"))
		read_call(in);
}

static void add_string(struct source *in)
{
	struct imp_slice text = read_string(in);

	if (names_module(text))
		imp_imports_add(in->imports, IMP_SLICE("="), text);
}

static void skip_comment(struct source *in)
{
	const char *end = memchr(in->at, '\n', (size_t)(in->end - in->at));
	in->at = end ? end : in->end;
}

/* "__import__" and "import_module": few sources have them. */
static bool calls_imports(struct imp_slice source)
{
	static const char part[] = "import_";
	const char *at = source.data, *end = at + source.len;

	for (; end - at >= IMP_SCAN_STEP + (int)sizeof(part); at += IMP_SCAN_STEP)
		if (imp_scan_any((imp_bytes16)((imp_scan_load(at) == 'i') &
					       (imp_scan_load(at + 2) == 'p') &
					       (imp_scan_load(at + 6) == '_'))))
			return true;
	return at < end && memmem(at, (size_t)(end - at), part, sizeof(part) - 1);
}

void imp_imports_python(struct imp_imports *imports, struct imp_slice source)
{
	struct source in = {imports, source.data, source.data + source.len};
	bool calls = calls_imports(source), starts = true;

	while (in.at < in.end) {
		char c = *in.at;
		if (starts) {
			read_statement(&in);
			starts = false;
		} else if (c == '\'' || c == '"') {
			add_string(&in);
		} else if (c == '#') {
			skip_comment(&in);
		} else if (stops_statement(c)) {
			/* A colon may end "try", "else"; what follows is a statement. */
			in.at++;
			starts = true;
		} else if (!calls) {
			in.at = skip_statement(in.at + 1, in.end);
		} else if (is_word(c)) {
			read_called(&in);
		} else {
			in.at++;
		}
	}
}
