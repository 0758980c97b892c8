/* -o text of a check: the verdict, a table of the rules, then what it was compared with. */
#include "text_check.h"

#include "check_words.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/width.h"
#include "paint.h"
#include "text_diff.h"

enum { VERDICT = 13, RULE = 28 };

static enum imp_paint paint_of(enum imp_verdict verdict)
{
	static const enum imp_paint paints[IMP_VERDICTS] = {
		[IMP_VERDICT_PASS] = IMP_PAINT_GREEN,
		[IMP_VERDICT_NOT_EVALUATED] = IMP_PAINT_YELLOW,
		[IMP_VERDICT_WAIVED] = IMP_PAINT_YELLOW,
		[IMP_VERDICT_WARN] = IMP_PAINT_YELLOW,
		[IMP_VERDICT_FAIL] = IMP_PAINT_RED,
	};
	return paints[verdict];
}

static void add_verdict(struct imp_screen *screen, const struct imp_check *check)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};
	struct imp_strbuf *out = &screen->out;

	imp_strbuf_add_text(&line, imp_budget_verdict_words(check->verdict));
	line.data[0] = (char)(line.data[0] - 'a' + 'A');
	imp_paint(out, screen->options->color, paint_of(check->verdict),
		  imp_strbuf_slice(&line));
	imp_strbuf_add_text(out, ": ");
	imp_budget_counts(check, out);
	imp_strbuf_add_text(out, "  (");
	imp_escape_terminal(out,
			    imp_slice_of(check->file ? check->file : check->dive_file));
	imp_strbuf_add_text(out, ")\n");
}

static void add_image(struct imp_screen *screen, const struct imp_budget_row *row)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
	size_t start = screen->out.len;

	imp_escape_terminal(&name, imp_slice_of(row->image));
	imp_screen_add_bold(screen, imp_strbuf_slice(&name));
	imp_strbuf_printf(&screen->out, "  %s", row->platform);
	imp_screen_end_line(screen, start);
}

/* "metric pull", in its column; a long subject loses its middle. */
static void add_rule(struct imp_screen *screen, const struct imp_budget_row *row)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf rule = {0}, subject = {0};
	size_t selector = strlen(row->selector) + 1;

	imp_escape_terminal(&subject, row->subject);
	imp_strbuf_printf(&rule, "%s ", row->selector);
	imp_fit_path(&rule, imp_strbuf_slice(&subject), RULE - selector,
		     screen->options->unicode);
	imp_pad(&screen->out, imp_strbuf_slice(&rule), RULE + 1, 0);
}

static void add_remark(struct imp_screen *screen, const char *label,
		       struct imp_slice text)
{
	if (text.len)
		imp_screen_add_wrapped(screen, VERDICT + 3, label, text);
}

static void add_remarks(struct imp_screen *screen, const struct imp_budget_row *row)
{
	if (row->verdict == IMP_VERDICT_PASS && !screen->options->detail)
		return;
	add_remark(screen, "", row->why);
	if (row->verdict == IMP_VERDICT_WAIVED)
		add_remark(screen, "waived until ", row->waived_until);
	if (row->waiver_ended)
		add_remark(screen, "waiver ended ", row->waived_until);
	if (row->verdict == IMP_VERDICT_WAIVED || row->waiver_ended)
		add_remark(screen, "waived for ", row->waived_why);
}

static void add_row(struct imp_screen *screen, const struct imp_budget_row *row)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf word = {0};
	size_t start = screen->out.len;

	imp_pad(&word, imp_slice_of(imp_budget_word(row->verdict)), VERDICT, 0);
	imp_strbuf_add_text(&screen->out, "  ");
	imp_paint(&screen->out, screen->options->color, paint_of(row->verdict),
		  imp_strbuf_slice(&word));
	imp_strbuf_add_char(&screen->out, ' ');
	add_rule(screen, row);
	imp_budget_row_figures(row, screen->options->units, &screen->out);
	imp_screen_end_line(screen, start);
	add_remarks(screen, row);
}

static bool same_image(const struct imp_budget_row *a, const struct imp_budget_row *b)
{
	return strcmp(a->image, b->image) == 0 && strcmp(a->platform, b->platform) == 0;
}

