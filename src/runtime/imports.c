#include <stdlib.h>

#include "reach.h"

void imp_reach_package(struct imp_reach_walk *walk, uint32_t package, const char *reason)
{
	struct imp_trail *trail = walk->trail;

	if (package == IMP_NONE || trail->package_reached[package])
		return;
	trail->package_reached[package] = true;
	trail->package_reason[package] = reason;
	walk->packages = imp_xgrow(walk->packages, &walk->package_capacity,
				   walk->package_count + 1, sizeof(*walk->packages));
	walk->packages[walk->package_count++] = package;
}

void imp_reach_file(struct imp_reach_walk *walk, uint32_t node, const char *reason)
{
	uint32_t record = imp_tree_file_at(walk->trail->tree, node);

	if (record == IMP_NONE || walk->visited[record])
		return;
	walk->visited[record] = true;
	uint32_t owner = walk->trail->input->packages->owner_of[record];
	if (owner != IMP_NONE) {
		imp_reach_package(walk, owner, reason);
		return;
	}
	walk->files = imp_xgrow(walk->files, &walk->file_capacity, walk->file_count + 1,
				sizeof(*walk->files));
	walk->files[walk->file_count++] = record;
}

bool imp_reach_first(struct imp_reach_walk *walk, char kind, uint64_t place,
		     struct imp_slice name)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf key = {0};

	imp_strbuf_add_char(&key, kind);
	imp_strbuf_add(&key, &place, sizeof(place));
	imp_strbuf_add_slice(&key, name);
	if (imp_map_get(&walk->modules, imp_strbuf_slice(&key), NULL))
		return false;
	imp_map_set(&walk->modules, imp_arena_copy(walk->keys, imp_strbuf_slice(&key)),
		    1);
	return true;
}

static bool has_suffix(struct imp_slice name, const char *const *suffixes)
{
	for (; *suffixes; suffixes++)
		if (imp_slice_ends(name, imp_slice_of(*suffixes)))
			return true;
	return false;
}

static bool mentions(struct imp_slice text, const char *word)
{
	return text.len > 0 && memmem(text.data, text.len, word, strlen(word));
}

/* false when a file is of neither language. */
static bool language_of(const struct imp_fact *fact, struct imp_slice name,
			enum imp_language *language)
{
	static const char *const python[] = {".py", ".pyx", ".pyi", NULL};
	static const char *const node[] = {".js",  ".mjs", ".cjs", ".jsx", ".ts",
					   ".tsx", ".mts", ".cts", NULL};

	*language = IMP_LANGUAGE_PYTHON;
	if (has_suffix(name, python) || mentions(fact->interpreter, "python"))
		return true;
	*language = IMP_LANGUAGE_JAVASCRIPT;
	return has_suffix(name, node) || mentions(fact->interpreter, "node") ||
	       mentions(fact->interpreter, "bun");
}

/* What a package carries of others, and its bridges to systems that are not there. */
static bool is_carried(const struct imp_tree *tree, uint32_t folder)
{
	for (uint32_t at = folder; at != IMP_NONE; at = imp_tree_node(tree, at)->parent) {
		struct imp_slice name = imp_tree_name(tree, at);
		if (imp_word_in(name, "_vendor vendor contrib gis"))
			return true;
		if (imp_word_in(name, "site-packages dist-packages"))
			return false;
	}
	return false;
}

/* Who calls ctypes.util.find_library runs ldconfig, or gcc and ld (A-LDTOOLS). */
static void see_libraries(struct imp_reach_walk *walk, uint32_t node, uint32_t owner,
			  struct imp_slice name)
{
	struct imp_trail *trail = walk->trail;
	uint32_t folder = imp_tree_node(trail->tree, node)->parent;
	struct imp_slice module =
		imp_slice_skip(name, name.len > 0 && name.data[0] == '=');

	if (!trail->finds_libraries &&
	    imp_word_in(name, "ctypes.util ctypes.util.find_library") &&
	    !is_carried(trail->tree, folder))
		trail->finds_libraries =
			imp_trail_say(trail, "", imp_trail_path(trail, node),
				      " looks for libraries by name");
	if (!trail->uses_gis && owner == IMP_NONE && !is_carried(trail->tree, folder) &&
	    imp_slice_starts(module, IMP_SLICE("django.contrib.gis")))
		trail->uses_gis = imp_trail_say(trail, "", imp_trail_path(trail, node),
						" uses django.contrib.gis");
}

/* A standard library that no package owns is there for all. */
static bool is_standard(const struct imp_reach_walk *walk, uint32_t folder)
{
	const struct imp_tree *tree = walk->trail->tree;

	for (uint32_t at = folder; at != IMP_NONE; at = imp_tree_node(tree, at)->parent) {
		uint32_t os = imp_tree_find_child(tree, at, IMP_SLICE("os.py"));
		if (imp_word_in(imp_tree_name(tree, at), "site-packages dist-packages"))
			return false;
		if (os != IMP_NONE && imp_tree_node(tree, os)->live)
			return true;
	}
	return false;
}

