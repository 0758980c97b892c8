/*
 * One created_by as people wrote it in their Dockerfile (reference/formats.md 9.2). The
 * raw forms are not quoted, so taking them apart is a guess; what it must never do is
 * show the value of a build argument, for these hold secrets.
 */
#include "imgprof/image.h"

#include "ascii_priv.h"

/* Every run of white space as one space, none at the ends. */
static struct imp_slice collapse(struct imp_slice text, struct imp_arena *arena)
{
	char *out = imp_arena_alloc(arena, text.len + 1);
	size_t len = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (!imp_is_space(text.data[i]))
			out[len++] = text.data[i];
		else if (len != 0 && out[len - 1] != ' ')
			out[len++] = ' ';
	}
	if (len != 0 && out[len - 1] == ' ')
		len--;
	out[len] = '\0';
	return imp_slice(out, len);
}

static struct imp_slice join(struct imp_slice a, struct imp_slice b,
			     struct imp_arena *arena)
{
	char *out = imp_arena_alloc(arena, a.len + b.len + 1);
	memcpy(out, a.data, a.len);
	memcpy(out + a.len, b.data, b.len);
	return imp_slice(out, a.len + b.len);
}

/* The word up to the next space; *REST moves behind it. At the end *REST is empty. */
static struct imp_slice take_word(struct imp_slice *rest)
{
	struct imp_slice word = imp_slice_cut(rest, ' ');
	if (!rest->data)
		*rest = imp_slice(word.data + word.len, 0);
	return word;
}

enum shell {
	SHELL_NONE,
	SHELL_POSIX,
	SHELL_CMD,
	SHELL_POWERSHELL,
};

/* The name of a program without its folders and a ".exe". */
static struct imp_slice program_name(struct imp_slice word)
{
	struct imp_slice name = imp_slice_basename(word);
	const char *backslash = name.len ? memrchr(name.data, '\\', name.len) : NULL;
	if (backslash)
		name = imp_slice_skip(name, (size_t)(backslash - name.data) + 1);
	if (name.len > 4 &&
	    imp_equal_ignoring_case(imp_slice_skip(name, name.len - 4), ".exe"))
		name.len -= 4;
	return name;
}

static enum shell which_shell(struct imp_slice word)
{
	static const struct {
		const char *name;
		enum shell shell;
	} shells[] = {
		{"sh", SHELL_POSIX},        {"bash", SHELL_POSIX},
		{"ash", SHELL_POSIX},       {"dash", SHELL_POSIX},
		{"ksh", SHELL_POSIX},       {"mksh", SHELL_POSIX},
		{"zsh", SHELL_POSIX},       {"fish", SHELL_POSIX},
		{"cmd", SHELL_CMD},         {"powershell", SHELL_POWERSHELL},
		{"pwsh", SHELL_POWERSHELL},
	};
	struct imp_slice name = program_name(word);
	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
		if (imp_equal_ignoring_case(name, shells[i].name))
			return shells[i].shell;
	return SHELL_NONE;
}

enum option {
	OPTION_NONE,
	OPTION_PLAIN,
	OPTION_WITH_VALUE,
	OPTION_COMMAND, /* the command line follows */
};

/* -c, -ec, -o pipefail, --login */
static enum option posix_option(struct imp_slice word)
{
	if (word.len < 2 || (word.data[0] != '-' && word.data[0] != '+'))
		return OPTION_NONE;
	if (word.data[1] == '-')
		return OPTION_PLAIN;
	switch (word.data[word.len - 1]) {
	case 'c':
		return OPTION_COMMAND;
	case 'o':
	case 'O':
		return OPTION_WITH_VALUE;
	default:
		return OPTION_PLAIN;
	}
}

static enum option shell_option(enum shell shell, struct imp_slice word)
{
	switch (shell) {
	case SHELL_POSIX:
		return posix_option(word);
	case SHELL_CMD:
		if (imp_equal_ignoring_case(word, "/c"))
			return OPTION_COMMAND;
		return word.len == 2 && word.data[0] == '/' ? OPTION_PLAIN : OPTION_NONE;
	case SHELL_POWERSHELL:
		if (imp_equal_ignoring_case(word, "-command"))
			return OPTION_COMMAND;
		if (imp_equal_ignoring_case(word, "-executionpolicy"))
			return OPTION_WITH_VALUE;
		return word.len > 1 && word.data[0] == '-' ? OPTION_PLAIN : OPTION_NONE;
	case SHELL_NONE:
		break;
	}
	return OPTION_NONE;
}

