#include "trail.h"

enum { MAX_WRAPPERS = 16 };

static const char shells[] = "sh bash dash ash zsh ksh mksh rbash";
/* Words of a shell that also are small programs of any system. */
static const char builtins[] =
	"echo printf test [ true false kill pwd cd : set unset export read return exit shift "
	"umask wait trap local declare readonly ulimit type hash getopts break continue let "
	"alias shopt [[ ]]";

bool imp_is_shell(struct imp_slice name)
{
	return imp_name_in(name, shells);
}

void imp_trail_run(struct imp_trail *trail, uint32_t node, uint32_t by)
{
	uint32_t record =
		node == IMP_NONE ? IMP_NONE : imp_tree_file_at(trail->tree, node);

	if (record == IMP_NONE || trail->reached[record] & IMP_REACH_RUN)
		return;
	trail->reached[record] |= IMP_REACH_RUN;
	if (trail->reached_from[record] == IMP_NONE && by != record)
		trail->reached_from[record] = by;
	trail->queue = imp_xgrow(trail->queue, &trail->queue_capacity,
				 trail->queue_count + 1, sizeof(*trail->queue));
	trail->queue[trail->queue_count++] = record;
}

void imp_trail_entry(struct imp_trail *trail, const struct imp_graph_start *entry)
{
	if (trail->entry_count == IMP_MAX_ENTRIES)
		return;
	trail->entries = imp_xgrow(trail->entries, &trail->entry_capacity,
				   trail->entry_count + 1, sizeof(*entry));
	trail->entries[trail->entry_count] = *entry;
	if (entry->node == IMP_NONE)
		trail->entries[trail->entry_count].module =
			imp_arena_copy(trail->arena, entry->module);
	trail->entry_count++;
}

static uint32_t add_started(struct imp_trail *trail, const struct imp_command *command,
			    uint32_t program)
{
	trail->started = imp_xgrow(trail->started, &trail->started_capacity,
				   trail->started_count + 1, sizeof(*trail->started));
	trail->started[trail->started_count] = (struct imp_started){
		.origin = command->origin,
		.argv = command->argv,
		.argc = command->argc,
		.program = program,
		.script = IMP_NONE,
		.parent = command->parent,
		.certain = command->certain,
	};
	return (uint32_t)trail->started_count++;
}

void imp_trail_read_script(struct imp_trail *trail, const struct imp_command *command,
			   uint32_t started, uint32_t node)
{
	const struct imp_live_file *file = imp_contents_at(trail->input->contents, node);
	uint32_t record = imp_tree_file_at(trail->tree, node);
	struct imp_command child = *command;

	if (!file || file->cut) {
		if (command->certain || !imp_trail_swept(trail, record))
			imp_trail_unreadable(
				trail,
				imp_trail_say(trail, "", imp_trail_path(trail, node),
					      " is too large or was not read"));
		return;
	}
	child.origin = imp_trail_name(trail, node);
	child.parent = started;
	child.by = record;
	child.depth++;
	child.script = true;
	imp_trail_shell(trail, &child, file->content, command->argv, command->argc);
}

/* The words of a "#!" line; `env -S` parts them itself. */
static size_t split_interpreter(struct imp_slice line, struct imp_slice *words,
				size_t capacity)
{
	size_t count = 0;

	while (line.data && count < capacity) {
		struct imp_slice word = imp_slice_cut(&line, ' ');
		if (word.len == 0 || imp_slice_is(word, "-S"))
			continue;
		if (count == 1 && imp_slice_starts(word, IMP_SLICE("-S")))
			word = imp_slice_skip(word, 2);
		words[count++] = word;
	}
	return count;
}

/* The interpreter's line of a script, data NULL when it has none. */
static struct imp_slice interpreter_of(const struct imp_trail *trail, uint32_t node)
{
	const struct imp_fact *fact = imp_contents_fact_at(trail->input->contents, node);
	const struct imp_live_file *file = imp_contents_at(trail->input->contents, node);

	if (fact && fact->kind == IMP_CONTENT_SCRIPT && fact->interpreter.len > 0)
		return fact->interpreter;
	if (!file || !imp_slice_starts(file->content, IMP_SLICE("#!")))
		return (struct imp_slice){0};
	struct imp_slice rest = imp_slice_skip(file->content, 2);
	struct imp_slice line = imp_slice_cut(&rest, '\n');
	if (line.len > 0 && line.data[line.len - 1] == '\r')
		line.len--;
	return line;
}

static void follow_script(struct imp_trail *trail, const struct imp_command *command,
			  uint32_t started, uint32_t node, struct imp_slice line)
{
	struct imp_slice words[8];
	size_t count = split_interpreter(line, words, 8), at = 0, skip;
	uint32_t record = imp_tree_file_at(trail->tree, node);

	trail->started[started].script = node;
	while (at < count && (skip = imp_wrapper_words(words + at, count - at)) > 0) {
		imp_trail_run(trail, imp_trail_find(trail, words[at], 0, IMP_NONE).file,
			      record);
		at += skip;
	}
	if (at >= count)
		return;
	struct imp_found found = imp_trail_find(trail, words[at], 0, IMP_NONE);
	if (found.file == IMP_NONE && command->certain)
		imp_trail_unreadable(
			trail, imp_trail_say(trail, "the interpreter ", words[at],
					     " of a started script is not in the image"));
	imp_trail_run(trail, found.file, record);
	if (imp_is_shell(words[at]))
		imp_trail_read_script(trail, command, started, node);
	else
		imp_trail_language(trail, command, words[at], found.folder, node);
}

