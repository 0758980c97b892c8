#include "survey_priv.h"

static bool ends_language(char c)
{
	return c == '_' || c == '-' || c == '.' || c == '@';
}

/* "de" of "de_AT.UTF-8", "sr@latin", "pt-BR.pak". */
static struct imp_slice language_of(struct imp_slice tag)
{
	size_t len = 0;

	while (len < tag.len && !ends_language(tag.data[len]))
		len++;
	return imp_slice(tag.data, len);
}

static void add_language(struct imp_survey *survey, struct imp_slice tag)
{
	struct imp_slice language = language_of(tag);

	/* What programs speak without a catalogue needs none. */
	if (language.len > 0 && !imp_slice_is(language, "en"))
		imp_texts_add(&survey->languages, language);
}

void imp_survey_languages(struct imp_survey *survey)
{
	const struct imp_config *config = &survey->input->image->config;
	const struct imp_runtime *runtime = survey->input->runtime;

	for (size_t i = 0; i < config->environment_count; i++) {
		struct imp_slice value = config->environment[i];
		struct imp_slice name = imp_slice_cut(&value, '=');
		bool list = imp_slice_is(name, "LANGUAGE");
		if (!value.data || !(list || imp_slice_is(name, "LANG") ||
				     imp_slice_starts(name, IMP_SLICE("LC_"))))
			continue;
		while (value.data)
			add_language(survey, imp_slice_cut(&value, ':'));
	}
	for (size_t i = 0; i < runtime->language_count; i++)
		add_language(survey, runtime->languages[i]);
}

bool imp_language_foreign(const struct imp_survey *survey, struct imp_slice name)
{
	struct imp_slice language = language_of(name);

	for (size_t i = 0; i < survey->languages.count; i++)
		if (imp_slice_equal(survey->languages.list[i], language))
			return false;
	return true;
}
