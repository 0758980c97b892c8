/* DEB-PY2ND: the distribution's Python beside one in /usr/local or /opt that the image runs. */
#include "finders_priv.h"

#include "imgprof/strbuf.h"

#include "words_priv.h"

static bool is_python(struct imp_slice name)
{
	struct imp_slice python = IMP_SLICE("python3");

	if (!imp_slice_starts(name, python))
		return false;
	for (size_t i = python.len; i < name.len; i++)
		if (name.data[i] != '.' && (name.data[i] < '0' || name.data[i] > '9'))
			return false;
	return true;
}

/* A program of that kind below FOLDER's bin, by what it resolves to; IMP_NONE. */
static uint32_t find_python(const struct imp_tree *tree, const char *folder)
{
	uint32_t bin = imp_tree_find(tree, imp_slice_of(folder));
	uint32_t n = bin == IMP_NONE ? IMP_NONE : imp_tree_node(tree, bin)->first_child;

	for (; n != IMP_NONE; n = imp_tree_node(tree, n)->next_sibling)
		if (imp_tree_node(tree, n)->live && is_python(imp_tree_name(tree, n)) &&
		    imp_tree_file_at(tree, n) != IMP_NONE)
			return n;
	return IMP_NONE;
}

static bool is_run(const struct imp_survey *survey, uint32_t node)
{
	uint32_t file = imp_tree_file_at(survey->input->tree, node);

	return file != IMP_NONE &&
	       (survey->input->runtime->reached[file] & IMP_REACH_RUN);
}

void imp_find_second_python(struct imp_survey *survey, uint32_t term, uint64_t min_bytes)
{
	const struct imp_tree *tree = survey->input->tree;
	uint32_t distribution = find_python(tree, "usr/bin");
	uint32_t own = find_python(tree, "usr/local/bin");
	uint32_t file = distribution == IMP_NONE ? IMP_NONE
						 : imp_tree_file_at(tree, distribution);
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0}, why = {0};

	if (file == IMP_NONE || own == IMP_NONE || !is_run(survey, own) ||
	    is_run(survey, distribution) ||
	    imp_tree_record(tree, file)->disk_bytes < min_bytes)
		return;
	imp_tree_path(tree, own, &path);
	imp_word_path(&why, imp_strbuf_slice(&path));
	imp_strbuf_add_text(&why, " is the Python that the image runs");
	struct imp_seed seed = {
		.node = distribution,
		.term = term,
		.confidence =
			imp_term_confidence(survey, &survey->input->rules->terms[term]),
		.kept = imp_arena_copy(survey->arena, imp_strbuf_slice(&path)),
		.evidence = imp_arena_copy(survey->arena, imp_strbuf_slice(&why)).data,
	};
	imp_survey_add_seed(survey, &seed);
}
