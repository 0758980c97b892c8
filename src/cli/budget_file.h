/* Where the budget of a run stands. */
#pragma once

#include "imgprof/budget.h"
#include "imgprof/strbuf.h"
#include "settings.h"

/* --budget, else .imgprof.yaml of this folder or the next above, up to the one that holds
 * .git. IMP_E_USAGE when there is none; with --dive-ci *OUT stays as it is then. */
int imp_budget_file_read(const struct imp_settings *settings, struct imp_budget **out,
			 struct imp_error *err);
/* At most 1 MiB. */
int imp_small_file_read(const char *name, struct imp_strbuf *out, struct imp_error *err);
