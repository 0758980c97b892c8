/*
 * Development-only gems: what those reach that a Gemfile has in its groups `development` and
 * `test` only, but for what any other installed gem needs.
 */
#include <stdlib.h>

#include "gem.h"

struct walk {
	const struct gems *gems;
	uint32_t *queue;
	size_t queued, walked;
};

static void push(struct walk *walk, bool *reached, uint32_t gem)
{
	if (reached[gem])
		return;
	reached[gem] = true;
	walk->queue[walk->queued++] = gem;
}

static void reach(struct walk *walk, bool *reached)
{
	while (walk->walked < walk->queued) {
		const struct gem *from = &walk->gems->list[walk->queue[walk->walked++]];
		for (uint32_t i = 0; i < from->edge_count; i++)
			push(walk, reached, walk->gems->edges[from->first_edge + i]);
	}
	walk->queued = walk->walked = 0;
}

void imp_gem_mark_development(struct gems *gems)
{
	imp_auto_free bool *candidate = imp_xcalloc(gems->count + 1, sizeof(bool));
	imp_auto_free bool *kept = imp_xcalloc(gems->count + 1, sizeof(bool));
	imp_auto_free uint32_t *queue = imp_xcalloc(gems->count + 1, sizeof(*queue));
	struct walk walk = {gems, queue, 0, 0};

	for (uint32_t g = 0; g < gems->count; g++)
		if (gems->list[g].asked_dev && !gems->list[g].asked)
			push(&walk, candidate, g);
	reach(&walk, candidate);
	for (uint32_t g = 0; g < gems->count; g++)
		if (!candidate[g] || gems->list[g].asked || gems->list[g].is_default)
			push(&walk, kept, g);
	reach(&walk, kept);
	for (uint32_t g = 0; g < gems->count; g++)
		if (candidate[g] && !kept[g])
			imp_inventory_get(gems->inventory, gems->list[g].package)
				->flags |= IMP_PACKAGE_DEV;
}
