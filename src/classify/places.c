#include "survey_priv.h"

#include <stdlib.h>

#include "imgprof/strbuf.h"

enum {
	MAX_SPOTS = 256,
	MAX_USERS = 10000, /* lines of passwd that are looked at */
	PROJECT_DEPTH = 3, /* a project's manifest is looked for this deep */
};

struct imp_slice imp_environment(const struct imp_config *config, struct imp_slice name)
{
	for (size_t i = 0; i < config->environment_count; i++) {
		struct imp_slice value = config->environment[i];
		struct imp_slice key = imp_slice_cut(&value, '=');
		if (value.data && imp_slice_equal(key, name))
			return value;
	}
	return (struct imp_slice){0};
}

/* Without leading, double and trailing '/' and without '.'; false for a path that is not
 * absolute or climbs. */
static bool clean_path(struct imp_slice path, struct imp_strbuf *out)
{
	if (path.len == 0 || path.data[0] != '/')
		return false;
	while (path.data) {
		struct imp_slice part = imp_slice_cut(&path, '/');
		if (part.len == 0 || imp_slice_is(part, "."))
			continue;
		if (imp_slice_is(part, ".."))
			return false;
		if (out->len > 0)
			imp_strbuf_add_char(out, '/');
		imp_strbuf_add_slice(out, part);
	}
	return true;
}

uint32_t imp_survey_find(const struct imp_survey *survey, struct imp_slice path)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf clean = {0};
	const struct imp_tree *tree = survey->input->tree;

	if (!clean_path(path, &clean))
		return IMP_NONE;
	uint32_t node = imp_tree_find(tree, imp_strbuf_slice(&clean));
	return node != IMP_NONE && imp_tree_node(tree, node)->live ? node : IMP_NONE;
}

static void add_spot(struct imp_survey *survey, uint32_t node, uint32_t step)
{
	const struct imp_tree *tree = survey->input->tree;

	if (node == IMP_NONE || !imp_tree_node(tree, node)->directory ||
	    survey->spot_count == MAX_SPOTS)
		return;
	for (size_t i = 0; i < survey->spot_count; i++)
		if (survey->spots[i].node == node && survey->spots[i].step == step)
			return;
	survey->spots = imp_xgrow(survey->spots, &survey->spot_capacity,
				  survey->spot_count + 1, sizeof(*survey->spots));
	survey->spots[survey->spot_count++] = (struct imp_spot){node, step};
}

/* Content of the kept file that PATH shows at the end; empty when there is none. */
static struct imp_slice kept_file(const struct imp_survey *survey, const char *path)
{
	const struct imp_classify_input *input = survey->input;
	uint32_t node = imp_tree_find(input->tree, imp_slice_of(path));
	const struct imp_live_file *file =
		node == IMP_NONE ? NULL : imp_contents_at(input->contents, node);

	return file ? file->content : IMP_SLICE("");
}

static void add_homes(struct imp_survey *survey)
{
	struct imp_slice users = kept_file(survey, "etc/passwd");
	const struct imp_config *config = &survey->input->image->config;

	add_spot(survey, imp_survey_find(survey, IMP_SLICE("/root")), IMP_PLACE_HOME);
	add_spot(survey,
		 imp_survey_find(survey, imp_environment(config, IMP_SLICE("HOME"))),
		 IMP_PLACE_HOME);
	for (int user = 0; users.len > 0 && user < MAX_USERS; user++) {
		struct imp_slice rest = imp_slice_cut(&users, '\n');
		struct imp_slice home = {0};
		for (int field = 0; field < 6; field++)
			home = rest.data ? imp_slice_cut(&rest, ':')
					 : (struct imp_slice){0};
		uint32_t node = imp_survey_find(survey, home);
		if (node != 0)
			add_spot(survey, node, IMP_PLACE_HOME);
	}
}

/* Folders that hold the system: no project lives there, whatever WORKDIR says. Of "x/" all that
 * is below x too, when BELOW says so: a cache may well be in /var/tmp. */
