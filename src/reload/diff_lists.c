#include "diff_lists.h"

#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/strbuf.h"
#include "rows.h"

static struct imp_change_sum read_sum(struct imp_reading *reading, const json_t *object)
{
	return (struct imp_change_sum){
		.disk = {imp_read_bytes(reading, object, "before_bytes"),
			 imp_read_bytes(reading, object, "after_bytes")},
		.pull = {imp_read_bytes(reading, object, "before_pull_bytes"),
			 imp_read_bytes(reading, object, "after_pull_bytes")},
	};
}

static enum imp_diff_state read_state(struct imp_reading *reading, const json_t *object)
{
	return imp_read_enum(reading, object, "state", enum imp_diff_state,
			     IMP_DIFF_STATES, imp_diff_state_name);
}

static enum imp_origin read_origin(struct imp_reading *reading, const json_t *object)
{
	return imp_read_enum(reading, object, "origin", enum imp_origin, IMP_ORIGINS,
			     imp_origin_name);
}

static uint32_t read_layer(struct imp_reading *reading, const json_t *object,
			   const char *key, size_t count)
{
	uint32_t layer = imp_read_optional(reading, object, key, UINT16_MAX);

	if (layer != IMP_NONE && layer >= count)
		imp_reading_break(reading, key);
	return layer;
}

static uint32_t read_line(struct imp_reading *reading, const json_t *object)
{
	uint32_t line = imp_read_optional(reading, object, "line", UINT32_MAX - 1);

	return line == IMP_NONE ? 0 : line;
}

static void read_layers(struct imp_reading *reading, const json_t *object,
			struct imp_diff *out)
{
	const json_t *list = imp_read_array(reading, object, "layers");
	size_t count = json_array_size(list);
	struct imp_diff_layer *made =
		imp_arena_array(reading->arena, count + 1, sizeof(*made));

	for (size_t i = 0; i < count; i++) {
		const json_t *one = imp_read_element(reading, list, i, "layers");
		made[i].before_index =
			read_layer(reading, one, "before_index", out->before.layer_count);
		made[i].after_index =
			read_layer(reading, one, "after_index", out->after.layer_count);
		if (made[i].before_index == IMP_NONE && made[i].after_index == IMP_NONE)
			imp_reading_break(reading, "after_index");
		made[i].state = read_state(reading, one);
		made[i].diff_id = imp_read_digest(reading, one, "diff_id");
		made[i].digest = imp_read_digest(reading, one, "digest");
		made[i].instruction = imp_read_raw(reading, one, "created_by");
		made[i].line = read_line(reading, one);
		made[i].is_new = imp_read_flag(reading, one, "new");
		made[i].origin = read_origin(reading, one);
		made[i].sum = read_sum(reading, one);
	}
	out->layers = made;
	out->layer_count = count;
}

static void read_packages(struct imp_reading *reading, const json_t *object,
			  struct imp_diff *out)
{
	const json_t *list = imp_read_array(reading, object, "packages");
	size_t count = json_array_size(list);
	struct imp_diff_package *made =
		imp_arena_array(reading->arena, count + 1, sizeof(*made));

	for (size_t i = 0; i < count; i++) {
		const json_t *one = imp_read_element(reading, list, i, "packages");
		made[i].manager = imp_read_line_or_empty(reading, one, "manager");
		made[i].name = imp_read_raw(reading, one, "name");
		made[i].before_versions = imp_read_list(reading, one, "before_versions",
							&made[i].before_version_count);
		made[i].after_versions = imp_read_list(reading, one, "after_versions",
						       &made[i].after_version_count);
		made[i].state = read_state(reading, one);
		made[i].origin = read_origin(reading, one);
		made[i].sum = read_sum(reading, one);
	}
	out->packages = made;
	out->package_count = count;
}

static void read_classes(struct imp_reading *reading, const json_t *object,
			 struct imp_diff *out)
{
	const json_t *list = imp_read_array(reading, object, "classes");
	size_t count = json_array_size(list);
	struct imp_diff_class *made =
		imp_arena_array(reading->arena, count + 1, sizeof(*made));

	for (size_t i = 0; i < count; i++) {
		const json_t *one = imp_read_element(reading, list, i, "classes");
		made[i].name = imp_read_word(reading, one, "class");
		made[i].origin = read_origin(reading, one);
		made[i].sum = read_sum(reading, one);
	}
	out->classes = made;
	out->class_count = count;
}

static void read_paths(struct imp_reading *reading, const json_t *object,
		       struct imp_diff *out)
{
	imp_auto(imp_read_rows_finish) struct imp_read_rows rows;
	size_t count = imp_read_rows_open(&rows, reading, object, "paths");
	struct imp_diff_path *made =
		imp_arena_array(reading->arena, count + 1, sizeof(*made));

