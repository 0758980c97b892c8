/* From repositories and documents to roots and their closures (ecosystem.md 2.3). */
#include <stdlib.h>
#include <string.h>

#include "reach.h"

struct making {
	struct imp_stock *inventory;
	struct imp_reach reach;
	bool *below;     /* documents that others of the repository lead to */
	uint32_t *place; /* of a blob among the uses at hand, counted from 1 */
	struct imp_cost_use *uses;
	size_t use_count, use_capacity;
	struct imp_cost_image *images;
	size_t image_count, image_capacity;
};

static void making_finish(struct making *making)
{
	imp_reach_finish(&making->reach);
	free(making->below);
	free(making->place);
	free(making->uses);
	free(making->images);
}

static void merge_use(struct imp_cost_use *use, const struct imp_cost_use *more)
{
	use->attached &= more->attached;
	use->layer |= more->layer;
	if (more->platform == IMP_COST_NO_PLATFORM || more->platform == use->platform)
		return;
	use->platform = use->platform == IMP_COST_NO_PLATFORM
				? more->platform
				: IMP_COST_SEVERAL_PLATFORMS;
}

static void add_use(struct making *making, struct imp_cost_use use)
{
	if (making->place[use.blob]) {
		merge_use(&making->uses[making->place[use.blob] - 1], &use);
		return;
	}
	making->uses = imp_xgrow(making->uses, &making->use_capacity,
				 making->use_count + 1, sizeof(*making->uses));
	making->uses[making->use_count++] = use;
	making->place[use.blob] = (uint32_t)making->use_count;
}

static uint16_t platform_of(const struct imp_stock *inventory, struct imp_reached reached)
{
	uint32_t config = inventory->docs[reached.doc].config;

	if (reached.attached)
		return IMP_COST_NO_PLATFORM;
	if (reached.platform == IMP_COST_NO_PLATFORM && config != IMP_NO_INDEX)
		return inventory->configs[config].platform;
	return reached.platform;
}

static void add_document(struct making *making, struct imp_reached reached)
{
	const struct imp_stock *inventory = making->inventory;
	const struct imp_doc *doc = &inventory->docs[reached.doc];
	struct imp_cost_use use = {
		.platform = platform_of(inventory, reached),
		.attached = reached.attached,
	};

	if (doc->blob == IMP_NO_INDEX)
		return;
	for (size_t i = 0; i < doc->blob_count; i++) {
		use.blob = doc->blobs[i];
		use.layer = i >= doc->first_layer && !reached.attached;
		add_use(making, use);
	}
}

static void add_manifest(struct making *making, struct imp_reached reached)
{
	const struct imp_doc *doc = &making->inventory->docs[reached.doc];

	if (doc->blob != IMP_NO_INDEX)
		add_use(making, (struct imp_cost_use){.blob = doc->blob,
						      .platform = platform_of(
							      making->inventory, reached),
						      .attached = reached.attached,
						      .manifest = doc->manifest});
}

/* The newest image in it dates a root. */
static void date_image(const struct making *making, struct imp_cost_image *image)
{
	const struct imp_stock *inventory = making->inventory;
	const struct imp_image_config *newest = NULL;

	for (size_t i = 0; i < making->reach.count; i++) {
		const struct imp_reached *reached = &making->reach.list[i];
		uint32_t index = inventory->docs[reached->doc].config;
		if (reached->attached || index == IMP_NO_INDEX)
			continue;
		const struct imp_image_config *config = &inventory->configs[index];
		if (!newest ||
		    (config->dated &&
		     (!newest->dated || config->created_ns > newest->created_ns)))
			newest = config;
	}
	if (!newest)
		return;
	image->dated = newest->dated;
	image->time_ns = newest->dated ? newest->created_ns : 0;
	image->labels = &newest->label;
	image->label_count = newest->label.key.data != NULL;
}

static void close_root(struct making *making, uint32_t shelf, uint32_t doc,
		       struct imp_cost_image *image)
{
	struct imp_stock *inventory = making->inventory;

	imp_reach_reset(&making->reach);
	imp_reach_add(&making->reach, shelf, doc);
	making->use_count = 0;
	for (size_t i = 0; i < making->reach.count; i++) {
		const struct imp_reached reached = making->reach.list[i];
		add_manifest(making, reached);
		add_document(making, reached);
		inventory->result.foreign_layers +=
			inventory->docs[reached.doc].foreign_layers;
		image->has_foreign |= inventory->docs[reached.doc].foreign_layers > 0;
	}
	struct imp_cost_use *uses =
		imp_arena_array(inventory->arena, making->use_count, sizeof(*uses));
	for (size_t i = 0; i < making->use_count; i++) {
		uses[i] = making->uses[i];
		making->place[uses[i].blob] = 0;
	}
	image->uses = uses;
	image->use_count = making->use_count;
	date_image(making, image);
}

/* What children and attachments of anything in the repository are. */
static void mark_below(struct making *making, uint32_t shelf_index)
{
	const struct imp_stock *inventory = making->inventory;
	const struct imp_shelf *shelf = inventory->shelves[shelf_index];

	memset(making->below, 0, inventory->doc_count);
	imp_reach_reset(&making->reach);
	for (size_t i = 0; i < shelf->row_count; i++) {
		uint32_t doc = imp_stock_find_doc(inventory, &shelf->rows[i].digest);
		if (doc != IMP_NO_INDEX)
			imp_reach_add(&making->reach, shelf_index, doc);
	}
	for (size_t i = 0; i < making->reach.count; i++) {
		uint32_t index = making->reach.list[i].doc;
		const struct imp_doc *doc = &inventory->docs[index];
		size_t count;
		const struct imp_attachment *attached =
			imp_reach_attached(inventory, shelf_index, index, &count);
		for (size_t k = 0; k < doc->child_count; k++)
			making->below[doc->children[k].doc] = true;
		for (size_t k = 0; k < count; k++)
			making->below[attached[k].attached] = true;
	}
}

