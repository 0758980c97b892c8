/* What images would weigh if every tag were a copy of its own, unpacked. */
#include "imgprof/cost.h"
#include "imgprof/stream.h"

static void add(uint64_t *sum, uint64_t bytes)
{
	if (__builtin_add_overflow(*sum, bytes, sum))
		*sum = UINT64_MAX - 1;
}

static uint64_t layers_of(const struct imp_cost_image *image, const uint64_t *blob_bytes)
{
	uint64_t sum = 0;

	if (image->has_foreign)
		return IMP_UNKNOWN_SIZE;
	for (size_t i = 0; i < image->use_count; i++) {
		const struct imp_cost_use *use = &image->uses[i];
		if (!use->layer)
			continue;
		if (blob_bytes[use->blob] == IMP_UNKNOWN_SIZE)
			return IMP_UNKNOWN_SIZE;
		add(&sum, blob_bytes[use->blob]);
	}
	return sum;
}

static void count_image(struct imp_cost_unpacked_sum *sum, size_t tags, uint64_t bytes)
{
	sum->tags += tags;
	if (bytes == IMP_UNKNOWN_SIZE)
		return;
	sum->known_tags += tags;
	for (size_t i = 0; i < tags; i++)
		add(&sum->bytes, bytes);
}

void imp_cost_unpacked_add_up(const struct imp_cost_inventory *inventory,
			      const uint64_t *image_bytes, struct imp_arena *arena,
			      struct imp_cost_unpacked *out)
{
	struct imp_cost_unpacked_sum *repositories = imp_arena_array(
		arena, inventory->repository_count + 1, sizeof(*repositories));

	*out = (struct imp_cost_unpacked){image_bytes, repositories, {0}};
	for (size_t i = 0; i < inventory->image_count; i++) {
		const struct imp_cost_image *image = &inventory->images[i];
		size_t tags = image->tag_count ? image->tag_count : 1;
		count_image(&repositories[image->repository], tags, image_bytes[i]);
		count_image(&out->total, tags, image_bytes[i]);
	}
}

void imp_cost_unpack(const struct imp_cost_inventory *inventory,
		     const uint64_t *blob_bytes, struct imp_arena *arena,
		     struct imp_cost_unpacked *out)
{
	uint64_t *bytes =
		imp_arena_array(arena, inventory->image_count + 1, sizeof(*bytes));

	for (size_t i = 0; i < inventory->image_count; i++)
		bytes[i] = layers_of(&inventory->images[i], blob_bytes);
	imp_cost_unpacked_add_up(inventory, bytes, arena, out);
}

bool imp_cost_unpacked_is_known(const struct imp_cost_unpacked_sum *sum)
{
	return sum->known_tags == sum->tags;
}
