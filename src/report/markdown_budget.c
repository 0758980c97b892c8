/* The budget's verdict: the rules that are broken, waived or cannot be judged. */
#include "check_words.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "markdown.h"

enum { ROWS = 10 };

static bool several(const struct imp_report *report)
{
	return report->image_count > 1 || (report->diffs && report->diffs->count > 1);
}

static void add_row(struct imp_markdown *page, const struct imp_budget_row *row)
{
	imp_strbuf_printf(&page->out, "\n- %s: ", imp_budget_word(row->verdict));
	if (several(page->report)) {
		imp_markdown_code(&page->out, imp_slice_of(row->image),
				  page->plan.columns, false);
		imp_strbuf_add_char(&page->out, ' ');
	}
	if (page->platforms) {
		imp_markdown_code(&page->out, imp_slice_of(row->platform),
				  page->plan.columns, false);
		imp_strbuf_add_char(&page->out, ' ');
	}
	imp_strbuf_printf(&page->out, "%s ", row->selector);
	imp_markdown_code(&page->out, row->subject, page->plan.columns, false);
	imp_strbuf_add_char(&page->out, ' ');
	imp_budget_row_figures(row, page->options->units, &page->out);
	if (row->why.len) {
		imp_strbuf_add_text(&page->out, ", ");
		imp_markdown_code(&page->out, row->why, page->plan.columns, false);
	}
	if (row->verdict == IMP_VERDICT_WAIVED || row->waiver_ended) {
		imp_strbuf_add_text(&page->out,
				    row->waiver_ended ? ", waiver ended " : ", until ");
		imp_markdown_code(&page->out, row->waived_until, page->plan.columns,
				  false);
	}
}

/* A budget without rules makes a comparison with the base that check found, and no verdict. */
static bool has_rules(const struct imp_check *check)
{
	return check && (check->row_count > 0 || check->dive_count > 0);
}

void imp_markdown_verdict(struct imp_markdown *page)
{
	const struct imp_check *check = page->report->check;

	if (has_rules(check))
		imp_strbuf_printf(&page->out, " - %s",
				  imp_budget_verdict_words(check->verdict));
}

void imp_markdown_budget(struct imp_markdown *page)
{
	const struct imp_check *check = page->report->check;
	size_t shown = 0, left = 0;

	if (!has_rules(check))
		return;
	imp_strbuf_add_text(&page->out, "**Budget: ");
	imp_budget_counts(check, &page->out);
	imp_strbuf_add_text(&page->out, ".** Rules: ");
	imp_markdown_code(&page->out,
			  imp_slice_of(check->file ? check->file : check->dive_file),
			  page->plan.columns, false);
	imp_strbuf_add_char(&page->out, '\n');
	size_t start = page->out.len;
	for (size_t i = 0; i < check->row_count; i++) {
		if (check->rows[i].verdict == IMP_VERDICT_PASS)
			continue;
		if (shown++ < ROWS)
			add_row(page, &check->rows[i]);
		else
			left++;
	}
	if (left)
		imp_strbuf_printf(&page->out, "\n- %zu more", left);
	for (size_t i = 0; i < check->dive_count; i++)
		if (check->dive[i].verdict == IMP_VERDICT_FAIL)
			imp_strbuf_printf(&page->out, "\n- over: dive's `%s`",
					  imp_dive_rule_name(check->dive[i].rule));
	imp_strbuf_add_text(&page->out, page->out.len > start ? "\n\n" : "\n");
}
