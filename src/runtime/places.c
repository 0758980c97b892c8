#include <stdlib.h>

#include "trail.h"

bool imp_is_aside(struct imp_slice folder_name)
{
	return imp_word_in(
		folder_name,
		"tests test testing __tests__ __mocks__ spec benchmarks examples "
		"docs .git");
}

static void add(uint32_t **list, size_t *count, size_t *capacity, uint32_t node)
{
	*list = imp_xgrow(*list, capacity, *count + 1, sizeof(**list));
	(*list)[(*count)++] = node;
}

/* The environment that a folder lies in, or IMP_NONE: the system's. */
static uint32_t environment_of(const struct imp_trail *trail, uint32_t node)
{
	for (uint32_t at = node; at != IMP_NONE;
	     at = imp_tree_node(trail->tree, at)->parent) {
		uint32_t config =
			imp_tree_find_child(trail->tree, at, IMP_SLICE("pyvenv.cfg"));
		if (config != IMP_NONE && imp_tree_node(trail->tree, config)->live)
			return at;
	}
	return IMP_NONE;
}

static bool is_used(const struct imp_trail *trail, uint32_t node)
{
	uint32_t environment = environment_of(trail, node);

	if (environment == IMP_NONE)
		return trail->runs_system_python;
	for (size_t i = 0; i < trail->environment_count; i++)
		if (trail->environments[i] == environment)
			return true;
	return false;
}

static bool is_library(const struct imp_trail *trail, uint32_t node,
		       struct imp_slice name)
{
	uint32_t os = imp_slice_starts(name, IMP_SLICE("python"))
			      ? imp_tree_find_child(trail->tree, node, IMP_SLICE("os.py"))
			      : IMP_NONE;

	return os != IMP_NONE && imp_tree_node(trail->tree, os)->live;
}

static bool is_packages(struct imp_slice name)
{
	return imp_slice_is(name, "site-packages") || imp_slice_is(name, "dist-packages");
}

/* Where a project lies: no folder of the system, nor one that packages own. */
static uint32_t project_of(const struct imp_trail *trail)
{
	static const char system[] =
		"bin boot dev etc home lib lib32 lib64 libx32 media mnt opt proc root run sbin "
		"srv sys tmp usr var";
	const struct imp_node *node = imp_tree_node(trail->tree, trail->workdir);

	if (trail->workdir == 0 ||
	    (node->parent == 0 &&
	     imp_word_in(imp_tree_name(trail->tree, trail->workdir), system)))
		return IMP_NONE;
	for (uint32_t at = trail->workdir; at != IMP_NONE;
	     at = imp_tree_node(trail->tree, at)->parent) {
		struct imp_slice name = imp_tree_name(trail->tree, at);
		if (is_packages(name) || imp_slice_is(name, "node_modules"))
			return IMP_NONE;
	}
	return trail->workdir;
}

void imp_places_find(const struct imp_trail *trail, struct imp_places *places)
{
	imp_auto_free uint32_t *libraries = NULL;
	size_t count = 0, capacity = 0;
	bool descend = true;

	*places = (struct imp_places){.project = project_of(trail)};
	for (uint32_t n = imp_tree_next(trail->tree, 0, true); n != IMP_NONE;
	     n = imp_tree_next(trail->tree, n, descend)) {
		const struct imp_node *node = imp_tree_node(trail->tree, n);
		descend = node->live && node->directory;
		if (!descend)
			continue;
		struct imp_slice name = imp_tree_name(trail->tree, n);
		if (imp_slice_is(name, "node_modules")) {
			add(&places->node_modules, &places->node_count,
			    &places->node_capacity, n);
			descend = false;
		} else if (is_packages(name) && trail->runs_python && is_used(trail, n)) {
			add(&places->python, &places->python_count,
			    &places->python_capacity, n);
		} else if (trail->runs_python && is_library(trail, n, name)) {
			add(&libraries, &count, &capacity, n);
		}
	}
	for (size_t i = 0; i < count; i++)
		add(&places->python, &places->python_count, &places->python_capacity,
		    libraries[i]);
}

void imp_places_finish(struct imp_places *places)
{
	free(places->python);
	free(places->node_modules);
}
