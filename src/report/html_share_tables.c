/* What the page says of images that share, without script. */
#include <stdlib.h>

#include "html_priv.h"
#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "share_words.h"

struct page {
	struct imp_strbuf *out;
	const struct imp_share *share;
	const struct imp_report_options *options;
	const struct imp_strbuf *labels; /* of images, raw */
};

static void add_size(const struct page *page, uint64_t bytes)
{
	imp_html_cell_size(page->out, bytes, page->options->units);
}

static void add_set(const struct page *page, const struct imp_share_set *set)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf names = {0};

	if (set->count == page->share->image_count)
		imp_strbuf_add_text(&names, "all");
	for (size_t i = 0; i < set->count && set->count < page->share->image_count; i++) {
		imp_strbuf_add_text(&names, i ? ", " : "");
		imp_strbuf_add_slice(&names,
				     imp_strbuf_slice(&page->labels[set->list[i]]));
	}
	imp_html_cell_cut(page->out, imp_strbuf_slice(&names));
}

static void add_subject(const struct page *page, const char *manager,
			struct imp_slice name, struct imp_slice version)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	imp_share_subject(manager, name, version, &text);
	imp_html_cell_cut(page->out, imp_strbuf_slice(&text));
}

static void add_title(const struct page *page)
{
	char text[IMP_SIZE_TEXT];

	imp_strbuf_printf(page->out, "<h2>What %zu images share</h2>\n",
			  page->share->image_count);
	if (!page->share->complete)
		imp_strbuf_printf(page->out, "<p><strong>%s</strong></p>\n",
				  IMP_REPORT_INCOMPLETE);
	imp_strbuf_printf(page->out,
			  "<p>%s on disk are identical, in layers of one image alone: "
			  "the map above tells whose they are.</p>\n",
			  imp_size_text(page->share->identical_all_bytes,
					page->options->units, text));
}

static void add_images(const struct page *page)
{
	const struct imp_share *share = page->share;

	imp_html_open_table(page->out, "Images",
			    "#Pull|#Disk|#Can go|#Layers|Image|Reference");
	for (size_t i = 0; i < share->image_count; i++) {
		const struct imp_share_image *image = &share->images[i];
		imp_html_open_row(page->out);
		add_size(page, image->pull_bytes);
		add_size(page, image->disk_bytes);
		add_size(page, image->reclaimable_bytes);
		imp_html_cell_count(page->out, image->layer_count);
		imp_html_cell_cut(page->out, imp_strbuf_slice(&page->labels[i]));
		imp_html_cell_cut(page->out, imp_slice_of(image->reference));
		imp_html_close_row(page->out);
	}
	imp_html_close_table(page->out, 0);
}

static void add_layers(const struct page *page)
{
	const struct imp_share *share = page->share;
	size_t shown = imp_html_table_rows(page->options, share->layer_count);

	imp_html_open_table(page->out, "Identical layers",
			    "#Pull|#Disk|In|Compressed|Instruction");
	for (size_t i = 0; i < shown; i++) {
		const struct imp_share_layer *layer = &share->layers[i];
		imp_html_open_row(page->out);
		add_size(page, layer->pull_bytes);
		add_size(page, layer->disk_bytes);
		add_set(page, &layer->images);
		imp_html_cell_text(page->out,
				   layer->blobs_differ ? "in several ways" : "alike");
		imp_html_cell_cut(page->out, layer->instruction);
		imp_html_close_row(page->out);
	}
	imp_html_close_table(page->out, share->layer_count - shown);
}

/* Of each pair its place in the list, both ways; else IMP_NONE. */
static uint32_t *matrix_of(const struct imp_share *share)
{
	size_t count = share->image_count;
	uint32_t *matrix = imp_xcalloc(count * count + 1, sizeof(*matrix));

	for (size_t i = 0; i < count * count; i++)
		matrix[i] = IMP_NONE;
	for (size_t i = 0; i < share->pair_count; i++) {
		const struct imp_share_pair *pair = &share->pairs[i];
		matrix[pair->a * count + pair->b] = (uint32_t)i;
		matrix[pair->b * count + pair->a] = (uint32_t)i;
	}
	return matrix;
}

static void add_heading(const struct page *page, const char *scope, size_t image)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf shown = {0};

	imp_strbuf_printf(page->out, "<th scope=\"%s\">", scope);
	imp_escape_terminal(&shown, imp_strbuf_slice(&page->labels[image]));
	imp_escape_html(page->out, imp_strbuf_slice(&shown));
	imp_strbuf_add_text(page->out, "</th>");
}

