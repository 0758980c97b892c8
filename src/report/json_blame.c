/* -o json and ndjson of a blame. */
#include "blame.h"
#include "json_diff.h"

static void write_cause(struct imp_json_writer *w, const struct imp_blame_row *row)
{
	imp_json_key(w, "cause");
	if (!row->has_cause) {
		imp_json_null(w);
		return;
	}
	imp_json_open(w, '{');
	imp_json_reason(w, &row->cause, "instruction");
	imp_json_close(w, '}');
}

static void write_or_null(struct imp_json_writer *w, const char *key,
			  struct imp_slice text)
{
	if (text.len)
		imp_json_member_raw(w, key, text);
	else
		imp_json_member_text(w, key, NULL);
}

static void write_figures(struct imp_json_writer *w, const struct imp_blame_row *row)
{
	imp_json_member_u64(w, "pull_bytes", row->pull_bytes);
	imp_json_member_u64(w, "disk_bytes", row->disk_bytes);
	imp_json_member_u64(w, "reclaimable_bytes", row->reclaimable_bytes);
	imp_json_member_u64(w, "watched_bytes", row->watched_bytes);
	imp_json_key(w, "change_bytes");
	if (row->has_change)
		imp_json_i64(w, (int64_t)(row->change.after - row->change.before));
	else
		imp_json_null(w);
	imp_json_member_u64(w, "layers", row->layers);
	imp_json_member_u64(w, "layers_read", row->layers_read);
	write_cause(w, row);
}

/* Members of a tag; what was not read has no figures. */
static void write_row(struct imp_json_writer *w, const struct imp_blame_row *row)
{
	imp_json_member_list(w, "tags", row->tags, row->tag_count);
	imp_json_member_raw(w, "repository", row->repository);
	imp_json_digest(w, "digest", &row->digest);
	imp_json_time(w, "created", row->dated, row->created_ns);
	imp_json_member_bool(w, "complete", row->complete);
	write_or_null(w, "trouble", imp_slice_of(row->trouble));
	write_or_null(w, "revision", row->revision);
	if (row->readable)
		write_figures(w, row);
}

static void write_head(struct imp_json_writer *w, const struct imp_blame *blame,
		       const struct imp_report_options *options)
{
	imp_json_tool(w, options);
	imp_json_member_bool(w, "complete", blame->complete);
	imp_json_member_raw(w, "title", imp_slice_of(blame->title));
	write_or_null(w, "path", blame->scope.path);
	imp_json_member_text(w, "class",
			     blame->scope.has_class ? imp_class_name(blame->scope.class)
						    : NULL);
	imp_json_member_u64(w, "left_out", blame->left_out);
}

int imp_json_write_blame(const struct imp_report *report,
			 const struct imp_report_options *options, FILE *out,
			 struct imp_error *err)
{
	const struct imp_blame *blame = report->blame;
	struct imp_json_file file;

	imp_json_file_init(&file, out, 1);
	imp_json_open(&file.w, '{');
	imp_json_member_text(&file.w, "schema", "imgprof/1");
	imp_json_member_text(&file.w, "kind", imp_report_kind_name(IMP_REPORT_BLAME));
	write_head(&file.w, blame, options);
	imp_json_key(&file.w, "rows");
	imp_json_open(&file.w, '[');
	for (size_t i = 0; i < blame->row_count; i++) {
		imp_json_open(&file.w, '{');
		write_row(&file.w, &blame->rows[i]);
		imp_json_close(&file.w, '}');
		imp_json_file_drain(&file);
	}
	imp_json_close(&file.w, ']');
	imp_json_close(&file.w, '}');
	imp_strbuf_add_char(&file.buffer, '\n');
	imp_json_file_finish(&file);
	return imp_report_end(out, err);
}

int imp_ndjson_blame(const struct imp_report *report,
		     const struct imp_report_options *options, FILE *out,
		     struct imp_error *err)
{
	const struct imp_blame *blame = report->blame;
	struct imp_json_file file;

	imp_json_file_init(&file, out, 0);
	imp_json_begin_line(&file, "blame");
	imp_json_member_text(&file.w, "schema", "imgprof/1");
	write_head(&file.w, blame, options);
	imp_json_end_line(&file);
	for (size_t i = 0; i < blame->row_count; i++) {
		imp_json_begin_line(&file, "tag");
		write_row(&file.w, &blame->rows[i]);
		imp_json_end_line(&file);
	}
	imp_json_file_finish(&file);
	return imp_report_end(out, err);
}
