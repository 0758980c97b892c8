/*
 * What builds push and nodes pull in a month, from bytes that pushes were seen to add and
 * from numbers that only the user has (reference/ecosystem.md 2.4: never guessed).
 */
#pragma once

#include "imgprof/cost.h"

/* A number that nobody gave or measured. */
#define IMP_COST_UNKNOWN UINT64_MAX

/* Money and bytes that the user gave no number for, and what rests on a push that was not
 * seen, are IMP_COST_UNKNOWN. */
struct imp_cost_traffic_row {
	/* What a push added to its repository: median of those after the first, lower of two */
	uint64_t new_bytes;
	/* In a month of 730 hours */
	uint64_t pushed_bytes, push_nano, build_nano;
	uint64_t pulls, pulled_bytes, pull_nano;
};

struct imp_cost_traffic {
	/* As the user says. Minutes are nano, too */
	uint64_t builds_per_week, build_minutes_nano;
	uint64_t build_minute_nano, push_gb_nano, pull_gb_nano;
	bool has_pulls;
	const struct imp_cost_traffic_row *rows; /* one for each repository */
	/* Over the rows that are known; `new_bytes` is what one build of each pushes */
	struct imp_cost_traffic_row total;
	size_t unknown; /* rows with something that is not known */
};

/* The user's. */
struct imp_cost_pull {
	uint32_t image;
	uint64_t pulls;        /* in a month, at most IMP_TRAFFIC_MOST */
	uint64_t warm_percent; /* of the pulls: the image before is there already */
};

#define IMP_TRAFFIC_MOST UINT64_C(1000000000)

/* OUT's rates are filled in: fills its rows, which are one for each repository, and the
 * total. PULLS count only with `has_pulls`. */
void imp_cost_traffic_count(const struct imp_cost *cost, uint64_t unit_base,
			    const struct imp_cost_pull *pulls, size_t pull_count,
			    struct imp_cost_traffic_row *rows,
			    struct imp_cost_traffic *out);
/* OUT's total and what is not known, from its COUNT rows. */
void imp_cost_traffic_add_up(struct imp_cost_traffic *out, size_t count);
