#include "imgprof/blame.h"

#include "compare_priv.h"
#include "imgprof/cleanup.h"
#include "imgprof/glob.h"
#include "imgprof/select.h"

static uint64_t watched(const struct imp_analysis *image,
			const struct imp_blame_scope *scope)
{
	uint64_t bytes = image->disk_bytes;

	if (scope->path.len)
		imp_select_path(image->tree, scope->path, &bytes);
	else if (scope->has_class)
		imp_select_class(image->findings, scope->class, &bytes);
	return bytes;
}

/* A layer that two tags have is read for the first of them. */
static size_t count_read(const struct imp_analysis *image, struct imp_map *seen,
			 struct imp_arena *arena)
{
	size_t read = 0;

	for (size_t i = 0; i < image->layer_count; i++) {
		struct imp_digest digest = imp_layer_digest(image, i);
		struct imp_slice key = imp_slice((const char *)&digest, sizeof(digest));
		if (image->layers[i].missing || imp_map_get(seen, key, NULL))
			continue;
		imp_map_set(seen, imp_arena_copy(arena, key), 1);
		read += !image->layers[i].cached;
	}
	return read;
}

void imp_blame_measure(const struct imp_analysis *image,
		       const struct imp_blame_scope *scope, struct imp_map *seen,
		       struct imp_arena *arena, struct imp_blame_row *row)
{
	const struct imp_config *config = &image->image->config;

	row->readable = true;
	row->complete = image->complete;
	row->pull_bytes = image->pull_bytes;
	row->disk_bytes = image->disk_bytes;
	row->reclaimable_bytes = imp_total_of(image, IMP_TOTAL_RECLAIMABLE);
	row->watched_bytes = watched(image, scope);
	row->layers = image->layer_count;
	row->layers_read = count_read(image, seen, arena);
	row->revision = imp_arena_copy(
		arena, imp_annotation(config->labels, config->label_count,
				      "org.opencontainers.image.revision"));
}

/* GLOB matches PATH or a folder that it is in. */
static bool is_below(struct imp_slice glob, struct imp_slice path)
{
	for (size_t i = 0; i <= path.len; i++)
		if ((i == path.len || path.data[i] == '/') &&
		    imp_glob_path(glob, imp_slice(path.data, i)))
			return true;
	return false;
}

/* The layer that wrote PATH, or that it was in when it went. */
static void find_layer(const struct imp_diff_path *path,
		       const struct imp_analysis *before,
		       const struct imp_analysis *after, struct imp_diff_reason *out)
{
	const struct imp_analysis *image = after;

	out->layer = path->after_layer;
	if (out->layer == IMP_NONE) {
		out->layer = path->before_layer;
		out->layer_is_before = true;
		image = before;
	}
	if (out->layer >= image->layer_count)
		return;
	out->layers = 1;
	out->instruction = image->layers[out->layer].instruction;
	out->line = imp_analysis_line(image, out->layer);
}

static bool path_cause(const struct imp_diff *diff, const struct imp_analysis *before,
		       const struct imp_analysis *after, struct imp_slice glob,
		       struct imp_diff_reason *out)
{
	for (size_t i = 0; i < diff->path_count; i++) {
		const struct imp_diff_path *path = &diff->paths[i];
		if (path->sum.disk.before == path->sum.disk.after ||
		    !is_below(glob, path->path))
			continue;
		*out = (struct imp_diff_reason){
			.kind = IMP_REASON_FOLDER,
			.subject = path->path,
			.state = path->state,
			.sum = path->sum,
		};
		find_layer(path, before, after, out);
		return true;
	}
	return false;
}

static bool is_of_class(const struct imp_diff_reason *reason,
			const struct imp_blame_scope *scope)
{
	return !scope->has_class ||
	       strcmp(reason->class_name, imp_class_name(scope->class)) == 0;
}

/* The largest cause; of a class that changed, one of that class where there is one. */
static bool any_cause(const struct imp_diff *diff, const struct imp_blame_scope *scope,
		      struct imp_diff_reason *out)
{
	for (size_t i = 0; i < diff->reason_count; i++) {
		if (!is_of_class(&diff->reasons[i], scope))
			continue;
		*out = diff->reasons[i];
		return true;
	}
	if (diff->reason_count == 0)
		return false;
	*out = diff->reasons[0];
	return true;
}

static struct imp_diff_reason keep(const struct imp_diff_reason *reason,
				   struct imp_arena *arena)
{
	struct imp_diff_reason kept = *reason;

	kept.subject = imp_arena_copy(arena, reason->subject);
	kept.manager = imp_arena_text(arena, reason->manager ? reason->manager : "");
	kept.rule = imp_arena_text(arena, reason->rule ? reason->rule : "");
	kept.title = imp_arena_text(arena, reason->title ? reason->title : "");
	kept.class_name =
		imp_arena_text(arena, reason->class_name ? reason->class_name : "");
	kept.version_before = imp_arena_copy(arena, reason->version_before);
	kept.version_after = imp_arena_copy(arena, reason->version_after);
	kept.instruction = imp_arena_copy(arena, reason->instruction);
	return kept;
}

void imp_blame_compare(const struct imp_analysis *before,
		       const struct imp_analysis *after,
		       const struct imp_blame_scope *scope, struct imp_arena *arena,
		       struct imp_blame_row *row)
{
	imp_auto_destroy(imp_arena) struct imp_arena *scratch = imp_arena_create();
	const struct imp_diff_options options = {
		.tool_version = {"", ""},
		.rules_version = {"", ""},
		.no_nodes = true,
	};
	struct imp_diff_reason cause;
	struct imp_diff diff;

	row->has_change = true;
	row->change =
		(struct imp_before_after){watched(before, scope), row->watched_bytes};
	if (row->change.before == row->change.after)
		return;
	imp_diff_images(before, after, &options, scratch, &diff);
	row->has_cause = scope->path.len
				 ? path_cause(&diff, before, after, scope->path, &cause)
				 : any_cause(&diff, scope, &cause);
	if (row->has_cause)
		row->cause = keep(&cause, arena);
}
