/*
 * What a project's own sources set that tells which files it uses, beside what they import: looked
 * for as words, outside of lines that are comments.
 */
#include <stddef.h>

#include "facts_imports.h"

enum { MAX_LIST_BYTES = 16 << 10 };

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

static bool is_quote(char c)
{
	return c == '\'' || c == '"' || c == '`';
}

static bool is_comment(struct imp_slice source, size_t at)
{
	const char *line = at ? memrchr(source.data, '\n', at) : NULL;
	size_t start = line ? (size_t)(line - source.data) + 1 : 0;

	while (start < at && (source.data[start] == ' ' || source.data[start] == '\t'))
		start++;
	char c = source.data[start];
	return c == '#' || c == '*' ||
	       (c == '/' && start + 1 < source.len &&
		(source.data[start + 1] == '/' || source.data[start + 1] == '*'));
}

/* Where WORD stands by itself, at or behind *FROM; source.len: nowhere. */
static size_t find_word(struct imp_slice source, size_t from, struct imp_slice word)
{
	while (from < source.len) {
		struct imp_slice rest = imp_slice_skip(source, from);
		const char *found = memmem(rest.data, rest.len, word.data, word.len);
		if (!found)
			return source.len;
		size_t at = (size_t)(found - source.data), end = at + word.len;
		bool alone = (at == 0 || !is_word(source.data[at - 1])) &&
			     (end == source.len || !is_word(source.data[end]));
		if (alone && !is_comment(source, at))
			return at;
		from = end;
	}
	return source.len;
}

/* "node_modules", "../node_modules/x": a component of a path, in quotes. */
static bool names_modules(struct imp_slice source)
{
	struct imp_slice word = IMP_SLICE("node_modules");

	for (size_t at = find_word(source, 0, word); at < source.len;
	     at = find_word(source, at + word.len, word)) {
		size_t end = at + word.len;
		if (at == 0 || end == source.len)
			continue;
		char before = source.data[at - 1], behind = source.data[end];
		if ((is_quote(before) || before == '/') &&
		    (is_quote(behind) || behind == '/'))
			return true;
	}
	return false;
}

static struct imp_slice skip_any(struct imp_slice rest, const char *bytes)
{
	while (rest.len > 0 && strchr(bytes, rest.data[0]) && rest.data[0] != '\0')
		rest = imp_slice_skip(rest, 1);
	return rest;
}

/* `headless: false`, `headless=False`, `"headless": False` */
static bool opens_windows(struct imp_slice source)
{
	struct imp_slice word = IMP_SLICE("headless");

	for (size_t at = find_word(source, 0, word); at < source.len;
	     at = find_word(source, at + word.len, word)) {
		struct imp_slice rest =
			skip_any(imp_slice_skip(source, at + word.len), "\"' \t");
		if (rest.len == 0 || (rest.data[0] != ':' && rest.data[0] != '='))
			continue;
		rest = skip_any(imp_slice_skip(rest, 1), " \t");
		if (imp_slice_starts(rest, IMP_SLICE("False")) ||
		    imp_slice_starts(rest, IMP_SLICE("false")))
			return true;
	}
	return false;
}

/* "de", "pt-br", "zh_Hans": letters in lower case first. */
static bool is_language(struct imp_slice text)
{
	size_t lower = 0;

	while (lower < text.len && text.data[lower] >= 'a' && text.data[lower] <= 'z')
		lower++;
	if (lower < 2 || lower > 3 || text.len > 16)
		return false;
	for (size_t i = lower; i < text.len; i++)
		if (!is_word(text.data[i]) && text.data[i] != '-' && text.data[i] != '@')
			return false;
	return lower == text.len || !is_word(text.data[lower]) || text.data[lower] == '_';
}

/* At a quote: the text in it, and *REST behind it. */
static struct imp_slice take_string(struct imp_slice *rest)
{
	char quote = rest->data[0];
	struct imp_slice text = imp_slice_skip(*rest, 1);
	const char *end = text.len ? memchr(text.data, quote, text.len) : NULL;

	*rest = end ? imp_slice_skip(text, (size_t)(end - text.data) + 1)
		    : imp_slice("", 0);
	return imp_slice(text.data, end ? (size_t)(end - text.data) : 0);
}

/* A string, or the strings of a list with whatever brackets are in it. */
static void add_languages(struct imp_imports *imports, struct imp_slice rest)
{
	unsigned depth = 0;

	if (rest.len > MAX_LIST_BYTES)
		rest.len = MAX_LIST_BYTES;
	while (rest.len > 0) {
		char c = rest.data[0];
		if (is_quote(c)) {
			struct imp_slice text = take_string(&rest);
			if (is_language(text))
				imp_imports_add(imports, IMP_SLICE("?language="), text);
		} else {
			rest = imp_slice_skip(rest, 1);
			depth += c == '[' || c == '(' || c == '{';
			depth -= depth > 0 && (c == ']' || c == ')' || c == '}');
		}
		if (depth == 0 && c != ' ' && c != '\t')
			return;
	}
}

/* NAME = ..., config["NAME"] = ... */
static void find_languages(struct imp_imports *imports, struct imp_slice source,
			   struct imp_slice name)
{
	for (size_t at = find_word(source, 0, name); at < source.len;
	     at = find_word(source, at + name.len, name)) {
		struct imp_slice rest =
			skip_any(imp_slice_skip(source, at + name.len), "\"'] \t");
		if (imp_slice_starts(rest, IMP_SLICE("=")) &&
		    !imp_slice_starts(rest, IMP_SLICE("==")))
			add_languages(imports, skip_any(imp_slice_skip(rest, 1), " \t"));
	}
}

void imp_imports_settings(struct imp_imports *imports, struct imp_slice source,
			  bool python)
{
	static const struct imp_slice none = {"", 0};

	if (source.len == 0)
		return;
	if (opens_windows(source))
		imp_imports_add(imports, none, IMP_SLICE("?windows"));
	if (!python)
		return;
	if (names_modules(source))
		imp_imports_add(imports, none, IMP_SLICE("?node_modules"));
	find_languages(imports, source, IMP_SLICE("LANGUAGE_CODE"));
	find_languages(imports, source, IMP_SLICE("LANGUAGES"));
	find_languages(imports, source, IMP_SLICE("BABEL_DEFAULT_LOCALE"));
}
