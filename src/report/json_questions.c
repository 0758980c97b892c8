/* `why`, `what_if`, `recompress` and `fixes` of an image in json: there when they were asked for. */
#include "fixes.h"
#include "imgprof/cleanup.h"
#include "imgprof/recompress.h"
#include "packages.h"
#include "what_if.h"
#include "why.h"
#include "writer_priv.h"

static void write_path(struct imp_json_writer *w, const struct imp_tree *tree,
		       uint32_t node)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	imp_tree_path(tree, node, &path);
	imp_json_string(w, imp_strbuf_slice(&path));
}

static void write_package(struct imp_json_writer *w, const struct imp_packages *packages,
			  uint32_t package)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};

	imp_report_package_name(packages, package, &name);
	imp_json_string(w, imp_strbuf_slice(&name));
}

static void write_sum(struct imp_json_writer *w, const char *key, struct imp_sum sum)
{
	imp_json_key(w, key);
	imp_json_open(w, '{');
	imp_json_sum(w, sum);
	imp_json_close(w, '}');
}

static void write_record(struct imp_json_writer *w, const struct imp_analysis *image,
			 uint32_t number)
{
	const struct imp_record *record = imp_tree_record(image->tree, number);
	bool has_fate = imp_report_has_fate(record);

	imp_json_open(w, '{');
	imp_json_member_u64(w, "layer", record->layer);
	imp_json_member_text(w, "type", imp_entry_type_name(record->type));
	imp_json_member_u64(w, "disk_bytes", record->disk_bytes);
	imp_json_member_u64(w, "pull_bytes", record->pull_bytes);
	imp_json_member_text(
		w, "fate", has_fate ? imp_fate_name((enum imp_fate)record->fate) : NULL);
	imp_json_member_known(w, "hidden_by",
			      has_fate && record->hidden_by != IMP_NOT_HIDDEN,
			      record->hidden_by);
	imp_json_member_text(w, "finding", imp_report_finding(image, number));
	imp_json_close(w, '}');
}

static void write_written(struct imp_json_writer *w, const struct imp_analysis *image,
			  uint32_t node)
{
	imp_json_key(w, "written");
	imp_json_open(w, '[');
	for (uint32_t r = imp_tree_node(image->tree, node)->newest; r != IMP_NONE;
	     r = imp_tree_record(image->tree, r)->older)
		write_record(w, image, r);
	imp_json_close(w, ']');
}

static void write_findings(struct imp_json_writer *w, const struct imp_analysis *image,
			   const struct imp_why *why)
{
	imp_json_key(w, "findings");
	imp_json_open(w, '[');
	for (size_t i = 0; i < why->finding_count; i++) {
		imp_json_open(w, '{');
		imp_json_member_text(w, "id",
				     image->findings->list[why->findings[i].number].id);
		imp_json_sum(w, why->findings[i].sum);
		imp_json_close(w, '}');
	}
	imp_json_close(w, ']');
	imp_json_key(w, "dropped");
	imp_json_open(w, '[');
	for (size_t i = 0; i < why->dropped_count; i++) {
		imp_json_open(w, '{');
		imp_json_dropped(w, image, why->dropped[i]);
		imp_json_close(w, '}');
	}
	imp_json_close(w, ']');
}

static void write_owners(struct imp_json_writer *w, const struct imp_analysis *image,
			 const struct imp_why *why)
{
	imp_json_key(w, "owners");
	imp_json_open(w, '[');
	for (size_t i = 0; i < why->owner_count; i++) {
		imp_json_open(w, '{');
		imp_json_key(w, "owner");
		write_package(w, image->packages, why->owners[i].number);
		imp_json_sum(w, why->owners[i].sum);
		imp_json_close(w, '}');
	}
	imp_json_close(w, ']');
	imp_json_key(w, "needed_by");
	imp_json_open(w, '[');
	for (size_t i = 0; i < why->holders_total && i < IMP_WHY_HOLDERS; i++)
		write_package(w, image->packages, why->holders[i]);
	imp_json_close(w, ']');
}

