/* -o json and -o ndjson of a share: kind "share" (design section 4). */
#include "imgprof/cleanup.h"
#include "share.h"
#include "share_words.h"

static void write_set(struct imp_json_writer *w, const char *key,
		      const struct imp_share_set *set)
{
	imp_json_key(w, key);
	imp_json_open(w, '[');
	for (size_t i = 0; i < set->count; i++)
		imp_json_u64(w, set->list[i]);
	imp_json_close(w, ']');
}

static void write_sum(struct imp_json_writer *w, const char *key,
		      const struct imp_sum *sum)
{
	imp_json_key(w, key);
	imp_json_open(w, '{');
	imp_json_sum(w, *sum);
	imp_json_close(w, '}');
}

/* null where no package owns it. */
static void write_manager(struct imp_json_writer *w, const char *manager)
{
	imp_json_member_text(w, "manager", manager[0] ? manager : NULL);
}

void imp_json_share_image(struct imp_json_writer *w, const struct imp_share *share,
			  size_t index)
{
	const struct imp_share_image *image = &share->images[index];

	imp_json_member_raw(w, "reference", imp_slice_of(image->reference));
	imp_json_digest(w, "digest", &image->digest);
	imp_json_platform(w, &image->platform);
	imp_json_member_bool(w, "complete", image->complete);
	imp_json_member_u64(w, "layers", image->layer_count);
	imp_json_member_u64(w, "pull_bytes", image->pull_bytes);
	imp_json_member_u64(w, "disk_bytes", image->disk_bytes);
	imp_json_member_u64(w, "live_bytes", image->live_bytes);
	imp_json_member_u64(w, "reclaimable_bytes", image->reclaimable_bytes);
}

void imp_json_share_layer(struct imp_json_writer *w, const struct imp_share *share,
			  size_t index)
{
	const struct imp_share_layer *layer = &share->layers[index];

	imp_json_digest(w, "digest", &layer->digest);
	imp_json_digest(w, "diff_id", &layer->diff_id);
	imp_json_member_raw(w, "created_by", layer->instruction);
	write_set(w, "images", &layer->images);
	imp_json_member_u64(w, "pull_bytes", layer->pull_bytes);
	imp_json_member_u64(w, "disk_bytes", layer->disk_bytes);
	imp_json_member_bool(w, "blobs_differ", layer->blobs_differ);
}

void imp_json_share_pair(struct imp_json_writer *w, const struct imp_share *share,
			 size_t index)
{
	const struct imp_share_pair *pair = &share->pairs[index];

	imp_json_member_u64(w, "a", pair->a);
	imp_json_member_u64(w, "b", pair->b);
	imp_json_member_u64(w, "identical_bytes", pair->identical_bytes);
	imp_json_member_u64(w, "shared_layer_bytes", pair->shared_layer_bytes);
}

void imp_json_share_group(struct imp_json_writer *w, const struct imp_share *share,
			  size_t index)
{
	const struct imp_share_group *group = &share->groups[index];

	write_manager(w, group->manager);
	imp_json_member_raw(w, "name", group->name);
	imp_json_member_raw(w, "version", group->version);
	write_set(w, "images", &group->images);
	imp_json_sum(w, group->sum);
}

static void write_variant(struct imp_json_writer *w,
			  const struct imp_share_variant *variant)
{
	imp_json_open(w, '{');
	imp_json_member_u64(w, "image", variant->image);
	write_manager(w, variant->manager);
	imp_json_member_raw(w, "name", variant->name);
	imp_json_member_raw(w, "versions", variant->versions);
	imp_json_member_raw(w, "source", variant->source);
	imp_json_member_text(w, "origin", variant->origin[0] ? variant->origin : NULL);
	if (variant->path.len)
		imp_json_member_raw(w, "path", variant->path);
	imp_json_member_u64(w, "disk_bytes", variant->disk_bytes);
	imp_json_close(w, '}');
}

void imp_json_share_drift(struct imp_json_writer *w, const struct imp_share *share,
			  size_t index)
{
	const struct imp_share_drift *drift = &share->drift[index];

	imp_json_member_text(w, "kind", imp_share_drift_name(drift->kind));
	imp_json_member_raw(w, "name", drift->name);
	imp_json_member_u64(w, "disk_bytes", drift->disk_bytes);
	imp_json_key(w, "variants");
	imp_json_open(w, '[');
	for (size_t i = 0; i < drift->variant_count; i++)
		write_variant(w, &drift->variants[i]);
	imp_json_close(w, ']');
}

