/* Builds and pulls, over the table of the worked example (reference/ecosystem.md 2.5). */
#include "case.h"

#include "imgprof/traffic.h"

#define MB UINT64_C(1000000)
#define GB UINT64_C(1000000000)
#define NANO UINT64_C(1000000000)

/* web v1, v2, v3, then celery c1: full and marginal, in MB. */
static struct imp_cost_root roots[] = {
	{.full_bytes = 370 * MB, .marginal_bytes = 370 * MB},
	{.full_bytes = 372 * MB, .marginal_bytes = 12 * MB},
	{.full_bytes = 384 * MB, .marginal_bytes = 324 * MB},
	{.full_bytes = 380 * MB, .marginal_bytes = 380 * MB},
};
static const struct imp_cost_image images[] = {{.repository = 0, .dated = true},
					       {.repository = 0, .dated = true},
					       {.repository = 0, .dated = true},
					       {.repository = 1, .dated = true}};
static uint32_t order[] = {0, 1, 2, 3};
static const struct imp_cost_inventory inventory = {
	.repository_count = 2, .images = images, .image_count = 4};
static const struct imp_cost example = {
	.inventory = &inventory, .roots = roots, .order = order};

static const struct imp_cost_traffic nothing_said = {
	.builds_per_week = IMP_COST_UNKNOWN,
	.build_minutes_nano = IMP_COST_UNKNOWN,
	.build_minute_nano = IMP_COST_UNKNOWN,
	.push_gb_nano = IMP_COST_UNKNOWN,
	.pull_gb_nano = IMP_COST_UNKNOWN,
};

/* Pushes after the first of web added 12 and 324 MB: the lower of two is the median. A month
 * of 730 hours has 730/168 weeks: 20 builds in each push 12 MB * 20 * 730 / 168 =
 * 1,042,857,142.86 bytes, 0.104285714 at 0.10 for 10^9. A build of 7.5 minutes at 0.008 costs
 * 0.06, 86.90 of them 5.214285714. */
CASE(what_builds_push)
{
	struct imp_cost_traffic_row rows[2];
	struct imp_cost_traffic traffic = nothing_said;

	traffic.builds_per_week = 20;
	traffic.build_minutes_nano = 15 * NANO / 2;
	traffic.build_minute_nano = 8 * NANO / 1000;
	traffic.push_gb_nano = NANO / 10;
	imp_cost_traffic_count(&example, GB, NULL, 0, rows, &traffic);
	assert_int_equal(rows[0].new_bytes, 12 * MB);
	assert_int_equal(rows[0].pushed_bytes, 1042857143);
	assert_int_equal(rows[0].push_nano, 104285714);
	assert_int_equal(rows[0].build_nano, 5214285714);
	assert_int_equal(rows[0].pulls, IMP_COST_UNKNOWN);
	assert_int_equal(traffic.total.pushed_bytes, 1042857143);
}

/* celery has one image: nobody saw what a build adds. What its builds take is known. */
CASE(one_image_shows_no_push)
{
	struct imp_cost_traffic_row rows[2];
	struct imp_cost_traffic traffic = nothing_said;

	traffic.builds_per_week = 168;
	traffic.build_minutes_nano = NANO;
	traffic.build_minute_nano = NANO;
	traffic.push_gb_nano = NANO;
	imp_cost_traffic_count(&example, GB, NULL, 0, rows, &traffic);
	assert_int_equal(rows[1].new_bytes, IMP_COST_UNKNOWN);
	assert_int_equal(rows[1].pushed_bytes, IMP_COST_UNKNOWN);
	assert_int_equal(rows[1].push_nano, IMP_COST_UNKNOWN);
	assert_int_equal(rows[1].build_nano, 730 * NANO);
	assert_int_equal(traffic.total.build_nano, 1460 * NANO);
	assert_int_equal(traffic.total.pushed_bytes, 12 * MB * 730);
	assert_int_equal(traffic.unknown, 1);
}

