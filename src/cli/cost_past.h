/* The file of snapshots of `imgprof cost`: what it tells of earlier times, and what goes in. */
#pragma once

#include "cost_plan.h"
#include "imgprof/growth.h"
#include "imgprof/snapshots.h"
#include "run.h"

struct imp_cost_past {
	struct imp_snapshots *snapshots; /* NULL: there are none */
	struct imp_cost_growth growth;
};

/* What was asked for, as snapshots name it, whatever its order; of the run's arena. */
struct imp_slice imp_cost_scope(const struct imp_run *run);

/* Before anything is asked of a registry. A file that nobody named and that cannot be read
 * is a line on standard error. */
int imp_cost_past_open(const struct imp_run *run, struct imp_cost_past *past,
		       struct imp_error *err);
void imp_cost_past_finish(struct imp_cost_past *past);
/* Sets the report's `growth`; says in its warnings what will not be stored. */
int imp_cost_past_find_growth(const struct imp_run *run, struct imp_cost_past *past,
			      struct imp_cost_report *report, struct imp_error *err);
/* The report's sums, when --snapshot asks for it and they are whole. */
int imp_cost_past_store(const struct imp_run *run, struct imp_cost_past *past,
			const struct imp_cost_report *report, struct imp_error *err);
