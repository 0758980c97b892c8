#include <stdlib.h>

#include "stock_priv.h"

struct imp_stock *imp_stock_create(const struct imp_stock_options *options)
{
	struct imp_stock *inventory = imp_xcalloc(1, sizeof(*inventory));

	inventory->options = *options;
	inventory->arena = imp_arena_create();
	inventory->result.complete = true;
	inventory->result.warnings = imp_warnings_create();
	return inventory;
}

static void destroy_shelf(struct imp_shelf *shelf)
{
	imp_repository_destroy(shelf->source);
	imp_listing_finish(&shelf->listing);
	pthread_mutex_destroy(&shelf->mutex);
	free(shelf->wants);
	free(shelf->rows);
	free(shelf);
}

void imp_stock_destroy(struct imp_stock *inventory)
{
	if (!inventory)
		return;
	for (size_t i = 0; i < inventory->shelf_count; i++)
		destroy_shelf(inventory->shelves[i]);
	free(inventory->shelves);
	free(inventory->registries);
	free(inventory->registry_globs);
	free(inventory->hosts);
	free(inventory->docs);
	free(inventory->configs);
	free(inventory->blobs);
	free(inventory->platforms);
	free(inventory->attachments);
	imp_map_finish(&inventory->shelf_by_name);
	imp_map_finish(&inventory->doc_by_digest);
	imp_map_finish(&inventory->config_by_digest);
	imp_map_finish(&inventory->blob_by_digest);
	imp_map_finish(&inventory->platform_by_name);
	imp_warnings_destroy(inventory->result.warnings);
	imp_arena_destroy(inventory->arena);
	free(inventory);
}

/* What was asked for; fallback tags come when their subject is known. */
static void name_documents(struct imp_stock *inventory)
{
	for (uint32_t s = 0; s < inventory->shelf_count; s++) {
		const struct imp_shelf *shelf = inventory->shelves[s];
		for (size_t i = 0; i < shelf->row_count; i++)
			if (shelf->rows[i].wanted &&
			    shelf->rows[i].digest.algorithm != IMP_DIGEST_NONE)
				imp_stock_doc(inventory, &shelf->rows[i].digest,
					      shelf->rows[i].source, 0);
	}
}

static int run_phases(struct imp_stock *inventory, struct imp_error *err)
{
	int rc = imp_stock_catalogs(inventory, err);

	if (rc == 0)
		rc = imp_stock_list(inventory, err);
	if (rc == 0)
		rc = imp_stock_heads(inventory, err);
	if (rc < 0)
		return rc;
	name_documents(inventory);
	rc = imp_stock_documents(inventory, err);
	if (rc == 0)
		rc = imp_stock_referrers(inventory, err);
	return rc == 0 ? imp_stock_configs(inventory, err) : rc;
}

int imp_stock_run(struct imp_stock *inventory, struct imp_error *err)
{
	int rc = run_phases(inventory, err);

	if (rc < 0)
		return rc;
	imp_stock_images(inventory);
	if (inventory->visible == 0 && inventory->first_failure.category) {
		*err = inventory->first_failure;
		return err->category;
	}
	if (inventory->result.image_count == 0 && inventory->no_such_tag.category) {
		*err = inventory->no_such_tag;
		return err->category;
	}
	if (imp_cost_sizes_fit(&inventory->result))
		return 0;
	return imp_fail(err, IMP_E_FORMAT,
			"the sizes of all blobs add up to more than "
			"2^63-1 bytes");
}

const struct imp_cost_inventory *imp_stock_result(const struct imp_stock *inventory)
{
	return &inventory->result;
}
