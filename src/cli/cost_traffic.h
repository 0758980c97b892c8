/* What the user says of builds and pulls: options and the file of --pulls. */
#pragma once

#include "imgprof/traffic.h"
#include "run.h"

/* A line of --pulls, before the inventory is known. Lives in the run's arena. */
struct imp_pull_line {
	const char *reference; /* as written */
	/* "ghcr.io/acme/web:v1", "...@sha256:..."; the name alone is the repository's newest */
	const char *key;
	uint64_t pulls, warm_percent;
};

struct imp_traffic_plan {
	bool asked;
	struct imp_cost_traffic rates;
	struct imp_pull_line *lines;
	size_t line_count;
};

/* IMP_E_USAGE names the option, or the line. */
int imp_traffic_plan_make(const struct imp_run *run, const char *currency,
			  struct imp_traffic_plan *plan, struct imp_error *err);
/* Sets REPORT's traffic; nothing when nobody asked. Lines that name no image of the report
 * become warnings. */
void imp_traffic_count(const struct imp_run *run, const struct imp_traffic_plan *plan,
		       struct imp_cost_report *report);
