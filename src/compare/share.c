/* Several images: heads, then one list after the other. */
#include "share_priv.h"

#include <stdlib.h>

#include "imgprof/cleanup.h"

struct imp_share_set imp_share_set_of(uint64_t mask, struct imp_arena *arena)
{
	uint32_t *list =
		imp_arena_array(arena, (size_t)__builtin_popcountll(mask), sizeof(*list));
	struct imp_share_set set = {.list = list};

	for (uint32_t i = 0; i < IMP_SHARE_IMAGES; i++)
		if (mask >> i & 1)
			list[set.count++] = i;
	return set;
}

int imp_share_compare_names(const char *manager, struct imp_slice name,
			    const char *other_manager, struct imp_slice other)
{
	int order = strcmp(manager, other_manager);

	return order ? order : imp_slice_compare(name, other);
}

static const char *copy_text(struct imp_arena *arena, const char *text)
{
	return text ? imp_arena_text(arena, text) : "";
}

static struct imp_share_image make_head(const struct imp_analysis *image,
					struct imp_arena *arena)
{
	const struct imp_platform *platform = &image->image->platform;

	return (struct imp_share_image){
		.reference = copy_text(arena, image->image->reference),
		.digest = image->image->digest,
		.platform = {.os = copy_text(arena, platform->os),
			     .architecture = copy_text(arena, platform->architecture),
			     .variant = copy_text(arena, platform->variant)},
		.complete = image->complete,
		.layer_count = image->layer_count,
		.pull_bytes = image->pull_bytes,
		.disk_bytes = image->disk_bytes,
		.live_bytes = image->fates[IMP_FATE_LIVE].disk_bytes,
		.reclaimable_bytes =
			image->findings ? image->findings->reclaimable.disk_bytes : 0,
	};
}

static void make_heads(const struct imp_share_work *work, struct imp_share *out)
{
	struct imp_share_image *heads =
		imp_arena_array(work->arena, work->count, sizeof(*heads));

	out->complete = true;
	for (size_t i = 0; i < work->count; i++) {
		heads[i] = make_head(work->images[i], work->arena);
		out->complete &= heads[i].complete;
	}
	out->images = heads;
	out->image_count = work->count;
}

static void finish(struct imp_share_work *work)
{
	for (size_t i = 0; i < work->count; i++)
		free(work->key_of[i]);
	free(work->files);
	free(work->keys);
	free(work->uses);
}

void imp_share_images(const struct imp_analysis *const *images, size_t count,
		      struct imp_arena *arena, struct imp_share *out)
{
	imp_auto(finish) struct imp_share_work work = {
		.images = images, .count = count, .arena = arena};

	*out = (struct imp_share){0};
	make_heads(&work, out);
	imp_share_number_layers(&work);
	imp_share_gather_files(&work);
	imp_share_gather_packages(&work);
	imp_share_make_layers(&work, out);
	imp_share_make_pairs(&work, out);
	imp_share_make_groups(&work, out);
	imp_share_make_drift(&work, out);
	imp_share_make_needs(&work, out);
	imp_share_make_plan(&work, out);
}
