/* -o csv of a diff: one row for every path that changed; changes add up to the total. */
#include "csv_diff.h"

#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "writer_priv.h"

static const char header[] =
	"image,path,from,state,origin,before_bytes,after_bytes,change_bytes,"
	"before_pull_bytes,after_pull_bytes,change_pull_bytes,before_layer,after_layer\r\n";

enum { DRAIN_BYTES = 64 << 10 };

static void add_field(struct imp_strbuf *out, struct imp_slice text)
{
	imp_escape_csv(out, text);
	imp_strbuf_add_char(out, ',');
}

static void add_figures(struct imp_strbuf *out, const struct imp_before_after *figure)
{
	imp_strbuf_printf(out, "%llu,%llu,%lld,", (unsigned long long)figure->before,
			  (unsigned long long)figure->after,
			  (long long)(figure->after - figure->before));
}

static void add_layer(struct imp_strbuf *out, uint32_t layer, const char *end)
{
	if (layer != IMP_NONE)
		imp_strbuf_printf(out, "%u", layer);
	imp_strbuf_add_text(out, end);
}

static const char *image_name(const struct imp_diff *diff)
{
	return diff->name ? diff->name : diff->after.reference;
}

static void add_row(struct imp_strbuf *out, const struct imp_diff *diff,
		    const struct imp_diff_path *path)
{
	add_field(out, imp_slice_of(image_name(diff)));
	add_field(out, path->path);
	add_field(out, path->from);
	add_field(out, imp_slice_of(imp_diff_state_name(path->state)));
	add_field(out, imp_slice_of(imp_origin_name(path->origin)));
	add_figures(out, &path->sum.disk);
	add_figures(out, &path->sum.pull);
	add_layer(out, path->before_layer, ",");
	add_layer(out, path->after_layer, "\r\n");
}

static void add_sum(struct imp_before_after *sum, const struct imp_before_after *more)
{
	sum->before += more->before;
	sum->after += more->after;
}

/* What --top leaves out, so that the changes still add up. */
static void add_other(struct imp_strbuf *out, const struct imp_diff *diff, size_t first)
{
	struct imp_change_sum sum = {0};

	for (size_t i = first; i < diff->path_count; i++) {
		add_sum(&sum.disk, &diff->paths[i].sum.disk);
		add_sum(&sum.pull, &diff->paths[i].sum.pull);
	}
	add_field(out, imp_slice_of(image_name(diff)));
	imp_strbuf_add_text(out, "[other],,,,");
	add_figures(out, &sum.disk);
	add_figures(out, &sum.pull);
	imp_strbuf_add_text(out, ",\r\n");
}

int imp_csv_write_diff(const struct imp_report *report,
		       const struct imp_report_options *options, FILE *out,
		       struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf buffer = {0};

	imp_strbuf_add_text(&buffer, header);
	for (size_t i = 0; i < report->diffs->count; i++) {
		const struct imp_diff *diff = report->diffs->list[i];
		size_t shown = options->top && options->top < diff->path_count
				       ? options->top
				       : diff->path_count;
		for (size_t row = 0; row < shown; row++) {
			add_row(&buffer, diff, &diff->paths[row]);
			if (buffer.len > DRAIN_BYTES) {
				fwrite(buffer.data, 1, buffer.len, out);
				imp_strbuf_reset(&buffer);
			}
		}
		if (shown < diff->path_count)
			add_other(&buffer, diff, shown);
	}
	fwrite(imp_strbuf_slice(&buffer).data, 1, buffer.len, out);
	return imp_report_end(out, err);
}
