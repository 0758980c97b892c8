#include "survey_priv.h"

#include <stdio.h>

/* A folder is searched for files of certain names no further than this many nodes. */
enum { SEARCH_NODES = 4096 };

static bool has_child(const struct imp_tree *tree, uint32_t folder, struct imp_slice name)
{
	uint32_t child = imp_tree_find_child(tree, folder, name);

	return child != IMP_NONE && imp_tree_node(tree, child)->live;
}

static bool has_all(const struct imp_tree *tree, uint32_t folder,
		    const struct imp_texts *names)
{
	for (size_t i = 0; i < names->count; i++)
		if (!has_child(tree, folder, names->list[i]))
			return false;
	return true;
}

static bool has_any(const struct imp_tree *tree, uint32_t folder,
		    const struct imp_texts *names)
{
	for (size_t i = 0; i < names->count; i++)
		if (has_child(tree, folder, names->list[i]))
			return true;
	return false;
}

static bool matches_any(const struct imp_texts *globs, struct imp_slice name)
{
	for (size_t i = 0; i < globs->count; i++)
		if (imp_glob_match(globs->list[i], name))
			return true;
	return false;
}

static bool holds_any(const struct imp_tree *tree, uint32_t folder,
		      const struct imp_texts *globs)
{
	uint32_t n = folder;

	for (int looked_at = 0; looked_at < SEARCH_NODES; looked_at++) {
		n = imp_tree_next_below(tree, n, imp_tree_node(tree, n)->live, folder);
		if (n == IMP_NONE)
			return false;
		const struct imp_node *node = imp_tree_node(tree, n);
		if (node->live && !node->directory &&
		    matches_any(globs, imp_tree_name(tree, n)))
			return true;
	}
	return false;
}

/* The length of NAME without its last ".part"; 0 when it has none. */
static size_t without_last_part(struct imp_slice name)
{
	size_t i = name.len;

	while (i > 0 && name.data[i - 1] != '.')
		i--;
	return i > 0 ? i - 1 : 0;
}

/* "x" of "x.cpython-311.pyc" and "x.cpython-311.opt-1.pyc"; empty for any other name. */
static struct imp_slice module_of(struct imp_slice name)
{
	struct imp_slice none = IMP_SLICE(""), optimised = IMP_SLICE("opt-");

	if (!imp_slice_ends(name, IMP_SLICE(".pyc")))
		return none;
	name.len -= 4;
	size_t len = without_last_part(name);
	if (len > 0 && imp_slice_starts(imp_slice_skip(name, len + 1), optimised))
		len = without_last_part(imp_slice(name.data, len));
	return imp_slice(name.data, len);
}

static bool has_source(const struct imp_tree *tree, uint32_t file)
{
	enum { LONGEST = 256 };
	char source[LONGEST];
	struct imp_slice module = module_of(imp_tree_name(tree, file));
	uint32_t folder = imp_tree_node(tree, imp_tree_node(tree, file)->parent)->parent;
	int len = snprintf(source, LONGEST, "%.*s.py", (int)module.len, module.data);

	return folder != IMP_NONE && module.len > 0 && len < LONGEST &&
	       has_child(tree, folder, imp_slice(source, (size_t)len));
}

static bool is_nonempty(const struct imp_tree *tree, uint32_t file)
{
	uint32_t shown = imp_tree_node(tree, file)->shown;
	uint32_t group =
		shown == IMP_NONE ? IMP_NONE : imp_tree_record(tree, shown)->group;

	return group != IMP_NONE && imp_tree_record(tree, group)->disk_bytes > 0;
}

bool imp_condition_of_files(const struct imp_condition *condition)
{
	return condition->kind == IMP_CONDITION_SOURCE ||
	       condition->kind == IMP_CONDITION_NONEMPTY;
}

bool imp_condition_holds(const struct imp_survey *survey,
			 const struct imp_condition *condition, uint32_t node)
{
	const struct imp_tree *tree = survey->input->tree;

	switch (condition->kind) {
	case IMP_CONDITION_HAS:
		return has_all(tree, node, &condition->names);
	case IMP_CONDITION_HOLDS:
		return holds_any(tree, node, &condition->names);
	case IMP_CONDITION_LACKS:
		return !has_any(tree, imp_tree_node(tree, node)->parent,
				&condition->names);
	case IMP_CONDITION_SOURCE:
		return has_source(tree, node);
	case IMP_CONDITION_FOREIGN:
		return imp_language_foreign(survey, imp_tree_name(tree, node));
	case IMP_CONDITION_NONEMPTY:
		return is_nonempty(tree, node);
	}
	return false;
}
