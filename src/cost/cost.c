/* From closures to the numbers of ecosystem.md 2.4. */
#include <stdlib.h>

#include "cells.h"
#include "imgprof/checked.h"

#define NO_CELL UINT32_MAX

bool imp_cost_sizes_fit(const struct imp_cost_inventory *inventory)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < inventory->image_count; i++) {
		const struct imp_cost_image *image = &inventory->images[i];
		uint64_t full = 0, tagged;
		for (size_t k = 0; k < image->use_count; k++)
			if (imp_add_overflows(
				    full,
				    inventory->blobs[image->uses[k].blob].size_bytes,
				    &full))
				return false;
		if (imp_mul_overflows(full, image->tag_count ? image->tag_count : 1,
				      &tagged) ||
		    imp_add_overflows(sum, tagged, &sum) || sum > INT64_MAX)
			return false;
	}
	return true;
}

/* What the uses of a cell have in common. */
struct common {
	uint16_t platform;
	bool attached; /* all of them */
};

static void add_platform(struct common *common, uint16_t platform)
{
	if (platform == IMP_COST_NO_PLATFORM || common->platform == platform)
		return;
	common->platform = common->platform == IMP_COST_NO_PLATFORM
				   ? platform
				   : IMP_COST_SEVERAL_PLATFORMS;
}

static void count_uses(struct imp_cost *cost)
{
	const struct imp_cost_inventory *inventory = cost->inventory;
	struct imp_cost_private *priv = cost->priv;
	size_t uses = 0;

	priv->first = imp_xcalloc(inventory->image_count + 1, sizeof(*priv->first));
	for (size_t i = 0; i < inventory->image_count; i++) {
		priv->first[i] = uses;
		uses += inventory->images[i].use_count;
	}
	priv->first[inventory->image_count] = uses;
	priv->cell_of = imp_xcalloc(uses + 1, sizeof(*priv->cell_of));
	priv->cells = imp_xcalloc(uses + 1, sizeof(*priv->cells));
}

/* Images by domain, each domain in the total order. */
static uint32_t *by_domain(const struct imp_cost *cost, uint32_t **domain_of)
{
	const struct imp_cost_inventory *inventory = cost->inventory;
	size_t domains;
	uint32_t *domain = imp_cost_domains(inventory, cost->dedupe, &domains);
	imp_auto_free size_t *next = imp_xcalloc(domains + 1, sizeof(*next));
	uint32_t *sorted = imp_xcalloc(inventory->image_count + 1, sizeof(*sorted));

	for (size_t i = 0; i < inventory->image_count; i++)
		next[domain[inventory->images[i].repository] + 1]++;
	for (size_t d = 1; d <= domains; d++)
		next[d] += next[d - 1];
	for (size_t i = 0; i < inventory->image_count; i++) {
		uint32_t image = cost->order[i];
		sorted[next[domain[inventory->images[image].repository]]++] = image;
	}
	*domain_of = domain;
	return sorted;
}

/* Marks the cells of BLOBS that the domain made, so that the next one makes its own. */
static void forget_cells(uint32_t *cell_of_blob, const uint32_t *touched, size_t count)
{
	for (size_t i = 0; i < count; i++)
		cell_of_blob[touched[i]] = NO_CELL;
}

/* One image in the order of its domain: a cell that is new is its margin. */
static void enter_image(struct imp_cost *cost, uint32_t index, uint32_t *cell_of_blob,
			uint32_t *touched, size_t *touched_count, struct common *common)
{
	const struct imp_cost_image *image = &cost->inventory->images[index];
	struct imp_cost_private *priv = cost->priv;
	struct imp_cost_root *root = &cost->roots[index];

	for (size_t k = 0; k < image->use_count; k++) {
		const struct imp_cost_use *use = &image->uses[k];
		uint32_t cell = cell_of_blob[use->blob];
		if (cell == NO_CELL) {
			cell = (uint32_t)priv->cell_count++;
			cell_of_blob[use->blob] = cell;
			touched[(*touched_count)++] = use->blob;
			priv->cells[cell].size_bytes =
				cost->inventory->blobs[use->blob].size_bytes;
			common[cell] = (struct common){IMP_COST_NO_PLATFORM, true};
			root->marginal_bytes += priv->cells[cell].size_bytes;
		}
		priv->cells[cell].roots++;
		priv->cell_of[priv->first[index] + k] = cell;
		root->full_bytes += priv->cells[cell].size_bytes;
		add_platform(&common[cell], use->platform);
		common[cell].attached &= use->attached;
	}
}

