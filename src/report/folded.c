/* -o folded: one line for every file, "image;folder;name bytes", for flame graph viewers. */
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "writer_priv.h"

enum { DRAIN_BYTES = 64 << 10 };

static const char hidden_frame[] = ";[hidden by later layers]";

static void add_frames(struct imp_strbuf *out, struct imp_slice path)
{
	while (path.len > 0) {
		imp_strbuf_add_char(out, ';');
		imp_escape_folded(out, imp_slice_cut(&path, '/'));
	}
}

static void add_file(struct imp_strbuf *out, struct imp_slice image,
		     const struct imp_tree *tree, const struct imp_record *record)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	imp_strbuf_add_slice(out, image);
	if (record->fate != IMP_FATE_LIVE)
		imp_strbuf_add_text(out, hidden_frame);
	imp_tree_path(tree, record->node, &path);
	add_frames(out, imp_strbuf_slice(&path));
	imp_strbuf_printf(out, " %llu\n", (unsigned long long)record->disk_bytes);
}

static void add_image(struct imp_strbuf *buffer, const struct imp_analysis *image,
		      FILE *out)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};

	imp_escape_folded(&name, imp_slice_of(image->image->reference));
	for (uint32_t i = 0; i < imp_tree_record_count(image->tree); i++) {
		const struct imp_record *record = imp_tree_record(image->tree, i);
		if (record->type == IMP_ENTRY_FILE && record->disk_bytes > 0)
			add_file(buffer, imp_strbuf_slice(&name), image->tree, record);
		if (buffer->len > DRAIN_BYTES) {
			fwrite(buffer->data, 1, buffer->len, out);
			imp_strbuf_reset(buffer);
		}
	}
	if (!image->complete) {
		imp_strbuf_add_slice(buffer, imp_strbuf_slice(&name));
		imp_strbuf_printf(buffer, ";%s 1\n", IMP_REPORT_INCOMPLETE);
	}
}

static int write_folded(const struct imp_report *report,
			const struct imp_report_options *options, FILE *out,
			struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf buffer = {0};

	(void)options;
	for (size_t i = 0; i < report->image_count; i++)
		add_image(&buffer, report->images[i], out);
	fwrite(imp_strbuf_slice(&buffer).data, 1, buffer.len, out);
	return imp_report_end(out, err);
}

const struct imp_format imp_format_folded = {
	.name = "folded",
	.summary = "a stack of folders for every file, for flame graphs",
	.needs_tree = true,
	.write = {[IMP_REPORT_PROFILE] = write_folded},
};
