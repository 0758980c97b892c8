/*
 * composer: vendor/composer/installed.json, version 2 ({"packages": [...], "dev": bool,
 * "dev-package-names": [...]}) or 1 (the list alone, which does not tell development
 * packages). classification.md 2.1.
 */
#include "readers.h"

#include "imgprof/json.h"
#include "imgprof/map.h"

struct vendor {
	struct imp_inventory *inventory;
	const struct imp_packages_input *input;
	const struct imp_live_file *file;
	uint32_t folder; /* vendor/composer: install paths start here */
	uint32_t group;
	struct imp_map numbers; /* name to package of the inventory */
};

static struct imp_slice copy(struct vendor *vendor, struct imp_slice text)
{
	return text.len == 0
		       ? IMP_SLICE("")
		       : imp_arena_copy(imp_inventory_arena(vendor->inventory), text);
}

/* FOLDER is below the project (below vendor, where that lies in the root), and neither vendor,
 * vendor/composer nor the project itself. */
static bool may_own(const struct vendor *vendor, uint32_t folder)
{
	const struct imp_tree *tree = vendor->input->tree;
	uint32_t vendor_folder = imp_tree_node(tree, vendor->folder)->parent;
	uint32_t top =
		vendor_folder == 0 ? 0 : imp_tree_node(tree, vendor_folder)->parent;

	if (top == 0)
		top = vendor_folder;
	if (folder == vendor->folder || folder == vendor_folder || folder == top)
		return false;
	while (folder != 0 && folder != top)
		folder = imp_tree_node(tree, folder)->parent;
	return folder == top && top != 0;
}

/* IMP_NONE where the path leaves the project or names no folder. */
static uint32_t home_of(const struct vendor *vendor, const json_t *package)
{
	const struct imp_tree *tree = vendor->input->tree;
	struct imp_slice path = imp_json_get_string(package, "install-path");
	uint32_t from = vendor->folder;

	if (path.len == 0) {
		path = imp_json_get_string(package, "name");
		from = imp_tree_node(tree, from)->parent;
	}
	if (path.len == 0 || path.data[0] == '/')
		return IMP_NONE;
	uint32_t node = imp_tree_resolve(tree, from, path);
	bool folder = node != IMP_NONE && imp_tree_node(tree, node)->directory;
	return folder && may_own(vendor, node) ? node : IMP_NONE;
}

static void add_package(struct vendor *vendor, const json_t *entry)
{
	struct imp_package package = {
		.manager = IMP_MANAGER_COMPOSER,
		.name = copy(vendor, imp_json_get_string(entry, "name")),
		.version = copy(vendor, imp_json_get_string(entry, "version")),
		.tool = "composer",
		.database = vendor->file->node,
		.home = home_of(vendor, entry),
		.group = vendor->group,
		.twin = IMP_NONE,
	};

	if (package.name.len == 0 || imp_map_get(&vendor->numbers, package.name, NULL))
		return;
	package.purl = imp_purl_scoped(vendor->inventory, "composer", package.name,
				       package.version);
	uint32_t number = imp_inventory_add(vendor->inventory, &package);
	imp_map_set(&vendor->numbers, package.name, number);
	imp_inventory_own_below(vendor->inventory, number, package.home);
}

static uint32_t find(const struct vendor *vendor, struct imp_slice name)
{
	uint64_t number;

	return imp_map_get(&vendor->numbers, name, &number) ? (uint32_t)number : IMP_NONE;
}

/* What is provided or replaced stands under a name of its own; platform packages ("php",
 * "ext-json") are nobody's. */
static void add_needs(struct vendor *vendor, const json_t *entry)
{
	uint32_t from = find(vendor, imp_json_get_string(entry, "name"));
	json_t *needs = imp_json_get_object(entry, "require");
	const char *name;
	size_t len;
	json_t *value;
	uint32_t choice = 0;

	json_object_keylen_foreach(needs, name, len, value) imp_inventory_need(
		vendor->inventory, from, find(vendor, imp_slice(name, len)),
		IMP_DEPENDENCY_HARD, choice++);
}

