/* What the page says of an image without script: also when it is printed or mailed. */
#include <stdlib.h>

#include "html_priv.h"
#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "lines.h"
#include "packages.h"

enum { TOP_ROWS = 20, MAX_ROWS = 1000, MAX_FINDINGS = 300, PATH_NAMES = 64 };

struct page {
	struct imp_strbuf *out;
	const struct imp_analysis *image;
	const struct imp_report_options *options;
	size_t top;
};

static void add_size(const struct page *page, const char *name, uint64_t bytes)
{
	char text[IMP_SIZE_TEXT];

	imp_strbuf_printf(page->out, "<dt>%s</dt><dd>%s</dd>\n", name,
			  imp_size_text(bytes, page->options->units, text));
}

static void add_count(const struct page *page, const char *name, uint64_t count)
{
	char text[IMP_SIZE_TEXT];

	imp_strbuf_printf(page->out, "<dt>%s</dt><dd>%s</dd>\n", name,
			  imp_count_text(count, text));
}

static void add_title(const struct page *page)
{
	const struct imp_image *image = page->image->image;
	char digest[16];

	imp_strbuf_add_text(page->out, "<h2>");
	imp_escape_html(page->out, imp_slice_of(image->reference));
	imp_strbuf_add_text(page->out, "</h2>\n<p>");
	imp_escape_html(page->out, imp_slice_of(image->platform.os));
	imp_strbuf_add_char(page->out, '/');
	imp_escape_html(page->out, imp_slice_of(image->platform.architecture));
	imp_strbuf_printf(page->out, " %s</p>\n",
			  imp_digest_short(&image->digest, digest));
	if (!page->image->complete)
		imp_strbuf_printf(page->out, "<p><strong>%s</strong></p>\n",
				  IMP_REPORT_INCOMPLETE);
}

static void add_totals(const struct page *page)
{
	const struct imp_analysis *image = page->image;
	struct imp_sum wasted = imp_report_wasted(image);
	const struct imp_sum *live = &image->fates[IMP_FATE_LIVE];

	imp_strbuf_add_text(page->out, "<dl>\n");
	add_size(page, "to pull", image->pull_bytes);
	add_size(page, "on disk", image->disk_bytes);
	add_size(page, "live", live->disk_bytes);
	add_size(page, "hidden by later layers", wasted.disk_bytes);
	add_size(page, "can go, on disk", image->findings->reclaimable.disk_bytes);
	add_size(page, "can go, to pull", image->findings->reclaimable.pull_bytes);
	add_count(page, "files", live->files + wasted.files);
	add_count(page, "layers", image->layer_count);
	imp_strbuf_add_text(page->out, "</dl>\n");
}

static void add_layers(const struct page *page)
{
	const struct imp_analysis *image = page->image;
	imp_auto(imp_strbuf_finish) struct imp_strbuf instruction = {0};

	imp_html_open_table(page->out, "Layers",
			    "#Layer|#Pull|#Disk|#Can go|Instruction");
	for (size_t i = 0; i < image->layer_count; i++) {
		const struct imp_analysed_layer *layer = &image->layers[i];
		imp_strbuf_printf(page->out, "<tr><td class=\"n\">%zu</td>", i);
		imp_html_cell_size(page->out, layer->summary.pull_bytes,
				   page->options->units);
		imp_html_cell_size(page->out, layer->summary.disk_bytes,
				   page->options->units);
		imp_html_cell_size(page->out, image->can_go_bytes[i],
				   page->options->units);
		imp_strbuf_reset(&instruction);
		imp_report_add_instruction(image, i, &instruction);
		imp_html_cell(page->out, imp_strbuf_slice(&instruction));
		imp_html_close_row(page->out);
	}
	imp_html_close_table(page->out, 0);
}

static void add_finding(const struct page *page, const struct imp_finding *finding)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf fix = {0};

	imp_html_open_row(page->out);
	imp_html_cell_size(page->out, finding->sum.disk_bytes, page->options->units);
	imp_html_cell_size(page->out, finding->sum.pull_bytes, page->options->units);
	imp_html_cell_text(page->out, imp_confidence_name(finding->confidence));
	imp_html_cell_text(page->out, finding->rule);
	imp_html_cell(page->out, imp_report_headline(finding));
	imp_report_add_fix(page->image, finding, &fix);
	imp_html_cell(page->out, imp_strbuf_slice(&fix));
	imp_html_close_row(page->out);
}

static void add_findings(const struct page *page)
{
	const struct imp_findings *findings = page->image->findings;
	imp_auto_free bool *pass =
		imp_filter_findings(page->image, &page->options->filter);
	size_t limit = page->options->top ? page->options->top : MAX_FINDINGS;
	size_t shown = 0, more = 0;

	imp_html_open_table(page->out, "Findings: what can go, and how",
			    "#Disk|#Pull|Confidence|Rule|What|Fix");
	for (size_t i = 0; i < findings->count; i++) {
		if (!pass[i])
			continue;
		if (shown++ < limit)
			add_finding(page, &findings->list[i]);
		else
			more++;
	}
	imp_html_close_table(page->out, more);
}

