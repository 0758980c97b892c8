/*
 * Anchors: classification.md 1.3. What is started is looked at first, then variables, then packages,
 * so that the evidence is the nearest there is.
 */
#include "anchor_tables.h"
#include "trail.h"

static void present(struct imp_trail *trail, enum imp_anchor anchor, const char *evidence)
{
	struct imp_anchor_fact *fact = &trail->out->anchors[anchor];

	if (fact->state == IMP_ANCHOR_PRESENT)
		return;
	fact->state = IMP_ANCHOR_PRESENT;
	fact->evidence = evidence;
}

static bool is_present(const struct imp_trail *trail, enum imp_anchor anchor)
{
	return trail->out->anchors[anchor].state == IMP_ANCHOR_PRESENT;
}

/* ---- what is started */

/* `python manage.py x`, `python -m pip x`: where the arguments of the program NAME begin; 0 when
 * it is not what runs. */
static size_t arguments_of(const struct imp_started *started, const char *names)
{
	if (started->argc > 0 && imp_name_in(started->argv[0], names))
		return 1;
	bool python = started->argc > 1 &&
		      imp_slice_starts(imp_slice_basename(started->argv[0]),
				       IMP_SLICE("python"));
	for (size_t i = 1; python && i < started->argc && i < 4; i++) {
		if (imp_name_in(started->argv[i], names))
			return i + 1;
		if (started->argv[i].len == 0 || started->argv[i].data[0] != '-')
			return 0;
	}
	return 0;
}

static bool has_word(const struct imp_started *started, size_t first, const char *words)
{
	for (size_t i = first; i < started->argc; i++)
		if (imp_word_in(started->argv[i], words))
			return true;
	return false;
}

static const char *started_evidence(const struct imp_trail *trail,
				    const struct imp_started *started)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};

	for (size_t i = 0; i < started->argc && i < 6; i++) {
		if (i > 0)
			imp_strbuf_add_char(&line, ' ');
		imp_strbuf_add_slice(&line, started->argv[i]);
	}
	return imp_trail_say(trail,
			     imp_arena_printf(trail->arena, "%s %s '", started->origin,
					      started->certain ? "starts" : "may start"),
			     imp_strbuf_slice(&line), "'");
}

static void look_at_started(struct imp_trail *trail, const struct imp_started *started)
{
	const struct imp_anchor_command *row = imp_anchor_commands;

	for (; row->programs; row++) {
		size_t first = arguments_of(started, row->programs);
		/* a test or a development server counts when it is what the image is for */
		bool counts = row->anchor != IMP_ANCHOR_DEV || started->certain;
		if (first > 0 && counts &&
		    (!row->words || has_word(started, first, row->words)))
			present(trail, row->anchor, started_evidence(trail, started));
	}
}

/* A program of an npm package, esbuild's own for one, needs the tree as node does. */
static void look_at_program(struct imp_trail *trail, const struct imp_started *started)
{
	uint32_t node = started->program;

	for (; node != IMP_NONE; node = imp_tree_node(trail->tree, node)->parent)
		if (imp_slice_is(imp_tree_name(trail->tree, node), "node_modules"))
			present(trail, IMP_ANCHOR_NODE, started_evidence(trail, started));
}

/* A script of node's may have any name. */
static void look_at_node(struct imp_trail *trail)
{
	for (size_t i = 0; trail->runs_node && i < trail->entry_count; i++) {
		const struct imp_graph_start *entry = &trail->entries[i];
		if (entry->language == IMP_LANGUAGE_JAVASCRIPT && entry->node != IMP_NONE)
			present(trail, IMP_ANCHOR_NODE,
				imp_arena_printf(trail->arena, "%s is %s",
						 imp_trail_name(trail, entry->node),
						 entry->reason));
	}
}

static bool starts_shell(const struct imp_trail *trail)
{
	for (size_t i = 0; i < trail->started_count; i++)
		if (trail->started[i].certain && trail->started[i].argc > 0 &&
		    imp_is_shell(trail->started[i].argv[0]) &&
		    trail->started[i].script == IMP_NONE)
			return true;
	return trail->started_count == 0;
}

