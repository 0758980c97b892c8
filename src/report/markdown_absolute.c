/* A check without base: the same headline and table, without change. */
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/reference.h"
#include "markdown.h"

static void add_size(struct imp_markdown *page, uint64_t bytes)
{
	struct imp_fixed fixed = imp_fixed_for(bytes, page->options->units);

	imp_fixed_add(&fixed, bytes, &page->out);
}

static void add_headline(struct imp_markdown *page)
{
	const struct imp_report *report = page->report;
	const char *name = page->options->comment.name;

	imp_strbuf_add_text(&page->out, "### Image size:");
	if (name || report->image_count == 1) {
		imp_strbuf_add_char(&page->out, ' ');
		imp_markdown_code(&page->out,
				  imp_markdown_bare_name(page, report->images[0]->image),
				  page->plan.columns, false);
	}
	if (report->image_count > 1)
		imp_strbuf_printf(&page->out, " %zu images", report->image_count);
	if (report->image_count == 1) {
		imp_strbuf_add_char(&page->out, ' ');
		add_size(page, report->images[0]->pull_bytes);
		imp_strbuf_add_text(&page->out, " to pull");
	}
	imp_markdown_verdict(page);
	imp_strbuf_add_text(&page->out, "\n\n");
	for (size_t i = 0; i < report->image_count; i++)
		if (!report->images[i]->complete) {
			imp_strbuf_add_text(&page->out, "**Incomplete:** layers are "
							"missing or damaged.\n\n");
			break;
		}
}

static void add_figure(struct imp_markdown *page, const char *label, uint64_t bytes,
		       bool bold)
{
	imp_strbuf_printf(&page->out, "| %s | %s", label, bold ? "**" : "");
	add_size(page, bytes);
	imp_strbuf_printf(&page->out, "%s |\n", bold ? "**" : "");
}

static void add_table(struct imp_markdown *page, const struct imp_analysis *image)
{
	char digest[16];

	imp_strbuf_add_text(&page->out, "| ");
	imp_markdown_platform(page, &image->image->platform);
	imp_strbuf_add_text(&page->out, " | this change");
	if (image->image->digest.algorithm != IMP_DIGEST_NONE) {
		imp_strbuf_add_char(&page->out, ' ');
		imp_markdown_code(
			&page->out,
			imp_slice_of(imp_digest_short(&image->image->digest, digest)),
			page->plan.columns, true);
	}
	imp_strbuf_add_text(&page->out, " |\n|:--|--:|\n");
	add_figure(page, "Pull size (compressed)", image->pull_bytes, true);
	add_figure(page, "Disk size (unpacked)", image->disk_bytes, false);
	add_figure(page, "Build-only files shipped",
		   imp_total_of(image, IMP_TOTAL_BUILD_ONLY), false);
	add_figure(page, "Hidden by later layers", imp_total_of(image, IMP_TOTAL_WASTED),
		   false);
	imp_strbuf_add_char(&page->out, '\n');
}

static void add_images(struct imp_markdown *page)
{
	const struct imp_report *report = page->report;
	size_t shown = report->image_count < page->plan.images ? report->image_count
							       : page->plan.images;

	imp_strbuf_add_text(&page->out, "| image | platform | pull | on disk |\n"
					"|:--|:--|--:|--:|\n");
	for (size_t i = 0; i < shown; i++) {
		const struct imp_analysis *image = report->images[i];
		imp_strbuf_add_text(&page->out, "| ");
		imp_markdown_cell(page, imp_markdown_bare_name(page, image->image));
		imp_strbuf_add_text(&page->out, " | ");
		imp_markdown_platform(page, &image->image->platform);
		imp_strbuf_add_text(&page->out, " | ");
		add_size(page, image->pull_bytes);
		imp_strbuf_add_text(&page->out, " | ");
		add_size(page, image->disk_bytes);
		imp_strbuf_add_text(&page->out, " |\n");
	}
	if (shown < report->image_count)
		imp_strbuf_printf(&page->out, "| %zu more | | | |\n",
				  report->image_count - shown);
	imp_strbuf_add_char(&page->out, '\n');
}

static void add_measured(struct imp_markdown *page)
{
	const struct imp_report *report = page->report;

	if (!page->plan.measured)
		return;
	imp_markdown_open(page, "How this was measured");
	imp_strbuf_add_text(&page->out,
			    "- base: none, only the size itself is looked at\n");
	for (size_t i = 0; i < report->image_count && i < page->plan.images; i++)
		imp_markdown_measured_image(page, "this change",
					    report->images[i]->image->reference,
					    &report->images[i]->image->digest);
	imp_markdown_tool(page);
	imp_markdown_close(page);
}

void imp_markdown_absolute(struct imp_markdown *page)
{
	imp_markdown_marker(page);
	add_headline(page);
	if (page->report->image_count == 1)
		add_table(page, page->report->images[0]);
	else
		add_images(page);
	imp_markdown_budget(page);
	add_measured(page);
}
