#include "trail.h"

#include "shell_words.h"

bool imp_word_in(struct imp_slice word, const char *words)
{
	struct imp_slice rest = imp_slice_of(words);

	while (rest.data)
		if (imp_slice_equal(imp_slice_cut(&rest, ' '), word))
			return true;
	return false;
}

bool imp_name_in(struct imp_slice name, const char *words)
{
	return imp_word_in(imp_slice_basename(name), words);
}

bool imp_name_is(struct imp_slice name, const char *word)
{
	return imp_slice_is(imp_slice_basename(name), word);
}

/* Whether the same words from the same folder came before. */
static bool is_known(struct imp_trail *trail, const struct imp_command *command)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf key = {0};

	imp_strbuf_printf(&key, "%u %u", command->folder, command->bin);
	for (size_t i = 0; i < command->argc; i++) {
		imp_strbuf_add_char(&key, '\0');
		imp_strbuf_add_slice(&key, command->argv[i]);
	}
	if (imp_map_get(&trail->seen, imp_strbuf_slice(&key), NULL))
		return true;
	imp_map_set(&trail->seen, imp_arena_copy(trail->arena, imp_strbuf_slice(&key)),
		    1);
	return false;
}

void imp_trail_command(struct imp_trail *trail, const struct imp_command *command)
{
	struct imp_command copy = *command;

	if (command->argc == 0 || command->depth > IMP_MAX_STARTED_DEPTH ||
	    is_known(trail, command))
		return;
	if (trail->command_count == IMP_MAX_STARTED) {
		imp_trail_unreadable(trail, "too many commands are started to follow");
		return;
	}
	if (copy.argc > IMP_MAX_WORDS)
		copy.argc = IMP_MAX_WORDS;
	copy.argv = imp_arena_array(trail->arena, copy.argc, sizeof(*copy.argv));
	for (size_t i = 0; i < copy.argc; i++)
		copy.argv[i] = imp_arena_copy(trail->arena, command->argv[i]);
	trail->commands = imp_xgrow(trail->commands, &trail->command_capacity,
				    trail->command_count + 1, sizeof(copy));
	trail->commands[trail->command_count++] = copy;
}

/* What a shell's text is read with. */
struct text {
	struct imp_trail *trail;
	const struct imp_command *command;
	const struct imp_slice *argv;
	size_t argc;
	uint32_t folder; /* that `cd` led to */
};

static struct imp_slice variable(void *context, struct imp_slice name)
{
	const struct text *text = context;
	unsigned long long place;

	if (imp_slice_u64(name, &place))
		return place < text->argc ? text->argv[place] : IMP_SLICE("");
	return imp_trail_env(text->trail, name);
}

/* Builtins in front of what is really run; `set -- x "$@"` names what "$@" is later. */
static size_t builtin_words(const struct imp_shell_word *words, size_t count)
{
	size_t at = 0;

	if (imp_word_in(words[0].text, "command builtin")) {
		at = 1;
	} else if (imp_slice_is(words[0].text, "exec")) {
		at = 1;
		while (at < count && imp_slice_starts(words[at].text, IMP_SLICE("-")))
			at += imp_slice_is(words[at].text, "-a") ? 2 : 1;
	} else if (imp_slice_is(words[0].text, "set") && count > 2 &&
		   imp_slice_is(words[1].text, "--")) {
		at = 2;
	} else if (imp_slice_is(words[0].text, "trap") && count > 1) {
		at = count;
	}
	return at < count ? at : count;
}

