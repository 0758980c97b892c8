/* Kind "share": what struct imp_share holds. */
#include "share.h"

#include "kinds.h"

struct imp_share_set imp_reload_set(struct imp_reading *reading, const json_t *object,
				    const char *key, size_t count)
{
	const json_t *list = imp_read_array(reading, object, key);
	size_t members = json_array_size(list);
	uint32_t *made = imp_arena_array(reading->arena, members + 1, sizeof(*made));

	for (size_t i = 0; i < members; i++) {
		const json_t *member = json_array_get(list, i);
		json_int_t number = json_integer_value(member);
		if (!json_is_integer(member) || number < 0 || (uint64_t)number >= count ||
		    (i > 0 && (uint32_t)number <= made[i - 1])) {
			imp_reading_break(reading, key);
			break;
		}
		made[i] = (uint32_t)number;
	}
	return (struct imp_share_set){made, members};
}

static uint32_t read_index(struct imp_reading *reading, const json_t *object,
			   const char *key, size_t count)
{
	return (uint32_t)imp_read_number(reading, object, key, count - 1);
}

static struct imp_sum read_sum(struct imp_reading *reading, const json_t *object,
			       const char *key)
{
	return imp_read_sum(reading, imp_read_object(reading, object, key));
}

const char *imp_reload_manager(struct imp_reading *reading, const json_t *object)
{
	return imp_read_line_or_empty(reading, object, "manager");
}

static void read_images(struct imp_reading *reading, const json_t *document,
			struct imp_share *out)
{
	const json_t *list = imp_read_array(reading, document, "images");
	size_t count = json_array_size(list);
	struct imp_share_image *made =
		imp_arena_array(reading->arena, count + 1, sizeof(*made));

	if (count < 2 || count > IMP_SHARE_IMAGES)
		imp_reading_break(reading, "images");
	for (size_t i = 0; i < count && !reading->broken; i++) {
		const json_t *one = imp_read_element(reading, list, i, "images");
		made[i].reference = imp_read_name(reading, one, "reference");
		made[i].digest = imp_read_digest(reading, one, "digest");
		made[i].platform = imp_read_platform(reading, one);
		made[i].complete = imp_read_flag(reading, one, "complete");
		made[i].layer_count =
			imp_read_number(reading, one, "layers", reading->limits->layers);
		made[i].pull_bytes = imp_read_bytes(reading, one, "pull_bytes");
		made[i].disk_bytes = imp_read_bytes(reading, one, "disk_bytes");
		made[i].live_bytes = imp_read_bytes(reading, one, "live_bytes");
		made[i].reclaimable_bytes =
			imp_read_bytes(reading, one, "reclaimable_bytes");
	}
	out->images = made;
	out->image_count = count;
}

static void read_layers(struct imp_reading *reading, const json_t *document,
			struct imp_share *out)
{
	const json_t *list = imp_read_array(reading, document, "shared_layers");
	size_t count = json_array_size(list);
	struct imp_share_layer *made =
		imp_arena_array(reading->arena, count + 1, sizeof(*made));

	for (size_t i = 0; i < count; i++) {
		const json_t *one = imp_read_element(reading, list, i, "shared_layers");
		made[i].digest = imp_read_digest(reading, one, "digest");
		made[i].diff_id = imp_read_digest(reading, one, "diff_id");
		made[i].instruction = imp_read_raw(reading, one, "created_by");
		made[i].images = imp_reload_set(reading, one, "images", out->image_count);
		made[i].pull_bytes = imp_read_bytes(reading, one, "pull_bytes");
		made[i].disk_bytes = imp_read_bytes(reading, one, "disk_bytes");
		made[i].blobs_differ = imp_read_flag(reading, one, "blobs_differ");
	}
	out->layers = made;
	out->layer_count = count;
}

static void read_pairs(struct imp_reading *reading, const json_t *document,
		       struct imp_share *out)
{
	const json_t *list = imp_read_array(reading, document, "pairs");
	size_t count = json_array_size(list);
	struct imp_share_pair *made =
		imp_arena_array(reading->arena, count + 1, sizeof(*made));

	for (size_t i = 0; i < count; i++) {
		const json_t *one = imp_read_element(reading, list, i, "pairs");
		made[i].a = read_index(reading, one, "a", out->image_count);
		made[i].b = read_index(reading, one, "b", out->image_count);
		made[i].identical_bytes = imp_read_bytes(reading, one, "identical_bytes");
		made[i].shared_layer_bytes =
			imp_read_bytes(reading, one, "shared_layer_bytes");
	}
	out->pairs = made;
	out->pair_count = count;
}

/* They add up to what is identical. */
static void read_groups(struct imp_reading *reading, const json_t *document,
			struct imp_share *out)
{
	const json_t *list = imp_read_array(reading, document, "groups");
	size_t count = json_array_size(list);
	uint64_t sum = 0;
	struct imp_share_group *made =
		imp_arena_array(reading->arena, count + 1, sizeof(*made));