static void add_rows(struct imp_screen *screen, const struct imp_check *check)
{
	for (size_t i = 0; i < check->row_count; i++) {
		const struct imp_budget_row *row = &check->rows[i];
		if (i == 0 || !same_image(row, row - 1))
			add_image(screen, row);
		add_row(screen, row);
	}
}

static void add_dive_figure(struct imp_screen *screen, uint64_t part, uint64_t whole)
{
	char text[IMP_SIZE_TEXT];

	if (whole)
		imp_strbuf_add_text(&screen->out, imp_percent_text(part, whole, text));
	else
		imp_strbuf_add_text(&screen->out,
				    imp_screen_size_text(screen, part, text));
}

/* dive's figure and limit, then what imgprof says of the same. */
static void add_dive_row(struct imp_screen *screen, const struct imp_dive_row *row)
{
	bool bytes = row->rule == IMP_DIVE_WASTED_BYTES;
	size_t start = screen->out.len;

	imp_strbuf_printf(&screen->out, "  %-13s %-28s ",
			  row->off ? "off" : imp_budget_word(row->verdict),
			  imp_dive_rule_name(row->rule));
	add_dive_figure(screen, row->part, row->whole);
	if (!row->off) {
		imp_strbuf_add_text(&screen->out, ", limit ");
		add_dive_figure(screen, row->limit, bytes ? 0 : 1000000000);
	}
	imp_strbuf_add_text(&screen->out, "; imgprof says ");
	add_dive_figure(screen, row->our_part, row->our_whole);
	imp_screen_end_line(screen, start);
}

static void add_dive(struct imp_screen *screen, const struct imp_check *check)
{
	if (!check->dive_count)
		return;
	imp_screen_add_bold(screen, IMP_SLICE("dive's rules"));
	imp_strbuf_add_text(&screen->out, ", by its own definitions  (");
	imp_escape_terminal(&screen->out, imp_slice_of(check->dive_file));
	imp_strbuf_add_text(&screen->out, ")\n");
	for (size_t i = 0; i < check->dive_count; i++)
		add_dive_row(screen, &check->dive[i]);
}

static void add_sizes(struct imp_screen *screen, const struct imp_report *report)
{
	char pull[IMP_SIZE_TEXT], disk[IMP_SIZE_TEXT];

	for (size_t i = 0; i < report->image_count; i++) {
		const struct imp_analysis *image = report->images[i];
		size_t start = screen->out.len;
		imp_strbuf_printf(&screen->out, "%8s to pull, %8s on disk  ",
				  imp_screen_size_text(screen, image->pull_bytes, pull),
				  imp_screen_size_text(screen, image->disk_bytes, disk));
		imp_escape_terminal(&screen->out, imp_slice_of(image->image->reference));
		imp_screen_end_line(screen, start);
		if (!image->complete)
			imp_strbuf_add_text(&screen->out,
					    "         " IMP_REPORT_INCOMPLETE "\n");
	}
}

static void add_base(struct imp_screen *screen, const struct imp_report *report)
{
	imp_strbuf_add_char(&screen->out, '\n');
	if (!report->diffs) {
		add_sizes(screen, report);
		imp_strbuf_add_text(&screen->out, "Compared with nothing: there is no "
						  "base, see imgprof check --help\n");
		return;
	}
	/* The reason is escaped already; its spaces are where it may break */
	imp_screen_add_wrapped(screen, 0, "Compared with ",
			       imp_slice_of(report->check->base_reason));
}

int imp_text_check(const struct imp_report *report,
		   const struct imp_report_options *options, FILE *out,
		   struct imp_error *err)
{
	struct imp_screen screen = {.options = options};

	add_verdict(&screen, report->check);
	add_rows(&screen, report->check);
	add_dive(&screen, report->check);
	add_base(&screen, report);
	fwrite(screen.out.data, 1, screen.out.len, out);
	imp_strbuf_finish(&screen.out);
	return report->diffs ? imp_text_diff(report, options, out, err)
			     : imp_report_end(out, err);
}
