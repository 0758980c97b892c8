/* -o markdown of the history of costs: a table for every scope. */
#include "history.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "writer_priv.h"

enum { COLUMNS = 60 };

static void add_heading(struct imp_strbuf *out, const struct imp_cost_series *series)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf words = {0};

	imp_strbuf_add_text(out, out->len ? "\n### Storage over time: "
					  : "### Storage over time: ");
	imp_markdown_code(out, series->scope, COLUMNS, false);
	imp_strbuf_add_text(out, "\n\n");
	imp_history_words(series, &words);
	imp_markdown_words(out, imp_strbuf_slice(&words), 400, false);
	imp_strbuf_add_text(out, "\n\n| repository | trend | first | last | a day |\n"
				 "|:--|:--|--:|--:|--:|\n");
}

static void add_row(struct imp_strbuf *out, const struct imp_cost_series *series,
		    const struct imp_report_options *options)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf spark = {0};
	const struct imp_snapshot *last = &series->points[series->count - 1];
	char first_text[IMP_SIZE_TEXT], last_text[IMP_SIZE_TEXT], rate[IMP_SIZE_TEXT];

	imp_strbuf_add_text(out, "| ");
	imp_markdown_code(out, imp_history_name(series), COLUMNS, true);
	imp_strbuf_add_text(out, " | ");
	imp_history_spark(series, true, &spark);
	imp_markdown_code(out, imp_strbuf_slice(&spark), IMP_SPARK_COLUMNS, true);
	imp_strbuf_printf(
		out, " | %s | %s%s | %s |\n",
		imp_size_text(series->points->stored_bytes, options->units, first_text),
		imp_size_text(last->stored_bytes, options->units, last_text),
		series->gone ? " (gone)" : "",
		imp_history_rate(series, options->units, rate));
}

int imp_markdown_history(const struct imp_report *report,
			 const struct imp_report_options *options, FILE *out,
			 struct imp_error *err)
{
	const struct imp_cost_history *history = report->history;
	imp_auto(imp_strbuf_finish) struct imp_strbuf page = {0};

	for (size_t i = 0; i < history->count; i++) {
		if (imp_history_begins(history, i))
			add_heading(&page, &history->series[i]);
		add_row(&page, &history->series[i], options);
	}
	if (page.len)
		fwrite(page.data, 1, page.len, out);
	return imp_report_end(out, err);
}
