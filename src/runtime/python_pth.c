/*
 * .pth files of site-packages, which Python reads at every start: lines that begin with "import" are
 * run, others but comments are folders to look into.
 */
#include "reach.h"

enum { MAX_LINES = 4096 }; /* of one file */

/* "import a, b as c; x()": what stands in its import statements. */
static void reach_imports(struct imp_reach_walk *walk, uint32_t folder,
			  struct imp_slice line, const char *reason)
{
	while (line.len > 0) {
		struct imp_slice statement =
			imp_slice_trim(imp_slice_cut(&line, ';'), " \t");
		struct imp_slice names = statement;
		if (!imp_slice_is(imp_slice_cut(&names, ' '), "import"))
			continue;
		while (names.len > 0) {
			struct imp_slice name =
				imp_slice_trim(imp_slice_cut(&names, ','), " \t");
			imp_reach_python(walk, folder, IMP_NONE,
					 imp_slice_cut(&name, ' '), reason);
		}
	}
}

static void read_file(struct imp_reach_walk *walk, uint32_t folder, uint32_t node)
{
	const struct imp_trail *trail = walk->trail;
	const struct imp_live_file *file = imp_contents_at(trail->input->contents, node);
	struct imp_slice rest = file ? file->content : (struct imp_slice){0};
	const char *reason =
		imp_arena_printf(trail->arena, "imported by %s at every start of Python",
				 imp_trail_name(trail, node));

	for (int lines = 0; rest.len > 0 && lines < MAX_LINES; lines++) {
		struct imp_slice line =
			imp_slice_trim(imp_slice_cut(&rest, '\n'), " \t\r");
		if (line.len == 0 || line.data[0] == '#')
			continue;
		if (imp_slice_starts(line, IMP_SLICE("import "))) {
			reach_imports(walk, folder, line, reason);
			continue;
		}
		uint32_t place = imp_tree_resolve(trail->tree, folder, line);
		if (place != IMP_NONE && imp_tree_node(trail->tree, place)->directory)
			imp_reach_python_folder(walk, place);
	}
}

void imp_reach_pth(struct imp_reach_walk *walk, uint32_t folder)
{
	const struct imp_tree *tree = walk->trail->tree;

	for (uint32_t n = imp_tree_node(tree, folder)->first_child; n != IMP_NONE;
	     n = imp_tree_node(tree, n)->next_sibling)
		if (imp_tree_node(tree, n)->live &&
		    imp_slice_ends(imp_tree_name(tree, n), IMP_SLICE(".pth")))
			read_file(walk, folder, n);
}
