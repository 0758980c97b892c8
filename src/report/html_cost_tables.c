/* What the page says of a cost report without script. */
#include "cost_words.h"
#include "html_priv.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"

struct page {
	struct imp_strbuf *out;
	const struct imp_cost_report *report;
	const struct imp_report_options *options;
};

static void add_size(const struct page *page, uint64_t bytes)
{
	imp_html_cell_size(page->out, bytes, page->options->units);
}

static void add_paragraph(const struct page *page, struct imp_slice text)
{
	imp_strbuf_add_text(page->out, "<p>");
	imp_escape_html(page->out, text);
	imp_strbuf_add_text(page->out, "</p>\n");
}

static void add_title(const struct page *page)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf price = {0};
	char date[IMP_SIZE_TEXT];

	imp_strbuf_printf(page->out, "<h2>Registry storage, %.10s</h2>\n",
			  imp_time_text(page->report->as_of_ns, date));
	imp_cost_price_words(page->report, &price);
	add_paragraph(page, imp_strbuf_slice(&price));
	for (size_t i = 0; imp_cost_remark(page->report, i); i++)
		add_paragraph(page, imp_slice_of(imp_cost_remark(page->report, i)));
}

static void add_sum(const struct page *page, uint64_t bytes, const uint64_t *nano,
		    const char *what)
{
	imp_html_open_row(page->out);
	add_size(page, bytes);
	if (nano)
		imp_html_cell_money(page->out, *nano);
	else
		imp_strbuf_add_text(page->out, "<td></td>");
	imp_html_cell_text(page->out, what);
	imp_html_close_row(page->out);
}

static void add_unpacked(const struct page *page)
{
	static const char what[] = "unpacked, times tags: a spreadsheet's figure";
	const struct imp_cost_unpacked_sum *total = &page->report->unpacked->total;
	uint64_t month;

	if (!imp_cost_unpacked_is_known(total))
		return;
	month = imp_price_month(page->report->price, total->bytes);
	add_sum(page, total->bytes, &month, what);
}

static void add_budget(const struct page *page)
{
	const struct imp_cost_report *report = page->report;

	if (!report->has_max)
		return;
	imp_html_open_row(page->out);
	imp_strbuf_add_text(page->out, "<td></td>");
	imp_html_cell_money(page->out, report->max_nano);
	imp_html_cell_text(page->out, report->month_nano > report->max_nano
					      ? "budget: OVER"
					      : "budget: kept");
	imp_html_close_row(page->out);
}

static void add_growth(const struct page *page)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf growth = {0};

	imp_strbuf_add_text(&growth, "Growth: ");
	if (imp_cost_growth_words(page->report, page->options->units, &growth))
		add_paragraph(page, imp_strbuf_slice(&growth));
}

static void add_sums(const struct page *page)
{
	const struct imp_cost_report *report = page->report;
	const struct imp_cost *cost = report->cost;

	imp_html_open_table(page->out, "Sums", "#Size|#Per month|What");
	add_sum(page, cost->stored_bytes, &report->month_nano, "stored: what is billed");
	add_sum(page, cost->naive_bytes, &report->naive_month_nano,
		"if nothing were shared: the sum over tags");
	add_unpacked(page);
	if (report->inventory->untagged_visible)
		add_sum(page, cost->untagged_bytes, NULL, "of untagged images alone");
	if (cost->referrer_bytes)
		add_sum(page, cost->referrer_bytes, NULL,
			"attached: signatures, attestations and the like");
	add_budget(page);
	imp_html_close_table(page->out, 0);
	add_growth(page);
	imp_strbuf_add_text(page->out, "<p>Money is ");
	imp_escape_html(page->out, imp_slice_of(report->price->currency));
	imp_strbuf_add_text(page->out, ".</p>\n");
	if (!report->inventory->untagged_visible)
		add_paragraph(page,
			      IMP_SLICE("Untagged images are not visible through this "
					"API."));
}

static void add_row(const struct page *page, const struct imp_cost_row *row)
{
	const struct imp_cost_group *group = &row->group;

	imp_html_open_row(page->out);
	add_size(page, group->stored_bytes);
	add_size(page, group->attributed_bytes);
	add_size(page, group->exclusive_bytes);
	imp_html_cell_money(page->out, row->month_nano);
	imp_html_cell_count(page->out, group->roots);
	imp_html_cell_count(page->out, group->tags);
	add_size(page, group->median_full_bytes);
	add_size(page, group->median_marginal_bytes);
	imp_html_cell_cut(page->out, row->name);
	imp_html_close_row(page->out);
}

static void add_rows(const struct page *page, const char *caption, const char *columns,
		     const struct imp_cost_row *rows, const uint32_t *order, size_t count)
{
	size_t shown = imp_html_table_rows(page->options, count);

	imp_html_open_table(page->out, caption, columns);
	for (size_t i = 0; i < shown; i++)
		add_row(page, &rows[order ? order[i] : i]);
	imp_html_close_table(page->out, count - shown);
}

#define ROW_COLUMNS \
	"#Stored|#Attributed|#Freed together|#Per month|#Images|#Tags|#Median image|" \
	"#Added per push|"

