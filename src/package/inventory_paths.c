#include "inventory.h"

enum { MAX_PATH_BYTES = 4096 }; /* as the kernel's; longer ones name nothing */

/* Component by component, so that each folder's symlinks are followed once. */
static uint32_t walk(struct imp_paths *paths, struct imp_slice path)
{
	uint32_t at = 0;

	for (size_t end = 0; end < path.len && at != IMP_NONE;) {
		while (end < path.len && path.data[end] == '/')
			end++;
		size_t name = end;
		while (end < path.len && path.data[end] != '/')
			end++;
		struct imp_slice prefix = imp_slice(path.data, end);
		uint64_t known;
		if (imp_map_get(&paths->folders, prefix, &known)) {
			at = (uint32_t)known;
			continue;
		}
		at = imp_tree_resolve(paths->tree, at,
				      imp_slice(path.data + name, end - name));
		imp_map_set(&paths->folders, prefix, at);
	}
	return at;
}

uint32_t imp_paths_folder(struct imp_paths *paths, struct imp_slice path)
{
	uint64_t node;

	if (path.len > MAX_PATH_BYTES)
		return IMP_NONE;
	if (paths->last.data && imp_slice_equal(paths->last, path))
		return paths->last_node;
	if (!imp_map_get(&paths->folders, path, &node)) {
		node = walk(paths, path);
		imp_map_set(&paths->folders, path, node);
	}
	paths->last = path;
	paths->last_node = (uint32_t)node;
	return (uint32_t)node;
}

uint32_t imp_paths_node(struct imp_paths *paths, struct imp_slice path)
{
	struct imp_slice name = imp_slice_basename(path);
	struct imp_slice folder = imp_slice(path.data, path.len - name.len);

	if (name.len == 0)
		return IMP_NONE;
	if (folder.len > 1)
		folder.len--;
	uint32_t node = imp_paths_folder(paths, folder);
	return node == IMP_NONE ? IMP_NONE : imp_tree_find_child(paths->tree, node, name);
}

void imp_paths_finish(struct imp_paths *paths)
{
	imp_map_finish(&paths->folders);
}
