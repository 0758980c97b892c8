/*
 * A shell's text as commands of words, as far as words tell without running anything:
 * quotes, escapes, separators, keywords, redirections, here-documents, variables. Commands in
 * functions, branches and substitutions count: all may run (classification.md 5.1).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "imgprof/slice.h"

enum {
	IMP_SHELL_TEXT_BYTES = 64 << 10, /* what is read of a text */
	IMP_SHELL_WORDS = 1024,          /* of one command; the rest is left out */
	IMP_SHELL_COMMANDS = 8192,       /* of one text */
};

struct imp_shell_word {
	struct imp_slice text;
	bool unknown;   /* holds an expansion whose value is not known */
	bool arguments; /* "$@" or "$*": all arguments of the script */
};

struct imp_shell {
	struct imp_slice text;
	/* The value of a variable that the text itself did not set; data NULL: not known. Also for
	 * "0" to "9". */
	struct imp_slice (*variable)(void *context, struct imp_slice name);
	/* WORDS hold until it returns. */
	void (*command)(void *context, const struct imp_shell_word *words, size_t count);
	void *context;
};

/* false when there was more than the limits let through. */
bool imp_shell_read(const struct imp_shell *shell);