/* ---- variables and labels */

static void look_at_variables(struct imp_trail *trail)
{
	const struct imp_anchor_variable *row = imp_anchor_variables;
	bool shell = starts_shell(trail);

	for (; row->name; row++) {
		struct imp_slice value = imp_trail_env(trail, imp_slice_of(row->name));
		if (value.len == 0 || (row->shell && !shell) ||
		    (row->values && !imp_word_in(value, row->values)))
			continue;
		present(trail, row->anchor,
			imp_trail_say(
				trail,
				imp_arena_printf(trail->arena, "ENV %s=", row->name),
				value, ""));
	}
}

/* Titles, names and descriptions are what the image is called: no evidence. */
static bool is_name_label(struct imp_slice key)
{
	return imp_slice_starts(key, IMP_SLICE("org.opencontainers.image.")) ||
	       imp_slice_starts(key, IMP_SLICE("org.label-schema.")) ||
	       imp_word_in(key, "name maintainer summary description title vendor url "
				"io.k8s.display-name io.k8s.description "
				"com.redhat.component");
}

static void look_at_labels(struct imp_trail *trail)
{
	const struct imp_config *config = &trail->input->image->config;
	bool shell = starts_shell(trail);

	for (size_t i = 0; i < config->label_count; i++) {
		struct imp_slice key = config->labels[i].key;
		bool says = imp_slice_starts(key, IMP_SLICE("devcontainer.")) ||
			    (shell && !is_name_label(key) &&
			     imp_word_in(config->labels[i].value,
					 "devcontainer sdk builder build-env"));
		if (says)
			present(trail, IMP_ANCHOR_DEV,
				imp_trail_say(trail, "LABEL ", key, ""));
	}
}

/* "de_DE.UTF-8" names a language; C, POSIX and en do not need files. */
static void look_at_locale(struct imp_trail *trail)
{
	static const char *const names[] = {"LANG", "LC_ALL", "LANGUAGE", "LC_MESSAGES"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct imp_slice value = imp_trail_env(trail, imp_slice_of(names[i]));
		struct imp_slice rest = value;
		while (rest.len > 0) {
			struct imp_slice name = imp_slice_cut(&rest, ':');
			struct imp_slice language = name;
			language = imp_slice_cut(&language, '.');
			language = imp_slice_cut(&language, '_');
			if (language.len > 0 && !imp_word_in(language, "C POSIX en"))
				present(trail, IMP_ANCHOR_L10N,
					imp_trail_say(
						trail,
						imp_arena_printf(trail->arena,
								 "ENV %s=", names[i]),
						value, ""));
		}
	}
}

static void look_at_java(struct imp_trail *trail)
{
	static const char *const names[] = {"JAVA_OPTS", "JAVA_TOOL_OPTIONS",
					    "JDK_JAVA_OPTIONS", "CATALINA_OPTS"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct imp_slice value = imp_trail_env(trail, imp_slice_of(names[i]));
		if (value.len > 0 && memmem(value.data, value.len, "JVMCI", 5))
			present(trail, IMP_ANCHOR_JDK,
				imp_trail_say(trail, "the environment sets ", value, ""));
	}
}

/* ---- packages */

static bool is_named(struct imp_slice name, const char *names)
{
	struct imp_slice rest = imp_slice_of(names);

	while (rest.data) {
		struct imp_slice word = imp_slice_cut(&rest, ' ');
		bool open = word.len > 0 && word.data[word.len - 1] == '*';
		word.len -= open;
		if (open ? imp_slice_starts(name, word) : imp_slice_equal(name, word))
			return true;
	}
	return false;
}

/* Packages that production does not have do not run. */
static bool is_production(const struct imp_trail *trail,
			  const struct imp_package *package)
{
	unsigned development = IMP_PACKAGE_DEV | IMP_PACKAGE_EXTRANEOUS;

	if (package->flags & development)
		return false;
	return package->manager != IMP_MANAGER_NPM ||
	       is_present(trail, IMP_ANCHOR_NODE) ||
	       is_present(trail, IMP_ANCHOR_NODEAUX);
}

