/*
 * Which packages go into which stage. The base takes what all images have in one version, or
 * all but every fourth: the others then carry it, too. Of what is left, the set of images for
 * which a stage would save most gets one, then the next set of images that have none.
 */
#include <stdlib.h>

#include "share_plan.h"

enum {
	LEAST_BYTES = 1000000, /* that a further stage must save to be worth a stage */
	/* A search among sets of images looks at the heaviest only */
	CANDIDATES = 64,
	MASKS = 4096,
};

struct mask {
	uint64_t images, bytes;
};

static unsigned count_bits(uint64_t mask)
{
	return (unsigned)__builtin_popcountll(mask);
}

/* What every image of IMAGES has of ROW at least. */
static struct imp_sum least_of(const struct imp_plan_row *row, uint64_t images)
{
	struct imp_sum least = {UINT64_MAX, UINT64_MAX, UINT64_MAX};

	for (size_t i = 0; i < IMP_SHARE_IMAGES; i++) {
		if (!(images >> i & 1))
			continue;
		const struct imp_sum *sum = &row->sums[i];
		if (sum->files < least.files)
			least.files = sum->files;
		if (sum->disk_bytes < least.disk_bytes)
			least.disk_bytes = sum->disk_bytes;
		if (sum->pull_bytes < least.pull_bytes)
			least.pull_bytes = sum->pull_bytes;
	}
	return least;
}

static int compare_packages(const void *a, const void *b)
{
	const struct imp_share_plan_package *x = a, *y = b;

	if (x->sum.disk_bytes != y->sum.disk_bytes)
		return x->sum.disk_bytes < y->sum.disk_bytes ? 1 : -1;
	int order = imp_share_compare_names(x->manager, x->name, y->manager, y->name);
	return order ? order : imp_slice_compare(x->version, y->version);
}

static void take_row(struct imp_plan_work *plan, struct imp_plan_row *row,
		     uint64_t images, struct imp_share_plan_package *out)
{
	*out = (struct imp_share_plan_package){
		.manager = row->manager,
		.name = row->name,
		.version = row->version,
		.image_count = count_bits(row->images),
		.sum = least_of(row, images & row->images),
	};
	for (size_t i = 0; i < plan->share->count; i++)
		if (images & row->images & (UINT64_C(1) << i))
			imp_plan_take(&plan->own[i], &out->sum);
	row->staged |= images;
}

static void add_stage(struct imp_plan_work *plan, uint64_t images,
		      struct imp_share_plan_package *packages, size_t count)
{
	struct imp_share_stage *stage = &plan->stages[plan->stage_count++];

	if (count)
		qsort(packages, count, sizeof(*packages), compare_packages);
	*stage = (struct imp_share_stage){
		.images = imp_share_set_of(images, plan->share->arena),
		.packages = packages,
		.package_count = count,
	};
	for (size_t i = 0; i < count; i++)
		imp_plan_add(&stage->sum, &packages[i].sum);
}

static void make_base(struct imp_plan_work *plan)
{
	size_t count = plan->share->count, enough = count - count / 4, taken = 0;
	struct imp_share_plan_package *packages = imp_arena_array(
		plan->share->arena, plan->row_count + 1, sizeof(*packages));

	for (size_t r = 0; r < plan->row_count; r++)
		if (count_bits(plan->rows[r].images) >= enough)
			take_row(plan, &plan->rows[r],
				 count < 64 ? (UINT64_C(1) << count) - 1 : UINT64_MAX,
				 &packages[taken++]);
	if (plan->rest.disk_bytes > 0)
		packages[taken++] = (struct imp_share_plan_package){
			.manager = "",
			.name = IMP_SLICE("[no package]"),
			.version = IMP_SLICE(""),
			.image_count = (uint32_t)count,
			.sum = plan->rest,
		};
	add_stage(plan, count < 64 ? (UINT64_C(1) << count) - 1 : UINT64_MAX, packages,
		  taken);
}

static int compare_masks(const void *a, const void *b)
{
	const struct mask *x = a, *y = b;

	return x->images < y->images ? -1 : x->images > y->images;
}

static int compare_weights(const void *a, const void *b)
{
	const struct mask *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return compare_masks(a, b);
}

/* The sets of FREE images that have a package alike, each with its bytes, heaviest first. */
static size_t list_masks(const struct imp_plan_work *plan, uint64_t free_images,
			 struct mask *masks)
{
	size_t count = 0, distinct = 0;

	for (size_t r = 0; r < plan->row_count; r++) {
		const struct imp_plan_row *row = &plan->rows[r];
		uint64_t images = row->images & ~row->staged & free_images;
		if (count_bits(images) >= 2)
			masks[count++] =
				(struct mask){images, least_of(row, images).disk_bytes};
	}
	if (count)
		qsort(masks, count, sizeof(*masks), compare_masks);
	for (size_t i = 0; i < count; i++) {
		if (distinct > 0 && masks[distinct - 1].images == masks[i].images)
			masks[distinct - 1].bytes += masks[i].bytes;
		else
			masks[distinct++] = masks[i];
	}
	if (distinct)
		qsort(masks, distinct, sizeof(*masks), compare_weights);
	return distinct < MASKS ? distinct : MASKS;
}

static uint64_t find_best(const struct mask *masks, size_t count)
{
	uint64_t best = 0, most = LEAST_BYTES - 1;

	for (size_t c = 0; c < count && c < CANDIDATES; c++) {
		uint64_t bytes = 0, images = masks[c].images;
		for (size_t i = 0; i < count; i++)
			if ((masks[i].images & images) == images)
				bytes += masks[i].bytes;
		bytes *= count_bits(images) - 1;
		if (bytes > most) {
			most = bytes;
			best = images;
		}
	}
	return best;
}

static void make_stage(struct imp_plan_work *plan, uint64_t images)
{
	size_t taken = 0;
	struct imp_share_plan_package *packages = imp_arena_array(
		plan->share->arena, plan->row_count + 1, sizeof(*packages));

	for (size_t r = 0; r < plan->row_count; r++) {
		struct imp_plan_row *row = &plan->rows[r];
		if ((row->images & ~row->staged & images) == images)
			take_row(plan, row, images, &packages[taken++]);
	}
	add_stage(plan, images, packages, taken);
}

void imp_plan_make_stages(struct imp_plan_work *plan)
{
	imp_auto_free struct mask *masks =
		imp_xcalloc(plan->row_count + 1, sizeof(*masks));
	uint64_t free_images = UINT64_MAX, images;

	plan->stages = imp_arena_array(plan->share->arena, plan->share->count + 1,
				       sizeof(*plan->stages));
	make_base(plan);
	while ((images = find_best(masks, list_masks(plan, free_images, masks))) != 0) {
		make_stage(plan, images);
		free_images &= ~images;
	}
}
