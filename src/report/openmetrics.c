/* -o openmetrics: gauges of the figures, in OpenMetrics 1.0 text. A family's samples stand together,
 * so each family walks all images; an image given twice has one series. */
#include <stdlib.h>
#include <string.h>

#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "openmetrics.h"
#include "writer_priv.h"

void imp_metrics_family(struct imp_strbuf *out, const char *name, const char *unit,
			const char *help)
{
	imp_strbuf_printf(out, "# TYPE imgprof_%s gauge\n", name);
	if (unit[0])
		imp_strbuf_printf(out, "# UNIT imgprof_%s %s\n", name, unit);
	imp_strbuf_printf(out, "# HELP imgprof_%s %s\n", name, help);
}

void imp_metrics_open(struct imp_strbuf *out, const char *name, const char *image,
		      const struct imp_platform *platform)
{
	imp_strbuf_printf(out, "imgprof_%s{image=\"", name);
	imp_escape_openmetrics(out, imp_slice_of(image));
	imp_strbuf_add_text(out, "\",platform=\"");
	imp_escape_openmetrics(out, imp_slice_of(platform->os));
	imp_strbuf_add_char(out, '/');
	imp_escape_openmetrics(out, imp_slice_of(platform->architecture));
	if (platform->variant && platform->variant[0]) {
		imp_strbuf_add_char(out, '/');
		imp_escape_openmetrics(out, imp_slice_of(platform->variant));
	}
	imp_strbuf_add_char(out, '"');
}

void imp_metrics_label(struct imp_strbuf *out, const char *label, struct imp_slice value)
{
	imp_strbuf_printf(out, ",%s=\"", label);
	imp_escape_openmetrics(out, value);
	imp_strbuf_add_char(out, '"');
}

void imp_metrics_value(struct imp_strbuf *out, uint64_t value)
{
	imp_strbuf_printf(out, "} %llu\n", (unsigned long long)value);
}

void imp_metrics_change(struct imp_strbuf *out, const struct imp_before_after *figure)
{
	imp_strbuf_printf(out, "} %lld\n", (long long)(figure->after - figure->before));
}

bool imp_metrics_counts(enum imp_total total)
{
	return total == IMP_TOTAL_FILES || total == IMP_TOTAL_ENTRIES;
}

static bool same_series(const struct imp_image *a, const struct imp_image *b)
{
	return strcmp(a->reference, b->reference) == 0 &&
	       imp_platform_equal(&a->platform, &b->platform);
}

/* The images without repetitions. */
static size_t distinct_images(const struct imp_report *report,
			      const struct imp_analysis **out)
{
	size_t count = 0;

	for (size_t i = 0; i < report->image_count; i++) {
		bool seen = false;
		for (size_t j = 0; j < count && !seen; j++)
			seen = same_series(report->images[i]->image, out[j]->image);
		if (!seen)
			out[count++] = report->images[i];
	}
	return count;
}

struct images {
	struct imp_strbuf *out;
	const struct imp_analysis *const *list;
	size_t count;
};

static void open_sample(const struct images *images, const char *name, size_t i)
{
	const struct imp_image *image = images->list[i]->image;

	imp_metrics_open(images->out, name, image->reference, &image->platform);
}

static void add_total(const struct images *images, enum imp_total total)
{
	bool counts = imp_metrics_counts(total);
	char name[64];

	snprintf(name, sizeof(name), "%s%s", imp_total_name(total),
		 counts ? "" : "_bytes");
	imp_metrics_family(images->out, name, counts ? "" : "bytes", "Of the image.");
	for (size_t i = 0; i < images->count; i++) {
		open_sample(images, name, i);
		imp_metrics_value(images->out, imp_total_of(images->list[i], total));
	}
}

static void add_complete(const struct images *images)
{
	imp_metrics_family(images->out, "complete", "",
			   "1 when all layers were read, else 0.");
	for (size_t i = 0; i < images->count; i++) {
		open_sample(images, "complete", i);
		imp_metrics_value(images->out, images->list[i]->complete);
	}
}

struct sum_family {
	const char *name, *unit, *help;
	size_t offset; /* of the uint64_t in struct imp_sum */
};

static const struct sum_family class_families[] = {
	{"class_disk_bytes", "bytes", "Live unpacked bytes of a class.",
	 offsetof(struct imp_sum, disk_bytes)},
	{"class_pull_bytes", "bytes", "Live compressed bytes of a class.",
	 offsetof(struct imp_sum, pull_bytes)},
	{"class_files", "", "Live files of a class.", offsetof(struct imp_sum, files)},
};

static uint64_t sum_field(const struct imp_sum *sum, size_t offset)
{
	uint64_t value;

	memcpy(&value, (const char *)sum + offset, sizeof(value));
	return value;
}

static void add_classes(const struct images *images, const struct sum_family *family)
{
	imp_metrics_family(images->out, family->name, family->unit, family->help);
	for (size_t i = 0; i < images->count; i++) {
		const struct imp_findings *findings = images->list[i]->findings;
		for (size_t c = 0; c < findings->class_count; c++) {
			const struct imp_class_sum *class = &findings->classes[c];
			open_sample(images, family->name, i);
			imp_metrics_label(images->out, "class",
					  imp_slice_of(imp_class_name(class->class)));
			imp_metrics_value(images->out,
					  sum_field(&class->sum, family->offset));
		}
	}
}

static void add_layers(const struct images *images, const char *name, bool pull)
{
	imp_metrics_family(images->out, name, "bytes",
			   pull ? "Compressed bytes of a layer."
				: "Unpacked bytes of a layer.");
	for (size_t i = 0; i < images->count; i++)
		for (size_t l = 0; l < images->list[i]->layer_count; l++) {
			const struct imp_analysed_layer *layer =
				&images->list[i]->layers[l];
			char index[24];
			snprintf(index, sizeof(index), "%zu", l);
			open_sample(images, name, i);
			imp_metrics_label(images->out, "layer", imp_slice_of(index));
			imp_metrics_label(images->out, "instruction", layer->instruction);
			imp_metrics_value(images->out, pull ? layer->summary.pull_bytes
							    : layer->summary.disk_bytes);
		}
}

int imp_metrics_end(struct imp_strbuf *buffer, FILE *out, struct imp_error *err)
{
	imp_strbuf_add_text(buffer, "# EOF\n");
	fwrite(buffer->data, 1, buffer->len, out);
	return imp_report_end(out, err);
}

static int write_openmetrics(const struct imp_report *report,
			     const struct imp_report_options *options, FILE *out,
			     struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf buffer = {0};
	imp_auto_free const struct imp_analysis **list =
		imp_xcalloc(report->image_count + 1, sizeof(*list));
	struct images images = {&buffer, list, distinct_images(report, list)};

	(void)options;
	for (int total = 0; total < IMP_TOTALS; total++)
		add_total(&images, (enum imp_total)total);
	add_complete(&images);
	for (size_t i = 0; i < sizeof(class_families) / sizeof(*class_families); i++)
		add_classes(&images, &class_families[i]);
	add_layers(&images, "layer_disk_bytes", false);
	add_layers(&images, "layer_pull_bytes", true);
	return imp_metrics_end(&buffer, out, err);
}

const struct imp_format imp_format_openmetrics = {
	.name = "openmetrics",
	.summary = "gauges by image, class and layer, for Prometheus and GitLab",
	.tree_optional = true,
	.write = {[IMP_REPORT_PROFILE] = write_openmetrics,
		  [IMP_REPORT_DIFF] = imp_metrics_write_diff,
		  [IMP_REPORT_CHECK] = write_openmetrics},
};
