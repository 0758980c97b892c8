/* Files that say what a supervisor starts: Procfile, supervisor, s6, runit, cron, PM2. */
#include "trail.h"

static struct imp_command named_by(const struct imp_trail *trail,
				   const struct imp_command *command, uint32_t node,
				   uint32_t started)
{
	return (struct imp_command){
		.origin = imp_trail_name(trail, node),
		.folder = command ? command->folder : trail->workdir,
		.bin = IMP_NONE,
		.parent = started,
		.by = imp_tree_file_at(trail->tree, node),
		.depth = command ? command->depth + 1 : 0,
		.certain = false,
	};
}

/* Lines "name: command". */
void imp_trail_procfile(struct imp_trail *trail, uint32_t folder, uint32_t parent)
{
	uint32_t node = imp_tree_resolve(trail->tree, folder, IMP_SLICE("Procfile"));
	const struct imp_live_file *file =
		node == IMP_NONE ? NULL : imp_contents_at(trail->input->contents, node);

	if (!file)
		return;
	struct imp_command command = named_by(trail, NULL, node, parent);
	struct imp_slice rest = file->content;
	while (rest.len > 0) {
		struct imp_slice line = imp_slice_cut(&rest, '\n');
		struct imp_slice name = imp_slice_cut(&line, ':');
		if (line.data && !memchr(name.data, '#', name.len))
			imp_trail_shell(trail, &command, line, NULL, 0);
	}
}

/* Lines "command=..." of supervisor's ini files; " ;" begins a comment. */
static void read_supervisor(struct imp_trail *trail, const struct imp_command *command,
			    struct imp_slice text)
{
	while (text.len > 0) {
		struct imp_slice line = imp_slice_cut(&text, '\n');
		struct imp_slice value = line;
		struct imp_slice key =
			imp_slice_trim(imp_slice_cut(&value, '='), " \t\r");
		if (!value.data || !imp_slice_is(key, "command"))
			continue;
		const char *comment = memmem(value.data, value.len, " ;", 2);
		if (comment)
			value.len = (size_t)(comment - value.data);
		imp_trail_shell(trail, command, value, NULL, 0);
	}
}

/* "minute hour day month weekday [user] command". */
static void read_crontab(struct imp_trail *trail, const struct imp_command *command,
			 struct imp_slice text, bool has_user)
{
	while (text.len > 0) {
		struct imp_slice line =
			imp_slice_trim(imp_slice_cut(&text, '\n'), " \t\r");
		int fields = has_user ? 6 : 5;
		if (line.len == 0 || line.data[0] == '#')
			continue;
		if (line.data[0] == '@')
			fields = has_user ? 2 : 1;
		for (; fields > 0 && line.len > 0; fields--) {
			while (line.len > 0 && !memchr(" \t", line.data[0], 2))
				line = imp_slice_skip(line, 1);
			line = imp_slice_trim(line, " \t\r");
		}
		imp_trail_shell(trail, command, line, NULL, 0);
	}
}

static bool is_run_file(struct imp_slice path)
{
	static const char *const folders[] = {
		"etc/services.d/",  "etc/s6-overlay/s6-rc.d/",
		"etc/s6/",          "etc/service/",
		"etc/sv/",          "etc/runit/",
		"etc/cont-init.d/", "etc/my_init.d/",
	};
	bool script = imp_name_in(path, "run up finish 1 2 3");

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		if (imp_slice_starts(path, imp_slice_of(folders[i])))
			return script || i >= 6;
	return false;
}

