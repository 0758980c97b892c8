/* -o sarif: findings as SARIF 2.1.0, for code scanning. One result for each finding. */
#include <stdlib.h>
#include <string.h>

#include "findings_rows.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "packages.h"
#include "writer_priv.h"

/* What GitHub keeps of a run: reference/ecosystem.md 1.8. */
enum { MOST_RESULTS = 5000 };

struct row {
	const struct imp_analysis *image;
	const struct imp_finding *finding;
	size_t rule; /* place among the rules of the run */
};

struct rows {
	struct row *list;
	size_t count, capacity;
	uint64_t left_out;
	const struct imp_finding **rules; /* one finding of each, by name */
	size_t rule_count;
};

static void rows_finish(struct rows *rows)
{
	free(rows->list);
	free(rows->rules);
}

static void collect(struct rows *rows, const struct imp_analysis *image,
		    const struct imp_report_options *options)
{
	imp_auto_free bool *pass = imp_filter_findings(image, &options->filter);
	size_t shown = 0;

	for (size_t i = 0; i < image->findings->count; i++) {
		if (!pass[i] || (options->top && shown++ >= options->top))
			continue;
		rows->list = imp_xgrow(rows->list, &rows->capacity, rows->count + 1,
				       sizeof(*rows->list));
		rows->list[rows->count++] =
			(struct row){image, &image->findings->list[i], 0};
	}
}

static int by_size(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	uint64_t x_bytes = x->finding->sum.disk_bytes,
		 y_bytes = y->finding->sum.disk_bytes;

	if (x_bytes != y_bytes)
		return x_bytes > y_bytes ? -1 : 1;
	int order = strcmp(x->finding->id, y->finding->id);
	return order ? order
		     : strcmp(x->image->image->reference, y->image->image->reference);
}

static int by_rule(const void *a, const void *b)
{
	const struct imp_finding *const *x = a, *const *y = b;

	return strcmp((*x)->rule, (*y)->rule);
}

static void number_rules(struct rows *rows)
{
	rows->rules = imp_xcalloc(rows->count + 1, sizeof(struct imp_finding *));
	for (size_t i = 0; i < rows->count; i++)
		rows->rules[i] = rows->list[i].finding;
	qsort(rows->rules, rows->count, sizeof(struct imp_finding *), by_rule);
	for (size_t i = 0; i < rows->count; i++)
		if (i == 0 || by_rule(&rows->rules[i], &rows->rules[i - 1]) != 0)
			rows->rules[rows->rule_count++] = rows->rules[i];
	for (size_t i = 0; i < rows->count; i++) {
		const struct imp_finding **rule =
			bsearch(&rows->list[i].finding, rows->rules, rows->rule_count,
				sizeof(struct imp_finding *), by_rule);
		rows->list[i].rule = (size_t)(rule - rows->rules);
	}
}

static void rows_make(struct rows *rows, const struct imp_report *report,
		      const struct imp_report_options *options)
{
	for (size_t i = 0; i < report->image_count; i++)
		collect(rows, report->images[i], options);
	if (rows->count > 0)
		qsort(rows->list, rows->count, sizeof(*rows->list), by_size);
	if (rows->count > MOST_RESULTS) {
		rows->left_out = rows->count - MOST_RESULTS;
		rows->count = MOST_RESULTS;
	}
	number_rules(rows);
}

static void add_message(struct imp_json_writer *w, const char *key, struct imp_slice text)
{
	imp_json_key(w, key);
	imp_json_open(w, '{');
	imp_json_member_string(w, "text", text);
	imp_json_close(w, '}');
}

static const char *level(const struct imp_finding *finding)
{
	return finding->confidence == IMP_CONFIDENCE_POSSIBLE ? "note" : "warning";
}

/* Titles carry figures of one image behind a colon, or a comma and a number. */
static struct imp_slice general_title(const struct imp_finding *finding)
{
	struct imp_slice rest = imp_slice_of(finding->title);
	struct imp_slice title = imp_slice_cut(&rest, ':');

	for (size_t i = 0; i + 2 < title.len; i++)
		if (title.data[i] == ',' && title.data[i + 1] == ' ' &&
		    title.data[i + 2] >= '0' && title.data[i + 2] <= '9')
			return imp_slice(title.data, i);
	return title;
}

static void add_rule(struct imp_json_writer *w, const struct imp_finding *finding)
{
	imp_json_open(w, '{');
	imp_json_member_text(w, "id", finding->rule);
	add_message(w, "shortDescription", general_title(finding));
	if (finding->fix_text && finding->fix_text[0])
		add_message(w, "help", imp_slice_of(finding->fix_text));
	imp_json_key(w, "defaultConfiguration");
	imp_json_open(w, '{');
	imp_json_member_text(w, "level", level(finding));
	imp_json_close(w, '}');
	imp_json_key(w, "properties");
	imp_json_open(w, '{');
	imp_json_key(w, "tags");
	imp_json_open(w, '[');
	imp_json_text(w, imp_class_name(finding->class));
	imp_json_close(w, ']');
	imp_json_close(w, '}');
	imp_json_close(w, '}');
}

