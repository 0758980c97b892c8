/* Growth and forecast: figures worked out by hand. */
#include "imgprof/growth.h"
#include "case.h"

#define DAY INT64_C(86400)
#define MB UINT64_C(1000000)

/* 0.10 for a GB of 10^9 bytes: 100 nano-units for a byte */
static const struct imp_price flat = {.unit_base = 1000000000,
				      .tiers = {{UINT64_MAX, 100000000}},
				      .tier_count = 1,
				      .replicas = 1};

static struct imp_cost_growth find(const struct imp_cost_point *points, size_t count,
				   int64_t now_s, uint64_t now_bytes)
{
	struct imp_cost_growth out;
	imp_cost_growth_find(points, count, now_s, now_bytes, &flat, &out);
	return out;
}

/* 310 MB a day for 30 days are 9.3 GB more, 0.93 a month more: the example of 2.6. */
CASE(the_example)
{
	const struct imp_cost_point points[] = {{100 * DAY, 9120 * MB}};
	struct imp_cost_growth growth = find(points, 1, 130 * DAY, 18420 * MB);

	assert_true(growth.known);
	assert_int_equal(growth.snapshots, 1);
	assert_int_equal(growth.bytes_per_day, 310 * MB);
	assert_int_equal(growth.forecast_bytes, 27720 * MB);
	assert_int_equal(growth.forecast_nano, UINT64_C(2772000000));
}

/* Of snapshots 40, 31, 30 and 10 days ago the one of 30 days counts; one second short of
 * that, the one of 31 days. */
CASE(a_month_back_if_there_is_one)
{
	struct imp_cost_point points[] = {{60 * DAY, 1},
					  {69 * DAY, 2},
					  {70 * DAY, 3},
					  {90 * DAY, 4},
					  {100 * DAY, 9}};
	struct imp_cost_growth growth = find(points, 5, 100 * DAY, 5);

	assert_int_equal(growth.snapshots, 4);
	assert_int_equal(growth.since_s, 70 * DAY);
	assert_int_equal(growth.since_bytes, 3);
	points[2].time_s++;
	assert_int_equal(find(points, 5, 100 * DAY, 5).since_s, 69 * DAY);
	/* none is a month old: the oldest */
	assert_int_equal(find(points + 2, 3, 100 * DAY, 5).since_bytes, 3);
}

CASE(a_day_at_least)
{
	const struct imp_cost_point points[] = {{100 * DAY, 10}};

	assert_false(find(points, 1, 101 * DAY - 1, 20).known);
	assert_int_equal(find(points, 1, 101 * DAY - 1, 20).snapshots, 1);
	assert_int_equal(find(points, 1, 101 * DAY, 20).bytes_per_day, 10);
	assert_int_equal(find(points, 1, 100 * DAY, 20).snapshots, 0);
	assert_int_equal(find(NULL, 0, 100 * DAY, 20).snapshots, 0);
}

/* 7 bytes less in 2 days: -3.5 a day, 105 in 30; what is stored cannot fall below 0. */
CASE(shrinking)
{
	const struct imp_cost_point points[] = {{0, 207}};

	assert_int_equal(find(points, 1, 2 * DAY, 200).bytes_per_day, -4);
	assert_int_equal(find(points, 1, 2 * DAY, 200).forecast_bytes, 95);
	const struct imp_cost_point steep[] = {{0, 1000}};
	assert_int_equal(find(steep, 1, 2 * DAY, 10).forecast_bytes, 0);
	assert_int_equal(find(steep, 1, 2 * DAY, 10).forecast_nano, 0);
}

CASE(the_largest_numbers)
{
	const struct imp_cost_point points[] = {{0, 0}};
	struct imp_cost_growth growth = find(points, 1, DAY, INT64_MAX);

	assert_int_equal(growth.bytes_per_day, INT64_MAX);
	assert_int_equal(growth.forecast_bytes, INT64_MAX);
	assert_int_equal(imp_growth_per_day(INT64_MAX, 0, 1), -INT64_MAX);
}

/* Of marginals 100, 20, 3 and 7 on the days 70, 71, 100 and none: 23 in the last 30 days. */
CASE(pushed_in_a_month)
{
	static const int64_t day_ns = DAY * 1000000000;
	const struct imp_cost_image images[] = {{.dated = true, .time_ns = 70 * day_ns},
						{.dated = true, .time_ns = 71 * day_ns},
						{.dated = true, .time_ns = 100 * day_ns},
						{.time_ns = 100 * day_ns}};
	struct imp_cost_root roots[] = {{.marginal_bytes = 100 * MB},
					{.marginal_bytes = 20 * MB},
					{.marginal_bytes = 3 * MB},
					{.marginal_bytes = 7 * MB}};
	const struct imp_cost_inventory inventory = {.images = images, .image_count = 4};
	const struct imp_cost cost = {.inventory = &inventory, .roots = roots};

	assert_int_equal(imp_cost_pushed_per_day(&cost, 100 * day_ns), 766667);
	assert_int_equal(imp_cost_pushed_per_day(&cost, 99 * day_ns), 4000000);
	assert_int_equal(imp_cost_pushed_per_day(&cost, 200 * day_ns), 0);
}
