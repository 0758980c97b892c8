/* -o markdown of a cost report: sums, repositories, images, what if. */
#include "cost_words.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "writer_priv.h"

enum { ROWS = 20, COLUMNS = 60 };

struct page {
	struct imp_strbuf out;
	const struct imp_cost_report *report;
	const struct imp_report_options *options;
};

static void add_name(struct page *page, struct imp_slice name)
{
	imp_strbuf_add_text(&page->out, "| ");
	imp_markdown_code(&page->out, name, COLUMNS, true);
	imp_strbuf_add_text(&page->out, " |");
}

static void add_size(struct page *page, uint64_t bytes)
{
	char text[IMP_SIZE_TEXT];
	imp_strbuf_printf(&page->out, " %s |",
			  imp_size_text(bytes, page->options->units, text));
}

static void add_money(struct page *page, uint64_t nano)
{
	char text[IMP_MONEY_TEXT];
	imp_strbuf_printf(&page->out, " %s |", imp_money_text(nano, text));
}

static void end_row(struct page *page)
{
	imp_strbuf_add_char(&page->out, '\n');
}

static void add_left_out(struct page *page, size_t count, size_t shown)
{
	if (shown < count)
		imp_strbuf_printf(&page->out, "\n%zu rows left out.\n", count - shown);
}

static size_t shown(const struct page *page, size_t count)
{
	size_t top = page->options->top ? page->options->top : ROWS;
	return count < top ? count : top;
}

static void add_unpacked(struct page *page)
{
	const struct imp_cost_unpacked_sum *total = &page->report->unpacked->total;

	imp_strbuf_add_text(&page->out, "| unpacked, times tags (not what is billed) |");
	if (imp_cost_unpacked_is_known(total)) {
		add_size(page, total->bytes);
		add_money(page, imp_price_month(page->report->price, total->bytes));
	} else {
		imp_strbuf_add_text(&page->out, " not known | |");
	}
	end_row(page);
}

static void add_sums(struct page *page)
{
	const struct imp_cost_report *report = page->report;
	imp_auto(imp_strbuf_finish) struct imp_strbuf price = {0}, growth = {0};

	imp_strbuf_add_text(&page->out, "### Registry storage: ");
	imp_markdown_code(&page->out, imp_slice_of(report->title), COLUMNS, false);
	imp_strbuf_printf(&page->out,
			  "\n\n| | size | %s per month |\n|:--|--:|--:|\n| stored |",
			  report->price->currency);
	add_size(page, report->cost->stored_bytes);
	add_money(page, report->month_nano);
	imp_strbuf_add_text(&page->out, "\n| if not shared (not what is billed) |");
	add_size(page, report->cost->naive_bytes);
	add_money(page, report->naive_month_nano);
	end_row(page);
	add_unpacked(page);
	if (imp_cost_growth_words(report, page->options->units, &growth)) {
		imp_strbuf_add_text(&page->out, "\nGrowth: ");
		imp_markdown_code(&page->out, imp_strbuf_slice(&growth), 400, false);
		imp_strbuf_add_char(&page->out, '\n');
	}
	if (report->has_max)
		imp_strbuf_printf(&page->out, "\n**Budget: %s.**\n",
				  report->month_nano > report->max_nano ? "over"
									: "kept");
	imp_cost_price_words(report, &price);
	imp_strbuf_add_char(&page->out, '\n');
	imp_markdown_code(&page->out, imp_strbuf_slice(&price), 400, false);
	imp_strbuf_add_text(&page->out, "\n");
	for (size_t i = 0; imp_cost_remark(report, i); i++)
		imp_strbuf_printf(&page->out, "\n%s\n", imp_cost_remark(report, i));
}

static void add_rows(struct page *page, const char *what, const struct imp_cost_row *rows,
		     const uint32_t *order, size_t count)
{
	size_t most = shown(page, count);

	if (count == 0)
		return;
	imp_strbuf_printf(&page->out,
			  "\n| %s | stored | attributed | freed alone | per month |\n"
			  "|:--|--:|--:|--:|--:|\n",
			  what);
	for (size_t i = 0; i < most; i++) {
		const struct imp_cost_row *row = &rows[order ? order[i] : i];
		add_name(page, row->name);
		add_size(page, row->group.stored_bytes);
		add_size(page, row->group.attributed_bytes);
		add_size(page, row->group.exclusive_bytes);
		add_money(page, row->month_nano);
		end_row(page);
	}
	add_left_out(page, count, most);
}

static void add_images(struct page *page)
{
	const struct imp_cost_report *report = page->report;
	size_t count = report->inventory->image_count, most = shown(page, count);

	if (count == 0)
		return;
	imp_strbuf_add_text(&page->out,
			    "\n| image | full | attributed | freed alone | per month |\n"
			    "|:--|--:|--:|--:|--:|\n");
	for (size_t i = 0; i < most; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
		const struct imp_cost_root *root = &report->cost->roots[report->order[i]];
		imp_cost_image_name(report, report->order[i], &name);
		add_name(page, imp_strbuf_slice(&name));
		add_size(page, root->full_bytes);
		add_size(page, root->attributed_bytes);
		add_size(page, root->exclusive_bytes);
		add_money(page, report->attributed_nano[report->order[i]]);
		end_row(page);
	}
	add_left_out(page, count, most);
}

static void add_what_ifs(struct page *page)
{
	const struct imp_cost_report *report = page->report;

	if (report->what_if_count == 0)
		return;
	imp_strbuf_add_text(&page->out, "\n| what if | images | would free | saved per "
					"month |\n|:--|--:|--:|--:|\n");
	for (size_t i = 0; i < report->what_if_count; i++) {
		add_name(page,
			 imp_slice_of(imp_cost_what_if_words(&report->what_ifs[i])));
		imp_strbuf_printf(&page->out, " %zu |", report->what_ifs[i].images);
		add_size(page, report->what_ifs[i].free_bytes);
		add_money(page, report->saved_nano[i]);
		end_row(page);
	}
}

int imp_markdown_write_cost(const struct imp_report *report,
			    const struct imp_report_options *options, FILE *out,
			    struct imp_error *err)
{
	const struct imp_cost_report *cost = report->cost;
	struct page page = {.report = cost, .options = options};

	add_sums(&page);
	add_rows(&page, "repository", cost->repositories, cost->repository_order,
		 cost->inventory->repository_count);
	if (cost->group_by)
		add_rows(&page, "group", cost->groups, NULL, cost->group_count);
	add_images(&page);
	add_what_ifs(&page);
	fwrite(page.out.data, 1, page.out.len, out);
	imp_strbuf_finish(&page.out);
	return imp_report_end(out, err);
}
