#include "shell_words.h"

#include <stdlib.h>

#include "shell_reader.h"

/* Bytes looked at for one text, substitutions read again. */
enum { MAX_WORK_BYTES = 16 * IMP_SHELL_TEXT_BYTES };

static void begin_word(struct imp_shell_reader *reader)
{
	if (!reader->in_word)
		reader->word_start = reader->bytes.len;
	reader->in_word = reader->quoted = true;
}

static void read_single(struct imp_shell_reader *reader)
{
	begin_word(reader);
	reader->at++;
	for (; imp_shell_peek(reader, 0) >= 0; reader->at++) {
		if (imp_shell_peek(reader, 0) == '\'') {
			reader->at++;
			return;
		}
		imp_shell_add(reader, (char)imp_shell_peek(reader, 0));
	}
}

static void read_double(struct imp_shell_reader *reader)
{
	int c;

	begin_word(reader);
	reader->at++;
	while ((c = imp_shell_peek(reader, 0)) >= 0) {
		if (c == '"') {
			reader->at++;
			return;
		}
		if (c == '$' || c == '`') {
			imp_shell_expand(reader, true);
			continue;
		}
		if (c == '\\' && imp_shell_peek(reader, 1) >= 0) {
			c = imp_shell_peek(reader, 1);
			if (!memchr("$`\"\\\n", c, 5))
				imp_shell_add(reader, '\\');
			reader->at++;
		}
		if (c != '\n' || reader->text.data[reader->at - 1] != '\\')
			imp_shell_add(reader, (char)c);
		reader->at++;
	}
}

static void read_escape(struct imp_shell_reader *reader)
{
	int next = imp_shell_peek(reader, 1);

	reader->at += next < 0 ? 1 : 2;
	if (next >= 0 && next != '\n') {
		begin_word(reader);
		imp_shell_add(reader, (char)next);
	}
}

static void skip_line(struct imp_shell_reader *reader)
{
	while (imp_shell_peek(reader, 0) >= 0 && imp_shell_peek(reader, 0) != '\n')
		reader->at++;
}

/* The bodies of here-documents that the line before has begun. */
static void skip_heredocs(struct imp_shell_reader *reader)
{
	for (size_t i = 0; i < reader->heredoc_count; i++) {
		struct imp_slice rest = imp_slice_skip(reader->text, reader->at);
		while (rest.len > 0) {
			struct imp_slice line = imp_slice_cut(&rest, '\n');
			while (line.len > 0 && line.data[0] == '\t')
				line = imp_slice_skip(line, 1);
			reader->at = reader->text.len - rest.len;
			if (imp_slice_equal(line, reader->heredocs[i]))
				break;
		}
	}
	reader->heredoc_count = 0;
}

/* A number directly in front belongs to the redirection. */
static void drop_descriptor(struct imp_shell_reader *reader)
{
	struct imp_slice word =
		imp_slice_skip(imp_strbuf_slice(&reader->bytes), reader->word_start);

	if (!reader->in_word || word.len != 1 || word.data[0] < '0' || word.data[0] > '9')
		return;
	imp_strbuf_truncate(&reader->bytes, reader->word_start);
	reader->in_word = false;
}

static void read_redirection(struct imp_shell_reader *reader)
{
	int c = imp_shell_peek(reader, 0), next = imp_shell_peek(reader, 1);

	drop_descriptor(reader);
	imp_shell_end_word(reader);
	reader->at++;
	if (next == '(') { /* process substitution: its commands follow */
		reader->at++;
		reader->parens++;
		imp_shell_end_command(reader);
		return;
	}
	reader->redirect = true;
	if (c == '<' && next == '<') {
		reader->heredoc = imp_shell_peek(reader, 1) != '<';
		reader->at += reader->heredoc ? 1 : 2;
		if (reader->heredoc && imp_shell_peek(reader, 0) == '-')
			reader->at++;
	} else if (next == '>' || next == '&' || next == '|') {
		reader->at++;
	}
}

static bool ends_with_equals(const struct imp_shell_reader *reader)
{
	return reader->in_word && reader->bytes.len > reader->word_start &&
	       reader->bytes.data[reader->bytes.len - 1] == '=';
}

