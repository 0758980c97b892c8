/* Packages and what the image runs, as json and ndjson write them. */
#include "imgprof/cleanup.h"
#include "packages.h"
#include "writer_priv.h"

static void write_optional(struct imp_json_writer *w, const char *key,
			   struct imp_slice text)
{
	if (text.len > 0)
		imp_json_member_raw(w, key, text);
	else
		imp_json_member_text(w, key, NULL);
}

static void write_also(struct imp_json_writer *w, const struct imp_packages *packages,
		       const struct imp_package_row *row)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};

	imp_json_key(w, "also");
	imp_json_open(w, '[');
	for (size_t i = 0; i < row->also_count; i++) {
		imp_strbuf_reset(&name);
		imp_report_package_name(packages, row->also[i], &name);
		imp_json_string(w, imp_strbuf_slice(&name));
	}
	imp_json_close(w, ']');
}

static void write_reached(struct imp_json_writer *w, const struct imp_analysis *image,
			  uint32_t package)
{
	const struct imp_runtime *runtime = image->runtime;

	imp_json_member_bool(w, "reached", runtime && runtime->package_reached[package]);
	imp_json_member_text(w, "reached_by",
			     runtime ? runtime->package_reason[package] : NULL);
}

static void write_flags(struct imp_json_writer *w, unsigned flags)
{
	imp_json_key(w, "flags");
	imp_json_open(w, '[');
	for (unsigned bit = 0; imp_package_flag_name(bit); bit++)
		if (flags & 1u << bit)
			imp_json_text(w, imp_package_flag_name(bit));
	imp_json_close(w, ']');
}

static void write_path(struct imp_json_writer *w, const char *key,
		       const struct imp_tree *tree, uint32_t node)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	imp_json_key(w, key);
	if (node == IMP_NONE) {
		imp_json_null(w);
		return;
	}
	imp_tree_path(tree, node, &path);
	imp_json_string(w, imp_strbuf_slice(&path));
}

static void write_row(struct imp_json_writer *w, const struct imp_analysis *image,
		      const struct imp_package_row *row)
{
	const struct imp_package *package = &image->packages->list[row->package];

	imp_json_member_text(w, "manager", imp_manager_name(package->manager));
	imp_json_member_raw(w, "name", package->name);
	imp_json_member_u64(w, "number", row->package);
	write_optional(w, "version", package->version);
	write_optional(w, "source", package->source);
	imp_json_member_text(w, "purl", package->purl);
	write_flags(w, package->flags);
	write_also(w, image->packages, row);
	imp_json_sum(w, package->sum);
	imp_json_key(w, "layers");
	imp_json_open(w, '[');
	for (size_t i = 0; i < row->layer_count; i++)
		imp_json_u64(w, row->layers[i]);
	imp_json_close(w, ']');
	write_path(w, "home", image->tree, package->home);
	write_reached(w, image, row->package);
	if (package->architecture.len > 0)
		imp_json_member_raw(w, "architecture", package->architecture);
	if (package->section.len > 0)
		imp_json_member_raw(w, "section", package->section);
	if (package->tool && package->tool[0])
		imp_json_member_text(w, "tool", package->tool);
}

static void write_bucket(struct imp_json_writer *w, const char *name, struct imp_sum sum,
			 const struct imp_json_rows *around)
{
	around->begin(around->user);
	imp_json_member_text(w, "manager", NULL);
	imp_json_member_text(w, "name", name);
	imp_json_member_text(w, "version", NULL);
	imp_json_member_text(w, "source", NULL);
	imp_json_member_text(w, "purl", NULL);
	write_flags(w, 0);
	imp_json_key(w, "also");
	imp_json_open(w, '[');
	imp_json_close(w, ']');
	imp_json_sum(w, sum);
	imp_json_key(w, "layers");
	imp_json_open(w, '[');
	imp_json_close(w, ']');
	around->end(around->user);
}

/* The rows that close both sums: packages left out, bytes that no package owns, dead bytes, and
 * what no file has. */
static void write_buckets(struct imp_json_writer *w, const struct imp_analysis *image,
			  const struct imp_package_rows *rows,
			  const struct imp_json_rows *around)
{
	struct imp_sum overhead = {.pull_bytes = imp_report_overhead_pull(image)};
	struct imp_sum unread = {.pull_bytes = imp_report_unread_pull(image)};

	if (rows->left_out_count > 0)
		write_bucket(w, "[other]", rows->left_out, around);
	write_bucket(w, "[no package]",
		     image->packages ? image->packages->unowned
				     : image->fates[IMP_FATE_LIVE],
		     around);
	write_bucket(w, "[wasted]", imp_report_wasted(image), around);
	write_bucket(w, "[overhead]", overhead, around);
	if (unread.pull_bytes)
		write_bucket(w, "[not read]", unread, around);
}

void imp_json_packages(struct imp_json_writer *w, const struct imp_analysis *image,
		       const struct imp_report_options *options,
		       const struct imp_json_rows *around)
{
	imp_auto(imp_package_rows_finish) struct imp_package_rows rows = {0};

	imp_package_rows_make(&rows, image, &options->filter, options->top);
	for (size_t i = 0; i < rows.count; i++) {
		around->begin(around->user);
		write_row(w, image, &rows.list[i]);
		around->end(around->user);
	}
	write_buckets(w, image, &rows, around);
}

