/* The same package in other versions, or by another manager, in sibling images. */
#include "share_drift.h"

#include <stdlib.h>

static const char *const drift_names[IMP_SHARE_DRIFTS] = {
	[IMP_SHARE_VERSIONS] = "versions",
	[IMP_SHARE_MANAGERS] = "managers",
	[IMP_SHARE_PROGRAMS] = "programs",
};

const char *imp_share_drift_name(enum imp_share_drift_kind kind)
{
	return drift_names[kind];
}

static bool contains(struct imp_slice text, struct imp_slice part)
{
	for (; text.len >= part.len; text = imp_slice_skip(text, 1))
		if (imp_slice_starts(text, part))
			return true;
	return false;
}

const char *imp_share_origin(struct imp_slice version)
{
	/* Marks that these archives put into all of their versions */
	static const struct {
		const char *mark, *origin;
	} marks[] = {
		{"nodesource", "NodeSource"},
		{"pgdg", "PGDG"},
		{"sury.org", "sury.org"},
		{"~bpo", "Debian backports"},
		{"~deb.", "deb."},
		{"ubuntu", "Ubuntu"},
		{"+rpt", "Raspberry Pi"},
		{"+deb", "Debian"},
		{"~deb", "Debian"},
	};

	if (version.len > 256)
		return "";
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (contains(version, imp_slice_of(marks[i].mark)))
			return marks[i].origin;
	return "";
}

void imp_share_add_drift(struct imp_share_drifts *drifts, enum imp_share_drift_kind kind,
			 struct imp_slice name, const struct imp_share_variant *variants,
			 size_t count)
{
	struct imp_arena *arena = drifts->work->arena;
	struct imp_share_variant *copy = imp_arena_array(arena, count, sizeof(*variants));
	struct imp_share_drift *row;

	memcpy(copy, variants, count * sizeof(*variants));
	drifts->list = imp_xgrow(drifts->list, &drifts->capacity, drifts->count + 1,
				 sizeof(*drifts->list));
	row = &drifts->list[drifts->count++];
	*row = (struct imp_share_drift){
		.kind = kind,
		.name = imp_arena_copy(arena, name),
		.variants = copy,
		.variant_count = count,
	};
	for (size_t i = 0; i < count; i++)
		row->disk_bytes += copy[i].disk_bytes;
}

static const struct imp_package *package_of(const struct imp_share_work *work,
					    uint32_t use)
{
	const struct imp_share_use *u = &work->uses[use];

	return &work->images[u->image]->packages->list[u->package];
}

/* Packages stand by name and version: equal versions of an image are neighbours. */
static struct imp_share_variant variant_of(const struct imp_share_work *work,
					   uint32_t use)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf versions = {0};
	const struct imp_package *package = package_of(work, use), *last = NULL;
	uint32_t image = work->uses[use].image;
	struct imp_share_variant variant = {
		.image = image,
		.manager = imp_manager_name(package->manager),
		.name = imp_arena_copy(work->arena, package->name),
		.source = imp_arena_copy(work->arena, package->source),
		.origin = imp_share_origin(package->version),
	};

	for (; use != IMP_NONE && work->uses[use].image == image;
	     use = work->uses[use].next) {
		package = package_of(work, use);
		variant.disk_bytes += package->sum.disk_bytes;
		if (last && imp_slice_equal(last->version, package->version))
			continue;
		if (last)
			imp_strbuf_add_text(&versions, ", ");
		imp_strbuf_add_slice(&versions, package->version);
		last = package;
	}
	variant.versions = imp_arena_copy(work->arena, imp_strbuf_slice(&versions));
	return variant;
}

static bool vary(const struct imp_share_variant *variants, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (!imp_slice_equal(variants[i].versions, variants[0].versions) ||
		    !imp_slice_equal(variants[i].source, variants[0].source))
			return true;
	return false;
}

static size_t collect(const struct imp_share_work *work, const struct imp_share_key *key,
		      struct imp_share_variant *variants)
{
	size_t count = 0;
	uint32_t image = IMP_NONE;

