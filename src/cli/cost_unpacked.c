#include "cost_unpacked.h"

#include <stdlib.h>

#include "imgprof/map.h"
#include "imgprof/store.h"
#include "imgprof/stream.h"
#include "report_file.h"

/* The digest of a layer's blob as a key of the map; of ARENA. */
static struct imp_slice key_of(const struct imp_digest *digest, struct imp_arena *arena)
{
	char text[IMP_DIGEST_TEXT];

	return imp_arena_copy(arena, imp_slice_of(imp_digest_text(digest, text)));
}

static void add_layers(const struct imp_analysis *image, struct imp_arena *arena,
		       struct imp_map *known)
{
	for (size_t i = 0; i < image->layer_count; i++) {
		const struct imp_digest *digest = &image->image->layers[i].blob.digest;
		if (image->layers[i].missing || digest->algorithm == IMP_DIGEST_NONE)
			continue;
		imp_map_set(known, key_of(digest, arena),
			    image->layers[i].summary.disk_bytes);
	}
}

static int read_report(const struct imp_run *run, const char *name, struct imp_map *known,
		       struct imp_error *err)
{
	imp_auto_destroy(imp_arena) struct imp_arena *scratch = imp_arena_create();
	imp_auto_destroy(imp_reloaded) struct imp_reloaded *stored = NULL;
	int rc =
		imp_report_file_read(name, &run->settings->limits, scratch, &stored, err);

	if (rc == 0)
		rc = imp_report_file_check_whole(stored, err);
	if (rc == 0 && stored->image_count == 0)
		rc = imp_fail(err, IMP_E_USAGE, "a report of no image");
	if (rc < 0)
		return imp_wrap(err, "--unpacked-from: %s", name);
	for (size_t i = 0; i < stored->image_count; i++)
		add_layers(stored->images[i], run->arena, known);
	return 0;
}

static int read_reports(const struct imp_run *run, struct imp_map *known,
			struct imp_error *err)
{
	const struct imp_words *names = &run->settings->cost.unpacked_from;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < names->count; i++)
		rc = read_report(run, names->list[i], known, err);
	return rc;
}

static uint64_t cached_bytes(struct imp_store *store, const struct imp_digest *digest)
{
	struct imp_stored_layer layer = {0};
	struct imp_error ignored = {0};

	if (!store || imp_store_get(store, digest, &layer, &ignored) != 0)
		return IMP_UNKNOWN_SIZE;
	uint64_t bytes = imp_profile_summary(layer.profile)->disk_bytes;
	imp_profile_destroy(layer.profile);
	return bytes;
}

static uint64_t find_bytes(const struct imp_run *run, const struct imp_map *known,
			   const struct imp_digest *digest)
{
	char text[IMP_DIGEST_TEXT];
	uint64_t bytes;

	if (imp_map_get(known, imp_slice_of(imp_digest_text(digest, text)), &bytes))
		return bytes;
	return cached_bytes(run->store, digest);
}

/* Of every blob; those that are no layers stay unknown, and nobody asks for them. */
static uint64_t *find_all(const struct imp_run *run, const struct imp_map *known,
			  const struct imp_cost_inventory *inventory)
{
	size_t count = inventory->blob_count;
	uint64_t *bytes = imp_arena_array(run->arena, count + 1, sizeof(*bytes));
	imp_auto_free bool *seen = imp_xcalloc(count + 1, sizeof(*seen));

	for (size_t i = 0; i < count; i++)
		bytes[i] = IMP_UNKNOWN_SIZE;
	for (size_t i = 0; i < inventory->image_count; i++)
		for (size_t k = 0; k < inventory->images[i].use_count; k++) {
			const struct imp_cost_use *use = &inventory->images[i].uses[k];
			if (!use->layer || seen[use->blob])
				continue;
			seen[use->blob] = true;
			bytes[use->blob] = find_bytes(
				run, known, &inventory->blobs[use->blob].digest);
		}
	return bytes;
}

int imp_cost_find_unpacked(const struct imp_run *run,
			   const struct imp_cost_inventory *inventory,
			   struct imp_cost_unpacked *out, struct imp_error *err)
{
	imp_auto(imp_map_finish) struct imp_map known = {0};
	int rc = read_reports(run, &known, err);

	if (rc == 0)
		imp_cost_unpack(inventory, find_all(run, &known, inventory), run->arena,
				out);
	return rc;
}
