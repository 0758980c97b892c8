/*
 * Packages as causes: one that is in one image only and that somebody asked for there takes along
 * what is there for its sake, as a purge of it would. All others stand for themselves.
 */
#include "reasons_priv.h"

static bool is_on_other_side(const struct imp_comparison *c, int side, uint32_t package)
{
	const struct imp_packages *other = c->image[!side]->packages;
	const struct imp_package *p = &c->image[side]->packages->list[package];

	return other && imp_packages_find(other, p->manager, p->name) != IMP_NONE;
}

static bool mark_seeds(const struct imp_comparison *c, int side, enum imp_manager manager,
		       const bool *gone, bool *seeds)
{
	const struct imp_packages *packages = c->image[side]->packages;
	bool any = false;

	for (uint32_t p = 0; p < packages->count; p++) {
		seeds[p] = gone[p] && packages->list[p].manager == manager &&
			   (packages->list[p].flags & IMP_PACKAGE_ROOT) &&
			   packages->knows_roots[packages->list[p].group];
		any |= seeds[p];
	}
	return any;
}

static void find_roots(struct imp_causes *causes, int side, struct imp_arena *arena)
{
	const struct imp_comparison *c = causes->comparison;
	const struct imp_packages *packages = c->image[side]->packages;
	bool *gone = imp_arena_array(arena, packages->count + 1, sizeof(*gone));
	bool *seeds = imp_arena_array(arena, packages->count + 1, sizeof(*seeds));

	for (uint32_t p = 0; p < packages->count; p++) {
		causes->root_of[side][p] = p;
		gone[p] = !is_on_other_side(c, side, p);
	}
	for (int manager = 0; manager < IMP_MANAGERS; manager++) {
		struct imp_sweep_result result;
		struct imp_sweep sweep = {packages, (enum imp_manager)manager, seeds,
					  NULL};
		if (!mark_seeds(c, side, sweep.manager, gone, seeds))
			continue;
		imp_sweep_run(&sweep, arena, &result);
		for (uint32_t p = 0; p < packages->count; p++)
			if (result.freed[p] && gone[p] && result.because[p] != IMP_NONE)
				causes->root_of[side][p] = result.because[p];
	}
}

void imp_causes_find_roots(struct imp_causes *causes)
{
	const struct imp_comparison *c = causes->comparison;

	for (int side = 0; side < IMP_SIDES; side++) {
		imp_auto_destroy(imp_arena) struct imp_arena *arena = imp_arena_create();
		const struct imp_packages *packages = c->image[side]->packages;
		size_t count = packages ? packages->count : 0;
		causes->root_of[side] =
			imp_xcalloc(count + 1, sizeof(*causes->root_of[side]));
		causes->of_package[side] = imp_causes_none(count);
		if (packages)
			find_roots(causes, side, arena);
	}
}

static struct imp_slice version_of(const struct imp_comparison *c, int side,
				   enum imp_manager manager, struct imp_slice name)
{
	const struct imp_packages *packages = c->image[side]->packages;
	uint32_t package =
		packages ? imp_packages_find(packages, manager, name) : IMP_NONE;

	return package == IMP_NONE
		       ? IMP_SLICE("")
		       : imp_arena_copy(c->arena, packages->list[package].version);
}

/* The cause that ROOT and all that goes with it are told by. */
static uint32_t find_cause(struct imp_causes *causes, int side, uint32_t root)
{
	const struct imp_comparison *c = causes->comparison;
	const struct imp_package *package = &c->image[side]->packages->list[root];
	struct imp_diff_reason row = {
		.kind = IMP_REASON_PACKAGE,
		.rule = "",
		.subject = package->name,
		.manager = imp_manager_name(package->manager),
	};
	uint32_t cause = imp_causes_find(causes, &row);
	struct imp_cause *made = &causes->list[cause];

	if (!made->row.title) {
		made->row.title = "";
		made->row.version_before =
			version_of(c, 0, package->manager, row.subject);
		made->row.version_after = version_of(c, 1, package->manager, row.subject);
		made->there[side] = true;
		made->there[!side] = is_on_other_side(c, side, root);
	}
	return cause;
}

uint32_t imp_cause_of_package(struct imp_causes *causes, int side, uint32_t record)
{
	const struct imp_packages *packages = causes->comparison->image[side]->packages;

	if (!packages || packages->owner_of[record] == IMP_NONE)
		return IMP_NONE;
	uint32_t owner = packages->owner_of[record];
	uint32_t *known = &causes->of_package[side][owner];
	if (*known != IMP_NONE)
		return *known;
	uint32_t root = causes->root_of[side][owner];
	*known = find_cause(causes, side, root);
	causes->list[*known].packages[side] += root != owner;
	return *known;
}
