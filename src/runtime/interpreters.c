#include "trail.h"

static bool starts_with(struct imp_slice name, const char *prefix)
{
	return imp_slice_starts(imp_slice_basename(name), imp_slice_of(prefix));
}

static bool is_python(struct imp_slice name)
{
	return starts_with(name, "python") || starts_with(name, "pypy");
}

static bool is_node(struct imp_slice name)
{
	return imp_name_in(name, "node nodejs bun deno tsx ts-node nodemon ts-node-dev");
}

static void note_environment(struct imp_trail *trail, uint32_t folder)
{
	for (size_t i = 0; i < trail->environment_count; i++)
		if (trail->environments[i] == folder)
			return;
	if (trail->environment_count < 16)
		trail->environments[trail->environment_count++] = folder;
	else
		trail->runs_system_python = true;
}

static bool holds(struct imp_slice text, const char *part)
{
	return text.len > 0 && memmem(text.data, text.len, part, strlen(part)) != NULL;
}

void imp_trail_python(struct imp_trail *trail, uint32_t bin)
{
	uint32_t prefix =
		bin == IMP_NONE ? IMP_NONE : imp_tree_node(trail->tree, bin)->parent;
	uint32_t config = prefix == IMP_NONE ? IMP_NONE
					     : imp_tree_find_child(trail->tree, prefix,
								   IMP_SLICE("pyvenv."
									     "cfg"));

	trail->runs_python = true;
	if (config == IMP_NONE || !imp_tree_node(trail->tree, config)->live) {
		trail->runs_system_python = true;
		return;
	}
	note_environment(trail, prefix);
	const struct imp_live_file *file =
		imp_contents_at(trail->input->contents, config);
	if (file && holds(file->content, "include-system-site-packages = true"))
		trail->runs_system_python = true;
}

static const char *run_by(const struct imp_trail *trail,
			  const struct imp_command *command)
{
	return imp_arena_printf(trail->arena, "run by %s", command->origin);
}

void imp_trail_language(struct imp_trail *trail, const struct imp_command *command,
			struct imp_slice name, uint32_t bin, uint32_t node)
{
	struct imp_graph_start entry = {
		.node = node,
		.folder = imp_tree_node(trail->tree, node)->parent,
		.reason = run_by(trail, command),
	};

	if (is_python(name)) {
		imp_trail_python(trail, bin);
		entry.language = IMP_LANGUAGE_PYTHON;
		imp_trail_entry(trail, &entry);
	} else if (is_node(name)) {
		trail->runs_node = true;
		entry.language = IMP_LANGUAGE_JAVASCRIPT;
		imp_trail_entry(trail, &entry);
	}
}

static void add_module(struct imp_trail *trail, const struct imp_command *command,
		       enum imp_language language, struct imp_slice module)
{
	imp_trail_entry(trail, &(struct imp_graph_start){
				       .language = language,
				       .node = IMP_NONE,
				       .module = module,
				       .folder = command->folder,
				       .reason = run_by(trail, command),
			       });
}

/* `python -c CODE`: the names behind import and from. */
static void read_code(struct imp_trail *trail, const struct imp_command *command,
		      struct imp_slice code)
{
	size_t at = 0, modules = 0;
	bool take = false;

	while (at < code.len && modules < 64) {
		size_t start = at;
		while (at < code.len && !memchr(" \t\n;,", code.data[at], 5))
			at++;
		struct imp_slice word = imp_slice(code.data + start, at - start);
		if (take && word.len > 0) {
			add_module(trail, command, IMP_LANGUAGE_PYTHON, word);
			modules++;
		}
		if (word.len > 0)
			take = imp_word_in(word, "import from");
		at++;
	}
}

static void nothing_to_run(struct imp_trail *trail, const struct imp_command *command)
{
	if (command->certain)
		imp_trail_unreadable(
			trail, imp_trail_say(trail, "", imp_slice_of(command->origin),
					     " starts an interpreter without a script"));
}

/* A file argument of an interpreter: true when the image has it. */
static bool run_file(struct imp_trail *trail, const struct imp_command *command,
		     uint32_t started, struct imp_slice name, uint32_t bin, uint32_t node)
{
	if (node == IMP_NONE || imp_tree_file_at(trail->tree, node) == IMP_NONE)
		return false;
	trail->started[started].script = node;
	imp_trail_run(trail, node, command->by);
	imp_trail_language(trail, command, name, bin, node);
	return true;
}

static void missing_file(struct imp_trail *trail, const struct imp_command *command,
			 struct imp_slice file)
{
	if (command->certain)
		imp_trail_unreadable(
			trail, imp_trail_say(trail, "", file,
					     ", which is started, is not in the image"));
}

