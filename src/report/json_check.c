#include "json_check.h"

#include "json_diff.h"

static bool is_percent(enum imp_bound bound)
{
	return bound == IMP_BOUND_MAX_RISE_PCT || bound == IMP_BOUND_MAX_PCT ||
	       bound == IMP_BOUND_BOTH_RISES;
}

/* `limit` in bytes or things, `limit_percent`; null where the bound has none. */
static void write_limits(struct imp_json_writer *w, const struct imp_budget_row *row)
{
	bool both = row->bound == IMP_BOUND_BOTH_RISES;

	imp_json_key(w, "limit");
	if (both)
		imp_json_u64(w, row->rise_limit_bytes);
	else if (row->bound == IMP_BOUND_FORBID || is_percent(row->bound))
		imp_json_null(w);
	else
		imp_json_u64(w, row->limit);
	imp_json_key(w, "limit_percent");
	if (is_percent(row->bound))
		imp_json_ratio(w, row->limit, 1000, 3);
	else
		imp_json_null(w);
	if (is_percent(row->bound))
		imp_json_member_u64(w, "limit_thousandths", row->limit);
	imp_json_member_known(w, "asleep_below", row->asleep, row->floor);
}

static void write_text_or_null(struct imp_json_writer *w, const char *key,
			       struct imp_slice text)
{
	if (text.len)
		imp_json_member_raw(w, key, text);
	else
		imp_json_member_text(w, key, NULL);
}

static void write_waiver(struct imp_json_writer *w, const struct imp_budget_row *row)
{
	imp_json_key(w, "waiver");
	if (!row->waived_until.len) {
		imp_json_null(w);
		return;
	}
	imp_json_open(w, '{');
	imp_json_member_raw(w, "until", row->waived_until);
	write_text_or_null(w, "why", row->waived_why);
	imp_json_member_bool(w, "ended", row->waiver_ended);
	imp_json_close(w, '}');
}

static void write_rule(struct imp_json_writer *w, const struct imp_budget_row *row)
{
	imp_json_key(w, "rule");
	imp_json_open(w, '{');
	imp_json_member_string(w, row->selector, row->subject);
	imp_json_close(w, '}');
	/* Beside the rule, whose only member is the selector */
	imp_json_raw_bytes(w, "subject_base64", row->subject);
}

static void write_row(struct imp_json_writer *w, const struct imp_budget_row *row)
{
	imp_json_open(w, '{');
	imp_json_member_raw(w, "image", imp_slice_of(row->image));
	imp_json_member_text(w, "platform", row->platform);
	write_rule(w, row);
	imp_json_member_text(w, "unit", row->counts ? "count" : "bytes");
	imp_json_member_u64(w, "value", row->value);
	imp_json_member_known(w, "base", row->has_base, row->base);
	imp_json_member_text(w, "bound", imp_bound_name(row->bound));
	write_limits(w, row);
	imp_json_member_text(w, "state", imp_verdict_name(row->verdict));
	imp_json_member_text(w, "level", row->fails ? "fail" : "warn");
	write_text_or_null(w, "why", row->why);
	write_waiver(w, row);
	imp_json_member_u64(w, "line", row->line);
	imp_json_member_u64(w, "column", row->column);
	imp_json_close(w, '}');
}

static void write_budgets(struct imp_json_file *file, const struct imp_check *check)
{
	imp_json_key(&file->w, "budgets");
	imp_json_open(&file->w, '[');
	for (size_t i = 0; i < check->row_count; i++) {
		write_row(&file->w, &check->rows[i]);
		imp_json_file_drain(file);
	}
	imp_json_close(&file->w, ']');
}

/* The integers that values are made of; the limit in bytes or billionths. */
static void write_dive_parts(struct imp_json_writer *w, const struct imp_dive_row *row)
{
	imp_json_member_u64(w, "part", row->part);
	imp_json_member_u64(w, "whole", row->whole);
	imp_json_member_u64(w, "imgprof_part", row->our_part);
	imp_json_member_u64(w, "imgprof_whole", row->our_whole);
	imp_json_member_u64(w, "limit_exact", row->limit);
}

