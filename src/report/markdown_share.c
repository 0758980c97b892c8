/* -o markdown of a share: tables for a pull request or a wiki. Foreign text in code spans only. */
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "share.h"
#include "share_words.h"

enum { ROWS = 10, COLUMNS = 100 };

struct page {
	struct imp_strbuf out;
	const struct imp_share *share;
	const struct imp_report_options *options;
};

static size_t rows_of(const struct page *page, size_t count)
{
	size_t rows = page->options->top ? page->options->top : ROWS;

	return rows < count ? rows : count;
}

static void add_size(struct page *page, uint64_t bytes)
{
	char text[IMP_SIZE_TEXT];

	imp_strbuf_printf(&page->out, "| %s ",
			  imp_size_text(bytes, page->options->units, text));
}

static void end_row(struct page *page, struct imp_slice raw)
{
	imp_strbuf_add_text(&page->out, "| ");
	imp_markdown_code(&page->out, raw, COLUMNS, true);
	imp_strbuf_add_text(&page->out, " |\n");
}

static void add_left_out(struct page *page, size_t shown, size_t count)
{
	if (shown < count)
		imp_strbuf_printf(&page->out, "\n%zu more.\n", count - shown);
}

static void add_images(struct page *page)
{
	const struct imp_share *share = page->share;

	imp_strbuf_add_text(&page->out, "### What images share\n\n");
	if (!share->complete)
		imp_strbuf_add_text(&page->out,
				    "**Incomplete: layers are missing or damaged.**\n\n");
	imp_strbuf_add_text(&page->out, "| to pull | on disk | can go | then to pull | "
					"image |\n|--:|--:|--:|--:|---|\n");
	for (size_t i = 0; i < share->image_count; i++) {
		add_size(page, share->images[i].pull_bytes);
		add_size(page, share->images[i].disk_bytes);
		add_size(page, share->images[i].reclaimable_bytes);
		add_size(page, share->plan.images[i].pull_after);
		end_row(page, imp_slice_of(share->images[i].reference));
	}
}

static void add_pairs(struct page *page)
{
	const struct imp_share *share = page->share;
	size_t rows = rows_of(page, share->pair_count);
	char text[IMP_SIZE_TEXT];

	imp_strbuf_printf(
		&page->out, "\n%s on disk are identical, in layers of one image alone.\n\n",
		imp_size_text(share->identical_all_bytes, page->options->units, text));
	imp_strbuf_add_text(&page->out, "| identical | in shared layers | images |\n"
					"|--:|--:|---|\n");
	for (size_t i = 0; i < rows; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf names = {0};
		add_size(page, share->pairs[i].identical_bytes);
		add_size(page, share->pairs[i].shared_layer_bytes);
		imp_share_label(share, share->pairs[i].a, &names);
		imp_strbuf_add_text(&names, ", ");
		imp_share_label(share, share->pairs[i].b, &names);
		end_row(page, imp_strbuf_slice(&names));
	}
	add_left_out(page, rows, share->pair_count);
}

static void add_groups(struct page *page)
{
	const struct imp_share *share = page->share;
	size_t rows = rows_of(page, share->group_count);

	if (share->group_count == 0)
		return;
	imp_strbuf_add_text(&page->out, "\n| to pull | on disk | identical bytes of |\n"
					"|--:|--:|---|\n");
	for (size_t i = 0; i < rows; i++) {
		const struct imp_share_group *group = &share->groups[i];
		imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
		add_size(page, group->sum.pull_bytes);
		add_size(page, group->sum.disk_bytes);
		imp_share_subject(group->manager, group->name, group->version, &text);
		end_row(page, imp_strbuf_slice(&text));
	}
	if (rows == share->group_count)
		return;
	struct imp_sum rest = imp_share_groups_rest(share, rows);
	add_size(page, rest.pull_bytes);
	add_size(page, rest.disk_bytes);
	imp_strbuf_printf(&page->out, "| %zu more packages and folders |\n",
			  share->group_count - rows);
}

static void add_drift(struct page *page)
{
	const struct imp_share *share = page->share;
	size_t rows = rows_of(page, share->drift_count);

	if (share->drift_count == 0)
		return;
	imp_strbuf_add_text(&page->out,
			    "\n| on disk | differs | where |\n|--:|---|---|\n");
	for (size_t i = 0; i < rows; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
		add_size(page, share->drift[i].disk_bytes);
		imp_strbuf_add_text(&page->out, "| ");
		imp_markdown_code(&page->out, share->drift[i].name, COLUMNS, true);
		imp_strbuf_add_char(&page->out, ' ');
		imp_share_variants(share, &share->drift[i], &text);
		end_row(page, imp_strbuf_slice(&text));
	}
	add_left_out(page, rows, share->drift_count);
}

static void add_stages(struct page *page)
{
	const struct imp_share *share = page->share;

	imp_strbuf_add_text(&page->out, "\n| to pull | on disk | packages | stage for |\n"
					"|--:|--:|--:|---|\n");
	for (size_t i = 0; i < share->plan.stage_count; i++) {
		const struct imp_share_stage *stage = &share->plan.stages[i];
		imp_auto(imp_strbuf_finish) struct imp_strbuf names = {0};
		if (stage->package_count == 0)
			continue;
		add_size(page, stage->sum.pull_bytes);
		add_size(page, stage->sum.disk_bytes);
		imp_strbuf_printf(&page->out, "| %zu ", stage->package_count);
		imp_share_labels(share, &stage->images, &names);
		end_row(page, imp_strbuf_slice(&names));
	}
}

static void add_costs(struct page *page)
{
	struct imp_share_cost_row rows[IMP_SHARE_COSTS];
	char text[IMP_SIZE_TEXT];

	imp_share_cost_rows(&page->share->plan, rows);
	imp_strbuf_printf(&page->out, "\n| | now | then%s | |\n|---|--:|--:|--:|\n",
			  page->share->plan.estimate ? " (estimate)" : "");
	for (size_t i = 0; i < IMP_SHARE_COSTS; i++) {
		imp_strbuf_printf(&page->out, "| %s ", rows[i].words);
		add_size(page, rows[i].before);
		add_size(page, rows[i].after);
		imp_strbuf_printf(
			&page->out, "| %s |\n",
			imp_change_percent_text(rows[i].before, rows[i].after, text));
	}
}

int imp_markdown_share(const struct imp_report *report,
		       const struct imp_report_options *options, FILE *out,
		       struct imp_error *err)
{
	struct page page = {.share = report->share, .options = options};

	add_images(&page);
	add_pairs(&page);
	add_groups(&page);
	add_drift(&page);
	add_stages(&page);
	add_costs(&page);
	fwrite(page.out.data, 1, page.out.len, out);
	imp_strbuf_finish(&page.out);
	return imp_report_end(out, err);
}