static bool is_system_folder(struct imp_slice path, bool below)
{
	struct imp_slice folders = IMP_SLICE(
		"bin/ boot/ dev/ etc/ home lib/ lib32/ lib64/ libx32/ media mnt opt "
		"proc/ root run/ sbin/ srv sys/ tmp usr usr/bin/ usr/games/ "
		"usr/include/ usr/lib/ usr/lib32/ usr/lib64/ usr/libexec/ usr/local "
		"usr/local/bin/ usr/local/etc/ usr/local/include/ usr/local/lib/ "
		"usr/local/libexec/ usr/local/sbin/ usr/local/share/ usr/sbin/ "
		"usr/share/ usr/src var var/cache/ var/lib/ var/log/ var/spool/ "
		"var/tmp/");

	if (path.len == 0)
		return true;
	while (folders.data) {
		struct imp_slice folder = imp_slice_cut(&folders, ' ');
		bool with_all = folder.data[folder.len - 1] == '/';
		struct imp_slice bare = imp_slice(folder.data, folder.len - with_all);
		if (imp_slice_equal(path, bare) ||
		    (below && with_all && imp_slice_starts(path, folder)))
			return true;
	}
	return false;
}

bool imp_is_package_folder(struct imp_slice name)
{
	return imp_slice_is(name, "node_modules") ||
	       imp_slice_is(name, "site-packages") || imp_slice_is(name, "dist-packages");
}

static bool is_below_packages(struct imp_slice path)
{
	while (path.data)
		if (imp_is_package_folder(imp_slice_cut(&path, '/')))
			return true;
	return false;
}

static bool can_be_project(const struct imp_survey *survey, uint32_t node)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	const struct imp_node *folder = imp_tree_node(survey->input->tree, node);

	if (!folder->directory || folder->first_child == IMP_NONE)
		return false;
	imp_tree_path(survey->input->tree, node, &path);
	return !is_system_folder(imp_strbuf_slice(&path), true) &&
	       !is_below_packages(imp_strbuf_slice(&path));
}

static bool has_manifest(const struct imp_tree *tree, uint32_t folder)
{
	static const char *const manifests[] = {
		"package.json",     "pyproject.toml", "setup.py", "manage.py",
		"requirements.txt", "Pipfile",        "go.mod",   "Cargo.toml",
		"Gemfile",          "composer.json",  "pom.xml",  "build.gradle",
		"build.gradle.kts"};

	for (size_t i = 0; i < sizeof(manifests) / sizeof(*manifests); i++) {
		uint32_t node =
			imp_tree_find_child(tree, folder, imp_slice_of(manifests[i]));
		if (node != IMP_NONE && imp_tree_node(tree, node)->live)
			return true;
	}
	return false;
}

static int depth_of(const struct imp_tree *tree, uint32_t node)
{
	int depth = 0;

	while ((node = imp_tree_node(tree, node)->parent) != IMP_NONE)
		depth++;
	return depth;
}

/* Without a useful WORKDIR: the topmost folders with a manifest. */
static void find_projects(struct imp_survey *survey)
{
	const struct imp_tree *tree = survey->input->tree;
	bool descend = true;

	for (uint32_t n = imp_tree_next(tree, 0, true); n != IMP_NONE;
	     n = imp_tree_next(tree, n, descend)) {
		const struct imp_node *node = imp_tree_node(tree, n);
		struct imp_slice name = imp_tree_name(tree, n);
		descend = false;
		if (!node->directory || name.data[0] == '.')
			continue;
		if (can_be_project(survey, n) && has_manifest(tree, n))
			add_spot(survey, n, IMP_PLACE_APP);
		else
			descend = depth_of(tree, n) < PROJECT_DEPTH;
	}
}

static void add_projects(struct imp_survey *survey)
{
	struct imp_slice path = survey->input->image->config.working_directory;
	uint32_t node = imp_survey_find(survey, path);

	if (node != IMP_NONE && can_be_project(survey, node))
		add_spot(survey, node, IMP_PLACE_APP);
	else
		find_projects(survey);
}

static void add_variables(struct imp_survey *survey)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	const struct imp_steps *steps = &survey->input->rules->steps;
	const struct imp_config *config = &survey->input->image->config;

	for (size_t i = 0; i < steps->variable_count; i++) {
		const struct imp_variable *variable = &steps->variables[i];
		uint32_t node =
			imp_survey_find(survey, imp_environment(config, variable->name));
		if (node == IMP_NONE)
			continue;
		imp_strbuf_reset(&path);
		imp_tree_path(survey->input->tree, node, &path);
		if (!is_system_folder(imp_strbuf_slice(&path), false))
			add_spot(survey, node, variable->step);
	}
}

void imp_survey_places(struct imp_survey *survey)
{
	add_homes(survey);
	add_projects(survey);
	add_variables(survey);
}