/* 100 pulls of v3, 80 of them warm: 20 * 384 + 80 * 12 = 8,640 MB, 0.7776 at 0.09. celery cold:
 * 10 * 380 = 3,800 MB, 0.342. */
CASE(what_is_pulled)
{
	const struct imp_cost_pull pulls[] = {{2, 100, 80}, {3, 10, 0}};
	struct imp_cost_traffic_row rows[2];
	struct imp_cost_traffic traffic = nothing_said;

	traffic.has_pulls = true;
	traffic.pull_gb_nano = 9 * NANO / 100;
	imp_cost_traffic_count(&example, GB, pulls, 2, rows, &traffic);
	assert_int_equal(rows[0].pulls, 100);
	assert_int_equal(rows[0].pulled_bytes, 8640 * MB);
	assert_int_equal(rows[0].pull_nano, 777600000);
	assert_int_equal(rows[1].pulled_bytes, 3800 * MB);
	assert_int_equal(rows[1].pull_nano, 342000000);
	assert_int_equal(traffic.total.pulls, 110);
	assert_int_equal(traffic.total.pull_nano, 1119600000);
	assert_int_equal(traffic.unknown, 0);
	assert_int_equal(rows[0].pushed_bytes, IMP_COST_UNKNOWN);
}

CASE(warm_pulls_need_a_push)
{
	const struct imp_cost_pull pulls[] = {{3, 10, 0}, {3, 10, 1}};
	struct imp_cost_traffic_row rows[2];
	struct imp_cost_traffic traffic = nothing_said;

	traffic.has_pulls = true;
	imp_cost_traffic_count(&example, GB, pulls, 2, rows, &traffic);
	assert_int_equal(rows[1].pulls, 20);
	assert_int_equal(rows[1].pulled_bytes, IMP_COST_UNKNOWN);
	assert_int_equal(rows[0].pulled_bytes, 0);
	assert_int_equal(traffic.unknown, 1);
}

/* The order of images without a date is no order of pushes: only v3 counts here. */
CASE(undated_images_are_no_pushes)
{
	struct imp_cost_image some[4];
	struct imp_cost_inventory other = inventory;
	struct imp_cost cost = example;
	struct imp_cost_traffic_row rows[2];
	struct imp_cost_traffic traffic = nothing_said;

	memcpy(some, images, sizeof(some));
	some[0].dated = some[1].dated = false;
	other.images = some;
	cost.inventory = &other;
	traffic.builds_per_week = 1;
	imp_cost_traffic_count(&cost, GB, NULL, 0, rows, &traffic);
	assert_int_equal(rows[0].new_bytes, 324 * MB);
	some[2].dated = false;
	imp_cost_traffic_count(&cost, GB, NULL, 0, rows, &traffic);
	assert_int_equal(rows[0].new_bytes, IMP_COST_UNKNOWN);
}

/* What is beyond all measure is large, not unknown and not small. */
CASE(huge_numbers_saturate)
{
	struct imp_cost_root huge[] = {
		{.full_bytes = INT64_MAX},
		{.full_bytes = INT64_MAX, .marginal_bytes = INT64_MAX},
		{0},
		{0}};
	struct imp_cost cost = example;
	const struct imp_cost_pull pulls[] = {{1, IMP_TRAFFIC_MOST, 50},
					      {1, IMP_TRAFFIC_MOST, 0}};
	struct imp_cost_traffic_row rows[2];
	struct imp_cost_traffic traffic = nothing_said;

	huge[2].marginal_bytes = INT64_MAX;
	cost.roots = huge;
	traffic.has_pulls = true;
	traffic.builds_per_week = 100000;
	traffic.pull_gb_nano = traffic.push_gb_nano = UINT64_C(1000000) * NANO;
	imp_cost_traffic_count(&cost, 1, pulls, 2, rows, &traffic);
	assert_int_equal(rows[0].pushed_bytes, INT64_MAX);
	assert_int_equal(rows[0].pulled_bytes, INT64_MAX);
	assert_int_equal(rows[0].push_nano, INT64_MAX);
	assert_int_equal(rows[0].pull_nano, INT64_MAX);
}
