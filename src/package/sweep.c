/*
 * Mark and sweep over the dependencies of one manager's packages: classification.md 2.2 and the
 * last points of 1.4. The same as `apt-get purge --auto-remove SEEDS`, but that what needs a seed
 * keeps it, where apt would take the needing package along.
 */
#include "sweep_priv.h"

#include <stdlib.h>

bool imp_sweep_is_member(const struct sweep *sweep, uint32_t package)
{
	return sweep->packages->list[package].manager == sweep->manager;
}

bool imp_sweep_holds(const struct sweep *sweep, const struct imp_dependency *dependency)
{
	if (dependency->kind == IMP_DEPENDENCY_RECOMMENDS)
		return sweep->recommends_hold;
	if (dependency->kind == IMP_DEPENDENCY_SUGGESTS)
		return sweep->suggests_hold;
	return true;
}

bool imp_sweep_is_hard(const struct imp_dependency *dependency)
{
	return dependency->kind == IMP_DEPENDENCY_HARD ||
	       dependency->kind == IMP_DEPENDENCY_PEER;
}

void imp_sweep_start(struct sweep *sweep, const struct imp_packages *packages,
		     enum imp_manager manager, const bool *roots)
{
	*sweep = (struct sweep){
		.packages = packages,
		.manager = manager,
		.roots = roots,
		.recommends_hold = packages->recommends_hold[manager],
		.suggests_hold = packages->suggests_hold[manager],
		.queue = imp_xcalloc(packages->count + 1, sizeof(*sweep->queue)),
	};
}

void imp_sweep_finish(struct sweep *sweep)
{
	free(sweep->queue);
}

/* Where nobody knows who was asked for, everybody was. */
bool imp_sweep_is_root(const struct sweep *sweep, uint32_t package)
{
	const struct imp_package *p = &sweep->packages->list[package];

	return !sweep->packages->knows_roots[p->group] ||
	       (p->flags & (IMP_PACKAGE_ROOT | IMP_PACKAGE_ESSENTIAL)) ||
	       (sweep->roots && sweep->roots[package]);
}

void imp_sweep_push(struct sweep *sweep, bool *reached, uint32_t package)
{
	if (reached[package] || !imp_sweep_is_member(sweep, package))
		return;
	reached[package] = true;
	sweep->queue[sweep->queued++] = package;
}

void imp_sweep_push_roots(struct sweep *sweep, bool *reached, const bool *without)
{
	for (uint32_t p = 0; p < sweep->packages->count; p++)
		if (!(without && without[p]) && imp_sweep_is_member(sweep, p) &&
		    imp_sweep_is_root(sweep, p))
			imp_sweep_push(sweep, reached, p);
}

void imp_sweep_walk(struct sweep *sweep, bool *reached, const bool *without)
{
	while (sweep->walked < sweep->queued) {
		const struct imp_package *from =
			&sweep->packages->list[sweep->queue[sweep->walked++]];
		const struct imp_dependency *to =
			&sweep->packages->dependencies[from->first_dependency];
		for (uint32_t i = 0; i < from->dependency_count; i++)
			if (imp_sweep_holds(sweep, &to[i]) &&
			    !(without && without[to[i].to]))
				imp_sweep_push(sweep, reached, to[i].to);
	}
}

/* What the roots reach. */
static void keep(struct sweep *sweep, bool *reached)
{
	sweep->queued = sweep->walked = 0;
	imp_sweep_push_roots(sweep, reached, NULL);
	imp_sweep_walk(sweep, reached, NULL);
}

/* Puts back what FROM hard-depends on, where nothing but seeds in GONE would meet the requirement. */
static void find_held(struct sweep *sweep, uint32_t from, const bool *gone,
		      uint32_t *holder)
{
	const struct imp_package *p = &sweep->packages->list[from];
	const struct imp_dependency *to =
		&sweep->packages->dependencies[p->first_dependency];

	for (uint32_t i = 0, end; i < p->dependency_count; i = end) {
		bool met = !imp_sweep_is_hard(&to[i]);
		for (end = i; end < p->dependency_count && to[end].choice == to[i].choice;
		     end++)
			met = met || !gone[to[end].to];
		for (uint32_t k = i; k < end && !met; k++)
			if (holder[to[k].to] == IMP_NONE)
				holder[to[k].to] = from;
	}
}