void imp_json_dropped(struct imp_json_writer *w, const struct imp_analysis *image,
		      size_t index)
{
	const struct imp_dropped *dropped = &image->findings->dropped[index];

	imp_json_member_text(w, "rule", dropped->rule);
	imp_json_member_raw(w, "subject", dropped->subject);
	imp_json_member_text(w, "anchor", dropped->anchor);
	imp_json_member_text(w, "evidence", dropped->evidence);
	imp_json_sum(w, dropped->sum);
	imp_json_member_bool(w, "subject_is_path", image->dropped_paths[index]);
}

static void write_started(struct imp_json_writer *w, const struct imp_analysis *image)
{
	const struct imp_runtime *runtime = image->runtime;

	imp_json_key(w, "started");
	imp_json_open(w, '[');
	for (size_t i = 0; i < runtime->started_count; i++) {
		const struct imp_started *started = &runtime->started[i];
		imp_json_open(w, '{');
		imp_json_member_text(w, "origin", started->origin);
		imp_json_member_list(w, "argv", started->argv, started->argc);
		write_path(w, "program", image->tree, started->program);
		write_path(w, "script", image->tree, started->script);
		imp_json_member_known(w, "parent", started->parent != IMP_NONE,
				      started->parent);
		imp_json_member_bool(w, "certain", started->certain);
		imp_json_close(w, '}');
	}
	imp_json_close(w, ']');
}

static void write_anchors(struct imp_json_writer *w, const struct imp_runtime *runtime)
{
	imp_json_key(w, "anchors");
	imp_json_open(w, '[');
	for (int anchor = 0; anchor < IMP_ANCHORS; anchor++) {
		const struct imp_anchor_fact *fact = &runtime->anchors[anchor];
		imp_json_open(w, '{');
		imp_json_member_text(w, "anchor",
				     imp_anchor_name((enum imp_anchor)anchor));
		imp_json_member_text(w, "state", imp_anchor_state_name(fact->state));
		imp_json_member_text(w, "evidence", fact->evidence);
		imp_json_close(w, '}');
	}
	imp_json_close(w, ']');
}

static void write_managers(struct imp_json_writer *w, const struct imp_analysis *image)
{
	struct imp_manager_sum sums[IMP_MANAGERS];

	imp_manager_sums(image, sums);
	imp_json_key(w, "managers");
	imp_json_open(w, '[');
	for (int manager = 0; manager < IMP_MANAGERS; manager++) {
		if (sums[manager].packages == 0)
			continue;
		imp_json_open(w, '{');
		imp_json_member_text(w, "manager",
				     imp_manager_name((enum imp_manager)manager));
		imp_json_member_u64(w, "packages", sums[manager].packages);
		imp_json_member_u64(w, "disk_bytes", sums[manager].sum.disk_bytes);
		imp_json_member_u64(w, "pull_bytes", sums[manager].sum.pull_bytes);
		imp_json_member_u64(w, "reached_packages", sums[manager].reached);
		imp_json_member_u64(w, "reached_bytes",
				    sums[manager].reached_sum.disk_bytes);
		imp_json_close(w, '}');
	}
	imp_json_close(w, ']');
}

static void write_runtime(struct imp_json_writer *w, const struct imp_analysis *image)
{
	const struct imp_runtime *runtime = image->runtime;

	imp_json_key(w, "runtime");
	if (!runtime) {
		imp_json_null(w);
		return;
	}
	imp_json_open(w, '{');
	imp_json_member_bool(w, "readable", runtime->readable);
	imp_json_member_text(w, "reason", runtime->unreadable_reason);
	write_started(w, image);
	write_anchors(w, runtime);
	write_managers(w, image);
	imp_json_member_known(w, "opened_files", runtime->opened, runtime->opened_files);
	imp_json_close(w, '}');
}

static void write_unreadable(struct imp_json_writer *w,
			     const struct imp_packages *packages)
{
	imp_json_key(w, "unreadable");
	imp_json_open(w, '[');
	for (size_t i = 0; packages && i < packages->unreadable_count; i++) {
		const struct imp_unreadable *unreadable = &packages->unreadable[i];
		imp_json_open(w, '{');
		imp_json_member_text(w, "manager", imp_manager_name(unreadable->manager));
		imp_json_member_raw(w, "path", unreadable->path);
		imp_json_member_text(w, "reason", unreadable->reason);
		imp_json_close(w, '}');
	}
	imp_json_close(w, ']');
}

void imp_json_evidence(struct imp_json_writer *w, const struct imp_analysis *image,
		       const struct imp_report_filter *filter)
{
	write_runtime(w, image);
	write_unreadable(w, image->packages);
	imp_json_key(w, "filter");
	imp_json_open(w, '{');
	imp_json_member_text(w, "manager",
			     filter->has_manager ? imp_manager_name(filter->manager)
						 : NULL);
	imp_json_member_bool(w, "ignore_base", filter->ignore_base);
	imp_json_close(w, '}');
}
