/* -o csv of a share: images, layers, pairs, groups, drift, needs, stages and costs, a row each. */
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "share.h"
#include "share_words.h"

static const char header[] =
	"record,images,manager,name,version,files,disk_bytes,pull_bytes\r\n";

static void add_field(struct imp_strbuf *out, struct imp_slice text)
{
	imp_escape_csv(out, text);
	imp_strbuf_add_char(out, ',');
}

/* Images by their references, divided by spaces. */
static void add_images(struct imp_strbuf *out, const struct imp_share *share,
		       const struct imp_share_set *set)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf names = {0};

	for (size_t i = 0; i < set->count; i++) {
		if (i > 0)
			imp_strbuf_add_char(&names, ' ');
		imp_strbuf_add_text(&names, share->images[set->list[i]].reference);
	}
	add_field(out, imp_strbuf_slice(&names));
}

struct row {
	const char *record, *manager;
	struct imp_share_set images;
	struct imp_slice name, version;
	struct imp_sum sum;
};

static void add_row(struct imp_strbuf *out, const struct imp_share *share,
		    const struct row *row)
{
	add_field(out, imp_slice_of(row->record));
	add_images(out, share, &row->images);
	add_field(out, imp_slice_of(row->manager));
	add_field(out, row->name);
	add_field(out, row->version);
	if (row->sum.files)
		imp_strbuf_printf(out, "%llu", (unsigned long long)row->sum.files);
	imp_strbuf_printf(out, ",%llu,%llu\r\n", (unsigned long long)row->sum.disk_bytes,
			  (unsigned long long)row->sum.pull_bytes);
}

static void add_images_and_layers(struct imp_strbuf *out, const struct imp_share *share)
{
	char digest[IMP_DIGEST_TEXT];

	for (uint32_t i = 0; i < share->image_count; i++) {
		const struct imp_share_image *image = &share->images[i];
		add_row(out, share,
			&(struct row){
				.record = "image",
				.images = {&i, 1},
				.name = imp_slice_of(
					imp_digest_text(&image->digest, digest)),
				.sum = {0, image->disk_bytes, image->pull_bytes},
			});
	}
	for (size_t i = 0; i < share->layer_count; i++) {
		const struct imp_share_layer *layer = &share->layers[i];
		add_row(out, share,
			&(struct row){
				.record = "shared_layer",
				.images = layer->images,
				.name = imp_slice_of(
					imp_digest_text(&layer->digest, digest)),
				.sum = {0, layer->disk_bytes, layer->pull_bytes},
			});
	}
}

static void add_pairs(struct imp_strbuf *out, const struct imp_share *share)
{
	for (size_t i = 0; i < share->pair_count; i++) {
		const struct imp_share_pair *pair = &share->pairs[i];
		const uint32_t both[] = {pair->a, pair->b};
		add_field(out, IMP_SLICE("pair"));
		add_images(out, share, &(struct imp_share_set){both, 2});
		imp_strbuf_printf(out, ",,,,%llu,\r\n",
				  (unsigned long long)pair->identical_bytes);
	}
}

static void add_groups(struct imp_strbuf *out, const struct imp_share *share)
{
	for (size_t i = 0; i < share->group_count; i++) {
		const struct imp_share_group *group = &share->groups[i];
		add_row(out, share,
			&(struct row){
				.record = "group",
				.images = group->images,
				.manager = group->manager,
				.name = group->name,
				.version = group->version,
				.sum = group->sum,
			});
	}
	for (size_t i = 0; i < share->need_count; i++) {
		const struct imp_share_need *need = &share->needs[i];
		add_row(out, share,
			&(struct row){
				.record = "needed",
				.images = need->needed_by,
				.manager = need->manager,
				.name = need->name,
				.sum = need->sum,
			});
	}
}

static void add_drift(struct imp_strbuf *out, const struct imp_share *share)
{
	for (size_t i = 0; i < share->drift_count; i++) {
		const struct imp_share_drift *drift = &share->drift[i];
		for (size_t k = 0; k < drift->variant_count; k++) {
			const struct imp_share_variant *variant = &drift->variants[k];
			add_field(out, IMP_SLICE("drift"));
			add_images(out, share,
				   &(struct imp_share_set){&variant->image, 1});
			add_field(out, imp_slice_of(variant->manager));
			add_field(out, drift->name);
			add_field(out, variant->versions);
			imp_strbuf_printf(out, ",%llu,\r\n",
					  (unsigned long long)variant->disk_bytes);
		}
	}
}

static void add_plan(struct imp_strbuf *out, const struct imp_share *share)
{
	struct imp_share_cost_row costs[IMP_SHARE_COSTS];

	for (size_t s = 0; s < share->plan.stage_count; s++) {
		const struct imp_share_stage *stage = &share->plan.stages[s];
		for (size_t i = 0; i < stage->package_count; i++)
			add_row(out, share,
				&(struct row){
					.record = s == 0 ? "base" : "stage",
					.images = stage->images,
					.manager = stage->packages[i].manager,
					.name = stage->packages[i].name,
					.version = stage->packages[i].version,
					.sum = stage->packages[i].sum,
				});
	}
	for (uint32_t i = 0; i < share->image_count; i++)
		add_row(out, share,
			&(struct row){.record = "own",
				      .images = {&i, 1},
				      .sum = share->plan.images[i].own});
	imp_share_cost_rows(&share->plan, costs);
	for (size_t i = 0; i < 2 * (size_t)IMP_SHARE_COSTS; i++) {
		const struct imp_share_cost_row *cost = &costs[i / 2];
		bool disk = i / 2 == 2;
		uint64_t bytes = i % 2 ? cost->after : cost->before;
		imp_strbuf_printf(out, "%s,,,%s,,,", i % 2 ? "after" : "before",
				  cost->name);
		imp_strbuf_printf(out, disk ? "%llu,\r\n" : ",%llu\r\n",
				  (unsigned long long)bytes);
	}
}

int imp_csv_share(const struct imp_report *report,
		  const struct imp_report_options *options, FILE *out,
		  struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf buffer = {0};

	(void)options;
	imp_strbuf_add_text(&buffer, header);
	add_images_and_layers(&buffer, report->share);
	add_pairs(&buffer, report->share);
	add_groups(&buffer, report->share);
	add_drift(&buffer, report->share);
	add_plan(&buffer, report->share);
	fwrite(buffer.data, 1, buffer.len, out);
	return imp_report_end(out, err);
}
