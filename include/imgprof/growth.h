/*
 * Growth (reference/ecosystem.md 2.4): what is stored now less what was stored at an earlier
 * snapshot.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/cost.h"

enum { IMP_GROWTH_DAYS = 30, IMP_GROWTH_LEAST_S = 24 * 3600 };

struct imp_cost_point {
	int64_t time_s; /* since the epoch */
	uint64_t stored_bytes;
};

struct imp_cost_growth {
	size_t snapshots; /* earlier than now */
	/* Since the newest that is IMP_GROWTH_DAYS old, else the oldest; false when that is less
	 * than IMP_GROWTH_LEAST_S ago: the rest says nothing then */
	bool known;
	int64_t since_s;
	uint64_t since_bytes;
	uint64_t seconds;
	int64_t bytes_per_day; /* rounded half away from 0 */
	/* Behind IMP_GROWTH_DAYS more of the same, and what a month costs then */
	uint64_t forecast_bytes, forecast_nano;
};

/* A day's part of the change from BEFORE to AFTER over SECONDS > 0; saturates. */
int64_t imp_growth_per_day(uint64_t before, uint64_t after, uint64_t seconds);
/* EARLIER in order of time; those at NOW_S or later do not count. */
void imp_cost_growth_find(const struct imp_cost_point *earlier, size_t count,
			  int64_t now_s, uint64_t now_bytes,
			  const struct imp_price *price, struct imp_cost_growth *out);
/* What images with a date in the IMP_GROWTH_DAYS up to AS_OF_NS added when they were pushed, by
 * the day: an upper bound on growth, blind to what was deleted meanwhile. */
uint64_t imp_cost_pushed_per_day(const struct imp_cost *cost, int64_t as_of_ns);
