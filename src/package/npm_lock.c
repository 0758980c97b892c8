/*
 * npm's locks: the hidden one in node_modules, package-lock.json (lockfileVersion 1 to 3),
 * npm-shrinkwrap.json. A key that climbs, is absolute or names nothing in the image is
 * passed over.
 */
#include <stdlib.h>

#include "imgprof/json.h"

#include "npm_forest.h"

enum { MAX_NESTING = 64 };

/* Through the entries of a lock, nested ones of version 1 too. */
struct walk {
	const struct npm_forest *forest;
	const struct npm_tree *tree;
	struct {
		json_t *object;
		void *at;
		uint32_t node; /* of the folder whose node_modules these are in */
	} levels[MAX_NESTING];
	int depth; /* of the level in use; -1: done */
	bool nested;
};

struct entry {
	struct imp_slice key; /* version 1: the name */
	const json_t *value;
	uint32_t node; /* IMP_NONE: not there */
};

static void enter(struct walk *walk, json_t *object, uint32_t node)
{
	if (!object || walk->depth + 1 >= MAX_NESTING)
		return;
	walk->depth++;
	walk->levels[walk->depth].object = object;
	walk->levels[walk->depth].at = json_object_iter(object);
	walk->levels[walk->depth].node = node;
}

static void start_walk(struct walk *walk, const struct npm_forest *forest,
		       const struct npm_tree *tree, const json_t *lock)
{
	json_t *packages = imp_json_get_object(lock, "packages");

	*walk = (struct walk){.forest = forest, .tree = tree, .depth = -1};
	walk->nested = !packages;
	enter(walk, packages ? packages : imp_json_get_object(lock, "dependencies"),
	      tree->home);
}

/* node_modules of the home may be a symlink to where it is. */
static uint32_t find_key(const struct walk *walk, struct imp_slice key)
{
	struct imp_slice start = IMP_SLICE("node_modules/");

	if (imp_slice_starts(key, start))
		return imp_npm_below(walk->forest, walk->tree->modules,
				     imp_slice_skip(key, start.len));
	return imp_npm_below(walk->forest, walk->tree->home, key);
}

static uint32_t find_nested(const struct walk *walk, uint32_t holder,
			    struct imp_slice name)
{
	uint32_t modules = walk->tree->modules;

	if (holder == IMP_NONE)
		return IMP_NONE;
	if (holder != walk->tree->home)
		modules = imp_npm_below(walk->forest, holder, IMP_SLICE("node_modules"));
	return modules == IMP_NONE ? IMP_NONE
				   : imp_npm_below(walk->forest, modules, name);
}

static bool next_entry(struct walk *walk, struct entry *out)
{
	while (walk->depth >= 0 && !walk->levels[walk->depth].at)
		walk->depth--;
	if (walk->depth < 0)
		return false;
	void *at = walk->levels[walk->depth].at;
	json_t *object = walk->levels[walk->depth].object;
	uint32_t holder = walk->levels[walk->depth].node;
	walk->levels[walk->depth].at = json_object_iter_next(object, at);
	out->key = imp_slice(json_object_iter_key(at), json_object_iter_key_len(at));
	out->value = json_object_iter_value(at);
	if (walk->nested) {
		out->node = find_nested(walk, holder, out->key);
		enter(walk, imp_json_get_object(out->value, "dependencies"), out->node);
	} else {
		out->node = find_key(walk, out->key);
	}
	return true;
}

static bool is_link(const struct entry *entry)
{
	return imp_json_get_bool(entry->value, "link", false);
}

static int64_t mtime_of(const struct npm_forest *forest, uint32_t node)
{
	uint32_t shown = imp_tree_node(forest->input->tree, node)->shown;

	/* A folder that no layer wrote has no time of its own. */
	return shown == IMP_NONE ? INT64_MIN
				 : imp_tree_mtime_s(forest->input->tree, shown);
}

/* classification.md 2.5: not older than any folder it names, in whole seconds. */
static bool is_current(const struct npm_forest *forest, const struct npm_tree *tree,
		       const json_t *lock, const struct imp_live_file *file)
{
	int64_t written_s = imp_tree_mtime_s(forest->input->tree, file->record);
	struct walk walk;
	struct entry entry;

	start_walk(&walk, forest, tree, lock);
	while (next_entry(&walk, &entry))
		if (entry.node != IMP_NONE && entry.key.len > 0 && !is_link(&entry) &&
		    forest->folder_at[entry.node] != IMP_NONE &&
		    mtime_of(forest, entry.node) > written_s)
			return false;
	return true;
}

static struct imp_slice name_in(struct imp_slice key)
{
	static const char mark[] = "node_modules/";
	size_t len = sizeof(mark) - 1;

	for (size_t at = key.len; at >= len; at--)
		if (memcmp(key.data + at - len, mark, len) == 0)
			return imp_slice_skip(key, at);
	return imp_slice_basename(key);
}

