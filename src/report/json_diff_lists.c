#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "json_diff.h"

static void write_pair(struct imp_json_writer *w, const char *before, const char *after,
		       const char *change, struct imp_before_after figure)
{
	imp_json_member_u64(w, before, figure.before);
	imp_json_member_u64(w, after, figure.after);
	imp_json_key(w, change);
	imp_json_i64(w, (int64_t)(figure.after - figure.before));
}

/* Six members: before, after and change of disk and of pull bytes. */
static void write_sum(struct imp_json_writer *w, const struct imp_change_sum *sum)
{
	write_pair(w, "before_bytes", "after_bytes", "change_bytes", sum->disk);
	write_pair(w, "before_pull_bytes", "after_pull_bytes", "change_pull_bytes",
		   sum->pull);
}

static void write_state(struct imp_json_writer *w, enum imp_diff_state state)
{
	imp_json_member_text(w, "state", imp_diff_state_name(state));
}

static void write_origin(struct imp_json_writer *w, enum imp_origin origin)
{
	imp_json_member_text(w, "origin", imp_origin_name(origin));
}

static void write_number(struct imp_json_writer *w, const char *key, uint32_t number)
{
	imp_json_member_known(w, key, number != IMP_NONE, number);
}

static void write_line(struct imp_json_writer *w, uint32_t line)
{
	write_number(w, "line", line ? line : IMP_NONE);
}

static void open_list(struct imp_json_file *file, const char *key)
{
	imp_json_key(&file->w, key);
	imp_json_open(&file->w, '[');
}

static void close_list(struct imp_json_file *file)
{
	imp_json_close(&file->w, ']');
}

static void close_row(struct imp_json_file *file)
{
	imp_json_close(&file->w, '}');
	imp_json_file_drain(file);
}

void imp_json_diff_layers(struct imp_json_file *file, const struct imp_diff *diff)
{
	struct imp_json_writer *w = &file->w;

	open_list(file, "layers");
	for (size_t i = 0; i < diff->layer_count; i++) {
		const struct imp_diff_layer *layer = &diff->layers[i];
		imp_json_open(w, '{');
		write_number(w, "before_index", layer->before_index);
		write_number(w, "after_index", layer->after_index);
		imp_json_digest(w, "diff_id", &layer->diff_id);
		imp_json_digest(w, "digest", &layer->digest);
		imp_json_member_raw(w, "created_by", layer->instruction);
		write_line(w, layer->line);
		write_state(w, layer->state);
		imp_json_member_bool(w, "new", layer->is_new);
		write_origin(w, layer->origin);
		write_sum(w, &layer->sum);
		close_row(file);
	}
	close_list(file);
}

static void add_sum(struct imp_change_sum *to, const struct imp_change_sum *more)
{
	to->disk.before += more->disk.before;
	to->disk.after += more->disk.after;
	to->pull.before += more->pull.before;
	to->pull.after += more->pull.after;
}

static void write_package(struct imp_json_file *file,
			  const struct imp_diff_package *package)
{
	struct imp_json_writer *w = &file->w;

	imp_json_open(w, '{');
	imp_json_member_text(w, "manager", package->manager[0] ? package->manager : NULL);
	imp_json_member_raw(w, "name", package->name);
	imp_json_member_list(w, "before_versions", package->before_versions,
			     package->before_version_count);
	imp_json_member_list(w, "after_versions", package->after_versions,
			     package->after_version_count);
	write_state(w, package->state);
	write_origin(w, package->origin);
	write_sum(w, &package->sum);
	close_row(file);
}

static enum imp_diff_state state_of(const struct imp_change_sum *sum)
{
	if (sum->disk.after == sum->disk.before)
		return IMP_DIFF_CHANGED;
	return sum->disk.after > sum->disk.before ? IMP_DIFF_GROWN : IMP_DIFF_SHRUNK;
}

void imp_json_diff_packages(struct imp_json_file *file, const struct imp_diff *diff,
			    uint32_t top)
{
	struct imp_diff_package other = {.manager = "", .name = IMP_SLICE("[other]")};
	uint32_t shown = 0;
	bool cut = false;

	open_list(file, "packages");
	for (size_t i = 0; i < diff->package_count; i++) {
		const struct imp_diff_package *package = &diff->packages[i];
		if (top && package->manager[0] && shown++ >= top) {
			add_sum(&other.sum, &package->sum);
			cut = true;
			continue;
		}
		write_package(file, package);
	}
	other.state = state_of(&other.sum);
	if (cut)
		write_package(file, &other);
	close_list(file);
}

