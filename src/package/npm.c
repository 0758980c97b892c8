/*
 * The packages in node_modules folders, whoever filled them. What a tree's own manager says
 * comes first (npm_lock.c), then a walk over package.json files (npm_graph.c).
 */
#include "readers.h"

#include <stdlib.h>

#include "npm_forest.h"

static size_t depth_of(const struct npm_forest *forest, uint32_t node)
{
	size_t depth = 0;

	for (; node != 0; node = imp_tree_node(forest->input->tree, node)->parent)
		depth++;
	return depth;
}

struct ordered {
	size_t depth;
	uint32_t tree;
};

static int compare_ordered(const void *a, const void *b)
{
	const struct ordered *x = a, *y = b;

	if (x->depth != y->depth)
		return x->depth < y->depth ? -1 : 1;
	return x->tree < y->tree ? -1 : x->tree > y->tree;
}

/* A tree without package.json may have its project's words in a lock. */
static void read_project(struct npm_forest *forest, struct npm_tree *tree)
{
	uint32_t number = (uint32_t)(tree - forest->trees);

	if (tree->global)
		return;
	tree->project = imp_npm_project(forest, tree->home);
	if (tree->project == IMP_NONE)
		return;
	struct npm_folder *project = &forest->folders[tree->project];
	if (project->tree == IMP_NONE)
		project->tree = number;
	if (!project->known)
		imp_npm_read_manifest(forest, project);
}

/* A lock of npm's that lies beside a tree of another manager is not that tree's. */
static void read_managers(struct npm_forest *forest, struct npm_tree *tree)
{
	if (tree->source == NPM_SOURCE_LOCK || imp_pnpm_read(forest, tree) ||
	    imp_yarn_read(forest, tree))
		return;
	imp_npm_read_locks(forest, tree);
	if (tree->source != NPM_SOURCE_LOCK)
		imp_bun_read(forest, tree);
}

/* Outer trees first: their locks also name what is in the folders of a workspace. */
static void read_trees(struct npm_forest *forest)
{
	struct ordered *order = imp_xcalloc(forest->tree_count, sizeof(*order));

	for (uint32_t i = 0; i < forest->tree_count; i++)
		order[i] = (struct ordered){depth_of(forest, forest->trees[i].home), i};
	qsort(order, forest->tree_count, sizeof(*order), compare_ordered);
	for (size_t i = 0; i < forest->tree_count; i++) {
		struct npm_tree *tree = &forest->trees[order[i].tree];
		read_project(forest, tree);
		read_managers(forest, tree);
	}
	free(order);
}

static void read_rest(struct npm_forest *forest)
{
	for (size_t i = 0; i < forest->folder_count; i++)
		if (!forest->folders[i].known)
			imp_npm_read_manifest(forest, &forest->folders[i]);
}

/* What a project asks for by name, and what is installed for everybody. */
static void mark_roots(struct npm_forest *forest)
{
	for (size_t i = 0; i < forest->folder_count; i++) {
		struct npm_folder *folder = &forest->folders[i];
		for (uint32_t k = 0; folder->project && k < folder->edge_count; k++)
			forest->folders[forest->edges[folder->first_edge + k].to].flags |=
				IMP_PACKAGE_ROOT;
		if (folder->top && forest->trees[folder->tree].global) {
			folder->flags |= IMP_PACKAGE_ROOT;
			imp_inventory_set_roots_known(forest->inventory, folder->group);
		}
	}
	for (size_t i = 0; i < forest->tree_count; i++) {
		const struct npm_tree *tree = &forest->trees[i];
		if (tree->project != IMP_NONE && forest->folders[tree->project].known)
			imp_inventory_set_roots_known(forest->inventory, tree->group);
	}
}

static void publish(struct npm_forest *forest, struct npm_folder *folder)
{
	const struct npm_tree *tree = &forest->trees[folder->tree];
	struct imp_package package = {
		.manager = IMP_MANAGER_NPM,
		.name = folder->name,
		.version = folder->version,
		.tool = tree->tool,
		.database = folder->database,
		.home = folder->node,
		.flags = folder->flags,
		.group = folder->group,
		.twin = IMP_NONE,
	};

	if (package.name.len == 0)
		package.name = imp_tree_name(forest->input->tree, folder->node);
	if (package.database == IMP_NONE)
		package.database = folder->node;
	package.purl =
		imp_purl_scoped(forest->inventory, "npm", folder->name, folder->version);
	folder->package = imp_inventory_add(forest->inventory, &package);
	imp_inventory_own_below(forest->inventory, folder->package, folder->node);
}

static enum imp_dependency_kind kind_of(enum npm_need_kind kind)
{
	switch (kind) {
	case NPM_NEED_PEER:
	case NPM_NEED_OPTIONAL_PEER:
	case NPM_NEED_KNOWN_PEER:
		return IMP_DEPENDENCY_PEER;
	case NPM_NEED_OPTIONAL:
		return IMP_DEPENDENCY_RECOMMENDS;
	case NPM_NEED_RUNTIME:
	case NPM_NEED_DEV:
		break;
	}
	return IMP_DEPENDENCY_HARD;
}

static void publish_all(struct npm_forest *forest)
{
	for (size_t i = 0; i < forest->folder_count; i++)
		if (!forest->folders[i].project &&
		    (forest->folders[i].known || forest->folders[i].unreadable))
			publish(forest, &forest->folders[i]);
	for (size_t i = 0; i < forest->folder_count; i++) {
		const struct npm_folder *folder = &forest->folders[i];
		for (uint32_t k = 0; !folder->project && k < folder->edge_count; k++) {
			const struct npm_edge *edge =
				&forest->edges[folder->first_edge + k];
			imp_inventory_need(forest->inventory, folder->package,
					   forest->folders[edge->to].package,
					   kind_of(edge->kind), k);
		}
	}
}

void imp_npm_read(struct imp_inventory *inventory)
{
	struct npm_forest forest;

	imp_npm_find(&forest, inventory);
	if (forest.tree_count > 0) {
		imp_npm_set_platform(&forest);
		read_trees(&forest);
		read_rest(&forest);
		imp_npm_link(&forest);
		imp_npm_flag(&forest);
		mark_roots(&forest);
		publish_all(&forest);
	}
	imp_npm_finish(&forest);
}
