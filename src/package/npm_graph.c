/*
 * How the folders hang together: edges by Node's own resolution, and for trees without a
 * lock the flags that npm would write (arborist's calc-dep-flags), as four questions of
 * reachability from the projects.
 */
#include <stdlib.h>
#include <string.h>

#include "npm_forest.h"

/* Over which edges a folder is reached. */
enum reach {
	REACH_RUNTIME = 1 << 0, /* neither development nor optional ones */
	REACH_NO_DEV = 1 << 1,
	REACH_NO_OPTIONAL = 1 << 2,
	REACH_NO_PEER = 1 << 3,
	REACH_ANY = 1 << 4,
};

static bool passes(enum reach reach, enum npm_need_kind kind)
{
	bool optional = kind == NPM_NEED_OPTIONAL || kind == NPM_NEED_OPTIONAL_PEER;
	bool peer = kind == NPM_NEED_PEER || kind == NPM_NEED_OPTIONAL_PEER;

	if (kind == NPM_NEED_KNOWN_PEER)
		return false;
	switch (reach) {
	case REACH_RUNTIME:
		return !optional && kind != NPM_NEED_DEV;
	case REACH_NO_DEV:
		return kind != NPM_NEED_DEV;
	case REACH_NO_OPTIONAL:
		return !optional;
	case REACH_NO_PEER:
		return !peer;
	case REACH_ANY:
		break;
	}
	return true;
}

/* "x" or "@x/y", nothing that could leave its folder. */
static bool is_package_name(struct imp_slice name)
{
	size_t slashes = 0;

	for (size_t i = 0; i < name.len; i++)
		slashes += name.data[i] == '/';
	return name.len > 0 && name.data[0] != '.' &&
	       slashes == (name.data[0] == '@' ? 1U : 0U);
}

/* What MODULES/NAME is: a package, or the project that a symlink there leads to. */
static uint32_t look_up(struct npm_forest *forest, uint32_t modules,
			struct imp_slice name)
{
	const struct imp_tree *tree = forest->input->tree;
	uint32_t node = imp_tree_find_child(tree, modules, imp_slice_cut(&name, '/'));

	if (node != IMP_NONE && name.len > 0)
		node = imp_tree_find_child(tree, node, name);
	if (node == IMP_NONE || !imp_tree_node(tree, node)->live)
		return IMP_NONE;
	return forest->folder_at[node];
}

uint32_t imp_npm_resolve(struct npm_forest *forest, uint32_t node, struct imp_slice name)
{
	const struct imp_tree *tree = forest->input->tree;
	const struct imp_slice modules_name = IMP_SLICE("node_modules");

	if (!is_package_name(name))
		return IMP_NONE;
	for (uint32_t at = node; at != IMP_NONE; at = imp_tree_node(tree, at)->parent) {
		uint32_t modules = at;
		if (!imp_slice_equal(imp_tree_name(tree, at), modules_name))
			modules = imp_tree_find_child(tree, at, modules_name);
		else if (at != node)
			continue; /* seen from the folder below it, or an @scope */
		if (modules != IMP_NONE && !imp_tree_node(tree, modules)->directory)
			modules = imp_tree_resolve(tree, at, modules_name);
		uint32_t found =
			modules == IMP_NONE ? IMP_NONE : look_up(forest, modules, name);
		if (found != IMP_NONE)
			return found;
	}
	return IMP_NONE;
}

static void add_edge(struct npm_forest *forest, uint32_t from, uint32_t to,
		     enum npm_need_kind kind)
{
	forest->edges = imp_xgrow(forest->edges, &forest->edge_capacity,
				  forest->edge_count + 1, sizeof(*forest->edges));
	forest->edges[forest->edge_count++] = (struct npm_edge){to, kind};
	forest->folders[from].edge_count++;
}

/* LAST[to] is the folder that needed TO last: what two lists name is one edge. */
static void need(struct npm_forest *forest, uint32_t *last, uint32_t from, uint32_t to,
		 enum npm_need_kind kind)
{
	if (to == IMP_NONE || to == from || last[to] == from)
		return;
	last[to] = from;
	add_edge(forest, from, to, kind);
}

/* What pnpm put beside a package is there because the package needs it, also where its
 * package.json does not say so (overrides, extensions). */
static void need_siblings(struct npm_forest *forest, uint32_t *last, uint32_t from)
{
	const struct imp_tree *tree = forest->input->tree;
	uint32_t modules = imp_tree_node(tree, forest->folders[from].node)->parent;

	if (forest->tree_at[modules] == IMP_NONE)
		modules = imp_tree_node(tree, modules)->parent;
	for (uint32_t n = imp_tree_node(tree, modules)->first_child; n != IMP_NONE;
	     n = imp_tree_node(tree, n)->next_sibling) {
		struct imp_slice name = imp_tree_name(tree, n);
		if (!imp_tree_node(tree, n)->live || name.data[0] == '.')
			continue;
		if (name.data[0] != '@') {
			need(forest, last, from, forest->folder_at[n], NPM_NEED_RUNTIME);
			continue;
		}
		for (uint32_t s = imp_tree_node(tree, n)->first_child; s != IMP_NONE;
		     s = imp_tree_node(tree, s)->next_sibling)
			need(forest, last, from, forest->folder_at[s], NPM_NEED_RUNTIME);
	}
}

