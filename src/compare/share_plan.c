/* The plan: what is left when the reclaimable is gone, in stages that carry what is alike. */
#include "share_plan.h"

#include <stdlib.h>

#include "compare_priv.h"

static uint64_t partial_bytes(const struct imp_findings *findings, size_t *next,
			      uint32_t record)
{
	uint64_t bytes = 0;

	while (*next < findings->partial_count &&
	       findings->partials[*next].record < record)
		(*next)++;
	for (size_t i = *next;
	     i < findings->partial_count && findings->partials[i].record == record; i++)
		if (findings->list[findings->partials[i].finding].confidence !=
		    IMP_CONFIDENCE_POSSIBLE)
			bytes += findings->partials[i].disk_bytes;
	return bytes;
}

static bool goes(const struct imp_findings *findings, uint32_t record)
{
	uint32_t finding = findings->finding_of[record];

	return finding != IMP_NONE &&
	       findings->list[finding].confidence != IMP_CONFIDENCE_POSSIBLE;
}

/* Live in the first LAYERS layers of IMAGE, less what certain and likely findings take. */
static uint64_t kept_in(const struct imp_analysis *image, size_t layers)
{
	uint64_t kept = 0;
	size_t next = 0;

	for (uint32_t r = 0; r < imp_tree_record_count(image->tree); r++) {
		const struct imp_record *record = imp_tree_record(image->tree, r);
		if (record->layer >= layers)
			break;
		if (!imp_record_is_live_file(record) ||
		    (image->findings && goes(image->findings, r)))
			continue;
		kept += record->disk_bytes;
		if (image->findings)
			kept -= partial_bytes(image->findings, &next, r);
	}
	return kept;
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
	out->common_kept_bytes = kept_in(work->images[0], work->common_layers);
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
