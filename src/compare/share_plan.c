/* The plan: what is left when the reclaimable is gone, in stages that carry what is alike. */
#include "share_plan.h"

#include <stdlib.h>

#include "compare_priv.h"

/* Live in the first LAYERS layers of IMAGE, less what certain and likely findings take. */
static struct imp_sum kept_in(const struct imp_analysis *image, size_t layers)
{
	struct imp_sum sum = {0};
	size_t next = 0;

	for (uint32_t r = 0; r < imp_tree_record_count(image->tree); r++) {
		const struct imp_record *record = imp_tree_record(image->tree, r);
		if (record->layer >= layers)
			break;
		if (!imp_record_is_live_file(record))
			continue;
		struct imp_sum kept = imp_share_kept(image, r, &next);
		imp_plan_add(&sum, &kept);
	}
	return sum;
}

static void set_common(const struct imp_share_work *work, struct imp_share_plan *out)
{
	out->common_layers = work->common_layers;
	for (size_t k = 0; k < work->common_layers; k++) {
		const struct imp_profile_summary *summary =
			&work->images[0]->layers[k].summary;
		out->common_pull_bytes += summary->pull_bytes;
		out->common_disk_bytes += summary->disk_bytes;
	}
	out->common_kept = kept_in(work->images[0], work->common_layers);
}

void imp_share_make_plan(const struct imp_share_work *work, struct imp_share *out)
{
	struct imp_plan_work plan = {.share = work};

	out->plan.images =
		imp_arena_array(work->arena, work->count, sizeof(*out->plan.images));
	set_common(work, &out->plan);
	imp_plan_gather(&plan);
	imp_plan_make_stages(&plan);
	imp_plan_set_before(&plan, &out->plan);
	imp_plan_set_after(&plan, &out->plan);
	out->plan.stages = plan.stages;
	out->plan.stage_count = plan.stage_count;
	out->plan.estimate = work->file_count > 0;
	free(plan.rows);
}
