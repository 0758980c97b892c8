#include "settings.h"

#include <string.h>

void imp_settings_init(struct imp_settings *settings)
{
	memset(settings, 0, sizeof(*settings));
	settings->limits = imp_limits_default;
}

int imp_words_add(struct imp_words *words, const char *option, const char *value,
		  struct imp_error *err)
{
	if (!value[0])
		return imp_fail(err, IMP_E_USAGE, "--%s needs more than nothing", option);
	if (words->count == IMP_MAX_WORDS)
		return imp_fail(err, IMP_E_USAGE, "more than %d of --%s", IMP_MAX_WORDS,
				option);
	words->list[words->count++] = value;
	return 0;
}