static void spread_file(struct imp_reach_walk *walk, uint32_t record, uint32_t owner)
{
	const struct imp_trail *trail = walk->trail;
	const struct imp_fact *fact = imp_contents_fact(trail->input->contents, record);
	uint32_t node = imp_tree_record(trail->tree, record)->node;
	uint32_t folder = imp_tree_node(trail->tree, node)->parent;
	enum imp_language language;

	if (!fact || fact->imports.len == 0 ||
	    !language_of(fact, imp_tree_name(trail->tree, node), &language))
		return;
	if (language == IMP_LANGUAGE_JAVASCRIPT && !trail->runs_node)
		return;
	if (language == IMP_LANGUAGE_PYTHON && !trail->runs_python)
		return;
	const char *reason = imp_arena_printf(trail->arena, "imported by %s",
					      imp_trail_name(trail, node));
	bool standard = is_standard(walk, folder);
	struct imp_slice rest = fact->imports;
	while (rest.len > 0) {
		struct imp_slice name = imp_slice_cut(&rest, '\0');
		if (imp_trail_setting(walk->trail, node, name))
			continue;
		if (!standard)
			see_libraries(walk, node, owner, name);
		if (language == IMP_LANGUAGE_JAVASCRIPT) {
			imp_reach_node(walk, folder, owner, name, reason);
			continue;
		}
		imp_reach_python(walk, folder, owner, name, reason);
		imp_reach_python_tests(walk, record, name);
	}
}

/* A package's tests import what the package itself does not need. */
static bool is_in_tests(const struct imp_tree *tree, uint32_t node)
{
	for (uint32_t at = imp_tree_node(tree, node)->parent; at != IMP_NONE;
	     at = imp_tree_node(tree, at)->parent) {
		struct imp_slice name = imp_tree_name(tree, at);
		if (imp_is_aside(name))
			return true;
		if (imp_word_in(name, "node_modules site-packages dist-packages"))
			return false;
	}
	return false;
}

static void spread_package(struct imp_reach_walk *walk, uint32_t number)
{
	const struct imp_packages *packages = walk->trail->input->packages;
	const struct imp_package *package = &packages->list[number];
	const char *reason = imp_trail_say(walk->trail, "needed by ", package->name, "");

	for (uint32_t i = 0; i < package->dependency_count; i++) {
		const struct imp_dependency *dependency =
			&packages->dependencies[package->first_dependency + i];
		/* a peer is there because someone put it beside: webpack-cli */
		if (dependency->kind == IMP_DEPENDENCY_HARD ||
		    dependency->kind == IMP_DEPENDENCY_PEER)
			imp_reach_package(walk, dependency->to, reason);
	}
	for (uint32_t i = walk->first_owned[number]; i < walk->first_owned[number + 1];
	     i++) {
		uint32_t record = walk->owned[i];
		if (!is_in_tests(walk->trail->tree,
				 imp_tree_record(walk->trail->tree, record)->node))
			spread_file(walk, record, number);
	}
}

static void list_owned(struct imp_reach_walk *walk)
{
	const struct imp_packages *packages = walk->trail->input->packages;
	uint32_t records = imp_tree_record_count(walk->trail->tree);
	size_t total = 0;

	walk->first_owned = imp_xcalloc(packages->count + 2, sizeof(*walk->first_owned));
	for (int pass = 0; pass < 2; pass++) {
		for (uint32_t r = 0; r < records; r++) {
			const struct imp_fact *fact =
				imp_contents_fact(walk->trail->input->contents, r);
			uint32_t owner = packages->owner_of[r];
			if (owner == IMP_NONE || !fact || fact->imports.len == 0)
				continue;
			if (pass == 0)
				walk->first_owned[owner + 2] += 1;
			else
				walk->owned[walk->first_owned[owner + 1]++] = r;
			total += pass == 0;
		}
		for (size_t p = 2; pass == 0 && p < packages->count + 2; p++)
			walk->first_owned[p] += walk->first_owned[p - 1];
		if (pass == 0)
			walk->owned = imp_xcalloc(total + 1, sizeof(*walk->owned));
	}
}

static void list_homes(struct imp_reach_walk *walk)
{
	const struct imp_packages *packages = walk->trail->input->packages;

	for (size_t p = 0; p < packages->count; p++) {
		uint32_t home = packages->list[p].home;
		if (packages->list[p].manager != IMP_MANAGER_NPM || home == IMP_NONE)
			continue;
		struct imp_slice key = imp_arena_copy(
			walk->keys, imp_slice((const char *)&home, sizeof(home)));
		imp_map_set(&walk->homes, key, p);
	}
}

