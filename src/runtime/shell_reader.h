/* The state of shell_words.c, of the commands that words make (shell_command.c) and of expansions
 * (shell_expand.c). */
#pragma once

#include <stdint.h>

#include "imgprof/arena.h"
#include "imgprof/map.h"
#include "imgprof/strbuf.h"

#include "shell_words.h"

enum {
	IMP_SHELL_RANGES = 512,      /* command substitutions of one text */
	IMP_SHELL_HEREDOCS = 8,      /* waiting for one line's end */
	IMP_SHELL_WORD_BYTES = 8192, /* of one word after expansion */
};

struct imp_shell_place {
	size_t start, end; /* in bytes */
	bool unknown, arguments;
};

struct imp_shell_reader {
	const struct imp_shell *shell;
	struct imp_arena *arena; /* values, delimiters */
	struct imp_map assigned; /* name -> 1 + place in values; 0: not known */
	struct imp_slice *values;
	size_t value_count, value_capacity;

	struct imp_slice text; /* of the range that is read */
	size_t at;
	struct imp_slice ranges[IMP_SHELL_RANGES];
	size_t range_count, range_next;

	struct imp_strbuf bytes; /* of the words of this command, and of the one begun */
	struct imp_shell_place words[IMP_SHELL_WORDS];
	size_t count, commands;
	size_t word_start;
	bool in_word, quoted, unknown, arguments;

	bool redirect;     /* the next word is a redirection's */
	bool heredoc;      /* ... and that of a here-document */
	bool skip_command; /* words up to the separator are no command: for, case, function */
	bool case_head; /* between `case` and `in` */
	bool pattern;   /* of a case, up to its ')' */
	unsigned case_depth, parens;
	struct imp_slice heredocs[IMP_SHELL_HEREDOCS];
	size_t heredoc_count;
	bool cut;
};

/* One byte, or the end (-1) past OFFSET bytes. */
static inline int imp_shell_peek(const struct imp_shell_reader *reader, size_t offset)
{
	return reader->text.len - reader->at > offset
		       ? (unsigned char)reader->text.data[reader->at + offset]
		       : -1;
}

/* The word goes on with C. */
void imp_shell_add(struct imp_shell_reader *reader, char c);
/* The word so far ends, as at white space. */
void imp_shell_end_word(struct imp_shell_reader *reader);
/* ... and with it the command, which is told. */
void imp_shell_end_command(struct imp_shell_reader *reader);
/* The words so far are none of a command. */
void imp_shell_forget_command(struct imp_shell_reader *reader);
/* Word I of the command so far. */
struct imp_slice imp_shell_word_text(const struct imp_shell_reader *reader, size_t i);
void imp_shell_assign(struct imp_shell_reader *reader, struct imp_slice name,
		      struct imp_slice value, bool unknown);
/* At '$' or '`'; QUOTED: within double quotes. Moves behind the expansion. */
void imp_shell_expand(struct imp_shell_reader *reader, bool quoted);
/* Moves behind the CLOSE that ends what begins at the place; OPEN nests. Returns what is
 * between. */
struct imp_slice imp_shell_balanced(struct imp_shell_reader *reader, char open,
				    char close);
