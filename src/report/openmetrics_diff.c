/* Of a diff: what the image has after, under the names of a profile, and the changes beside it. */
#include "imgprof/cleanup.h"
#include "imgprof/map.h"
#include "openmetrics.h"

struct family {
	char name[64];
	bool change; /* the change, not the value after */
	bool pull;   /* of two sizes */
};

static const char *image_name(const struct imp_diff *diff)
{
	return diff->name ? diff->name : diff->after.reference;
}

static void open_sample(struct imp_strbuf *out, const struct family *family,
			const struct imp_diff *diff)
{
	imp_metrics_open(out, family->name, image_name(diff), &diff->after.platform);
}

static void add_figure(struct imp_strbuf *out, const struct family *family,
		       const struct imp_before_after *figure)
{
	if (family->change)
		imp_metrics_change(out, figure);
	else
		imp_metrics_value(out, figure->after);
}

static void add_sum(struct imp_strbuf *out, const struct family *family,
		    const struct imp_change_sum *sum)
{
	add_figure(out, family, family->pull ? &sum->pull : &sum->disk);
}

static void add_total(struct imp_strbuf *out, const struct imp_diff_set *set,
		      enum imp_total total, bool change)
{
	bool counts = imp_metrics_counts(total);
	struct family family = {.change = change};

	snprintf(family.name, sizeof(family.name), "%s%s%s", imp_total_name(total),
		 change ? "_change" : "", counts ? "" : "_bytes");
	imp_metrics_family(out, family.name, counts ? "" : "bytes",
			   change ? "After less before." : "Of the image.");
	for (size_t i = 0; i < set->count; i++) {
		open_sample(out, &family, set->list[i]);
		add_figure(out, &family, &set->list[i]->totals[total]);
	}
}

static void add_new_layers(struct imp_strbuf *out, const struct imp_diff_set *set)
{
	struct family family = {.name = "new_layer_bytes"};

	imp_metrics_family(out, family.name, "bytes",
			   "Compressed bytes of layers that the image before lacks.");
	for (size_t i = 0; i < set->count; i++) {
		open_sample(out, &family, set->list[i]);
		imp_metrics_value(out, set->list[i]->new_layer_bytes);
	}
}

/* Bytes of a list's rows by disk and pull, after and change: NAME_{disk,pull}[_change]_bytes. */
static struct family name_family(struct imp_strbuf *out, const char *name, unsigned which)
{
	struct family family = {.change = which & 1, .pull = which & 2};

	snprintf(family.name, sizeof(family.name), "%s_%s%s_bytes", name,
		 family.pull ? "pull" : "disk", family.change ? "_change" : "");
	imp_metrics_family(out, family.name, "bytes",
			   family.change ? "After less before." : "Of the image.");
	return family;
}

static void add_classes(struct imp_strbuf *out, const struct imp_diff_set *set,
			unsigned which)
{
	struct family family = name_family(out, "class", which);

	for (size_t i = 0; i < set->count; i++)
		for (size_t c = 0; c < set->list[i]->class_count; c++) {
			const struct imp_diff_class *class = &set->list[i]->classes[c];
			open_sample(out, &family, set->list[i]);
			imp_metrics_label(out, "class", imp_slice_of(class->name));
			imp_metrics_label(out, "origin",
					  imp_slice_of(imp_origin_name(class->origin)));
			add_sum(out, &family, &class->sum);
		}
}

static void add_index(struct imp_strbuf *out, const char *label, uint32_t index)
{
	char text[16] = "";

	if (index != IMP_NONE)
		snprintf(text, sizeof(text), "%u", index);
	imp_metrics_label(out, label, imp_slice_of(text));
}

static void add_layers(struct imp_strbuf *out, const struct imp_diff_set *set,
		       unsigned which)
{
	struct family family = name_family(out, "layer", which);

	for (size_t i = 0; i < set->count; i++)
		for (size_t l = 0; l < set->list[i]->layer_count; l++) {
			const struct imp_diff_layer *layer = &set->list[i]->layers[l];
			if (layer->before_index == IMP_NONE &&
			    layer->after_index == IMP_NONE)
				continue; /* overheads and what else is no layer */
			open_sample(out, &family, set->list[i]);
			add_index(out, "layer", layer->after_index);
			add_index(out, "layer_before", layer->before_index);
			imp_metrics_label(out, "instruction", layer->instruction);
			add_sum(out, &family, &layer->sum);
		}
}

/* The diffs without a second one of the same image: a sample stands once. */
static size_t distinct_diffs(const struct imp_diff_set *set, const struct imp_diff **out)
{
	imp_auto_destroy(imp_arena) struct imp_arena *arena = imp_arena_create();
	imp_auto(imp_map_finish) struct imp_map seen = {0};
	size_t count = 0;

	for (size_t i = 0; i < set->count; i++) {
		const struct imp_diff *diff = set->list[i];
		const char *key = imp_arena_printf(
			arena, "%s %s", imp_platform_text(&diff->after.platform, arena),
			image_name(diff));
		if (imp_map_get(&seen, imp_slice_of(key), NULL))
			continue;
		imp_map_set(&seen, imp_slice_of(key), 1);
		out[count++] = diff;
	}
	return count;
}

int imp_metrics_write_diff(const struct imp_report *report,
			   const struct imp_report_options *options, FILE *out,
			   struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf buffer = {0};
	imp_auto_free const struct imp_diff **list =
		imp_xcalloc(report->diffs->count + 1, sizeof(*list));
	const struct imp_diff_set distinct = {
		.list = list, .count = distinct_diffs(report->diffs, list)};
	const struct imp_diff_set *set = &distinct;

	(void)options;
	for (int total = 0; total < IMP_TOTALS; total++) {
		add_total(&buffer, set, (enum imp_total)total, false);
		add_total(&buffer, set, (enum imp_total)total, true);
	}
	add_new_layers(&buffer, set);
	for (unsigned which = 0; which < 4; which++) {
		add_classes(&buffer, set, which);
		add_layers(&buffer, set, which);
	}
	return imp_metrics_end(&buffer, out, err);
}
