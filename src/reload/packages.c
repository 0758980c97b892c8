/* Packages and what the image runs. */
#include "imgprof/cleanup.h"
#include "profile.h"

static unsigned read_flags(struct imp_reading *reading, const json_t *object)
{
	const json_t *list = imp_read_array(reading, object, "flags");
	unsigned flags = 0;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *name = json_string_value(json_array_get(list, i));
		unsigned bit = 0;
		while (imp_package_flag_name(bit) &&
		       !(name && strcmp(imp_package_flag_name(bit), name) == 0))
			bit++;
		if (!imp_package_flag_name(bit))
			imp_reading_break(reading, "flags");
		else
			flags |= 1u << bit;
	}
	return flags;
}

static void read_package(struct imp_reading *reading, const json_t *object,
			 struct imp_package *out)
{
	struct imp_slice manager = imp_json_get_string(object, "manager");

	if (!imp_manager_parse(manager, &out->manager))
		imp_reading_break(reading, "manager");
	out->name = imp_read_raw(reading, object, "name");
	out->version = imp_read_raw(reading, object, "version");
	out->source = imp_read_raw(reading, object, "source");
	out->section = imp_read_raw(reading, object, "section");
	out->architecture = imp_read_raw(reading, object, "architecture");
	out->tool = imp_read_line_or_empty(reading, object, "tool");
	out->purl = imp_read_text(reading, object, "purl");
	out->flags = read_flags(reading, object);
	out->sum = imp_read_sum(reading, object);
	out->database = out->home = out->twin = IMP_NONE;
}

struct rows {
	struct imp_package *list;
	struct imp_slice *homes;
	bool *reached, *seen;
	const char **reasons;
	size_t count;
};

static void read_row(struct imp_reading *reading, const json_t *object, struct rows *rows)
{
	uint64_t number = imp_read_number(reading, object, "number", UINT32_MAX);

	if (number >= rows->count || rows->seen[number]) {
		imp_reading_break(reading, "number");
		return;
	}
	rows->seen[number] = true;
	read_package(reading, object, &rows->list[number]);
	rows->homes[number] = imp_read_raw(reading, object, "home");
	rows->reached[number] = imp_read_flag(reading, object, "reached");
	rows->reasons[number] = imp_read_line(reading, object, "reached_by");
}

static void read_rows(struct imp_reading *reading, const json_t *list,
		      struct imp_reload_image *image)
{
	struct imp_arena *arena = reading->arena;
	size_t all = json_array_size(list);
	struct rows rows = {
		.list = imp_arena_array(arena, all + 1, sizeof(*rows.list)),
		.homes = imp_arena_array(arena, all + 1, sizeof(*rows.homes)),
		.reached = imp_arena_array(arena, all + 1, sizeof(*rows.reached)),
		.seen = imp_arena_array(arena, all + 1, sizeof(*rows.seen)),
		.reasons = imp_arena_array(arena, all + 1, sizeof(*rows.reasons)),
	};

	for (size_t i = 0; i < all; i++)
		rows.count += json_is_string(
			json_object_get(json_array_get(list, i), "manager"));
	for (size_t i = 0; i < all; i++) {
		const json_t *row = imp_read_element(reading, list, i, "packages");
		if (json_is_string(json_object_get(row, "manager")))
			read_row(reading, row, &rows);
		else if (imp_slice_is(imp_json_get_string(row, "name"), "[no package]"))
			image->packages.unowned = imp_read_sum(reading, row);
	}
	image->packages.list = rows.list;
	image->packages.count = rows.count;
	image->analysis.package_homes = rows.homes;
	image->runtime.package_reached = rows.reached;
	image->runtime.package_reason = rows.reasons;
}

static void read_unreadable(struct imp_reading *reading, const json_t *document,
			    struct imp_packages *packages)
{
	const json_t *list = imp_read_array(reading, document, "unreadable");
	struct imp_unreadable *made =
		imp_arena_array(reading->arena, json_array_size(list) + 1, sizeof(*made));

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = imp_read_element(reading, list, i, "unreadable");
		if (!imp_manager_parse(imp_json_get_string(one, "manager"),
				       &made[i].manager))
			imp_reading_break(reading, "unreadable");
		made[i].path = imp_read_raw(reading, one, "path");
		made[i].reason = imp_read_word(reading, one, "reason");
	}
	packages->unreadable = made;
	packages->unreadable_count = json_array_size(list);
}

static void read_anchors(struct imp_reading *reading, const json_t *object,
			 struct imp_runtime *runtime)
{
	const json_t *list = imp_read_array(reading, object, "anchors");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = imp_read_element(reading, list, i, "anchors");
		enum imp_anchor anchor;
		if (!imp_anchor_parse(imp_json_get_string(one, "anchor"), &anchor)) {
			imp_reading_break(reading, "anchors");
			return;
		}
		runtime->anchors[anchor].state =
			imp_read_enum(reading, one, "state", enum imp_anchor_state,
				      IMP_ANCHOR_UNKNOWN + 1, imp_anchor_state_name);
		runtime->anchors[anchor].evidence =
			imp_read_line(reading, one, "evidence");
	}
}

static void read_started(struct imp_reading *reading, const json_t *object,
			 struct imp_runtime *runtime)
{
	const json_t *list = imp_read_array(reading, object, "started");
	size_t count = json_array_size(list);
	struct imp_started *started =
		imp_arena_array(reading->arena, count + 1, sizeof(*started));

	for (size_t i = 0; i < count; i++) {
		const json_t *one = imp_read_element(reading, list, i, "started");
		started[i].origin = imp_read_name(reading, one, "origin");
		started[i].argv = imp_read_list(reading, one, "argv", &started[i].argc);
		started[i].program = started[i].script = IMP_NONE;
		started[i].parent =
			imp_read_optional(reading, one, "parent", (uint32_t)count - 1);
		started[i].certain = imp_read_flag(reading, one, "certain");
	}
	runtime->started = started;
	runtime->started_count = count;
}

static void read_runtime(struct imp_reading *reading, const json_t *object,
			 struct imp_runtime *runtime)
{
	const json_t *opened = json_object_get(object, "opened_files");

	runtime->readable = imp_read_flag(reading, object, "readable");
	runtime->unreadable_reason = imp_read_line(reading, object, "reason");
	if (!runtime->readable && !runtime->unreadable_reason)
		imp_reading_break(reading, "reason");
	read_started(reading, object, runtime);
	read_anchors(reading, object, runtime);
	if (!json_is_null(opened))
		runtime->opened_files = imp_read_bytes(reading, object, "opened_files");
}

void imp_reload_packages(struct imp_reading *reading, const json_t *document,
			 struct imp_reload_image *image)
{
	const json_t *runtime = json_object_get(document, "runtime");

	if (json_is_null(runtime))
		return; /* --no-classify */
	read_rows(reading, imp_read_array(reading, document, "packages"), image);
	read_unreadable(reading, document, &image->packages);
	read_runtime(reading, imp_read_object(reading, document, "runtime"),
		     &image->runtime);
	image->analysis.packages = &image->packages;
	image->analysis.runtime = &image->runtime;
}