void imp_json_share_need(struct imp_json_writer *w, const struct imp_share *share,
			 size_t index)
{
	const struct imp_share_need *need = &share->needs[index];

	write_manager(w, need->manager);
	imp_json_member_raw(w, "name", need->name);
	write_set(w, "needed_by", &need->needed_by);
	write_set(w, "idle_in", &need->idle_in);
	imp_json_sum(w, need->sum);
	write_sum(w, "idle", &need->idle);
}

static void write_stage(struct imp_json_writer *w, const struct imp_share_stage *stage)
{
	imp_json_open(w, '{');
	write_set(w, "images", &stage->images);
	imp_json_sum(w, stage->sum);
	imp_json_key(w, "packages");
	imp_json_open(w, '[');
	for (size_t i = 0; i < stage->package_count; i++) {
		const struct imp_share_plan_package *package = &stage->packages[i];
		imp_json_open(w, '{');
		write_manager(w, package->manager);
		imp_json_member_raw(w, "name", package->name);
		imp_json_member_raw(w, "version", package->version);
		imp_json_member_u64(w, "images", package->image_count);
		imp_json_sum(w, package->sum);
		imp_json_close(w, '}');
	}
	imp_json_close(w, ']');
	imp_json_close(w, '}');
}

static void write_plan_image(struct imp_json_writer *w,
			     const struct imp_share_plan_image *image)
{
	imp_json_open(w, '{');
	write_sum(w, "own", &image->own);
	write_sum(w, "application", &image->application);
	imp_json_member_u64(w, "application_layer", image->application_layer);
	imp_json_member_u64(w, "pull_bytes_before", image->pull_before);
	imp_json_member_u64(w, "pull_bytes_after", image->pull_after);
	imp_json_member_u64(w, "disk_bytes_before", image->disk_before);
	imp_json_member_u64(w, "disk_bytes_after", image->disk_after);
	imp_json_member_u64(w, "push_bytes_before", image->push_before);
	imp_json_member_u64(w, "push_bytes_after", image->push_after);
	imp_json_close(w, '}');
}

static void write_costs(struct imp_json_writer *w, const struct imp_share_plan *plan)
{
	struct imp_share_cost_row rows[IMP_SHARE_COSTS];

	imp_share_cost_rows(plan, rows);
	for (int after = 0; after < 2; after++) {
		imp_json_key(w, after ? "after" : "before");
		imp_json_open(w, '{');
		for (size_t i = 0; i < IMP_SHARE_COSTS; i++)
			imp_json_member_u64(w, rows[i].name,
					    after ? rows[i].after : rows[i].before);
		imp_json_close(w, '}');
	}
}

void imp_json_share_plan(struct imp_json_writer *w, const struct imp_share *share)
{
	const struct imp_share_plan *plan = &share->plan;

	imp_json_open(w, '{');
	imp_json_key(w, "common_layers");
	imp_json_open(w, '{');
	imp_json_member_u64(w, "count", plan->common_layers);
	imp_json_member_u64(w, "pull_bytes", plan->common_pull_bytes);
	imp_json_member_u64(w, "disk_bytes", plan->common_disk_bytes);
	write_sum(w, "kept", &plan->common_kept);
	imp_json_close(w, '}');
	imp_json_key(w, "base");
	write_stage(w, &plan->stages[0]);
	imp_json_key(w, "stages");
	imp_json_open(w, '[');
	for (size_t i = 1; i < plan->stage_count; i++)
		write_stage(w, &plan->stages[i]);
	imp_json_close(w, ']');
	imp_json_key(w, "images");
	imp_json_open(w, '[');
	for (size_t i = 0; i < share->image_count; i++)
		write_plan_image(w, &plan->images[i]);
	imp_json_close(w, ']');
	write_costs(w, plan);
	imp_json_member_bool(w, "estimate", plan->estimate);
	imp_json_close(w, '}');
}

typedef void write_row(struct imp_json_writer *, const struct imp_share *, size_t);