static void add_package(const struct page *page, const struct imp_package *package)
{
	imp_html_open_row(page->out);
	imp_html_cell_size(page->out, package->sum.disk_bytes, page->options->units);
	imp_html_cell_size(page->out, package->sum.pull_bytes, page->options->units);
	imp_html_cell_text(page->out, imp_manager_name(package->manager));
	imp_html_cell(page->out, package->name);
	imp_html_cell(page->out, package->version);
	imp_html_close_row(page->out);
}

static void add_packages(const struct page *page)
{
	const struct imp_packages *packages = page->image->packages;
	imp_auto(imp_package_rows_finish) struct imp_package_rows rows = {0};

	if (!packages || packages->count == 0)
		return;
	imp_package_rows_make(&rows, page->image, &page->options->filter, page->top);
	imp_html_open_table(page->out, "Largest packages",
			    "#Disk|#Pull|Manager|Package|Version");
	for (size_t i = 0; i < rows.count; i++)
		add_package(page, &packages->list[rows.list[i].package]);
	imp_html_close_table(page->out, rows.left_out_count);
}

/* The row of a file and its path, for a list by size. */
struct large {
	const struct imp_html_row *row;
	size_t index;
};

static int compare_large(const void *a, const void *b)
{
	const struct large *x = a, *y = b;

	if (x->row->disk_bytes != y->row->disk_bytes)
		return x->row->disk_bytes > y->row->disk_bytes ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

/* The names above a row, found going backwards from it. */
static void add_path(const struct page *page, const struct imp_html_rows *rows,
		     size_t index)
{
	const struct imp_slice *names[PATH_NAMES];
	uint32_t wanted = rows->list[index].depth;
	size_t count = 0;

	for (size_t i = index + 1; i-- > 0 && wanted > 0 && count < PATH_NAMES;)
		if (rows->list[i].depth == wanted &&
		    (i == index || rows->list[i].folder)) {
			names[count++] = &rows->list[i].name;
			wanted--;
		}
	imp_strbuf_add_text(page->out, wanted > 0 ? "<td>.../" : "<td>");
	while (count-- > 0) {
		imp_escape_html(page->out, *names[count]);
		imp_strbuf_add_text(page->out, count ? "/" : "</td>");
	}
}

static void add_large_file(const struct page *page, const struct imp_html_rows *rows,
			   const struct large *large)
{
	const struct imp_html_row *row = large->row;

	imp_html_open_row(page->out);
	imp_html_cell_size(page->out, row->disk_bytes, page->options->units);
	imp_html_cell_size(page->out, row->pull_bytes, page->options->units);
	imp_strbuf_printf(page->out, "<td class=\"n\">%u</td>", row->layer);
	imp_html_cell_text(page->out, imp_class_name((enum imp_class)row->class));
	add_path(page, rows, large->index);
	imp_html_close_row(page->out);
}

static void add_large_files(const struct page *page, const struct imp_html_rows *rows)
{
	imp_auto_free struct large *list = imp_xcalloc(rows->count + 1, sizeof(*list));
	size_t count = 0;

	for (size_t i = 0; i < rows->count; i++)
		if (rows->list[i].disk_bytes > 0)
			list[count++] = (struct large){&rows->list[i], i};
	qsort(list, count, sizeof(*list), compare_large);
	imp_html_open_table(page->out, "Largest files", "#Disk|#Pull|#Layer|Class|Path");
	for (size_t i = 0; i < count && i < page->top; i++)
		add_large_file(page, rows, &list[i]);
	imp_html_close_table(page->out, count > page->top ? count - page->top : 0);
}

static void add_filter(const struct page *page)
{
	const struct imp_report_filter *filter = &page->options->filter;

	if (!imp_filter_is_set(filter))
		return;
	imp_strbuf_add_text(page->out, "<p>Filtered: listed are only");
	if (filter->has_manager)
		imp_strbuf_printf(page->out, " %s packages and what has their files",
				  imp_manager_name(filter->manager));
	else
		imp_strbuf_add_text(page->out, " packages and findings");
	imp_strbuf_add_text(page->out, filter->ignore_base
					       ? " above the base image.</p>\n"
					       : ".</p>\n");
}

void imp_html_profile_tables(struct imp_strbuf *out, const struct imp_analysis *image,
			     const struct imp_html_rows *rows,
			     const struct imp_report_options *options)
{
	struct page page = {
		.out = out,
		.image = image,
		.options = options,
		.top = options->top ? options->top : TOP_ROWS,
	};

	if (page.top > MAX_ROWS)
		page.top = MAX_ROWS;
	add_title(&page);
	add_totals(&page);
	add_layers(&page);
	add_filter(&page);
	add_findings(&page);
	add_packages(&page);
	add_large_files(&page, rows);
}
