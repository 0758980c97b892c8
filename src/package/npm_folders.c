/*
 * Which folders are packages: those directly in a node_modules (or in an @scope in it), when
 * that is outermost, directly in another package, or in pnpm's virtual store. A node_modules
 * somewhere else in a package (test fixtures) is content of that package.
 */
#include <stdlib.h>
#include <string.h>

#include "imgprof/json.h"

#include "npm_forest.h"

/* Debian's modules are dpkg's; their layout is not npm's. */
static const char *const foreign_trees[] = {"usr/share/nodejs", "usr/lib/nodejs"};

enum { FOREIGN_TREES = sizeof(foreign_trees) / sizeof(foreign_trees[0]) };

static const struct imp_node *node_of(const struct npm_forest *forest, uint32_t node)
{
	return imp_tree_node(forest->input->tree, node);
}

static struct imp_slice name_of(const struct npm_forest *forest, uint32_t node)
{
	return imp_tree_name(forest->input->tree, node);
}

static bool is_symlink(const struct npm_forest *forest, uint32_t node)
{
	uint32_t shown = node_of(forest, node)->shown;

	return node_of(forest, node)->live && shown != IMP_NONE &&
	       imp_tree_record(forest->input->tree, shown)->type == IMP_ENTRY_SYMLINK;
}

static bool is_folder(const struct npm_forest *forest, uint32_t node)
{
	return node != IMP_NONE && node_of(forest, node)->live &&
	       node_of(forest, node)->directory;
}

static void note_link(struct npm_forest *forest, uint32_t node)
{
	if (forest->link_count == NPM_MAX_LINKS) {
		forest->cut = true;
		return;
	}
	forest->links = imp_xgrow(forest->links, &forest->link_capacity,
				  forest->link_count + 1, sizeof(*forest->links));
	forest->links[forest->link_count++] = node;
}

static uint32_t add_folder(struct npm_forest *forest, const struct npm_folder *folder)
{
	if (forest->folder_count == NPM_MAX_FOLDERS) {
		forest->cut = true;
		return IMP_NONE;
	}
	forest->folders = imp_xgrow(forest->folders, &forest->folder_capacity,
				    forest->folder_count + 1, sizeof(*forest->folders));
	forest->folders[forest->folder_count] = *folder;
	forest->folder_at[folder->node] = (uint32_t)forest->folder_count;
	return (uint32_t)forest->folder_count++;
}

static struct npm_folder new_folder(uint32_t node)
{
	return (struct npm_folder){
		.node = node,
		.tree = IMP_NONE,
		.database = IMP_NONE,
		.package = IMP_NONE,
	};
}

/* Around a node_modules folder. */
struct holder {
	uint32_t tree;
	uint32_t group; /* of the package around it; IMP_NONE: it is outermost */
	bool store;
};

static void take_entry(struct npm_forest *forest, const struct holder *in, uint32_t node)
{
	struct npm_folder folder = new_folder(node);
	const struct npm_tree *tree = &forest->trees[in->tree];

	if (is_symlink(forest, node)) {
		note_link(forest, node);
		return;
	}
	if (!is_folder(forest, node))
		return;
	folder.tree = in->tree;
	folder.stored = in->store;
	folder.top = in->group == IMP_NONE;
	folder.group = in->group;
	if (folder.top)
		folder.group = tree->global ? imp_inventory_group(forest->inventory)
					    : tree->group;
	add_folder(forest, &folder);
}

/* Names that start with a dot are the managers' own: .bin, .cache, .pnpm. */
static void take_entries(struct npm_forest *forest, const struct holder *in,
			 uint32_t modules)
{
	size_t before = forest->folder_count;

	forest->tree_at[modules] = in->tree;
	for (uint32_t n = node_of(forest, modules)->first_child; n != IMP_NONE;
	     n = node_of(forest, n)->next_sibling) {
		struct imp_slice name = name_of(forest, n);
		if (imp_slice_starts(name, IMP_SLICE(".")))
			continue;
		if (!imp_slice_starts(name, IMP_SLICE("@")) || !is_folder(forest, n)) {
			take_entry(forest, in, n);
			continue;
		}
		for (uint32_t s = node_of(forest, n)->first_child; s != IMP_NONE;
		     s = node_of(forest, s)->next_sibling)
			take_entry(forest, in, s);
	}
	/* pnpm puts one there; of several nobody knows whose the links are. */
	for (size_t i = before;
	     forest->folder_count > before + 1 && i < forest->folder_count; i++)
		forest->folders[i].stored = false;
}