/* A text without "#!" is a script of the shell that starts it. */
static void follow_unknown(struct imp_trail *trail, const struct imp_command *command,
			   uint32_t started, uint32_t node)
{
	const struct imp_fact *fact = imp_contents_fact_at(trail->input->contents, node);

	if (fact && fact->kind == IMP_CONTENT_ELF)
		return;
	if (fact && fact->kind == IMP_CONTENT_SCRIPT)
		return;
	trail->started[started].script = node;
	imp_trail_read_script(trail, command, started, node);
}

static void follow_program(struct imp_trail *trail, const struct imp_command *command)
{
	struct imp_found found =
		imp_trail_find(trail, command->argv[0], command->folder, command->bin);

	if (found.file == IMP_NONE) {
		if (command->certain)
			imp_trail_unreadable(
				trail, imp_trail_say(trail, "", command->argv[0],
						     ", which is started, is not in the "
						     "image"));
		return;
	}
	uint32_t started = add_started(trail, command, found.file);
	imp_trail_run(trail, found.file, command->by);
	struct imp_slice line = interpreter_of(trail, found.file);
	if (line.data)
		follow_script(trail, command, started, found.file, line);
	else
		follow_unknown(trail, command, started, found.file);
	imp_trail_interpreter(trail, command, started, found);
	imp_trail_server(trail, command, started, command->argv[0], 1);
	imp_trail_services(trail, command, started);
}

/* `su user -c TEXT` as a shell's -c. */
static bool is_text_option(struct imp_slice word)
{
	return word.len >= 2 && word.data[0] == '-' && word.data[1] != '-' &&
	       memchr(word.data, 'c', word.len);
}

static size_t skip_shell_options(const struct imp_command *command)
{
	size_t at = 1;

	while (at < command->argc && command->argv[at].len > 1 &&
	       memchr("-+", command->argv[at].data[0], 2) &&
	       !is_text_option(command->argv[at]))
		at += imp_word_in(command->argv[at], "-o +o -O +O --rcfile --init-file")
			      ? 2
			      : 1;
	return at < command->argc ? at : command->argc;
}

static void follow_interactive(struct imp_trail *trail, const struct imp_command *command,
			       uint32_t program)
{
	add_started(trail, command, program);
	if (command->certain)
		imp_trail_unreadable(
			trail, imp_trail_say(trail, "", imp_slice_of(command->origin),
					     " starts a shell: what is run in it is not "
					     "known"));
}

static void follow_shell_file(struct imp_trail *trail, const struct imp_command *command,
			      size_t at)
{
	struct imp_command script = *command;
	struct imp_found found =
		imp_trail_find(trail, command->argv[at], command->folder, command->bin);
	uint32_t node = imp_tree_resolve(trail->tree, command->folder, command->argv[at]);

	if (node == IMP_NONE || imp_tree_file_at(trail->tree, node) == IMP_NONE)
		node = found.file;
	if (node == IMP_NONE) {
		if (command->certain)
			imp_trail_unreadable(
				trail, imp_trail_say(trail, "", command->argv[at],
						     ", which is started, is not in the "
						     "image"));
		return;
	}
	script.argv += at;
	script.argc -= at;
	uint32_t started = add_started(trail, &script, node);
	trail->started[started].script = node;
	imp_trail_run(trail, node, command->by);
	imp_trail_read_script(trail, &script, started, node);
}

static void follow_shell(struct imp_trail *trail, const struct imp_command *command)
{
	struct imp_found shell =
		imp_trail_find(trail, command->argv[0], command->folder, command->bin);
	size_t at = skip_shell_options(command);
	struct imp_command text = *command;

	if (imp_name_in(command->argv[0], "su runuser"))
		while (at < command->argc && !is_text_option(command->argv[at]))
			at++;
	imp_trail_run(trail, shell.file, command->by);
	if (at >= command->argc) {
		follow_interactive(trail, command, shell.file);
	} else if (!is_text_option(command->argv[at])) {
		follow_shell_file(trail, command, at);
	} else if (at + 1 < command->argc) {
		text.depth++;
		imp_trail_shell(trail, &text, command->argv[at + 1],
				command->argv + at + 2, command->argc - at - 2);
	}
}

/* `. file` and `eval words`. */
static bool follow_builtin(struct imp_trail *trail, const struct imp_command *command)
{
	struct imp_command text = *command;

	if (imp_word_in(command->argv[0], ". source") && command->argc > 1) {
		text.certain = false;
		follow_shell_file(trail, &text, 1);
		return true;
	}
	if (imp_slice_is(command->argv[0], "eval")) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};
		for (size_t i = 1; i < command->argc; i++) {
			imp_strbuf_add_slice(&line, command->argv[i]);
			imp_strbuf_add_char(&line, ' ');
		}
		text.depth++;
		imp_trail_shell(trail, &text, imp_strbuf_slice(&line), NULL, 0);
		return true;
	}
	return (command->shell || command->by != IMP_NONE) &&
	       imp_word_in(command->argv[0], builtins);
}

static void follow_command(struct imp_trail *trail, struct imp_command command)
{
	size_t words;

	for (int i = 0; i < MAX_WRAPPERS && command.argc > 0 &&
			(words = imp_wrapper_words(command.argv, command.argc)) > 0;
	     i++) {
		struct imp_found wrapper = imp_trail_find(trail, command.argv[0],
							  command.folder, command.bin);
		imp_trail_run(trail, wrapper.file, command.by);
		command.argv += words;
		command.argc -= words;
	}
	if (command.argc == 0 || follow_builtin(trail, &command))
		return;
	if (imp_is_shell(command.argv[0]) || imp_name_in(command.argv[0], "su runuser"))
		follow_shell(trail, &command);
	else
		follow_program(trail, &command);
}

void imp_trail_follow(struct imp_trail *trail)
{
	while (trail->command_next < trail->command_count)
		follow_command(trail, trail->commands[trail->command_next++]);
}