static void look_at_package(struct imp_trail *trail, const struct imp_package *package)
{
	const struct imp_anchor_package *row = imp_anchor_packages;
	const char *manager_name = imp_manager_name(package->manager);
	struct imp_slice name = package->name;
	enum imp_manager manager = package->manager;

	if (manager == IMP_MANAGER_DPKG &&
	    imp_slice_starts(name, IMP_SLICE("python3-"))) {
		name = imp_slice_skip(name, 8);
		manager = IMP_MANAGER_PYTHON;
	}
	for (; row->names; row++)
		if (row->manager == manager && is_named(name, row->names))
			present(trail, row->anchor,
				imp_trail_say(trail,
					      imp_arena_printf(trail->arena,
							       "%s package ",
							       manager_name),
					      package->name, ""));
}

/* npm's packages count by whether node runs: that is known after the others. */
static void look_at_packages(struct imp_trail *trail)
{
	const struct imp_packages *all = trail->input->packages;

	for (int npm = 0; npm < 2; npm++)
		for (size_t i = 0; i < all->count; i++)
			if ((all->list[i].manager == IMP_MANAGER_NPM) == npm &&
			    is_production(trail, &all->list[i]))
				look_at_package(trail, &all->list[i]);
}

struct java_files {
	uint32_t drools, page; /* the first of each, or IMP_NONE */
	bool own_compiler;
};

static void look_at_java_file(struct java_files *files, struct imp_slice name,
			      uint32_t node)
{
	bool jar = imp_slice_ends(name, IMP_SLICE(".jar"));

	if (files->drools == IMP_NONE && jar &&
	    imp_slice_starts(name, IMP_SLICE("drools-")))
		files->drools = node;
	if (files->page == IMP_NONE && imp_slice_ends(name, IMP_SLICE(".jsp")))
		files->page = node;
	if (jar && (imp_slice_starts(name, IMP_SLICE("ecj")) ||
		    imp_slice_starts(name, IMP_SLICE("org.eclipse.jdt."))))
		files->own_compiler = true;
}

/* drools compiles rules with the JDK's own compiler, and so does a server its JSP pages that does not
 * bring Eclipse's, as Tomcat and Jetty do. */
static void look_at_java_files(struct imp_trail *trail)
{
	uint32_t records = imp_tree_record_count(trail->tree);
	struct java_files files = {IMP_NONE, IMP_NONE, false};

	for (uint32_t r = 0; r < records && !is_present(trail, IMP_ANCHOR_JDK); r++) {
		const struct imp_record *record = imp_tree_record(trail->tree, r);
		if (record->type == IMP_ENTRY_FILE && record->shown)
			look_at_java_file(&files,
					  imp_tree_name(trail->tree, record->node),
					  record->node);
	}
	if (files.drools != IMP_NONE)
		present(trail, IMP_ANCHOR_JDK, imp_trail_name(trail, files.drools));
	else if (files.page != IMP_NONE && !files.own_compiler)
		present(trail, IMP_ANCHOR_JDK, imp_trail_name(trail, files.page));
}

/* musl has no ldconfig: ctypes runs gcc and ld there. */
static bool is_musl(const struct imp_trail *trail)
{
	uint32_t lib = imp_tree_resolve(trail->tree, 0, IMP_SLICE("/lib"));

	for (uint32_t n = lib == IMP_NONE ? IMP_NONE
					  : imp_tree_node(trail->tree, lib)->first_child;
	     n != IMP_NONE; n = imp_tree_node(trail->tree, n)->next_sibling)
		if (imp_tree_node(trail->tree, n)->live &&
		    imp_slice_starts(imp_tree_name(trail->tree, n),
				     IMP_SLICE("ld-musl-")))
			return true;
	return false;
}

