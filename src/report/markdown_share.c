/* The page of a share, for a pull request or a wiki. Foreign text in code spans only. */
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "markdown.h"
#include "share_words.h"

enum { NAME_COLUMNS = 100 };

static void add_code(struct imp_markdown *page, struct imp_slice raw)
{
	size_t columns =
		page->plan.columns < NAME_COLUMNS ? page->plan.columns : NAME_COLUMNS;

	imp_markdown_code(&page->out, raw, columns, true);
}

static void end_row(struct imp_markdown *page, struct imp_slice raw)
{
	imp_strbuf_add_text(&page->out, "| ");
	add_code(page, raw);
	imp_strbuf_add_text(&page->out, " |\n");
}

static void add_images(struct imp_markdown *page)
{
	const struct imp_share *share = page->report->share;
	size_t count = share->image_count;
	size_t shown = count < page->plan.images ? count : page->plan.images;

	imp_strbuf_add_text(&page->out, "### What images share");
	if (page->options->comment.name) {
		imp_strbuf_add_text(&page->out, ": ");
		add_code(page, imp_slice_of(page->options->comment.name));
	}
	imp_strbuf_add_text(&page->out, "\n\n");
	if (!share->complete)
		imp_strbuf_add_text(&page->out,
				    "**Incomplete: layers are missing or damaged.**\n\n");
	imp_strbuf_add_text(&page->out, "| to pull | on disk | can go | then to pull | "
					"image |\n|--:|--:|--:|--:|---|\n");
	for (size_t i = 0; i < shown; i++) {
		imp_markdown_size(page, share->images[i].pull_bytes);
		imp_markdown_size(page, share->images[i].disk_bytes);
		imp_markdown_size(page, share->images[i].reclaimable_bytes);
		imp_markdown_size(page, share->plan.images[i].pull_after);
		end_row(page, imp_slice_of(share->images[i].reference));
	}
	imp_markdown_rest(page, shown, count);
}

static void add_pairs(struct imp_markdown *page)
{
	const struct imp_share *share = page->report->share;
	size_t rows =
		imp_markdown_shown(page, IMP_MARKDOWN_SHARE_PAIRS, share->pair_count);
	char text[IMP_SIZE_TEXT];

	imp_strbuf_printf(
		&page->out,
		"\n%s on disk are identical, in layers of one image alone.\n\n",
		imp_size_text(share->identical_all_bytes, page->options->units, text));
	if (rows > 0)
		imp_strbuf_add_text(&page->out,
				    "| identical | in shared layers | images |\n"
				    "|--:|--:|---|\n");
	for (size_t i = 0; i < rows; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf names = {0};
		imp_markdown_size(page, share->pairs[i].identical_bytes);
		imp_markdown_size(page, share->pairs[i].shared_layer_bytes);
		imp_share_label(share, share->pairs[i].a, &names);
		imp_strbuf_add_text(&names, ", ");
		imp_share_label(share, share->pairs[i].b, &names);
		end_row(page, imp_strbuf_slice(&names));
	}
	imp_markdown_rest(page, rows, share->pair_count);
}

static void add_groups(struct imp_markdown *page)
{
	const struct imp_share *share = page->report->share;
	size_t rows =
		imp_markdown_shown(page, IMP_MARKDOWN_SHARE_GROUPS, share->group_count);

	if (share->group_count == 0)
		return;
	imp_strbuf_add_text(&page->out, "\n| to pull | on disk | identical bytes of |\n"
					"|--:|--:|---|\n");
	for (size_t i = 0; i < rows; i++) {
		const struct imp_share_group *group = &share->groups[i];
		imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
		imp_markdown_size(page, group->sum.pull_bytes);
		imp_markdown_size(page, group->sum.disk_bytes);
		imp_share_subject(group->manager, group->name, group->version, &text);
		end_row(page, imp_strbuf_slice(&text));
	}
	if (rows == share->group_count)
		return;
	struct imp_sum rest = imp_share_groups_rest(share, rows);
	imp_markdown_size(page, rest.pull_bytes);
	imp_markdown_size(page, rest.disk_bytes);
	imp_strbuf_printf(&page->out, "| %zu more packages and folders |\n",
			  share->group_count - rows);
}

static void add_drift(struct imp_markdown *page)
{
	const struct imp_share *share = page->report->share;
	size_t rows =
		imp_markdown_shown(page, IMP_MARKDOWN_SHARE_DRIFT, share->drift_count);

	if (rows > 0)
		imp_strbuf_add_text(&page->out,
				    "\n| on disk | differs | where |\n|--:|---|---|\n");
	for (size_t i = 0; i < rows; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
		imp_markdown_size(page, share->drift[i].disk_bytes);
		imp_strbuf_add_text(&page->out, "| ");
		add_code(page, share->drift[i].name);
		imp_strbuf_add_char(&page->out, ' ');
		imp_share_variants(share, &share->drift[i], &text);
		end_row(page, imp_strbuf_slice(&text));
	}
	imp_markdown_rest(page, rows, share->drift_count);
}

static void add_stage(struct imp_markdown *page, const struct imp_share_stage *stage)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf names = {0};

	imp_markdown_size(page, stage->sum.pull_bytes);
	imp_markdown_size(page, stage->sum.disk_bytes);
	imp_strbuf_printf(&page->out, "| %zu ", stage->package_count);
	imp_share_labels(page->report->share, &stage->images, &names);
	end_row(page, imp_strbuf_slice(&names));
}

static void add_stages(struct imp_markdown *page)
{
	const struct imp_share_plan *plan = &page->report->share->plan;
	size_t rows =
		imp_markdown_shown(page, IMP_MARKDOWN_SHARE_STAGES, plan->stage_count);

	if (rows > 0)
		imp_strbuf_add_text(&page->out,
				    "\n| to pull | on disk | packages | stage for |\n"
				    "|--:|--:|--:|---|\n");
	for (size_t i = 0; i < rows; i++)
		if (plan->stages[i].package_count > 0)
			add_stage(page, &plan->stages[i]);
	imp_markdown_rest(page, rows, plan->stage_count);
}

static void add_costs(struct imp_markdown *page)
{
	struct imp_share_cost_row rows[IMP_SHARE_COSTS];
	char text[IMP_SIZE_TEXT];

	imp_share_cost_rows(&page->report->share->plan, rows);
	imp_strbuf_printf(&page->out, "\n| | now | then%s | |\n|---|--:|--:|--:|\n",
			  page->report->share->plan.estimate ? " (estimate)" : "");
	for (size_t i = 0; i < IMP_SHARE_COSTS; i++) {
		imp_strbuf_printf(&page->out, "| %s ", rows[i].words);
		imp_markdown_size(page, rows[i].before);
		imp_markdown_size(page, rows[i].after);
		imp_strbuf_printf(
			&page->out, "| %s |\n",
			imp_change_percent_text(rows[i].before, rows[i].after, text));
	}
}

void imp_markdown_share(struct imp_markdown *page)
{
	imp_markdown_marker(page);
	add_images(page);
	add_pairs(page);
	add_groups(page);
	add_drift(page);
	add_stages(page);
	add_costs(page);
}