struct list {
	const char *key, *record; /* of json; of ndjson */
	write_row *write;
	size_t count;
};
enum { LISTS = 6 };

static void list_all(const struct imp_share *share, struct list lists[static LISTS])
{
	const struct list all[LISTS] = {
		{"images", "image", imp_json_share_image, share->image_count},
		{"shared_layers", "shared_layer", imp_json_share_layer,
		 share->layer_count},
		{"pairs", "pair", imp_json_share_pair, share->pair_count},
		{"groups", "group", imp_json_share_group, share->group_count},
		{"drift", "drift", imp_json_share_drift, share->drift_count},
		{"needed", "needed", imp_json_share_need, share->need_count},
	};

	memcpy(lists, all, sizeof(all));
}

/* Of a list that adds up, what TOP cut off is its last row. */
static void write_rest(struct imp_json_writer *w, const struct imp_share *share,
		       size_t first)
{
	if (first >= share->group_count)
		return;
	imp_json_open(w, '{');
	write_manager(w, "");
	imp_json_member_text(w, "name", "[other]");
	imp_json_sum(w, imp_share_groups_rest(share, first));
	imp_json_close(w, '}');
}

static void write_list(struct imp_json_file *file, const struct imp_share *share,
		       const struct list *list, uint32_t top)
{
	bool whole = !top || list->write == imp_json_share_image;

	imp_json_key(&file->w, list->key);
	imp_json_open(&file->w, '[');
	for (size_t i = 0; i < list->count && (whole || i < top); i++) {
		imp_json_open(&file->w, '{');
		list->write(&file->w, share, i);
		imp_json_close(&file->w, '}');
		imp_json_file_drain(file);
	}
	if (!whole && list->write == imp_json_share_group)
		write_rest(&file->w, share, top);
	imp_json_close(&file->w, ']');
}

int imp_json_write_share(const struct imp_report *report,
			 const struct imp_report_options *options, FILE *out,
			 struct imp_error *err)
{
	const struct imp_share *share = report->share;
	struct imp_json_file file;
	struct list lists[LISTS];

	list_all(share, lists);
	imp_json_file_init(&file, out, 1);
	imp_json_open(&file.w, '{');
	imp_json_member_text(&file.w, "schema", "imgprof/1");
	imp_json_member_text(&file.w, "kind", imp_report_kind_name(IMP_REPORT_SHARE));
	imp_json_tool(&file.w, options);
	imp_json_member_bool(&file.w, "complete", share->complete);
	if (options->top)
		imp_json_member_u64(&file.w, "top", options->top);
	imp_json_member_u64(&file.w, "identical_all_bytes", share->identical_all_bytes);
	for (size_t i = 0; i < LISTS; i++)
		write_list(&file, share, &lists[i], options->top);
	imp_json_key(&file.w, "plan");
	imp_json_share_plan(&file.w, share);
	imp_json_close(&file.w, '}');
	imp_strbuf_add_char(&file.buffer, '\n');
	imp_json_file_finish(&file);
	return imp_report_end(out, err);
}

int imp_ndjson_share(const struct imp_report *report,
		     const struct imp_report_options *options, FILE *out,
		     struct imp_error *err)
{
	const struct imp_share *share = report->share;
	struct imp_json_file file;
	struct list lists[LISTS];

	list_all(share, lists);
	imp_json_file_init(&file, out, 0);
	imp_json_begin_line(&file, "share");
	imp_json_member_text(&file.w, "schema", "imgprof/1");
	imp_json_tool(&file.w, options);
	imp_json_member_bool(&file.w, "complete", share->complete);
	imp_json_member_u64(&file.w, "identical_all_bytes", share->identical_all_bytes);
	imp_json_end_line(&file);
	for (size_t i = 0; i < LISTS; i++) {
		for (size_t row = 0; row < lists[i].count; row++) {
			imp_json_begin_line(&file, lists[i].record);
			lists[i].write(&file.w, share, row);
			imp_json_end_line(&file);
		}
	}
	imp_json_begin_line(&file, "plan");
	imp_json_key(&file.w, "plan");
	imp_json_share_plan(&file.w, share);
	imp_json_end_line(&file);
	imp_json_file_finish(&file);
	return imp_report_end(out, err);
}
