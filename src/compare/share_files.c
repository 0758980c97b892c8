/*
 * Identical bytes in layers that are not shared. All files are sorted by content once; what is
 * asked about equal content goes over the runs.
 */
#include "share_priv.h"

#include <stdlib.h>

#include "compare_priv.h"
#include "imgprof/cleanup.h"

/* One image while its files are gathered. */
struct gathering {
	struct imp_share_work *work;
	uint32_t image;
	const struct imp_analysis *analysis;
	bool *inside;        /* of each node: under the working directory; NULL: none */
	size_t next_partial; /* of imp_share_kept */
};

static bool *mark_application(const struct imp_analysis *image)
{
	const struct imp_tree *tree = image->tree;
	struct imp_slice folder = image->image->config.working_directory;
	uint32_t top = folder.len ? imp_tree_resolve(tree, 0, folder) : 0;

	if (top == 0 || top == IMP_NONE)
		return NULL;
	bool *inside = imp_xcalloc(imp_tree_node_count(tree), sizeof(*inside));
	for (uint32_t n = top; n != IMP_NONE; n = imp_tree_next_below(tree, n, true, top))
		inside[n] = true;
	return inside;
}

static bool is_sure(const struct imp_findings *findings, uint32_t finding)
{
	return findings->list[finding].confidence != IMP_CONFIDENCE_POSSIBLE;
}

static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

/* Partials stand by record. */
static void take_partials(const struct imp_findings *findings, uint32_t record,
			  size_t *next, struct imp_sum *kept)
{
	while (*next < findings->partial_count &&
	       findings->partials[*next].record < record)
		(*next)++;
	for (size_t i = *next;
	     i < findings->partial_count && findings->partials[i].record == record; i++) {
		const struct imp_partial *partial = &findings->partials[i];
		if (!is_sure(findings, partial->finding))
			continue;
		kept->disk_bytes = less(kept->disk_bytes, partial->disk_bytes);
		kept->pull_bytes = less(kept->pull_bytes, partial->pull_bytes);
	}
}

struct imp_sum imp_share_kept(const struct imp_analysis *image, uint32_t index,
			      size_t *next)
{
	const struct imp_record *record = imp_tree_record(image->tree, index);
	const struct imp_findings *findings = image->findings;
	struct imp_sum kept = {1, record->disk_bytes, record->pull_bytes};

	if (!findings)
		return kept;
	uint32_t finding = findings->finding_of[index];
	if (finding != IMP_NONE && is_sure(findings, finding))
		return (struct imp_sum){0};
	take_partials(findings, index, next, &kept);
	return kept;
}

static void add_file(struct gathering *g, uint32_t index, const struct imp_record *record)
{
	struct imp_share_work *work = g->work;
	const struct imp_packages *packages = g->analysis->packages;
	struct imp_sum kept = imp_share_kept(g->analysis, index, &g->next_partial);
	struct imp_share_file *file;

	work->files = imp_xgrow(work->files, &work->file_capacity, work->file_count + 1,
				sizeof(*work->files));
	file = &work->files[work->file_count++];
	*file = (struct imp_share_file){
		.hash = imp_tree_hash(g->analysis->tree, index),
		.size = record->disk_bytes,
		.image = g->image,
		.record = index,
		.layer = work->layer_ids[g->image][record->layer],
		.kept_disk = kept.disk_bytes,
		.kept_pull = kept.pull_bytes,
		.owner = packages ? packages->owner_of[index] : IMP_NONE,
	};
	file->application =
		file->owner == IMP_NONE && g->inside && g->inside[record->node];
}

/* What is in no file, divided among the files: an estimate like their own pull bytes. */
static uint64_t header_pull(const struct imp_analysis *image)
{
	uint64_t in_files = 0, files = 0;

	for (int fate = 0; fate < IMP_FATES; fate++) {
		in_files += image->fates[fate].pull_bytes;
		files += image->fates[fate].files;
	}
	return files ? less(image->pull_bytes, in_files) / files : 0;
}

static void gather(struct imp_share_work *work, uint32_t image)
{
	struct gathering g = {.work = work,
			      .image = image,
			      .analysis = work->images[image],
			      .inside = mark_application(work->images[image])};
	const struct imp_tree *tree = g.analysis->tree;

	for (uint32_t r = 0; r < imp_tree_record_count(tree); r++) {
		const struct imp_record *record = imp_tree_record(tree, r);
		if (imp_record_is_live_file(record) && record->disk_bytes > 0 &&
		    record->layer >= work->common_layers)
			add_file(&g, r, record);
	}
	work->header_pull[image] = header_pull(g.analysis);
	free(g.inside);
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return a == b ? 0 : a < b ? -1 : 1;
}

