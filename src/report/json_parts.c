/* The objects of design section 4 that both json and ndjson write. */
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "lines.h"
#include "writer_priv.h"

void imp_json_raw_bytes(struct imp_json_writer *w, const char *key, struct imp_slice text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf encoded = {0};

	if (imp_utf8_valid(text))
		return;
	imp_base64_encode(&encoded, text);
	imp_json_key(w, key);
	imp_json_string(w, imp_strbuf_slice(&encoded));
}

void imp_json_member_raw(struct imp_json_writer *w, const char *key,
			 struct imp_slice text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf raw_key = {0};

	imp_json_member_string(w, key, text);
	if (imp_utf8_valid(text))
		return;
	imp_strbuf_printf(&raw_key, "%s_base64", key);
	imp_json_raw_bytes(w, raw_key.data, text);
}

void imp_json_member_list(struct imp_json_writer *w, const char *key,
			  const struct imp_slice *list, size_t count)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf raw = {0};
	bool valid = true;

	imp_json_key(w, key);
	imp_json_open(w, '[');
	for (size_t i = 0; i < count; i++) {
		imp_json_string(w, list[i]);
		valid &= imp_utf8_valid(list[i]);
	}
	imp_json_close(w, ']');
	if (valid)
		return;
	imp_strbuf_printf(&raw, "%s_base64", key);
	imp_json_key(w, raw.data);
	imp_json_open(w, '[');
	for (size_t i = 0; i < count; i++) {
		imp_strbuf_reset(&raw);
		imp_base64_encode(&raw, list[i]);
		imp_json_string(w, imp_strbuf_slice(&raw));
	}
	imp_json_close(w, ']');
}

void imp_json_tool(struct imp_json_writer *w, const struct imp_report_options *options)
{
	struct imp_slice rest = imp_slice_of(options->features);

	imp_json_key(w, "tool");
	imp_json_open(w, '{');
	imp_json_member_text(w, "version", options->version);
	imp_json_member_text(w, "rules", options->rules_version);
	imp_json_key(w, "features");
	imp_json_open(w, '[');
	while (rest.len)
		imp_json_string(w, imp_slice_cut(&rest, ' '));
	imp_json_close(w, ']');
	imp_json_close(w, '}');
}

void imp_json_digest(struct imp_json_writer *w, const char *key,
		     const struct imp_digest *digest)
{
	char text[IMP_DIGEST_TEXT];

	imp_json_member_text(w, key,
			     digest->algorithm == IMP_DIGEST_NONE
				     ? NULL
				     : imp_digest_text(digest, text));
}

void imp_json_time(struct imp_json_writer *w, const char *key, bool known,
		   int64_t time_ns)
{
	char text[IMP_SIZE_TEXT];

	imp_json_member_text(w, key, known ? imp_time_text(time_ns, text) : NULL);
}

void imp_json_platform(struct imp_json_writer *w, const struct imp_platform *platform)
{
	imp_json_key(w, "platform");
	imp_json_open(w, '{');
	imp_json_member_text(w, "os", platform->os);
	imp_json_member_text(w, "architecture", platform->architecture);
	imp_json_member_text(w, "variant",
			     platform->variant[0] ? platform->variant : NULL);
	imp_json_close(w, '}');
}

void imp_json_base(struct imp_json_writer *w, const struct imp_base_image *base)
{
	imp_json_key(w, "base");
	imp_json_open(w, '{');
	imp_json_member_text(w, "origin", imp_base_origin_name(base->origin));
	if (base->name.len > 0)
		imp_json_member_raw(w, "name", base->name);
	else
		imp_json_member_text(w, "name", NULL);
	imp_json_digest(w, "digest", &base->digest);
	imp_json_member_u64(w, "layers", base->layer_count);
	imp_json_close(w, '}');
}

