#include "profile.h"

#include "imgprof/cleanup.h"
#include "kinds.h"

static int read_image(struct imp_reading *reading, const json_t *document,
		      struct imp_reload_image *image, struct imp_error *err)
{
	imp_reload_head(reading, document, image);
	imp_reload_build(reading, document, image);
	imp_reload_packages(reading, document, image);
	imp_reload_findings(reading, document, image);
	if (reading->broken || !json_object_get(document, "records"))
		return 0;
	return imp_reload_records(reading, document, image, err);
}

/* Figures of packages are those of files: no sum of them passes what the image holds. */
static void check_packages(struct imp_reading *reading,
			   const struct imp_analysis *analysis)
{
	const struct imp_packages *packages = analysis->packages;
	struct imp_sum live = analysis->fates[IMP_FATE_LIVE];

	if (!packages)
		return;
	for (size_t i = 0; i < packages->count; i++)
		if (packages->list[i].sum.disk_bytes > live.disk_bytes)
			imp_reading_break(reading, "packages");
}

static bool is_cut(const json_t *document, const json_t *image)
{
	const json_t *filter = json_object_get(image, "filter");

	return json_object_get(document, "top") ||
	       json_is_string(json_object_get(filter, "manager")) ||
	       json_is_true(json_object_get(filter, "ignore_base"));
}

int imp_reload_images(struct imp_reading *reading, const json_t *document,
		      struct imp_reloaded *out, struct imp_reload_owned *owned,
		      struct imp_error *err)
{
	const json_t *list = imp_read_array(reading, document, "images");
	size_t count = json_array_size(list);
	const struct imp_analysis **images =
		imp_arena_array(reading->arena, count + 1, sizeof(*images));

	owned->images =
		imp_arena_array(reading->arena, count + 1, sizeof(*owned->images));
	if (count == 0)
		imp_reading_break(reading, "images");
	for (size_t i = 0; i < count; i++)
		out->cut |= is_cut(document, json_array_get(list, i));
	if (out->cut)
		return 0; /* what was cut does not fit together */
	for (size_t i = 0; i < count && !reading->broken; i++) {
		const json_t *one = imp_read_element(reading, list, i, "images");
		struct imp_reload_image *image =
			imp_arena_alloc(reading->arena, sizeof(*image));
		owned->images[owned->count++] = image;
		int rc = read_image(reading, one, image, err);
		if (rc < 0)
			return rc;
		check_packages(reading, &image->analysis);
		images[i] = &image->analysis;
		out->without_tree |= !image->tree;
		if (image->analysis.complete < out->complete)
			imp_reading_break(reading, "complete");
	}
	out->images = images;
	out->image_count = count;
	return 0;
}

int imp_reload_profile(struct imp_reading *reading, const json_t *document,
		       struct imp_reloaded *out, struct imp_reload_owned *owned,
		       struct imp_error *err)
{
	return imp_reload_images(reading, document, out, owned, err);
}
