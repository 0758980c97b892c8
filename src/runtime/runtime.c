#include "imgprof/runtime.h"

#include <stdlib.h>

#include "trail.h"

static void start(struct imp_trail *trail, const struct imp_runtime_input *input,
		  struct imp_arena *arena, struct imp_runtime *out)
{
	size_t records = imp_tree_record_count(input->tree);
	size_t packages = input->packages->count;
	struct imp_slice workdir = input->image->config.working_directory;

	*out = (struct imp_runtime){.readable = true};
	*trail = (struct imp_trail){
		.input = input,
		.tree = input->tree,
		.arena = arena,
		.out = out,
		.reached = imp_arena_array(arena, records + 1, sizeof(*trail->reached)),
		.reached_from =
			imp_arena_array(arena, records + 1, sizeof(*trail->reached_from)),
		.package_reached = imp_arena_array(arena, packages + 1,
						   sizeof(*trail->package_reached)),
		.package_reason = imp_arena_array(arena, packages + 1,
						  sizeof(*trail->package_reason)),
		.package_root = imp_arena_array(arena, packages + 1,
						sizeof(*trail->package_root)),
	};
	memset(trail->reached_from, 0xff, (records + 1) * sizeof(*trail->reached_from));
	if (workdir.len > 0)
		trail->workdir = imp_tree_resolve(input->tree, 0, workdir);
	if (trail->workdir == IMP_NONE ||
	    !imp_tree_node(input->tree, trail->workdir)->directory)
		trail->workdir = 0;
}

static void finish(struct imp_trail *trail)
{
	struct imp_runtime *out = trail->out;
	struct imp_started *started =
		imp_arena_array(trail->arena, trail->started_count + 1, sizeof(*started));
	struct imp_slice *languages = imp_arena_array(
		trail->arena, trail->language_count + 1, sizeof(*languages));

	if (trail->started_count > 0)
		memcpy(started, trail->started, trail->started_count * sizeof(*started));
	if (trail->language_count > 0)
		memcpy(languages, trail->languages,
		       trail->language_count * sizeof(*languages));
	out->languages = languages;
	out->language_count = trail->language_count;
	out->started = started;
	out->started_count = trail->started_count;
	out->reached = trail->reached;
	out->reached_from = trail->reached_from;
	out->package_reached = trail->package_reached;
	out->package_reason = trail->package_reason;
	out->package_root = trail->package_root;
	imp_map_finish(&trail->seen);
	free(trail->commands);
	free(trail->started);
	free(trail->entries);
	free(trail->queue);
	free(trail->languages);
}

void imp_runtime_read(const struct imp_runtime_input *input, struct imp_arena *arena,
		      struct imp_runtime *out)
{
	struct imp_trail trail;
	struct imp_places places;

	start(&trail, input, arena, out);
	imp_trail_start(&trail);
	imp_trail_follow(&trail);
	imp_places_find(&trail, &places);
	imp_trail_link(&trail, &places);
	imp_trail_import(&trail, &places);
	imp_trail_share(&trail);
	imp_trail_roots(&trail);
	imp_trail_served(&trail);
	imp_trail_anchors(&trail);
	imp_trail_used(&trail);
	imp_places_finish(&places);
	finish(&trail);
}
