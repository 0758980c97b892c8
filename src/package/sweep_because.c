/*
 * To which seed a freed package goes (classification.md 1.4): the one whose own sweep frees it,
 * else the largest that reaches it. A seed's own sweep can free nothing that the sweep of all
 * seeds does not, so each walks over what is freed only, from where what is kept enters it.
 */
#include "sweep_priv.h"

#include <stdlib.h>

/* Dependencies that the sweeps of single seeds may walk together: beyond that (thousands of seeds in
 * a hostile database) the smaller seeds get no sweep of their own. */
enum { MAX_WALKED = 50000000 };

struct own {
	struct sweep *sweep;
	const struct imp_sweep_result *out;
	uint32_t *freed; /* the freed packages, by number */
	size_t freed_count;
	bool *entry; /* freed, and kept but for the seeds: a root, or needed by what is kept */
	uint32_t *only;  /* the seed whose own sweep frees it; IMP_NONE */
	uint64_t *bytes; /* of a seed: what its own sweep frees */
	bool *reached, *gone;
	uint64_t walked;
};

static uint64_t disk_bytes(const struct own *own, uint32_t package)
{
	return own->sweep->packages->list[package].sum.disk_bytes;
}

/* What is kept asks for freed packages only where these are seeds. */
static void find_entries(struct own *own, const bool *after)
{
	const struct imp_packages *packages = own->sweep->packages;

	for (size_t i = 0; i < own->freed_count; i++)
		own->entry[own->freed[i]] = imp_sweep_is_root(own->sweep, own->freed[i]);
	for (uint32_t p = 0; p < packages->count; p++) {
		const struct imp_package *from = &packages->list[p];
		const struct imp_dependency *to =
			&packages->dependencies[from->first_dependency];
		for (uint32_t i = 0; after[p] && i < from->dependency_count; i++)
			if (own->out->freed[to[i].to] &&
			    imp_sweep_holds(own->sweep, &to[i]))
				own->entry[to[i].to] = true;
	}
}

/* Whether what is reached needs SEED and no other way would do. */
static bool is_needed(struct own *own, uint32_t from, uint32_t seed)
{
	const struct imp_packages *packages = own->sweep->packages;
	const struct imp_package *p = &packages->list[from];
	const struct imp_dependency *to = &packages->dependencies[p->first_dependency];

	for (uint32_t i = 0; i < p->dependency_count; i++) {
		if (to[i].to != seed || !imp_sweep_is_hard(&to[i]))
			continue;
		bool other = i > 0 && to[i - 1].choice == to[i].choice;
		other = other ||
			(i + 1 < p->dependency_count && to[i + 1].choice == to[i].choice);
		if (!other)
			return true;
	}
	return false;
}

/* Walks without SEED; false when that puts it back. */
static bool walk_without(struct own *own, uint32_t seed)
{
	struct sweep *sweep = own->sweep;

	sweep->queued = sweep->walked = 0;
	own->gone[seed] = true;
	for (size_t i = 0; i < own->freed_count; i++) {
		own->reached[own->freed[i]] = false;
		if (own->entry[own->freed[i]] && own->freed[i] != seed)
			imp_sweep_push(sweep, own->reached, own->freed[i]);
	}
	imp_sweep_walk(sweep, own->reached, own->gone);
	own->gone[seed] = false;
	for (size_t i = 0; i < sweep->queued; i++) {
		own->walked += sweep->packages->list[sweep->queue[i]].dependency_count;
		if (is_needed(own, sweep->queue[i], seed))
			return false;
	}
	return true;
}

static void sweep_one(struct own *own, uint32_t seed)
{
	own->walked += own->freed_count;
	if (own->walked > MAX_WALKED || !walk_without(own, seed))
		return;
	for (size_t i = 0; i < own->freed_count; i++) {
		uint32_t p = own->freed[i];
		if (own->reached[p])
			continue;
		own->bytes[seed] += disk_bytes(own, p);
		if (own->only[p] == IMP_NONE)
			own->only[p] = seed;
	}
}

struct sized {
	uint64_t own_bytes, bytes;
	uint32_t seed;
};

/* Largest first: by what its own sweep frees, then by itself. */
static int compare_sized(const void *a, const void *b)
{
	const struct sized *x = a, *y = b;

	if (x->own_bytes != y->own_bytes)
		return x->own_bytes > y->own_bytes ? -1 : 1;
	if (x->bytes != y->bytes)
		return x->bytes > y->bytes ? -1 : 1;
	return x->seed < y->seed ? -1 : x->seed > y->seed;
}

static size_t list_seeds(const struct own *own, const bool *gone, struct sized *seeds)
{
	size_t count = 0;

	for (size_t i = 0; i < own->freed_count; i++) {
		uint32_t p = own->freed[i];
		if (gone[p])
			seeds[count++] =
				(struct sized){own->bytes[p], disk_bytes(own, p), p};
	}
	if (count > 0)
		qsort(seeds, count, sizeof(*seeds), compare_sized);
	return count;
}

/* Each seed's own sweep, the largest seeds first: of two that free a package both, the first. */
static void sweep_each(struct own *own, const struct sized *seeds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sweep_one(own, seeds[i].seed);
}

/* The seeds walk one after the other, each over what no larger one reached. */
static void reach(struct own *own, const struct sized *seeds, size_t count)
{
	struct sweep *sweep = own->sweep;

	for (uint32_t p = 0; p < sweep->packages->count; p++)
		own->reached[p] = !own->out->freed[p];
	sweep->queued = sweep->walked = 0;
	for (size_t i = 0; i < count; i++) {
		size_t first = sweep->queued;
		imp_sweep_push(sweep, own->reached, seeds[i].seed);
		imp_sweep_walk(sweep, own->reached, NULL);
		for (size_t k = first; k < sweep->queued; k++)
			own->out->because[sweep->queue[k]] = seeds[i].seed;
	}
}

static void attribute(struct own *own, const bool *gone)
{
	imp_auto_free struct sized *seeds =
		imp_xcalloc(own->freed_count + 1, sizeof(*seeds));

	sweep_each(own, seeds, list_seeds(own, gone, seeds));
	reach(own, seeds, list_seeds(own, gone, seeds));
	for (size_t i = 0; i < own->freed_count; i++) {
		uint32_t p = own->freed[i];
		if (gone[p])
			own->out->because[p] = p;
		else if (own->only[p] != IMP_NONE)
			own->out->because[p] = own->only[p];
	}
}

void imp_sweep_attribute(struct sweep *sweep, const bool *after, const bool *gone,
			 struct imp_sweep_result *out)
{
	size_t count = sweep->packages->count + 1;
	struct own own = {
		.sweep = sweep,
		.out = out,
		.freed = imp_xcalloc(count, sizeof(*own.freed)),
		.entry = imp_xcalloc(count, sizeof(*own.entry)),
		.only = imp_xmalloc(count * sizeof(*own.only)),
		.bytes = imp_xcalloc(count, sizeof(*own.bytes)),
		.reached = imp_xcalloc(count, sizeof(*own.reached)),
		.gone = imp_xcalloc(count, sizeof(*own.gone)),
	};

	memset(out->because, 0xff, count * sizeof(*out->because));
	memset(own.only, 0xff, count * sizeof(*own.only));
	for (uint32_t p = 0; p < sweep->packages->count; p++) {
		own.reached[p] = !out->freed[p];
		if (out->freed[p])
			own.freed[own.freed_count++] = p;
	}
	find_entries(&own, after);
	attribute(&own, gone);
	free(own.freed);
	free(own.entry);
	free(own.only);
	free(own.bytes);
	free(own.reached);
	free(own.gone);
}
