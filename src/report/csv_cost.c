/* -o csv of a cost report: a row for every image (reference/ecosystem.md 2.6). */
#include <inttypes.h>

#include "cost_words.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/stream.h"
#include "writer_priv.h"

static const char header[] =
	"repository,digest,tags,created,label,full_bytes,exclusive_bytes,"
	"attributed_bytes,marginal_bytes,unpacked_bytes,monthly_cost,currency,complete\r\n";

static void add_field(struct imp_strbuf *out, struct imp_slice text)
{
	imp_escape_csv(out, text);
	imp_strbuf_add_char(out, ',');
}

static void add_tags(struct imp_strbuf *out, const struct imp_cost_image *image)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tags = {0};

	for (size_t i = 0; i < image->tag_count; i++) {
		imp_strbuf_add_text(&tags, i ? " " : "");
		imp_strbuf_add_slice(&tags, image->tags[i]);
	}
	add_field(out, imp_strbuf_slice(&tags));
}

static void add_row(struct imp_strbuf *out, const struct imp_cost_report *report,
		    uint32_t index)
{
	const struct imp_cost_image *image = &report->inventory->images[index];
	const struct imp_cost_root *root = &report->cost->roots[index];
	uint64_t unpacked = report->unpacked->image_bytes[index];
	char text[IMP_DIGEST_TEXT];

	add_field(out, report->repositories[image->repository].name);
	add_field(out, imp_slice_of(imp_digest_text(&image->digest, text)));
	add_tags(out, image);
	add_field(out,
		  imp_slice_of(image->dated ? imp_time_text(image->time_ns, text) : ""));
	add_field(out, image->label_count ? image->labels->value : IMP_SLICE(""));
	imp_strbuf_printf(out, "%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",",
			  root->full_bytes, root->exclusive_bytes, root->attributed_bytes,
			  root->marginal_bytes);
	if (unpacked != IMP_UNKNOWN_SIZE)
		imp_strbuf_printf(out, "%" PRIu64, unpacked);
	imp_strbuf_printf(out, ",%s,",
			  imp_money_exact(report->attributed_nano[index], text));
	add_field(out, imp_slice_of(report->price->currency));
	imp_strbuf_add_text(out, report->inventory->complete ? "true\r\n" : "false\r\n");
}

int imp_csv_write_cost(const struct imp_report *report,
		       const struct imp_report_options *options, FILE *out,
		       struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf buffer = {0};
	size_t count = report->cost->inventory->image_count;

	if (options->top && options->top < count)
		count = options->top;
	imp_strbuf_add_text(&buffer, header);
	for (size_t i = 0; i < count; i++) {
		add_row(&buffer, report->cost, report->cost->order[i]);
		fwrite(buffer.data, 1, buffer.len, out);
		imp_strbuf_reset(&buffer);
	}
	if (buffer.len)
		fwrite(buffer.data, 1, buffer.len, out);
	return imp_report_end(out, err);
}