static void make_cells(struct imp_cost *cost, struct common *common)
{
	const struct imp_cost_inventory *inventory = cost->inventory;
	imp_auto_free uint32_t *domain = NULL;
	imp_auto_free uint32_t *sorted = by_domain(cost, &domain);
	imp_auto_free uint32_t *cell_of_blob =
		imp_xcalloc(inventory->blob_count + 1, sizeof(*cell_of_blob));
	imp_auto_free uint32_t *touched =
		imp_xcalloc(inventory->blob_count + 1, sizeof(*touched));
	size_t touched_count = 0;

	for (size_t i = 0; i < inventory->blob_count; i++)
		cell_of_blob[i] = NO_CELL;
	for (size_t i = 0; i < inventory->image_count; i++) {
		const struct imp_cost_image *images = inventory->images;
		if (i > 0 && domain[images[sorted[i]].repository] !=
				     domain[images[sorted[i - 1]].repository]) {
			forget_cells(cell_of_blob, touched, touched_count);
			touched_count = 0;
		}
		enter_image(cost, sorted[i], cell_of_blob, touched, &touched_count,
			    common);
	}
}

/* A blob's size in equal parts; what is left over goes one byte each to the first roots. */
static void share_out(struct imp_cost *cost)
{
	const struct imp_cost_private *priv = cost->priv;
	imp_auto_free uint32_t *seen = imp_xcalloc(priv->cell_count + 1, sizeof(*seen));

	for (size_t i = 0; i < cost->inventory->image_count; i++) {
		uint32_t index = cost->order[i];
		struct imp_cost_root *root = &cost->roots[index];
		for (size_t k = priv->first[index]; k < priv->first[index + 1]; k++) {
			uint32_t at = priv->cell_of[k];
			const struct imp_cell *cell = &priv->cells[at];
			root->attributed_bytes +=
				cell->size_bytes / cell->roots +
				(seen[at]++ < cell->size_bytes % cell->roots);
			if (cell->roots == 1)
				root->exclusive_bytes += cell->size_bytes;
		}
	}
}

static void add_up(struct imp_cost *cost, const struct common *common)
{
	const struct imp_cost_inventory *inventory = cost->inventory;
	size_t platforms = inventory->platform_count;

	cost->platform_bytes = imp_xcalloc(platforms + 2, sizeof(*cost->platform_bytes));
	for (size_t i = 0; i < cost->priv->cell_count; i++) {
		uint64_t size_bytes = cost->priv->cells[i].size_bytes;
		size_t row = common[i].platform;
		if (row == IMP_COST_SEVERAL_PLATFORMS)
			row = platforms;
		else if (row == IMP_COST_NO_PLATFORM)
			row = platforms + 1;
		cost->platform_bytes[row] += size_bytes;
		cost->stored_bytes += size_bytes;
		if (common[i].attached)
			cost->referrer_bytes += size_bytes;
	}
	for (size_t i = 0; i < inventory->image_count; i++) {
		size_t tags = inventory->images[i].tag_count;
		cost->naive_bytes += cost->roots[i].full_bytes * (tags ? tags : 1);
	}
}

static void count_untagged(struct imp_cost *cost)
{
	size_t count = cost->inventory->image_count;
	imp_auto_free bool *chosen = imp_xcalloc(count + 1, sizeof(*chosen));

	for (size_t i = 0; i < count; i++)
		chosen[i] = cost->inventory->images[i].tag_count == 0;
	cost->untagged_bytes = imp_cost_free_bytes(cost, chosen);
}

struct imp_cost *imp_cost_create(const struct imp_cost_inventory *inventory,
				 enum imp_dedupe dedupe)
{
	struct imp_cost *cost = imp_xcalloc(1, sizeof(*cost));

	cost->inventory = inventory;
	cost->dedupe = dedupe;
	cost->priv = imp_xcalloc(1, sizeof(*cost->priv));
	cost->roots = imp_xcalloc(inventory->image_count + 1, sizeof(*cost->roots));
	imp_cost_sort(cost);
	count_uses(cost);
	imp_auto_free struct common *common = imp_xcalloc(
		cost->priv->first[inventory->image_count] + 1, sizeof(*common));
	make_cells(cost, common);
	share_out(cost);
	add_up(cost, common);
	count_untagged(cost);
	return cost;
}

void imp_cost_destroy(struct imp_cost *cost)
{
	if (!cost)
		return;
	free(cost->priv->cells);
	free(cost->priv->cell_of);
	free(cost->priv->first);
	free(cost->priv);
	free(cost->roots);
	free(cost->order);
	free(cost->platform_bytes);
	free(cost);
}