/* Takes a shell and its options up to the command line off the front of *TEXT. */
static bool take_shell(struct imp_slice *text)
{
	/* Bounded, for this is tried at every word of a text. */
	enum { OPTIONS_MAX = 16 };
	struct imp_slice rest = *text;
	enum shell shell = which_shell(take_word(&rest));
	if (shell == SHELL_NONE)
		return false;
	for (size_t i = 0; i < OPTIONS_MAX; i++) {
		switch (shell_option(shell, take_word(&rest))) {
		case OPTION_NONE:
			return false;
		case OPTION_PLAIN:
			break;
		case OPTION_WITH_VALUE:
			take_word(&rest);
			break;
		case OPTION_COMMAND:
			*text = rest;
			return true;
		}
	}
	return false;
}

static bool is_key_letter(char c)
{
	return imp_is_alnum(c) || c == '_' || c == '-' || c == '.';
}

/* KEY=... */
static bool is_assignment(struct imp_slice word)
{
	struct imp_slice value = word;
	struct imp_slice key = imp_slice_cut(&value, '=');
	return value.data && key.len != 0 && imp_all(key, is_key_letter);
}

/* Takes "|N" off the front of *TEXT. */
static bool take_argument_count(struct imp_slice *text, unsigned long long *count)
{
	struct imp_slice rest = *text;
	struct imp_slice word = take_word(&rest);
	if (word.len == 0 || word.data[0] != '|' ||
	    !imp_slice_u64(imp_slice_skip(word, 1), count))
		return false;
	*text = rest;
	return true;
}

/*
 * TEXT is COUNT arguments, a shell and the command, joined by spaces. A value may itself
 * hold a shell, so the last one counts: a command may lose its front, but no value is
 * taken for a command. COUNT is of arguments (docker) or of words (buildah), so at least
 * as many words stand before the shell. Returns how many shells there are.
 */
static size_t find_command(struct imp_slice text, unsigned long long count,
			   struct imp_slice *command)
{
	unsigned long long words = 0;
	size_t shells = 0;
	for (struct imp_slice rest = text; rest.len != 0; words++) {
		struct imp_slice at = rest;
		struct imp_slice word = take_word(&rest);
		if (words == 0 && !is_assignment(word))
			return 0;
		if (words < count || !take_shell(&at))
			continue;
		*command = at;
		shells++;
	}
	return shells;
}

/* What a RUN ran: without build arguments and shell. */
static struct imp_slice clean_command(struct imp_slice text, struct imp_arena *arena)
{
	unsigned long long count;
	if (!take_argument_count(&text, &count) || count == 0) {
		take_shell(&text);
		return text;
	}
	struct imp_slice command;
	switch (find_command(text, count, &command)) {
	case 0:
		return imp_slice_of(imp_arena_printf(
			arena, "(a command behind %llu build argument%s, not shown)",
			count, count == 1 ? "" : "s"));
	case 1:
		return command;
	default:
		return join(IMP_SLICE("... "), command, arena);
	}
}

static struct imp_slice as_run(struct imp_slice command, struct imp_arena *arena)
{
	return command.len ? join(IMP_SLICE("RUN "), command, arena) : IMP_SLICE("RUN");
}

static struct imp_slice clean_classic(struct imp_slice text, struct imp_arena *arena)
{
	static const struct imp_slice nop = IMP_SLICE("#(nop)");
	struct imp_slice command = clean_command(text, arena);
	if (command.data == text.data)
		return text;
	if (!imp_slice_starts(command, nop))
		return as_run(command, arena);
	command = imp_slice_skip(command, nop.len);
	return imp_slice_skip(command, command.len != 0 && command.data[0] == ' ');
}

struct imp_slice imp_instruction_clean(struct imp_slice created_by,
				       struct imp_slice comment, struct imp_arena *arena)
{
	static const struct imp_slice suffix = IMP_SLICE("# buildkit");
	static const struct imp_slice run = IMP_SLICE("RUN ");
	struct imp_slice text = collapse(created_by, arena);
	if (imp_slice_is(comment, "buildkit.exporter.image.v0"))
		return text;
	if (imp_slice_ends(text, suffix)) {
		text.len -= suffix.len;
		if (text.len != 0 && text.data[text.len - 1] == ' ')
			text.len--;
	}
	if (imp_slice_starts(text, run))
		return as_run(clean_command(imp_slice_skip(text, run.len), arena), arena);
	return clean_classic(text, arena);
}
