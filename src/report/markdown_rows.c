/* Tables whose figures add up as they are printed, and the sections that hold them. */
#include <stdlib.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/width.h"
#include "markdown.h"

void imp_markdown_title(struct imp_markdown *page, struct imp_slice name,
			struct imp_strbuf *out)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf fitted = {0};

	if (!page->folds) {
		imp_markdown_code(out, name, page->plan.columns, false);
		return;
	}
	/* imp_escape_html writes entities: what is short enough is cut before it */
	imp_markdown_fit(&fitted, name, page->plan.columns);
	imp_strbuf_add_text(out, "<code>");
	imp_escape_html(out, imp_strbuf_slice(&fitted));
	imp_strbuf_add_text(out, "</code>");
}

void imp_markdown_open(struct imp_markdown *page, const char *title)
{
	if (page->folds)
		imp_strbuf_printf(&page->out, "<details><summary>%s</summary>\n\n",
				  title);
	else
		imp_strbuf_printf(&page->out, "**%s**\n\n", title);
}

void imp_markdown_close(struct imp_markdown *page)
{
	imp_strbuf_add_text(&page->out, page->folds ? "\n</details>\n\n" : "\n");
}

static int64_t disk_change(const struct imp_change_sum *sum)
{
	return (int64_t)(sum->disk.after - sum->disk.before);
}

static struct imp_change_sum total_of(const struct imp_diff *diff)
{
	return (struct imp_change_sum){diff->totals[IMP_TOTAL_DISK],
				       diff->totals[IMP_TOTAL_PULL]};
}

static void take(struct imp_change_sum *rest, const struct imp_change_sum *sum)
{
	rest->disk.before -= sum->disk.before;
	rest->disk.after -= sum->disk.after;
	rest->pull.before -= sum->pull.before;
	rest->pull.after -= sum->pull.after;
}

static uint64_t weight(const struct imp_change_sum *sum)
{
	return (uint64_t)llabs((long long)disk_change(sum));
}

/* One row is no shorter when it is left. */
static size_t without_zeros(const struct imp_markdown_rows *rows, const void *list,
			    imp_markdown_sum *sum_of)
{
	size_t shown = rows->shown;

	while (shown > 1 && weight(sum_of(list, shown - 1)) < rows->fixed.unit / 20)
		shown--;
	return rows->count - shown == 1 ? rows->shown : shown;
}

struct imp_markdown_rows imp_markdown_rows(const struct imp_markdown *page,
					   const struct imp_diff *diff, const void *list,
					   size_t count, size_t most,
					   imp_markdown_sum *sum_of, bool folds_zeros)
{
	struct imp_markdown_rows rows = {.count = count, .rest = total_of(diff)};
	uint64_t widest = 0;

	rows.shown = count <= most ? count : most - 1;
	for (size_t i = 0; i < rows.shown; i++)
		if (weight(sum_of(list, i)) > widest)
			widest = weight(sum_of(list, i));
	rows.fixed = imp_fixed_for(widest, page->options->units);
	if (folds_zeros)
		rows.shown = without_zeros(&rows, list, sum_of);
	imp_auto_free int64_t *changes = imp_xcalloc(rows.shown + 1, sizeof(*changes));
	rows.tenths = imp_xcalloc(rows.shown + 1, sizeof(*rows.tenths));
	for (size_t i = 0; i < rows.shown; i++) {
		changes[i] = disk_change(sum_of(list, i));
		take(&rows.rest, sum_of(list, i));
	}
	changes[rows.shown] = disk_change(&rows.rest);
	imp_fixed_round(&rows.fixed, changes, rows.shown + 1, rows.tenths);
	return rows;
}

void imp_markdown_row_change(struct imp_markdown *page,
			     const struct imp_markdown_rows *rows, size_t i)
{
	imp_fixed_add_tenths(&rows->fixed, rows->tenths[i], &page->out);
}

void imp_markdown_row(struct imp_markdown *page, const struct imp_markdown_rows *rows,
		      size_t i)
{
	imp_strbuf_add_text(&page->out, "| ");
	imp_markdown_row_change(page, rows, i);
	imp_strbuf_add_text(&page->out, " | ");
}

void imp_markdown_left_out(struct imp_markdown *page, size_t count, const char *what)
{
	if (count > 0)
		imp_strbuf_printf(&page->out,
				  "Left out: %s: %zu - full report in the job summary or "
				  "artifact\n\n",
				  what, count);
}

size_t imp_markdown_shown(const struct imp_markdown *page, int section, size_t count)
{
	return count < page->plan.rows[section] ? count : page->plan.rows[section];
}

void imp_markdown_size(struct imp_markdown *page, uint64_t bytes)
{
	char text[IMP_SIZE_TEXT];

	imp_strbuf_printf(&page->out, "| %s ",
			  imp_size_text(bytes, page->options->units, text));
}

void imp_markdown_rest(struct imp_markdown *page, size_t shown, size_t count)
{
	if (shown < count)
		imp_strbuf_printf(&page->out, "\n%zu more.\n", count - shown);
}

void imp_markdown_rows_finish(struct imp_markdown_rows *rows)
{
	free(rows->tenths);
}

bool imp_markdown_open_section(struct imp_markdown *page,
			       enum imp_markdown_section section, const char *what,
			       size_t count)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf title = {0};

	if (count == 0)
		return false;
	if (page->plan.rows[section] == 0) {
		imp_markdown_left_out(page, count, what);
		return false;
	}
	imp_strbuf_printf(&title, "%c%s changed: %zu", what[0] & ~0x20, what + 1, count);
	imp_markdown_open(page, title.data);
	return true;
}

void imp_markdown_close_section(struct imp_markdown *page, struct imp_markdown_rows *rows)
{
	if (rows->shown < rows->count) {
		imp_markdown_row(page, rows, rows->shown);
		imp_strbuf_printf(&page->out, "%zu more |\n", rows->count - rows->shown);
	}
	imp_markdown_close(page);
	imp_markdown_rows_finish(rows);
}
