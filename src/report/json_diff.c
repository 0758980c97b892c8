/* -o json of a diff: one document, "imgprof/1", kind "diff" (design section 4). */
#include "json_diff.h"

#include "imgprof/cleanup.h"

static void write_before_after(struct imp_json_writer *w, const char *key,
			       struct imp_before_after figure)
{
	imp_json_key(w, key);
	imp_json_open(w, '{');
	imp_json_member_u64(w, "before", figure.before);
	imp_json_member_u64(w, "after", figure.after);
	imp_json_key(w, "change");
	imp_json_i64(w, (int64_t)(figure.after - figure.before));
	imp_json_close(w, '}');
}

static void write_sum(struct imp_json_writer *w, const char *key,
		      const struct imp_change_sum *sum)
{
	imp_json_key(w, key);
	imp_json_open(w, '{');
	write_before_after(w, "pull_bytes", sum->pull);
	write_before_after(w, "disk_bytes", sum->disk);
	imp_json_close(w, '}');
}

static void write_side(struct imp_json_writer *w, const char *key,
		       const struct imp_diff_side *side)
{
	imp_json_key(w, key);
	if (!side->reference) {
		imp_json_null(w);
		return;
	}
	imp_json_open(w, '{');
	imp_json_member_raw(w, "reference", imp_slice_of(side->reference));
	imp_json_digest(w, "digest", &side->digest);
	imp_json_platform(w, &side->platform);
	imp_json_time(w, "created", side->has_created, side->created_ns);
	imp_json_member_bool(w, "complete", side->complete);
	imp_json_member_u64(w, "layers", side->layer_count);
	imp_json_base(w, &side->base);
	imp_json_key(w, "tool");
	imp_json_open(w, '{');
	imp_json_member_text(w, "version", side->tool_version);
	imp_json_member_text(w, "rules", side->rules_version);
	imp_json_close(w, '}');
	imp_json_close(w, '}');
}

static bool is_count(enum imp_total total)
{
	return total == IMP_TOTAL_FILES || total == IMP_TOTAL_ENTRIES;
}

static void write_totals(struct imp_json_writer *w, const struct imp_diff *diff)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};

	imp_json_key(w, "totals");
	imp_json_open(w, '{');
	for (int total = 0; total < IMP_TOTALS; total++) {
		imp_strbuf_reset(&name);
		imp_strbuf_printf(&name, "%s%s", imp_total_name((enum imp_total)total),
				  is_count((enum imp_total)total) ? "" : "_bytes");
		write_before_after(w, name.data, diff->totals[total]);
	}
	imp_json_close(w, '}');
}

static void write_origin(struct imp_json_writer *w, const struct imp_diff *diff)
{
	imp_json_key(w, "origin");
	if (!diff->origin_known) {
		imp_json_null(w);
		return;
	}
	imp_json_open(w, '{');
	write_sum(w, "base", &diff->base);
	write_sum(w, "own", &diff->own);
	imp_json_close(w, '}');
}

static void write_figures(struct imp_json_writer *w, const struct imp_diff *diff)
{
	imp_json_member_bool(w, "rules_differ", diff->rules_differ);
	write_totals(w, diff);
	imp_json_member_u64(w, "new_layer_bytes", diff->new_layer_bytes);
	imp_json_member_u64(w, "new_layers", diff->new_layers);
	imp_json_member_known(w, "chain_break", diff->chain_break != IMP_NONE,
			      diff->chain_break);
	write_origin(w, diff);
}

static void write_diff(struct imp_json_file *file, const struct imp_diff *diff,
		       const struct imp_report_options *options)
{
	imp_json_member_text(&file->w, "name", diff->name);
	write_side(&file->w, "before", &diff->before);
	write_side(&file->w, "after", &diff->after);
	write_figures(&file->w, diff);
	imp_json_diff_reasons(file, diff, options->top);
	imp_json_diff_layers(file, diff);
	imp_json_diff_packages(file, diff, options->top);
	imp_json_diff_classes(file, diff);
	imp_json_diff_findings(file, diff, options->top);
	imp_json_diff_settings(file, diff);
	imp_json_diff_attributes(file, diff, options->top);
	imp_json_diff_paths(file, diff, options->top);
	if (!options->no_tree && diff->node_count > 0)
		imp_json_diff_nodes(file, diff);
}

void imp_json_diff_pairs(struct imp_json_file *file, const struct imp_diff_set *set,
			 const struct imp_report_options *options)
{
	imp_json_key(&file->w, "pairs");
	imp_json_open(&file->w, '[');
	for (size_t i = 0; i < set->count; i++) {
		imp_json_open(&file->w, '{');
		write_diff(file, set->list[i], options);
		imp_json_close(&file->w, '}');
	}
	imp_json_close(&file->w, ']');
}

void imp_json_diff_distinct(struct imp_json_file *file, const struct imp_diff_set *set)
{
	write_sum(&file->w, "distinct", &set->distinct);
}

int imp_json_write_diff(const struct imp_report *report,
			const struct imp_report_options *options, FILE *out,
			struct imp_error *err)
{
	const struct imp_diff_set *set = report->diffs;
	struct imp_json_file file;

	imp_json_file_init(&file, out, 1);
	imp_json_open(&file.w, '{');
	imp_json_member_text(&file.w, "schema", "imgprof/1");
	imp_json_member_text(&file.w, "kind", imp_report_kind_name(IMP_REPORT_DIFF));
	imp_json_tool(&file.w, options);
	imp_json_member_bool(&file.w, "complete", set->complete);
	if (options->top)
		imp_json_member_u64(&file.w, "top", options->top);
	imp_json_diff_distinct(&file, set);
	if (set->count == 1)
		write_diff(&file, set->list[0], options);
	else
		imp_json_diff_pairs(&file, set, options);
	imp_json_close(&file.w, '}');
	imp_strbuf_add_char(&file.buffer, '\n');
	imp_json_file_finish(&file);
	return imp_report_end(out, err);
}