static void read_open(struct imp_shell_reader *reader)
{
	bool array = ends_with_equals(reader);

	if (reader->pattern || array) {
		reader->at++;
		if (array) {
			imp_shell_balanced(reader, '(', ')');
			reader->unknown = true;
		}
	} else if (imp_shell_peek(reader, 1) == ')') { /* name(): a function begins */
		imp_shell_end_word(reader);
		imp_shell_forget_command(reader);
		reader->at += 2;
	} else if (imp_shell_peek(reader, 1) == '(') { /* arithmetic */
		reader->at++;
		imp_shell_balanced(reader, '(', ')');
	} else {
		imp_shell_end_command(reader);
		reader->parens++;
		reader->at++;
	}
}

static void read_close(struct imp_shell_reader *reader)
{
	reader->at++;
	if (reader->pattern) {
		imp_shell_end_word(reader);
		reader->pattern = false;
		imp_shell_forget_command(reader);
		return;
	}
	imp_shell_end_command(reader);
	reader->parens -= reader->parens > 0;
}

/* `;;`, `;&` and `;;&` end a branch of a case. */
static void read_separator(struct imp_shell_reader *reader)
{
	int c = imp_shell_peek(reader, 0), next = imp_shell_peek(reader, 1);

	if (c == '&' && next == '>') {
		reader->at++;
		return;
	}
	if (reader->pattern) {
		imp_shell_end_word(reader);
		reader->at++;
		return;
	}
	imp_shell_end_command(reader);
	reader->at++;
	if (c == ';' && (next == ';' || next == '&')) {
		reader->pattern = reader->case_depth > 0;
		reader->at++;
	}
}

/* Between [[ and ]] operators are words. */
static bool in_condition(const struct imp_shell_reader *reader)
{
	return reader->count > 0 && imp_slice_is(imp_shell_word_text(reader, 0), "[[") &&
	       !imp_slice_is(imp_shell_word_text(reader, reader->count - 1), "]]");
}

static void read_operator(struct imp_shell_reader *reader, int c)
{
	if (in_condition(reader)) {
		imp_shell_end_word(reader);
		reader->at++;
		return;
	}
	if (c == '(')
		read_open(reader);
	else if (c == ')')
		read_close(reader);
	else if (c == '<' || c == '>')
		read_redirection(reader);
	else
		read_separator(reader);
}

static void read_newline(struct imp_shell_reader *reader)
{
	if (reader->pattern || reader->case_head)
		imp_shell_end_word(reader);
	else
		imp_shell_end_command(reader);
	reader->at++;
	skip_heredocs(reader);
}

static void read_next(struct imp_shell_reader *reader)
{
	int c = imp_shell_peek(reader, 0);

	if (c == '\n') {
		read_newline(reader);
	} else if (c == ' ' || c == '\t' || c == '\r') {
		imp_shell_end_word(reader);
		reader->at++;
	} else if (c == '#' && !reader->in_word) {
		skip_line(reader);
	} else if (c == '\\') {
		read_escape(reader);
	} else if (c == '\'') {
		read_single(reader);
	} else if (c == '"') {
		read_double(reader);
	} else if (c == '$' || c == '`') {
		imp_shell_expand(reader, false);
	} else if (memchr(";&|()<>", c, 7)) {
		read_operator(reader, c);
	} else {
		imp_shell_add(reader, (char)c);
		reader->at++;
	}
}

static void read_range(struct imp_shell_reader *reader, struct imp_slice range)
{
	reader->text = range;
	reader->at = 0;
	reader->pattern = reader->case_head = false;
	reader->case_depth = reader->parens = 0;
	reader->heredoc_count = 0;
	while (reader->at < reader->text.len)
		read_next(reader);
	imp_shell_end_command(reader);
}

bool imp_shell_read(const struct imp_shell *shell)
{
	struct imp_shell_reader *reader = imp_xcalloc(1, sizeof(*reader));
	size_t work = 0;

	reader->shell = shell;
	reader->arena = imp_arena_create();
	reader->cut = shell->text.len > IMP_SHELL_TEXT_BYTES;
	reader->ranges[reader->range_count++] =
		imp_slice(shell->text.data,
			  reader->cut ? (size_t)IMP_SHELL_TEXT_BYTES : shell->text.len);
	while (reader->range_next < reader->range_count && work < MAX_WORK_BYTES) {
		struct imp_slice range = reader->ranges[reader->range_next++];
		work += range.len;
		read_range(reader, range);
	}
	bool whole = !reader->cut && reader->range_next == reader->range_count;
	imp_map_finish(&reader->assigned);
	imp_strbuf_finish(&reader->bytes);
	imp_arena_destroy(reader->arena);
	free(reader->values);
	free(reader);
	return whole;
}
