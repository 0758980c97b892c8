/* What made the change: at most ten rows, the last for all others. */
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "markdown.h"

enum { INSTRUCTION_COLUMNS = 50 };

void imp_markdown_version(struct imp_markdown *page, const char *before,
			  struct imp_slice version)
{
	if (!version.len)
		return;
	imp_strbuf_add_text(&page->out, before);
	imp_markdown_cell(page, version);
}

static void add_where(struct imp_markdown *page, const struct imp_diff_reason *reason)
{
	imp_reason_layer(reason, &page->out);
	if (reason->layers > 1)
		return;
	if (reason->instruction.len) {
		imp_strbuf_add_char(&page->out, ' ');
		imp_markdown_code(&page->out, reason->instruction,
				  page->plan.columns < INSTRUCTION_COLUMNS
					  ? page->plan.columns
					  : INSTRUCTION_COLUMNS,
				  true);
	}
}

static void add_reason(struct imp_markdown *page, const struct imp_diff_reason *reason)
{
	struct imp_reason_words words;

	imp_reason_words(reason, &words);
	imp_markdown_words(&page->out, imp_strbuf_slice(&words.before),
			   page->plan.columns, true);
	if (words.subject.len)
		imp_markdown_cell(page, words.subject);
	imp_markdown_version(page, " ", words.version_before);
	imp_markdown_version(page, words.version_before.len ? " to " : " ",
			     words.version_after);
	imp_markdown_words(&page->out, imp_strbuf_slice(&words.after), page->plan.columns,
			   true);
	imp_strbuf_add_text(&page->out, " | ");
	add_where(page, reason);
	imp_strbuf_add_text(&page->out, " |\n");
	imp_reason_words_finish(&words);
}

static const struct imp_change_sum *reason_sum(const void *list, size_t i)
{
	return &((const struct imp_diff_reason *)list)[i].sum;
}

static void add_table(struct imp_markdown *page, const struct imp_diff *diff, size_t most)
{
	struct imp_markdown_rows rows = imp_markdown_rows(
		page, diff, diff->reasons, diff->reason_count, most, reason_sum, true);

	imp_strbuf_add_text(&page->out, "| change | what | layer |\n|--:|:--|:--|\n");
	for (size_t i = 0; i < rows.shown; i++) {
		imp_markdown_row(page, &rows, i);
		add_reason(page, &diff->reasons[i]);
	}
	if (rows.shown < rows.count) {
		imp_markdown_row(page, &rows, rows.shown);
		imp_strbuf_printf(&page->out, "%zu other causes | |\n",
				  rows.count - rows.shown);
	}
	imp_markdown_rows_finish(&rows);
}

void imp_markdown_reasons(struct imp_markdown *page, const struct imp_diff *diff)
{
	size_t most = page->plan.rows[IMP_MARKDOWN_REASONS];

	if (diff->reason_count == 0)
		return;
	if (most == 0) {
		imp_markdown_left_out(page, diff->reason_count, "reasons");
		return;
	}
	imp_strbuf_add_text(&page->out, "**Why** (unpacked bytes)\n\n");
	add_table(page, diff, most);
	imp_strbuf_add_char(&page->out, '\n');
}

void imp_markdown_causes(struct imp_markdown *page, const struct imp_diff *diff)
{
	size_t most = page->plan.rows[IMP_MARKDOWN_CAUSES];
	imp_auto(imp_strbuf_finish) struct imp_strbuf title = {0};

	/* Nothing that the short list does not say; what is left out is said there. */
	if (diff->reason_count <= page->plan.rows[IMP_MARKDOWN_REASONS] || most == 0)
		return;
	imp_strbuf_printf(&title, "All causes: %zu", diff->reason_count);
	imp_markdown_open(page, title.data);
	add_table(page, diff, most);
	imp_markdown_close(page);
}