static void mark(struct vendor *vendor, struct imp_slice name, unsigned flag)
{
	uint32_t package = find(vendor, name);

	if (package != IMP_NONE)
		imp_inventory_get(vendor->inventory, package)->flags |= flag;
}

static void mark_dev(struct vendor *vendor, const json_t *names)
{
	for (size_t i = 0; i < json_array_size(names); i++) {
		const json_t *name = json_array_get(names, i);
		if (json_is_string(name))
			mark(vendor,
			     imp_slice(json_string_value(name), json_string_length(name)),
			     IMP_PACKAGE_DEV);
	}
}

static json_t *parse(struct vendor *vendor, const struct imp_live_file *file)
{
	struct imp_error err = {0};
	json_t *document = NULL;
	const char *reason = "no valid JSON";

	if (file->cut)
		reason = "larger than imgprof keeps";
	else if (imp_json_parse(file->content, vendor->input->limits, "composer",
				&document, &err) == 0)
		return document;
	else if (err.category == IMP_E_LIMIT)
		reason = "larger or deeper than imgprof reads";
	imp_inventory_unreadable(vendor->inventory, IMP_MANAGER_COMPOSER, file->path,
				 reason);
	return NULL;
}

static void mark_list(struct vendor *vendor, json_t *list)
{
	const char *name;
	size_t len;
	json_t *value;

	json_object_keylen_foreach(list, name, len, value)
		mark(vendor, imp_slice(name, len), IMP_PACKAGE_ROOT);
}

/* composer.json of the project, beside vendor. */
static void mark_roots(struct vendor *vendor)
{
	const struct imp_tree *tree = vendor->input->tree;
	uint32_t folder = imp_tree_node(tree, vendor->folder)->parent;
	uint32_t project = folder == 0 ? 0 : imp_tree_node(tree, folder)->parent;
	uint32_t node = imp_tree_find_child(tree, project, IMP_SLICE("composer.json"));
	const struct imp_live_file *file =
		node == IMP_NONE ? NULL : imp_contents_at(vendor->input->contents, node);

	if (!file)
		return;
	imp_auto_json json_t *manifest = parse(vendor, file);
	mark_list(vendor, imp_json_get_object(manifest, "require"));
	mark_list(vendor, imp_json_get_object(manifest, "require-dev"));
}

static void read_installed(struct vendor *vendor)
{
	imp_auto_json json_t *installed = parse(vendor, vendor->file);
	json_t *packages = json_is_array(installed)
				   ? installed
				   : imp_json_get_array(installed, "packages");

	if (installed && !packages)
		imp_inventory_unreadable(vendor->inventory, IMP_MANAGER_COMPOSER,
					 vendor->file->path, "no list of packages");
	for (size_t i = 0; i < json_array_size(packages); i++)
		add_package(vendor, json_array_get(packages, i));
	for (size_t i = 0; i < json_array_size(packages); i++)
		add_needs(vendor, json_array_get(packages, i));
	/* "dev": false says that the names below were not installed. */
	if (imp_json_get_bool(installed, "dev", true))
		mark_dev(vendor, imp_json_get_array(installed, "dev-package-names"));
	mark_roots(vendor);
}

void imp_composer_read(struct imp_inventory *inventory)
{
	const struct imp_packages_input *input = imp_inventory_input(inventory);
	size_t count = imp_contents_live_count(input->contents);

	for (size_t i = 0; i < count; i++) {
		const struct imp_live_file *file = imp_contents_live(input->contents, i);
		uint32_t folder = imp_tree_node(input->tree, file->node)->parent;
		if (!imp_slice_is(imp_slice_basename(file->path), "installed.json") ||
		    folder == 0 ||
		    !imp_slice_is(imp_tree_name(input->tree, folder), "composer"))
			continue;
		struct vendor vendor = {
			.inventory = inventory,
			.input = input,
			.file = file,
			.folder = folder,
			.group = imp_inventory_group(inventory),
		};
		read_installed(&vendor);
		imp_map_finish(&vendor.numbers);
	}
}
