#include "stored.h"

#include "codec.h"
#include "imgprof/cleanup.h"

/* Far beyond any image, and far enough from 64 bits for sums of many. */
#define MAX_BYTES ((uint64_t)1 << 48)

static void code_sum(struct imp_codec *codec, struct imp_sum *sum)
{
	sum->files = imp_codec_number(codec, sum->files, MAX_BYTES);
	sum->disk_bytes = imp_codec_number(codec, sum->disk_bytes, MAX_BYTES);
	sum->pull_bytes = imp_codec_number(codec, sum->pull_bytes, MAX_BYTES);
}

static size_t code_count(struct imp_codec *codec, size_t count)
{
	return (size_t)imp_codec_number(codec, count, UINT32_MAX);
}

static void code_layer(struct imp_codec *codec, void *element)
{
	struct imp_analysed_layer *layer = element;
	struct imp_profile_summary *summary = &layer->summary;

	summary->compression = (enum imp_compression)imp_codec_number(
		codec, summary->compression, IMP_COMPRESSION_ZSTD);
	summary->pull_bytes = imp_codec_number(codec, summary->pull_bytes, MAX_BYTES);
	summary->tar_bytes = imp_codec_number(codec, summary->tar_bytes, MAX_BYTES);
	summary->disk_bytes = imp_codec_number(codec, summary->disk_bytes, MAX_BYTES);
	summary->entries = imp_codec_number(codec, summary->entries, MAX_BYTES);
	summary->files = imp_codec_number(codec, summary->files, MAX_BYTES);
	layer->verified = (enum imp_verified)imp_codec_number(codec, layer->verified,
							      IMP_VERIFIED_BOTH);
}

static void code_bytes(struct imp_codec *codec, void *element)
{
	uint64_t *bytes = element;

	*bytes = imp_codec_number(codec, *bytes, MAX_BYTES);
}

static void code_number16(struct imp_codec *codec, void *element)
{
	uint16_t *number = element;

	*number = (uint16_t)imp_codec_number(codec, *number, UINT16_MAX);
}

static void code_class(struct imp_codec *codec, void *element)
{
	struct imp_class_sum *sum = element;

	sum->class = (enum imp_class)imp_codec_number(codec, sum->class, IMP_CLASSES - 1);
	code_sum(codec, &sum->sum);
}

static const struct imp_codec_element number16 = {sizeof(uint16_t), 1, code_number16};

static void code_finding_lists(struct imp_codec *codec, struct imp_finding *finding)
{
	finding->evidence_count = code_count(codec, finding->evidence_count);
	finding->evidence =
		imp_codec_list(codec, finding->evidence, finding->evidence_count,
			       &imp_codec_line_element);
	finding->layer_count = code_count(codec, finding->layer_count);
	finding->layers =
		imp_codec_list(codec, finding->layers, finding->layer_count, &number16);
	finding->path_count = code_count(codec, finding->path_count);
	finding->paths = imp_codec_list(codec, finding->paths, finding->path_count,
					&imp_codec_bytes_element);
	finding->paths_total = imp_codec_number(codec, finding->paths_total, MAX_BYTES);
	codec->damaged |= finding->paths_total < finding->path_count;
}

static void code_finding(struct imp_codec *codec, void *element)
{
	struct imp_finding *finding = element;

	finding->id = imp_codec_text(codec, finding->id);
	finding->rule = imp_codec_line(codec, finding->rule);
	finding->subject = imp_codec_bytes(codec, finding->subject);
	finding->class =
		(enum imp_class)imp_codec_number(codec, finding->class, IMP_CLASSES - 1);
	finding->confidence = (enum imp_confidence)imp_codec_number(
		codec, finding->confidence, IMP_CONFIDENCES - 1);
	finding->partial = imp_codec_flag(codec, finding->partial);
	finding->in_base = imp_codec_flag(codec, finding->in_base);
	finding->packages =
		(uint32_t)imp_codec_number(codec, finding->packages, UINT32_MAX);
	finding->title = imp_codec_line(codec, finding->title);
	finding->rule_title = imp_codec_line(codec, finding->rule_title);
	finding->hidden_by =
		(uint16_t)imp_codec_number(codec, finding->hidden_by, UINT16_MAX);
	code_sum(codec, &finding->sum);
	finding->fix_kind = imp_codec_line(codec, finding->fix_kind);
	finding->fix_text = imp_codec_text(codec, finding->fix_text);
	code_finding_lists(codec, finding);
	codec->damaged |= !codec->out && (!finding->id || !finding->rule ||
					  !finding->title || !finding->rule_title);
}

