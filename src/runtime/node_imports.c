#include "reach.h"

void imp_reach_home(struct imp_reach_walk *walk, uint32_t folder, const char *reason)
{
	uint64_t package;
	struct imp_slice key = imp_slice((const char *)&folder, sizeof(folder));

	if (imp_map_get(&walk->homes, key, &package))
		imp_reach_package(walk, (uint32_t)package, reason);
}

bool imp_reach_around(struct imp_reach_walk *walk, uint32_t node, const char *reason)
{
	for (uint32_t at = node; at != IMP_NONE;
	     at = imp_tree_node(walk->trail->tree, at)->parent) {
		struct imp_slice key = imp_slice((const char *)&at, sizeof(at));
		if (imp_map_get(&walk->homes, key, NULL)) {
			imp_reach_home(walk, at, reason);
			return true;
		}
	}
	return false;
}

static void reach_bare(struct imp_reach_walk *walk, uint32_t folder, uint32_t owner,
		       struct imp_slice name, const char *reason)
{
	/* one package's files look in the same folders */
	uint64_t place = owner == IMP_NONE ? folder : ((uint64_t)1 << 32) + owner;
	uint32_t package;

	if (!imp_reach_first(walk, 'n', place, name))
		return;
	package = imp_node_package(walk->trail, folder, name);
	if (package == IMP_NONE || imp_reach_around(walk, package, reason))
		return;
	uint32_t file = imp_node_resolve(walk->trail, folder, name);
	if (file != IMP_NONE)
		imp_reach_file(walk, file, reason);
}

void imp_reach_node(struct imp_reach_walk *walk, uint32_t folder, uint32_t owner,
		    struct imp_slice name, const char *reason)
{
	uint32_t file;

	if (name.len == 0 || name.data[0] == '=' ||
	    imp_slice_starts(name, IMP_SLICE("node:")))
		return;
	if (!memchr("./", name.data[0], 2)) {
		reach_bare(walk, folder, owner, name, reason);
	} else if (owner == IMP_NONE && imp_reach_first(walk, 'n', folder, name)) {
		file = imp_node_resolve(walk->trail, folder, name);
		if (file != IMP_NONE &&
		    imp_tree_file_at(walk->trail->tree, file) != IMP_NONE)
			imp_reach_file(walk, file, reason);
	}
}
