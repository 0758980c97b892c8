#include "inventory.h"

#include <stdlib.h>

void imp_providers_add(struct imp_providers *providers, struct imp_slice name,
		       uint32_t package)
{
	providers->list = imp_xgrow(providers->list, &providers->capacity,
				    providers->count + 1, sizeof(*providers->list));
	providers->list[providers->count++] = (struct imp_provider){name, package};
}

static int compare_provider(const void *a, const void *b)
{
	const struct imp_provider *x = a, *y = b;
	int order = imp_slice_compare(x->name, y->name);

	if (order != 0)
		return order;
	return x->package < y->package ? -1 : x->package > y->package;
}

void imp_providers_sort(struct imp_providers *providers)
{
	size_t kept = 0;

	if (providers->count > 0)
		qsort(providers->list, providers->count, sizeof(*providers->list),
		      compare_provider);
	for (size_t i = 0; i < providers->count; i++)
		if (kept == 0 ||
		    compare_provider(&providers->list[kept - 1], &providers->list[i]))
			providers->list[kept++] = providers->list[i];
	providers->count = kept;
	for (size_t i = kept; i > 0; i--)
		imp_map_set(&providers->first, providers->list[i - 1].name, i - 1);
}

const struct imp_provider *imp_providers_find(const struct imp_providers *providers,
					      struct imp_slice name, size_t *count)
{
	uint64_t first;

	*count = 0;
	if (!imp_map_get(&providers->first, name, &first))
		return NULL;
	while (first + *count < providers->count &&
	       imp_slice_equal(providers->list[first + *count].name, name))
		++*count;
	return &providers->list[first];
}

void imp_providers_finish(struct imp_providers *providers)
{
	free(providers->list);
	imp_map_finish(&providers->first);
	*providers = (struct imp_providers){0};
}
