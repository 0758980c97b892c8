/*
 * Imports of JavaScript and TypeScript. Words are looked for outside of strings, comments
 * and regular expressions; source behind the last word that may ask for a module is not
 * read at all.
 */
#include "facts_imports.h"
#include "facts_scan.h"

#include <string.h>

enum { MAX_TEMPLATES = 32 };

struct source {
	struct imp_imports *imports;
	const char *at, *end;
	char before; /* the last byte that is no blank; 'a' for a word that is a value */
	/* Braces that are open in each template that is open. */
	unsigned braces[MAX_TEMPLATES];
	unsigned templates;
};

static const bool
	word_bytes[256] =
		{
			['a' ... 'z'] = true,   ['A' ... 'Z'] = true,
			['0' ... '9'] = true,   ['_'] = true,
			[0x80 ... 0xff] = true, ['$'] = true,
};

static bool is_word(char c)
{
	return word_bytes[(unsigned char)c];
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_line(struct source *in)
{
	const char *end = memchr(in->at, '\n', (size_t)(in->end - in->at));
	in->at = end ? end : in->end;
}

static void skip_block(struct source *in)
{
	const char *end = memmem(in->at + 2, (size_t)(in->end - in->at - 2), "*/", 2);
	in->at = end ? end + 2 : in->end;
}

static bool at_comment(const struct source *in)
{
	return in->end - in->at >= 2 && in->at[0] == '/' &&
	       (in->at[1] == '/' || in->at[1] == '*');
}

static void skip_comment(struct source *in)
{
	if (in->at[1] == '/')
		skip_line(in);
	else
		skip_block(in);
}

static void skip_blanks(struct source *in)
{
	while (in->at < in->end && (is_blank(*in->at) || at_comment(in))) {
		if (is_blank(*in->at))
			in->at++;
		else
			skip_comment(in);
	}
}

/* At a quote; the text between, empty when it does not end on its line. */
static struct imp_slice read_string(struct source *in)
{
	char quote = *in->at;
	const char *start = ++in->at;

	for (; in->at < in->end && *in->at != '\n'; in->at++) {
		if (*in->at == '\\' && in->at + 1 < in->end)
			in->at++;
		else if (*in->at == quote) {
			in->at++;
			return imp_slice(start, (size_t)(in->at - 1 - start));
		}
	}
	return imp_slice("", 0);
}

/* To the end of the template or to the "${" in it. */
static void skip_template(struct source *in)
{
	for (; in->at < in->end; in->at++) {
		if (*in->at == '\\') {
			if (++in->at == in->end)
				return;
		} else if (*in->at == '`') {
			in->at++;
			in->before = 'a';
			return;
		} else if (*in->at == '$' && in->end - in->at > 1 && in->at[1] == '{' &&
			   in->templates < MAX_TEMPLATES) {
			in->at += 2;
			in->braces[in->templates++] = 0;
			in->before = '{';
			return;
		}
	}
}

/* A slash behind a value divides; elsewhere it starts a regular expression. */
static void skip_slash(struct source *in)
{
	bool in_class = false;
	char before = in->before;

	in->at++;
	in->before = '/';
	if (before == 'a' || before == ')' || before == ']' || before == '}')
		return;
	for (; in->at < in->end && *in->at != '\n'; in->at++) {
		if (*in->at == '\\' && in->at + 1 < in->end)
			in->at++;
		else if (*in->at == '[')
			in_class = true;
		else if (*in->at == ']')
			in_class = false;
		else if (*in->at == '/' && !in_class) {
			in->at++;
			break;
		}
	}
	in->before = 'a';
}

static void skip_brace(struct source *in)
{
	unsigned *braces = in->templates ? &in->braces[in->templates - 1] : NULL;
	char c = *in->at++;

	in->before = c;
	if (!braces)
		return;
	if (c == '{') {
		++*braces;
	} else if (*braces > 0) {
		--*braces;
	} else {
		in->templates--;
		skip_template(in);
	}
}

static bool at_quote(const struct source *in)
{
	return in->at < in->end && (*in->at == '\'' || *in->at == '"');
}

static void add_string(struct source *in)
{
	imp_imports_add(in->imports, imp_slice("", 0), read_string(in));
	in->before = 'a';
}

/* Behind a word: a parenthesis and a literal, also a template without parts. */
static void read_call(struct source *in)
{
	skip_blanks(in);
	if (in->at == in->end || *in->at != '(')
		return;
	in->at++;
	in->before = '(';
	skip_blanks(in);
	if (at_quote(in)) {
		add_string(in);
	} else if (in->at < in->end && *in->at == '`') {
		const char *start = in->at + 1;
		const char *end = memchr(start, '`', (size_t)(in->end - start));
		if (end && !memchr(start, '$', (size_t)(end - start)))
			imp_imports_add(in->imports, imp_slice("", 0),
					imp_slice(start, (size_t)(end - start)));
	}
}

static bool take_resolve(struct source *in)
{
	struct source ahead = *in;
	skip_blanks(&ahead);
	if (ahead.at == ahead.end || *ahead.at != '.')
		return true;
	ahead.at++;
	skip_blanks(&ahead);
	if (ahead.end - ahead.at < 7 || memcmp(ahead.at, "resolve", 7) != 0)
		return false;
	in->at = ahead.at + 7;
	return true;
}

static struct imp_slice read_word(struct source *in)
{
	const char *start = in->at, *at = start, *end = in->end;
	while (at < end && is_word(*at))
		at++;
	in->at = at;
	return imp_slice(start, (size_t)(at - start));
}

/* Words that a value may follow: a slash behind them starts a regular expression. */
static bool is_operator(struct imp_slice word)
{
	static const struct imp_slice words[] = {
		{"in", 2},     {"of", 2},     {"do", 2},     {"new", 3},   {"case", 4},
		{"void", 4},   {"else", 4},   {"await", 5},  {"yield", 5}, {"throw", 5},
		{"return", 6}, {"typeof", 6}, {"delete", 6},
	};
	/* Every word of every source comes by. */
	if (word.len < 2 || word.len > 6)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (word.data[0] == words[i].data[0] && imp_slice_equal(word, words[i]))
			return true;
	return false;
}

static void read_token_word(struct source *in)
{
	bool member = in->before == '.';
	struct imp_slice word = read_word(in);

	in->before = !member && is_operator(word) ? '(' : 'a';
	if (word.len < 4 || member)
		return;
	if (imp_slice_is(word, "require")) {
		if (take_resolve(in))
			read_call(in);
	} else if (imp_slice_is(word, "import") || imp_slice_is(word, "from")) {
		skip_blanks(in);
		if (at_quote(in))
			add_string(in);
		else if (word.len == 6)
			read_call(in);
	}
}

/* "...": what is spread is no member of what stands before. */
static void skip_dots(struct source *in)
{
	bool spread = in->end - in->at >= 3 && in->at[1] == '.' && in->at[2] == '.';

	in->before = spread ? '(' : '.';
	in->at += spread ? 3 : 1;
}

enum { WORD_BYTES = 7 }; /* the longest: "require" */

/* Whether one of the IMP_SCAN_STEP places from AT on may start "require", "import" or
 * "from"; that many and WORD_BYTES more are readable. */
static bool may_start(const char *at)
{
	imp_bytes16 first = imp_scan_load(at), third = imp_scan_load(at + 2);
	imp_bytes16 fourth = imp_scan_load(at + 3), sixth = imp_scan_load(at + 5);

	return imp_scan_any(
		(imp_bytes16)(((third == 'q') & (fourth == 'u')) |
			      ((first == 'i') & (third == 'p') & (sixth == 't')) |
			      ((first == 'f') & (third == 'o') & (fourth == 'm'))));
}

/* Whether a word at AT is followed by what names a module, or by what may be a comment
 * before that. */
static bool may_ask(struct imp_slice source, const char *at)
{
	struct source in = {.at = at, .end = source.data + source.len};

	if (at > source.data && is_word(at[-1]))
		return false;
	struct imp_slice word = read_word(&in);
	bool require = imp_slice_is(word, "require");
	bool import = imp_slice_is(word, "import");
	if (!require && !import && !imp_slice_is(word, "from"))
		return false;
	while (in.at < in.end && is_blank(*in.at))
		in.at++;
	if (in.at == in.end)
		return false;
	if (require)
		return *in.at == '(' || *in.at == '.' || *in.at == '/';
	return at_quote(&in) || *in.at == '/' || (import && *in.at == '(');
}

/* Behind the start of the last word that may ask for a module. */
static const char *end_of_words(struct imp_slice source)
{
	const char *end = source.data + source.len, *at = end;

	while (at > source.data) {
		size_t before = (size_t)(at - source.data);
		size_t places = before < IMP_SCAN_STEP ? before : IMP_SCAN_STEP;
		at -= places;
		if (places == IMP_SCAN_STEP && end - at >= IMP_SCAN_STEP + WORD_BYTES &&
		    !may_start(at))
			continue;
		for (size_t i = places; i-- > 0;)
			if (may_ask(source, at + i))
				return at + i + 1;
	}
	return at;
}

void imp_imports_javascript(struct imp_imports *imports, struct imp_slice source)
{
	struct source in = {
		.imports = imports,
		.at = source.data,
		.end = source.data + source.len,
		.before = '(',
	};
	const char *words_end = end_of_words(source);

	while (in.at < words_end) {
		char c = *in.at;
		if (is_word(c)) {
			read_token_word(&in);
		} else if (is_blank(c)) {
			in.at++;
		} else if (c == '\'' || c == '"') {
			read_string(&in);
			in.before = 'a';
		} else if (c == '`') {
			in.at++;
			skip_template(&in);
		} else if (c == '/' && at_comment(&in)) {
			skip_comment(&in);
		} else if (c == '/') {
			skip_slash(&in);
		} else if (c == '{' || c == '}') {
			skip_brace(&in);
		} else if (c == '.') {
			skip_dots(&in);
		} else {
			in.before = c;
			in.at++;
		}
	}
}
