#include "imgprof/traffic.h"

#include <stdlib.h>

__extension__ typedef unsigned __int128 wide;

#define NANO 1000000000
/* Hours of a month and of a week */
enum { MONTH_H = 730, WEEK_H = 168 };

static bool known(uint64_t value)
{
	return value != IMP_COST_UNKNOWN;
}

/* To the nearest; what is beyond all measure stays below what is unknown. */
static uint64_t divide(wide numerator, wide denominator)
{
	wide result = (numerator + denominator / 2) / denominator;
	return result > INT64_MAX ? INT64_MAX : (uint64_t)result;
}

static int compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
	return left < right ? -1 : left > right;
}

/* What each push after a repository's first one added, those of a repository together:
 * they end at ends[repository]. An image without a date has no place among pushes. */
static uint64_t *list_pushes(const struct imp_cost *cost, size_t *ends)
{
	const struct imp_cost_inventory *inventory = cost->inventory;
	uint64_t *added = imp_xcalloc(inventory->image_count + 1, sizeof(*added));
	imp_auto_free bool *begun =
		imp_xcalloc(inventory->repository_count + 1, sizeof(*begun));
	size_t start = 0;

	for (size_t i = 0; i < inventory->image_count; i++)
		ends[inventory->images[i].repository]++;
	for (size_t r = 0; r < inventory->repository_count; r++) {
		size_t images = ends[r];
		ends[r] = start;
		start += images;
	}
	for (size_t i = 0; i < inventory->image_count; i++) {
		uint32_t image = cost->order[i];
		uint32_t repository = inventory->images[image].repository;
		if (begun[repository] && inventory->images[image].dated)
			added[ends[repository]++] = cost->roots[image].marginal_bytes;
		begun[repository] = true;
	}
	return added;
}

static void measure_pushes(const struct imp_cost *cost, struct imp_cost_traffic_row *rows)
{
	const struct imp_cost_inventory *inventory = cost->inventory;
	size_t count = inventory->repository_count, start = 0;
	imp_auto_free size_t *ends = imp_xcalloc(count + 1, sizeof(*ends));
	imp_auto_free uint64_t *added = list_pushes(cost, ends);
	imp_auto_free size_t *images = imp_xcalloc(count + 1, sizeof(*images));

	for (size_t i = 0; i < inventory->image_count; i++)
		images[inventory->images[i].repository]++;
	for (size_t r = 0; r < count; r++) {
		size_t pushes = ends[r] - start;
		rows[r].new_bytes = IMP_COST_UNKNOWN;
		if (pushes) {
			qsort(added + start, pushes, sizeof(*added), compare);
			rows[r].new_bytes = added[start + (pushes - 1) / 2];
		}
		start += images[r];
	}
}

static uint64_t price_bytes(uint64_t bytes, uint64_t gb_nano, uint64_t unit_base)
{
	if (!known(bytes) || !known(gb_nano))
		return IMP_COST_UNKNOWN;
	return divide((wide)bytes * gb_nano, unit_base);
}

static void count_builds(const struct imp_cost_traffic *rates, uint64_t unit_base,
			 struct imp_cost_traffic_row *row)
{
	uint64_t builds = rates->builds_per_week;

	row->pushed_bytes = row->push_nano = row->build_nano = IMP_COST_UNKNOWN;
	if (!known(builds))
		return;
	if (known(row->new_bytes))
		row->pushed_bytes =
			divide((wide)row->new_bytes * builds * MONTH_H, WEEK_H);
	row->push_nano = price_bytes(row->pushed_bytes, rates->push_gb_nano, unit_base);
	if (known(rates->build_minutes_nano) && known(rates->build_minute_nano))
		row->build_nano = divide((wide)builds * rates->build_minutes_nano *
						 MONTH_H * rates->build_minute_nano,
					 (wide)WEEK_H * NANO);
}

/* A warm pull moves what a push added. */
static uint64_t pulled_bytes(const struct imp_cost_pull *pull, uint64_t full_bytes,
			     uint64_t new_bytes)
{
	if (pull->warm_percent && !known(new_bytes))
		return IMP_COST_UNKNOWN;
	wide each = (wide)full_bytes * (100 - pull->warm_percent);
	if (pull->warm_percent)
		each += (wide)new_bytes * pull->warm_percent;
	return divide(each * pull->pulls, 100);
}

static uint64_t add(uint64_t sum, uint64_t more)
{
	if (!known(sum) || !known(more))
		return IMP_COST_UNKNOWN;
	return sum > INT64_MAX - more ? INT64_MAX : sum + more;
}

static void count_pulls(const struct imp_cost *cost, const struct imp_cost_pull *pulls,
			size_t count, struct imp_cost_traffic_row *rows)
{
	for (size_t i = 0; i < count; i++) {
		const struct imp_cost_pull *pull = &pulls[i];
		struct imp_cost_traffic_row *row =
			&rows[cost->inventory->images[pull->image].repository];
		row->pulls = add(row->pulls, pull->pulls);
		row->pulled_bytes =
			add(row->pulled_bytes,
			    pulled_bytes(pull, cost->roots[pull->image].full_bytes,
					 row->new_bytes));
	}
}

/* The sum of what is known; unknown when nothing is. */
static void add_known(uint64_t *sum, uint64_t more)
{
	if (known(more))
		*sum = known(*sum) ? add(*sum, more) : more;
}

static bool is_unknown(const struct imp_cost_traffic *rates,
		       const struct imp_cost_traffic_row *row)
{
	return (known(rates->builds_per_week) && !known(row->pushed_bytes)) ||
	       (rates->has_pulls && !known(row->pulled_bytes));
}

static void add_row(struct imp_cost_traffic *out, const struct imp_cost_traffic_row *row)
{
	add_known(&out->total.new_bytes, row->new_bytes);
	add_known(&out->total.pushed_bytes, row->pushed_bytes);
	add_known(&out->total.push_nano, row->push_nano);
	add_known(&out->total.build_nano, row->build_nano);
	add_known(&out->total.pulls, row->pulls);
	add_known(&out->total.pulled_bytes, row->pulled_bytes);
	add_known(&out->total.pull_nano, row->pull_nano);
	out->unknown += is_unknown(out, row);
}

void imp_cost_traffic_add_up(struct imp_cost_traffic *out, size_t count)
{
	out->total = (struct imp_cost_traffic_row){
		IMP_COST_UNKNOWN, IMP_COST_UNKNOWN, IMP_COST_UNKNOWN, IMP_COST_UNKNOWN,
		IMP_COST_UNKNOWN, IMP_COST_UNKNOWN, IMP_COST_UNKNOWN};
	out->unknown = 0;
	for (size_t i = 0; i < count; i++)
		add_row(out, &out->rows[i]);
}

void imp_cost_traffic_count(const struct imp_cost *cost, uint64_t unit_base,
			    const struct imp_cost_pull *pulls, size_t pull_count,
			    struct imp_cost_traffic_row *rows,
			    struct imp_cost_traffic *out)
{
	size_t count = cost->inventory->repository_count;

	measure_pushes(cost, rows);
	for (size_t r = 0; r < count; r++) {
		count_builds(out, unit_base, &rows[r]);
		rows[r].pulls = rows[r].pulled_bytes =
			out->has_pulls ? 0 : IMP_COST_UNKNOWN;
	}
	if (out->has_pulls)
		count_pulls(cost, pulls, pull_count, rows);
	for (size_t r = 0; r < count; r++)
		rows[r].pull_nano =
			price_bytes(rows[r].pulled_bytes, out->pull_gb_nano, unit_base);
	out->rows = rows;
	imp_cost_traffic_add_up(out, count);
}
