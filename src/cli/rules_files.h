/* The rules of a run: built in, the working directory's .imgprof.yaml, --rules. */
#pragma once

#include "imgprof/classify.h"
#include "settings.h"

/* Mistakes in the user's files are IMP_E_USAGE with file, line and column. */
int imp_settings_rules(const struct imp_settings *settings, struct imp_rules **out,
		       struct imp_error *err);
