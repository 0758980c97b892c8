/*
 * Python's installed distributions: a dist-info or egg-info in a folder of site-packages or
 * dist-packages, or in any other folder that is not inside such a one (`pip install
 * --target`); what stands deeper is vendored and belongs to the package around it.
 */
#include <stdlib.h>

#include "imgprof/json.h"
#include "imgprof/path.h"
#include "python_priv.h"
#include "readers.h"

static bool is_packages_folder(struct imp_slice name)
{
	return imp_slice_is(name, "site-packages") || imp_slice_is(name, "dist-packages");
}

/* "python3.11", "pypy3.9": fills the environment's version; false for other names. */
static bool parse_interpreter(struct imp_slice name, struct python_environment *out)
{
	bool pypy = imp_slice_starts(name, IMP_SLICE("pypy"));
	struct imp_slice rest = imp_slice_skip(name, pypy ? 4 : 6);
	unsigned long long major, minor;

	if (!pypy && !imp_slice_starts(name, IMP_SLICE("python")))
		return false;
	if (!imp_slice_u64(imp_slice_cut(&rest, '.'), &major) ||
	    !imp_slice_u64(rest, &minor) || major > 99 || minor > 999)
		return false;
	out->major = (unsigned)major;
	out->minor = (unsigned)minor;
	out->implementation = pypy ? "pypy" : "cpython";
	return true;
}

/* Debian's /usr/lib/python3 serves one version, whose library stands beside it. */
static void find_debian_interpreter(const struct python *python,
				    struct python_environment *out)
{
	uint32_t lib = imp_tree_find(python->tree, IMP_SLICE("usr/lib"));

	if (lib == IMP_NONE)
		return;
	for (uint32_t n = imp_tree_node(python->tree, lib)->first_child; n != IMP_NONE;
	     n = imp_tree_node(python->tree, n)->next_sibling)
		if (imp_tree_node(python->tree, n)->live &&
		    parse_interpreter(imp_tree_name(python->tree, n), out))
			return;
}

static void describe_environment(const struct python *python, struct imp_slice path,
				 struct python_environment *out)
{
	struct imp_slice folder = imp_slice_basename(imp_path_parent(path));

	out->dist_packages = imp_slice_is(imp_slice_basename(path), "dist-packages");
	out->debian = imp_slice_is(path, "usr/lib/python3/dist-packages");
	if (out->debian)
		find_debian_interpreter(python, out);
	else
		parse_interpreter(folder, out);
}

static bool ends_as_info(struct imp_slice name)
{
	return imp_slice_ends(name, IMP_SLICE(".dist-info")) ||
	       imp_slice_ends(name, IMP_SLICE(".egg-info"));
}

/* Inside another environment (vendored), or inside what describes a distribution. */
static bool is_vendored(struct imp_slice environment)
{
	if (is_packages_folder(imp_slice_basename(environment)))
		return false;
	for (; environment.len > 0; environment = imp_path_parent(environment)) {
		struct imp_slice name = imp_slice_basename(environment);
		if (is_packages_folder(name) || ends_as_info(name))
			return true;
	}
	return false;
}

static uint32_t find_environment(struct python *python, struct imp_map *by_path,
				 struct imp_slice path, uint32_t node)
{
	uint64_t place;

	if (imp_map_get(by_path, path, &place))
		return (uint32_t)place;
	place = python->environment_count;
	python->environments =
		imp_xgrow(python->environments, &python->environment_capacity,
			  python->environment_count + 1, sizeof(*python->environments));
	struct python_environment *added =
		&python->environments[python->environment_count++];
	*added = (struct python_environment){
		.node = node, .group = imp_inventory_group(python->inventory)};
	describe_environment(python, path, added);
	imp_map_set(by_path, path, place);
	return (uint32_t)place;
}

