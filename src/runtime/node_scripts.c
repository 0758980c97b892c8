/* npm run x, npm start, yarn x, pnpm x, npx x: scripts of package.json and node_modules/.bin. */
#include "imgprof/json.h"

#include "trail.h"

/* The folder at or above FOLDER that holds a package.json; IMP_NONE. */
static uint32_t project_of(const struct imp_trail *trail, uint32_t folder)
{
	for (uint32_t at = folder; at != IMP_NONE;
	     at = imp_tree_node(trail->tree, at)->parent) {
		uint32_t file =
			imp_tree_find_child(trail->tree, at, IMP_SLICE("package.json"));
		if (file != IMP_NONE && imp_tree_node(trail->tree, file)->live)
			return at;
	}
	return IMP_NONE;
}

static void add_text(struct imp_trail *trail, const struct imp_command *command,
		     uint32_t started, uint32_t project, struct imp_slice text)
{
	uint32_t manifest =
		imp_tree_find_child(trail->tree, project, IMP_SLICE("package.json"));
	struct imp_command child = *command;

	child.origin = imp_trail_name(trail, manifest);
	child.folder = project;
	child.bin =
		imp_tree_resolve(trail->tree, project, IMP_SLICE("node_modules/.bin"));
	child.parent = started;
	child.by = imp_tree_file_at(trail->tree, manifest);
	child.depth++;
	child.script = false;
	imp_trail_run(trail, imp_trail_find(trail, IMP_SLICE("sh"), 0, IMP_NONE).file,
		      IMP_NONE);
	imp_trail_shell(trail, &child, text, NULL, 0);
}

/* NAME, and what npm runs before and after it. */
static bool run_script(struct imp_trail *trail, const struct imp_command *command,
		       uint32_t started, struct imp_slice name)
{
	static const char *const prefixes[] = {"pre", "", "post"};
	uint32_t project = project_of(trail, command->folder);
	uint32_t file = project == IMP_NONE ? IMP_NONE
					    : imp_tree_find_child(trail->tree, project,
								  IMP_SLICE("package."
									    "json"));
	const struct imp_live_file *manifest =
		file == IMP_NONE ? NULL : imp_contents_at(trail->input->contents, file);
	imp_auto_json json_t *document = NULL;
	struct imp_error err = {0};
	bool found = false;

	if (!manifest || manifest->cut ||
	    imp_json_parse(manifest->content, &imp_limits_default, "package.json",
			   &document, &err) < 0) {
		imp_trail_unreadable(
			trail,
			imp_trail_say(trail, "the package.json that '", command->argv[0],
				      "' takes scripts from cannot be read"));
		return true;
	}
	const json_t *scripts = imp_json_get_object(document, "scripts");
	for (size_t i = 0; scripts && i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf key = {0};
		imp_strbuf_add_text(&key, prefixes[i]);
		imp_strbuf_add_slice(&key, name);
		struct imp_slice text = imp_json_get_string(scripts, key.data);
		if (text.len == 0)
			continue;
		found = true;
		add_text(trail, command, started, project, text);
	}
	if (!found && imp_slice_is(name, "start")) {
		add_text(trail, command, started, project, IMP_SLICE("node server.js"));
		found = true;
	}
	return found;
}

/* `npx x`: from node_modules/.bin, then PATH. */
static void run_binary(struct imp_trail *trail, const struct imp_command *command,
		       uint32_t started, size_t at)
{
	uint32_t project = project_of(trail, command->folder);
	struct imp_command child = *command;

	while (at < command->argc && command->argv[at].len > 0 &&
	       command->argv[at].data[0] == '-')
		at++;
	if (at >= command->argc)
		return;
	child.argv += at;
	child.argc -= at;
	child.parent = started;
	child.depth++;
	if (project != IMP_NONE)
		child.bin = imp_tree_resolve(trail->tree, project,
					     IMP_SLICE("node_modules/.bin"));
	imp_trail_command(trail, &child);
}

/* Behind options; --prefix and its like change the folder. */
static size_t first_word(const struct imp_trail *trail, struct imp_command *command)
{
	size_t at = 1;

	while (at < command->argc && command->argv[at].len > 0 &&
	       command->argv[at].data[0] == '-') {
		bool folder = imp_word_in(command->argv[at],
					  "--prefix -C --cwd --dir --filter -F -w "
					  "--workspace");
		if (folder && at + 1 < command->argc) {
			uint32_t to = imp_tree_resolve(trail->tree, command->folder,
						       command->argv[at + 1]);
			if (to != IMP_NONE && imp_tree_node(trail->tree, to)->directory)
				command->folder = to;
		}
		at += folder ? 2 : 1;
	}
	return at < command->argc ? at : command->argc;
}

bool imp_trail_node_script(struct imp_trail *trail, const struct imp_command *command,
			   uint32_t started)
{
	struct imp_command here = *command;
	size_t at = first_word(trail, &here);

	if (imp_name_in(here.argv[0], "npx pnpx bunx")) {
		run_binary(trail, &here, started, 1);
		return true;
	}
	if (!imp_name_in(here.argv[0], "npm yarn yarnpkg pnpm bun corepack") ||
	    at >= here.argc)
		return false;
	struct imp_slice word = here.argv[at];
	if (imp_name_is(here.argv[0], "corepack")) {
		run_binary(trail, &here, started, at);
		return true;
	}
	if (imp_word_in(word, "exec x dlx")) {
		run_binary(trail, &here, started, at + 1);
		return true;
	}
	if (imp_word_in(word, "run run-script") && at + 1 < here.argc)
		return run_script(trail, &here, started, here.argv[at + 1]);
	if (imp_word_in(word, "start test stop restart"))
		return run_script(trail, &here, started, word);
	if (imp_word_in(word, "install ci i add update prune audit cache config version "
			      "remove dedupe set") ||
	    imp_name_is(here.argv[0], "npm"))
		return true;
	if (imp_name_is(here.argv[0], "bun"))
		return false;
	if (!run_script(trail, &here, started, word))
		run_binary(trail, &here, started, at);
	return true;
}
