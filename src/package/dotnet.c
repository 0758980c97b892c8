/*
 * .NET: NAME.deps.json beside the libraries of an application or of a shared framework, and
 * NAME.runtimeconfig.json, which names the frameworks. classification.md 2.1, 3.10.
 */
#include "readers.h"

#include <stdlib.h>

#include "imgprof/json.h"

struct dotnet {
	struct imp_inventory *inventory;
	const struct imp_tree *tree;
	struct imp_arena *arena;
	/* First package of a deps.json: by its path without ending, and by its name alone, as
	 * frameworks are asked for */
	struct imp_map by_stem, frameworks;
};

/* One deps.json. */
struct deps {
	uint32_t folder, database, group;
	const json_t *libraries;
	struct imp_map packages; /* "name/version", borrowed from the document: package */
};

static bool leads_upwards(struct imp_slice path)
{
	while (path.len > 0)
		if (imp_slice_is(imp_slice_cut(&path, '/'), ".."))
			return true;
	return false;
}

/* A package's file stands below the folder by its whole path (runtimes/unix/...), else by
 * its name, a translation's in the folder of its language. */
static uint32_t find_asset(const struct dotnet *dotnet, uint32_t folder,
			   struct imp_slice path, struct imp_slice locale)
{
	if (path.len == 0 || path.data[0] == '/' || leads_upwards(path))
		return IMP_NONE;
	uint32_t node = imp_tree_resolve(dotnet->tree, folder, path);
	if (node != IMP_NONE)
		return node;
	if (locale.len > 0)
		folder = imp_tree_find_child(dotnet->tree, folder, locale);
	return folder == IMP_NONE ? IMP_NONE
				  : imp_tree_find_child(dotnet->tree, folder,
							imp_slice_basename(path));
}

static void own_assets(struct dotnet *dotnet, const struct deps *deps, uint32_t package,
		       const json_t *target)
{
	static const char *const kinds[] = {"runtime", "native", "resources",
					    "runtimeTargets"};

	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		json_t *assets = imp_json_get_object(target, kinds[k]);
		const char *path;
		json_t *asset;
		json_object_foreach(assets, path, asset) imp_inventory_own(
			dotnet->inventory, package,
			find_asset(dotnet, deps->folder, imp_slice_of(path),
				   imp_json_get_string(asset, "locale")));
	}
}

/* A project is the application itself, or one of its own libraries: in no registry. */
static bool is_project(const struct deps *deps, const char *key)
{
	return imp_slice_is(
		imp_json_get_string(json_object_get(deps->libraries, key), "type"),
		"project");
}

static uint32_t add_package(struct dotnet *dotnet, struct deps *deps, const char *key,
			    const json_t *target)
{
	struct imp_slice version = imp_arena_copy(dotnet->arena, imp_slice_of(key));
	struct imp_slice name = imp_slice_cut(&version, '/');
	bool project = is_project(deps, key);
	struct imp_package package = {
		.manager = IMP_MANAGER_NUGET,
		.name = name,
		.version = version,
		.tool = project ? "project" : "",
		.purl = project ? NULL
				: imp_purl(dotnet->inventory, "nuget", IMP_SLICE(""),
					   name, version, NULL),
		.database = deps->database,
		.home = IMP_NONE,
		.group = deps->group,
		.flags = project ? IMP_PACKAGE_ROOT : 0,
		.twin = IMP_NONE,
	};
	/* Read by compilers alone, as those of Razor at run time */
	if (imp_json_get_bool(target, "compileOnly", false))
		package.flags |= IMP_PACKAGE_DEV;
	uint32_t added = imp_inventory_add(dotnet->inventory, &package);
	if (added != IMP_NONE)
		imp_map_set(&deps->packages, imp_slice_of(key), added);
	return added;
}

static void link_target(struct dotnet *dotnet, const struct deps *deps, const char *key,
			const json_t *target)
{
	json_t *dependencies = imp_json_get_object(target, "dependencies");
	imp_auto(imp_strbuf_finish) struct imp_strbuf wanted = {0};
	const char *name;
	json_t *version;
	uint64_t from, to;
	uint32_t choice = 0;

	if (!imp_map_get(&deps->packages, imp_slice_of(key), &from))
		return;
	json_object_foreach(dependencies, name, version)
	{
		imp_strbuf_reset(&wanted);
		imp_strbuf_add_text(&wanted, name);
		imp_strbuf_add_char(&wanted, '/');
		if (json_is_string(version))
			imp_strbuf_add(&wanted, json_string_value(version),
				       json_string_length(version));
		choice++;
		if (!imp_map_get(&deps->packages, imp_strbuf_slice(&wanted), &to))
			continue;
		imp_inventory_need(dotnet->inventory, (uint32_t)from, (uint32_t)to,
				   IMP_DEPENDENCY_HARD, choice);
		if (is_project(deps, key))
			imp_inventory_get(dotnet->inventory, (uint32_t)to)->flags |=
				IMP_PACKAGE_ROOT;
	}
}

