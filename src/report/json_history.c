/* The history of costs as JSON and as one record a line. */
#include "history.h"
#include "writer_priv.h"

static const char *time_text(int64_t time_s, char out[static IMP_SIZE_TEXT])
{
	return imp_time_text(time_s * 1000000000, out);
}

static void write_names(struct imp_json_writer *w, const struct imp_cost_series *series)
{
	imp_json_member_raw(w, "scope", series->scope);
	imp_json_member_raw(w, "dedupe", series->domain);
	if (series->repository.len)
		imp_json_member_raw(w, "repository", series->repository);
	else
		imp_json_member_text(w, "repository", NULL);
}

static void write_series(struct imp_json_writer *w, const struct imp_cost_series *series)
{
	const struct imp_snapshot *last = &series->points[series->count - 1];
	char text[IMP_SIZE_TEXT];

	write_names(w, series);
	imp_json_member_u64(w, "snapshots", series->count);
	imp_json_member_text(w, "first", time_text(series->points->time_s, text));
	imp_json_member_u64(w, "first_stored_bytes", series->points->stored_bytes);
	imp_json_member_text(w, "last", time_text(last->time_s, text));
	imp_json_member_u64(w, "last_stored_bytes", last->stored_bytes);
	imp_json_key(w, "bytes_per_day");
	if (series->has_rate)
		imp_json_i64(w, series->bytes_per_day);
	else
		imp_json_null(w);
	imp_json_member_bool(w, "gone", series->gone);
}

static void write_point(struct imp_json_writer *w, const struct imp_snapshot *point)
{
	char text[IMP_SIZE_TEXT];

	imp_json_member_text(w, "time", time_text(point->time_s, text));
	imp_json_member_u64(w, "stored_bytes", point->stored_bytes);
	imp_json_member_u64(w, "images", point->images);
	imp_json_member_u64(w, "tags", point->tags);
}

static void write_head(struct imp_json_file *file, const struct imp_cost_history *history)
{
	char text[IMP_SIZE_TEXT];

	imp_json_member_bool(&file->w, "complete", history->odd == 0);
	imp_json_member_text(&file->w, "as_of", imp_time_text(history->as_of_ns, text));
}

static void write_points(struct imp_json_file *file, const struct imp_cost_series *series)
{
	imp_json_key(&file->w, "points");
	imp_json_open(&file->w, '[');
	for (size_t i = 0; i < series->count; i++) {
		imp_json_open(&file->w, '{');
		write_point(&file->w, &series->points[i]);
		imp_json_close(&file->w, '}');
		imp_json_file_drain(file);
	}
	imp_json_close(&file->w, ']');
}

int imp_json_history(const struct imp_report *report,
		     const struct imp_report_options *options, FILE *out,
		     struct imp_error *err)
{
	const struct imp_cost_history *history = report->history;
	struct imp_json_file file;

	imp_json_file_init(&file, out, 1);
	imp_json_open(&file.w, '{');
	imp_json_member_text(&file.w, "schema", "imgprof/1");
	imp_json_member_text(&file.w, "kind", imp_report_kind_name(report->kind));
	imp_json_tool(&file.w, options);
	write_head(&file, history);
	imp_json_key(&file.w, "series");
	imp_json_open(&file.w, '[');
	for (size_t i = 0; i < history->count; i++) {
		imp_json_open(&file.w, '{');
		write_series(&file.w, &history->series[i]);
		write_points(&file, &history->series[i]);
		imp_json_close(&file.w, '}');
	}
	imp_json_close(&file.w, ']');
	imp_json_close(&file.w, '}');
	imp_strbuf_add_char(&file.buffer, '\n');
	imp_json_file_finish(&file);
	return imp_report_end(out, err);
}

static void write_snapshots(struct imp_json_file *file,
			    const struct imp_cost_series *series)
{
	for (size_t i = 0; i < series->count; i++) {
		imp_json_begin_line(file, "snapshot");
		write_names(&file->w, series);
		write_point(&file->w, &series->points[i]);
		imp_json_end_line(file);
	}
}

int imp_ndjson_history(const struct imp_report *report,
		       const struct imp_report_options *options, FILE *out,
		       struct imp_error *err)
{
	const struct imp_cost_history *history = report->history;
	struct imp_json_file file;

	imp_json_file_init(&file, out, 0);
	imp_json_begin_line(&file, "history");
	imp_json_member_text(&file.w, "schema", "imgprof/1");
	imp_json_tool(&file.w, options);
	write_head(&file, history);
	imp_json_end_line(&file);
	for (size_t i = 0; i < history->count; i++) {
		imp_json_begin_line(&file, "series");
		write_series(&file.w, &history->series[i]);
		imp_json_end_line(&file);
		write_snapshots(&file, &history->series[i]);
	}
	imp_json_file_finish(&file);
	return imp_report_end(out, err);
}