static unsigned flags_of(const json_t *value)
{
	static const struct {
		const char *key;
		unsigned flag;
	} names[] = {
		{"dev", IMP_PACKAGE_DEV},
		{"devOptional", IMP_PACKAGE_DEV_OPTIONAL},
		{"optional", IMP_PACKAGE_OPTIONAL},
		{"peer", IMP_PACKAGE_PEER},
		{"extraneous", IMP_PACKAGE_EXTRANEOUS},
	};
	unsigned flags = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (imp_json_get_bool(value, names[i].key, false))
			flags |= names[i].flag;
	return flags;
}

static void apply_entry(struct npm_forest *forest, const struct entry *entry,
			uint32_t database)
{
	if (entry->node == IMP_NONE || is_link(entry) || !json_is_object(entry->value))
		return;
	uint32_t place =
		entry->key.len == 0 ? IMP_NONE : imp_npm_project(forest, entry->node);
	if (place == IMP_NONE)
		return;
	struct npm_folder *folder = &forest->folders[place];
	if (!folder->known) {
		imp_npm_describe(forest, folder, entry->value, database);
		if (folder->name.len == 0)
			folder->name = imp_arena_copy(forest->arena, name_in(entry->key));
	}
	if (!folder->project)
		folder->flags |= flags_of(entry->value);
	folder->locked = true;
	if (folder->tree != IMP_NONE)
		forest->trees[folder->tree].source = NPM_SOURCE_LOCK;
}

/* The lock's own "" repeats the project's package.json, which may be gone. */
static void apply_root(struct npm_forest *forest, const struct npm_tree *tree,
		       const json_t *value, uint32_t database)
{
	if (tree->project == IMP_NONE || !json_is_object(value))
		return;
	struct npm_folder *project = &forest->folders[tree->project];
	if (!project->known)
		imp_npm_describe(forest, project, value, database);
}

static void apply(struct npm_forest *forest, struct npm_tree *tree, const json_t *lock,
		  const struct imp_live_file *file)
{
	struct walk walk;
	struct entry entry;

	start_walk(&walk, forest, tree, lock);
	while (next_entry(&walk, &entry))
		if (!walk.nested && entry.key.len == 0)
			apply_root(forest, tree, entry.value, file->node);
		else
			apply_entry(forest, &entry, file->node);
	tree->source = NPM_SOURCE_LOCK;
	tree->tool = "npm";
}

static bool read_hidden(struct npm_forest *forest, struct npm_tree *tree)
{
	const struct imp_live_file *file =
		imp_npm_file(forest, tree->modules, ".package-lock.json");

	if (!file)
		return false;
	tree->tool = "npm";
	imp_auto_json json_t *lock = imp_npm_parse(forest, file);
	if (!lock || !is_current(forest, tree, lock, file))
		return false;
	apply(forest, tree, lock, file);
	return true;
}

/* Reads every package.json of the tree; how many packages there are. */
static size_t read_manifests(struct npm_forest *forest, const struct npm_tree *tree)
{
	uint32_t number = (uint32_t)(tree - forest->trees);
	size_t known = 0;

	for (size_t i = 0; i < forest->folder_count; i++) {
		struct npm_folder *folder = &forest->folders[i];
		if (folder->tree != number || folder->project)
			continue;
		if (!folder->known)
			imp_npm_read_manifest(forest, folder);
		known += folder->known;
	}
	return known;
}

/* Every package that is there stands in the lock with the version that it has. */
static bool matches(struct npm_forest *forest, const struct npm_tree *tree,
		    const json_t *lock)
{
	uint32_t number = (uint32_t)(tree - forest->trees);
	size_t installed = read_manifests(forest, tree), named = 0;
	struct walk walk;
	struct entry entry;

	start_walk(&walk, forest, tree, lock);
	while (next_entry(&walk, &entry)) {
		uint32_t place = entry.node == IMP_NONE || is_link(&entry)
					 ? IMP_NONE
					 : forest->folder_at[entry.node];
		if (place == IMP_NONE || forest->folders[place].tree != number ||
		    forest->folders[place].project)
			continue;
		if (!imp_slice_equal(imp_json_get_string(entry.value, "version"),
				     forest->folders[place].version))
			return false;
		named += forest->folders[place].known;
	}
	return installed > 0 && named >= installed;
}

static void read_outer(struct npm_forest *forest, struct npm_tree *tree)
{
	const struct imp_live_file *file =
		imp_npm_file(forest, tree->home, "npm-shrinkwrap.json");

	if (!file)
		file = imp_npm_file(forest, tree->home, "package-lock.json");
	if (!file)
		return;
	imp_auto_json json_t *lock = imp_npm_parse(forest, file);
	if (lock && matches(forest, tree, lock))
		apply(forest, tree, lock, file);
}

void imp_npm_read_locks(struct npm_forest *forest, struct npm_tree *tree)
{
	if (!read_hidden(forest, tree))
		read_outer(forest, tree);
}
