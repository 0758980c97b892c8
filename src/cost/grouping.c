#include <stdlib.h>

#include "imgprof/cost.h"
#include "imgprof/map.h"

enum by { BY_REPOSITORY, BY_TAG_PREFIX, BY_LABEL };

/* Up to the first digit, '.', '-' or '_' of the first tag: "pr", "v", "release". */
static struct imp_slice tag_prefix(const struct imp_cost_image *image)
{
	size_t len = 0;

	if (image->tag_count == 0)
		return IMP_SLICE("[untagged]");
	struct imp_slice tag = image->tags[0];
	while (len < tag.len &&
	       ((tag.data[len] | 0x20) >= 'a' && (tag.data[len] | 0x20) <= 'z'))
		len++;
	return len ? imp_slice(tag.data, len) : IMP_SLICE("[no prefix]");
}

static struct imp_slice label(const struct imp_cost_image *image, struct imp_slice key)
{
	for (size_t i = 0; i < image->label_count; i++)
		if (imp_slice_equal(image->labels[i].key, key))
			return image->labels[i].value;
	return IMP_SLICE("[no label]");
}

static int parse_by(struct imp_slice text, enum by *by, struct imp_slice *key,
		    struct imp_error *err)
{
	static const struct imp_slice prefix = IMP_SLICE("label:");

	if (imp_slice_is(text, "repo") || imp_slice_is(text, "repository"))
		*by = BY_REPOSITORY;
	else if (imp_slice_is(text, "tag-prefix"))
		*by = BY_TAG_PREFIX;
	else if (imp_slice_starts(text, prefix) && text.len > prefix.len)
		*by = BY_LABEL;
	else
		return imp_fail(err, IMP_E_USAGE, "'%.*s': repo, tag-prefix or label:KEY",
				(int)text.len, text.data);
	*key = imp_slice_skip(text, prefix.len);
	return 0;
}

static struct imp_slice name_of(const struct imp_cost_inventory *inventory,
				const struct imp_cost_image *image, enum by by,
				struct imp_slice key, struct imp_arena *arena)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};

	if (by == BY_TAG_PREFIX)
		return tag_prefix(image);
	if (by == BY_LABEL)
		return label(image, key);
	imp_cost_repository_name(&inventory->repositories[image->repository], &name);
	return imp_arena_copy(arena, imp_strbuf_slice(&name));
}

static int compare_names(const void *a, const void *b)
{
	return imp_slice_compare(*(const struct imp_slice *)a,
				 *(const struct imp_slice *)b);
}

int imp_cost_grouping(const struct imp_cost_inventory *inventory,
		      struct imp_slice by_text, struct imp_arena *arena,
		      struct imp_cost_grouping *out, struct imp_error *err)
{
	size_t images = inventory->image_count;
	imp_auto(imp_map_finish) struct imp_map map = {0};
	imp_auto_free struct imp_slice *of_image =
		imp_xcalloc(images + 1, sizeof(*of_image));
	struct imp_slice key;
	enum by by;
	int rc = parse_by(by_text, &by, &key, err);

	if (rc < 0)
		return rc;
	*out = (struct imp_cost_grouping){
		.group_of = imp_arena_array(arena, images + 1, sizeof(*out->group_of)),
		.names = imp_arena_array(arena, images + 1, sizeof(*out->names)),
	};
	for (size_t i = 0; i < images; i++) {
		of_image[i] = name_of(inventory, &inventory->images[i], by, key, arena);
		if (!imp_map_get(&map, of_image[i], NULL))
			out->names[out->count++] = of_image[i];
		imp_map_set(&map, of_image[i], 0);
	}
	qsort(out->names, out->count, sizeof(*out->names), compare_names);
	for (size_t g = 0; g < out->count; g++)
		imp_map_set(&map, out->names[g], g);
	for (size_t i = 0; i < images; i++) {
		uint64_t group = 0;
		imp_map_get(&map, of_image[i], &group);
		out->group_of[i] = (uint32_t)group;
	}
	return 0;
}