static void add_pair(const struct page *page, uint32_t index)
{
	const struct imp_share_pair *pair;
	char identical[IMP_SIZE_TEXT], layers[IMP_SIZE_TEXT];

	if (index == IMP_NONE) {
		imp_strbuf_add_text(page->out, "<td></td>");
		return;
	}
	pair = &page->share->pairs[index];
	imp_strbuf_printf(
		page->out, "<td class=\"n\">%s (%s)</td>",
		imp_size_text(pair->identical_bytes, page->options->units, identical),
		imp_size_text(pair->shared_layer_bytes, page->options->units, layers));
}

static void add_matrix(const struct page *page)
{
	static const char caption[] =
		"Pairs: identical on disk in layers that not both have "
		"(and in layers that both have)";
	size_t count = page->share->image_count;
	imp_auto_free uint32_t *matrix = matrix_of(page->share);

	imp_strbuf_printf(
		page->out,
		"<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">"
		"<table><caption>%s</caption><thead><tr><td></td>",
		caption, caption);
	for (size_t i = 0; i < count; i++)
		add_heading(page, "col", i);
	imp_strbuf_add_text(page->out, "</tr></thead><tbody>\n");
	for (size_t i = 0; i < count; i++) {
		imp_html_open_row(page->out);
		add_heading(page, "row", i);
		for (size_t k = 0; k < count; k++)
			add_pair(page, matrix[i * count + k]);
		imp_html_close_row(page->out);
	}
	imp_html_close_table(page->out, 0);
}

static void add_groups(const struct page *page)
{
	const struct imp_share *share = page->share;
	size_t shown = imp_html_table_rows(page->options, share->group_count);

	imp_html_open_table(page->out, "Identical bytes, by package and folder",
			    "#Disk|#Pull|#Files|In|Of");
	for (size_t i = 0; i < shown; i++) {
		const struct imp_share_group *group = &share->groups[i];
		imp_html_open_row(page->out);
		add_size(page, group->sum.disk_bytes);
		add_size(page, group->sum.pull_bytes);
		imp_html_cell_count(page->out, group->sum.files);
		add_set(page, &group->images);
		add_subject(page, group->manager, group->name, group->version);
		imp_html_close_row(page->out);
	}
	imp_html_close_table(page->out, share->group_count - shown);
}

static void add_drift(const struct page *page)
{
	const struct imp_share *share = page->share;
	size_t shown = imp_html_table_rows(page->options, share->drift_count);

	if (share->drift_count == 0)
		return;
	imp_html_open_table(page->out, "Drift: the same in different versions",
			    "#Disk|Differs by|What|Who has what");
	for (size_t i = 0; i < shown; i++) {
		const struct imp_share_drift *drift = &share->drift[i];
		imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
		imp_share_variants(share, drift, &text);
		imp_html_open_row(page->out);
		add_size(page, drift->disk_bytes);
		imp_html_cell_text(page->out, imp_share_drift_name(drift->kind));
		imp_html_cell_cut(page->out, drift->name);
		imp_html_cell_cut(page->out, imp_strbuf_slice(&text));
		imp_html_close_row(page->out);
	}
	imp_html_close_table(page->out, share->drift_count - shown);
}

static void add_needs(const struct page *page)
{
	const struct imp_share *share = page->share;
	size_t shown = imp_html_table_rows(page->options, share->need_count);

	if (share->need_count == 0)
		return;
	imp_html_open_table(page->out, "Needed in some of them only",
			    "#Disk|#Idle|Needed by|Idle in|Package");
	for (size_t i = 0; i < shown; i++) {
		const struct imp_share_need *need = &share->needs[i];
		imp_html_open_row(page->out);
		add_size(page, need->sum.disk_bytes);
		add_size(page, need->idle.disk_bytes);
		add_set(page, &need->needed_by);
		add_set(page, &need->idle_in);
		add_subject(page, need->manager, need->name, IMP_SLICE(""));
		imp_html_close_row(page->out);
	}
	imp_html_close_table(page->out, share->need_count - shown);
}