/* The target that runs here: the one that is named, else the only one. */
static json_t *find_target(const json_t *document)
{
	json_t *targets = imp_json_get_object(document, "targets");
	struct imp_slice name = imp_json_get_string(
		imp_json_get_object(document, "runtimeTarget"), "name");
	const char *key;
	json_t *target;

	json_object_foreach(targets, key,
			    target) if (imp_slice_is(name, key) ||
					json_object_size(targets) == 1) return target;
	return NULL;
}

static void read_target(struct dotnet *dotnet, struct deps *deps, json_t *target)
{
	const char *key;
	json_t *library;

	json_object_foreach(target, key, library)
	{
		uint32_t package = add_package(dotnet, deps, key, library);
		if (package != IMP_NONE)
			own_assets(dotnet, deps, package, library);
	}
	json_object_foreach(target, key, library) link_target(dotnet, deps, key, library);
}

/* The path without its ending: what an application's files have in common. */
static struct imp_slice stem_of(struct imp_slice path, const char *ending)
{
	path.len -= strlen(ending);
	return path;
}

static int read_deps(struct dotnet *dotnet, const struct imp_live_file *file,
		     struct imp_error *err)
{
	imp_auto_json json_t *document = NULL;
	int rc = imp_json_parse(file->content,
				imp_inventory_input(dotnet->inventory)->limits, "deps",
				&document, err);
	if (rc < 0)
		return rc;
	json_t *target = find_target(document);
	if (!target)
		return imp_fail(err, IMP_E_FORMAT, "no target");
	struct deps deps = {
		.folder = imp_tree_node(dotnet->tree, file->node)->parent,
		.database = file->node,
		.group = imp_inventory_group(dotnet->inventory),
		.libraries = imp_json_get_object(document, "libraries"),
	};
	uint32_t first = imp_inventory_count(dotnet->inventory);
	read_target(dotnet, &deps, target);
	if (imp_inventory_count(dotnet->inventory) > first) {
		struct imp_slice stem = stem_of(file->path, ".deps.json");
		imp_inventory_own(dotnet->inventory, first, file->node);
		imp_map_set(&dotnet->by_stem, stem, first);
		imp_map_set(&dotnet->frameworks, imp_slice_basename(stem), first);
	}
	imp_map_finish(&deps.packages);
	return 0;
}

static void need_framework(struct dotnet *dotnet, uint32_t application,
			   const json_t *framework, uint32_t choice)
{
	uint64_t package;

	/* Choices behind those of its deps.json */
	if (imp_map_get(&dotnet->frameworks, imp_json_get_string(framework, "name"),
			&package))
		imp_inventory_need(dotnet->inventory, application, (uint32_t)package,
				   IMP_DEPENDENCY_HARD, UINT32_MAX - choice);
}

static int read_config(struct dotnet *dotnet, const struct imp_live_file *file,
		       struct imp_error *err)
{
	imp_auto_json json_t *document = NULL;
	uint64_t application;
	int rc = imp_json_parse(file->content,
				imp_inventory_input(dotnet->inventory)->limits,
				"runtimeconfig", &document, err);
	if (rc < 0)
		return rc;
	json_t *options = imp_json_get_object(document, "runtimeOptions");
	json_t *frameworks = imp_json_get_array(options, "frameworks");
	if (!imp_map_get(&dotnet->by_stem, stem_of(file->path, ".runtimeconfig.json"),
			 &application))
		return 0;
	imp_inventory_own(dotnet->inventory, (uint32_t)application, file->node);
	need_framework(dotnet, (uint32_t)application,
		       imp_json_get_object(options, "framework"), 0);
	for (size_t i = 0; i < json_array_size(frameworks); i++)
		need_framework(dotnet, (uint32_t)application,
			       json_array_get(frameworks, i), (uint32_t)i + 1);
	return 0;
}

static void read_all(struct dotnet *dotnet, struct imp_slice suffix,
		     int (*read)(struct dotnet *, const struct imp_live_file *,
				 struct imp_error *))
{
	const struct imp_contents *contents =
		imp_inventory_input(dotnet->inventory)->contents;

	for (size_t i = 0; i < imp_contents_live_count(contents); i++) {
		const struct imp_live_file *file = imp_contents_live(contents, i);
		struct imp_error err = {0};
		if (!imp_slice_ends(file->path, suffix))
			continue;
		if (file->cut || read(dotnet, file, &err) < 0)
			imp_inventory_unreadable(dotnet->inventory, IMP_MANAGER_NUGET,
						 file->path,
						 file->cut ? "too large to be kept"
							   : "not what .NET writes");
	}
}

void imp_dotnet_read(struct imp_inventory *inventory)
{
	struct dotnet dotnet = {.inventory = inventory,
				.tree = imp_inventory_input(inventory)->tree,
				.arena = imp_inventory_arena(inventory)};

	read_all(&dotnet, IMP_SLICE(".deps.json"), read_deps);
	read_all(&dotnet, IMP_SLICE(".runtimeconfig.json"), read_config);
	imp_map_finish(&dotnet.by_stem);
	imp_map_finish(&dotnet.frameworks);
}