static void add_tool(struct imp_json_file *file, const struct rows *rows,
		     const struct imp_report_options *options)
{
	struct imp_json_writer *w = &file->w;

	imp_json_key(w, "tool");
	imp_json_open(w, '{');
	imp_json_key(w, "driver");
	imp_json_open(w, '{');
	imp_json_member_text(w, "name", "imgprof");
	imp_json_member_text(w, "version", options->version);
	imp_json_key(w, "rules");
	imp_json_open(w, '[');
	for (size_t i = 0; i < rows->rule_count; i++) {
		add_rule(w, rows->rules[i]);
		imp_json_file_drain(file);
	}
	imp_json_close(w, ']');
	imp_json_close(w, '}');
	imp_json_close(w, '}');
}

static void add_place(struct imp_json_writer *w, const struct row *row)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf uri = {0};
	uint32_t line = imp_finding_place(row->image, row->finding, &uri);

	imp_json_key(w, "physicalLocation");
	imp_json_open(w, '{');
	imp_json_key(w, "artifactLocation");
	imp_json_open(w, '{');
	imp_json_member_string(w, "uri", imp_strbuf_slice(&uri));
	imp_json_close(w, '}');
	imp_json_key(w, "region");
	imp_json_open(w, '{');
	imp_json_member_u64(w, "startLine", line);
	imp_json_close(w, '}');
	imp_json_close(w, '}');
}

static void add_subject(struct imp_json_writer *w, const struct imp_finding *finding)
{
	if (finding->subject.len == 0)
		return;
	imp_json_key(w, "logicalLocations");
	imp_json_open(w, '[');
	imp_json_open(w, '{');
	imp_json_member_string(w, "fullyQualifiedName", finding->subject);
	imp_json_close(w, '}');
	imp_json_close(w, ']');
}

static void add_figures(struct imp_json_writer *w, const struct row *row)
{
	imp_json_key(w, "properties");
	imp_json_open(w, '{');
	imp_json_member_text(w, "image", row->image->image->reference);
	imp_json_member_text(w, "class", imp_class_name(row->finding->class));
	imp_json_member_text(w, "confidence",
			     imp_confidence_name(row->finding->confidence));
	imp_json_sum(w, row->finding->sum);
	imp_json_close(w, '}');
}

static void add_result(struct imp_json_writer *w, const struct row *row,
		       const struct imp_report_options *options, bool several)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf message = {0};
	char fingerprint[IMP_FINGERPRINT_TEXT];

	imp_finding_message(row->image, row->finding, options, several, &message);
	imp_json_open(w, '{');
	imp_json_member_text(w, "ruleId", row->finding->rule);
	imp_json_member_u64(w, "ruleIndex", row->rule);
	imp_json_member_text(w, "level", level(row->finding));
	add_message(w, "message", imp_strbuf_slice(&message));
	imp_json_key(w, "locations");
	imp_json_open(w, '[');
	imp_json_open(w, '{');
	add_place(w, row);
	add_subject(w, row->finding);
	imp_json_close(w, '}');
	imp_json_close(w, ']');
	imp_json_key(w, "partialFingerprints");
	imp_json_open(w, '{');
	imp_json_member_text(w, "imgprof/v1",
			     imp_finding_fingerprint(row->finding, fingerprint));
	imp_json_close(w, '}');
	add_figures(w, row);
	imp_json_close(w, '}');
}

static bool all_complete(const struct imp_report *report)
{
	for (size_t i = 0; i < report->image_count; i++)
		if (!report->images[i]->complete)
			return false;
	return true;
}

static void add_run(struct imp_json_file *file, const struct imp_report *report,
		    const struct rows *rows, const struct imp_report_options *options)
{
	struct imp_json_writer *w = &file->w;

	imp_json_open(w, '{');
	add_tool(file, rows, options);
	imp_json_key(w, "invocations");
	imp_json_open(w, '[');
	imp_json_open(w, '{');
	imp_json_member_bool(w, "executionSuccessful", all_complete(report));
	imp_json_close(w, '}');
	imp_json_close(w, ']');
	imp_json_key(w, "results");
	imp_json_open(w, '[');
	for (size_t i = 0; i < rows->count; i++) {
		add_result(w, &rows->list[i], options, report->image_count > 1);
		imp_json_file_drain(file);
	}
	imp_json_close(w, ']');
	imp_json_key(w, "properties");
	imp_json_open(w, '{');
	imp_json_member_u64(w, "resultsLeftOut", rows->left_out);
	imp_json_close(w, '}');
	imp_json_close(w, '}');
}

static int write_sarif(const struct imp_report *report,
		       const struct imp_report_options *options, FILE *out,
		       struct imp_error *err)
{
	imp_auto(rows_finish) struct rows rows = {0};
	struct imp_json_file file;

	rows_make(&rows, report, options);
	imp_json_file_init(&file, out, 1);
	imp_json_open(&file.w, '{');
	imp_json_member_text(&file.w, "$schema",
			     "https://json.schemastore.org/sarif-2.1.0.json");
	imp_json_member_text(&file.w, "version", "2.1.0");
	imp_json_key(&file.w, "runs");
	imp_json_open(&file.w, '[');
	add_run(&file, report, &rows, options);
	imp_json_close(&file.w, ']');
	imp_json_close(&file.w, '}');
	imp_strbuf_add_char(&file.buffer, '\n');
	imp_json_file_finish(&file);
	return imp_report_end(out, err);
}

const struct imp_format imp_format_sarif = {
	.name = "sarif",
	.summary = "findings as SARIF 2.1.0, for code scanning",
	.tree_optional = true,
	.write = {[IMP_REPORT_PROFILE] = write_sarif, [IMP_REPORT_CHECK] = write_sarif},
};
