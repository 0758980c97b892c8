#include "finders_priv.h"

/* What else a tool tags though the image runs from it, or keeps on purpose: an environment of uv,
 * cargo's target with the product inside, models, the font cache (GEN-LDAUX). */
static bool is_more_than_cache(const struct imp_tree *tree, uint32_t folder)
{
	static const char *const products[] = {"pyvenv.cfg", ".rustc_info.json",
					       "conda-meta"};
	static const char *const excluded[] = {"huggingface", "fontconfig", NULL};
	struct imp_slice name = imp_tree_name(tree, folder);

	for (size_t i = 0; i < sizeof(products) / sizeof(*products); i++) {
		uint32_t n = imp_tree_find_child(tree, folder, imp_slice_of(products[i]));
		if (n != IMP_NONE && imp_tree_node(tree, n)->live)
			return true;
	}
	for (size_t i = 0; excluded[i]; i++)
		if (imp_slice_is(name, excluded[i]))
			return true;
	return imp_is_in_folder_named(tree, folder, excluded);
}

void imp_find_tagged_caches(struct imp_survey *survey, uint32_t term, uint64_t unused)
{
	const struct imp_tree *tree = survey->input->tree;
	const struct imp_rules *rules = survey->input->rules;
	const struct imp_nodes *tags =
		&imp_survey_index(survey)->named[IMP_INDEXED_CACHEDIR_TAG];
	struct imp_slice signature =
		IMP_SLICE("Signature: 8a477f597d28d172789f06886806bc55");

	(void)unused;
	for (size_t i = 0; i < tags->count; i++) {
		const struct imp_live_file *tag =
			imp_contents_at(survey->input->contents, tags->list[i]);
		struct imp_seed seed = {
			.node = imp_tree_node(tree, tags->list[i])->parent,
			.term = term,
			.confidence = imp_term_confidence(survey, &rules->terms[term]),
			.evidence = "its CACHEDIR.TAG has the standard's signature",
		};
		bool top = seed.node == 0 || imp_tree_node(tree, seed.node)->parent == 0;
		if (tag && imp_slice_starts(tag->content, signature) && !top &&
		    !is_more_than_cache(tree, seed.node))
			imp_survey_add_seed(survey, &seed);
	}
}