const struct imp_live_file *imp_npm_file(const struct npm_forest *forest, uint32_t node,
					 const char *name)
{
	uint32_t file =
		imp_tree_find_child(forest->input->tree, node, imp_slice_of(name));

	return file == IMP_NONE ? NULL : imp_contents_at(forest->input->contents, file);
}

static void start_tree(struct npm_forest *forest, uint32_t modules)
{
	uint32_t home = node_of(forest, modules)->parent;
	bool has_manifest = imp_npm_file(forest, home, "package.json") != NULL;

	forest->trees = imp_xgrow(forest->trees, &forest->tree_capacity,
				  forest->tree_count + 1, sizeof(*forest->trees));
	forest->trees[forest->tree_count++] = (struct npm_tree){
		.modules = modules,
		.home = home,
		.project = IMP_NONE,
		.group = imp_inventory_group(forest->inventory),
		.source = NPM_SOURCE_GRAPH,
		.tool = "",
		.global = !has_manifest && imp_slice_is(name_of(forest, home), "lib"),
	};
	struct holder in = {(uint32_t)forest->tree_count - 1, IMP_NONE, false};
	take_entries(forest, &in, modules);
}

/* NM/.pnpm/<id>/node_modules: the tree of NM, else IMP_NONE. */
static uint32_t store_tree(const struct npm_forest *forest, uint32_t modules)
{
	uint32_t id = node_of(forest, modules)->parent;
	uint32_t store = id == 0 ? 0 : node_of(forest, id)->parent;

	if (store == 0 || !imp_slice_is(name_of(forest, store), ".pnpm"))
		return IMP_NONE;
	return forest->tree_at[node_of(forest, store)->parent];
}

static bool is_inside(const struct npm_forest *forest, uint32_t node)
{
	for (; node != 0; node = node_of(forest, node)->parent)
		if (forest->tree_at[node] != IMP_NONE)
			return true;
	return false;
}

static void start_maps(struct npm_forest *forest)
{
	size_t bytes = (size_t)imp_tree_node_count(forest->input->tree) *
		       sizeof(*forest->folder_at);

	if (forest->folder_at)
		return;
	forest->folder_at = imp_xmalloc(bytes);
	forest->tree_at = imp_xmalloc(bytes);
	memset(forest->folder_at, 0xff, bytes);
	memset(forest->tree_at, 0xff, bytes);
}

static void take_modules(struct npm_forest *forest, uint32_t modules)
{
	uint32_t holder = node_of(forest, modules)->parent;

	start_maps(forest);
	uint32_t folder = forest->folder_at[holder];
	uint32_t store = store_tree(forest, modules);
	struct holder in = {store, IMP_NONE, true};
	if (folder != IMP_NONE)
		in = (struct holder){forest->folders[folder].tree,
				     forest->folders[folder].group, false};
	else if (store != IMP_NONE)
		in.group = forest->trees[store].group;
	if (in.tree != IMP_NONE)
		take_entries(forest, &in, modules);
	else if (!is_inside(forest, holder))
		start_tree(forest, modules);
}

static bool is_foreign(const uint32_t foreign[FOREIGN_TREES], uint32_t node)
{
	for (size_t i = 0; i < FOREIGN_TREES; i++)
		if (foreign[i] == node)
			return true;
	return false;
}

