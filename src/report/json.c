/* -o json: one document, "imgprof/1" (design section 4, schema in data/). */
#include "blame.h"
#include "cost_words.h"
#include "history.h"
#include "imgprof/cleanup.h"
#include "json_build.h"
#include "json_check.h"
#include "json_config.h"
#include "json_records.h"
#include "json_tree.h"
#include "packages.h"
#include "share.h"
#include "writer_priv.h"

static void write_layers(struct imp_json_file *file, const struct imp_analysis *image)
{
	imp_json_key(&file->w, "layers");
	imp_json_open(&file->w, '[');
	for (size_t i = 0; i < image->layer_count; i++) {
		imp_json_open(&file->w, '{');
		imp_json_layer(&file->w, image, i);
		imp_json_close(&file->w, '}');
	}
	imp_json_close(&file->w, ']');
}

static void write_findings(struct imp_json_file *file, const struct imp_analysis *image,
			   const struct imp_report_options *options)
{
	imp_auto_free bool *pass = imp_filter_findings(image, &options->filter);
	uint32_t shown = 0;

	imp_json_key(&file->w, "findings");
	imp_json_open(&file->w, '[');
	for (size_t i = 0; i < image->findings->count; i++) {
		if (!pass[i] || (options->top && shown++ >= options->top))
			continue;
		imp_json_open(&file->w, '{');
		imp_json_finding(&file->w, image, i, options->top);
		imp_json_close(&file->w, '}');
		imp_json_file_drain(file);
	}
	imp_json_close(&file->w, ']');
}

static void write_dropped(struct imp_json_file *file, const struct imp_analysis *image,
			  uint32_t top)
{
	const struct imp_findings *findings = image->findings;

	imp_json_key(&file->w, "dropped");
	imp_json_open(&file->w, '[');
	for (size_t i = 0; i < findings->dropped_count && (!top || i < top); i++) {
		imp_json_open(&file->w, '{');
		imp_json_dropped(&file->w, image, i);
		imp_json_close(&file->w, '}');
		imp_json_file_drain(file);
	}
	imp_json_close(&file->w, ']');
}

static void open_row(void *user)
{
	struct imp_json_file *file = user;

	imp_json_open(&file->w, '{');
}

static void close_row(void *user)
{
	struct imp_json_file *file = user;

	imp_json_close(&file->w, '}');
	imp_json_file_drain(file);
}

static void write_packages(struct imp_json_file *file, const struct imp_analysis *image,
			   const struct imp_report_options *options)
{
	struct imp_json_rows around = {open_row, close_row, file};

	imp_json_key(&file->w, "packages");
	imp_json_open(&file->w, '[');
	imp_json_packages(&file->w, image, options, &around);
	imp_json_close(&file->w, ']');
}

static void write_warnings(struct imp_json_file *file, const struct imp_analysis *image)
{
	imp_json_key(&file->w, "warnings");
	imp_json_open(&file->w, '[');
	for (size_t i = 0; i < imp_warnings_count(image->warnings); i++) {
		imp_json_open(&file->w, '{');
		imp_json_warning(&file->w, imp_warnings_get(image->warnings, i));
		imp_json_close(&file->w, '}');
	}
	imp_json_close(&file->w, ']');
}

/* Lists that were cut are shown, but no report can be made from them again. */
static bool is_whole(const struct imp_report_options *options)
{
	return !options->no_tree && !options->top && !imp_filter_is_set(&options->filter);
}

void imp_json_image(struct imp_json_file *file, const struct imp_analysis *image,
		    const struct imp_report_options *options, bool nested)
{
	imp_json_open(&file->w, '{');
	imp_json_image_head(&file->w, image);
	imp_json_config(&file->w, &image->image->config);
	imp_json_build(&file->w, image->dockerfile);
	imp_json_member_u64(&file->w, "base_layers", image->findings->base_layers);
	write_packages(file, image, options);
	imp_json_evidence(&file->w, image, &options->filter);
	write_layers(file, image);
	write_findings(file, image, options);
	write_dropped(file, image, options->top);
	imp_json_questions(&file->w, image, options);
	write_warnings(file, image);
	if (nested && !options->no_tree) {
		imp_json_key(&file->w, "tree");
		imp_json_raw(&file->w);
		imp_json_tree(file, image);
	}
	if (is_whole(options)) {
		imp_json_key(&file->w, "records");
		imp_json_records(&file->w, image);
	}
	imp_json_close(&file->w, '}');
}

static int write_json(const struct imp_report *report,
		      const struct imp_report_options *options, FILE *out,
		      struct imp_error *err)
{
	struct imp_json_file file;
	bool complete = true;

	for (size_t i = 0; i < report->image_count; i++)
		complete &= report->images[i]->complete;
	imp_json_file_init(&file, out, 1);
	imp_json_open(&file.w, '{');
	imp_json_member_text(&file.w, "schema", "imgprof/1");
	imp_json_member_text(&file.w, "kind", "profile");
	imp_json_tool(&file.w, options);
	imp_json_member_bool(&file.w, "complete", complete);
	if (options->top)
		imp_json_member_u64(&file.w, "top", options->top);
	imp_json_key(&file.w, "images");
	imp_json_open(&file.w, '[');
	for (size_t i = 0; i < report->image_count; i++)
		imp_json_image(&file, report->images[i], options, true);
	imp_json_close(&file.w, ']');
	imp_json_close(&file.w, '}');
	imp_strbuf_add_char(&file.buffer, '\n');
	imp_json_file_finish(&file);
	return imp_report_end(out, err);
}

const struct imp_format imp_format_json = {
	.name = "json",
	.summary = "one document with everything (imgprof-json(5))",
	.write = {[IMP_REPORT_PROFILE] = write_json,
		  [IMP_REPORT_DIFF] = imp_json_write_diff,
		  [IMP_REPORT_CHECK] = imp_json_write_check,
		  [IMP_REPORT_COST] = imp_json_write_cost,
		  [IMP_REPORT_HISTORY] = imp_json_history,
		  [IMP_REPORT_SHARE] = imp_json_write_share,
		  [IMP_REPORT_BLAME] = imp_json_write_blame},
};
