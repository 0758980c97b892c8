/* -o codequality: findings for GitLab's code quality widget (a subset of Code Climate's JSON). */
#include "findings_rows.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "packages.h"
#include "writer_priv.h"

static const char *severity(const struct imp_finding *finding)
{
	static const char *const names[IMP_CONFIDENCES] = {
		[IMP_CONFIDENCE_CERTAIN] = "major",
		[IMP_CONFIDENCE_LIKELY] = "minor",
		[IMP_CONFIDENCE_POSSIBLE] = "info",
	};
	return names[finding->confidence];
}

static void add_location(struct imp_json_writer *w, const struct imp_analysis *image,
			 const struct imp_finding *finding)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf place = {0};
	uint32_t line = imp_finding_place(image, finding, &place);

	imp_json_key(w, "location");
	imp_json_open(w, '{');
	imp_json_member_string(w, "path", imp_strbuf_slice(&place));
	imp_json_key(w, "lines");
	imp_json_open(w, '{');
	imp_json_member_u64(w, "begin", line);
	imp_json_close(w, '}');
	imp_json_close(w, '}');
}

static void add_finding(struct imp_json_writer *w, const struct imp_analysis *image,
			const struct imp_finding *finding,
			const struct imp_report_options *options, bool several)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf message = {0};
	char fingerprint[IMP_FINGERPRINT_TEXT];

	imp_finding_message(image, finding, options, several, &message);
	imp_json_open(w, '{');
	imp_json_member_string(w, "description", imp_strbuf_slice(&message));
	imp_json_member_text(w, "check_name", finding->rule);
	imp_json_member_text(w, "fingerprint",
			     imp_finding_fingerprint(finding, fingerprint));
	imp_json_member_text(w, "severity", severity(finding));
	add_location(w, image, finding);
	imp_json_close(w, '}');
}

static void add_image(struct imp_json_file *file, const struct imp_analysis *image,
		      const struct imp_report_options *options, bool several)
{
	const struct imp_findings *findings = image->findings;
	imp_auto_free bool *pass = imp_filter_findings(image, &options->filter);
	size_t shown = 0;

	for (size_t i = 0; i < findings->count; i++) {
		if (!pass[i] || (options->top && shown++ >= options->top))
			continue;
		add_finding(&file->w, image, &findings->list[i], options, several);
		imp_json_file_drain(file);
	}
}

static int write_codequality(const struct imp_report *report,
			     const struct imp_report_options *options, FILE *out,
			     struct imp_error *err)
{
	struct imp_json_file file;

	imp_json_file_init(&file, out, 1);
	imp_json_open(&file.w, '[');
	for (size_t i = 0; i < report->image_count; i++)
		add_image(&file, report->images[i], options, report->image_count > 1);
	imp_json_close(&file.w, ']');
	imp_strbuf_add_char(&file.buffer, '\n');
	imp_json_file_finish(&file);
	return imp_report_end(out, err);
}

const struct imp_format imp_format_codequality = {
	.name = "codequality",
	.summary = "findings for GitLab's code quality widget",
	.tree_optional = true,
	.write = {[IMP_REPORT_PROFILE] = write_codequality,
		  [IMP_REPORT_CHECK] = write_codequality},
};
