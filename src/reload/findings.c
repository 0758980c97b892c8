#include "imgprof/strbuf.h"
#include "profile.h"

static const uint16_t *read_numbers(struct imp_reading *reading, const json_t *object,
				    size_t layers, size_t *count)
{
	const json_t *list = imp_read_array(reading, object, "layers");
	uint16_t *numbers;

	*count = json_array_size(list);
	numbers = imp_arena_array(reading->arena, *count + 1, sizeof(*numbers));
	for (size_t i = 0; i < *count; i++) {
		json_int_t number = json_integer_value(json_array_get(list, i));
		if (!json_is_integer(json_array_get(list, i)) || number < 0 ||
		    (uint64_t)number >= layers)
			imp_reading_break(reading, "layers");
		numbers[i] = (uint16_t)number;
	}
	return numbers;
}

static void read_finding(struct imp_reading *reading, const json_t *object, size_t layers,
			 struct imp_finding *out)
{
	const json_t *fix = imp_read_object(reading, object, "fix");
	uint32_t hidden_by = imp_read_optional(reading, object, "hidden_by",
					       layers ? (uint32_t)layers - 1 : 0);

	out->id = imp_read_name(reading, object, "id");
	out->rule = imp_read_word(reading, object, "rule");
	out->subject = imp_read_raw(reading, object, "subject");
	out->class = imp_read_enum(reading, object, "class", enum imp_class, IMP_CLASSES,
				   imp_class_name);
	out->confidence =
		imp_read_enum(reading, object, "confidence", enum imp_confidence,
			      IMP_CONFIDENCES, imp_confidence_name);
	out->partial = imp_read_flag(reading, object, "partial");
	out->in_base = imp_read_flag(reading, object, "in_base");
	out->packages =
		(uint32_t)imp_read_number(reading, object, "packages", UINT32_MAX - 1);
	out->title = imp_read_word(reading, object, "title");
	out->rule_title = imp_read_word(reading, object, "rule_title");
	out->evidence = imp_read_lines(reading, object, "evidence", &out->evidence_count);
	out->layers = read_numbers(reading, object, layers, &out->layer_count);
	out->hidden_by = hidden_by == IMP_NONE ? IMP_NOT_HIDDEN : (uint16_t)hidden_by;
	out->sum = imp_read_sum(reading, object);
	out->paths = imp_read_list(reading, object, "paths", &out->path_count);
	out->paths_total = imp_read_bytes(reading, object, "paths_total");
	if (out->paths_total < out->path_count)
		imp_reading_break(reading, "paths_total");
	out->fix_kind = imp_read_line(reading, fix, "kind");
	out->fix_text = imp_read_text(reading, fix, "text");
}

static void add_sum(struct imp_sum *to, const struct imp_sum *more)
{
	to->files += more->files;
	to->disk_bytes += more->disk_bytes;
	to->pull_bytes += more->pull_bytes;
}

/* The layer that wrote most of a finding. */
static uint16_t read_main_layer(struct imp_reading *reading, const json_t *object,
				size_t layers)
{
	uint64_t layer = UINT16_MAX;

	if (!json_object_get(object, "main_layer"))
		return UINT16_MAX;
	layer = imp_read_number(reading, object, "main_layer", UINT16_MAX - 1);
	if (layer >= layers)
		imp_reading_break(reading, "main_layer");
	return (uint16_t)layer;
}

static void read_list(struct imp_reading *reading, const json_t *document,
		      struct imp_reload_image *image)
{
	struct imp_findings *findings = &image->findings;
	size_t layers = image->analysis.layer_count;
	const json_t *list = imp_read_array(reading, document, "findings");
	struct imp_finding *made =
		imp_arena_array(reading->arena, json_array_size(list) + 1, sizeof(*made));

	uint16_t *main_layers = imp_arena_array(reading->arena, json_array_size(list) + 1,
						sizeof(*main_layers));

	findings->list = made;
	image->analysis.main_layers = main_layers;
	findings->count = json_array_size(list);
	for (size_t i = 0; i < findings->count; i++) {
		read_finding(reading, imp_read_element(reading, list, i, "findings"),
			     layers, &made[i]);
		main_layers[i] =
			read_main_layer(reading, json_array_get(list, i), layers);
		if (made[i].class != IMP_CLASS_SECRET)
			add_sum(&findings->by_confidence[made[i].confidence],
				&made[i].sum);
	}
	findings->reclaimable = findings->by_confidence[IMP_CONFIDENCE_CERTAIN];
	add_sum(&findings->reclaimable, &findings->by_confidence[IMP_CONFIDENCE_LIKELY]);
}

static void read_dropped(struct imp_reading *reading, const json_t *document,
			 struct imp_reload_image *image)
{
	const json_t *list = imp_read_array(reading, document, "dropped");
	size_t count = json_array_size(list);
	struct imp_dropped *made =
		imp_arena_array(reading->arena, count + 1, sizeof(*made));
	bool *paths = imp_arena_array(reading->arena, count + 1, sizeof(*paths));

	for (size_t i = 0; i < count; i++) {
		const json_t *one = imp_read_element(reading, list, i, "dropped");
		made[i].rule = imp_read_word(reading, one, "rule");
		made[i].subject = imp_read_raw(reading, one, "subject");
		made[i].anchor = imp_read_word(reading, one, "anchor");
		made[i].evidence = imp_read_word(reading, one, "evidence");
		made[i].sum = imp_read_sum(reading, one);
		paths[i] = imp_read_flag(reading, one, "subject_is_path");
	}
	image->findings.dropped = made;
	image->findings.dropped_count = count;
	image->analysis.dropped_paths = paths;
}

static void read_classes(struct imp_reading *reading, const json_t *document,
			 struct imp_findings *findings)
{
	const json_t *list = imp_read_array(reading, document, "classes");
	size_t count = json_array_size(list);
	struct imp_class_sum *classes;

	if (count > IMP_CLASSES) {
		imp_reading_break(reading, "classes");
		count = 0;
	}
	classes = imp_arena_array(reading->arena, count + 1, sizeof(*classes));
	for (size_t i = 0; i < count; i++) {
		const json_t *one = imp_read_element(reading, list, i, "classes");
		classes[i].class = imp_read_enum(reading, one, "class", enum imp_class,
						 IMP_CLASSES, imp_class_name);
		classes[i].sum = imp_read_sum(reading, one);
		add_sum(&findings->live, &classes[i].sum);
	}
	findings->classes = classes;
	findings->class_count = count;
}

static bool adds_up(const struct imp_reload_image *image)
{
	const struct imp_findings *findings = &image->findings;
	const struct imp_sum *live = &image->analysis.fates[IMP_FATE_LIVE];

	return findings->live.disk_bytes == live->disk_bytes &&
	       findings->live.pull_bytes == live->pull_bytes &&
	       findings->reclaimable.disk_bytes <= image->analysis.disk_bytes &&
	       findings->base_layers <= image->analysis.layer_count;
}

void imp_reload_findings(struct imp_reading *reading, const json_t *document,
			 struct imp_reload_image *image)
{
	struct imp_findings *findings = &image->findings;

	read_list(reading, document, image);
	read_dropped(reading, document, image);
	read_classes(reading, document, findings);
	for (int fate = 0; fate < IMP_FATES; fate++)
		if (fate != IMP_FATE_LIVE)
			add_sum(&findings->wasted, &image->analysis.fates[fate]);
	findings->base_layers = imp_read_number(reading, document, "base_layers",
						reading->limits->layers);
	if (!adds_up(image))
		imp_reading_break(reading, "findings");
	image->analysis.findings = findings;
}
