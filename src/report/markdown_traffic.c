/* What builds push and what is pulled, in a month. */
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "traffic.h"

enum { WORDS = 400 };

struct page {
	struct imp_strbuf *out;
	enum imp_units units;
	size_t columns; /* of a name */
};

static void add_size(const struct page *page, uint64_t bytes)
{
	char text[IMP_SIZE_TEXT];

	imp_strbuf_printf(page->out, " %s |",
			  bytes == IMP_COST_UNKNOWN
				  ? "-"
				  : imp_size_text(bytes, page->units, text));
}

static void add_money(const struct page *page, uint64_t nano)
{
	char text[IMP_MONEY_TEXT];

	imp_strbuf_printf(page->out, " %s |",
			  nano == IMP_COST_UNKNOWN ? "-" : imp_money_text(nano, text));
}

static void add_row(const struct page *page, struct imp_slice name,
		    const struct imp_cost_traffic_row *row)
{
	imp_strbuf_add_text(page->out, "| ");
	imp_markdown_code(page->out, name, page->columns, true);
	imp_strbuf_add_text(page->out, " |");
	add_size(page, row->new_bytes);
	add_size(page, row->pushed_bytes);
	add_money(page, row->push_nano);
	add_money(page, row->build_nano);
	add_size(page, row->pulled_bytes);
	add_money(page, row->pull_nano);
	imp_strbuf_add_char(page->out, '\n');
}

void imp_markdown_add_traffic(const struct imp_cost_report *report, enum imp_units units,
			      size_t most, size_t columns, struct imp_strbuf *out)
{
	const struct page page = {out, units, columns};
	size_t count = report->inventory->repository_count;
	imp_auto(imp_strbuf_finish) struct imp_strbuf words = {0};

	if (!report->traffic)
		return;
	imp_strbuf_add_text(out,
			    "\n| per month | new per build | pushed | cost | building "
			    "| pulled | cost |\n|:--|--:|--:|--:|--:|--:|--:|\n");
	for (size_t i = 0; i < count && i < most; i++) {
		uint32_t index = report->repository_order[i];
		add_row(&page, report->repositories[index].name,
			&report->traffic->rows[index]);
	}
	if (count > 1)
		add_row(&page, IMP_SLICE("[all]"), &report->traffic->total);
	if (most < count)
		imp_strbuf_printf(out, "\n%zu rows left out.\n", count - most);
	imp_traffic_words(report, &words);
	imp_strbuf_add_char(out, '\n');
	imp_markdown_code(out, imp_strbuf_slice(&words), WORDS, false);
	imp_strbuf_add_char(out, '\n');
}
