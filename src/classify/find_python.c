/* Virtual environments with mostly the same packages. */
#include <stdlib.h>

#include "finders_priv.h"

enum { MAX_VENVS = 16, MAX_SIBLINGS = 20000 };

struct venv {
	struct imp_texts distributions; /* names of its *.dist-info folders, sorted */
	uint32_t folder;
	bool used;
};

static int compare_texts(const void *a, const void *b)
{
	return imp_slice_compare(*(const struct imp_slice *)a,
				 *(const struct imp_slice *)b);
}

static void gather_distributions(const struct imp_tree *tree, uint32_t packages,
				 struct imp_texts *out)
{
	uint32_t n = imp_tree_node(tree, packages)->first_child;

	for (int looked_at = 0; n != IMP_NONE && looked_at < MAX_SIBLINGS; looked_at++) {
		struct imp_slice name = imp_tree_name(tree, n);
		if (imp_tree_node(tree, n)->live &&
		    imp_slice_ends(name, IMP_SLICE(".dist-info")))
			imp_texts_add(out, name);
		n = imp_tree_node(tree, n)->next_sibling;
	}
}

/* lib/python3.x/site-packages of an environment. */
static void gather_environment(const struct imp_tree *tree, struct venv *venv)
{
	uint32_t lib = imp_tree_find_child(tree, venv->folder, IMP_SLICE("lib"));
	uint32_t n = lib == IMP_NONE ? IMP_NONE : imp_tree_node(tree, lib)->first_child;

	for (int looked_at = 0; n != IMP_NONE && looked_at < MAX_VENVS; looked_at++) {
		uint32_t packages =
			imp_tree_find_child(tree, n, IMP_SLICE("site-packages"));
		if (packages != IMP_NONE)
			gather_distributions(tree, packages, &venv->distributions);
		n = imp_tree_node(tree, n)->next_sibling;
	}
	if (venv->distributions.count > 0)
		qsort(venv->distributions.list, venv->distributions.count,
		      sizeof(*venv->distributions.list), compare_texts);
}

/* The configuration points at it: PATH, VIRTUAL_ENV or what is started. */
static bool is_used(const struct imp_survey *survey, uint32_t folder)
{
	const struct imp_config *config = &survey->input->image->config;
	struct imp_slice path = imp_environment(config, IMP_SLICE("PATH"));
	struct imp_slice active = imp_environment(config, IMP_SLICE("VIRTUAL_ENV"));

	if (imp_starts_below(survey, folder) || imp_survey_find(survey, active) == folder)
		return true;
	while (path.data) {
		uint32_t node = imp_survey_find(survey, imp_slice_cut(&path, ':'));
		if (node != IMP_NONE &&
		    imp_tree_node(survey->input->tree, node)->parent == folder)
			return true;
	}
	return false;
}

static bool is_copy(const struct imp_texts *a, const struct imp_texts *b,
		    uint64_t percent)
{
	size_t most = a->count > b->count ? a->count : b->count, i = 0, j = 0, equal = 0;

	while (i < a->count && j < b->count) {
		int order = imp_slice_compare(a->list[i], b->list[j]);
		equal += order == 0;
		i += order <= 0;
		j += order >= 0;
	}
	return most > 0 && equal * 100 > percent * most;
}

/* The one in use stays; both in use: none goes; neither: possible, the first stays. */
static void judge_pair(struct imp_survey *survey, uint32_t term, const struct venv *a,
		       const struct venv *b)
{
	const struct imp_rules *rules = survey->input->rules;
	const struct venv *kept = b->used && !a->used ? b : a;
	const struct venv *copy = kept == a ? b : a;
	struct imp_seed seed = {
		.node = copy->folder,
		.term = term,
		.confidence = kept->used
				      ? imp_term_confidence(survey, &rules->terms[term])
				      : IMP_CONFIDENCE_POSSIBLE,
		.kept = imp_path_in_arena(survey, kept->folder),
	};

	if (copy->used)
		return;
	seed.evidence = imp_explain_kept(
		survey, kept->folder,
		kept->used ? " has the same packages and is in use"
			   : " has the same packages; nothing says which is in use");
	imp_survey_add_seed(survey, &seed);
}

static size_t gather(const struct imp_survey *survey, const struct imp_nodes *marks,
		     struct venv *venvs)
{
	const struct imp_tree *tree = survey->input->tree;
	size_t count = 0;

	for (size_t i = 0; i < marks->count && count < MAX_VENVS; i++) {
		struct venv *venv = &venvs[count++];
		venv->folder = imp_tree_node(tree, marks->list[i])->parent;
		gather_environment(tree, venv);
		venv->used = is_used(survey, venv->folder);
	}
	return count;
}

void imp_find_venv_copies(struct imp_survey *survey, uint32_t term, uint64_t percent)
{
	const struct imp_nodes *marks =
		&imp_survey_index(survey)->named[IMP_INDEXED_PYVENV_CFG];
	struct venv venvs[MAX_VENVS] = {0};
	bool taken[MAX_VENVS] = {0};

	if (marks->count < 2)
		return;
	size_t count = gather(survey, marks, venvs);
	for (size_t b = 1; b < count; b++)
		for (size_t a = 0; a < b && !taken[b]; a++)
			if (!taken[a] && is_copy(&venvs[a].distributions,
						 &venvs[b].distributions, percent)) {
				judge_pair(survey, term, &venvs[a], &venvs[b]);
				taken[venvs[b].used && !venvs[a].used ? a : b] = true;
			}
	for (size_t i = 0; i < count; i++)
		imp_texts_finish(&venvs[i].distributions);
}