static int compare_contents(const struct imp_share_file *a,
			    const struct imp_share_file *b)
{
	int order = memcmp(&a->hash, &b->hash, sizeof(a->hash));

	return order ? order : compare_numbers(a->size, b->size);
}

static int compare_files(const void *a, const void *b)
{
	const struct imp_share_file *x = a, *y = b;
	int order = compare_contents(x, y);

	if (order == 0)
		order = compare_numbers(x->image, y->image);
	return order ? order : compare_numbers(x->record, y->record);
}

void imp_share_gather_files(struct imp_share_work *work)
{
	for (uint32_t i = 0; i < work->count; i++)
		gather(work, i);
	if (work->file_count)
		qsort(work->files, work->file_count, sizeof(*work->files), compare_files);
}

bool imp_share_next_run(const struct imp_share_work *work, struct imp_share_run *run)
{
	run->first = run->end;
	if (run->first == work->file_count)
		return false;
	do
		run->end++;
	while (run->end < work->file_count &&
	       compare_contents(&work->files[run->first], &work->files[run->end]) == 0);
	return true;
}

static size_t pair_at(size_t count, size_t a, size_t b)
{
	return a * count - a * (a + 1) / 2 + (b - a - 1);
}

/* Files of a run by pairs of images: outside[a][b] are those that A has in layers that B has
 * not. Rows are only those of images that the run is in. */
struct outside {
	uint32_t list[IMP_SHARE_IMAGES];
	size_t count;
	uint64_t files[IMP_SHARE_IMAGES][IMP_SHARE_IMAGES];
};

static void count_outside(const struct imp_share_work *work,
			  const struct imp_share_run *run, struct outside *outside)
{
	uint32_t image = IMP_NONE; /* a run's files stand by image */

	outside->count = 0;
	for (size_t f = run->first; f < run->end; f++) {
		const struct imp_share_file *file = &work->files[f];
		uint64_t holders = work->holders[file->layer];
		if (file->image != image) {
			image = file->image;
			outside->list[outside->count++] = image;
			memset(outside->files[image], 0, sizeof(outside->files[image]));
		}
		for (uint32_t b = 0; b < work->count; b++)
			outside->files[image][b] += !(holders >> b & 1);
	}
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static void count_run(const struct imp_share_work *work, const struct imp_share_run *run,
		      struct outside *outside, struct imp_share_pair *pairs)
{
	uint64_t size = work->files[run->first].size;

	count_outside(work, run, outside);
	for (size_t i = 0; i < outside->count; i++) {
		for (size_t k = i + 1; k < outside->count; k++) {
			uint32_t a = outside->list[i], b = outside->list[k];
			pairs[pair_at(work->count, a, b)].identical_bytes +=
				size *
				smaller(outside->files[a][b], outside->files[b][a]);
		}
	}
}

static int compare_pairs(const void *a, const void *b)
{
	const struct imp_share_pair *x = a, *y = b;
	int order = compare_numbers(y->identical_bytes, x->identical_bytes);

	if (order == 0)
		order = compare_numbers(x->a, y->a);
	return order ? order : compare_numbers(x->b, y->b);
}

void imp_share_make_pairs(const struct imp_share_work *work, struct imp_share *out)
{
	size_t count = work->count * (work->count - 1) / 2;
	struct imp_share_pair *pairs =
		imp_arena_array(work->arena, count + 1, sizeof(*pairs));
	struct imp_share_run run = {0};
	imp_auto_free struct outside *outside = imp_xcalloc(1, sizeof(*outside));

	for (uint32_t a = 0; a < work->count; a++) {
		for (uint32_t b = a + 1; b < work->count; b++) {
			struct imp_share_pair *pair = &pairs[pair_at(work->count, a, b)];
			pair->a = a;
			pair->b = b;
			pair->shared_layer_bytes = imp_share_layer_bytes(
				work, UINT64_C(1) << a | UINT64_C(1) << b);
		}
	}
	while (imp_share_next_run(work, &run))
		count_run(work, &run, outside, pairs);
	qsort(pairs, count, sizeof(*pairs), compare_pairs);
	out->pairs = pairs;
	out->pair_count = count;
}
