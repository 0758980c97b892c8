/* Whether a term's conditions hold for a folder or file: what stands beside, around and below it. */
#include "conditions_priv.h"

#include <stdio.h>

enum {
	SEARCH_NODES =
		4096,    /* a folder is searched for files of certain names this far */
	SIBLINGS = 4096, /* a folder is searched for a glob's names this far */
	FOLDERS_AROUND = 8,
	NAME_BYTES = 256, /* of a name that is made from another */
};

static bool is_live(const struct imp_tree *tree, uint32_t node)
{
	return node != IMP_NONE && imp_tree_node(tree, node)->live;
}

bool imp_matches_any(const struct imp_texts *globs, struct imp_slice name)
{
	for (size_t i = 0; i < globs->count; i++)
		if (imp_glob_match(globs->list[i], name))
			return true;
	return false;
}

static bool has_match(const struct imp_tree *tree, uint32_t folder, struct imp_slice glob)
{
	uint32_t n = imp_tree_node(tree, folder)->first_child;

	for (int looked_at = 0; n != IMP_NONE && looked_at < SIBLINGS; looked_at++) {
		const struct imp_node *node = imp_tree_node(tree, n);
		if (node->live && imp_glob_match(glob, imp_tree_name(tree, n)))
			return true;
		n = node->next_sibling;
	}
	return false;
}

/* PATH below FOLDER; "*" in its last component. */
static bool has_path(const struct imp_tree *tree, uint32_t folder, struct imp_slice path)
{
	while (path.data && is_live(tree, folder)) {
		struct imp_slice name = imp_slice_cut(&path, '/');
		if (memchr(name.data, '\0', name.len))
			return !path.data && has_match(tree, folder, name);
		folder = imp_tree_find_child(tree, folder, name);
	}
	return is_live(tree, folder);
}

bool imp_has_any(const struct imp_tree *tree, uint32_t folder,
		 const struct imp_texts *names)
{
	for (size_t i = 0; i < names->count; i++)
		if (has_path(tree, folder, names->list[i]))
			return true;
	return false;
}

static bool has_all(const struct imp_tree *tree, uint32_t folder,
		    const struct imp_texts *names)
{
	for (size_t i = 0; i < names->count; i++)
		if (!has_path(tree, folder, names->list[i]))
			return false;
	return true;
}

static bool is_inside(const struct imp_tree *tree, uint32_t node,
		      const struct imp_texts *names)
{
	for (int up = 0; up < FOLDERS_AROUND; up++) {
		node = imp_tree_node(tree, node)->parent;
		if (node == IMP_NONE)
			return false;
		if (imp_has_any(tree, node, names))
			return true;
	}
	return false;
}

static bool exists(const struct imp_survey *survey, const struct imp_texts *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		if (imp_tree_resolve(survey->input->tree, 0, paths->list[i]) != IMP_NONE)
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
		    imp_matches_any(globs, imp_tree_name(tree, n)))
			return true;
	}
	return false;
}

/* The package's folder in the innermost node_modules or site-packages around NODE; IMP_NONE. */
static uint32_t package_of(const struct imp_tree *tree, uint32_t node)
{
	uint32_t below = node, package = IMP_NONE;

	for (uint32_t n = imp_tree_node(tree, node)->parent; n != IMP_NONE;
	     n = imp_tree_node(tree, n)->parent) {
		if (imp_is_package_folder(imp_tree_name(tree, n)))
			return imp_tree_name(tree, below).data[0] == '@' ? package
									 : below;
		package = below;
		below = n;
	}
	return IMP_NONE;
}

static bool package_holds(const struct imp_survey *survey,
			  const struct imp_condition *condition, uint32_t node)
{
	uint32_t package = package_of(survey->input->tree, node);
	struct imp_memo *memo = imp_memo_of(survey, condition);

	if (package == IMP_NONE)
		return false;
	if (memo->folder != package) {
		memo->folder = package;
		memo->holds = holds_any(survey->input->tree, package, &condition->names);
	}
	return memo->holds;
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

/* A child of FOLDER that is named STEM and ENDING. */
static bool has_named(const struct imp_tree *tree, uint32_t folder, struct imp_slice stem,
		      struct imp_slice ending)
{
	char name[NAME_BYTES];

	if (stem.len == 0 || stem.len + ending.len > sizeof(name))
		return false;
	memcpy(name, stem.data, stem.len);
	memcpy(name + stem.len, ending.data, ending.len);
	return is_live(tree, imp_tree_find_child(tree, folder,
						 imp_slice(name, stem.len + ending.len)));
}

static bool has_source(const struct imp_tree *tree, uint32_t file)
{
	struct imp_slice module = module_of(imp_tree_name(tree, file));
	uint32_t folder = imp_tree_node(tree, imp_tree_node(tree, file)->parent)->parent;

	return folder != IMP_NONE && has_named(tree, folder, module, IMP_SLICE(".py"));
}

static bool has_twin(const struct imp_tree *tree, uint32_t file,
		     const struct imp_texts *endings)
{
	struct imp_slice name = imp_tree_name(tree, file);

	name.len = without_last_part(name);
	for (size_t i = 0; i < endings->count; i++)
		if (has_named(tree, imp_tree_node(tree, file)->parent, name,
			      endings->list[i]))
			return true;
	return false;
}

/* Every name before a dot in NAME: "a" and "a.cpython-311" of "a.cpython-311.so". */
static void add_stems(struct imp_map *stems, struct imp_slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.data[i] == '.')
			imp_map_set(stems, imp_slice(name.data, i), 1);
}