/* What a dist is made of, from one kept file inside its folder. */
static void take_part(struct python_dist *dist, const struct imp_live_file *file)
{
	struct imp_slice name = imp_slice_basename(file->path);
	const struct {
		const char *name;
		const struct imp_live_file **part;
	} parts[] = {
		{"METADATA", &dist->metadata},
		{"PKG-INFO", &dist->metadata},
		{"RECORD", &dist->record},
		{"installed-files.txt", &dist->installed_files},
		{"top_level.txt", &dist->top_level},
		{"requires.txt", &dist->requires},
		{"INSTALLER", &dist->installer},
		{"direct_url.json", &dist->direct_url},
	};
	if (imp_slice_is(name, "REQUESTED"))
		dist->requested = true;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (imp_slice_is(name, parts[i].name))
			*parts[i].part = file;
}

/* An egg-info outside of an environment is what a build left beside its source. */
static bool counts(struct imp_slice home)
{
	struct imp_slice environment = imp_path_parent(home);

	if (imp_slice_ends(home, IMP_SLICE(".egg-info")) &&
	    !is_packages_folder(imp_slice_basename(environment)))
		return false;
	return !is_vendored(environment);
}

/* The home that FILE belongs to: its folder, or itself (distutils wrote one file); empty when
 * it is of no distribution. */
static struct imp_slice home_of(const struct imp_live_file *file)
{
	struct imp_slice folder = imp_path_parent(file->path);

	if (ends_as_info(imp_slice_basename(folder)))
		return folder;
	if (imp_slice_ends(file->path, IMP_SLICE(".egg-info")))
		return file->path;
	return (struct imp_slice){0};
}

static struct python_dist *add_dist(struct python *python, struct imp_map *environments,
				    struct imp_slice home, uint32_t node)
{
	uint32_t environment =
		find_environment(python, environments, imp_path_parent(home),
				 imp_tree_node(python->tree, node)->parent);

	python->dists = imp_xgrow(python->dists, &python->dist_capacity,
				  python->dist_count + 1, sizeof(*python->dists));
	struct python_dist *dist = &python->dists[python->dist_count++];
	*dist = (struct python_dist){.environment = environment,
				     .home = node,
				     .package = IMP_NONE,
				     .next_same_name = IMP_NONE};
	return dist;
}

static void report_cut(struct python *python, const struct imp_live_file *file)
{
	imp_inventory_unreadable(python->inventory, IMP_MANAGER_PYTHON, file->path,
				 "too large to be kept");
}

/* Live files come by path, so all of one home stand together. */
static void find_dists(struct python *python)
{
	const struct imp_contents *contents =
		imp_inventory_input(python->inventory)->contents;
	imp_auto(imp_map_finish) struct imp_map environments = {0};
	struct imp_slice current = {0};

	for (size_t i = 0; i < imp_contents_live_count(contents); i++) {
		const struct imp_live_file *file = imp_contents_live(contents, i);
		struct imp_slice home = home_of(file);
		bool single = home.len == file->path.len;
		if (home.len == 0 || !counts(home) ||
		    python->dist_count == IMP_MAX_PACKAGES)
			continue;
		if (!imp_slice_equal(home, current)) {
			uint32_t node =
				single ? file->node
				       : imp_tree_node(python->tree, file->node)->parent;
			add_dist(python, &environments, home, node);
			current = home;
		}
		struct python_dist *dist = &python->dists[python->dist_count - 1];
		if (file->cut)
			report_cut(python, file);
		else if (single)
			dist->metadata = file;
		else
			take_part(dist, file);
	}
}

/* Names that a stranger wrote become ours. */
static const char *tool_of(const struct python *python, const struct python_dist *dist)
{
	static const char *const tools[] = {"pip",   "uv",     "poetry", "pdm",
					    "conda", "debian", "pipenv", "flit",
					    "hatch", "rpm",    "rye",    "installer"};
	if (python->environments[dist->environment].debian)
		return "debian";
	if (!dist->installer)
		return "";
	struct imp_slice word = dist->installer->content;
	size_t len = 0;
	while (len < word.len && word.data[len] >= 'a' && word.data[len] <= 'z')
		len++;
	word.len = len;
	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
		if (imp_slice_is(word, tools[i]))
			return tools[i];
	return "";
}