static bool is_root(const struct making *making, const struct imp_shelf_row *row)
{
	const struct imp_stock *inventory = making->inventory;
	uint32_t doc = imp_stock_find_doc(inventory, &row->digest);

	if (!row->wanted || doc == IMP_NO_INDEX ||
	    inventory->docs[doc].blob == IMP_NO_INDEX)
		return false;
	return (row->tag.len && !row->fallback) || !making->below[doc];
}

static int by_digest(const void *left, const void *right)
{
	const struct imp_shelf_row *a = left, *b = right;
	int order = memcmp(&a->digest, &b->digest, sizeof(a->digest));
	return order ? order : imp_slice_compare(a->tag, b->tag);
}

/* ROWS: COUNT of one digest. */
static void add_image(struct making *making, uint32_t shelf,
		      const struct imp_shelf_row *rows, size_t count)
{
	struct imp_stock *inventory = making->inventory;
	struct imp_slice *tags = imp_arena_array(inventory->arena, count, sizeof(*tags));
	struct imp_cost_image image = {
		.repository = shelf, .digest = rows[0].digest, .tags = tags};

	for (size_t i = 0; i < count; i++)
		if (rows[i].tag.len)
			tags[image.tag_count++] = rows[i].tag;
	close_root(making, shelf, imp_stock_find_doc(inventory, &image.digest), &image);
	making->images = imp_xgrow(making->images, &making->image_capacity,
				   making->image_count + 1, sizeof(*making->images));
	making->images[making->image_count++] = image;
}

static void add_shelf(struct making *making, uint32_t shelf_index)
{
	const struct imp_shelf *shelf = making->inventory->shelves[shelf_index];
	imp_auto_free struct imp_shelf_row *roots =
		imp_xcalloc(shelf->row_count + 1, sizeof(*roots));
	size_t count = 0;

	mark_below(making, shelf_index);
	for (size_t i = 0; i < shelf->row_count; i++)
		if (is_root(making, &shelf->rows[i]))
			roots[count++] = shelf->rows[i];
	qsort(roots, count, sizeof(*roots), by_digest);
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1; end < count &&
				  imp_digest_equal(&roots[i].digest, &roots[end].digest);)
			end++;
		add_image(making, shelf_index, roots + i, end - i);
	}
}

/* Rows of a local source may name a repository that nothing else was asked about. */
static bool wants_all_tags(const struct imp_shelf *shelf)
{
	for (size_t i = 0; i < shelf->want_count; i++)
		if (shelf->wants[i].glob.data && imp_slice_is(shelf->wants[i].glob, "*"))
			return true;
	return shelf->want_count == 0;
}

/* All but sources whose images have names of their own. */
static void hand_over_repositories(struct making *making)
{
	struct imp_stock *inventory = making->inventory;
	struct imp_cost_inventory *result = &inventory->result;
	struct imp_cost_repository *repositories = imp_arena_array(
		inventory->arena, inventory->shelf_count, sizeof(*repositories));
	imp_auto_free uint32_t *numbers =
		imp_xcalloc(inventory->shelf_count + 1, sizeof(*numbers));

	result->untagged_visible = inventory->shelf_count > 0;
	result->all_tags = result->all_repositories = true;
	for (size_t i = 0; i < inventory->shelf_count; i++) {
		const struct imp_shelf *shelf = inventory->shelves[i];
		result->untagged_visible &= shelf->local;
		result->all_tags &= wants_all_tags(shelf);
		result->all_repositories &= shelf->local || shelf->of_catalog;
		numbers[i] = (uint32_t)result->repository_count;
		if (!shelf->renamed || shelf->row_count)
			repositories[result->repository_count++] =
				(struct imp_cost_repository){shelf->host, shelf->path};
	}
	for (size_t i = 0; i < making->image_count; i++)
		making->images[i].repository = numbers[making->images[i].repository];
	result->repositories = repositories;
}

static void hand_over(struct making *making)
{
	struct imp_stock *inventory = making->inventory;
	struct imp_cost_inventory *result = &inventory->result;
	struct imp_cost_image *images =
		imp_arena_array(inventory->arena, making->image_count, sizeof(*images));

	hand_over_repositories(making);
	if (making->image_count)
		memcpy(images, making->images, making->image_count * sizeof(*images));
	result->images = images;
	result->image_count = making->image_count;
	result->blobs = inventory->blobs;
	result->blob_count = inventory->blob_count;
	result->platforms = inventory->platforms;
	result->platform_count = inventory->platform_count;
}

void imp_stock_images(struct imp_stock *inventory)
{
	imp_auto(making_finish) struct making making = {
		.inventory = inventory,
		.below = imp_xcalloc(inventory->doc_count + 1, sizeof(bool)),
		.place = imp_xcalloc(inventory->blob_count + 1, sizeof(uint32_t)),
	};

	imp_reach_start(&making.reach, inventory);
	for (uint32_t s = 0; s < inventory->shelf_count; s++)
		add_shelf(&making, s);
	hand_over(&making);
}
