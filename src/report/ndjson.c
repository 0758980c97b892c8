/* -o ndjson: one record a line, for pipes and databases. */
#include "blame.h"
#include "cost_words.h"
#include "history.h"
#include "imgprof/cleanup.h"
#include "packages.h"
#include "share.h"
#include "writer_priv.h"

struct lines {
	struct imp_json_file file;
	const struct imp_analysis *image;
	size_t image_index;
	struct imp_strbuf path; /* scratch */
};

static void begin(struct lines *lines, const char *record)
{
	imp_json_begin_line(&lines->file, record);
	imp_json_member_u64(&lines->file.w, "image", lines->image_index);
}

static void end(struct lines *lines)
{
	imp_json_end_line(&lines->file);
}

static void write_image(struct lines *lines, const struct imp_report_options *options)
{
	begin(lines, "image");
	imp_json_member_text(&lines->file.w, "schema", "imgprof/1");
	imp_json_tool(&lines->file.w, options);
	imp_json_image_head(&lines->file.w, lines->image);
	imp_json_evidence(&lines->file.w, lines->image, &options->filter);
	end(lines);
}

static void write_place(struct lines *lines, const struct imp_record *record)
{
	struct imp_json_writer *w = &lines->file.w;
	const struct imp_tree *tree = lines->image->tree;

	imp_strbuf_reset(&lines->path);
	imp_tree_path(tree, record->node, &lines->path);
	imp_json_member_string(w, "path", imp_strbuf_slice(&lines->path));
	imp_json_raw_bytes(w, "path_base64", imp_strbuf_slice(&lines->path));
	if (record->name != IMP_NONE) {
		struct imp_slice name = imp_tree_text(tree, record->name);
		imp_json_member_string(w, "name", name);
		imp_json_raw_bytes(w, "name_base64", name);
	}
}

static void write_fate(struct lines *lines, const struct imp_record *record)
{
	struct imp_json_writer *w = &lines->file.w;

	imp_json_member_text(w, "fate",
			     imp_report_has_fate(record) ? imp_fate_name(record->fate)
							 : NULL);
	imp_json_key(w, "hidden_by");
	if (imp_report_has_fate(record) && record->hidden_by != IMP_NOT_HIDDEN)
		imp_json_u64(w, record->hidden_by);
	else
		imp_json_null(w);
}

static void write_owner(struct lines *lines, uint32_t index)
{
	imp_strbuf_reset(&lines->path);
	imp_json_key(&lines->file.w, "owner");
	if (imp_report_owner(lines->image, index, &lines->path))
		imp_json_string(&lines->file.w, imp_strbuf_slice(&lines->path));
	else
		imp_json_null(&lines->file.w);
}

static void write_instance(struct lines *lines, uint32_t index)
{
	struct imp_json_writer *w = &lines->file.w;
	const struct imp_record *record = imp_tree_record(lines->image->tree, index);

	begin(lines, "instance");
	write_place(lines, record);
	imp_json_member_u64(w, "layer", record->layer);
	imp_json_member_text(w, "type", imp_entry_type_name(record->type));
	imp_json_member_u64(w, "disk_bytes", record->disk_bytes);
	imp_json_member_u64(w, "pull_bytes", record->pull_bytes);
	write_fate(lines, record);
	write_owner(lines, index);
	imp_json_member_text(w, "class", imp_report_class(lines->image, index));
	imp_json_member_text(w, "possible_class",
			     imp_report_possible_class(lines->image, index));
	imp_json_member_text(w, "finding", imp_report_finding(lines->image, index));
	imp_json_member_u64(w, "partial_bytes", imp_report_partial(lines->image, index));
	if (record->link != IMP_NONE) {
		struct imp_slice link = imp_tree_text(lines->image->tree, record->link);
		imp_json_member_string(w, "link", link);
		imp_json_raw_bytes(w, "link_base64", link);
	}
	end(lines);
}

static void begin_package(void *user)
{
	begin(user, "package");
}

static void end_package(void *user)
{
	end(user);
}

static void write_findings(struct lines *lines, const struct imp_report_options *options)
{
	const struct imp_findings *findings = lines->image->findings;
	imp_auto_free bool *pass = imp_filter_findings(lines->image, &options->filter);

	for (size_t i = 0; i < findings->count; i++) {
		if (!pass[i])
			continue;
		begin(lines, "finding");
		imp_json_finding(&lines->file.w, lines->image, i, options->top);
		end(lines);
	}
	for (size_t i = 0; i < findings->dropped_count; i++) {
		begin(lines, "dropped");
		imp_json_dropped(&lines->file.w, lines->image, i);
		end(lines);
	}
}

static void write_lines(struct lines *lines, const struct imp_report_options *options)
{
	const struct imp_analysis *image = lines->image;
	struct imp_json_rows around = {begin_package, end_package, lines};

	write_image(lines, options);
	for (size_t i = 0; i < image->layer_count; i++) {
		begin(lines, "layer");
		imp_json_layer(&lines->file.w, image, i);
		end(lines);
	}
	imp_json_packages(&lines->file.w, image, options, &around);
	for (uint32_t i = 0; i < imp_tree_record_count(image->tree); i++)
		write_instance(lines, i);
	write_findings(lines, options);
	for (size_t i = 0; i < imp_warnings_count(image->warnings); i++) {
		begin(lines, "warning");
		imp_json_warning(&lines->file.w, imp_warnings_get(image->warnings, i));
		end(lines);
	}
}

static int write_ndjson(const struct imp_report *report,
			const struct imp_report_options *options, FILE *out,
			struct imp_error *err)
{
	struct lines lines = {0};

	imp_json_file_init(&lines.file, out, 0);
	for (size_t i = 0; i < report->image_count; i++) {
		lines.image = report->images[i];
		lines.image_index = i;
		write_lines(&lines, options);
	}
	imp_json_file_finish(&lines.file);
	imp_strbuf_finish(&lines.path);
	return imp_report_end(out, err);
}

const struct imp_format imp_format_ndjson = {
	.name = "ndjson",
	.summary = "one JSON record a line, one for every tar entry",
	.needs_tree = true,
	.write = {[IMP_REPORT_PROFILE] = write_ndjson,
		  [IMP_REPORT_COST] = imp_ndjson_write_cost,
		  [IMP_REPORT_HISTORY] = imp_ndjson_history,
		  [IMP_REPORT_SHARE] = imp_ndjson_share,
		  [IMP_REPORT_BLAME] = imp_ndjson_blame},
};
