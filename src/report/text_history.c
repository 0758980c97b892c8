/* -o text of the history of costs: a line for every repository. */
#include "history.h"
#include "imgprof/escape.h"
#include "imgprof/width.h"
#include "screen_table.h"

enum { FIGURES = 62 }; /* columns behind the name */

static void add_name(struct imp_screen *screen, struct imp_slice name)
{
	imp_screen_add_name(screen, name, imp_screen_name_columns(screen, FIGURES));
}

static void add_heading(struct imp_screen *screen, const struct imp_cost_series *series)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf words = {0}, escaped = {0};

	if (screen->out.len)
		imp_strbuf_add_char(&screen->out, '\n');
	imp_screen_add_bold(screen, IMP_SLICE("Storage over time"));
	imp_strbuf_add_text(&screen->out, "  ");
	imp_escape_terminal(&screen->out, series->scope);
	imp_strbuf_add_char(&screen->out, '\n');
	imp_history_words(series, &words);
	imp_escape_terminal(&escaped, imp_strbuf_slice(&words));
	imp_screen_add_wrapped(screen, 2, "", imp_strbuf_slice(&escaped));
	imp_strbuf_add_char(&screen->out, '\n');
	add_name(screen, IMP_SLICE("REPOSITORY"));
	imp_strbuf_printf(&screen->out, " %-*s", IMP_SPARK_COLUMNS, "TREND");
	imp_screen_add_figure(screen, "FIRST", 9);
	imp_screen_add_figure(screen, "LAST", 9);
	imp_screen_add_figure(screen, "A DAY", 9);
	imp_screen_add_figure(screen, "IMAGES", 7);
	imp_strbuf_add_char(&screen->out, '\n');
}

static void add_series(struct imp_screen *screen, const struct imp_cost_series *series)
{
	const struct imp_snapshot *first = series->points;
	const struct imp_snapshot *last = &series->points[series->count - 1];
	char text[IMP_SIZE_TEXT];

	add_name(screen, imp_history_name(series));
	imp_strbuf_add_char(&screen->out, ' ');
	imp_history_spark(series, screen->options->unicode, &screen->out);
	imp_screen_add_figure(screen,
			      imp_screen_size_text(screen, first->stored_bytes, text), 9);
	imp_screen_add_figure(screen,
			      imp_screen_size_text(screen, last->stored_bytes, text), 9);
	imp_screen_add_figure(screen,
			      imp_history_rate(series, screen->options->units, text), 9);
	imp_screen_add_figure(screen, imp_count_text(last->images, text), 7);
	imp_strbuf_add_text(&screen->out, series->gone ? " gone\n" : "\n");
}

int imp_text_history(const struct imp_report *report,
		     const struct imp_report_options *options, FILE *out,
		     struct imp_error *err)
{
	const struct imp_cost_history *history = report->history;
	struct imp_screen screen = {.options = options};

	for (size_t i = 0; i < history->count; i++) {
		if (imp_history_begins(history, i))
			add_heading(&screen, &history->series[i]);
		add_series(&screen, &history->series[i]);
	}
	if (screen.out.len)
		fwrite(screen.out.data, 1, screen.out.len, out);
	imp_strbuf_finish(&screen.out);
	return imp_report_end(out, err);
}