/* `pip install -e`: nobody else can ask for that. */
static bool is_editable(const struct python *python, const struct python_dist *dist)
{
	imp_auto_json json_t *document = NULL;
	struct imp_error err = {0};

	if (!dist->direct_url)
		return false;
	if (imp_json_parse(dist->direct_url->content,
			   imp_inventory_input(python->inventory)->limits,
			   "direct_url.json", &document, &err) < 0) {
		imp_inventory_unreadable(python->inventory, IMP_MANAGER_PYTHON,
					 dist->direct_url->path, "no JSON within limits");
		return false;
	}
	return imp_json_get_bool(imp_json_get_object(document, "dir_info"), "editable",
				 false);
}

/* As SBOM tools write it: lower case, "_" as "-", but dots as they are, unlike PEP 503. */
static const char *purl_of(const struct python *python, struct imp_slice raw,
			   struct imp_slice version)
{
	char *name = imp_arena_alloc(python->arena, raw.len);

	for (size_t i = 0; i < raw.len; i++) {
		char c = raw.data[i];
		bool upper = c >= 'A' && c <= 'Z';
		name[i] = upper ? (char)(c - 'A' + 'a') : c;
		if (c == '_')
			name[i] = '-';
	}
	return imp_purl(python->inventory, "pypi", IMP_SLICE(""),
			imp_slice(name, raw.len), version, NULL);
}

static void add_package(struct python *python, struct python_dist *dist)
{
	const struct python_environment *environment =
		&python->environments[dist->environment];
	struct imp_slice raw = dist->name;
	struct imp_package package = {
		.manager = IMP_MANAGER_PYTHON,
		.version = dist->version,
		.tool = tool_of(python, dist),
		.purl = purl_of(python, raw, dist->version),
		.database = dist->metadata ? dist->metadata->node : dist->home,
		.home = dist->home,
		.group = environment->group,
		.twin = IMP_NONE,
	};
	uint64_t first;

	package.name = dist->name = imp_pep503_name(python->arena, raw);
	dist->package = imp_inventory_add(python->inventory, &package);
	if (imp_map_get(&python->by_name, dist->name, &first))
		dist->next_same_name = (uint32_t)first;
	imp_map_set(&python->by_name, dist->name, (uint64_t)(dist - python->dists));
}

/*
 * REQUESTED says who was asked for. Of an environment that has none (poetry, conda and old
 * tools write none) nobody knows, as of a bootstrapped dpkg database (2.2). What Debian put
 * there is dpkg's to keep.
 */
static void mark_roots(struct python *python)
{
	for (size_t i = 0; i < python->dist_count; i++) {
		struct python_dist *dist = &python->dists[i];
		struct python_environment *environment =
			&python->environments[dist->environment];
		dist->requested = dist->requested || is_editable(python, dist);
		if (!dist->requested || environment->debian || dist->package == IMP_NONE)
			continue;
		environment->has_requested = true;
		imp_inventory_set_roots_known(python->inventory, environment->group);
		imp_inventory_get(python->inventory, dist->package)->flags |=
			IMP_PACKAGE_ROOT;
	}
}

void imp_python_read(struct imp_inventory *inventory)
{
	struct python python = {.inventory = inventory,
				.tree = imp_inventory_input(inventory)->tree,
				.arena = imp_inventory_arena(inventory)};

	find_dists(&python);
	for (size_t i = 0; i < python.dist_count; i++) {
		imp_python_read_metadata(&python, &python.dists[i]);
		add_package(&python, &python.dists[i]);
	}
	mark_roots(&python);
	imp_python_own_files(&python);
	imp_python_link(&python);
	imp_python_mark_development(&python);
	imp_map_finish(&python.by_name);
	free(python.environments);
	free(python.dists);
	free(python.requirements);
}
