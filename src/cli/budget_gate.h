/* Which verdicts end the program with status 1. */
#pragma once

#include "imgprof/budget.h"
#include "imgprof/cost.h"
#include "imgprof/error.h"
#include "settings.h"

/* IMP_E_BUDGET when rules of a level that counts are broken. */
int imp_gate_hold(const struct imp_settings *settings, const struct imp_check *check,
		  struct imp_error *err);
/* The same when the month costs more than it may. */
int imp_cost_gate_hold(const struct imp_settings *settings,
		       const struct imp_cost_report *report, struct imp_error *err);
