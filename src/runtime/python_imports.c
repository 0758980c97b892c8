#include "reach.h"

/* Packages import these for their own tests and builds, or to tell what is installed. */
static const char test_tools[] =
	"pip ensurepip wheel pytest _pytest nose hypothesis coverage tox nox sphinx mypy pylint";

void imp_reach_python_folder(struct imp_reach_walk *walk, uint32_t folder)
{
	for (size_t i = 0; i < walk->python_first_count; i++)
		if (walk->python_first[i] == folder)
			return;
	if (walk->python_first_count < 64)
		walk->python_first[walk->python_first_count++] = folder;
}

static bool is_live(const struct imp_reach_walk *walk, uint32_t node)
{
	return node != IMP_NONE && imp_tree_node(walk->trail->tree, node)->live;
}

/* x.cpython-311-x86_64-linux-gnu.so, or x.so */
static uint32_t find_extension(const struct imp_reach_walk *walk, uint32_t folder,
			       struct imp_slice name)
{
	const struct imp_tree *tree = walk->trail->tree;

	for (uint32_t n = imp_tree_node(tree, folder)->first_child; n != IMP_NONE;
	     n = imp_tree_node(tree, n)->next_sibling) {
		struct imp_slice child = imp_tree_name(tree, n);
		if (child.len > name.len && child.data[name.len] == '.' &&
		    imp_slice_starts(child, name) &&
		    imp_slice_ends(child, IMP_SLICE(".so")) && is_live(walk, n))
			return n;
	}
	return IMP_NONE;
}

/* A module's file or a package's folder; IMP_NONE. */
static uint32_t find_part(const struct imp_reach_walk *walk, uint32_t folder,
			  struct imp_slice name)
{
	const struct imp_tree *tree = walk->trail->tree;
	imp_auto(imp_strbuf_finish) struct imp_strbuf file = {0};
	uint32_t node = imp_tree_resolve(tree, folder, name);

	if (node != IMP_NONE && imp_tree_node(tree, node)->directory)
		return node;
	imp_strbuf_add_slice(&file, name);
	imp_strbuf_add_text(&file, ".py");
	node = imp_tree_resolve(tree, folder, imp_strbuf_slice(&file));
	return node == IMP_NONE ? find_extension(walk, folder, name) : node;
}

/* The same; most names begin alike, and where one is not costs most. */
uint32_t imp_python_part(struct imp_reach_walk *walk, uint32_t folder,
			 struct imp_slice name)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf key = {0};
	uint64_t known;

	imp_strbuf_add(&key, &folder, sizeof(folder));
	imp_strbuf_add_slice(&key, name);
	if (imp_map_get(&walk->parts, imp_strbuf_slice(&key), &known))
		return (uint32_t)known;
	uint32_t node = find_part(walk, folder, name);
	imp_map_set(&walk->parts, imp_arena_copy(walk->keys, imp_strbuf_slice(&key)),
		    node);
	return node;
}

uint32_t imp_python_init(const struct imp_reach_walk *walk, uint32_t folder)
{
	return imp_tree_resolve(walk->trail->tree, folder, IMP_SLICE("__init__.py"));
}

/* A folder without __init__.py: whoever owns its first file. */
static uint32_t first_file(const struct imp_reach_walk *walk, uint32_t folder)
{
	const struct imp_tree *tree = walk->trail->tree;

	for (uint32_t n = imp_tree_node(tree, folder)->first_child; n != IMP_NONE;
	     n = imp_tree_node(tree, n)->next_sibling)
		if (is_live(walk, n) && imp_tree_file_at(tree, n) != IMP_NONE)
			return n;
	return IMP_NONE;
}

/* As deep as NAME ("a.b.c") goes from FOLDER; true when at least its first part is there. */
static bool follow_name(struct imp_reach_walk *walk, uint32_t folder,
			struct imp_slice name, const char *reason)
{
	const struct imp_tree *tree = walk->trail->tree;
	uint32_t at = folder, last = IMP_NONE;

	while (name.len > 0) {
		uint32_t next = imp_python_part(walk, at, imp_slice_cut(&name, '.'));
		if (next == IMP_NONE)
			break;
		last = at = next;
		uint32_t init = imp_tree_node(tree, at)->directory
					? imp_python_init(walk, at)
					: IMP_NONE;
		if (init != IMP_NONE)
			imp_reach_file(walk, init, reason);
		if (!imp_tree_node(tree, at)->directory)
			break;
	}
	if (last == IMP_NONE)
		return false;
	if (!imp_tree_node(tree, last)->directory)
		imp_reach_file(walk, last, reason);
	else if (imp_python_init(walk, last) == IMP_NONE &&
		 first_file(walk, last) != IMP_NONE)
		imp_reach_file(walk, first_file(walk, last), reason);
	return true;
}

static void find_absolute(struct imp_reach_walk *walk, struct imp_slice name,
			  const char *reason)
{
	struct imp_slice rest = name;
	/* a namespace has parts in several folders: all are reached */
	bool found = false;

	for (size_t i = 0; i < walk->python_first_count; i++)
		found |= follow_name(walk, walk->python_first[i], name, reason);
	for (size_t i = 0; i < walk->places->python_count; i++)
		found |= follow_name(walk, walk->places->python[i], name, reason);
	if (!found)
		imp_reach_package(walk,
				  imp_packages_find(walk->trail->input->packages,
						    IMP_MANAGER_PYTHON,
						    imp_slice_cut(&rest, '.')),
				  reason);
}

static void find_relative(struct imp_reach_walk *walk, uint32_t folder,
			  struct imp_slice name, const char *reason)
{
	name = imp_slice_skip(name, 1);
	while (name.len > 0 && name.data[0] == '.') {
		name = imp_slice_skip(name, 1);
		uint32_t parent = imp_tree_node(walk->trail->tree, folder)->parent;
		folder = parent == IMP_NONE ? folder : parent;
	}
	if (name.len > 0)
		follow_name(walk, folder, name, reason);
}

void imp_reach_python(struct imp_reach_walk *walk, uint32_t folder, uint32_t owner,
		      struct imp_slice name, const char *reason)
{
	struct imp_slice rest;

	if (name.len > 0 && name.data[0] == '=')
		name = imp_slice_skip(name, 1);
	rest = name;
	if (name.len == 0)
		return;
	if (name.data[0] == '.') {
		if (owner == IMP_NONE && imp_reach_first(walk, 'r', folder, name))
			find_relative(walk, folder, name, reason);
		return;
	}
	if (owner != IMP_NONE && imp_word_in(imp_slice_cut(&rest, '.'), test_tools))
		return;
	if (imp_reach_first(walk, 'p', 0, name))
		find_absolute(walk, name, reason);
}
