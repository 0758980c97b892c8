/* The page of a cost report: sums, what if, repositories; groups and images folded away. */
#include "cost_words.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "markdown.h"
#include "traffic.h"

enum { PRICE_COLUMNS = 400, NAME_COLUMNS = 60 };

static size_t columns_of(const struct imp_markdown *page)
{
	return page->plan.columns < NAME_COLUMNS ? page->plan.columns : NAME_COLUMNS;
}

static void add_name(struct imp_markdown *page, struct imp_slice name)
{
	imp_strbuf_add_text(&page->out, "| ");
	imp_markdown_code(&page->out, name, columns_of(page), true);
	imp_strbuf_add_char(&page->out, ' ');
}

static void add_money(struct imp_markdown *page, uint64_t nano)
{
	char text[IMP_MONEY_TEXT];

	imp_strbuf_printf(&page->out, "| %s ", imp_money_text(nano, text));
}

static void end_row(struct imp_markdown *page)
{
	imp_strbuf_add_text(&page->out, "|\n");
}

static void add_sum(struct imp_markdown *page, const char *what, uint64_t bytes,
		    uint64_t nano)
{
	imp_strbuf_printf(&page->out, "| %s ", what);
	imp_markdown_size(page, bytes);
	add_money(page, nano);
	end_row(page);
}

static void add_unpacked(struct imp_markdown *page)
{
	static const char what[] = "unpacked, times tags (not what is billed)";
	const struct imp_cost_unpacked_sum *total = &page->report->cost->unpacked->total;

	if (imp_cost_unpacked_is_known(total))
		add_sum(page, what, total->bytes,
			imp_price_month(page->report->cost->price, total->bytes));
	else
		imp_strbuf_printf(&page->out, "| %s | not known | |\n", what);
}

static void add_growth(struct imp_markdown *page)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf growth = {0};

	if (!imp_cost_growth_words(page->report->cost, page->options->units, &growth))
		return;
	imp_strbuf_add_text(&page->out, "\nGrowth: ");
	imp_markdown_code(&page->out, imp_strbuf_slice(&growth), PRICE_COLUMNS, false);
	imp_strbuf_add_char(&page->out, '\n');
}

static void add_price(struct imp_markdown *page)
{
	const struct imp_cost_report *report = page->report->cost;
	imp_auto(imp_strbuf_finish) struct imp_strbuf price = {0};

	imp_cost_price_words(report, &price);
	imp_strbuf_add_char(&page->out, '\n');
	imp_markdown_code(&page->out, imp_strbuf_slice(&price), PRICE_COLUMNS, false);
	imp_strbuf_add_char(&page->out, '\n');
	for (size_t i = 0; imp_cost_remark(report, i); i++)
		imp_strbuf_printf(&page->out, "\n%s\n", imp_cost_remark(report, i));
}

static void add_head(struct imp_markdown *page)
{
	const struct imp_cost_report *report = page->report->cost;
	const char *name = page->options->comment.name;

	imp_strbuf_add_text(&page->out, "### Registry storage: ");
	imp_markdown_code(&page->out, imp_slice_of(name ? name : report->title),
			  columns_of(page), false);
	imp_strbuf_add_text(&page->out, "\n\n| | size | ");
	imp_markdown_code(&page->out, imp_slice_of(report->price->currency), NAME_COLUMNS,
			  true);
	imp_strbuf_add_text(&page->out, " per month |\n|:--|--:|--:|\n");
	add_sum(page, "stored", report->cost->stored_bytes, report->month_nano);
	add_sum(page, "if not shared (not what is billed)", report->cost->naive_bytes,
		report->naive_month_nano);
	add_unpacked(page);
	add_growth(page);
	if (report->has_max)
		imp_strbuf_printf(&page->out, "\n**Budget: %s.**\n",
				  report->month_nano > report->max_nano ? "over"
									: "kept");
	add_price(page);
}

static void add_what_ifs(struct imp_markdown *page)
{
	const struct imp_cost_report *report = page->report->cost;
	size_t count = report->what_if_count;
	size_t shown = imp_markdown_shown(page, IMP_MARKDOWN_COST_WHAT_IFS, count);

	if (count == 0)
		return;
	if (shown > 0)
		imp_strbuf_add_text(&page->out,
				    "\n| what if | images | would free | saved "
				    "per month |\n|:--|--:|--:|--:|\n");
	for (size_t i = 0; i < shown; i++) {
		const struct imp_cost_what_if_result *what_if = &report->what_ifs[i];
		add_name(page, imp_slice_of(imp_cost_what_if_words(what_if)));
		imp_strbuf_printf(&page->out, "| %zu ", what_if->images);
		imp_markdown_size(page, what_if->free_bytes);
		add_money(page, report->saved_nano[i]);
		end_row(page);
	}
	imp_markdown_rest(page, shown, count);
}