static void write_totals(struct imp_json_writer *w, const struct imp_analysis *image)
{
	const struct imp_findings *findings = image->findings;
	struct imp_sum wasted = imp_report_wasted(image);
	uint64_t files = image->fates[IMP_FATE_LIVE].files + wasted.files;

	imp_json_key(w, "totals");
	imp_json_open(w, '{');
	imp_json_member_u64(w, "pull_bytes", image->pull_bytes);
	imp_json_member_u64(w, "disk_bytes", image->disk_bytes);
	imp_json_member_u64(w, "tar_bytes", image->tar_bytes);
	imp_json_member_u64(w, "live_bytes", image->fates[IMP_FATE_LIVE].disk_bytes);
	imp_json_member_u64(w, "wasted_bytes", wasted.disk_bytes);
	imp_json_member_u64(w, "wasted_pull_bytes", wasted.pull_bytes);
	imp_json_member_u64(w, "reclaimable_bytes", findings->reclaimable.disk_bytes);
	imp_json_member_u64(w, "reclaimable_pull_bytes",
			    findings->reclaimable.pull_bytes);
	imp_json_member_u64(w, "certain_bytes",
			    findings->by_confidence[IMP_CONFIDENCE_CERTAIN].disk_bytes);
	imp_json_member_u64(w, "likely_bytes",
			    findings->by_confidence[IMP_CONFIDENCE_LIKELY].disk_bytes);
	imp_json_member_u64(w, "possible_bytes",
			    findings->by_confidence[IMP_CONFIDENCE_POSSIBLE].disk_bytes);
	imp_json_member_u64(w, "files", files);
	imp_json_member_u64(w, "entries", image->entries);
	imp_json_close(w, '}');
}

void imp_json_sum(struct imp_json_writer *w, struct imp_sum sum)
{
	imp_json_member_u64(w, "files", sum.files);
	imp_json_member_u64(w, "disk_bytes", sum.disk_bytes);
	imp_json_member_u64(w, "pull_bytes", sum.pull_bytes);
}

static void write_fates(struct imp_json_writer *w, const struct imp_sum *fates)
{
	imp_json_key(w, "fates");
	imp_json_open(w, '{');
	for (int fate = 0; fate < IMP_FATES; fate++) {
		imp_json_key(w, imp_fate_name((enum imp_fate)fate));
		imp_json_open(w, '{');
		imp_json_sum(w, fates[fate]);
		imp_json_close(w, '}');
	}
	imp_json_close(w, '}');
}

static void write_classes(struct imp_json_writer *w, const struct imp_findings *findings)
{
	imp_json_key(w, "classes");
	imp_json_open(w, '[');
	for (size_t i = 0; i < findings->class_count; i++) {
		imp_json_open(w, '{');
		imp_json_member_text(w, "class",
				     imp_class_name(findings->classes[i].class));
		imp_json_sum(w, findings->classes[i].sum);
		imp_json_close(w, '}');
	}
	imp_json_close(w, ']');
}

static void write_efficiency(struct imp_json_writer *w, const struct imp_sum *fates)
{
	uint64_t all = 0;

	for (int fate = 0; fate < IMP_FATES; fate++)
		all += fates[fate].disk_bytes;
	imp_json_key(w, "efficiency");
	imp_json_ratio(w, fates[IMP_FATE_LIVE].disk_bytes, all, 4);
}

static void write_dockerfile(struct imp_json_writer *w, const struct imp_dockerfile *file)
{
	imp_json_key(w, "dockerfile");
	if (!file) {
		imp_json_null(w);
		return;
	}
	imp_json_open(w, '{');
	imp_json_member_text(w, "origin", imp_dockerfile_origin_name(file->origin));
	imp_json_key(w, "filename");
	if (file->filename.len > 0)
		imp_json_string(w, file->filename);
	else
		imp_json_null(w);
	imp_json_close(w, '}');
}

void imp_json_image_head(struct imp_json_writer *w, const struct imp_analysis *image)
{
	const struct imp_image *source = image->image;

	imp_json_member_raw(w, "reference", imp_slice_of(source->reference));
	imp_json_digest(w, "digest", &source->digest);
	imp_json_platform(w, &source->platform);
	imp_json_time(w, "created", source->config.has_created,
		      source->config.created_ns);
	imp_json_member_bool(w, "complete", image->complete);
	write_totals(w, image);
	write_efficiency(w, image->fates);
	write_fates(w, image->fates);
	write_classes(w, image->findings);
	write_dockerfile(w, image->dockerfile);
	imp_json_base(w, &image->base);
}

static void write_line(struct imp_json_writer *w, uint32_t line)
{
	imp_json_member_known(w, "line", line != 0, line);
}

static void write_overheads(struct imp_json_writer *w,
			    const struct imp_overhead overheads[IMP_OVERHEADS])
{
	imp_json_key(w, "overheads");
	imp_json_open(w, '{');
	for (int kind = 0; kind < IMP_OVERHEADS; kind++) {
		imp_json_key(w, imp_overhead_name((enum imp_overhead_kind)kind));
		imp_json_open(w, '{');
		imp_json_member_u64(w, "tar_bytes", overheads[kind].tar_bytes);
		imp_json_member_u64(w, "pull_bytes", overheads[kind].pull_bytes);
		imp_json_close(w, '}');
	}
	imp_json_close(w, '}');
}

