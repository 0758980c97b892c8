/* The numbers of several roots together. */
#include <stdlib.h>

#include "cells.h"

/* For each cell how many roots of the group at hand reach it; *TOUCHED lists those cells. */
struct tally {
	uint32_t *reached;
	uint32_t *touched;
	size_t touched_count;
};

static struct tally tally_make(const struct imp_cost *cost)
{
	size_t cells = cost->priv->cell_count + 1;

	return (struct tally){
		.reached = imp_xcalloc(cells, sizeof(uint32_t)),
		.touched = imp_xcalloc(cells, sizeof(uint32_t)),
	};
}

static void tally_finish(struct tally *tally)
{
	free(tally->reached);
	free(tally->touched);
}

static void tally_image(struct tally *tally, const struct imp_cost *cost, uint32_t image)
{
	const struct imp_cost_private *priv = cost->priv;

	for (size_t k = priv->first[image]; k < priv->first[image + 1]; k++)
		if (tally->reached[priv->cell_of[k]]++ == 0)
			tally->touched[tally->touched_count++] = priv->cell_of[k];
}

/* Adds up what the tally holds and empties it. */
static void tally_sum(struct tally *tally, const struct imp_cost *cost, uint64_t *all,
		      uint64_t *alone)
{
	for (size_t i = 0; i < tally->touched_count; i++) {
		const struct imp_cell *cell = &cost->priv->cells[tally->touched[i]];
		*all += cell->size_bytes;
		if (tally->reached[tally->touched[i]] == cell->roots)
			*alone += cell->size_bytes;
		tally->reached[tally->touched[i]] = 0;
	}
	tally->touched_count = 0;
}

uint64_t imp_cost_free_bytes(const struct imp_cost *cost, const bool *chosen)
{
	imp_auto(tally_finish) struct tally tally = tally_make(cost);
	uint64_t all = 0, alone = 0;

	for (uint32_t i = 0; i < cost->inventory->image_count; i++)
		if (chosen[i])
			tally_image(&tally, cost, i);
	tally_sum(&tally, cost, &all, &alone);
	return alone;
}

static int compare_bytes(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
	return left < right ? -1 : left > right;
}

static uint64_t median(uint64_t *bytes, size_t count)
{
	if (count == 0)
		return 0;
	qsort(bytes, count, sizeof(*bytes), compare_bytes);
	return bytes[(count - 1) / 2];
}

/* Images by group: those of group G stand from first[G] to first[G + 1]. */
static uint32_t *sort_by_group(const struct imp_cost *cost, const uint32_t *group_of,
			       size_t group_count, size_t *first)
{
	size_t images = cost->inventory->image_count;
	uint32_t *sorted = imp_xcalloc(images + 1, sizeof(*sorted));

	for (size_t i = 0; i < images; i++)
		first[group_of[i] + 2]++;
	for (size_t g = 2; g <= group_count + 1; g++)
		first[g] += first[g - 1];
	for (size_t i = 0; i < images; i++)
		sorted[first[group_of[i] + 1]++] = (uint32_t)i;
	return sorted;
}

static void sum_group(const struct imp_cost *cost, const uint32_t *images, size_t count,
		      struct tally *tally, uint64_t *scratch, struct imp_cost_group *out)
{
	*out = (struct imp_cost_group){.roots = count};
	for (size_t i = 0; i < count; i++) {
		const struct imp_cost_root *root = &cost->roots[images[i]];
		tally_image(tally, cost, images[i]);
		out->attributed_bytes += root->attributed_bytes;
		out->marginal_bytes += root->marginal_bytes;
		out->tags += cost->inventory->images[images[i]].tag_count;
		scratch[i] = root->full_bytes;
	}
	tally_sum(tally, cost, &out->stored_bytes, &out->exclusive_bytes);
	out->median_full_bytes = median(scratch, count);
	for (size_t i = 0; i < count; i++)
		scratch[i] = cost->roots[images[i]].marginal_bytes;
	out->median_marginal_bytes = median(scratch, count);
}

void imp_cost_groups(const struct imp_cost *cost, const uint32_t *group_of,
		     size_t group_count, struct imp_cost_group *out)
{
	imp_auto_free size_t *first = imp_xcalloc(group_count + 2, sizeof(*first));
	imp_auto_free uint32_t *sorted =
		sort_by_group(cost, group_of, group_count, first);
	imp_auto_free uint64_t *scratch =
		imp_xcalloc(cost->inventory->image_count + 1, sizeof(*scratch));
	imp_auto(tally_finish) struct tally tally = tally_make(cost);

	for (size_t g = 0; g < group_count; g++)
		sum_group(cost, sorted + first[g], first[g + 1] - first[g], &tally,
			  scratch, &out[g]);
}
