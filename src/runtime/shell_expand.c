#include "shell_reader.h"

static bool is_name_start(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

/* The name at the start of TEXT: letters and digits, or one digit. */
static struct imp_slice name_at(struct imp_slice text)
{
	size_t len = 0;

	if (text.len > 0 && is_digit((unsigned char)text.data[0]))
		return imp_slice(text.data, 1);
	while (len < text.len && (is_name_start((unsigned char)text.data[len]) ||
				  (len > 0 && is_digit((unsigned char)text.data[len]))))
		len++;
	return imp_slice(text.data, len);
}

void imp_shell_assign(struct imp_shell_reader *reader, struct imp_slice name,
		      struct imp_slice value, bool unknown)
{
	if (reader->value_count == IMP_SHELL_COMMANDS)
		return;
	if (unknown) {
		imp_map_set(&reader->assigned, imp_arena_copy(reader->arena, name), 0);
		return;
	}
	reader->values = imp_xgrow(reader->values, &reader->value_capacity,
				   reader->value_count + 1, sizeof(*reader->values));
	reader->values[reader->value_count++] = imp_arena_copy(reader->arena, value);
	imp_map_set(&reader->assigned, imp_arena_copy(reader->arena, name),
		    reader->value_count);
}

/* data NULL when not known. */
static struct imp_slice value_of(const struct imp_shell_reader *reader,
				 struct imp_slice name)
{
	uint64_t place;

	if (imp_map_get(&reader->assigned, name, &place))
		return place ? reader->values[place - 1] : (struct imp_slice){0};
	return reader->shell->variable(reader->shell->context, name);
}

static void mark_unknown(struct imp_shell_reader *reader)
{
	if (!reader->in_word)
		reader->word_start = reader->bytes.len;
	reader->in_word = true;
	reader->unknown = true;
}

static void mark_arguments(struct imp_shell_reader *reader)
{
	mark_unknown(reader);
	reader->arguments = true;
}

/* Outside of quotes a value's white space parts words. */
static void add_value(struct imp_shell_reader *reader, struct imp_slice value,
		      bool quoted)
{
	if (!value.data) {
		mark_unknown(reader);
		return;
	}
	for (size_t i = 0; i < value.len; i++) {
		bool parts = memchr(" \t\n", value.data[i], 3) != NULL;
		if (parts && !quoted)
			imp_shell_end_word(reader);
		else
			imp_shell_add(reader, value.data[i]);
	}
}

struct imp_slice imp_shell_balanced(struct imp_shell_reader *reader, char open,
				    char close)
{
	size_t start = reader->at;
	unsigned depth = 1;
	char quote = 0;

	for (; reader->at < reader->text.len; reader->at++) {
		char c = reader->text.data[reader->at];
		if (c == '\\' && quote != '\'') {
			reader->at++;
		} else if (quote) {
			quote = c == quote ? 0 : quote;
		} else if (c == '\'' || c == '"') {
			quote = c;
		} else if (c == close && --depth == 0) {
			reader->at++;
			return imp_slice(reader->text.data + start,
					 reader->at - 1 - start);
		} else if (c == open) {
			depth++;
		}
	}
	reader->at = reader->text.len;
	return imp_slice(reader->text.data + start, reader->at - start);
}

static void add_range(struct imp_shell_reader *reader, struct imp_slice range)
{
	mark_unknown(reader);
	if (reader->range_count == IMP_SHELL_RANGES)
		reader->cut = true;
	else
		reader->ranges[reader->range_count++] = range;
}

static void expand_backquotes(struct imp_shell_reader *reader)
{
	size_t start = ++reader->at;

	while (reader->at < reader->text.len && reader->text.data[reader->at] != '`')
		reader->at += reader->text.data[reader->at] == '\\' ? 2 : 1;
	if (reader->at > reader->text.len)
		reader->at = reader->text.len;
	add_range(reader, imp_slice(reader->text.data + start, reader->at - start));
	if (reader->at < reader->text.len)
		reader->at++;
}

/* A default that is itself an expansion is not known. */
static bool is_plain(struct imp_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (memchr("$`'\"\\", text.data[i], 5))
			return false;
	return true;
}

/* "NAME", "NAME:-default", "NAME=default", "@", "1+...": other operators are not known. */
static void expand_braces(struct imp_shell_reader *reader, struct imp_slice inside,
			  bool quoted)
{
	struct imp_slice name = name_at(inside);
	struct imp_slice rest = imp_slice_skip(inside, name.len);
	struct imp_slice value =
		name.len ? value_of(reader, name) : (struct imp_slice){0};

	if (imp_slice_starts(inside, IMP_SLICE("@")) ||
	    imp_slice_starts(inside, IMP_SLICE("*")) ||
	    imp_slice_is(inside, "1+\"$@\"")) {
		mark_arguments(reader);
		return;
	}
	if (name.len == 0 || rest.len == 0) {
		add_value(reader, value, quoted);
		return;
	}
	bool colon = rest.data[0] == ':';
	rest = imp_slice_skip(rest, colon);
	if (rest.len == 0 || !memchr("-=", rest.data[0], 2)) {
		mark_unknown(reader);
		return;
	}
	struct imp_slice fallback = imp_slice_skip(rest, 1);
	if (fallback.len >= 2 && fallback.data[0] == '"' &&
	    fallback.data[fallback.len - 1] == '"')
		fallback = imp_slice(fallback.data + 1, fallback.len - 2);
	if (!value.data || (colon && value.len == 0))
		value = is_plain(fallback) ? fallback : (struct imp_slice){0};
	if (rest.data[0] == '=')
		imp_shell_assign(reader, name, value, !value.data);
	add_value(reader, value, quoted);
}

static void expand_dollar(struct imp_shell_reader *reader, bool quoted)
{
	int next = imp_shell_peek(reader, 1);

	reader->at++;
	if (next == '(') {
		bool arithmetic = imp_shell_peek(reader, 1) == '(';
		reader->at++;
		struct imp_slice inside = imp_shell_balanced(reader, '(', ')');
		if (arithmetic)
			mark_unknown(reader);
		else
			add_range(reader, inside);
	} else if (next == '{') {
		reader->at++;
		expand_braces(reader, imp_shell_balanced(reader, '{', '}'), quoted);
	} else if (next == '@' || next == '*') {
		reader->at++;
		mark_arguments(reader);
	} else if (is_name_start(next) || is_digit(next)) {
		struct imp_slice name = name_at(imp_slice_skip(reader->text, reader->at));
		reader->at += name.len;
		add_value(reader, value_of(reader, name), quoted);
	} else if (next >= 0 && memchr("?#$!-", next, 5)) {
		reader->at++;
		mark_unknown(reader);
	} else if (next != '\'' && next != '"') { /* $'..' and $"..": the quotes follow */
		imp_shell_add(reader, '$');
	}
}

void imp_shell_expand(struct imp_shell_reader *reader, bool quoted)
{
	if (imp_shell_peek(reader, 0) == '`')
		expand_backquotes(reader);
	else
		expand_dollar(reader, quoted);
}
