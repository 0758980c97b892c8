/* -o csv-packages: one row for every package, and the rows that close the sums. */
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "packages.h"
#include "writer_priv.h"

static const char header[] = "image,manager,name,version,source,purl,also,files,"
			     "disk_bytes,pull_bytes,layers,reached,home\r\n";

static void add_field(struct imp_strbuf *out, struct imp_slice text)
{
	imp_escape_csv(out, text);
	imp_strbuf_add_char(out, ',');
}

static void add_sum(struct imp_strbuf *out, const struct imp_sum *sum)
{
	imp_strbuf_printf(out, "%llu,%llu,%llu,", (unsigned long long)sum->files,
			  (unsigned long long)sum->disk_bytes,
			  (unsigned long long)sum->pull_bytes);
}

/* Lists inside a cell are divided by spaces. */
static void add_also(struct imp_strbuf *out, const struct imp_packages *packages,
		     const struct imp_package_row *row)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf names = {0};

	for (size_t i = 0; i < row->also_count; i++) {
		if (i > 0)
			imp_strbuf_add_char(&names, ' ');
		imp_report_package_name(packages, row->also[i], &names);
	}
	add_field(out, imp_strbuf_slice(&names));
}

static void add_row(struct imp_strbuf *out, const struct imp_analysis *image,
		    const struct imp_package_row *row)
{
	const struct imp_package *package = &image->packages->list[row->package];

	add_field(out, imp_slice_of(image->image->reference));
	add_field(out, imp_slice_of(imp_manager_name(package->manager)));
	add_field(out, package->name);
	add_field(out, package->version);
	add_field(out, package->source);
	add_field(out, imp_slice_of(package->purl));
	add_also(out, image->packages, row);
	add_sum(out, &package->sum);
	for (size_t i = 0; i < row->layer_count; i++)
		imp_strbuf_printf(out, "%s%u", i > 0 ? " " : "", row->layers[i]);
	imp_strbuf_printf(out, ",%s,",
			  image->runtime && image->runtime->package_reached[row->package]
				  ? "yes"
				  : "no");
	imp_auto(imp_strbuf_finish) struct imp_strbuf home = {0};
	if (package->home != IMP_NONE)
		imp_tree_path(image->tree, package->home, &home);
	imp_escape_csv(out, imp_strbuf_slice(&home));
	imp_strbuf_add_text(out, "\r\n");
}

static void add_bucket(struct imp_strbuf *out, const struct imp_analysis *image,
		       const char *name, struct imp_sum sum)
{
	add_field(out, imp_slice_of(image->image->reference));
	imp_strbuf_printf(out, ",%s,,,,,", name);
	add_sum(out, &sum);
	imp_strbuf_add_text(out, ",,\r\n");
}

static void add_buckets(struct imp_strbuf *out, const struct imp_analysis *image,
			const struct imp_package_rows *rows)
{
	struct imp_sum overhead = {.pull_bytes = imp_report_overhead_pull(image)};
	struct imp_sum unread = {.pull_bytes = imp_report_unread_pull(image)};

	if (rows->left_out_count > 0)
		add_bucket(out, image, "[other]", rows->left_out);
	add_bucket(out, image, "[no package]",
		   image->packages ? image->packages->unowned
				   : image->fates[IMP_FATE_LIVE]);
	add_bucket(out, image, "[wasted]", imp_report_wasted(image));
	add_bucket(out, image, "[overhead]", overhead);
	if (!image->complete)
		add_bucket(out, image, "[incomplete: not read]", unread);
}

static int write_csv(const struct imp_report *report,
		     const struct imp_report_options *options, FILE *out,
		     struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf buffer = {0};

	imp_strbuf_add_text(&buffer, header);
	for (size_t i = 0; i < report->image_count; i++) {
		imp_auto(imp_package_rows_finish) struct imp_package_rows rows = {0};
		imp_package_rows_make(&rows, report->images[i], &options->filter,
				      options->top);
		for (size_t row = 0; row < rows.count; row++)
			add_row(&buffer, report->images[i], &rows.list[row]);
		add_buckets(&buffer, report->images[i], &rows);
	}
	fwrite(buffer.data, 1, buffer.len, out);
	return imp_report_end(out, err);
}

const struct imp_format imp_format_csv_packages = {
	.name = "csv-packages",
	.summary = "a row for every package, for spreadsheets",
	.write = {[IMP_REPORT_PROFILE] = write_csv},
};