static void code_dropped(struct imp_codec *codec, void *element)
{
	struct imp_dropped *dropped = element;

	dropped->rule = imp_codec_line(codec, dropped->rule);
	dropped->subject = imp_codec_bytes(codec, dropped->subject);
	dropped->anchor = imp_codec_line(codec, dropped->anchor);
	dropped->evidence = imp_codec_line(codec, dropped->evidence);
	code_sum(codec, &dropped->sum);
	codec->damaged |=
		!codec->out && (!dropped->rule || !dropped->anchor || !dropped->evidence);
}

static void code_package(struct imp_codec *codec, void *element)
{
	struct imp_package *package = element;

	package->manager = (enum imp_manager)imp_codec_number(codec, package->manager,
							      IMP_MANAGERS - 1);
	package->name = imp_codec_bytes(codec, package->name);
	package->version = imp_codec_bytes(codec, package->version);
	code_sum(codec, &package->sum);
	package->database = package->home = package->twin = IMP_NONE;
}

static void code_started(struct imp_codec *codec, void *element)
{
	struct imp_started *started = element;

	started->origin = imp_codec_text(codec, started->origin);
	started->argc = code_count(codec, started->argc);
	started->argv = imp_codec_list(codec, started->argv, started->argc,
				       &imp_codec_bytes_element);
	started->certain = imp_codec_flag(codec, started->certain);
	started->program = started->script = started->parent = IMP_NONE;
	codec->damaged |= !codec->out && !started->origin;
}

static void code_warning(struct imp_codec *codec, void *element)
{
	struct imp_warning *warning = element;
	uint64_t layer =
		imp_codec_number(codec, (uint64_t)warning->layer + 1, UINT16_MAX);

	warning->layer = (int)layer - 1;
	warning->code = imp_codec_line(codec, warning->code);
	warning->path = imp_codec_bytes(codec, warning->path);
	warning->message = imp_codec_text(codec, warning->message);
	codec->damaged |= !codec->out && (!warning->code || !warning->message);
}

static void code_digest(struct imp_codec *codec, struct imp_digest *digest)
{
	char text[IMP_DIGEST_TEXT];
	struct imp_error ignored = {0};
	struct imp_slice coded =
		imp_codec_bytes(codec, imp_slice_of(imp_digest_text(digest, text)));

	if (codec->out || coded.len == 0)
		return;
	codec->damaged |= imp_digest_parse(coded, digest, &ignored) < 0;
}

static void code_base(struct imp_codec *codec, struct imp_base_image *base)
{
	base->origin = (enum imp_base_origin)imp_codec_number(codec, base->origin,
							      IMP_BASE_GIVEN);
	base->name = imp_codec_bytes(codec, base->name);
	code_digest(codec, &base->digest);
	base->layer_count = code_count(codec, base->layer_count);
}

static uint32_t code_place_in(struct imp_codec *codec, uint32_t number)
{
	return (uint32_t)imp_codec_number(codec, number, UINT32_MAX);
}

static void code_placed(struct imp_codec *codec, void *element)
{
	struct imp_dockerfile_layer *layer = element;

	layer->place = (enum imp_layer_place)imp_codec_number(codec, layer->place,
							      IMP_LAYER_LINE);
	layer->line = code_place_in(codec, layer->line);
	layer->stage = code_place_in(codec, layer->stage);
	layer->instruction = code_place_in(codec, layer->instruction);
	layer->step = code_place_in(codec, layer->step);
}

/* Where it comes from and what lines the layers have; nothing of its text. */
static void code_dockerfile(struct imp_codec *codec, struct imp_dockerfile *file)
{
	static const struct imp_codec_element placed = {
		sizeof(struct imp_dockerfile_layer), 5, code_placed};

	file->origin = (enum imp_dockerfile_origin)imp_codec_number(
		codec, file->origin, IMP_DOCKERFILE_ORIGINS - 1);
	file->filename = imp_codec_bytes(codec, file->filename);
	file->base_only = imp_codec_flag(codec, file->base_only);
	file->layer_count = code_count(codec, file->layer_count);
	file->layers = imp_codec_list(codec, file->layers, file->layer_count, &placed);
}

/* What is coded, with room for what an analysis points to. */
struct whole {
	struct imp_analysis analysis;
	struct imp_dockerfile dockerfile;
	struct imp_findings findings;
	struct imp_packages packages;
	struct imp_runtime runtime;
	const struct imp_warning *warnings;
	size_t warning_count;
};

