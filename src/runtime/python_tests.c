/*
 * Test suites, examples and documentation that are code: what runs imports a module below a folder of
 * that name, as h5py does with its own tests (classification.md 3.6 and 4). That a package is
 * reached does not say so: each of its files counts as reached with it.
 */
#include "reach.h"

static bool is_tests(struct imp_slice part)
{
	return imp_word_in(part, "tests test testing docs doc examples example samples "
				 "benchmarks demos");
}

static bool names_tests(struct imp_slice name)
{
	while (name.len > 0)
		if (is_tests(imp_slice_cut(&name, '.')))
			return true;
	return false;
}

static void mark(struct imp_reach_walk *walk, uint32_t node, uint32_t by)
{
	struct imp_trail *trail = walk->trail;
	uint32_t record =
		node == IMP_NONE ? IMP_NONE : imp_tree_file_at(trail->tree, node);

	if (record == IMP_NONE || trail->reached[record] & IMP_REACH_IMPORT)
		return;
	trail->reached[record] |= IMP_REACH_IMPORT;
	if (trail->reached_from[record] == IMP_NONE)
		trail->reached_from[record] = by;
}

/* The modules of NAME from FOLDER on that lie below a folder of tests. */
static void follow(struct imp_reach_walk *walk, uint32_t folder, struct imp_slice name,
		   uint32_t by)
{
	const struct imp_tree *tree = walk->trail->tree;
	uint32_t at = folder;
	bool inside = false;

	while (name.len > 0 && imp_tree_node(tree, at)->directory) {
		struct imp_slice part = imp_slice_cut(&name, '.');
		uint32_t next = imp_python_part(walk, at, part);
		if (next == IMP_NONE)
			return;
		at = next;
		bool folder_here = imp_tree_node(tree, at)->directory;
		inside |= folder_here && is_tests(part);
		if (inside)
			mark(walk, folder_here ? imp_python_init(walk, at) : at, by);
	}
}

void imp_reach_python_tests(struct imp_reach_walk *walk, uint32_t record,
			    struct imp_slice name)
{
	const struct imp_tree *tree = walk->trail->tree;
	uint32_t folder =
		imp_tree_node(tree, imp_tree_record(tree, record)->node)->parent;

	if (name.len == 0 || name.data[0] == '=' || !names_tests(name))
		return;
	if (name.data[0] == '.') {
		name = imp_slice_skip(name, 1);
		while (name.len > 0 && name.data[0] == '.' && folder != 0) {
			name = imp_slice_skip(name, 1);
			folder = imp_tree_node(tree, folder)->parent;
		}
		follow(walk, folder, name, record);
		return;
	}
	for (size_t i = 0; i < walk->python_first_count; i++)
		follow(walk, walk->python_first[i], name, record);
	for (size_t i = 0; i < walk->places->python_count; i++)
		follow(walk, walk->places->python[i], name, record);
}
