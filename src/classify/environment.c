/* The folder of packages that a build stage hands over: a virtual environment, else the folder that pip
 * fills beside the distribution's own. */
#include "describe_priv.h"

/* ".../lib/python3.11/site-packages": up to "lib"; IMP_NONE when the path is no such. */
static uint32_t prefix_of(const struct imp_tree *tree, uint32_t packages)
{
	uint32_t python = imp_tree_node(tree, packages)->parent;
	uint32_t lib =
		python == IMP_NONE ? IMP_NONE : imp_tree_node(tree, python)->parent;

	return lib == IMP_NONE ? IMP_NONE : imp_tree_node(tree, lib)->parent;
}

static bool is_environment(const struct imp_tree *tree, uint32_t prefix)
{
	uint32_t settings =
		prefix == IMP_NONE
			? IMP_NONE
			: imp_tree_find_child(tree, prefix, IMP_SLICE("pyvenv.cfg"));

	return settings != IMP_NONE && imp_tree_node(tree, settings)->live;
}

static void add_node(const struct imp_tree *tree, uint32_t node, struct imp_strbuf *out)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	imp_tree_path(tree, node, &path);
	imp_word_shell_path(out, imp_strbuf_slice(&path));
}

static bool is_distribution(const struct imp_tree *tree, uint32_t packages)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	imp_tree_path(tree, packages, &path);
	return imp_slice_starts(imp_strbuf_slice(&path), IMP_SLICE("usr/lib/")) ||
	       imp_slice_starts(imp_strbuf_slice(&path), IMP_SLICE("usr/lib64/")) ||
	       imp_slice_starts(imp_strbuf_slice(&path), IMP_SLICE("usr/share/"));
}

const char *imp_environment_word(const struct imp_describer *describer)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	const struct imp_packages *packages = describer->input->packages;
	const struct imp_tree *tree = describer->input->tree;

	for (size_t i = 0; packages && i < packages->count && text.len == 0; i++) {
		const struct imp_package *package = &packages->list[i];
		if (package->manager != IMP_MANAGER_PYTHON || package->home == IMP_NONE)
			continue;
		uint32_t folder = imp_tree_node(tree, package->home)->parent;
		if (folder == IMP_NONE || is_distribution(tree, folder))
			continue;
		uint32_t prefix = prefix_of(tree, folder);
		add_node(tree, is_environment(tree, prefix) ? prefix : folder, &text);
	}
	if (text.len == 0)
		return "/opt/venv";
	return imp_arena_copy(describer->arena, imp_strbuf_slice(&text)).data;
}
