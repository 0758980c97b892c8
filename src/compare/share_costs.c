/* What registry, node and push cost now, and what they would cost by the plan. */
#include <stdlib.h>

#include "compare_priv.h"
#include "share_plan.h"

/* Per image the layer that most of the application's bytes came with; without any the topmost. */
static void find_application_layers(const struct imp_share_work *work,
				    struct imp_share_plan_image *rows)
{
	size_t starts[IMP_SHARE_IMAGES + 1] = {0};

	for (size_t i = 0; i < work->count; i++)
		starts[i + 1] = starts[i] + work->images[i]->layer_count;
	imp_auto_free uint64_t *bytes =
		imp_xcalloc(starts[work->count] + 1, sizeof(*bytes));
	for (size_t f = 0; f < work->file_count; f++) {
		const struct imp_share_file *file = &work->files[f];
		const struct imp_tree *tree = work->images[file->image]->tree;
		if (file->application)
			bytes[starts[file->image] +
			      imp_tree_record(tree, file->record)->layer] += file->size;
	}
	for (size_t i = 0; i < work->count; i++) {
		const uint64_t *of_image = &bytes[starts[i]];
		size_t count = work->images[i]->layer_count;
		uint32_t best = count ? (uint32_t)count - 1 : 0;
		for (uint32_t layer = 0; layer < count; layer++)
			if (of_image[layer] > of_image[best])
				best = layer;
		rows[i].application_layer = best;
	}
}

static bool is_new(struct imp_map *seen, struct imp_slice key)
{
	if (imp_map_get(seen, key, NULL))
		return false;
	imp_map_set(seen, key, 1);
	return true;
}

struct counting {
	struct imp_map blobs, layers, pushed;
	struct imp_share_cost *cost;
};

static void count_layer(const struct imp_share_work *work, size_t image, size_t layer,
			bool pushed, struct counting *counting)
{
	const struct imp_profile_summary *summary =
		&work->images[image]->layers[layer].summary;
	struct imp_digest *digest = imp_arena_alloc(work->arena, sizeof(*digest));
	struct imp_slice blob = imp_slice((const char *)digest, sizeof(*digest));
	const uint32_t *id = &work->layer_ids[image][layer];

	*digest = imp_layer_digest(work->images[image], layer);
	/* Without a digest a layer is told by its number */
	if (digest->algorithm == IMP_DIGEST_NONE)
		blob = imp_slice((const char *)id, sizeof(*id));
	if (is_new(&counting->blobs, blob))
		counting->cost->stored_bytes += summary->pull_bytes;
	if (pushed && is_new(&counting->pushed, blob))
		counting->cost->push_bytes += summary->pull_bytes;
	if (is_new(&counting->layers, imp_slice((const char *)id, sizeof(*id)))) {
		counting->cost->first_pull_bytes += summary->pull_bytes;
		counting->cost->disk_bytes += summary->disk_bytes;
	}
}

void imp_plan_set_before(const struct imp_plan_work *plan, struct imp_share_plan *out)
{
	const struct imp_share_work *work = plan->share;
	struct imp_share_plan_image *rows =
		(struct imp_share_plan_image *)(uintptr_t)out->images;
	struct counting counting = {.cost = &out->before};

	find_application_layers(work, rows);
	for (uint32_t i = 0; i < work->count; i++) {
		const struct imp_analysis *image = work->images[i];
		rows[i].pull_before = image->pull_bytes;
		rows[i].disk_before = image->disk_bytes;
		for (size_t k = 0; k < image->layer_count; k++) {
			bool pushed = k >= rows[i].application_layer;
			count_layer(work, i, k, pushed, &counting);
			if (pushed)
				rows[i].push_before +=
					image->layers[k].summary.pull_bytes;
		}
	}
	imp_map_finish(&counting.blobs);
	imp_map_finish(&counting.layers);
	imp_map_finish(&counting.pushed);
}

static void add_stages(const struct imp_plan_work *plan,
		       struct imp_share_plan_image *rows, struct imp_sum *stored)
{
	for (size_t s = 0; s < plan->stage_count; s++) {
		const struct imp_share_stage *stage = &plan->stages[s];
		imp_plan_add(stored, &stage->sum);
		for (size_t i = 0; i < stage->images.count; i++) {
			rows[stage->images.list[i]].pull_after += stage->sum.pull_bytes;
			rows[stage->images.list[i]].disk_after += stage->sum.disk_bytes;
		}
	}
}

void imp_plan_set_after(const struct imp_plan_work *plan, struct imp_share_plan *out)
{
	struct imp_share_plan_image *rows =
		(struct imp_share_plan_image *)(uintptr_t)out->images;
	struct imp_sum stored = {0, out->common_disk_bytes, out->common_pull_bytes};

	add_stages(plan, rows, &stored);
	for (size_t i = 0; i < plan->share->count; i++) {
		struct imp_sum own = plan->own[i], app = plan->application[i];
		rows[i].own = own;
		rows[i].application = app;
		rows[i].pull_after += out->common_pull_bytes + own.pull_bytes;
		rows[i].disk_after += out->common_disk_bytes + own.disk_bytes;
		rows[i].push_after = app.files ? app.pull_bytes : own.pull_bytes;
		imp_plan_add(&stored, &own);
		out->after.push_bytes += rows[i].push_after;
	}
	out->after.stored_bytes = out->after.first_pull_bytes = stored.pull_bytes;
	out->after.disk_bytes = stored.disk_bytes;
}
