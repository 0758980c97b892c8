#include "imgprof/runtime.h"

void imp_runtime_read(const struct imp_runtime_input *input, struct imp_arena *arena,
		      struct imp_runtime *out)
{
	size_t records = imp_tree_record_count(input->tree);
	size_t packages = input->packages->count;
	uint32_t *reached_from =
		imp_arena_array(arena, records + 1, sizeof(*reached_from));

	*out = (struct imp_runtime){.unreadable_reason =
					    "what is started is not followed yet"};
	memset(reached_from, 0xff, (records + 1) * sizeof(*reached_from));
	for (int anchor = 0; anchor < IMP_ANCHORS; anchor++)
		out->anchors[anchor].state = IMP_ANCHOR_UNKNOWN;
	out->reached = imp_arena_array(arena, records + 1, sizeof(*out->reached));
	out->reached_from = reached_from;
	out->package_reached =
		imp_arena_array(arena, packages + 1, sizeof(*out->package_reached));
	out->package_reason =
		imp_arena_array(arena, packages + 1, sizeof(*out->package_reason));
	out->package_root =
		imp_arena_array(arena, packages + 1, sizeof(*out->package_root));
}
