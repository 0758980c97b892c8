/* -o csv of the history of costs: a row for every snapshot. */
#include <inttypes.h>

#include "history.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "writer_priv.h"

static void add_field(struct imp_strbuf *out, struct imp_slice text)
{
	imp_escape_csv(out, text);
	imp_strbuf_add_char(out, ',');
}

static void add_row(struct imp_strbuf *out, const struct imp_snapshot *point)
{
	char text[IMP_SIZE_TEXT];

	add_field(out, point->scope);
	add_field(out, point->domain);
	add_field(out, point->repository);
	imp_strbuf_printf(out, "%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\r\n",
			  imp_time_text(point->time_s * 1000000000, text),
			  point->stored_bytes, point->images, point->tags);
}

int imp_csv_history(const struct imp_report *report,
		    const struct imp_report_options *options, FILE *out,
		    struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf buffer = {0};
	const struct imp_cost_history *history = report->history;

	(void)options;
	fputs("scope,dedupe,repository,time,stored_bytes,images,tags\r\n", out);
	for (size_t i = 0; i < history->count; i++)
		for (size_t j = 0; j < history->series[i].count; j++) {
			add_row(&buffer, &history->series[i].points[j]);
			fwrite(buffer.data, 1, buffer.len, out);
			imp_strbuf_reset(&buffer);
		}
	return imp_report_end(out, err);
}
