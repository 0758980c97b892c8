/* -o csv of a blame: a row for every tagged image. */
#include <inttypes.h>

#include "blame.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"

static const char header[] =
	"tags,digest,created,revision,pull_bytes,disk_bytes,reclaimable_bytes,"
	"watched_bytes,change_bytes,layers_read,cause,complete\r\n";

static void add_field(struct imp_strbuf *out, struct imp_slice text)
{
	imp_escape_csv(out, text);
	imp_strbuf_add_char(out, ',');
}

static void add_figures(struct imp_strbuf *out, const struct imp_blame_row *row)
{
	if (!row->readable) {
		imp_strbuf_add_text(out, ",,,,,,");
		return;
	}
	imp_strbuf_printf(out, "%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",",
			  row->pull_bytes, row->disk_bytes, row->reclaimable_bytes,
			  row->watched_bytes);
	if (row->has_change)
		imp_strbuf_printf(out, "%" PRId64,
				  (int64_t)(row->change.after - row->change.before));
	imp_strbuf_printf(out, ",%zu,", row->layers_read);
}

static void add_row(struct imp_strbuf *out, const struct imp_blame_row *row)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tags = {0}, cause = {0};
	char digest[IMP_DIGEST_TEXT], created[IMP_SIZE_TEXT];

	imp_blame_tags(row, &tags);
	imp_blame_cause(row, &cause);
	add_field(out, imp_strbuf_slice(&tags));
	add_field(out, imp_slice_of(imp_digest_text(&row->digest, digest)));
	add_field(out, imp_slice_of(row->dated ? imp_time_text(row->created_ns, created)
					       : ""));
	add_field(out, row->revision);
	add_figures(out, row);
	add_field(out, imp_strbuf_slice(&cause));
	imp_strbuf_add_text(out, row->complete ? "yes\r\n" : "no\r\n");
}

int imp_csv_blame(const struct imp_report *report,
		  const struct imp_report_options *options, FILE *out,
		  struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf buffer = {0};

	(void)options;
	imp_strbuf_add_text(&buffer, header);
	for (size_t i = 0; i < report->blame->row_count; i++)
		add_row(&buffer, &report->blame->rows[i]);
	fwrite(buffer.data, 1, buffer.len, out);
	return imp_report_end(out, err);
}
