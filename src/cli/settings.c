#include "settings.h"

#include <string.h>

void imp_settings_init(struct imp_settings *settings)
{
	memset(settings, 0, sizeof(*settings));
	settings->limits = imp_limits_default;
}
