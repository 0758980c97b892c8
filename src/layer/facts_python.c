/* Imports of Python: statements at the start of a line, and strings that name modules. */
#include "facts_imports.h"

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

	for (; in->at < in->end; in->at++) {
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

/* A word that is not in a string or comment. STARTS: the first of its statement. */
static bool read_statement(struct source *in, bool starts)
{
	struct imp_slice word = read_word(in);

	if (starts && imp_slice_is(word, "import"))
		read_import(in);
	else if (starts && imp_slice_is(word, "from"))
		read_from(in);
	else if (imp_slice_is(word, "__import__") || imp_slice_is(word, "import_module"))
		read_call(in);
	return false;
}

static void skip_comment(struct source *in)
{
	const char *end = memchr(in->at, '\n', (size_t)(in->end - in->at));
	in->at = end ? end : in->end;
}

void imp_imports_python(struct imp_imports *imports, struct imp_slice source)
{
	struct source in = {imports, source.data, source.data + source.len};
	bool starts = true;

	while (in.at < in.end) {
		char c = *in.at;
		if (is_word(c)) {
			starts = read_statement(&in, starts);
		} else if (c == '\'' || c == '"') {
			struct imp_slice text = read_string(&in);
			if (names_module(text))
				imp_imports_add(imports, IMP_SLICE("="), text);
			starts = false;
		} else if (c == '#') {
			skip_comment(&in);
		} else {
			/* A colon may end "try", "else"; what follows is a statement. */
			starts = c == '\n' || c == ';' || c == ':' ||
				 (starts && is_blank(c));
			in.at++;
		}
	}
}