/* Ratios with six digits; `bytes` of the rule that holds bytes. */
static void write_dive_value(struct imp_json_writer *w, const char *key, uint64_t part,
			     uint64_t whole, bool bytes)
{
	imp_json_key(w, key);
	if (bytes)
		imp_json_u64(w, part);
	else
		imp_json_ratio(w, part, whole, 6);
}

static void write_dive_row(struct imp_json_writer *w, const struct imp_dive_row *row)
{
	bool bytes = row->rule == IMP_DIVE_WASTED_BYTES;

	imp_json_open(w, '{');
	imp_json_member_raw(w, "image", imp_slice_of(row->image));
	imp_json_member_text(w, "platform", row->platform);
	imp_json_member_text(w, "rule", imp_dive_rule_name(row->rule));
	write_dive_value(w, "value", row->part, row->whole, bytes);
	write_dive_value(w, "imgprof_value", row->our_part, row->our_whole, bytes);
	if (row->off) {
		imp_json_key(w, "limit");
		imp_json_null(w);
	} else {
		write_dive_value(w, "limit", row->limit, 1000000000, bytes);
	}
	imp_json_member_text(w, "state",
			     row->off ? "off" : imp_verdict_name(row->verdict));
	write_dive_parts(w, row);
	imp_json_close(w, '}');
}

static void write_dive(struct imp_json_file *file, const struct imp_check *check)
{
	if (!check->dive_count)
		return;
	imp_json_member_raw(&file->w, "dive_file", imp_slice_of(check->dive_file));
	imp_json_key(&file->w, "dive");
	imp_json_open(&file->w, '[');
	for (size_t i = 0; i < check->dive_count; i++)
		write_dive_row(&file->w, &check->dive[i]);
	imp_json_close(&file->w, ']');
}

static bool is_complete(const struct imp_report *report)
{
	for (size_t i = 0; i < report->image_count; i++)
		if (!report->images[i]->complete)
			return false;
	return !report->diffs || report->diffs->complete;
}

/* Whole: formats tell of findings and layers, too. */
static void write_images(struct imp_json_file *file, const struct imp_report *report,
			 const struct imp_report_options *options)
{
	imp_json_key(&file->w, "images");
	imp_json_open(&file->w, '[');
	for (size_t i = 0; i < report->image_count; i++)
		imp_json_image(file, report->images[i], options, false);
	imp_json_close(&file->w, ']');
}

static void write_head(struct imp_json_file *file, const struct imp_report *report,
		       const struct imp_report_options *options)
{
	const struct imp_check *check = report->check;

	imp_json_member_text(&file->w, "schema", "imgprof/1");
	imp_json_member_text(&file->w, "kind", imp_report_kind_name(IMP_REPORT_CHECK));
	imp_json_tool(&file->w, options);
	imp_json_member_bool(&file->w, "complete", is_complete(report));
	if (options->top)
		imp_json_member_u64(&file->w, "top", options->top);
	imp_json_member_text(&file->w, "verdict", imp_verdict_name(check->verdict));
	if (check->file)
		imp_json_member_raw(&file->w, "file", imp_slice_of(check->file));
	else
		imp_json_member_text(&file->w, "file", NULL);
	imp_json_member_text(&file->w, "base", check->base_reason);
}

int imp_json_write_check(const struct imp_report *report,
			 const struct imp_report_options *options, FILE *out,
			 struct imp_error *err)
{
	const struct imp_check *check = report->check;
	struct imp_json_file file;

	imp_json_file_init(&file, out, 1);
	imp_json_open(&file.w, '{');
	write_head(&file, report, options);
	write_budgets(&file, check);
	write_dive(&file, check);
	write_images(&file, report, options);
	if (report->diffs) {
		imp_json_diff_distinct(&file, report->diffs);
		imp_json_diff_pairs(&file, report->diffs, options);
	}
	imp_json_close(&file.w, '}');
	imp_strbuf_add_char(&file.buffer, '\n');
	imp_json_file_finish(&file);
	return imp_report_end(out, err);
}
