#include "shell_words.h"

#include <stdlib.h>

#include "shell_reader.h"

/* Bytes looked at for one text, substitutions read again. */
enum { MAX_WORK_BYTES = 16 * IMP_SHELL_TEXT_BYTES };

/* Before a command, and no part of it. */
static const char *const keywords[] = {
	"if", "then", "elif", "else", "fi", "while", "until", "do",     "done",
	"{",  "}",    "!",    "time", "in", "esac",  "--",    "coproc",
};

void imp_shell_add(struct imp_shell_reader *reader, char c)
{
	if (!reader->in_word)
		reader->word_start = reader->bytes.len;
	reader->in_word = true;
	if (reader->bytes.len - reader->word_start < IMP_SHELL_WORD_BYTES)
		imp_strbuf_add_char(&reader->bytes, c);
	else
		reader->cut = true;
}

static void forget_command(struct imp_shell_reader *reader)
{
	imp_strbuf_reset(&reader->bytes);
	reader->count = 0;
	reader->word_start = 0;
	reader->skip_command = false;
	reader->redirect = reader->heredoc = false;
}

static struct imp_slice word_text(const struct imp_shell_reader *reader, size_t i)
{
	const struct imp_shell_place *word = &reader->words[i];

	return imp_slice(imp_strbuf_slice(&reader->bytes).data + word->start,
			 word->end - word->start);
}

static void end_command(struct imp_shell_reader *reader)
{
	struct imp_shell_word words[IMP_SHELL_WORDS];

	imp_shell_end_word(reader);
	if (reader->count > 0 && !reader->skip_command) {
		for (size_t i = 0; i < reader->count; i++)
			words[i] = (struct imp_shell_word){
				.text = word_text(reader, i),
				.unknown = reader->words[i].unknown,
				.arguments = reader->words[i].arguments,
			};
		if (reader->commands++ < IMP_SHELL_COMMANDS)
			reader->shell->command(reader->shell->context, words,
					       reader->count);
		else
			reader->cut = true;
	}
	forget_command(reader);
}

/* NAME=value in front of a command. */
static bool take_assignment(struct imp_shell_reader *reader, struct imp_slice word)
{
	struct imp_slice value = word, name = imp_slice_cut(&value, '=');

	if (!value.data || name.len == 0)
		return false;
	if (name.data[name.len - 1] == '+')
		name.len--;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.data[i];
		bool digit = c >= '0' && c <= '9' && i > 0;
		if (!digit && c != '_' && !(c >= 'a' && c <= 'z') &&
		    !(c >= 'A' && c <= 'Z'))
			return false;
	}
	imp_shell_assign(reader, name, value, reader->unknown || value.data[-2] == '+');
	return true;
}

static bool is_keyword(struct imp_slice word)
{
	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++)
		if (imp_slice_is(word, keywords[i]))
			return true;
	return false;
}

/* A word where a command may begin: true when it is none of the command's. */
static bool take_keyword(struct imp_shell_reader *reader, struct imp_slice word)
{
	if (reader->unknown && word.len == 0)
		return false;
	if (take_assignment(reader, word))
		return true;
	if (reader->quoted)
		return false;
	if (imp_slice_is(word, "case")) {
		reader->case_head = true;
		return true;
	}
	if (imp_slice_is(word, "esac") && reader->case_depth > 0)
		reader->case_depth--;
	if (imp_slice_is(word, "for") || imp_slice_is(word, "select") ||
	    imp_slice_is(word, "function")) {
		reader->skip_command = true;
		return true;
	}
	return is_keyword(word);
}

/* Words that name no command: of redirections, of the head and the patterns of a case. */
static bool take_elsewhere(struct imp_shell_reader *reader, struct imp_slice word)
{
	if (reader->redirect) {
		if (reader->heredoc && reader->heredoc_count < IMP_SHELL_HEREDOCS)
			reader->heredocs[reader->heredoc_count++] =
				imp_arena_copy(reader->arena, word);
		reader->redirect = reader->heredoc = false;
		return true;
	}
	if (reader->case_head) {
		if (imp_slice_is(word, "in")) {
			reader->case_head = false;
			reader->pattern = true;
			reader->case_depth++;
		}
		return true;
	}
	if (reader->pattern && imp_slice_is(word, "esac")) {
		reader->pattern = false;
		reader->case_depth -= reader->case_depth > 0;
	} else if (!reader->pattern) {
		return false;
	}
	return true;
}

static bool is_exporter(struct imp_slice word)
{
	return imp_slice_is(word, "export") || imp_slice_is(word, "local") ||
	       imp_slice_is(word, "readonly") || imp_slice_is(word, "declare");
}

static void keep_word(struct imp_shell_reader *reader)
{
	if (reader->count == IMP_SHELL_WORDS) {
		reader->cut = true;
		imp_strbuf_truncate(&reader->bytes, reader->word_start);
		return;
	}
	reader->words[reader->count++] = (struct imp_shell_place){
		.start = reader->word_start,
		.end = reader->bytes.len,
		.unknown = reader->unknown,
		/* only when it is the whole word */
		.arguments = reader->arguments && reader->bytes.len == reader->word_start,
	};
}

void imp_shell_end_word(struct imp_shell_reader *reader)
{
	if (!reader->in_word)
		return;
	struct imp_slice word =
		imp_slice_skip(imp_strbuf_slice(&reader->bytes), reader->word_start);
	bool elsewhere = take_elsewhere(reader, word);

	if (!elsewhere && !reader->skip_command && reader->count > 0 &&
	    is_exporter(word_text(reader, 0)))
		take_assignment(reader, word);
	if (elsewhere || reader->skip_command ||
	    (reader->count == 0 && take_keyword(reader, word)))
		imp_strbuf_truncate(&reader->bytes, reader->word_start);
	else
		keep_word(reader);
	reader->in_word = reader->quoted = reader->unknown = reader->arguments = false;
	reader->word_start = reader->bytes.len;
}

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
		end_command(reader);
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
		forget_command(reader);
		reader->at += 2;
	} else if (imp_shell_peek(reader, 1) == '(') { /* arithmetic */
		reader->at++;
		imp_shell_balanced(reader, '(', ')');
	} else {
		end_command(reader);
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
		forget_command(reader);
		return;
	}
	end_command(reader);
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
	end_command(reader);
	reader->at++;
	if (c == ';' && (next == ';' || next == '&')) {
		reader->pattern = reader->case_depth > 0;
		reader->at++;
	}
}

/* Between [[ and ]] operators are words. */
static bool in_condition(const struct imp_shell_reader *reader)
{
	return reader->count > 0 && imp_slice_is(word_text(reader, 0), "[[") &&
	       !imp_slice_is(word_text(reader, reader->count - 1), "]]");
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
		end_command(reader);
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
	end_command(reader);
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
