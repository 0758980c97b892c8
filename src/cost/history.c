#include "imgprof/cost_history.h"

#include <stdlib.h>

#define NANO INT64_C(1000000000)

static bool same_scope(const struct imp_snapshot *a, const struct imp_snapshot *b)
{
	return imp_slice_equal(a->scope, b->scope) &&
	       imp_slice_equal(a->domain, b->domain);
}

static void add(struct imp_cost_series *series, const struct imp_snapshot *points,
		size_t count)
{
	const struct imp_snapshot *last = &points[count - 1];

	*series = (struct imp_cost_series){
		.scope = points->scope,
		.domain = points->domain,
		.repository = points->repository,
		.points = points,
		.count = count,
		.begin_s = points->time_s,
		.end_s = last->time_s,
		.has_rate = last->time_s - points->time_s >= IMP_GROWTH_LEAST_S,
	};
	if (series->has_rate)
		series->bytes_per_day =
			imp_growth_per_day(points->stored_bytes, last->stored_bytes,
					   (uint64_t)(last->time_s - points->time_s));
}

/* Rows of one series stand together, those that are later than TIME_S at its end. */
static size_t divide(const struct imp_snapshot_list *list, int64_t time_s,
		     struct imp_cost_series *out)
{
	size_t count = 0;

	for (size_t i = 0, next; i < list->count; i = next) {
		size_t known = 0;
		for (next = i; next < list->count &&
			       same_scope(&list->rows[i], &list->rows[next]) &&
			       imp_slice_equal(list->rows[i].repository,
					       list->rows[next].repository);
		     next++)
			known += list->rows[next].time_s <= time_s;
		if (known)
			add(&out[count++], &list->rows[i], known);
	}
	return count;
}

/* Series of one scope stand together. */
static void span(struct imp_cost_series *series, size_t count)
{
	for (size_t i = 0, next; i < count; i = next) {
		int64_t begin_s = series[i].begin_s, end_s = series[i].end_s;
		for (next = i;
		     next < count && same_scope(series[i].points, series[next].points);
		     next++) {
			if (series[next].begin_s < begin_s)
				begin_s = series[next].begin_s;
			if (series[next].end_s > end_s)
				end_s = series[next].end_s;
		}
		for (size_t j = i; j < next; j++) {
			series[j].gone = series[j].end_s < end_s;
			series[j].begin_s = begin_s;
			series[j].end_s = end_s;
		}
	}
}

static int compare(const void *left, const void *right)
{
	const struct imp_cost_series *a = left, *b = right;
	uint64_t as = a->points[a->count - 1].stored_bytes;
	uint64_t bs = b->points[b->count - 1].stored_bytes;
	int order = imp_slice_compare(a->scope, b->scope);

	if (order == 0)
		order = imp_slice_compare(a->domain, b->domain);
	if (order == 0)
		order = (b->repository.len == 0) - (a->repository.len == 0);
	if (order == 0)
		order = a->gone - b->gone;
	if (order == 0)
		order = (bs > as) - (bs < as);
	return order ? order : imp_slice_compare(a->repository, b->repository);
}

void imp_cost_history_make(const struct imp_snapshot_list *list, int64_t as_of_ns,
			   struct imp_arena *arena, struct imp_cost_history *out)
{
	struct imp_cost_series *series =
		imp_arena_array(arena, list->count + 1, sizeof(*series));

	*out = (struct imp_cost_history){
		.series = series,
		.count = divide(list, as_of_ns / NANO, series),
		.odd = list->odd,
		.as_of_ns = as_of_ns,
	};
	span(series, out->count);
	qsort(series, out->count, sizeof(*series), compare);
}
