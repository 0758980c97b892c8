/* `plan` of a share. */
#include "share.h"

static struct imp_sum read_sum(struct imp_reading *reading, const json_t *object,
			       const char *key)
{
	return imp_read_sum(reading, imp_read_object(reading, object, key));
}

static void read_packages(struct imp_reading *reading, const json_t *object,
			  struct imp_share_stage *out)
{
	const json_t *list = imp_read_array(reading, object, "packages");
	size_t count = json_array_size(list);
	struct imp_share_plan_package *made =
		imp_arena_array(reading->arena, count + 1, sizeof(*made));

	for (size_t i = 0; i < count; i++) {
		const json_t *one = imp_read_element(reading, list, i, "packages");
		made[i].manager = imp_reload_manager(reading, one);
		made[i].name = imp_read_raw(reading, one, "name");
		made[i].version = imp_read_raw(reading, one, "version");
		made[i].image_count = (uint32_t)imp_read_number(reading, one, "images",
								IMP_SHARE_IMAGES);
		made[i].sum = imp_read_sum(reading, one);
	}
	out->packages = made;
	out->package_count = count;
}

static void read_stage(struct imp_reading *reading, const json_t *object,
		       size_t image_count, struct imp_share_stage *out)
{
	out->images = imp_reload_set(reading, object, "images", image_count);
	out->sum = imp_read_sum(reading, object);
	read_packages(reading, object, out);
}

/* The base, then the others. */
static void read_stages(struct imp_reading *reading, const json_t *object,
			struct imp_share *out)
{
	const json_t *list = imp_read_array(reading, object, "stages");
	size_t count = json_array_size(list);
	struct imp_share_stage *made =
		imp_arena_array(reading->arena, count + 1, sizeof(*made));

	read_stage(reading, imp_read_object(reading, object, "base"), out->image_count,
		   &made[0]);
	for (size_t i = 0; i < count; i++)
		read_stage(reading, imp_read_element(reading, list, i, "stages"),
			   out->image_count, &made[i + 1]);
	out->plan.stages = made;
	out->plan.stage_count = count + 1;
}

static void read_image(struct imp_reading *reading, const json_t *object,
		       struct imp_share_plan_image *out)
{
	out->own = read_sum(reading, object, "own");
	out->application = read_sum(reading, object, "application");
	out->application_layer = (uint32_t)imp_read_number(
		reading, object, "application_layer", UINT32_MAX);
	out->pull_before = imp_read_bytes(reading, object, "pull_bytes_before");
	out->pull_after = imp_read_bytes(reading, object, "pull_bytes_after");
	out->disk_before = imp_read_bytes(reading, object, "disk_bytes_before");
	out->disk_after = imp_read_bytes(reading, object, "disk_bytes_after");
	out->push_before = imp_read_bytes(reading, object, "push_bytes_before");
	out->push_after = imp_read_bytes(reading, object, "push_bytes_after");
}

static void read_images(struct imp_reading *reading, const json_t *object,
			struct imp_share *out)
{
	const json_t *list = imp_read_array(reading, object, "images");
	struct imp_share_plan_image *made =
		imp_arena_array(reading->arena, out->image_count + 1, sizeof(*made));

	if (json_array_size(list) != out->image_count)
		imp_reading_break(reading, "plan");
	for (size_t i = 0; i < out->image_count && !reading->broken; i++)
		read_image(reading, imp_read_element(reading, list, i, "plan"), &made[i]);
	out->plan.images = made;
}

static struct imp_share_cost read_cost(struct imp_reading *reading, const json_t *object,
				       const char *key)
{
	const json_t *cost = imp_read_object(reading, object, key);

	return (struct imp_share_cost){
		.stored_bytes = imp_read_bytes(reading, cost, "stored_bytes"),
		.first_pull_bytes = imp_read_bytes(reading, cost, "first_pull_bytes"),
		.disk_bytes = imp_read_bytes(reading, cost, "disk_bytes"),
		.push_bytes = imp_read_bytes(reading, cost, "push_bytes"),
	};
}

void imp_reload_share_plan(struct imp_reading *reading, const json_t *document,
			   struct imp_share *out)
{
	const json_t *plan = imp_read_object(reading, document, "plan");
	const json_t *common = imp_read_object(reading, plan, "common_layers");

	out->plan.common_layers =
		imp_read_number(reading, common, "count", reading->limits->layers);
	out->plan.common_pull_bytes = imp_read_bytes(reading, common, "pull_bytes");
	out->plan.common_disk_bytes = imp_read_bytes(reading, common, "disk_bytes");
	out->plan.common_kept = read_sum(reading, common, "kept");
	read_stages(reading, plan, out);
	read_images(reading, plan, out);
	out->plan.before = read_cost(reading, plan, "before");
	out->plan.after = read_cost(reading, plan, "after");
	out->plan.estimate = imp_read_flag(reading, plan, "estimate");
}
