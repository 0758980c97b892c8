/* -o csv: one row for every tar entry, for spreadsheets. */
#include "blame.h"
#include "cost_words.h"
#include "csv_diff.h"
#include "history.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "share.h"

static const char header[] = "image,path,layer,type,disk_bytes,pull_bytes,fate,hidden_by,"
			     "owner,class,possible_class,finding,partial_bytes,link\r\n";

enum { DRAIN_BYTES = 64 << 10 };

static void add_field(struct imp_strbuf *out, struct imp_slice text)
{
	imp_escape_csv(out, text);
	imp_strbuf_add_char(out, ',');
}

static void add_text(struct imp_strbuf *out, const char *text)
{
	add_field(out, imp_slice_of(text));
}

static void add_number(struct imp_strbuf *out, uint64_t number)
{
	imp_strbuf_printf(out, "%llu,", (unsigned long long)number);
}

static void add_row(struct imp_strbuf *out, const struct imp_analysis *image,
		    uint32_t index)
{
	const struct imp_record *record = imp_tree_record(image->tree, index);
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	bool has_fate = imp_report_has_fate(record);

	imp_tree_path(image->tree, record->node, &path);
	add_text(out, image->image->reference);
	add_field(out, imp_strbuf_slice(&path));
	add_number(out, record->layer);
	add_text(out, imp_entry_type_name(record->type));
	add_number(out, record->disk_bytes);
	add_number(out, record->pull_bytes);
	add_text(out, has_fate ? imp_fate_name(record->fate) : "");
	if (has_fate && record->hidden_by != IMP_NOT_HIDDEN)
		add_number(out, record->hidden_by);
	else
		add_text(out, "");
	imp_strbuf_reset(&path);
	imp_report_owner(image, index, &path);
	add_field(out, imp_strbuf_slice(&path));
	add_text(out, imp_report_class(image, index));
	add_text(out, imp_report_possible_class(image, index));
	add_text(out, imp_report_finding(image, index));
	add_number(out, imp_report_partial(image, index));
	imp_escape_csv(out, imp_tree_text(image->tree, record->link));
	imp_strbuf_add_text(out, "\r\n");
}

/* A row without path for each layer that could not be read whole. */
static void add_incomplete_rows(struct imp_strbuf *out, const struct imp_analysis *image)
{
	for (size_t i = 0; i < image->layer_count; i++) {
		const struct imp_analysed_layer *layer = &image->layers[i];
		if (!layer->missing && !layer->summary.damaged)
			continue;
		add_text(out, image->image->reference);
		imp_strbuf_printf(out, ",%zu,incomplete,0,0,,,,,,,0,\r\n", i);
	}
}

static void drain(struct imp_strbuf *buffer, size_t above, FILE *out)
{
	if (buffer->len <= above)
		return;
	fwrite(buffer->data, 1, buffer->len, out);
	imp_strbuf_reset(buffer);
}

static int write_csv(const struct imp_report *report,
		     const struct imp_report_options *options, FILE *out,
		     struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf buffer = {0};

	(void)options;
	imp_strbuf_add_text(&buffer, header);
	for (size_t i = 0; i < report->image_count; i++) {
		for (uint32_t r = 0; r < imp_tree_record_count(report->images[i]->tree);
		     r++) {
			add_row(&buffer, report->images[i], r);
			drain(&buffer, DRAIN_BYTES, out);
		}
		add_incomplete_rows(&buffer, report->images[i]);
	}
	drain(&buffer, 0, out);
	return imp_report_end(out, err);
}

const struct imp_format imp_format_csv = {
	.name = "csv",
	.summary = "a row for every tar entry, for spreadsheets",
	.needs_tree = true,
	.write = {[IMP_REPORT_PROFILE] = write_csv,
		  [IMP_REPORT_DIFF] = imp_csv_write_diff,
		  [IMP_REPORT_COST] = imp_csv_write_cost,
		  [IMP_REPORT_HISTORY] = imp_csv_history,
		  [IMP_REPORT_SHARE] = imp_csv_share,
		  [IMP_REPORT_BLAME] = imp_csv_blame},
};