static void code_layers(struct imp_codec *codec, struct imp_analysis *analysis)
{
	static const struct imp_codec_element layer = {sizeof(struct imp_analysed_layer),
						       7, code_layer};
	static const struct imp_codec_element bytes = {sizeof(uint64_t), 1, code_bytes};

	analysis->layer_count = code_count(codec, analysis->layer_count);
	analysis->layers =
		imp_codec_list(codec, analysis->layers, analysis->layer_count, &layer);
	analysis->can_go_bytes = imp_codec_list(codec, analysis->can_go_bytes,
						analysis->layer_count, &bytes);
	for (int fate = 0; fate < IMP_FATES; fate++)
		code_sum(codec, &analysis->fates[fate]);
}

static void code_findings(struct imp_codec *codec, struct imp_findings *findings)
{
	static const struct imp_codec_element finding = {sizeof(struct imp_finding), 19,
							 code_finding};
	static const struct imp_codec_element class = {sizeof(struct imp_class_sum), 4,
						       code_class};

	findings->count = code_count(codec, findings->count);
	findings->list = imp_codec_list(codec, findings->list, findings->count, &finding);
	findings->class_count = code_count(codec, findings->class_count);
	findings->classes =
		imp_codec_list(codec, findings->classes, findings->class_count, &class);
	code_sum(codec, &findings->live);
	code_sum(codec, &findings->wasted);
	for (int confidence = 0; confidence < IMP_CONFIDENCES; confidence++)
		code_sum(codec, &findings->by_confidence[confidence]);
	code_sum(codec, &findings->reclaimable);
	findings->base_layers = code_count(codec, findings->base_layers);
}

static void code_all_dropped(struct imp_codec *codec, struct whole *whole)
{
	static const struct imp_codec_element dropped = {sizeof(struct imp_dropped), 7,
							 code_dropped};
	struct imp_findings *findings = &whole->findings;

	findings->dropped_count = code_count(codec, findings->dropped_count);
	findings->dropped = imp_codec_list(codec, findings->dropped,
					   findings->dropped_count, &dropped);
	whole->analysis.dropped_paths =
		imp_codec_list(codec, whole->analysis.dropped_paths,
			       findings->dropped_count, &imp_codec_flag_element);
}

static void code_evidence(struct imp_codec *codec, struct whole *whole)
{
	static const struct imp_codec_element package = {sizeof(struct imp_package), 6,
							 code_package};
	static const struct imp_codec_element started = {sizeof(struct imp_started), 3,
							 code_started};
	struct imp_packages *packages = &whole->packages;
	struct imp_runtime *runtime = &whole->runtime;
	size_t count = packages->count = code_count(codec, packages->count);

	packages->list = imp_codec_list(codec, packages->list, count, &package);
	code_sum(codec, &packages->unowned);
	whole->analysis.package_homes = imp_codec_list(
		codec, whole->analysis.package_homes, count, &imp_codec_bytes_element);
	runtime->package_reached = imp_codec_list(codec, runtime->package_reached, count,
						  &imp_codec_flag_element);
	runtime->package_reason = imp_codec_list(codec, runtime->package_reason, count,
						 &imp_codec_line_element);
	runtime->started_count = code_count(codec, runtime->started_count);
	runtime->started =
		imp_codec_list(codec, runtime->started, runtime->started_count, &started);
	runtime->readable = imp_codec_flag(codec, runtime->readable);
	runtime->unreadable_reason = imp_codec_line(codec, runtime->unreadable_reason);
}

static void code_whole(struct imp_codec *codec, struct whole *whole)
{
	static const struct imp_codec_element warning = {sizeof(struct imp_warning), 4,
							 code_warning};

	code_layers(codec, &whole->analysis);
	code_findings(codec, &whole->findings);
	code_all_dropped(codec, whole);
	whole->analysis.main_layers = imp_codec_list(codec, whole->analysis.main_layers,
						     whole->findings.count, &number16);
	code_base(codec, &whole->analysis.base);
	if (imp_codec_flag(codec, whole->analysis.dockerfile != NULL)) {
		whole->analysis.dockerfile = &whole->dockerfile;
		code_dockerfile(codec, &whole->dockerfile);
	}
	if (imp_codec_flag(codec, whole->analysis.packages != NULL)) {
		whole->analysis.packages = &whole->packages;
		whole->analysis.runtime = &whole->runtime;
		code_evidence(codec, whole);
	}
	whole->warning_count = code_count(codec, whole->warning_count);
	whole->warnings =
		imp_codec_list(codec, whole->warnings, whole->warning_count, &warning);
}

void imp_stored_write(const struct imp_analysis *analysis, size_t first_warning,
		      struct imp_strbuf *out)
{
	size_t count = imp_warnings_count(analysis->warnings) - first_warning;
	imp_auto_free struct imp_warning *warnings =
		imp_xcalloc(count + 1, sizeof(*warnings));
	struct imp_codec codec = {.out = out};
	struct whole whole = {
		.analysis = *analysis,
		.findings = *analysis->findings,
		.warnings = warnings,
		.warning_count = count,
	};

