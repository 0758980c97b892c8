/* What the images of an inventory weigh unpacked, as far as earlier runs tell. */
#pragma once

#include "imgprof/cost.h"
#include "run.h"

/* From the reports of --unpacked-from, then from profiles in the cache; no layer is read. OUT
 * lives in the run's arena. */
int imp_cost_find_unpacked(const struct imp_run *run,
			   const struct imp_cost_inventory *inventory,
			   struct imp_cost_unpacked *out, struct imp_error *err);
