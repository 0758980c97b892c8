#include "survey_priv.h"

#include <stdlib.h>

#include "browsers_priv.h"
#include "finders_priv.h"
#include "imgprof/search.h"

static const struct imp_finder finders[] = {
	{"browser-copies", imp_find_browser_copies},
	{"browsers", imp_find_browsers},
	{"cuda-copies", imp_find_cuda_copies},
	{"jar-copies", imp_find_jar_copies},
	{"model-copies", imp_find_model_copies},
	{"model-formats", imp_find_model_formats},
	{"next-untraced", imp_find_next_untraced},
	{"npm-versions", imp_find_npm_versions},
	{"second-python", imp_find_second_python},
	{"tagged-caches", imp_find_tagged_caches},
	{"venv-copies", imp_find_venv_copies},
};

const struct imp_finder *imp_finder_by_name(struct imp_slice name)
{
	for (size_t i = 0; i < sizeof(finders) / sizeof(*finders); i++)
		if (imp_slice_is(name, finders[i].name))
			return &finders[i];
	return NULL;
}

void imp_survey_add_seed(struct imp_survey *survey, const struct imp_seed *seed)
{
	survey->seeds = imp_xgrow(survey->seeds, &survey->seed_capacity,
				  survey->seed_count + 1, sizeof(*survey->seeds));
	survey->seeds[survey->seed_count++] = *seed;
}

static int compare_seeds(const void *a, const void *b)
{
	const struct imp_seed *x = a, *y = b;

	if (x->node != y->node)
		return x->node < y->node ? -1 : 1;
	return x->term < y->term ? -1 : x->term > y->term;
}

const struct imp_seed *imp_survey_seeds_of(const struct imp_survey *survey, uint32_t node,
					   size_t *count)
{
	size_t first = IMP_FIRST_NOT(survey->seed_count, i, survey->seeds[i].node < node);
	size_t end = first;

	while (end < survey->seed_count && survey->seeds[end].node == node)
		end++;
	*count = end - first;
	return *count ? survey->seeds + first : NULL;
}

const struct imp_seed *imp_survey_seed(const struct imp_survey *survey, uint32_t node,
				       uint32_t term)
{
	size_t count;

	if (!survey->input->rules->terms[term].finder)
		return NULL;
	const struct imp_seed *seeds = imp_survey_seeds_of(survey, node, &count);
	for (size_t i = 0; i < count; i++)
		if (seeds[i].term == term)
			return &seeds[i];
	return NULL;
}

void imp_survey_find_all(struct imp_survey *survey)
{
	const struct imp_rules *rules = survey->input->rules;

	for (size_t i = 0; i < rules->term_count; i++)
		if (rules->terms[i].finder)
			rules->terms[i].finder->find(survey, (uint32_t)i,
						     rules->terms[i].argument);
	if (survey->seed_count > 0)
		qsort(survey->seeds, survey->seed_count, sizeof(*survey->seeds),
		      compare_seeds);
}