static void add_groups(const struct page *page)
{
	const struct imp_cost_report *report = page->report;

	add_rows(page, "Repositories", ROW_COLUMNS "Repository", report->repositories,
		 report->repository_order, report->inventory->repository_count);
	if (report->group_by)
		add_rows(page, "Groups", ROW_COLUMNS "Group", report->groups, NULL,
			 report->group_count);
}

static void add_platforms(const struct page *page)
{
	const struct imp_cost_inventory *inventory = page->report->inventory;
	size_t count = inventory->platform_count,
	       shown = imp_html_table_rows(page->options, count);

	if (count < 2)
		return;
	imp_html_open_table(page->out, "Platforms", "#Stored|Platform");
	for (size_t i = 0; i < count + 2; i++) {
		if (i >= shown && i < count)
			continue;
		imp_html_open_row(page->out);
		add_size(page, page->report->cost->platform_bytes[i]);
		imp_html_cell_cut(page->out,
				  imp_slice_of(i < count    ? inventory->platforms[i]
					       : i == count ? "[several platforms]"
							    : "[no platform]"));
		imp_html_close_row(page->out);
	}
	imp_html_close_table(page->out, count - shown);
}

static void add_digests(const struct page *page,
			const struct imp_cost_what_if_result *what_if)
{
	char digest[IMP_DIGEST_TEXT];

	imp_strbuf_printf(page->out,
			  "<details><summary>%zu manifests to delete</summary><pre>",
			  what_if->digest_count);
	for (size_t i = 0; i < what_if->digest_count; i++) {
		const struct imp_cost_digest *at = &what_if->digests[i];
		imp_escape_html(page->out,
				page->report->repositories[at->repository].name);
		imp_strbuf_printf(page->out, "@%s\n",
				  imp_digest_text(&at->digest, digest));
	}
	imp_strbuf_add_text(page->out, "</pre></details>\n");
}

static void add_what_if(const struct page *page, size_t i)
{
	const struct imp_cost_what_if_result *what_if = &page->report->what_ifs[i];

	imp_html_open_row(page->out);
	imp_html_cell_count(page->out, what_if->images);
	add_size(page, what_if->free_bytes);
	imp_html_cell_money(page->out, page->report->saved_nano[i]);
	imp_html_cell_count(page->out, what_if->undated);
	imp_html_cell_count(page->out, what_if->held);
	imp_html_cell_cut(page->out, imp_slice_of(imp_cost_what_if_words(what_if)));
	imp_html_close_row(page->out);
}

static void add_what_ifs(const struct page *page)
{
	size_t count = page->report->what_if_count,
	       shown = imp_html_table_rows(page->options, count);

	if (count == 0)
		return;
	imp_html_open_table(page->out, "What if these images were deleted",
			    "#Images|#Would free|#Saved per month|#Undated, stay|"
			    "#Listed by a kept index, stay|Expression");
	for (size_t i = 0; i < shown; i++)
		add_what_if(page, i);
	imp_html_close_table(page->out, count - shown);
	for (size_t i = 0; page->report->digests && i < shown; i++)
		add_digests(page, &page->report->what_ifs[i]);
}

static void add_unpacked_size(const struct page *page, uint64_t bytes)
{
	if (bytes == IMP_UNKNOWN_SIZE)
		imp_html_cell_text(page->out, "not known");
	else
		add_size(page, bytes);
}

static void add_image(const struct page *page, uint32_t index)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
	const struct imp_cost_report *report = page->report;
	const struct imp_cost_image *image = &report->inventory->images[index];
	const struct imp_cost_root *root = &report->cost->roots[index];
	char date[IMP_SIZE_TEXT] = "undated";

	if (image->dated)
		imp_time_text(image->time_ns, date);
	imp_cost_image_name(report, index, &name);
	imp_html_open_row(page->out);
	add_size(page, root->attributed_bytes);
	add_size(page, root->full_bytes);
	add_size(page, root->exclusive_bytes);
	add_size(page, root->marginal_bytes);
	add_unpacked_size(page, report->unpacked->image_bytes[index]);
	imp_html_cell_money(page->out, report->attributed_nano[index]);
	imp_html_cell(page->out, imp_slice(date, strnlen(date, 10)));
	imp_html_cell_cut(page->out,
			  image->label_count ? image->labels->value : IMP_SLICE(""));
	imp_html_cell_cut(page->out, imp_strbuf_slice(&name));
	imp_html_close_row(page->out);
}

static void add_images(const struct page *page)
{
	size_t count = page->report->inventory->image_count;
	size_t shown = imp_html_table_rows(page->options, count);

	imp_html_open_table(page->out, "Images",
			    "#Attributed|#Full|#Freed alone|#Added|#Unpacked|#Per month|"
			    "Created|Label|Image");
	for (size_t i = 0; i < shown; i++)
		add_image(page, page->report->order[i]);
	imp_html_close_table(page->out, count - shown);
}

void imp_html_cost_tables(struct imp_strbuf *out, const struct imp_cost_report *report,
			  const struct imp_report_options *options)
{
	struct page page = {.out = out, .report = report, .options = options};

	add_title(&page);
	add_sums(&page);
	add_groups(&page);
	add_what_ifs(&page);
	add_images(&page);
	add_platforms(&page);
}
