/* The image itself, its configuration, its layers, warnings. */
#include "imgprof/checked.h"
#include "kinds.h"
#include "profile.h"

static const struct imp_pair *read_labels(struct imp_reading *reading,
					  const json_t *config, size_t *count)
{
	const json_t *labels = imp_read_array(reading, config, "labels");
	struct imp_pair *pairs;

	*count = json_array_size(labels);
	pairs = imp_arena_array(reading->arena, *count + 1, sizeof(*pairs));
	for (size_t i = 0; i < *count; i++) {
		const json_t *label = imp_read_element(reading, labels, i, "labels");
		pairs[i].key = imp_read_raw(reading, label, "name");
		pairs[i].value = imp_read_raw(reading, label, "value");
	}
	return pairs;
}

static void read_config(struct imp_reading *reading, const json_t *document,
			struct imp_config *out)
{
	const json_t *config = imp_read_object(reading, document, "config");

	out->entrypoint =
		imp_read_list(reading, config, "entrypoint", &out->entrypoint_count);
	out->command = imp_read_list(reading, config, "cmd", &out->command_count);
	out->shell = imp_read_list(reading, config, "shell", &out->shell_count);
	out->health_check.test = imp_read_list(reading, config, "healthcheck",
					       &out->health_check.test_count);
	out->user = imp_read_raw(reading, config, "user");
	out->working_directory = imp_read_raw(reading, config, "working_dir");
	out->environment = imp_read_list(reading, config, "env", &out->environment_count);
	out->exposed_ports =
		imp_read_list(reading, config, "exposed_ports", &out->exposed_port_count);
	out->labels = read_labels(reading, config, &out->label_count);
}

static void read_identity(struct imp_reading *reading, const json_t *document,
			  struct imp_image *image)
{
	image->reference = imp_read_name(reading, document, "reference");
	image->digest = imp_read_digest(reading, document, "digest");
	image->platform = imp_read_platform(reading, document);
	image->config.platform = image->platform;
	image->config.has_created =
		imp_read_time(reading, document, "created", &image->config.created_ns);
	read_config(reading, document, &image->config);
}

static void read_fates(struct imp_reading *reading, const json_t *object,
		       struct imp_sum fates[static IMP_FATES])
{
	const json_t *all = imp_read_object(reading, object, "fates");

	for (int fate = 0; fate < IMP_FATES; fate++)
		fates[fate] = imp_read_sum(
			reading, imp_read_object(reading, all,
						 imp_fate_name((enum imp_fate)fate)));
}

static void read_overheads(struct imp_reading *reading, const json_t *object,
			   struct imp_profile_summary *summary)
{
	const json_t *all = imp_read_object(reading, object, "overheads");

	for (int kind = 0; kind < IMP_OVERHEADS; kind++) {
		const json_t *one = imp_read_object(
			reading, all, imp_overhead_name((enum imp_overhead_kind)kind));
		summary->overheads[kind].tar_bytes =
			imp_read_bytes(reading, one, "tar_bytes");
		summary->overheads[kind].pull_bytes =
			imp_read_bytes(reading, one, "pull_bytes");
	}
}

static void read_layer(struct imp_reading *reading, const json_t *object,
		       struct imp_analysed_layer *layer, struct imp_layer_sums *sums)
{
	struct imp_profile_summary *summary = &layer->summary;

	summary->blob_digest = imp_read_digest(reading, object, "digest");
	layer->diff_id = imp_read_digest(reading, object, "diff_id");
	layer->media_type = imp_read_text(reading, object, "media_type");
	layer->missing = !json_is_string(json_object_get(object, "compression"));
	if (!layer->missing)
		summary->compression = imp_read_enum(
			reading, object, "compression", enum imp_compression,
			IMP_COMPRESSION_ZSTD + 1, imp_compression_name);
	summary->damaged = !layer->missing && !imp_read_flag(reading, object, "complete");
	summary->pull_bytes = imp_read_bytes(reading, object, "pull_bytes");
	summary->tar_bytes = imp_read_bytes(reading, object, "tar_bytes");
	summary->disk_bytes = imp_read_bytes(reading, object, "disk_bytes");
	summary->entries =
		imp_read_number(reading, object, "entries", reading->limits->nodes);
	layer->instruction = imp_read_raw(reading, object, "created_by");
	layer->verified = imp_read_enum(reading, object, "verified", enum imp_verified,
					IMP_VERIFIED_BOTH + 1, imp_verified_name);
	read_overheads(reading, object, summary);
	read_fates(reading, object, sums->fates);
	sums->added = imp_read_bytes(reading, object, "added");
	sums->modified = imp_read_bytes(reading, object, "modified");
	sums->removed = imp_read_bytes(reading, object, "removed");
	for (int fate = 0; fate < IMP_FATES; fate++)
		summary->files += sums->fates[fate].files;
}

/* What a layer's files weigh is what it weighs without its overheads. */
static void check_layer(struct imp_reading *reading,
			const struct imp_analysed_layer *layer,
			const struct imp_layer_sums *sums)
{
	uint64_t disk = 0, pull = 0;

	for (int fate = 0; fate < IMP_FATES; fate++) {
		disk += sums->fates[fate].disk_bytes;
		pull += sums->fates[fate].pull_bytes;
	}
	for (int kind = 0; kind < IMP_OVERHEADS; kind++)
		pull += layer->summary.overheads[kind].pull_bytes;
	if (disk != layer->summary.disk_bytes ||
	    (!layer->missing && pull > layer->summary.pull_bytes) ||
	    (layer->missing && layer->summary.entries > 0))
		imp_reading_break(reading, "layers");
}

static void add_sum(struct imp_sum *to, const struct imp_sum *more)
{
	to->files += more->files;
	to->disk_bytes += more->disk_bytes;
	to->pull_bytes += more->pull_bytes;
}

