/* -o markdown of a blame: a table. Foreign text in code spans only. */
#include "blame.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"

enum { COLUMNS = 100 };

static void add_code(struct imp_strbuf *out, struct imp_slice raw)
{
	imp_strbuf_add_text(out, " ");
	if (raw.len)
		imp_markdown_code(out, raw, COLUMNS, true);
	imp_strbuf_add_text(out, " |");
}

static void add_size(struct imp_strbuf *out, const struct imp_report_options *options,
		     uint64_t bytes)
{
	char text[IMP_SIZE_TEXT];

	imp_strbuf_printf(out, " %s |", imp_size_text(bytes, options->units, text));
}

static void add_figures(struct imp_strbuf *out, const struct imp_report_options *options,
			const struct imp_blame_row *row)
{
	char text[IMP_SIZE_TEXT];

	if (!row->readable) {
		imp_strbuf_add_text(out, " | | | |");
		return;
	}
	add_size(out, options, row->pull_bytes);
	add_size(out, options, row->disk_bytes);
	add_size(out, options, row->watched_bytes);
	imp_strbuf_printf(out, " %s |",
			  row->has_change
				  ? imp_change_text(row->change.before, row->change.after,
						    options->units, text)
				  : "");
}

static void add_row(struct imp_strbuf *out, const struct imp_report_options *options,
		    const struct imp_blame_row *row)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tags = {0}, tail = {0};
	char day[IMP_SIZE_TEXT];

	imp_blame_tags(row, &tags);
	imp_blame_trouble(row, &tail);
	imp_strbuf_add_text(&tail, tail.len && row->has_cause ? " " : "");
	imp_blame_cause(row, &tail);
	imp_strbuf_add_char(out, '|');
	add_code(out, imp_strbuf_slice(&tags));
	imp_strbuf_printf(out, " %s |", imp_blame_day(row, day));
	add_code(out, row->revision);
	add_figures(out, options, row);
	add_code(out, imp_strbuf_slice(&tail));
	imp_strbuf_add_char(out, '\n');
}

int imp_markdown_blame(const struct imp_report *report,
		       const struct imp_report_options *options, FILE *out,
		       struct imp_error *err)
{
	const struct imp_blame *blame = report->blame;
	imp_auto(imp_strbuf_finish) struct imp_strbuf page = {0}, watched = {0};

	imp_blame_watched(blame, &watched);
	imp_strbuf_add_text(&page, "### Tags in order of time\n\nBytes ");
	imp_markdown_code(&page, imp_strbuf_slice(&watched), COLUMNS, false);
	imp_strbuf_add_text(&page, " are compared.\n\n");
	if (!blame->complete)
		imp_strbuf_add_text(&page, "**Incomplete: not all could be read.**\n\n");
	imp_strbuf_add_text(&page, "| tags | created | commit | to pull | on disk | "
				   "watched | change | cause |\n"
				   "|:--|:--|:--|--:|--:|--:|--:|:--|\n");
	for (size_t i = 0; i < blame->row_count; i++)
		add_row(&page, options, &blame->rows[i]);
	if (blame->left_out)
		imp_strbuf_printf(&page, "\n%zu older not read.\n", blame->left_out);
	fwrite(page.data, 1, page.len, out);
	return imp_report_end(out, err);
}
