/* Snapshots as series: their order, their ends, their rates, by hand. */
#include "case.h"
#include "imgprof/cost_history.h"

#define DAY INT64_C(86400)
#define NANO INT64_C(1000000000)

#define ROW(scope_, repository_, day, bytes) \
	{ \
		.scope = IMP_SLICE(scope_), .domain = IMP_SLICE("repository"), \
		.repository = IMP_SLICE(repository_), .time_s = (day)*DAY, \
		.stored_bytes = (bytes) \
	}

/* As they are read: by scope, repository, time. */
static const struct imp_snapshot rows[] = {
	ROW("s", "", 1, 100), ROW("s", "", 2, 120),  ROW("s", "", 5, 180),
	ROW("s", "a", 1, 40), ROW("s", "a", 2, 60),  ROW("s", "b", 2, 10),
	ROW("s", "b", 5, 30), ROW("s", "c", 5, 150), ROW("t", "", 9, 7),
};

static struct imp_cost_history make(struct imp_arena *arena, int64_t as_of_ns)
{
	const struct imp_snapshot_list list = {rows, sizeof(rows) / sizeof(*rows), 3};
	struct imp_cost_history out;

	imp_cost_history_make(&list, as_of_ns, arena, &out);
	return out;
}

static void check(const struct imp_cost_series *series, const char *name, size_t count,
		  bool gone, bool has_rate, int64_t rate)
{
	assert_true(imp_slice_is(series->repository, name));
	assert_int_equal(series->count, count);
	assert_int_equal(series->gone, gone);
	assert_int_equal(series->has_rate, has_rate);
	assert_int_equal(series->bytes_per_day, rate);
}

CASE(series_by_scope_and_size)
{
	struct imp_arena *arena = imp_arena_create();
	struct imp_cost_history history = make(arena, 100 * DAY * NANO);

	assert_int_equal(history.count, 5);
	assert_int_equal(history.odd, 3);
	check(&history.series[0], "", 3, false, true, 20); /* 80 in 4 days */
	check(&history.series[1], "c", 1, false, false, 0);
	check(&history.series[2], "b", 2, false, true, 7); /* 20 in 3 days: 6.67 */
	check(&history.series[3], "a", 2, true, true, 20);
	check(&history.series[4], "", 1, false, false, 0);
	assert_true(imp_slice_is(history.series[4].scope, "t"));
	assert_int_equal(history.series[1].begin_s, DAY);
	assert_int_equal(history.series[3].end_s, 5 * DAY);
	imp_arena_destroy(arena);
}

CASE(nothing_later_than_asked)
{
	struct imp_arena *arena = imp_arena_create();
	struct imp_cost_history history = make(arena, 4 * DAY * NANO);

	assert_int_equal(history.count, 3);
	check(&history.series[0], "", 2, false, true, 20);
	check(&history.series[1], "a", 2, false, true, 20);
	check(&history.series[2], "b", 1, false, false, 0);
	assert_int_equal(make(arena, 0).count, 0);
	imp_arena_destroy(arena);
}
