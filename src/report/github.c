/*
 * -o github: commands that GitHub's runner takes from a log as annotations, one for each broken
 * rule of a budget. It shows the first ten of a step and level and drops the rest without a
 * word: nine, and one that says how many more (reference/ecosystem.md 1.4).
 */
#include <string.h>

#include "check_words.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "writer_priv.h"

enum { MOST = 9 };

/* An image of the report by the name that rows have it under. */
static const struct imp_diff *find_diff(const struct imp_report *report,
					const struct imp_budget_row *row)
{
	if (!report->diffs)
		return NULL;
	for (size_t i = 0; i < report->diffs->count; i++) {
		const struct imp_diff *diff = report->diffs->list[i];
		if ((diff->name && strcmp(diff->name, row->image) == 0) ||
		    (diff->after.reference &&
		     strcmp(diff->after.reference, row->image) == 0))
			return diff;
	}
	return NULL;
}

static bool holds(struct imp_slice text, struct imp_slice part)
{
	return part.len > 0 && memmem(text.data, text.len, part.data, part.len);
}

/* The largest layer whose instruction holds the subject. */
static uint32_t layer_line(const struct imp_diff *diff, struct imp_slice subject)
{
	uint32_t line = 0;
	uint64_t most = 0;

	for (size_t i = 0; i < diff->layer_count; i++) {
		const struct imp_diff_layer *layer = &diff->layers[i];
		if (layer->line == 0 || !holds(layer->instruction, subject) ||
		    (line && layer->sum.disk.after <= most))
			continue;
		line = layer->line;
		most = layer->sum.disk.after;
	}
	return line;
}

/* The layer that brought most, of those with a line. */
static uint32_t risen_line(const struct imp_diff *diff)
{
	uint32_t line = 0;
	uint64_t most = 0;

	for (size_t i = 0; i < diff->layer_count; i++) {
		const struct imp_before_after *disk = &diff->layers[i].sum.disk;
		if (diff->layers[i].line == 0 || disk->after <= disk->before ||
		    disk->after - disk->before <= most)
			continue;
		line = diff->layers[i].line;
		most = disk->after - disk->before;
	}
	return line;
}

static bool is_package(const struct imp_diff_reason *reason, struct imp_slice subject)
{
	struct imp_slice manager = imp_slice_cut(&subject, ':');

	return reason->kind == IMP_REASON_PACKAGE &&
	       imp_slice_is(manager, reason->manager) &&
	       imp_slice_equal(reason->subject, subject);
}

static uint32_t package_line(const struct imp_diff *diff, struct imp_slice subject)
{
	for (size_t i = 0; i < diff->reason_count; i++)
		if (is_package(&diff->reasons[i], subject) &&
		    !diff->reasons[i].layer_is_before)
			return diff->reasons[i].line;
	return 0;
}

static bool is_rise(enum imp_bound bound)
{
	return bound == IMP_BOUND_MAX_RISE || bound == IMP_BOUND_MAX_RISE_PCT ||
	       bound == IMP_BOUND_BOTH_RISES;
}

/* The file's line in a report without diffs: of the first layer with the subject's instruction. */
static uint32_t profile_line(const struct imp_report *report,
			     const struct imp_budget_row *row)
{
	if (strcmp(row->selector, "layer") != 0)
		return 0;
	for (size_t i = 0; i < report->image_count; i++) {
		const struct imp_analysis *image = report->images[i];
		if (strcmp(image->image->reference, row->image) != 0)
			continue;
		for (size_t l = 0; l < image->layer_count; l++)
			if (holds(image->layers[l].instruction, row->subject))
				return imp_analysis_line(image, l);
	}
	return 0;
}

/* The line of the Dockerfile that the row is about; 0: none. */
static uint32_t dockerfile_line(const struct imp_report *report,
				const struct imp_budget_row *row)
{
	const struct imp_diff *diff = find_diff(report, row);

	if (!diff)
		return profile_line(report, row);
	if (strcmp(row->selector, "layer") == 0)
		return layer_line(diff, row->subject);
	if (strcmp(row->selector, "package") == 0)
		return package_line(diff, row->subject);
	if (strcmp(row->selector, "metric") == 0 && is_rise(row->bound))
		return risen_line(diff);
	return 0;
}

static void add_file(struct imp_strbuf *out, const struct imp_report *report,
		     const struct imp_budget_row *row)
{
	uint32_t line = dockerfile_line(report, row);

	if (line) {
		imp_strbuf_printf(out, " file=Dockerfile,line=%u", line);
	} else if (report->check->file) {
		imp_strbuf_add_text(out, " file=");
		imp_escape_workflow_property(out, imp_slice_of(report->check->file));
		if (row->line)
			imp_strbuf_printf(out, ",line=%u,col=%u", row->line, row->column);
	} else {
		imp_strbuf_add_char(out, ' ');
	}
}

static void add_words(struct imp_strbuf *out, const struct imp_budget_row *row,
		      const struct imp_report_options *options)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf words = {0};

	imp_strbuf_printf(&words, "%s (%s): %s ", row->image, row->platform,
			  row->selector);
	imp_strbuf_add_slice(&words, row->subject);
	imp_strbuf_add_text(&words, ": ");
	imp_budget_row_figures(row, options->units, &words);
	if (row->why.len > 0) {
		imp_strbuf_add_text(&words, " - ");
		imp_strbuf_add_slice(&words, row->why);
	}
	imp_escape_workflow_message(out, imp_strbuf_slice(&words));
}

/* LEVEL is a command of the runner's: "error", "warning". */
static void add_level(struct imp_strbuf *out, const struct imp_report *report,
		      const struct imp_report_options *options, enum imp_verdict verdict,
		      const char *level)
{
	const struct imp_check *check = report->check;
	size_t shown = 0, left = 0;

	for (size_t i = 0; i < check->row_count; i++) {
		const struct imp_budget_row *row = &check->rows[i];
		if (row->verdict != verdict)
			continue;
		if (shown == MOST) {
			left++;
			continue;
		}
		imp_strbuf_printf(out, "::%s", level);
		add_file(out, report, row);
		imp_strbuf_printf(out, "%stitle=imgprof budget::",
				  out->data[out->len - 1] == ' ' ? "" : ",");
		add_words(out, row, options);
		imp_strbuf_add_char(out, '\n');
		shown++;
	}
	if (left > 0)
		imp_strbuf_printf(out,
				  "::%s title=imgprof budget::and %zu more, "
				  "which the report lists\n",
				  level, left);
}

static int write_github(const struct imp_report *report,
			const struct imp_report_options *options, FILE *out,
			struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf buffer = {0};

	if (report->check) {
		add_level(&buffer, report, options, IMP_VERDICT_FAIL, "error");
		add_level(&buffer, report, options, IMP_VERDICT_WARN, "warning");
	}
	if (buffer.len > 0)
		fwrite(buffer.data, 1, buffer.len, out);
	return imp_report_end(out, err);
}

const struct imp_format imp_format_github = {
	.name = "github",
	.summary = "annotations for broken budgets, and the job's summary",
	.tree_optional = true,
	.write = {[IMP_REPORT_PROFILE] = write_github,
		  [IMP_REPORT_DIFF] = write_github,
		  [IMP_REPORT_CHECK] = write_github},
};
