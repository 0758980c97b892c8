#include <stdlib.h>
#include <string.h>

#include "cells.h"

static int compare_u64(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int compare_repositories(const struct imp_cost_repository *a,
				const struct imp_cost_repository *b)
{
	int order = imp_slice_compare(a->host, b->host);
	return order ? order : imp_slice_compare(a->path, b->path);
}

static int compare_images(const struct imp_cost_inventory *inventory, uint32_t left,
			  uint32_t right)
{
	const struct imp_cost_image *a = &inventory->images[left];
	const struct imp_cost_image *b = &inventory->images[right];

	if (a->dated != b->dated)
		return a->dated ? 1 : -1;
	if (a->dated && a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns ? -1 : 1;
	if (a->digest.algorithm != b->digest.algorithm)
		return a->digest.algorithm < b->digest.algorithm ? -1 : 1;
	int order = memcmp(a->digest.bytes, b->digest.bytes, sizeof(a->digest.bytes));
	if (order == 0)
		order = compare_repositories(&inventory->repositories[a->repository],
					     &inventory->repositories[b->repository]);
	return order ? order : compare_u64(left, right);
}

static int compare(const void *a, const void *b, void *inventory)
{
	return compare_images(inventory, *(const uint32_t *)a, *(const uint32_t *)b);
}

void imp_cost_sort(struct imp_cost *cost)
{
	size_t count = cost->inventory->image_count;
	struct imp_cost_inventory inventory = *cost->inventory;

	cost->order = imp_xcalloc(count + 1, sizeof(*cost->order));
	for (size_t i = 0; i < count; i++)
		cost->order[i] = (uint32_t)i;
	qsort_r(cost->order, count, sizeof(*cost->order), compare, &inventory);
}
