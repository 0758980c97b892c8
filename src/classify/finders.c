#include "survey_priv.h"

#include "browsers_priv.h"

static const struct imp_finder finders[] = {
	{"browser-copies", imp_find_browser_copies},
};

const struct imp_finder *imp_finder_by_name(struct imp_slice name)
{
	for (size_t i = 0; i < sizeof(finders) / sizeof(*finders); i++)
		if (imp_slice_is(name, finders[i].name))
			return &finders[i];
	return NULL;
}

void imp_survey_find_all(struct imp_survey *survey)
{
	const struct imp_rules *rules = survey->input->rules;

	for (size_t i = 0; i < rules->term_count; i++)
		if (rules->terms[i].finder)
			rules->terms[i].finder->find(survey, (uint32_t)i,
						     rules->terms[i].argument);
}
