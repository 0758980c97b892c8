/* Words as they end: what belongs to a command, and what is said around one. */
#include "shell_reader.h"

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

void imp_shell_forget_command(struct imp_shell_reader *reader)
{
	imp_strbuf_reset(&reader->bytes);
	reader->count = 0;
	reader->word_start = 0;
	reader->skip_command = false;
	reader->redirect = reader->heredoc = false;
}

struct imp_slice imp_shell_word_text(const struct imp_shell_reader *reader, size_t i)
{
	const struct imp_shell_place *word = &reader->words[i];

	return imp_slice(imp_strbuf_slice(&reader->bytes).data + word->start,
			 word->end - word->start);
}

void imp_shell_end_command(struct imp_shell_reader *reader)
{
	struct imp_shell_word words[IMP_SHELL_WORDS];

	imp_shell_end_word(reader);
	if (reader->count > 0 && !reader->skip_command) {
		for (size_t i = 0; i < reader->count; i++)
			words[i] = (struct imp_shell_word){
				.text = imp_shell_word_text(reader, i),
				.unknown = reader->words[i].unknown,
				.arguments = reader->words[i].arguments,
			};
		if (reader->commands++ < IMP_SHELL_COMMANDS)
			reader->shell->command(reader->shell->context, words,
					       reader->count);
		else
			reader->cut = true;
	}
	imp_shell_forget_command(reader);
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
	    is_exporter(imp_shell_word_text(reader, 0)))
		take_assignment(reader, word);
	if (elsewhere || reader->skip_command ||
	    (reader->count == 0 && take_keyword(reader, word)))
		imp_strbuf_truncate(&reader->bytes, reader->word_start);
	else
		keep_word(reader);
	reader->in_word = reader->quoted = reader->unknown = reader->arguments = false;
	reader->word_start = reader->bytes.len;
}
