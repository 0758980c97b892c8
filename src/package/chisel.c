/*
 * chisel: var/lib/chisel/manifest.wall, zstd of one JSON object a line: the head, then packages,
 * slices, paths with the slices ("PACKAGE_SLICE") that brought them, and contents. Ownership only:
 * nothing in such an image is there to build with (classification.md 2.1).
 */
#include "inventory.h"
#include "readers.h"

#include "imgprof/decode.h"
#include "imgprof/json.h"

enum { MAX_WALL_BYTES = 64 << 20, MAX_LINE_BYTES = 1 << 20 };

struct wall {
	struct imp_inventory *inventory;
	const struct imp_live_file *file;
	uint32_t group;
	struct imp_map packages; /* name to number */
	struct imp_paths paths;
	bool headed; /* the head was seen */
};

static struct imp_slice arena_string(struct wall *wall, const json_t *object,
				     const char *key)
{
	return imp_arena_copy(imp_inventory_arena(wall->inventory),
			      imp_json_get_string(object, key));
}

static void add_package(struct wall *wall, const json_t *line)
{
	struct imp_slice name = arena_string(wall, line, "name");
	struct imp_slice version = arena_string(wall, line, "version");
	struct imp_slice architecture = arena_string(wall, line, "arch");

	if (name.len == 0 || imp_map_get(&wall->packages, name, NULL))
		return;
	uint32_t package = imp_inventory_add(
		wall->inventory,
		&(struct imp_package){
			.manager = IMP_MANAGER_CHISEL,
			.name = name,
			.version = version,
			.architecture = architecture,
			.purl = imp_purl_system(wall->inventory, "deb", "ubuntu", name,
						version, architecture),
			.database = wall->file->node,
			.home = IMP_NONE,
			.flags = IMP_PACKAGE_ROOT,
			.group = wall->group,
			.twin = IMP_NONE,
		});
	if (package != IMP_NONE)
		imp_map_set(&wall->packages, name, package);
}

/* "libc6_libs" is of the package libc6: neither name has a '_'. */
static void own_path(struct wall *wall, const json_t *line)
{
	struct imp_slice path = arena_string(wall, line, "path");
	const json_t *slices = imp_json_get_array(line, "slices");
	uint32_t node = imp_paths_node(&wall->paths, path);

	for (size_t i = 0; i < json_array_size(slices); i++) {
		const json_t *slice = json_array_get(slices, i);
		struct imp_slice name =
			imp_slice(json_string_value(slice), json_string_length(slice));
		uint64_t package;
		if (name.data &&
		    imp_map_get(&wall->packages, imp_slice_cut(&name, '_'), &package))
			imp_inventory_own(wall->inventory, (uint32_t)package, node);
	}
}

static void read_line(struct wall *wall, struct imp_slice text, struct imp_error *err)
{
	imp_auto_json json_t *line = NULL;

	if (text.len > MAX_LINE_BYTES) {
		imp_fail(err, IMP_E_LIMIT, "a line is too long");
		return;
	}
	if (imp_json_parse(text, imp_inventory_input(wall->inventory)->limits,
			   "manifest.wall", &line, err) < 0)
		return;
	struct imp_slice kind = imp_json_get_string(line, "kind");
	if (imp_slice_is(kind, "package"))
		add_package(wall, line);
	else if (imp_slice_is(kind, "path"))
		own_path(wall, line);
	else if (imp_json_get_string(line, "jsonwall").len > 0)
		wall->headed = true;
}

/* Packages stand before paths: a wall is sorted by its lines' text, "kind" first. */
static void read_lines(struct wall *wall, struct imp_slice text)
{
	struct imp_error err = {0};

	while (text.len > 0 && err.category == 0) {
		struct imp_slice line = imp_slice_cut(&text, '\n');
		if (line.len > 0)
			read_line(wall, line, &err);
	}
	if (err.category != 0 || !wall->headed)
		imp_inventory_unreadable(wall->inventory, IMP_MANAGER_CHISEL,
					 wall->file->path, "no JSON wall");
}

static void read_wall(struct wall *wall)
{
	const struct imp_limits *limits = imp_inventory_input(wall->inventory)->limits;
	struct imp_decode_options options = {
		.limits = limits,
		.max_output_bytes = MAX_WALL_BYTES,
		.limit_name = "manifest.wall",
	};
	struct imp_decode_result result;
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_error err = {0};
	imp_auto_destroy(imp_stream) struct imp_stream *stream = imp_stream_decode(
		imp_stream_memory(wall->file->content, 0), &options, &result);

	if (imp_stream_read_all(stream, MAX_WALL_BYTES, "manifest.wall", &text, &err) < 0)
		imp_inventory_unreadable(wall->inventory, IMP_MANAGER_CHISEL,
					 wall->file->path, "damaged zstd");
	else
		read_lines(wall, imp_strbuf_slice(&text));
}

void imp_chisel_read(struct imp_inventory *inventory)
{
	struct wall wall = {
		.inventory = inventory,
		.file = imp_inventory_file(inventory, IMP_MANAGER_CHISEL,
					   "var/lib/chisel/manifest.wall"),
		.paths.tree = imp_inventory_input(inventory)->tree,
	};

	if (!wall.file)
		return;
	wall.group = imp_inventory_group(inventory);
	read_wall(&wall);
	imp_map_finish(&wall.packages);
	imp_paths_finish(&wall.paths);
}
