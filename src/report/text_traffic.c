/* What builds push and what is pulled, in a month. */
#include <inttypes.h>

#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/width.h"
#include "screen_table.h"
#include "traffic.h"

enum {
	ROWS = 10,
	SIZE = 9,
	MONEY = 9,
	FIGURES = 62, /* columns behind the name */
};

static void add_name(struct imp_screen *screen, struct imp_slice name)
{
	imp_screen_add_name(screen, name, imp_screen_name_columns(screen, FIGURES));
}

static void add_size(struct imp_screen *screen, uint64_t bytes)
{
	char text[IMP_SIZE_TEXT];

	imp_screen_add_figure(screen,
			      bytes == IMP_COST_UNKNOWN
				      ? "-"
				      : imp_screen_size_text(screen, bytes, text),
			      SIZE);
}

static void add_money(struct imp_screen *screen, uint64_t nano)
{
	char text[IMP_MONEY_TEXT];

	imp_screen_add_figure(screen,
			      nano == IMP_COST_UNKNOWN ? "-" : imp_money_text(nano, text),
			      MONEY);
}

static void add_row(struct imp_screen *screen, struct imp_slice name,
		    const struct imp_cost_traffic_row *row)
{
	add_name(screen, name);
	add_size(screen, row->new_bytes);
	add_size(screen, row->pushed_bytes);
	add_money(screen, row->push_nano);
	add_money(screen, row->build_nano);
	add_size(screen, row->pulled_bytes);
	add_money(screen, row->pull_nano);
	imp_strbuf_add_char(&screen->out, '\n');
}

void imp_traffic_words(const struct imp_cost_report *report, struct imp_strbuf *out)
{
	const struct imp_cost_traffic *traffic = report->traffic;

	imp_strbuf_add_text(out, "In a month of 730 hours, costs in ");
	imp_strbuf_add_text(out, report->price->currency);
	if (traffic->builds_per_week != IMP_COST_UNKNOWN)
		imp_strbuf_printf(out,
				  ", at %" PRIu64 " builds of each repository a week",
				  traffic->builds_per_week);
	imp_strbuf_add_text(out, ". A build adds what pushes after the first one added "
				 "here (median).");
	if (traffic->unknown)
		imp_strbuf_printf(
			out,
			" %zu not known: no image with a date came after a first "
			"one.",
			traffic->unknown);
}

void imp_screen_add_traffic(struct imp_screen *screen,
			    const struct imp_cost_report *report)
{
	const struct imp_cost_traffic *traffic = report->traffic;
	size_t count = report->inventory->repository_count;
	size_t top = screen->options->top      ? screen->options->top
		     : screen->options->detail ? count
					       : ROWS;
	size_t most = count < top ? count : top;
	imp_auto(imp_strbuf_finish) struct imp_strbuf words = {0};

	if (!traffic)
		return;
	imp_strbuf_add_char(&screen->out, '\n');
	add_name(screen, IMP_SLICE("PER MONTH"));
	imp_strbuf_printf(&screen->out, " %9s %9s %9s %9s %9s %9s\n", "NEW/BUILD",
			  "PUSHED", "COST", "BUILDING", "PULLED", "COST");
	for (size_t i = 0; i < most; i++) {
		uint32_t index = report->repository_order[i];
		add_row(screen, report->repositories[index].name, &traffic->rows[index]);
	}
	if (most < count)
		imp_strbuf_printf(&screen->out, "  ... %zu more (-v shows them)\n",
				  count - most);
	if (count > 1)
		add_row(screen, IMP_SLICE("[all]"), &traffic->total);
	imp_traffic_words(report, &words);
	imp_screen_add_wrapped(screen, 2, "", imp_strbuf_slice(&words));
}