/* A symlink in a node_modules stands for the package or project that it leads to. */
static void resolve_links(struct npm_forest *forest)
{
	const struct imp_tree *tree = forest->input->tree;

	for (size_t i = 0; i < forest->link_count; i++) {
		uint32_t link = forest->links[i];
		uint32_t target =
			imp_tree_resolve(tree, imp_tree_node(tree, link)->parent,
					 imp_tree_name(tree, link));
		if (target != IMP_NONE && target != link)
			forest->folder_at[link] = forest->folder_at[target];
	}
}

void imp_npm_link(struct npm_forest *forest)
{
	size_t bytes = (forest->folder_count + 1) * sizeof(uint32_t);
	uint32_t *last = imp_xmalloc(bytes);

	resolve_links(forest);
	memset(last, 0xff, bytes);
	for (uint32_t i = 0; i < forest->folder_count; i++) {
		struct npm_folder *folder = &forest->folders[i];
		folder->first_edge = (uint32_t)forest->edge_count;
		for (uint32_t k = 0; k < folder->need_count; k++)
			need(forest, last, i,
			     imp_npm_resolve(forest, folder->node, folder->needs[k].name),
			     folder->needs[k].kind);
		if (folder->stored)
			need_siblings(forest, last, i);
	}
	free(last);
}

struct queue {
	uint32_t *folders;
	size_t count;
};

static void reach_one(struct npm_forest *forest, struct queue *queue, uint32_t folder,
		      enum reach reach)
{
	if (forest->folders[folder].reached & reach)
		return;
	forest->folders[folder].reached |= reach;
	queue->folders[queue->count++] = folder;
}

/* Roots: projects, and what is installed where there is no project that tells why. */
static bool is_root(const struct npm_forest *forest, const struct npm_folder *folder)
{
	if (folder->project)
		return true;
	const struct npm_tree *tree = &forest->trees[folder->tree];
	return folder->top &&
	       (tree->project == IMP_NONE || !forest->folders[tree->project].known);
}

static void reach_all(struct npm_forest *forest, struct queue *queue, enum reach reach)
{
	queue->count = 0;
	for (uint32_t i = 0; i < forest->folder_count; i++)
		if (is_root(forest, &forest->folders[i]))
			reach_one(forest, queue, i, reach);
	for (size_t done = 0; done < queue->count; done++) {
		struct npm_folder *folder = &forest->folders[queue->folders[done]];
		for (uint32_t k = 0; k < folder->edge_count; k++) {
			const struct npm_edge *edge =
				&forest->edges[folder->first_edge + k];
			if (passes(reach, edge->kind))
				reach_one(forest, queue, edge->to, reach);
		}
	}
}

static unsigned flags_of(unsigned reached)
{
	unsigned flags = 0;

	if (!(reached & REACH_ANY))
		return 0;
	if (!(reached & REACH_NO_DEV))
		flags |= IMP_PACKAGE_DEV;
	if (!(reached & REACH_NO_OPTIONAL))
		flags |= IMP_PACKAGE_OPTIONAL;
	if (flags == 0 && !(reached & REACH_RUNTIME))
		flags |= IMP_PACKAGE_DEV_OPTIONAL;
	if (!(reached & REACH_NO_PEER))
		flags |= IMP_PACKAGE_PEER;
	return flags;
}

static void distrust_tree(struct npm_forest *forest, uint32_t tree)
{
	if (tree != IMP_NONE && forest->trees[tree].source == NPM_SOURCE_GRAPH)
		forest->trees[tree].source = NPM_SOURCE_NONE;
}

/* What is needed in the folder NODE may lie in any tree from there upwards. */
static void distrust_upwards(struct npm_forest *forest, uint32_t node)
{
	const struct imp_tree *tree = forest->input->tree;

	for (; node != IMP_NONE; node = imp_tree_node(tree, node)->parent) {
		uint32_t modules =
			imp_tree_find_child(tree, node, IMP_SLICE("node_modules"));
		if (modules != IMP_NONE)
			distrust_tree(forest, forest->tree_at[modules]);
	}
}

/* A package that runs and whose needs nobody can read, or that were cut off, may need
 * anything. */
static void distrust(struct npm_forest *forest)
{
	for (size_t i = 0; i < forest->folder_count; i++) {
		const struct npm_folder *folder = &forest->folders[i];
		if (!folder->unreadable ||
		    !(folder->project || folder->reached & REACH_NO_DEV))
			continue;
		distrust_tree(forest, folder->tree);
		distrust_upwards(forest, folder->node);
	}
	if (!forest->cut)
		return;
	imp_inventory_unreadable(forest->inventory, IMP_MANAGER_NPM, IMP_SLICE(""),
				 "more dependencies than imgprof follows");
	for (uint32_t i = 0; i < forest->tree_count; i++)
		distrust_tree(forest, i);
}

void imp_npm_flag(struct npm_forest *forest)
{
	struct queue queue = {
		.folders = imp_xcalloc(forest->folder_count + 1, sizeof(*queue.folders))};

	for (unsigned bit = 0; (1U << bit) <= REACH_ANY; bit++)
		reach_all(forest, &queue, (enum reach)(1U << bit));
	free(queue.folders);
	distrust(forest);
	for (size_t i = 0; i < forest->folder_count; i++) {
		struct npm_folder *folder = &forest->folders[i];
		if (folder->project || folder->locked ||
		    forest->trees[folder->tree].source != NPM_SOURCE_GRAPH)
			continue;
		folder->flags |= flags_of(folder->reached);
		if (forest->trees[folder->tree].no_dev)
			folder->flags &=
				~(unsigned)(IMP_PACKAGE_DEV | IMP_PACKAGE_DEV_OPTIONAL);
	}
}