/* What the command chain and the closure reach, before any import. */
static void begin_with_started(struct imp_reach_walk *walk)
{
	struct imp_trail *trail = walk->trail;

	for (size_t i = 0; i < trail->started_count; i++) {
		const struct imp_started *started = &trail->started[i];
		const char *reason =
			imp_arena_printf(trail->arena, "run by %s", started->origin);
		if (started->program != IMP_NONE) {
			imp_reach_file(walk, started->program, reason);
			/* that of another package, where npm links one file to both */
			imp_reach_around(walk, started->program, reason);
		}
		if (started->script != IMP_NONE)
			imp_reach_file(walk, started->script, reason);
	}
	for (size_t i = 0; i < trail->queue_count; i++) {
		uint32_t record = trail->queue[i], from = trail->reached_from[record];
		uint32_t owner = trail->input->packages->owner_of[record];
		bool runs = trail->reached[record] & IMP_REACH_RUN;
		/* an extension module is loaded by nothing that is known */
		if (owner == IMP_NONE || trail->package_reached[owner] ||
		    (from == IMP_NONE && !runs))
			continue;
		const char *reason =
			from == IMP_NONE
				? "run by the image's command"
				: imp_trail_say(trail, runs ? "run by " : "linked to by ",
						imp_trail_path(
							trail,
							imp_tree_record(trail->tree, from)
								->node),
						"");
		imp_reach_package(walk, owner, reason);
	}
}

static void begin_with_entry(struct imp_reach_walk *walk,
			     const struct imp_graph_start *entry)
{
	if (entry->language == IMP_LANGUAGE_PYTHON)
		imp_reach_python_folder(walk, entry->folder);
	if (entry->node != IMP_NONE)
		imp_reach_file(walk, entry->node, entry->reason);
	else if (entry->language == IMP_LANGUAGE_PYTHON)
		imp_reach_python(walk, entry->folder, IMP_NONE, entry->module,
				 entry->reason);
	else
		imp_reach_node(walk, entry->folder, IMP_NONE, entry->module,
			       entry->reason);
}

/* The project's own code: any of it may run. */
static void begin_with_project(struct imp_reach_walk *walk)
{
	const struct imp_tree *tree = walk->trail->tree;
	uint32_t top = walk->places->project;
	bool descend = true;

	if (top == IMP_NONE)
		return;
	for (uint32_t n = imp_tree_next_below(tree, top, true, top); n != IMP_NONE;
	     n = imp_tree_next_below(tree, n, descend, top)) {
		const struct imp_node *node = imp_tree_node(tree, n);
		struct imp_slice name = imp_tree_name(tree, n);
		uint32_t config =
			node->directory
				? imp_tree_find_child(tree, n, IMP_SLICE("pyvenv.cfg"))
				: IMP_NONE;
		descend = node->live && node->directory && !imp_is_aside(name) &&
			  config == IMP_NONE &&
			  !imp_word_in(name, "node_modules site-packages dist-packages");
		if (node->live && !node->directory)
			imp_reach_file(walk, n, "part of the project");
	}
}

static void begin_with_path(struct imp_reach_walk *walk)
{
	struct imp_slice path = imp_trail_env(walk->trail, IMP_SLICE("PYTHONPATH"));

	while (path.data) {
		struct imp_slice part = imp_slice_cut(&path, ':');
		uint32_t node = part.len > 0
					? imp_tree_resolve(walk->trail->tree,
							   walk->trail->workdir, part)
					: IMP_NONE;
		if (node != IMP_NONE)
			imp_reach_python_folder(walk, node);
	}
	imp_reach_python_folder(walk, walk->trail->workdir);
}

static void spread(struct imp_reach_walk *walk)
{
	for (;;) {
		if (walk->file_next < walk->file_count)
			spread_file(walk, walk->files[walk->file_next++], IMP_NONE);
		else if (walk->package_next < walk->package_count)
			spread_package(walk, walk->packages[walk->package_next++]);
		else
			return;
	}
}

void imp_trail_import(struct imp_trail *trail, const struct imp_places *places)
{
	struct imp_reach_walk walk = {
		.trail = trail,
		.places = places,
		.keys = imp_arena_create(),
		.visited = imp_xcalloc((size_t)imp_tree_record_count(trail->tree) + 1,
				       sizeof(bool)),
	};

	list_owned(&walk);
	list_homes(&walk);
	begin_with_started(&walk);
	begin_with_path(&walk);
	for (size_t i = 0; i < trail->entry_count; i++)
		if (trail->entries[i].language == IMP_LANGUAGE_PYTHON)
			imp_reach_python_folder(&walk, trail->entries[i].folder);
	for (size_t i = 0; i < places->python_count; i++)
		imp_reach_pth(&walk, places->python[i]);
	for (size_t i = 0; i < trail->entry_count; i++)
		begin_with_entry(&walk, &trail->entries[i]);
	begin_with_project(&walk);
	spread(&walk);
	imp_map_finish(&walk.modules);
	imp_map_finish(&walk.parts);
	imp_map_finish(&walk.homes);
	imp_arena_destroy(walk.keys);
	free(walk.visited);
	free(walk.files);
	free(walk.packages);
	free(walk.owned);
	free(walk.first_owned);
}