static void look_at_imports(struct imp_trail *trail)
{
	if (trail->finds_libraries) {
		present(trail, IMP_ANCHOR_LDTOOLS, trail->finds_libraries);
		if (is_musl(trail))
			present(trail, IMP_ANCHOR_CC, trail->finds_libraries);
	}
	if (trail->uses_gis)
		present(trail, IMP_ANCHOR_LDTOOLS, trail->uses_gis);
}

static void look_at_settings(struct imp_trail *trail)
{
	if (trail->asks_language)
		present(trail, IMP_ANCHOR_L10N, trail->asks_language);
	if (trail->opens_windows)
		present(trail, IMP_ANCHOR_WINDOW, trail->opens_windows);
	if (trail->names_modules)
		trail->out->anchors[IMP_ANCHOR_SERVED] = (struct imp_anchor_fact){
			IMP_ANCHOR_UNKNOWN, trail->names_modules};
}

/* "/usr/bin/perl -w", "/usr/bin/env perl" */
static bool is_perl(struct imp_slice interpreter)
{
	while (interpreter.len > 0)
		if (imp_name_is(imp_slice_cut(&interpreter, ' '), "perl"))
			return true;
	return false;
}

/* Not the samples of git's hooks, nor what packages of npm carry. */
static bool is_own(const struct imp_trail *trail, uint32_t node)
{
	for (uint32_t at = node; at != IMP_NONE;
	     at = imp_tree_node(trail->tree, at)->parent)
		if (imp_is_aside(imp_tree_name(trail->tree, at)) ||
		    imp_slice_is(imp_tree_name(trail->tree, at), "node_modules"))
			return false;
	return true;
}

/* Those of packages have what they need by their dependencies. */
static void look_at_perl(struct imp_trail *trail)
{
	const uint32_t *owner_of = trail->input->packages->owner_of;
	uint32_t records = imp_tree_record_count(trail->tree);

	for (uint32_t r = 0; r < records && !is_present(trail, IMP_ANCHOR_PERL); r++) {
		const struct imp_fact *fact =
			imp_contents_fact(trail->input->contents, r);
		const struct imp_record *record = imp_tree_record(trail->tree, r);
		if (fact && fact->kind == IMP_CONTENT_SCRIPT && record->shown &&
		    owner_of[r] == IMP_NONE && is_perl(fact->interpreter) &&
		    is_own(trail, record->node))
			present(trail, IMP_ANCHOR_PERL,
				imp_trail_say(trail, "",
					      imp_trail_path(trail, record->node),
					      " is a script of Perl"));
	}
}

/* What a script that could not be read may start. */
static void leave_unknown(struct imp_trail *trail)
{
	static const enum imp_anchor by_command[] = {
		IMP_ANCHOR_NODE,    IMP_ANCHOR_CC,      IMP_ANCHOR_CUDA,
		IMP_ANCHOR_CHROME,  IMP_ANCHOR_DRIVER,  IMP_ANCHOR_JDK,
		IMP_ANCHOR_GIT,     IMP_ANCHOR_INSTALL, IMP_ANCHOR_LDTOOLS,
		IMP_ANCHOR_NODEAUX, IMP_ANCHOR_PROF,    IMP_ANCHOR_PERL,
		IMP_ANCHOR_WINDOW,
	};

	for (size_t i = 0; i < sizeof(by_command) / sizeof(*by_command); i++) {
		struct imp_anchor_fact *fact = &trail->out->anchors[by_command[i]];
		if (trail->out->readable || fact->state != IMP_ANCHOR_ABSENT)
			continue;
		fact->state = IMP_ANCHOR_UNKNOWN;
		fact->evidence = trail->out->unreadable_reason;
	}
}

void imp_trail_anchors(struct imp_trail *trail)
{
	for (size_t i = 0; i < trail->started_count; i++) {
		look_at_started(trail, &trail->started[i]);
		look_at_program(trail, &trail->started[i]);
	}
	look_at_node(trail);
	look_at_variables(trail);
	look_at_labels(trail);
	look_at_locale(trail);
	look_at_java(trail);
	look_at_packages(trail);
	look_at_java_files(trail);
	look_at_imports(trail);
	look_at_settings(trail);
	look_at_perl(trail);
	leave_unknown(trail);
}
