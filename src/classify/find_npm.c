/* Several versions of one npm package. */
#include <stdlib.h>

#include "finders_priv.h"

#include "words_priv.h"

struct version {
	const struct imp_package *package;
	uint32_t depth; /* of its folder */
};

static uint32_t depth_of(const struct imp_tree *tree, uint32_t node)
{
	uint32_t depth = 0;

	while ((node = imp_tree_node(tree, node)->parent) != IMP_NONE)
		depth++;
	return depth;
}

/* By name; the copy nearest to the root, which most packages find, first. */
static int compare_versions(const void *a, const void *b)
{
	const struct version *x = a, *y = b;
	int order = imp_slice_compare(x->package->name, y->package->name);

	if (order != 0)
		return order;
	if (x->depth != y->depth)
		return x->depth < y->depth ? -1 : 1;
	return x->package->home < y->package->home ? -1 : 1;
}

static size_t gather(const struct imp_survey *survey, uint64_t min_bytes,
		     struct version *out)
{
	const struct imp_packages *packages = survey->input->packages;
	size_t count = 0;

	for (size_t i = 0; i < packages->count; i++) {
		const struct imp_package *package = &packages->list[i];
		if (package->manager == IMP_MANAGER_NPM && package->home != IMP_NONE &&
		    package->sum.disk_bytes > min_bytes)
			out[count++] = (struct version){
				package, depth_of(survey->input->tree, package->home)};
	}
	return count;
}

static const char *explain(struct imp_survey *survey, const struct imp_package *copy,
			   const struct imp_package *kept)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	imp_escape_terminal(&text, copy->name);
	imp_strbuf_add_char(&text, ' ');
	imp_escape_terminal(&text, copy->version);
	imp_strbuf_add_text(&text, " beside ");
	imp_escape_terminal(&text, kept->version);
	imp_strbuf_add_text(&text, " in ");
	imp_word_path(&text, imp_path_in_arena(survey, kept->home));
	return imp_arena_copy(survey->arena, imp_strbuf_slice(&text)).data;
}

static void judge_copy(struct imp_survey *survey, uint32_t term,
		       const struct imp_package *copy, const struct imp_package *kept)
{
	struct imp_seed seed = {
		.node = copy->home,
		.term = term,
		.confidence = IMP_CONFIDENCE_POSSIBLE,
		.evidence = explain(survey, copy, kept),
		.kept = imp_path_in_arena(survey, kept->home),
	};

	if (!imp_is_at_or_below(survey->input->tree, kept->home, copy->home))
		imp_survey_add_seed(survey, &seed);
}

void imp_find_npm_versions(struct imp_survey *survey, uint32_t term, uint64_t min_bytes)
{
	size_t most = survey->input->packages->count, first = 0;
	imp_auto_free struct version *list = imp_xcalloc(most + 1, sizeof(*list));
	size_t count = gather(survey, min_bytes, list);

	if (count > 1)
		qsort(list, count, sizeof(*list), compare_versions);
	for (size_t i = 1; i < count; i++) {
		if (imp_slice_equal(list[i].package->name, list[first].package->name))
			judge_copy(survey, term, list[i].package, list[first].package);
		else
			first = i;
	}
}
