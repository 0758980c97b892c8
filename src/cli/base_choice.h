/*
 * Which image a check compares with (reference/ecosystem.md 1.6): what was given, else the
 * report that was stored or the image that was tagged for the wanted commit or the nearest of its
 * first parents, else the tip of the target branch, else nothing.
 */
#pragma once

#include "run.h"

struct imp_base_choice {
	const struct imp_analysis *const *images; /* the run's, one for each platform */
	size_t count;                             /* 0: no base */
	const char *tool_version, *rules_version; /* that made them */
	char *reason; /* one line, escaped, in the run's arena; NULL: no base */
};

/* IMP_E_USAGE: not as many bases as images, a tag without commits or the other way. */
int imp_base_check_options(const struct imp_settings *settings, struct imp_error *err);
/* For argument number INDEX, which is IMAGE (of one platform). Only a tag or report that is not there leads on to the next. */
int imp_base_choose(struct imp_run *run, size_t index, const struct imp_image *image,
		    struct imp_base_choice *out, struct imp_error *err);