	for (size_t i = 0; i < count && !reading->broken; i++) {
		const json_t *one = imp_read_element(reading, list, i, "groups");
		made[i].manager = imp_reload_manager(reading, one);
		made[i].name = imp_read_raw(reading, one, "name");
		made[i].version = imp_read_raw(reading, one, "version");
		made[i].images = imp_reload_set(reading, one, "images", out->image_count);
		made[i].sum = imp_read_sum(reading, one);
		sum += made[i].sum.disk_bytes;
		if (sum > IMP_RELOAD_MAX_BYTES)
			imp_reading_break(reading, "groups");
	}
	if (sum != out->identical_all_bytes)
		imp_reading_break(reading, "groups");
	out->groups = made;
	out->group_count = count;
}

static void read_variant(struct imp_reading *reading, const json_t *object,
			 size_t image_count, struct imp_share_variant *out)
{
	out->image = read_index(reading, object, "image", image_count);
	out->manager = imp_reload_manager(reading, object);
	out->name = imp_read_raw(reading, object, "name");
	out->versions = imp_read_raw(reading, object, "versions");
	out->source = imp_read_raw(reading, object, "source");
	out->origin = imp_read_line_or_empty(reading, object, "origin");
	out->path = imp_read_raw(reading, object, "path");
	out->disk_bytes = imp_read_bytes(reading, object, "disk_bytes");
}

static void read_one_drift(struct imp_reading *reading, const json_t *object,
			   size_t image_count, struct imp_share_drift *out)
{
	const json_t *list = imp_read_array(reading, object, "variants");
	size_t count = json_array_size(list);
	struct imp_share_variant *made =
		imp_arena_array(reading->arena, count + 1, sizeof(*made));

	out->kind = imp_read_enum(reading, object, "kind", enum imp_share_drift_kind,
				  IMP_SHARE_DRIFTS, imp_share_drift_name);
	out->name = imp_read_raw(reading, object, "name");
	out->disk_bytes = imp_read_bytes(reading, object, "disk_bytes");
	if (count == 0)
		imp_reading_break(reading, "variants");
	for (size_t i = 0; i < count; i++)
		read_variant(reading, imp_read_element(reading, list, i, "variants"),
			     image_count, &made[i]);
	out->variants = made;
	out->variant_count = count;
}

static void read_drift(struct imp_reading *reading, const json_t *document,
		       struct imp_share *out)
{
	const json_t *list = imp_read_array(reading, document, "drift");
	size_t count = json_array_size(list);
	struct imp_share_drift *made =
		imp_arena_array(reading->arena, count + 1, sizeof(*made));

	for (size_t i = 0; i < count; i++)
		read_one_drift(reading, imp_read_element(reading, list, i, "drift"),
			       out->image_count, &made[i]);
	out->drift = made;
	out->drift_count = count;
}

static void read_needs(struct imp_reading *reading, const json_t *document,
		       struct imp_share *out)
{
	const json_t *list = imp_read_array(reading, document, "needed");
	size_t count = json_array_size(list);
	struct imp_share_need *made =
		imp_arena_array(reading->arena, count + 1, sizeof(*made));

	for (size_t i = 0; i < count; i++) {
		const json_t *one = imp_read_element(reading, list, i, "needed");
		made[i].manager = imp_reload_manager(reading, one);
		made[i].name = imp_read_raw(reading, one, "name");
		made[i].needed_by =
			imp_reload_set(reading, one, "needed_by", out->image_count);
		made[i].idle_in =
			imp_reload_set(reading, one, "idle_in", out->image_count);
		made[i].sum = imp_read_sum(reading, one);
		made[i].idle = read_sum(reading, one, "idle");
	}
	out->needs = made;
	out->need_count = count;
}

static bool all_complete(const struct imp_share *share)
{
	for (size_t i = 0; i < share->image_count; i++)
		if (!share->images[i].complete)
			return false;
	return true;
}

int imp_reload_share(struct imp_reading *reading, const json_t *document,
		     struct imp_reloaded *out, struct imp_reload_owned *owned,
		     struct imp_error *err)
{
	struct imp_share *share = imp_arena_alloc(reading->arena, sizeof(*share));

	(void)owned, (void)err;
	out->cut = json_object_get(document, "top");
	if (out->cut)
		return 0; /* what was cut does not add up */
	read_images(reading, document, share);
	if (reading->broken)
		return 0;
	share->complete = out->complete;
	if (share->complete != all_complete(share))
		imp_reading_break(reading, "complete");
	share->identical_all_bytes =
		imp_read_bytes(reading, document, "identical_all_bytes");
	read_layers(reading, document, share);
	read_pairs(reading, document, share);
	read_groups(reading, document, share);
	read_drift(reading, document, share);
	read_needs(reading, document, share);
	imp_reload_share_plan(reading, document, share);
	out->share = share;
	return 0;
}
