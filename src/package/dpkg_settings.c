/*
 * apt.conf(5): `A::B "value";` and `A { B "value"; };`, mixed at will; names in any case; comments
 * "//", slash-star and "#" but for "#clear". "#include" is not followed.
 */
#include "dpkg_settings.h"

#include <strings.h>

#include "imgprof/strbuf.h"

enum { MAX_DEPTH = 64, MAX_NAME_BYTES = 1024 };

struct reader {
	struct dpkg_settings *settings;
	struct imp_slice rest;
	struct imp_strbuf scope;  /* "APT::AutoRemove::" */
	size_t scopes[MAX_DEPTH]; /* lengths of the scopes around */
	size_t depth;
	bool damaged;
};

enum token {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_TEXT,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_SEMICOLON
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_line(struct imp_slice *rest)
{
	imp_slice_cut(rest, '\n');
}

static bool skip_block_comment(struct imp_slice *rest)
{
	const char *end = memmem(rest->data + 2, rest->len - 2, "*/", 2);

	if (!end)
		return false;
	*rest = imp_slice_skip(*rest, (size_t)(end + 2 - rest->data));
	return true;
}

/* White space and comments; "#clear" stays. */
static void skip_blank(struct reader *reader)
{
	struct imp_slice *rest = &reader->rest;

	while (rest->len > 0) {
		if (is_space(rest->data[0])) {
			*rest = imp_slice_skip(*rest, 1);
		} else if (imp_slice_starts(*rest, IMP_SLICE("//")) ||
			   (rest->data[0] == '#' &&
			    !imp_slice_starts(*rest, IMP_SLICE("#clear")))) {
			skip_line(rest);
		} else if (imp_slice_starts(*rest, IMP_SLICE("/*"))) {
			if (skip_block_comment(rest))
				continue;
			reader->damaged = true;
			*rest = (struct imp_slice){0};
		} else {
			return;
		}
	}
}

static struct imp_slice take_word(struct imp_slice *rest)
{
	size_t len = 0;

	while (len < rest->len && !is_space(rest->data[len]) &&
	       !strchr("{};\"", rest->data[len]))
		len++;
	struct imp_slice word = imp_slice(rest->data, len > 0 ? len : 1);
	*rest = imp_slice_skip(*rest, word.len);
	return word;
}

static enum token next_token(struct reader *reader, struct imp_slice *text)
{
	skip_blank(reader);
	struct imp_slice *rest = &reader->rest;

	if (rest->len == 0)
		return TOKEN_END;
	char c = rest->data[0];
	if (c == '{' || c == '}' || c == ';') {
		*rest = imp_slice_skip(*rest, 1);
		return c == '{' ? TOKEN_OPEN : c == '}' ? TOKEN_CLOSE : TOKEN_SEMICOLON;
	}
	if (c == '"') {
		const char *end = memchr(rest->data + 1, '"', rest->len - 1);
		reader->damaged = reader->damaged || !end;
		*rest = imp_slice_skip(*rest, 1);
		*text = imp_slice_cut(rest, '"');
		return TOKEN_TEXT;
	}
	*text = take_word(rest);
	return TOKEN_WORD;
}

static bool is_one_of(struct imp_slice text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text.len == strlen(words[i]) &&
		    strncasecmp(text.data, words[i], text.len) == 0)
			return true;
	return false;
}

/* As apt's StringToBool: what is neither is the default, true. */
static bool is_true(struct imp_slice value)
{
	static const char *const no[] = {"0", "no", "false", "without", "off", "disable"};

	return !is_one_of(value, no, sizeof(no) / sizeof(no[0]));
}

static bool is_named(const struct reader *reader, struct imp_slice name, const char *full)
{
	size_t len = strlen(full), scope = reader->scope.len;

	return scope + name.len == len &&
	       (scope == 0 || strncasecmp(reader->scope.data, full, scope) == 0) &&
	       (name.len == 0 || strncasecmp(name.data, full + scope, name.len) == 0);
}

static void set(struct reader *reader, struct imp_slice name, bool value)
{
	if (is_named(reader, name, "APT::AutoRemove::RecommendsImportant"))
		reader->settings->recommends_hold = value;
	if (is_named(reader, name, "APT::AutoRemove::SuggestsImportant"))
		reader->settings->suggests_hold = value;
}

/* "#clear APT::AutoRemove;" puts back what stands below the name. */
static void clear(struct reader *reader)
{
	static const char *const all[] = {"APT", "APT::AutoRemove"};
	struct imp_slice name = {0};

	if (next_token(reader, &name) != TOKEN_WORD)
		return;
	bool both = is_one_of(name, all, 2);
	if (both || is_named(reader, name, "APT::AutoRemove::RecommendsImportant"))
		reader->settings->recommends_hold = true;
	if (both || is_named(reader, name, "APT::AutoRemove::SuggestsImportant"))
		reader->settings->suggests_hold = true;
}

static void open_scope(struct reader *reader, struct imp_slice name)
{
	if (reader->depth == MAX_DEPTH || name.len > MAX_NAME_BYTES) {
		reader->damaged = true;
		reader->rest = (struct imp_slice){0};
		return;
	}
	reader->scopes[reader->depth++] = reader->scope.len;
	imp_strbuf_add_slice(&reader->scope, name);
	imp_strbuf_add_text(&reader->scope, "::");
}

static void close_scope(struct reader *reader)
{
	if (reader->depth == 0)
		reader->damaged = true;
	else
		imp_strbuf_truncate(&reader->scope, reader->scopes[--reader->depth]);
}

static void read_tokens(struct reader *reader)
{
	struct imp_slice text = {0}, name = {0}, value = {0};

	for (;;) {
		switch (next_token(reader, &text)) {
		case TOKEN_WORD:
			if (imp_slice_is(text, "#clear"))
				clear(reader);
			else if (!name.data)
				name = text;
			else
				value = text;
			continue;
		case TOKEN_TEXT:
			value = text;
			continue;
		case TOKEN_OPEN:
			open_scope(reader, name);
			break;
		case TOKEN_CLOSE:
			close_scope(reader);
			break;
		case TOKEN_SEMICOLON:
			if (name.data && value.data)
				set(reader, name, is_true(value));
			break;
		case TOKEN_END:
			reader->damaged = reader->damaged || reader->depth > 0 ||
					  name.data || value.data;
			return;
		}
		name = value = (struct imp_slice){0};
	}
}

bool imp_dpkg_settings_read(struct dpkg_settings *settings, struct imp_slice text)
{
	struct reader reader = {.settings = settings, .rest = text};

	read_tokens(&reader);
	imp_strbuf_finish(&reader.scope);
	return !reader.damaged;
}