	if (analysis->dockerfile)
		whole.dockerfile = *analysis->dockerfile;
	if (analysis->packages) {
		whole.packages = *analysis->packages;
		whole.runtime = *analysis->runtime;
	}
	for (size_t i = 0; i < count; i++)
		warnings[i] = *imp_warnings_get(analysis->warnings, first_warning + i);
	code_whole(&codec, &whole);
}

static bool finding_fits(const struct imp_finding *finding, size_t layers)
{
	for (size_t i = 0; i < finding->layer_count; i++)
		if (finding->layers[i] >= layers)
			return false;
	return finding->hidden_by == IMP_NOT_HIDDEN || finding->hidden_by < layers;
}

/* The numbers of layers are those of the image. */
static bool fits(const struct whole *whole, const struct imp_image *image)
{
	size_t layers = image->layer_count;

	if (whole->analysis.base.layer_count > layers ||
	    (whole->analysis.dockerfile && whole->dockerfile.layer_count != layers))
		return false;
	for (size_t i = 0; i < whole->findings.count; i++)
		if (whole->analysis.main_layers[i] >= layers &&
		    whole->analysis.main_layers[i] != UINT16_MAX)
			return false;
	if (whole->analysis.layer_count != layers || whole->findings.base_layers > layers)
		return false;
	for (size_t i = 0; i < whole->findings.count; i++)
		if (!finding_fits(&whole->findings.list[i], layers))
			return false;
	for (size_t i = 0; i < whole->warning_count; i++)
		if (whole->warnings[i].layer >= (int)layers)
			return false;
	return true;
}

/* Sums of the layers, and the rest of them that the image says. */
static void complete_layers(struct imp_analysis *analysis, const struct imp_image *image,
			    struct imp_arena *arena)
{
	struct imp_analysed_layer *layers =
		imp_arena_array(arena, image->layer_count + 1, sizeof(*layers));

	for (size_t i = 0; i < image->layer_count; i++) {
		layers[i] = analysis->layers[i];
		layers[i].summary.blob_digest = image->layers[i].blob.digest;
		layers[i].diff_id = image->layers[i].diff_id;
		layers[i].media_type = image->layers[i].blob.media_type;
		layers[i].instruction = image->layers[i].instruction;
		layers[i].cached = true;
		analysis->pull_bytes += layers[i].summary.pull_bytes;
		analysis->tar_bytes += layers[i].summary.tar_bytes;
		analysis->disk_bytes += layers[i].summary.disk_bytes;
		analysis->entries += layers[i].summary.entries;
	}
	analysis->layers = layers;
}

/* The ledger: what live and dead files weigh is what the layers hold, and each class counts. */
static bool adds_up(const struct whole *whole)
{
	const struct imp_analysis *analysis = &whole->analysis;
	const struct imp_findings *findings = &whole->findings;
	uint64_t disk_bytes = 0, live = 0;

	for (int fate = 0; fate < IMP_FATES; fate++)
		disk_bytes += analysis->fates[fate].disk_bytes;
	for (size_t i = 0; i < findings->class_count; i++)
		live += findings->classes[i].sum.disk_bytes;
	return disk_bytes == analysis->disk_bytes &&
	       live == analysis->fates[IMP_FATE_LIVE].disk_bytes;
}

int imp_stored_load(struct imp_slice bytes, const struct imp_image *image,
		    struct imp_warnings *warnings, struct imp_arena *arena,
		    struct imp_analysis **out, struct imp_error *err)
{
	struct imp_codec codec = {.rest = bytes, .arena = arena};
	struct whole *whole = imp_arena_alloc(arena, sizeof(*whole));

	code_whole(&codec, whole);
	if (codec.damaged || codec.rest.len > 0 || !fits(whole, image))
		return imp_fail(err, IMP_E_FORMAT, "malformed stored analysis");
	complete_layers(&whole->analysis, image, arena);
	if (!adds_up(whole))
		return imp_fail(err, IMP_E_FORMAT, "stored analysis does not add up");
	for (size_t i = 0; i < whole->warning_count; i++)
		imp_warnings_add(warnings, whole->warnings[i].code,
				 whole->warnings[i].layer, whole->warnings[i].path, "%s",
				 whole->warnings[i].message);
	whole->analysis.image = image;
	whole->analysis.findings = &whole->findings;
	whole->analysis.warnings = warnings;
	whole->analysis.complete = true;
	*out = &whole->analysis;
	return 0;
}