static void add_row(struct imp_markdown *page, const struct imp_cost_row *row)
{
	add_name(page, row->name);
	imp_markdown_size(page, row->group.stored_bytes);
	imp_markdown_size(page, row->group.attributed_bytes);
	imp_markdown_size(page, row->group.exclusive_bytes);
	add_money(page, row->month_nano);
	end_row(page);
}

static void add_rows(struct imp_markdown *page, const char *what,
		     const struct imp_cost_row *rows, const uint32_t *order, size_t shown)
{
	imp_strbuf_printf(&page->out,
			  "| %s | stored | attributed | freed together | per month |\n"
			  "|:--|--:|--:|--:|--:|\n",
			  what);
	for (size_t i = 0; i < shown; i++)
		add_row(page, &rows[order ? order[i] : i]);
}

static void add_repositories(struct imp_markdown *page)
{
	const struct imp_cost_report *report = page->report->cost;
	size_t count = report->inventory->repository_count;
	size_t shown = imp_markdown_shown(page, IMP_MARKDOWN_COST_REPOSITORIES, count);

	imp_strbuf_add_char(&page->out, '\n');
	if (shown > 0)
		add_rows(page, "repository", report->repositories,
			 report->repository_order, shown);
	imp_markdown_rest(page, shown, count);
	imp_strbuf_add_char(&page->out, '\n');
}

/* false: nothing of it is shown, which is said. */
static bool open_folded(struct imp_markdown *page, const char *what, size_t shown,
			size_t count)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf title = {0};

	if (shown == 0) {
		imp_markdown_left_out(page, count, what);
		return false;
	}
	imp_strbuf_printf(&title, "%zu %s", count, what);
	imp_markdown_open(page, title.data);
	return true;
}

static void close_folded(struct imp_markdown *page, size_t shown, size_t count)
{
	imp_markdown_rest(page, shown, count);
	imp_markdown_close(page);
}

static void add_groups(struct imp_markdown *page)
{
	const struct imp_cost_report *report = page->report->cost;
	size_t count = report->group_count;
	size_t shown = imp_markdown_shown(page, IMP_MARKDOWN_COST_GROUPS, count);

	if (!report->group_by || !open_folded(page, "groups", shown, count))
		return;
	add_rows(page, "group", report->groups, NULL, shown);
	close_folded(page, shown, count);
}

static void add_image(struct imp_markdown *page, uint32_t index)
{
	const struct imp_cost_report *report = page->report->cost;
	const struct imp_cost_root *root = &report->cost->roots[index];
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};

	imp_cost_image_name(report, index, &name);
	add_name(page, imp_strbuf_slice(&name));
	imp_markdown_size(page, root->full_bytes);
	imp_markdown_size(page, root->attributed_bytes);
	imp_markdown_size(page, root->exclusive_bytes);
	add_money(page, report->attributed_nano[index]);
	end_row(page);
}

static void add_images(struct imp_markdown *page)
{
	const struct imp_cost_report *report = page->report->cost;
	size_t count = report->inventory->image_count;
	size_t shown = imp_markdown_shown(page, IMP_MARKDOWN_COST_IMAGES, count);

	if (!open_folded(page, "images", shown, count))
		return;
	imp_strbuf_add_text(&page->out,
			    "| image | full | attributed | freed alone | per month |\n"
			    "|:--|--:|--:|--:|--:|\n");
	for (size_t i = 0; i < shown; i++)
		add_image(page, report->order[i]);
	close_folded(page, shown, count);
}

static void add_traffic(struct imp_markdown *page)
{
	const struct imp_cost_report *report = page->report->cost;
	size_t count = report->inventory->repository_count;

	imp_markdown_add_traffic(
		report, page->options->units,
		imp_markdown_shown(page, IMP_MARKDOWN_COST_REPOSITORIES, count),
		columns_of(page), &page->out);
}

void imp_markdown_cost(struct imp_markdown *page)
{
	imp_markdown_marker(page);
	add_head(page);
	add_what_ifs(page);
	add_repositories(page);
	add_traffic(page);
	add_groups(page);
	add_images(page);
}