static void gather_stems(const struct imp_tree *tree, uint32_t folder,
			 const struct imp_texts *endings, struct imp_map *stems)
{
	imp_map_finish(stems);
	*stems = (struct imp_map){0};
	for (uint32_t n = imp_tree_node(tree, folder)->first_child; n != IMP_NONE;
	     n = imp_tree_node(tree, n)->next_sibling)
		for (size_t i = 0; i < endings->count; i++)
			if (is_live(tree, n) &&
			    imp_slice_ends(imp_tree_name(tree, n), endings->list[i]))
				add_stems(stems, imp_tree_name(tree, n));
}

static bool has_product(const struct imp_survey *survey,
			const struct imp_condition *condition, uint32_t file)
{
	const struct imp_tree *tree = survey->input->tree;
	uint32_t folder = imp_tree_node(tree, file)->parent;
	struct imp_memo *memo = imp_memo_of(survey, condition);
	struct imp_slice name = imp_tree_name(tree, file);

	if (memo->folder != folder) {
		memo->folder = folder;
		gather_stems(tree, folder, &condition->names, &memo->stems);
	}
	return imp_map_get(&memo->stems, imp_slice(name.data, without_last_part(name)),
			   NULL);
}

static bool is_unpacked(const struct imp_tree *tree, uint32_t archive)
{
	struct imp_slice name = imp_tree_name(tree, archive);
	uint32_t folder = imp_tree_node(tree, archive)->parent;

	while ((name.len = without_last_part(name)) > 0) {
		uint32_t found = imp_tree_find_child(tree, folder, name);
		if (is_live(tree, found) && imp_tree_node(tree, found)->directory)
			return true;
	}
	return false;
}

bool imp_condition_of_files(const struct imp_condition *condition)
{
	return condition->kind == IMP_CONDITION_SOURCE ||
	       condition->kind == IMP_CONDITION_NONEMPTY ||
	       condition->kind == IMP_CONDITION_OVER ||
	       condition->kind == IMP_CONDITION_UNDER ||
	       condition->kind == IMP_CONDITION_KIND ||
	       condition->kind == IMP_CONDITION_COPY_IN ||
	       condition->kind == IMP_CONDITION_OWNED;
}

/* Those about a name and its neighbours. */
static bool holds_in_tree(const struct imp_survey *survey,
			  const struct imp_condition *condition, uint32_t node)
{
	const struct imp_tree *tree = survey->input->tree;
	const struct imp_texts *names = &condition->names;
	uint32_t parent = imp_tree_node(tree, node)->parent;

	switch ((int)condition->kind) {
	case IMP_CONDITION_HAS:
		return has_all(tree, node, names);
	case IMP_CONDITION_HOLDS:
		return holds_any(tree, node, names);
	case IMP_CONDITION_LACKS:
		return parent == IMP_NONE || !imp_has_any(tree, parent, names);
	case IMP_CONDITION_BESIDE:
		return parent != IMP_NONE && imp_has_any(tree, parent, names);
	case IMP_CONDITION_INSIDE:
		return is_inside(tree, node, names);
	case IMP_CONDITION_OUTSIDE:
		return !is_inside(tree, node, names);
	case IMP_CONDITION_EXISTS:
		return exists(survey, names);
	case IMP_CONDITION_PACKAGE:
		node = package_of(tree, node);
		return node != IMP_NONE && imp_has_any(tree, node, names);
	case IMP_CONDITION_PACKAGE_HOLDS:
		return package_holds(survey, condition, node);
	default:
		return false;
	}
}

bool imp_condition_holds(const struct imp_survey *survey,
			 const struct imp_condition *condition, uint32_t node)
{
	const struct imp_tree *tree = survey->input->tree;
	const struct imp_texts *names = &condition->names;

	switch ((int)condition->kind) {
	case IMP_CONDITION_SOURCE:
		return has_source(tree, node);
	case IMP_CONDITION_TWIN:
		return has_twin(tree, node, names);
	case IMP_CONDITION_SINGLE:
		return !has_twin(tree, node, names);
	case IMP_CONDITION_STEM:
		return has_product(survey, condition, node);
	case IMP_CONDITION_UNPACKED:
		return is_unpacked(tree, node);
	case IMP_CONDITION_FOREIGN:
		return imp_language_foreign(survey, imp_tree_name(tree, node));
	case IMP_CONDITION_ALIEN:
		return imp_is_alien(survey, imp_tree_name(tree, node));
	case IMP_CONDITION_UNSET:
	case IMP_CONDITION_NAMED_ELSEWHERE:
	case IMP_CONDITION_STARTS:
	case IMP_CONDITION_IDLE:
	case IMP_CONDITION_UNIMPORTED:
		return imp_condition_of_image(survey, condition, node);
	default:
		return imp_condition_of_files(condition)
			       ? imp_condition_of_content(survey, condition, node)
			       : holds_in_tree(survey, condition, node);
	}
}