/* Of a file, what reaches it. */
static void write_reached(struct imp_json_writer *w, const struct imp_analysis *image,
			  const struct imp_why *why)
{
	const struct imp_runtime *runtime = image->runtime;
	bool file = runtime && why->file != IMP_NONE;
	bool package = file && why->owner != IMP_NONE;

	imp_json_member_text(w, "class",
			     why->file == IMP_NONE ? NULL
						   : imp_report_class(image, why->file));
	imp_json_member_bool(w, "reached", file && runtime->reached[why->file]);
	imp_json_key(w, "reached_from");
	imp_json_open(w, '[');
	for (size_t i = 0; i < why->chain_count; i++)
		write_path(w, image->tree,
			   imp_tree_record(image->tree, why->chain[i])->node);
	imp_json_close(w, ']');
	imp_json_member_text(w, "reached_by",
			     package && runtime->package_reached[why->owner]
				     ? runtime->package_reason[why->owner]
				     : NULL);
}

static void write_answer(struct imp_json_writer *w, const struct imp_analysis *image,
			 const char *path)
{
	uint32_t node = imp_why_find(image, path);
	imp_auto(imp_why_finish) struct imp_why why = {0};

	imp_json_open(w, '{');
	if (node == IMP_NONE) {
		imp_json_member_text(w, "path", path);
		imp_json_member_bool(w, "found", false);
		imp_json_close(w, '}');
		return;
	}
	imp_why_make(&why, image, node);
	imp_json_key(w, "path");
	write_path(w, image->tree, node);
	imp_json_member_bool(w, "found", true);
	write_sum(w, "live", why.live);
	write_sum(w, "hidden", why.hidden);
	write_written(w, image, node);
	write_reached(w, image, &why);
	write_owners(w, image, &why);
	write_findings(w, image, &why);
	imp_json_close(w, '}');
}

static void write_pair(struct imp_json_writer *w, const char *key, uint64_t disk,
		       uint64_t pull)
{
	imp_json_key(w, key);
	imp_json_open(w, '{');
	imp_json_member_u64(w, "disk_bytes", disk);
	imp_json_member_u64(w, "pull_bytes", pull);
	imp_json_close(w, '}');
}

static void write_what_if_terms(struct imp_json_writer *w,
				const struct imp_analysis *image,
				const struct imp_report_questions *questions,
				const struct imp_what_if *what_if)
{
	imp_json_key(w, "without");
	imp_json_open(w, '[');
	for (size_t i = 0; i < questions->without_count; i++)
		imp_json_text(w, questions->without[i]);
	imp_json_close(w, ']');
	imp_json_member_text(w, "basis", imp_what_if_basis);
	imp_json_key(w, "findings");
	imp_json_open(w, '[');
	for (size_t i = 0; i < image->findings->count; i++)
		if (what_if->chosen[i])
			imp_json_text(w, image->findings->list[i].id);
	imp_json_close(w, ']');
}

static void write_what_if(struct imp_json_writer *w, const struct imp_analysis *image,
			  const struct imp_report_questions *questions)
{
	imp_auto(imp_what_if_finish) struct imp_what_if what_if;

	imp_what_if_make(&what_if, image, questions);
	imp_json_key(w, "what_if");
	imp_json_open(w, '{');
	write_what_if_terms(w, image, questions, &what_if);
	write_sum(w, "removed", what_if.sums.removed);
	write_sum(w, "dead_copies", what_if.sums.dead_copies);
	write_pair(w, "before", image->disk_bytes, image->pull_bytes);
	write_pair(w, "after", what_if.sums.disk_bytes, what_if.sums.pull_bytes);
	imp_json_key(w, "layers");
	imp_json_open(w, '[');
	for (size_t i = 0; i < image->layer_count; i++) {
		const struct imp_profile_summary *now = &image->layers[i].summary;
		imp_json_open(w, '{');
		imp_json_member_u64(w, "index", i);
		write_pair(w, "before", now->disk_bytes, now->pull_bytes);
		write_pair(w, "after", what_if.sums.layers[i].disk_bytes,
			   what_if.sums.layers[i].pull_bytes);
		imp_json_close(w, '}');
	}
	imp_json_close(w, ']');
	imp_json_close(w, '}');
}