	for (uint32_t u = key->first; u != IMP_NONE; u = work->uses[u].next) {
		if (work->uses[u].image != image)
			variants[count++] = variant_of(work, u);
		image = work->uses[u].image;
	}
	return count;
}

static bool is_spread(const struct imp_share_work *work, const struct imp_share_key *key)
{
	return key->first != IMP_NONE &&
	       work->uses[key->first].image != work->uses[key->last].image;
}

static void add_versions(struct imp_share_drifts *drifts, const struct imp_share_key *key)
{
	struct imp_share_variant variants[IMP_SHARE_IMAGES];

	if (!is_spread(drifts->work, key))
		return;
	size_t count = collect(drifts->work, key, variants);
	if (vary(variants, count))
		imp_share_add_drift(drifts, IMP_SHARE_VERSIONS, key->name, variants,
				    count);
}

static uint64_t images_of(const struct imp_share_work *work,
			  const struct imp_share_key *key)
{
	uint64_t mask = 0;

	for (uint32_t u = key->first; u != IMP_NONE; u = work->uses[u].next)
		mask |= UINT64_C(1) << work->uses[u].image;
	return mask;
}

/* One image has it by KEY's manager alone, another by OTHER's alone. */
static void add_managers(struct imp_share_drifts *drifts, const struct imp_share_key *key,
			 const struct imp_share_key *other)
{
	const struct imp_share_work *work = drifts->work;
	uint64_t first = images_of(work, key), second = images_of(work, other);
	struct imp_share_variant variants[2 * IMP_SHARE_IMAGES];

	if ((first & ~second) == 0 || (second & ~first) == 0)
		return;
	size_t count = collect(work, key, variants);
	count += collect(work, other, variants + count);
	imp_share_add_drift(drifts, IMP_SHARE_MANAGERS, key->name, variants, count);
}

static int compare_keys(const void *a, const void *b)
{
	const struct imp_share_key *x = *(const struct imp_share_key *const *)a;
	const struct imp_share_key *y = *(const struct imp_share_key *const *)b;
	int order = imp_slice_compare(x->name, y->name);

	return order ? order : (int)x->manager - (int)y->manager;
}

static int compare_rows(const void *a, const void *b)
{
	const struct imp_share_drift *x = a, *y = b;

	if (x->disk_bytes != y->disk_bytes)
		return x->disk_bytes < y->disk_bytes ? 1 : -1;
	int order = imp_slice_compare(x->name, y->name);
	if (order == 0)
		order = (int)x->kind - (int)y->kind;
	return order ? order
		     : imp_share_compare_names(
			       x->variants[0].manager, x->variants[0].name,
			       y->variants[0].manager, y->variants[0].name);
}

static void add_packages(struct imp_share_drifts *drifts)
{
	const struct imp_share_work *work = drifts->work;
	imp_auto_free const struct imp_share_key **keys =
		imp_xcalloc(work->key_count + 1, sizeof(struct imp_share_key *));

	for (size_t k = 0; k < work->key_count; k++)
		keys[k] = &work->keys[k];
	qsort(keys, work->key_count, sizeof(const struct imp_share_key *), compare_keys);
	for (size_t k = 0; k < work->key_count; k++) {
		add_versions(drifts, keys[k]);
		if (k > 0 && imp_slice_equal(keys[k]->name, keys[k - 1]->name))
			add_managers(drifts, keys[k - 1], keys[k]);
	}
}

void imp_share_make_drift(const struct imp_share_work *work, struct imp_share *out)
{
	struct imp_share_drifts drifts = {.work = work};

	add_packages(&drifts);
	imp_share_add_programs(&drifts);
	if (drifts.count)
		qsort(drifts.list, drifts.count, sizeof(*drifts.list), compare_rows);
	struct imp_share_drift *rows =
		imp_arena_array(work->arena, drifts.count + 1, sizeof(*rows));
	if (drifts.count)
		memcpy(rows, drifts.list, drifts.count * sizeof(*rows));
	free(drifts.list);
	out->drift = rows;
	out->drift_count = drifts.count;
}
