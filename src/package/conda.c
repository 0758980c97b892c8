/*
 * conda: conda-meta/NAME-VERSION-BUILD.json in a prefix, with the files that a package put
 * there, what it depends on, and whether somebody asked for it. classification.md 2.1.
 */
#include "readers.h"

#include <stdlib.h>

#include "imgprof/json.h"

/* One package, until its dependencies are linked. */
struct conda_package {
	uint32_t package;
	uint32_t prefix; /* node */
	struct imp_slice *depends;
	size_t depend_count;
};

struct conda {
	struct imp_inventory *inventory;
	const struct imp_tree *tree;
	struct imp_arena *arena;
	struct conda_package *list;
	size_t count, capacity;
	struct imp_map by_name; /* "NODE NAME": place in the list */
	struct imp_map groups;  /* "NODE ": group */
};

static struct imp_slice key_of(struct conda *conda, uint32_t prefix,
			       struct imp_slice name)
{
	struct imp_slice key = imp_slice_of(
		imp_arena_printf(conda->arena, "%u %.*s", prefix,
				 (int)(name.len < 256 ? name.len : 256), name.data));
	return key;
}

static uint32_t group_of(struct conda *conda, uint32_t prefix)
{
	struct imp_slice key = key_of(conda, prefix, IMP_SLICE(""));
	uint64_t group;

	if (!imp_map_get(&conda->groups, key, &group)) {
		group = imp_inventory_group(conda->inventory);
		imp_map_set(&conda->groups, key, group);
	}
	return (uint32_t)group;
}

static void own_files(struct conda *conda, uint32_t package, uint32_t prefix,
		      const json_t *document)
{
	json_t *files = imp_json_get_array(document, "files");
	struct imp_slice last = {0};
	uint32_t folder = IMP_NONE;

	for (size_t i = 0; i < json_array_size(files); i++) {
		const json_t *file = json_array_get(files, i);
		if (!json_is_string(file))
			continue;
		struct imp_slice path =
			imp_slice(json_string_value(file), json_string_length(file));
		struct imp_slice name = imp_slice_basename(path);
		struct imp_slice above = imp_slice(path.data, path.len - name.len);
		if (!last.data || !imp_slice_equal(above, last))
			folder = imp_tree_resolve(conda->tree, prefix, above);
		last = above;
		if (folder != IMP_NONE && name.len > 0)
			imp_inventory_own(conda->inventory, package,
					  imp_tree_find_child(conda->tree, folder, name));
	}
}

/* "numpy >=1.19,<3": the name; "__glibc" and the like are of the machine. */
static struct imp_slice name_of_match(struct imp_slice match)
{
	size_t len = 0;

	while (len < match.len && !strchr(" =<>!~[", match.data[len]))
		len++;
	return imp_slice(match.data, len);
}

static void keep_depends(struct conda *conda, struct conda_package *package,
			 const json_t *document)
{
	json_t *depends = imp_json_get_array(document, "depends");
	size_t count = json_array_size(depends);

	package->depends =
		imp_arena_array(conda->arena, count + 1, sizeof(*package->depends));
	for (size_t i = 0; i < count; i++) {
		const json_t *text = json_array_get(depends, i);
		if (json_is_string(text))
			package->depends[package->depend_count++] = imp_arena_copy(
				conda->arena,
				name_of_match(imp_slice(json_string_value(text),
							json_string_length(text))));
	}
}

/* Old conda wrote "None" for what came as a dependency. */
static bool is_requested(const json_t *document)
{
	struct imp_slice spec = imp_json_get_string(document, "requested_spec");

	return (spec.len > 0 && !imp_slice_is(spec, "None")) ||
	       json_array_size(imp_json_get_array(document, "requested_specs")) > 0;
}

/* Build and platform, as SBOM tools write them; only where they need no coding. */
static const char *qualifiers_of(struct conda *conda, const json_t *document)
{
	struct imp_slice build = imp_json_get_string(document, "build");
	struct imp_slice subdir = imp_json_get_string(document, "subdir");
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	imp_strbuf_add_text(&text, "build=");
	imp_strbuf_add_slice(&text, build);
	imp_strbuf_add_text(&text, subdir.len ? "&subdir=" : "");
	imp_strbuf_add_slice(&text, subdir);
	for (size_t i = 0; i < text.len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "0123456789.-_=&",
			    text.data[i]))
			return NULL;
	return build.len ? imp_arena_copy(conda->arena, imp_strbuf_slice(&text)).data
			 : NULL;
}