static void add_layer(struct imp_analysis *analysis,
		      const struct imp_profile_summary *summary,
		      const struct imp_layer_sums *sums)
{
	analysis->pull_bytes += summary->pull_bytes;
	analysis->tar_bytes += summary->tar_bytes;
	analysis->disk_bytes += summary->disk_bytes;
	analysis->entries += summary->entries;
	for (int fate = 0; fate < IMP_FATES; fate++)
		add_sum(&analysis->fates[fate], &sums->fates[fate]);
}

static void mirror_layer(struct imp_image_layer *layer,
			 const struct imp_analysed_layer *from)
{
	layer->blob.media_type = from->media_type ? from->media_type : "";
	layer->blob.digest = from->summary.blob_digest;
	layer->blob.size_bytes = from->summary.pull_bytes;
	layer->diff_id = from->diff_id;
	layer->instruction = from->instruction;
}

static void read_layers(struct imp_reading *reading, const json_t *document,
			struct imp_reload_image *image)
{
	const json_t *list = imp_read_array(reading, document, "layers");
	size_t count = json_array_size(list);
	struct imp_arena *arena = reading->arena;

	if (count > reading->limits->layers) {
		imp_reading_break(reading, "layers");
		count = 0;
	}
	uint64_t *can_go = imp_arena_array(arena, count + 1, sizeof(*can_go));
	image->layers = imp_arena_array(arena, count + 1, sizeof(*image->layers));
	image->layer_sums = imp_arena_array(arena, count + 1, sizeof(*image->layer_sums));
	image->image.layers =
		imp_arena_array(arena, count + 1, sizeof(*image->image.layers));
	image->image.layer_count = image->analysis.layer_count = count;
	for (size_t i = 0; i < count; i++) {
		const json_t *layer = imp_read_element(reading, list, i, "layers");
		read_layer(reading, layer, &image->layers[i], &image->layer_sums[i]);
		can_go[i] = imp_read_bytes(reading, layer, "can_go_bytes");
		check_layer(reading, &image->layers[i], &image->layer_sums[i]);
		add_layer(&image->analysis, &image->layers[i].summary,
			  &image->layer_sums[i]);
		mirror_layer(&image->image.layers[i], &image->layers[i]);
	}
	image->analysis.layers = image->layers;
	image->analysis.can_go_bytes = can_go;
}

struct imp_warnings *imp_reload_warnings(struct imp_reading *reading,
					 const json_t *object)
{
	const json_t *list = imp_read_array(reading, object, "warnings");
	struct imp_warnings *warnings = imp_warnings_create();

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = imp_read_element(reading, list, i, "warnings");
		const char *code = imp_read_word(reading, one, "code");
		const char *message = imp_read_text(reading, one, "message");
		uint32_t layer = imp_read_optional(reading, one, "layer", UINT16_MAX);
		uint64_t count = imp_read_bytes(reading, one, "count");
		imp_warnings_restore(
			warnings,
			&(struct imp_warning){
				.code = code,
				.layer = layer == IMP_NONE ? IMP_NO_LAYER : (int)layer,
				.path = imp_read_raw(reading, one, "path"),
				.message = message ? message : "",
				.count = count,
			});
	}
	return warnings;
}

static void read_estimate(struct imp_reading *reading, const json_t *object,
			  size_t layer_count, struct imp_recompress_estimate *out)
{
	const json_t *list = imp_read_array(reading, object, "layers");
	struct imp_error ignored = {0};
	struct imp_recompress_layer *layers =
		imp_arena_array(reading->arena, layer_count + 1, sizeof(*layers));

	if (imp_recompress_parse(imp_json_get_string(object, "setting"), &out->setting,
				 &ignored) < 0 ||
	    json_array_size(list) != layer_count)
		imp_reading_break(reading, "recompress");
	out->pull_bytes = imp_read_bytes(reading, object, "pull_bytes");
	out->error_bytes = imp_read_bytes(reading, object, "error_bytes");
	for (size_t i = 0; i < layer_count; i++) {
		const json_t *one = imp_read_element(reading, list, i, "recompress");
		layers[i].known = json_is_integer(json_object_get(one, "pull_bytes"));
		layers[i].whole = imp_read_flag(reading, one, "whole");
		layers[i].sampled_bytes = imp_read_bytes(reading, one, "sampled_bytes");
		if (!layers[i].known)
			continue;
		layers[i].pull_bytes = imp_read_bytes(reading, one, "pull_bytes");
		layers[i].error_bytes = imp_read_bytes(reading, one, "error_bytes");
	}
	out->layers = layers;
}

static void read_recompress(struct imp_reading *reading, const json_t *document,
			    struct imp_reload_image *image)
{
	const json_t *list = imp_json_get_array(document, "recompress");
	size_t count = json_array_size(list);
	struct imp_recompress_estimate *estimates =
		imp_arena_array(reading->arena, count + 1, sizeof(*estimates));

	for (size_t i = 0; i < count; i++)
		read_estimate(reading, imp_read_element(reading, list, i, "recompress"),
			      image->analysis.layer_count, &estimates[i]);
	image->recompress = (struct imp_recompress){estimates, count};
	if (list)
		image->analysis.recompress = &image->recompress;
}

void imp_reload_head(struct imp_reading *reading, const json_t *document,
		     struct imp_reload_image *image)
{
	image->analysis.image = &image->image;
	image->analysis.complete = imp_read_flag(reading, document, "complete");
	image->analysis.base = imp_read_base(reading, document);
	read_identity(reading, document, &image->image);
	read_layers(reading, document, image);
	read_recompress(reading, document, image);
	image->warnings = imp_reload_warnings(reading, document);
	image->analysis.warnings = image->warnings;
}