static void walk(struct npm_forest *forest)
{
	const struct imp_tree *tree = forest->input->tree;
	uint32_t foreign[FOREIGN_TREES];
	bool descend = true;

	for (size_t i = 0; i < FOREIGN_TREES; i++)
		foreign[i] = imp_tree_find(tree, imp_slice_of(foreign_trees[i]));
	for (uint32_t n = imp_tree_next(tree, 0, true); n != IMP_NONE;
	     n = imp_tree_next(tree, n, descend)) {
		const struct imp_node *node = imp_tree_node(tree, n);
		descend = node->live && node->directory && !is_foreign(foreign, n);
		if (!node->live || !imp_slice_is(imp_tree_name(tree, n), "node_modules"))
			continue;
		if (descend)
			take_modules(forest, n);
		else if (is_symlink(forest, n))
			note_link(forest, n);
	}
}

uint32_t imp_npm_project(struct npm_forest *forest, uint32_t node)
{
	if (forest->folder_at[node] != IMP_NONE)
		return forest->folder_at[node];
	if (!is_folder(forest, node) || is_inside(forest, node))
		return IMP_NONE;
	struct npm_folder project = new_folder(node);
	project.project = true;
	return add_folder(forest, &project);
}

/* /app/node_modules -> /deps/node_modules: the packages are those of /app. */
static void move_home(struct npm_forest *forest, uint32_t link, uint32_t modules)
{
	uint32_t home = node_of(forest, link)->parent;
	struct npm_tree *tree = &forest->trees[forest->tree_at[modules]];

	if (tree->modules != modules ||
	    imp_npm_file(forest, tree->home, "package.json") ||
	    !imp_npm_file(forest, home, "package.json") || is_inside(forest, home))
		return;
	tree->home = home;
	tree->global = false;
}

/* Members of a workspace and projects that are linked in, and moved trees. */
static void follow_links(struct npm_forest *forest)
{
	const struct imp_tree *tree = forest->input->tree;

	for (size_t i = 0; i < forest->link_count; i++) {
		uint32_t link = forest->links[i];
		uint32_t target = imp_tree_resolve(tree, node_of(forest, link)->parent,
						   name_of(forest, link));
		if (target == IMP_NONE || target == 0 || !is_folder(forest, target))
			continue;
		if (forest->tree_at[target] != IMP_NONE)
			move_home(forest, link, target);
		else if (imp_npm_file(forest, target, "package.json"))
			imp_npm_project(forest, target);
	}
}

void imp_npm_find(struct npm_forest *forest, struct imp_inventory *inventory)
{
	*forest = (struct npm_forest){
		.inventory = inventory,
		.input = imp_inventory_input(inventory),
		.arena = imp_inventory_arena(inventory),
	};
	walk(forest);
	if (forest->tree_count > 0)
		follow_links(forest);
}

void imp_npm_finish(struct npm_forest *forest)
{
	free(forest->folders);
	free(forest->trees);
	free(forest->edges);
	free(forest->links);
	free(forest->folder_at);
	free(forest->tree_at);
}

uint32_t imp_npm_below(const struct npm_forest *forest, uint32_t node,
		       struct imp_slice path)
{
	while (path.len > 0 && node != IMP_NONE)
		node = imp_tree_find_child(forest->input->tree, node,
					   imp_slice_cut(&path, '/'));
	return is_folder(forest, node) ? node : IMP_NONE;
}

void imp_npm_unreadable(struct npm_forest *forest, const struct imp_live_file *file,
			const char *reason)
{
	imp_inventory_unreadable(forest->inventory, IMP_MANAGER_NPM, file->path, reason);
}

json_t *imp_npm_parse(struct npm_forest *forest, const struct imp_live_file *file)
{
	struct imp_slice text = file->content;
	struct imp_error err = {0};
	json_t *document = NULL;

	if (imp_slice_starts(text, IMP_SLICE("\xef\xbb\xbf")))
		text = imp_slice_skip(text, 3);
	if (file->cut) {
		imp_npm_unreadable(forest, file, "larger than imgprof keeps");
		return NULL;
	}
	if (imp_json_parse(text, forest->input->limits, "package", &document, &err) < 0) {
		imp_npm_unreadable(forest, file,
				   err.category == IMP_E_LIMIT
					   ? "larger or deeper than imgprof reads"
					   : "no valid JSON");
		return NULL;
	}
	if (json_is_object(document))
		return document;
	json_decref(document);
	imp_npm_unreadable(forest, file, "no JSON object");
	return NULL;
}
