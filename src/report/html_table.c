/* Pieces of plain tables. */
#include "html_priv.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/width.h"

/* A column whose name begins with '#' holds numbers. */
void imp_html_open_table(struct imp_strbuf *out, const char *caption, const char *columns)
{
	struct imp_slice rest = imp_slice_of(columns);

	imp_strbuf_printf(
		out,
		"<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">"
		"<table><caption>%s</caption><thead><tr>",
		caption, caption);
	while (rest.data) {
		struct imp_slice name = imp_slice_cut(&rest, '|');
		bool number = name.len && name.data[0] == '#';
		imp_strbuf_printf(out, "<th scope=\"col\"%s>",
				  number ? " class=\"n\"" : "");
		imp_strbuf_add_slice(out, number ? imp_slice_skip(name, 1) : name);
		imp_strbuf_add_text(out, "</th>");
	}
	imp_strbuf_add_text(out, "</tr></thead><tbody>\n");
}

void imp_html_open_row(struct imp_strbuf *out)
{
	imp_strbuf_add_text(out, "<tr>");
}

void imp_html_close_row(struct imp_strbuf *out)
{
	imp_strbuf_add_text(out, "</tr>\n");
}

void imp_html_cell(struct imp_strbuf *out, struct imp_slice text)
{
	imp_strbuf_add_text(out, "<td>");
	imp_escape_html(out, text);
	imp_strbuf_add_text(out, "</td>");
}

void imp_html_cell_text(struct imp_strbuf *out, const char *text)
{
	imp_html_cell(out, imp_slice_of(text ? text : ""));
}

void imp_html_cell_cut(struct imp_strbuf *out, struct imp_slice text)
{
	enum { CELL_COLUMNS = 300 };
	imp_auto(imp_strbuf_finish) struct imp_strbuf shown = {0}, fitted = {0};

	imp_escape_terminal(&shown, text);
	imp_fit_middle(&fitted, imp_strbuf_slice(&shown), CELL_COLUMNS, true);
	imp_html_cell(out, imp_strbuf_slice(&fitted));
}

void imp_html_cell_count(struct imp_strbuf *out, uint64_t count)
{
	char text[IMP_SIZE_TEXT];

	imp_strbuf_printf(out, "<td class=\"n\">%s</td>", imp_count_text(count, text));
}

void imp_html_cell_money(struct imp_strbuf *out, uint64_t nano)
{
	char text[IMP_MONEY_TEXT];

	imp_strbuf_printf(out, "<td class=\"n\">%s</td>", imp_money_text(nano, text));
}

size_t imp_html_table_rows(const struct imp_report_options *options, size_t count)
{
	enum { TOP_ROWS = 50, MAX_ROWS = 1000 };
	size_t top = options->top ? options->top : TOP_ROWS;

	if (top > MAX_ROWS)
		top = MAX_ROWS;
	return count < top ? count : top;
}

void imp_html_cell_size(struct imp_strbuf *out, uint64_t bytes, enum imp_units units)
{
	char text[IMP_SIZE_TEXT];

	imp_strbuf_printf(out, "<td class=\"n\">%s</td>",
			  imp_size_text(bytes, units, text));
}

void imp_html_cell_change(struct imp_strbuf *out, struct imp_before_after figure,
			  enum imp_units units)
{
	char text[IMP_SIZE_TEXT];

	imp_strbuf_printf(out, "<td class=\"n\">%s</td>",
			  imp_change_text(figure.before, figure.after, units, text));
}

void imp_html_close_table(struct imp_strbuf *out, size_t more)
{
	imp_strbuf_add_text(out, "</tbody></table>");
	if (more)
		imp_strbuf_printf(out, "<p>%zu more</p>", more);
	imp_strbuf_add_text(out, "</div>\n");
}