static void add_costs(const struct page *page)
{
	struct imp_share_cost_row rows[IMP_SHARE_COSTS];

	imp_share_cost_rows(&page->share->plan, rows);
	imp_html_open_table(page->out, "The plan: what it would save",
			    "#Now|#Then|#Change|What");
	for (size_t i = 0; i < IMP_SHARE_COSTS; i++) {
		struct imp_before_after figure = {rows[i].before, rows[i].after};
		imp_html_open_row(page->out);
		add_size(page, figure.before);
		add_size(page, figure.after);
		imp_html_cell_change(page->out, figure, page->options->units);
		imp_html_cell_text(page->out, rows[i].words);
		imp_html_close_row(page->out);
	}
	imp_html_close_table(page->out, 0);
	if (page->share->plan.estimate)
		imp_strbuf_add_text(page->out,
				    "<p>Then is an estimate: how single files compress "
				    "elsewhere is guessed.</p>\n");
}

static void add_stage(const struct page *page, const struct imp_share_stage *stage)
{
	imp_html_open_row(page->out);
	add_size(page, stage->sum.pull_bytes);
	add_size(page, stage->sum.disk_bytes);
	imp_html_cell_count(page->out, stage->package_count);
	add_set(page, &stage->images);
	imp_html_close_row(page->out);
}

static void add_stages(const struct page *page)
{
	const struct imp_share_plan *plan = &page->share->plan;
	size_t shown = imp_html_table_rows(page->options, plan->stage_count);

	imp_html_open_table(page->out, "The plan: common stages",
			    "#Pull|#Disk|#Packages|For");
	for (size_t i = 0; i < shown; i++)
		add_stage(page, &plan->stages[i]);
	imp_html_close_table(page->out, plan->stage_count - shown);
}

/* Of all stages the first packages: a page has room for so many. */
static void add_stage_packages(const struct page *page)
{
	const struct imp_share_plan *plan = &page->share->plan;
	size_t stages = imp_html_table_rows(page->options, plan->stage_count), more = 0;

	imp_html_open_table(page->out, "The plan: packages of the stages",
			    "#Pull|#Disk|#Images now|For|Package");
	for (size_t i = 0; i < stages; i++) {
		const struct imp_share_stage *stage = &plan->stages[i];
		size_t shown = imp_html_table_rows(page->options, stage->package_count);
		for (size_t k = 0; k < shown; k++) {
			const struct imp_share_plan_package *package =
				&stage->packages[k];
			imp_html_open_row(page->out);
			add_size(page, package->sum.pull_bytes);
			add_size(page, package->sum.disk_bytes);
			imp_html_cell_count(page->out, package->image_count);
			add_set(page, &stage->images);
			add_subject(page, package->manager, package->name,
				    package->version);
			imp_html_close_row(page->out);
		}
		more += stage->package_count - shown;
	}
	imp_html_close_table(page->out, more);
}

static void add_plan_images(const struct page *page)
{
	const struct imp_share *share = page->share;

	imp_html_open_table(page->out, "The plan: images",
			    "#Pull now|#Pull then|#Disk now|#Disk then|#Push now|"
			    "#Push then|#Keeps of its own, on disk|Image");
	for (size_t i = 0; i < share->image_count; i++) {
		const struct imp_share_plan_image *image = &share->plan.images[i];
		imp_html_open_row(page->out);
		add_size(page, image->pull_before);
		add_size(page, image->pull_after);
		add_size(page, image->disk_before);
		add_size(page, image->disk_after);
		add_size(page, image->push_before);
		add_size(page, image->push_after);
		add_size(page, image->own.disk_bytes);
		imp_html_cell_cut(page->out, imp_strbuf_slice(&page->labels[i]));
		imp_html_close_row(page->out);
	}
	imp_html_close_table(page->out, 0);
}

static void add_all(const struct page *page)
{
	add_title(page);
	add_images(page);
	add_layers(page);
	add_matrix(page);
	add_groups(page);
	add_drift(page);
	add_needs(page);
	add_costs(page);
	add_stages(page);
	add_stage_packages(page);
	add_plan_images(page);
}

void imp_html_share_tables(struct imp_strbuf *out, const struct imp_share *share,
			   const struct imp_report_options *options)
{
	struct imp_strbuf labels[IMP_SHARE_IMAGES] = {0};
	struct page page = {
		.out = out, .share = share, .options = options, .labels = labels};

	for (size_t i = 0; i < share->image_count; i++)
		imp_share_label(share, (uint32_t)i, &labels[i]);
	add_all(&page);
	for (size_t i = 0; i < share->image_count; i++)
		imp_strbuf_finish(&labels[i]);
}
