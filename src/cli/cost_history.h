/* imgprof cost --history: what snapshots tell, without any request. */
#pragma once

#include "imgprof/context.h"
#include "imgprof/error.h"
#include "settings.h"

/* IMP_E_NOT_FOUND: no snapshot of what was asked for; IMP_E_FORMAT, behind the report: rows
 * of the file are no snapshots. */
int imp_cost_history_run(const struct imp_context *context, struct imp_settings *settings,
			 struct imp_error *err);