/* `cd DIR`: true when it is one. Where nobody knows DIR all stays as it is. */
static bool change_folder(struct text *text, const struct imp_shell_word *words,
			  size_t count)
{
	const struct imp_tree *tree = text->trail->tree;
	size_t at = 1;

	if (imp_slice_is(words[0].text, "popd"))
		text->folder = text->command->folder;
	if (!imp_word_in(words[0].text, "cd pushd"))
		return imp_slice_is(words[0].text, "popd");
	while (at < count && imp_word_in(words[at].text, "-L -P -e -n --"))
		at++;
	if (at == count || words[at].unknown || words[at].arguments)
		return true;
	uint32_t node = imp_tree_resolve(tree, text->folder, words[at].text);
	if (imp_slice_is(words[at].text, "-"))
		text->folder = text->command->folder;
	else if (node != IMP_NONE && imp_tree_node(tree, node)->directory)
		text->folder = node;
	return true;
}

static bool names_file_in(const struct text *text, const struct imp_shell_word *words,
			  size_t count, uint32_t folder)
{
	for (size_t i = 0; i < count; i++)
		if (words[i].text.len > 0 && !memchr("-/", words[i].text.data[0], 2) &&
		    imp_tree_resolve(text->trail->tree, folder, words[i].text) !=
			    IMP_NONE)
			return true;
	return false;
}

/* A `cd` in a subshell or a branch may hold no longer: then words name files of the folder before. */
static uint32_t folder_of(const struct text *text, const struct imp_shell_word *words,
			  size_t count)
{
	uint32_t before = text->command->folder;
	bool is_before = text->folder != before &&
			 !names_file_in(text, words, count, text->folder) &&
			 names_file_in(text, words, count, before);

	return is_before ? before : text->folder;
}

static void add_words(const struct text *text, const struct imp_shell_word *words,
		      size_t count, bool certain)
{
	imp_auto_free struct imp_slice *argv =
		imp_xcalloc(count + text->argc + 1, sizeof(*argv));
	struct imp_command command = *text->command;
	bool spent = false;

	command.argv = argv;
	command.argc = 0;
	command.certain = certain;
	command.script = false;
	command.shell = true;
	command.folder = folder_of(text, words, count);
	for (size_t i = 0; i < count; i++) {
		if (words[i].arguments && !spent) {
			for (size_t k = 1; k < text->argc; k++)
				argv[command.argc++] = text->argv[k];
			spent = true;
		} else if (!words[i].unknown || words[i].text.len > 0) {
			argv[command.argc++] = words[i].text;
		}
	}
	imp_trail_command(text->trail, &command);
}

/* Words whose value the image does not say: "exec $TOOL" may be anything. */
static bool names_nothing(const struct imp_shell_word *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!words[i].unknown || words[i].arguments)
			return false;
	return true;
}

static void take_command(void *context, const struct imp_shell_word *words, size_t count)
{
	struct text *text = context;
	size_t skip = builtin_words(words, count);
	bool exec = imp_slice_is(words[0].text, "exec");

	words += skip;
	count -= skip;
	if (count == 0 || change_folder(text, words, count))
		return;
	while (count > 0 && words[0].unknown && !words[0].arguments &&
	       words[0].text.len == 0 && !names_nothing(words, count)) {
		words++;
		count--;
	}
	if (words[0].unknown && !words[0].arguments) {
		if (exec)
			imp_trail_unreadable(
				text->trail,
				imp_trail_say(text->trail, "",
					      imp_slice_of(text->command->origin),
					      " runs a command that a variable names"));
		return;
	}
	/* sh -c TEXT without anything else is what its caller started. */
	bool arguments = exec && words[0].arguments;
	add_words(text, words, count,
		  text->command->certain && (arguments || !text->command->script));
}

void imp_trail_shell(struct imp_trail *trail, const struct imp_command *command,
		     struct imp_slice text, const struct imp_slice *argv, size_t argc)
{
	struct text context = {trail, command, argv, argc, command->folder};
	struct imp_shell shell = {
		.text = text,
		.variable = variable,
		.command = take_command,
		.context = &context,
	};

	if (!imp_shell_read(&shell))
		imp_trail_unreadable(
			trail, imp_trail_say(trail, "", imp_slice_of(command->origin),
					     " starts a script that is too long"));
}