static void read_file(struct imp_trail *trail, const struct imp_command *command,
		      uint32_t started, const struct imp_live_file *file,
		      const char *kind)
{
	struct imp_command child = named_by(trail, command, file->node, started);
	struct imp_slice path = file->path;

	if (file->cut)
		return;
	if (imp_slice_is(IMP_SLICE("supervisor"), kind)) {
		if (imp_slice_starts(path, IMP_SLICE("etc/supervisor")))
			read_supervisor(trail, &child, file->content);
	} else if (imp_slice_is(IMP_SLICE("cron"), kind)) {
		bool system = imp_slice_is(path, "etc/crontab") ||
			      imp_slice_starts(path, IMP_SLICE("etc/cron.d/"));
		if (system || imp_slice_starts(path, IMP_SLICE("var/spool/cron/")) ||
		    imp_slice_starts(path, IMP_SLICE("etc/crontabs/")))
			read_crontab(trail, &child, file->content, system);
	} else if (is_run_file(path)) {
		struct imp_slice argv[] = {imp_trail_path(trail, file->node)};
		child.argv = argv;
		child.argc = 1;
		imp_trail_command(trail, &child);
	}
}

static void read_files(struct imp_trail *trail, const struct imp_command *command,
		       uint32_t started, const char *kind)
{
	const struct imp_contents *contents = trail->input->contents;

	for (size_t i = 0; i < imp_contents_live_count(contents); i++)
		read_file(trail, command, started, imp_contents_live(contents, i), kind);
}

/* The file behind -c or --configuration. */
static void read_configuration(struct imp_trail *trail, const struct imp_command *command,
			       uint32_t started)
{
	for (size_t i = 1; i + 1 < command->argc; i++) {
		if (!imp_word_in(command->argv[i], "-c --configuration"))
			continue;
		uint32_t node = imp_tree_resolve(trail->tree, command->folder,
						 command->argv[i + 1]);
		const struct imp_live_file *file =
			node == IMP_NONE ? NULL
					 : imp_contents_at(trail->input->contents, node);
		if (!file || file->cut) {
			imp_trail_unreadable(
				trail, imp_trail_say(trail, "", command->argv[i + 1],
						     ", which says what is started, was "
						     "not read"));
			continue;
		}
		struct imp_command child = named_by(trail, command, node, started);
		read_supervisor(trail, &child, file->content);
	}
}

/* "script: 'app.js'" of an ecosystem file of PM2. */
static void read_ecosystem(struct imp_trail *trail, const struct imp_command *command,
			   uint32_t started)
{
	for (size_t i = 1; i < command->argc; i++) {
		uint32_t node =
			imp_tree_resolve(trail->tree, command->folder, command->argv[i]);
		const struct imp_live_file *file =
			node == IMP_NONE ? NULL
					 : imp_contents_at(trail->input->contents, node);
		if (!file)
			continue;
		struct imp_slice rest = file->content;
		const char *at;
		while ((at = rest.len ? memmem(rest.data, rest.len, "script", 6)
				      : NULL)) {
			rest = imp_slice_skip(rest, (size_t)(at - rest.data) + 6);
			while (rest.len > 0 && memchr("'\" :", rest.data[0], 4))
				rest = imp_slice_skip(rest, 1);
			struct imp_slice word = rest;
			word.len = 0;
			while (word.len < rest.len &&
			       !memchr("'\",\n", rest.data[word.len], 4))
				word.len++;
			struct imp_slice argv[] = {IMP_SLICE("node"), word};
			struct imp_command child =
				named_by(trail, command, node, started);
			child.argv = argv;
			child.argc = 2;
			imp_trail_command(trail, &child);
		}
	}
}

void imp_trail_services(struct imp_trail *trail, const struct imp_command *command,
			uint32_t started)
{
	struct imp_slice name = command->argv[0];

	if (imp_name_is(name, "supervisord")) {
		read_files(trail, command, started, "supervisor");
		read_configuration(trail, command, started);
	} else if (imp_name_in(name, "cron crond busybox-cron supercronic")) {
		read_files(trail, command, started, "cron");
	} else if (imp_name_in(name,
			       "init s6-svscan s6-init runsvdir runsvdir-start runit "
			       "runit-init my_init")) {
		read_files(trail, command, started, "run");
	} else if (imp_name_in(name, "honcho foreman overmind hivemind forego goreman")) {
		imp_trail_procfile(trail, command->folder, started);
	} else if (imp_name_in(name, "pm2 pm2-runtime pm2-docker")) {
		read_ecosystem(trail, command, started);
	}
}
