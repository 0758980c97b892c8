#include "trail.h"

void imp_trail_used(struct imp_trail *trail)
{
	struct imp_slice rest = trail->input->options->used;

	if (!rest.data)
		return;
	bool *opened = imp_arena_array(trail->arena,
				       (size_t)imp_tree_record_count(trail->tree) + 1,
				       sizeof(*opened));
	trail->out->opened = opened;
	while (rest.len > 0) {
		struct imp_slice path = imp_slice_cut(&rest, '\n');
		if (path.len > 0 && path.data[path.len - 1] == '\r')
			path.len--;
		uint32_t node =
			path.len > 0 ? imp_tree_resolve(trail->tree, 0, path) : IMP_NONE;
		uint32_t record =
			node == IMP_NONE ? IMP_NONE : imp_tree_file_at(trail->tree, node);
		if (record == IMP_NONE || opened[record])
			continue;
		opened[record] = true;
		trail->out->opened_files++;
	}
}