static void write_recompressed_layer(struct imp_json_writer *w,
				     const struct imp_analysis *image,
				     const struct imp_recompress_layer *layer,
				     size_t index)
{
	imp_json_open(w, '{');
	imp_json_member_u64(w, "index", index);
	imp_json_member_u64(w, "before_bytes", image->layers[index].summary.pull_bytes);
	imp_json_member_known(w, "pull_bytes", layer->known, layer->pull_bytes);
	imp_json_member_known(w, "error_bytes", layer->known, layer->error_bytes);
	imp_json_member_bool(w, "whole", layer->whole);
	imp_json_member_u64(w, "sampled_bytes", layer->sampled_bytes);
	imp_json_close(w, '}');
}

static void write_recompress(struct imp_json_writer *w, const struct imp_analysis *image)
{
	char name[IMP_RECOMPRESS_SETTING_TEXT];

	imp_json_key(w, "recompress");
	imp_json_open(w, '[');
	for (size_t i = 0; i < image->recompress->count; i++) {
		const struct imp_recompress_estimate *estimate =
			&image->recompress->list[i];
		imp_json_open(w, '{');
		imp_json_member_text(w, "setting",
				     imp_recompress_text(&estimate->setting, name));
		imp_json_member_text(
			w, "basis",
			"samples of each layer; error_bytes are two standard "
			"errors between samples");
		imp_json_member_u64(w, "before_bytes", image->pull_bytes);
		imp_json_member_u64(w, "pull_bytes", estimate->pull_bytes);
		imp_json_member_u64(w, "error_bytes", estimate->error_bytes);
		imp_json_key(w, "layers");
		imp_json_open(w, '[');
		for (size_t l = 0; l < image->layer_count; l++)
			write_recompressed_layer(w, image, &estimate->layers[l], l);
		imp_json_close(w, ']');
		imp_json_close(w, '}');
	}
	imp_json_close(w, ']');
}

static void write_fixes(struct imp_json_writer *w, const struct imp_analysis *image,
			const struct imp_report_filter *filter)
{
	imp_auto(imp_fixes_finish) struct imp_fixes fixes;

	imp_fixes_make(&fixes, image, filter);
	imp_json_key(w, "fixes");
	imp_json_open(w, '[');
	for (size_t i = 0; i < fixes.count; i++) {
		const struct imp_fix_step *step = &fixes.list[i];
		imp_json_open(w, '{');
		imp_json_member_text(w, "kind", step->kind);
		imp_json_member_text(w, "text", step->text);
		imp_json_member_bool(w, "possible", step->possible);
		imp_json_sum(w, step->sum);
		imp_json_key(w, "findings");
		imp_json_open(w, '[');
		for (uint32_t f = step->first; f != IMP_NONE; f = fixes.next[f])
			imp_json_text(w, image->findings->list[f].id);
		imp_json_close(w, ']');
		imp_json_close(w, '}');
	}
	imp_json_close(w, ']');
}

void imp_json_questions(struct imp_json_writer *w, const struct imp_analysis *image,
			const struct imp_report_options *options)
{
	const struct imp_report_questions *questions = &options->questions;

	if (questions->why_count > 0) {
		imp_json_key(w, "why");
		imp_json_open(w, '[');
		for (size_t i = 0; i < questions->why_count; i++)
			write_answer(w, image, questions->why[i]);
		imp_json_close(w, ']');
	}
	if (questions->without_count > 0)
		write_what_if(w, image, questions);
	if (image->recompress)
		write_recompress(w, image);
	if (questions->fixes)
		write_fixes(w, image, &options->filter);
}