	for (size_t i = 0; i < count && !reading->broken; i++) {
		const json_t *one = imp_read_rows_next(&rows);
		made[i].path = imp_read_raw(reading, one, "path");
		made[i].from = imp_read_raw(reading, one, "from");
		made[i].state = read_state(reading, one);
		made[i].origin = read_origin(reading, one);
		made[i].before_layer =
			read_layer(reading, one, "before_layer", out->before.layer_count);
		made[i].after_layer =
			read_layer(reading, one, "after_layer", out->after.layer_count);
		made[i].sum = read_sum(reading, one);
	}
	out->paths = made;
	out->path_count = count;
}

static unsigned read_what(struct imp_reading *reading, const json_t *object)
{
	static const char *const names[] = {"mode", "owner", "link", "type"};
	size_t count;
	const char *const *list = imp_read_lines(reading, object, "what", &count);
	unsigned what = 0;

	for (size_t i = 0; i < count; i++) {
		size_t bit = 0;
		while (bit < 4 && strcmp(list[i], names[bit]) != 0)
			bit++;
		if (bit == 4)
			imp_reading_break(reading, "what");
		else
			what |= 1u << bit;
	}
	return what;
}

static void read_attributes(struct imp_reading *reading, const json_t *object,
			    struct imp_diff *out)
{
	const json_t *list = imp_read_array(reading, object, "attributes");
	size_t count = json_array_size(list);
	struct imp_diff_attributes *made =
		imp_arena_array(reading->arena, count + 1, sizeof(*made));

	for (size_t i = 0; i < count; i++) {
		const json_t *one = imp_read_element(reading, list, i, "attributes");
		made[i].path = imp_read_raw(reading, one, "path");
		made[i].what = read_what(reading, one);
		made[i].before = imp_read_word(reading, one, "before");
		made[i].after = imp_read_word(reading, one, "after");
	}
	out->attributes = made;
	out->attribute_count = count;
}

static void read_findings(struct imp_reading *reading, const json_t *object,
			  struct imp_diff *out)
{
	const json_t *list = imp_read_array(reading, object, "findings");
	size_t count = json_array_size(list);
	struct imp_diff_finding *made =
		imp_arena_array(reading->arena, count + 1, sizeof(*made));

	for (size_t i = 0; i < count; i++) {
		const json_t *one = imp_read_element(reading, list, i, "findings");
		made[i].id = imp_read_name(reading, one, "id");
		made[i].rule = imp_read_word(reading, one, "rule");
		made[i].class_name = imp_read_word(reading, one, "class");
		made[i].confidence = imp_read_word(reading, one, "confidence");
		made[i].title = imp_read_word(reading, one, "title");
		made[i].rule_title = imp_read_word(reading, one, "rule_title");
		made[i].subject = imp_read_raw(reading, one, "subject");
		made[i].state = read_state(reading, one);
		made[i].sum = read_sum(reading, one);
	}
	out->findings = made;
	out->finding_count = count;
}

static void read_settings(struct imp_reading *reading, const json_t *object,
			  struct imp_diff *out)
{
	const json_t *list = imp_read_array(reading, object, "settings");
	size_t count = json_array_size(list);
	struct imp_diff_setting *made =
		imp_arena_array(reading->arena, count + 1, sizeof(*made));

	for (size_t i = 0; i < count; i++) {
		const json_t *one = imp_read_element(reading, list, i, "settings");
		made[i].what = imp_read_word(reading, one, "what");
		made[i].had = json_is_string(json_object_get(one, "before"));
		made[i].has = json_is_string(json_object_get(one, "after"));
		made[i].before = imp_read_raw(reading, one, "before");
		made[i].after = imp_read_raw(reading, one, "after");
	}
	out->settings = made;
	out->setting_count = count;
}

void imp_reload_reason(struct imp_reading *reading, const json_t *object,
		       const char *instruction, size_t before_layers, size_t after_layers,
		       struct imp_diff_reason *out)
{
	out->kind = imp_read_enum(reading, object, "kind", enum imp_reason_kind,
				  IMP_REASON_REST + 1, imp_reason_kind_name);
	out->subject = imp_read_raw(reading, object, "subject");
	out->manager = imp_read_line_or_empty(reading, object, "manager");
	out->rule = imp_read_line_or_empty(reading, object, "rule");
	out->title = imp_read_line_or_empty(reading, object, "title");
	out->version_before = imp_read_raw(reading, object, "before_version");
	out->version_after = imp_read_raw(reading, object, "after_version");
	out->class_name = imp_read_line_or_empty(reading, object, "class");
	out->others = imp_read_bytes(reading, object, "others");
	out->state = read_state(reading, object);
	out->layer_is_before = imp_read_flag(reading, object, "layer_is_before");
	out->layer = read_layer(reading, object, "layer",
				out->layer_is_before ? before_layers : after_layers);
	out->layers = (uint32_t)imp_read_number(reading, object, "layers", UINT16_MAX);
	out->instruction = imp_read_raw(reading, object, instruction);
	out->line = read_line(reading, object);
	out->sum = read_sum(reading, object);
}

