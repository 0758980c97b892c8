/*
 * pnpm: node_modules/.modules.yaml says whether development packages were installed;
 * node_modules/.pnpm/lock.yaml (5, 6, 9) is what is installed. Who needs whom stands in the
 * virtual store itself, as symlinks; the lock is asked only for projects that have no
 * package.json any more.
 */
#include "imgprof/map.h"

#include "npm_forest.h"
#include "npm_yaml.h"

static bool visit_modules(void *context, const struct imp_slice *keys, size_t depth,
			  struct imp_slice value)
{
	struct npm_tree *tree = context;

	if (depth != 2 || !imp_slice_is(keys[0], "included"))
		return true;
	if (imp_slice_is(keys[1], "devDependencies") && imp_slice_is(value, "false"))
		tree->no_dev = true;
	return true;
}

/* What a lock's importers need, by importer: needs of one come together. */
struct importers {
	struct npm_forest *forest;
	const struct npm_tree *tree;
	uint32_t project; /* folder; IMP_NONE: not one that is asked for */
	struct imp_slice path;
	struct npm_need *needs;
	size_t count, capacity;
};

static void finish_importer(struct importers *importers)
{
	struct npm_forest *forest = importers->forest;

	if (importers->project != IMP_NONE && importers->count > 0) {
		struct npm_folder *project = &forest->folders[importers->project];
		struct npm_need *needs =
			imp_arena_array(forest->arena, importers->count, sizeof(*needs));
		memcpy(needs, importers->needs, importers->count * sizeof(*needs));
		project->needs = needs;
		project->need_count = (uint32_t)importers->count;
		project->known = true;
	}
	importers->project = IMP_NONE;
	importers->count = 0;
}

/* PATH: "." or of a member, as the lock spells it. */
static void start_importer(struct importers *importers, struct imp_slice path)
{
	struct npm_forest *forest = importers->forest;
	uint32_t node = importers->tree->home;

	finish_importer(importers);
	importers->path = imp_arena_copy(forest->arena, path);
	if (!imp_slice_is(path, "."))
		node = imp_npm_below(forest, node, path);
	if (node == IMP_NONE)
		return;
	uint32_t project = imp_npm_project(forest, node);
	if (project == IMP_NONE || !forest->folders[project].project)
		return;
	if (!forest->folders[project].known)
		imp_npm_read_manifest(forest, &forest->folders[project]);
	if (!forest->folders[project].known)
		importers->project = project;
}

static bool kind_of(struct imp_slice list, enum npm_need_kind *kind)
{
	if (imp_slice_is(list, "dependencies"))
		*kind = NPM_NEED_RUNTIME;
	else if (imp_slice_is(list, "optionalDependencies"))
		*kind = NPM_NEED_OPTIONAL;
	else if (imp_slice_is(list, "devDependencies"))
		*kind = NPM_NEED_DEV;
	else
		return false;
	return true;
}

/* importers > PATH > LIST > NAME [> version]; without importers, LIST > NAME. */
static bool visit_lock(void *context, const struct imp_slice *keys, size_t depth,
		       struct imp_slice value)
{
	struct importers *importers = context;
	struct imp_slice path = IMP_SLICE(".");
	enum npm_need_kind kind;

	(void)value;
	if (depth > 0 && imp_slice_is(keys[0], "importers") && depth > 2) {
		path = keys[1];
		keys += 2;
		depth -= 2;
	}
	if (depth < 2 || depth > 3 || !kind_of(keys[0], &kind))
		return true;
	if (importers->forest->need_count == NPM_MAX_NEEDS) {
		importers->forest->cut = true;
		return false;
	}
	if (!importers->path.data || !imp_slice_equal(importers->path, path))
		start_importer(importers, path);
	if (importers->project == IMP_NONE ||
	    (depth == 3 && !imp_slice_is(keys[2], "version")))
		return true;
	importers->forest->need_count++;
	importers->needs = imp_xgrow(importers->needs, &importers->capacity,
				     importers->count + 1, sizeof(*importers->needs));
	importers->needs[importers->count++] = (struct npm_need){
		imp_arena_copy(importers->forest->arena, keys[1]), kind};
	return true;
}

static void read_yaml(struct npm_forest *forest, const struct imp_live_file *file,
		      imp_yaml_visit *visit, void *context)
{
	const char *reason = file->cut ? "larger than imgprof keeps"
				       : imp_yaml_read(file->content, visit, context);

	if (reason)
		imp_npm_unreadable(forest, file, reason);
}

static void read_lock(struct npm_forest *forest, const struct npm_tree *tree)
{
	struct importers importers = {
		.forest = forest, .tree = tree, .project = IMP_NONE};
	uint32_t store = imp_tree_find_child(forest->input->tree, tree->modules,
					     IMP_SLICE(".pnpm"));
	const struct imp_live_file *lock =
		store == IMP_NONE ? NULL : imp_npm_file(forest, store, "lock.yaml");

	if (!lock)
		lock = imp_npm_file(forest, tree->home, "pnpm-lock.yaml");
	if (lock)
		read_yaml(forest, lock, visit_lock, &importers);
	finish_importer(&importers);
	free(importers.needs);
}

bool imp_pnpm_read(struct npm_forest *forest, struct npm_tree *tree)
{
	const struct imp_live_file *modules =
		imp_npm_file(forest, tree->modules, ".modules.yaml");

	if (!modules)
		return false;
	tree->tool = "pnpm";
	read_yaml(forest, modules, visit_modules, tree);
	if (tree->project != IMP_NONE && !forest->folders[tree->project].known)
		read_lock(forest, tree);
	return true;
}