/* One round: seeds that what was reached since FIRST needs, in the order of the list. */
static bool put_back(struct sweep *sweep, size_t first, bool *reached, bool *gone,
		     uint32_t *holder)
{
	size_t queued = sweep->queued;

	for (size_t i = first; i < queued; i++)
		find_held(sweep, sweep->queue[i], gone, holder);
	for (uint32_t p = 0; p < sweep->packages->count; p++) {
		if (!gone[p] || holder[p] == IMP_NONE)
			continue;
		gone[p] = false;
		imp_sweep_push(sweep, reached, p);
	}
	return sweep->queued > queued;
}

/* What is kept once the seeds in GONE are; those put back leave GONE. */
static void keep_without(struct sweep *sweep, bool *reached, bool *gone, uint32_t *holder)
{
	size_t first = 0;

	sweep->queued = sweep->walked = 0;
	imp_sweep_push_roots(sweep, reached, gone);
	do {
		imp_sweep_walk(sweep, reached, gone);
	} while (put_back(sweep, first, reached, gone, holder) &&
		 (first = sweep->walked, true));
}

void imp_sweep_run(const struct imp_sweep *sweep, struct imp_arena *arena,
		   struct imp_sweep_result *out)
{
	size_t count = sweep->packages->count;
	imp_auto(imp_sweep_finish) struct sweep walk;
	imp_auto_free bool *before = imp_xcalloc(count + 1, sizeof(*before));
	imp_auto_free bool *after = imp_xcalloc(count + 1, sizeof(*after));
	imp_auto_free bool *gone = imp_xcalloc(count + 1, sizeof(*gone));

	imp_sweep_start(&walk, sweep->packages, sweep->manager, sweep->roots);
	*out = (struct imp_sweep_result){
		.freed = imp_arena_array(arena, count + 1, sizeof(*out->freed)),
		.holder = imp_arena_array(arena, count + 1, sizeof(*out->holder)),
		.because = imp_arena_array(arena, count + 1, sizeof(*out->because)),
	};
	memset(out->holder, 0xff, (count + 1) * sizeof(*out->holder));
	for (uint32_t p = 0; p < count; p++)
		gone[p] = sweep->seeds[p] && imp_sweep_is_member(&walk, p);
	keep(&walk, before);
	keep_without(&walk, after, gone, out->holder);
	for (uint32_t p = 0; p < count; p++)
		out->freed[p] = gone[p] || (before[p] && !after[p]);
	imp_sweep_attribute(&walk, after, gone, out);
}

void imp_sweep_orphans(const struct imp_packages *packages, enum imp_manager manager,
		       const bool *roots, bool *orphan)
{
	imp_auto(imp_sweep_finish) struct sweep sweep;
	imp_auto_free bool *kept = imp_xcalloc(packages->count + 1, sizeof(*kept));

	imp_sweep_start(&sweep, packages, manager, roots);
	keep(&sweep, kept);
	for (uint32_t p = 0; p < packages->count; p++)
		orphan[p] = imp_sweep_is_member(&sweep, p) && !kept[p];
}

void imp_sweep_weak(const struct imp_packages *packages, enum imp_manager manager,
		    const bool *roots, bool *weak)
{
	imp_auto(imp_sweep_finish) struct sweep sweep;
	imp_auto_free bool *kept = imp_xcalloc(packages->count + 1, sizeof(*kept));
	imp_auto_free bool *hard = imp_xcalloc(packages->count + 1, sizeof(*hard));

	imp_sweep_start(&sweep, packages, manager, roots);
	keep(&sweep, kept);
	sweep.recommends_hold = sweep.suggests_hold = false;
	keep(&sweep, hard);
	for (uint32_t p = 0; p < packages->count; p++)
		weak[p] = kept[p] && !hard[p];
}