void imp_json_layer(struct imp_json_writer *w, const struct imp_analysis *image,
		    size_t index)
{
	const struct imp_analysed_layer *layer = &image->layers[index];
	const struct imp_layer_sums *sums = imp_tree_layer(image->tree, index);

	imp_json_member_u64(w, "index", index);
	imp_json_digest(w, "digest", &layer->summary.blob_digest);
	imp_json_digest(w, "diff_id", &layer->diff_id);
	imp_json_member_text(w, "media_type", layer->media_type);
	imp_json_member_text(
		w, "compression",
		layer->missing ? NULL : imp_compression_name(layer->summary.compression));
	imp_json_member_u64(w, "pull_bytes", layer->summary.pull_bytes);
	imp_json_member_u64(w, "tar_bytes", layer->summary.tar_bytes);
	imp_json_member_u64(w, "disk_bytes", layer->summary.disk_bytes);
	imp_json_member_u64(w, "entries", layer->summary.entries);
	write_line(w, imp_analysis_line(image, index));
	imp_json_member_raw(w, "created_by", layer->instruction);
	imp_json_member_u64(w, "added", sums->added);
	imp_json_member_u64(w, "modified", sums->modified);
	imp_json_member_u64(w, "removed", sums->removed);
	write_efficiency(w, sums->fates);
	write_fates(w, sums->fates);
	write_overheads(w, layer->summary.overheads);
	imp_json_member_text(w, "verified", imp_verified_name(layer->verified));
	imp_json_member_bool(w, "complete", !layer->missing && !layer->summary.damaged);
	imp_json_member_u64(w, "can_go_bytes", image->can_go_bytes[index]);
}

static void write_paths(struct imp_json_writer *w, const struct imp_finding *finding,
			uint32_t top)
{
	size_t count = top && top < finding->path_count ? top : finding->path_count;

	imp_json_member_list(w, "paths", finding->paths, count);
	imp_json_member_u64(w, "paths_total", finding->paths_total);
}

static void write_fix(struct imp_json_writer *w, const struct imp_finding *finding)
{
	imp_json_key(w, "fix");
	imp_json_open(w, '{');
	imp_json_member_text(w, "kind", finding->fix_kind);
	imp_json_member_text(w, "text", finding->fix_text);
	imp_json_close(w, '}');
}

void imp_json_finding(struct imp_json_writer *w, const struct imp_analysis *image,
		      size_t index, uint32_t top)
{
	const struct imp_finding *finding = &image->findings->list[index];

	imp_json_member_text(w, "id", finding->id);
	imp_json_member_text(w, "rule", finding->rule);
	imp_json_member_raw(w, "subject", finding->subject);
	imp_json_member_text(w, "class", imp_class_name(finding->class));
	imp_json_member_text(w, "confidence", imp_confidence_name(finding->confidence));
	imp_json_member_bool(w, "partial", finding->partial);
	imp_json_member_bool(w, "in_base", finding->in_base);
	imp_json_member_u64(w, "packages", finding->packages);
	imp_json_member_text(w, "title", finding->title);
	imp_json_member_text(w, "rule_title", finding->rule_title);
	imp_json_key(w, "evidence");
	imp_json_open(w, '[');
	for (size_t i = 0; i < finding->evidence_count; i++)
		imp_json_text(w, finding->evidence[i]);
	imp_json_close(w, ']');
	imp_json_key(w, "layers");
	imp_json_open(w, '[');
	for (size_t i = 0; i < finding->layer_count; i++)
		imp_json_u64(w, finding->layers[i]);
	imp_json_close(w, ']');
	imp_json_member_known(w, "hidden_by", finding->hidden_by != IMP_NOT_HIDDEN,
			      finding->hidden_by);
	imp_json_sum(w, finding->sum);
	write_paths(w, finding, top);
	write_line(w, imp_analysis_finding_line(image, finding));
	write_fix(w, finding);
	if (image->main_layers[index] != UINT16_MAX)
		imp_json_member_u64(w, "main_layer", image->main_layers[index]);
}

void imp_json_warning(struct imp_json_writer *w, const struct imp_warning *warning)
{
	imp_json_member_text(w, "code", warning->code);
	imp_json_key(w, "layer");
	if (warning->layer == IMP_NO_LAYER)
		imp_json_null(w);
	else
		imp_json_i64(w, warning->layer);
	if (warning->path.len)
		imp_json_member_raw(w, "path", warning->path);
	else
		imp_json_member_text(w, "path", NULL);
	imp_json_member_text(w, "message", warning->message);
	imp_json_member_u64(w, "count", warning->count);
}