static void read_reasons(struct imp_reading *reading, const json_t *object,
			 struct imp_diff *out)
{
	const json_t *list = imp_read_array(reading, object, "reasons");
	size_t count = json_array_size(list);
	struct imp_diff_reason *made =
		imp_arena_array(reading->arena, count + 1, sizeof(*made));

	for (size_t i = 0; i < count; i++)
		imp_reload_reason(reading, imp_read_element(reading, list, i, "reasons"),
				  "created_by", out->before.layer_count,
				  out->after.layer_count, &made[i]);
	out->reasons = made;
	out->reason_count = count;
}

static uint64_t number_at(struct imp_reading *reading, const json_t *row, size_t i,
			  uint64_t most)
{
	const json_t *value = json_array_get(row, i);
	json_int_t number = json_integer_value(value);

	if (json_is_integer(value) && number >= 0 && (uint64_t)number <= most)
		return (uint64_t)number;
	imp_reading_break(reading, "tree");
	return 0;
}

static struct imp_slice string_at(struct imp_reading *reading, const json_t *row,
				  size_t i)
{
	const json_t *value = json_array_get(row, i);

	if (!json_is_string(value)) {
		imp_reading_break(reading, "tree");
		return (struct imp_slice){"", 0};
	}
	return imp_slice(json_string_value(value), json_string_length(value));
}

/* The number of NAME among COUNT names. */
static int name_at(struct imp_reading *reading, const json_t *row, size_t i, int count,
		   const char *(*name)(int))
{
	struct imp_slice text = string_at(reading, row, i);

	for (int value = 0; value < count; value++)
		if (imp_slice_is(text, name(value)))
			return value;
	imp_reading_break(reading, "tree");
	return 0;
}

static const char *state_name(int state)
{
	return imp_diff_state_name((enum imp_diff_state)state);
}

static const char *origin_name(int origin)
{
	return imp_origin_name((enum imp_origin)origin);
}

static struct imp_slice node_name(struct imp_reading *reading, const json_t *row)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf raw = {0};

	if (json_array_size(row) <= 10)
		return imp_arena_copy(reading->arena, string_at(reading, row, 0));
	if (!imp_base64_decode(&raw, string_at(reading, row, 10)))
		imp_reading_break(reading, "tree");
	return imp_arena_copy(reading->arena, imp_strbuf_slice(&raw));
}

static void read_node(struct imp_reading *reading, const json_t *row,
		      struct imp_diff_node *out)
{
	out->name = node_name(reading, row);
	out->depth = (uint32_t)number_at(reading, row, 1, UINT32_MAX);
	out->files = (uint32_t)number_at(reading, row, 2, UINT32_MAX);
	out->folder = json_is_true(json_array_get(row, 3));
	out->state = (enum imp_diff_state)name_at(reading, row, 4, IMP_DIFF_STATES,
						  state_name);
	out->origin = (enum imp_origin)name_at(reading, row, 5, IMP_ORIGINS, origin_name);
	out->sum.disk.before = number_at(reading, row, 6, IMP_RELOAD_MAX_BYTES);
	out->sum.disk.after = number_at(reading, row, 7, IMP_RELOAD_MAX_BYTES);
	out->sum.pull.before = number_at(reading, row, 8, IMP_RELOAD_MAX_BYTES);
	out->sum.pull.after = number_at(reading, row, 9, IMP_RELOAD_MAX_BYTES);
}

/* In preorder: the root first, each at most one deeper than the one before it. */
static bool stands_well(const struct imp_diff_node *nodes, size_t i)
{
	if (i == 0)
		return nodes[0].depth == 0 && nodes[0].folder;
	return nodes[i].depth > 0 &&
	       nodes[i].depth <= nodes[i - 1].depth + (nodes[i - 1].folder ? 1 : 0);
}

static void read_nodes(struct imp_reading *reading, const json_t *object,
		       struct imp_diff *out)
{
	imp_auto(imp_read_rows_finish) struct imp_read_rows rows = {0};
	size_t count = 0;

	if (!json_object_get(object, "tree"))
		return;
	count = imp_read_rows_open(&rows, reading, object, "tree");
	struct imp_diff_node *made =
		imp_arena_array(reading->arena, count + 1, sizeof(*made));
	for (size_t i = 0; i < count && !reading->broken; i++) {
		read_node(reading, imp_read_rows_next(&rows), &made[i]);
		if (!stands_well(made, i))
			imp_reading_break(reading, "tree");
	}
	out->nodes = made;
	out->node_count = count;
}

void imp_reload_diff_lists(struct imp_reading *reading, const json_t *object,
			   struct imp_diff *out)
{
	read_layers(reading, object, out);
	read_packages(reading, object, out);
	read_classes(reading, object, out);
	read_paths(reading, object, out);
	read_attributes(reading, object, out);
	read_findings(reading, object, out);
	read_settings(reading, object, out);
	read_reasons(reading, object, out);
	read_nodes(reading, object, out);
}