void imp_json_diff_classes(struct imp_json_file *file, const struct imp_diff *diff)
{
	struct imp_json_writer *w = &file->w;

	open_list(file, "classes");
	for (size_t i = 0; i < diff->class_count; i++) {
		imp_json_open(w, '{');
		imp_json_member_text(w, "class", diff->classes[i].name);
		write_origin(w, diff->classes[i].origin);
		write_sum(w, &diff->classes[i].sum);
		close_row(file);
	}
	close_list(file);
}

static void write_path(struct imp_json_file *file, const struct imp_diff_path *path)
{
	struct imp_json_writer *w = &file->w;

	imp_json_open(w, '{');
	imp_json_member_raw(w, "path", path->path);
	write_state(w, path->state);
	if (path->from.len > 0) {
		imp_json_member_raw(w, "from", path->from);
	} else {
		imp_json_member_text(w, "from", NULL);
	}
	write_origin(w, path->origin);
	write_number(w, "before_layer", path->before_layer);
	write_number(w, "after_layer", path->after_layer);
	write_sum(w, &path->sum);
	close_row(file);
}

void imp_json_diff_paths(struct imp_json_file *file, const struct imp_diff *diff,
			 uint32_t top)
{
	struct imp_diff_path other = {.path = IMP_SLICE("[other]"),
				      .before_layer = IMP_NONE,
				      .after_layer = IMP_NONE};
	bool cut = false;

	open_list(file, "paths");
	for (size_t i = 0; i < diff->path_count; i++) {
		const struct imp_diff_path *path = &diff->paths[i];
		bool closes = i + 1 == diff->path_count &&
			      imp_slice_is(path->path, "[overhead]");
		if (top && i >= top && !closes) {
			add_sum(&other.sum, &path->sum);
			cut = true;
			continue;
		}
		write_path(file, path);
	}
	other.state = state_of(&other.sum);
	if (cut)
		write_path(file, &other);
	close_list(file);
}

static void write_what(struct imp_json_writer *w, unsigned what)
{
	static const char *const names[] = {"mode", "owner", "link", "type"};

	imp_json_key(w, "what");
	imp_json_open(w, '[');
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (what & 1u << i)
			imp_json_text(w, names[i]);
	imp_json_close(w, ']');
}

void imp_json_diff_attributes(struct imp_json_file *file, const struct imp_diff *diff,
			      uint32_t top)
{
	struct imp_json_writer *w = &file->w;

	open_list(file, "attributes");
	for (size_t i = 0; i < diff->attribute_count && (!top || i < top); i++) {
		imp_json_open(w, '{');
		imp_json_member_raw(w, "path", diff->attributes[i].path);
		write_what(w, diff->attributes[i].what);
		imp_json_member_text(w, "before", diff->attributes[i].before);
		imp_json_member_text(w, "after", diff->attributes[i].after);
		close_row(file);
	}
	close_list(file);
}

void imp_json_diff_findings(struct imp_json_file *file, const struct imp_diff *diff,
			    uint32_t top)
{
	struct imp_json_writer *w = &file->w;

	open_list(file, "findings");
	for (size_t i = 0; i < diff->finding_count && (!top || i < top); i++) {
		const struct imp_diff_finding *finding = &diff->findings[i];
		imp_json_open(w, '{');
		imp_json_member_raw(w, "id", imp_slice_of(finding->id));
		imp_json_member_text(w, "rule", finding->rule);
		imp_json_member_text(w, "class", finding->class_name);
		imp_json_member_text(w, "confidence", finding->confidence);
		imp_json_member_raw(w, "subject", finding->subject);
		imp_json_member_text(w, "title", finding->title);
		imp_json_member_text(w, "rule_title", finding->rule_title);
		write_state(w, finding->state);
		write_sum(w, &finding->sum);
		close_row(file);
	}
	close_list(file);
}

static void write_value(struct imp_json_writer *w, const char *key, bool there,
			struct imp_slice value)
{
	if (there)
		imp_json_member_raw(w, key, value);
	else
		imp_json_member_text(w, key, NULL);
}