static void run_python(struct imp_trail *trail, const struct imp_command *command,
		       uint32_t started, uint32_t bin)
{
	size_t at = 1;

	imp_trail_python(trail, bin);
	for (; at < command->argc && command->argv[at].len > 1 &&
	       command->argv[at].data[0] == '-';
	     at++) {
		struct imp_slice option = command->argv[at];
		if (imp_word_in(option, "--version -V --help -h"))
			return;
		if (imp_slice_ends(option, IMP_SLICE("m")) && at + 1 < command->argc) {
			add_module(trail, command, IMP_LANGUAGE_PYTHON,
				   command->argv[at + 1]);
			imp_trail_server(trail, command, started, command->argv[at + 1],
					 at + 2);
			return;
		}
		if (imp_slice_ends(option, IMP_SLICE("c")) && at + 1 < command->argc) {
			read_code(trail, command, command->argv[at + 1]);
			return;
		}
		if (imp_word_in(option, "-W -X"))
			at++;
	}
	if (at >= command->argc) {
		nothing_to_run(trail, command);
		return;
	}
	uint32_t node = imp_tree_resolve(trail->tree, command->folder, command->argv[at]);
	if (node != IMP_NONE && imp_tree_node(trail->tree, node)->directory)
		node = imp_tree_find_child(trail->tree, node, IMP_SLICE("__main__.py"));
	if (!run_file(trail, command, started, command->argv[0], bin, node))
		missing_file(trail, command, command->argv[at]);
	imp_trail_server(trail, command, started, command->argv[at], at + 1);
}

static bool is_file_name(struct imp_slice word)
{
	static const char *const ends[] = {".js", ".mjs", ".cjs", ".ts", ".tsx", ".mts"};

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (imp_slice_ends(word, imp_slice_of(ends[i])))
			return true;
	return false;
}

static void run_node_file(struct imp_trail *trail, const struct imp_command *command,
			  uint32_t started, struct imp_slice word)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	if (word.data[0] != '/' && word.data[0] != '.')
		imp_strbuf_add_text(&path, "./");
	imp_strbuf_add_slice(&path, word);
	uint32_t node = imp_node_resolve(trail, command->folder, imp_strbuf_slice(&path));
	if (!run_file(trail, command, started, IMP_SLICE("node"), IMP_NONE, node))
		missing_file(trail, command, word);
}

static void run_node(struct imp_trail *trail, const struct imp_command *command,
		     uint32_t started)
{
	size_t at = 1;

	trail->runs_node = true;
	if (imp_trail_node_script(trail, command, started))
		return;
	for (; at < command->argc; at++) {
		struct imp_slice word = command->argv[at];
		if (imp_word_in(word, "--version -v --help -h"))
			return;
		if (imp_word_in(word, "-e --eval -p --print -pe"))
			return;
		if (imp_word_in(word, "-r --require --import --loader "
				      "--experimental-loader") &&
		    at + 1 < command->argc)
			add_module(trail, command, IMP_LANGUAGE_JAVASCRIPT,
				   command->argv[++at]);
		else if (imp_word_in(word, "run watch") &&
			 !imp_name_in(command->argv[0], "node nodejs"))
			continue;
		else if (word.len > 0 && word.data[0] != '-')
			break;
	}
	if (at < command->argc)
		run_node_file(trail, command, started, command->argv[at]);
	else
		nothing_to_run(trail, command);
}

/* The first argument that is no option, or the one behind OPTION. */
static void run_other(struct imp_trail *trail, const struct imp_command *command,
		      uint32_t started, const char *option)
{
	for (size_t at = 1; at < command->argc; at++) {
		struct imp_slice word = command->argv[at];
		if (option && imp_slice_is(word, option) && at + 1 < command->argc)
			word = command->argv[at + 1];
		else if (option || word.len == 0 || word.data[0] == '-')
			continue;
		uint32_t node = imp_tree_resolve(trail->tree, command->folder, word);
		if (node != IMP_NONE && imp_tree_file_at(trail->tree, node) != IMP_NONE) {
			trail->started[started].script = node;
			imp_trail_run(trail, node, command->by);
		}
		return;
	}
}

void imp_trail_interpreter(struct imp_trail *trail, const struct imp_command *command,
			   uint32_t started, struct imp_found found)
{
	struct imp_slice name = command->argv[0];
	struct imp_slice file = imp_tree_name(trail->tree, found.file);

	if (is_python(name) ||
	    (is_python(file) && trail->started[started].script == IMP_NONE)) {
		run_python(trail, command, started, found.folder);
	} else if (is_node(name) || imp_slice_is(file, "node")) {
		run_node(trail, command, started);
	} else if (imp_name_in(name, "npm npx yarn yarnpkg pnpm pnpx bunx corepack")) {
		trail->runs_node = true;
		imp_trail_node_script(trail, command, started);
	} else if (imp_name_in(name, "pm2 pm2-runtime pm2-docker")) {
		for (size_t at = 1; at < command->argc; at++)
			if (is_file_name(command->argv[at]))
				run_node_file(trail, command, started, command->argv[at]);
	} else if (imp_name_is(name, "java")) {
		run_other(trail, command, started, "-jar");
	} else if (imp_name_in(name,
			       "dotnet mono ruby perl php php-fpm Rscript lua luajit") ||
		   starts_with(name, "ruby")) {
		run_other(trail, command, started, NULL);
	}
}
