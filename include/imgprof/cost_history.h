/* Snapshots as series over time: what `imgprof cost --history` shows. */
#pragma once

#include "imgprof/arena.h"
#include "imgprof/growth.h"
#include "imgprof/snapshots.h"

/* One repository of a scope, or the whole scope, from its first snapshot to its last. */
struct imp_cost_series {
	struct imp_slice scope, domain;    /* raw */
	struct imp_slice repository;       /* raw; empty: the whole scope */
	const struct imp_snapshot *points; /* in order of time; at least one */
	size_t count;
	int64_t begin_s, end_s; /* first and last snapshot of the scope */
	bool gone;              /* not in the scope's last snapshot any more */
	bool has_rate;          /* a day at least lies between the first and the last */
	int64_t bytes_per_day;
};

struct imp_cost_history {
	/* By scope, domain, the whole first, then by size, then by name */
	const struct imp_cost_series *series;
	size_t count;
	size_t odd; /* rows of the file that are no snapshots */
	int64_t as_of_ns;
};

/* LIST as imp_snapshots_read gives it (borrowed); what is later than AS_OF_NS is left out. */
void imp_cost_history_make(const struct imp_snapshot_list *list, int64_t as_of_ns,
			   struct imp_arena *arena, struct imp_cost_history *out);