static uint32_t add_package(struct conda *conda, const json_t *document,
			    uint32_t database, uint32_t prefix)
{
	struct imp_slice name = imp_json_get_string(document, "name");
	struct imp_slice version = imp_json_get_string(document, "version");
	struct imp_package package = {
		.manager = IMP_MANAGER_CONDA,
		.name = imp_arena_copy(conda->arena, name),
		.version = imp_arena_copy(conda->arena, version),
		.purl = imp_purl(conda->inventory, "conda", IMP_SLICE(""), name, version,
				 qualifiers_of(conda, document)),
		.database = database,
		.home = IMP_NONE,
		.group = group_of(conda, prefix),
		.twin = IMP_NONE,
	};
	/* A prefix that an installer filled has no roots. */
	if (is_requested(document)) {
		package.flags |= IMP_PACKAGE_ROOT;
		imp_inventory_set_roots_known(conda->inventory, package.group);
	}
	return name.len > 0 ? imp_inventory_add(conda->inventory, &package) : IMP_NONE;
}

static int read_package(struct conda *conda, const struct imp_live_file *file,
			uint32_t prefix, struct imp_error *err)
{
	imp_auto_json json_t *document = NULL;
	int rc = imp_json_parse(file->content,
				imp_inventory_input(conda->inventory)->limits,
				"conda-meta", &document, err);
	if (rc < 0)
		return rc;
	uint32_t package = add_package(conda, document, file->node, prefix);
	if (package == IMP_NONE)
		return imp_fail(err, IMP_E_FORMAT, "no name");
	imp_inventory_own(conda->inventory, package, file->node);
	own_files(conda, package, prefix, document);
	conda->list = imp_xgrow(conda->list, &conda->capacity, conda->count + 1,
				sizeof(*conda->list));
	struct conda_package *added = &conda->list[conda->count];
	*added = (struct conda_package){.package = package, .prefix = prefix};
	keep_depends(conda, added, document);
	imp_map_set(
		&conda->by_name,
		key_of(conda, prefix, imp_inventory_get(conda->inventory, package)->name),
		conda->count++);
	return 0;
}

static void link_packages(struct conda *conda)
{
	for (size_t i = 0; i < conda->count; i++) {
		const struct conda_package *from = &conda->list[i];
		for (size_t d = 0; d < from->depend_count; d++) {
			uint64_t to;
			if (imp_map_get(&conda->by_name,
					key_of(conda, from->prefix, from->depends[d]),
					&to))
				imp_inventory_need(conda->inventory, from->package,
						   conda->list[to].package,
						   IMP_DEPENDENCY_HARD, (uint32_t)d);
		}
	}
}

/* PREFIX/conda-meta/x.json; `history` and state files stand beside. */
static bool is_record(const struct imp_tree *tree, const struct imp_live_file *file)
{
	return imp_slice_ends(file->path, IMP_SLICE(".json")) &&
	       imp_slice_is(imp_tree_name(tree, imp_tree_node(tree, file->node)->parent),
			    "conda-meta");
}

void imp_conda_read(struct imp_inventory *inventory)
{
	const struct imp_packages_input *input = imp_inventory_input(inventory);
	struct conda conda = {.inventory = inventory,
			      .tree = input->tree,
			      .arena = imp_inventory_arena(inventory)};

	for (size_t i = 0; i < imp_contents_live_count(input->contents); i++) {
		const struct imp_live_file *file = imp_contents_live(input->contents, i);
		struct imp_error err = {0};
		if (!is_record(input->tree, file))
			continue;
		uint32_t folder = imp_tree_node(input->tree, file->node)->parent;
		uint32_t prefix = imp_tree_node(input->tree, folder)->parent;
		if (file->cut || read_package(&conda, file, prefix, &err) < 0)
			imp_inventory_unreadable(inventory, IMP_MANAGER_CONDA, file->path,
						 file->cut ? "too large to be kept"
							   : "no record of a package");
	}
	link_packages(&conda);
	imp_map_finish(&conda.by_name);
	imp_map_finish(&conda.groups);
	free(conda.list);
}
