/* What the options of `imgprof cost` say, understood before anything is asked of a registry. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "imgprof/cost.h"
#include "run.h"

enum imp_cost_sort {
	IMP_COST_SORT_ATTRIBUTED,
	IMP_COST_SORT_FULL,
	IMP_COST_SORT_EXCLUSIVE,
	IMP_COST_SORT_AGE,
	IMP_COST_SORTS
};

/* Lives in the run's arena. */
struct imp_cost_plan {
	struct imp_price price;
	enum imp_dedupe dedupe;
	int64_t as_of_ns;
	bool has_max;
	uint64_t max_nano;
	enum imp_cost_sort sort;
	struct imp_cost_what_if what_ifs[IMP_MAX_WORDS];
	size_t what_if_count;
	struct imp_slice label; /* whose values the report shows */
};

enum { IMP_COST_FILE_BYTES = 16 << 20 }; /* of --from and of a price's file */

/* IMP_E_USAGE names the option. */
int imp_cost_plan_make(const struct imp_run *run, struct imp_cost_plan *plan,
		       struct imp_error *err);