void imp_json_diff_settings(struct imp_json_file *file, const struct imp_diff *diff)
{
	struct imp_json_writer *w = &file->w;

	open_list(file, "settings");
	for (size_t i = 0; i < diff->setting_count; i++) {
		const struct imp_diff_setting *setting = &diff->settings[i];
		imp_json_open(w, '{');
		imp_json_member_text(w, "what", setting->what);
		write_value(w, "before", setting->had, setting->before);
		write_value(w, "after", setting->has, setting->after);
		close_row(file);
	}
	close_list(file);
}

static const char *text_or_null(const char *text)
{
	return text && text[0] ? text : NULL;
}

void imp_json_reason(struct imp_json_writer *w, const struct imp_diff_reason *reason,
		     const char *instruction)
{
	imp_json_member_text(w, "kind", imp_reason_kind_name(reason->kind));
	imp_json_member_raw(w, "subject", reason->subject);
	imp_json_member_text(w, "manager", text_or_null(reason->manager));
	imp_json_member_text(w, "rule", text_or_null(reason->rule));
	imp_json_member_text(w, "title", text_or_null(reason->title));
	imp_json_member_raw(w, "before_version", reason->version_before);
	imp_json_member_raw(w, "after_version", reason->version_after);
	imp_json_member_text(w, "class", text_or_null(reason->class_name));
	imp_json_member_u64(w, "others", reason->others);
	write_state(w, reason->state);
	write_number(w, "layer", reason->layer);
	imp_json_member_bool(w, "layer_is_before", reason->layer_is_before);
	imp_json_member_u64(w, "layers", reason->layers);
	imp_json_member_raw(w, instruction, reason->instruction);
	write_line(w, reason->line);
	write_sum(w, &reason->sum);
}

static void write_reason(struct imp_json_file *file, const struct imp_diff_reason *reason)
{
	imp_json_open(&file->w, '{');
	imp_json_reason(&file->w, reason, "created_by");
	close_row(file);
}

void imp_json_diff_reasons(struct imp_json_file *file, const struct imp_diff *diff,
			   uint32_t top)
{
	struct imp_diff_reason rest = {.kind = IMP_REASON_REST, .layer = IMP_NONE};

	open_list(file, "reasons");
	for (size_t i = 0; i < diff->reason_count; i++) {
		if (!top || i < top)
			write_reason(file, &diff->reasons[i]);
		else
			add_sum(&rest.sum, &diff->reasons[i].sum);
	}
	rest.state = state_of(&rest.sum);
	if (top && diff->reason_count > top)
		write_reason(file, &rest);
	close_list(file);
}

static void add_quoted(struct imp_strbuf *out, struct imp_slice text)
{
	imp_strbuf_add_char(out, '"');
	imp_escape_json(out, text);
	imp_strbuf_add_char(out, '"');
}

static void add_node(struct imp_strbuf *out, const struct imp_diff_node *node)
{
	imp_strbuf_add_char(out, '[');
	add_quoted(out, node->name);
	imp_strbuf_printf(out, ",%u,%u,%s,\"%s\",\"%s\",%llu,%llu,%llu,%llu", node->depth,
			  node->files, node->folder ? "true" : "false",
			  imp_diff_state_name(node->state), imp_origin_name(node->origin),
			  (unsigned long long)node->sum.disk.before,
			  (unsigned long long)node->sum.disk.after,
			  (unsigned long long)node->sum.pull.before,
			  (unsigned long long)node->sum.pull.after);
	if (!imp_utf8_valid(node->name)) {
		imp_strbuf_add_text(out, ",\"");
		imp_base64_encode(out, node->name);
		imp_strbuf_add_char(out, '"');
	}
	imp_strbuf_add_char(out, ']');
}

void imp_json_diff_nodes(struct imp_json_file *file, const struct imp_diff *diff)
{
	imp_json_key(&file->w, "tree");
	imp_json_raw(&file->w);
	imp_strbuf_add_char(&file->buffer, '[');
	for (size_t i = 0; i < diff->node_count; i++) {
		imp_strbuf_add_text(&file->buffer, i ? ",\n" : "\n");
		add_node(&file->buffer, &diff->nodes[i]);
		imp_json_file_drain(file);
	}
	imp_strbuf_add_char(&file->buffer, ']');
}
