/* What each image keeps above the layers that all begin with, by package and version. */
#include <stdlib.h>

#include "share_plan.h"

struct naming {
	struct imp_plan_work *plan;
	struct imp_map known;
	/* For each image and package: its row + 1 */
	uint32_t *row_of[IMP_SHARE_IMAGES];
};

static uint32_t find_row(struct naming *n, const struct imp_package *package)
{
	struct imp_plan_work *plan = n->plan;
	struct imp_arena *arena = plan->share->arena;
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	uint64_t place;

	imp_strbuf_printf(&text, "%u %zu ", (unsigned)package->manager,
			  package->name.len);
	imp_strbuf_add_slice(&text, package->name);
	imp_strbuf_add_slice(&text, package->version);
	if (imp_map_get(&n->known, imp_strbuf_slice(&text), &place))
		return (uint32_t)place;
	imp_map_set(&n->known, imp_arena_copy(arena, imp_strbuf_slice(&text)),
		    plan->row_count);
	plan->rows = imp_xgrow(plan->rows, &plan->row_capacity, plan->row_count + 1,
			       sizeof(*plan->rows));
	plan->rows[plan->row_count] = (struct imp_plan_row){
		.manager = imp_manager_name(package->manager),
		.name = imp_arena_copy(arena, package->name),
		.version = imp_arena_copy(arena, package->version),
		.sums = imp_arena_array(arena, plan->share->count,
					sizeof(struct imp_sum)),
	};
	return (uint32_t)plan->row_count++;
}

static struct imp_plan_row *row_of(struct naming *n, const struct imp_share_file *file)
{
	const struct imp_packages *packages =
		n->plan->share->images[file->image]->packages;
	uint32_t **places = &n->row_of[file->image];

	if (!*places)
		*places = imp_xcalloc(packages->count + 1, sizeof(uint32_t));
	if ((*places)[file->owner] == 0)
		(*places)[file->owner] = find_row(n, &packages->list[file->owner]) + 1;
	return &n->plan->rows[(*places)[file->owner] - 1];
}

static struct imp_sum kept_of(const struct imp_share_work *work,
			      const struct imp_share_file *file)
{
	return (struct imp_sum){1, file->kept_disk,
				file->kept_pull + work->header_pull[file->image]};
}

static void add_file(struct naming *n, const struct imp_share_file *file)
{
	struct imp_plan_work *plan = n->plan;
	struct imp_sum kept = kept_of(plan->share, file);

	if (file->kept_disk == 0)
		return;
	imp_plan_add(&plan->own[file->image], &kept);
	if (file->application)
		imp_plan_add(&plan->application[file->image], &kept);
	if (file->owner == IMP_NONE)
		return;
	struct imp_plan_row *row = row_of(n, file);
	imp_plan_add(&row->sums[file->image], &kept);
	row->images |= UINT64_C(1) << file->image;
}

static bool is_rest(const struct imp_share_file *file)
{
	return file->owner == IMP_NONE && !file->application && file->kept_disk > 0;
}

/* How often every image has the content of RUN at least, in files of nobody. */
static size_t count_everywhere(const struct imp_plan_work *plan,
			       const struct imp_share_run *run)
{
	size_t counts[IMP_SHARE_IMAGES] = {0}, least;

	if (run->end - run->first < plan->share->count)
		return 0;
	for (size_t f = run->first; f < run->end; f++)
		if (is_rest(&plan->share->files[f]))
			counts[plan->share->files[f].image]++;
	least = counts[0];
	for (size_t i = 1; i < plan->share->count; i++)
		least = counts[i] < least ? counts[i] : least;
	return least;
}

static void add_rest(struct imp_plan_work *plan, const struct imp_share_run *run)
{
	const struct imp_share_work *work = plan->share;
	size_t everywhere = count_everywhere(plan, run);

	if (everywhere == 0)
		return;
	size_t taken[IMP_SHARE_IMAGES] = {0};
	for (size_t f = run->first; f < run->end; f++) {
		const struct imp_share_file *file = &work->files[f];
		struct imp_sum kept = kept_of(work, file);
		if (!is_rest(file) || taken[file->image]++ >= everywhere)
			continue;
		if (file->image == 0)
			imp_plan_add(&plan->rest, &kept);
		imp_plan_take(&plan->own[file->image], &kept);
	}
}

void imp_plan_gather(struct imp_plan_work *plan)
{
	const struct imp_share_work *work = plan->share;
	struct naming naming = {.plan = plan};
	struct imp_share_run run = {0};

	for (size_t f = 0; f < work->file_count; f++)
		add_file(&naming, &work->files[f]);
	while (imp_share_next_run(work, &run))
		add_rest(plan, &run);
	for (size_t i = 0; i < work->count; i++)
		free(naming.row_of[i]);
	imp_map_finish(&naming.known);
}
