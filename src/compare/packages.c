/* Packages by manager and name: live bytes and versions, before and after. */
#include "compare_priv.h"

#include <stdlib.h>

#include "imgprof/map.h"

struct row {
	struct imp_tally tally;
	const struct imp_package *package; /* any of the rows' */
	/* Where its packages stand in the image's list, first and how many; they are neighbours */
	uint32_t first[IMP_SIDES], count[IMP_SIDES];
	bool changed;
};

struct table {
	const struct imp_comparison *comparison;
	struct row *rows;
	size_t count;
	uint32_t *row_of[IMP_SIDES]; /* of each package */
};
enum { NO_PACKAGE, WASTED, BRACKETS };

static bool same_name(const struct imp_package *a, const struct imp_package *b)
{
	return a->manager == b->manager && imp_slice_equal(a->name, b->name);
}

static int compare_names(const struct imp_package *a, const struct imp_package *b)
{
	if (a->manager != b->manager)
		return a->manager < b->manager ? -1 : 1;
	return imp_slice_compare(a->name, b->name);
}

/* Takes what has the name of PACKAGE from one image's list, from *AT on. */
static void take(struct table *table, int side, const struct imp_package *package,
		 uint32_t *at)
{
	const struct imp_packages *packages = table->comparison->image[side]->packages;
	struct row *row = &table->rows[table->count];

	row->first[side] = *at;
	while (packages && *at < packages->count &&
	       same_name(&packages->list[*at], package)) {
		table->row_of[side][(*at)++] = (uint32_t)table->count;
		row->count[side]++;
	}
}

/* Both lists stand by manager and name: a merge. */
static void merge(struct table *table)
{
	uint32_t at[IMP_SIDES] = {0};

	for (;;) {
		const struct imp_package *next = NULL;
		for (int side = 0; side < IMP_SIDES; side++) {
			const struct imp_packages *packages =
				table->comparison->image[side]->packages;
			if (!packages || at[side] >= packages->count)
				continue;
			const struct imp_package *here = &packages->list[at[side]];
			if (!next || compare_names(here, next) < 0)
				next = here;
		}
		if (!next)
			return;
		table->rows[table->count].package = next;
		take(table, 0, next, &at[0]);
		take(table, 1, next, &at[1]);
		table->count++;
	}
}

static void start(struct table *table)
{
	size_t most = BRACKETS;

	for (int side = 0; side < IMP_SIDES; side++) {
		const struct imp_packages *packages =
			table->comparison->image[side]->packages;
		size_t count = packages ? packages->count : 0;
		table->row_of[side] =
			imp_xcalloc(count + 1, sizeof(*table->row_of[side]));
		most += count;
	}
	table->rows = imp_xcalloc(most, sizeof(*table->rows));
	table->count = BRACKETS;
}

static void finish(struct table *table)
{
	free(table->rows);
	free(table->row_of[0]);
	free(table->row_of[1]);
}

static struct row *row_of_record(const struct table *table, int side, uint32_t record)
{
	const struct imp_comparison *c = table->comparison;
	const struct imp_packages *packages = c->image[side]->packages;
	const struct imp_record *r = imp_tree_record(c->tree[side], record);

	if (r->fate != IMP_FATE_LIVE)
		return &table->rows[WASTED];
	uint32_t owner = packages ? packages->owner_of[record] : IMP_NONE;
	return &table->rows[owner == IMP_NONE ? NO_PACKAGE : table->row_of[side][owner]];
}

static void add_records(const struct table *table, int side)
{
	const struct imp_comparison *c = table->comparison;

	for (uint32_t r = 0; r < imp_tree_record_count(c->tree[side]); r++) {
		if (imp_tree_record(c->tree[side], r)->type != IMP_ENTRY_FILE)
			continue;
		struct row *row = row_of_record(table, side, r);
		imp_tally_add_record(c, &row->tally, side, r);
		row->changed |= c->match[side][r] == IMP_NONE;
	}
}

static struct imp_slice version_at(const struct table *table, const struct row *row,
				   int side, uint32_t i)
{
	return table->comparison->image[side]
		->packages->list[row->first[side] + i]
		.version;
}

static bool other_versions(const struct table *table, const struct row *row)
{
	if (row->count[0] != row->count[1])
		return true;
	for (uint32_t i = 0; i < row->count[0]; i++)
		if (!imp_slice_equal(version_at(table, row, 0, i),
				     version_at(table, row, 1, i)))
			return true;
	return false;
}

/* Files may pass from one owner to another without a change of theirs. */
static bool has_row(const struct table *table, const struct row *row)
{
	struct imp_change_sum sum = imp_tally_sum(&row->tally);

	return row->changed || sum.disk.before != sum.disk.after ||
	       other_versions(table, row);
}

static const struct imp_slice *
list_versions(const struct table *table, const struct row *row, int side, size_t *count)
{
	struct imp_arena *arena = table->comparison->arena;
	struct imp_slice *versions =
		imp_arena_array(arena, row->count[side] + 1, sizeof(*versions));

	*count = 0;
	for (uint32_t i = 0; i < row->count[side]; i++) {
		struct imp_slice version = version_at(table, row, side, i);
		if (version.len > 0 &&
		    (*count == 0 || !imp_slice_equal(versions[*count - 1], version)))
			versions[(*count)++] = imp_arena_copy(arena, version);
	}
	return versions;
}

static struct imp_diff_package make_row(const struct table *table, const struct row *row)
{
	const struct imp_comparison *c = table->comparison;
	struct imp_diff_package made = {
		.manager = imp_manager_name(row->package->manager),
		.name = imp_arena_copy(c->arena, row->package->name),
		.origin = imp_tally_origin(c, &row->tally),
		.sum = imp_tally_sum(&row->tally),
	};

	made.before_versions = list_versions(table, row, 0, &made.before_version_count);
	made.after_versions = list_versions(table, row, 1, &made.after_version_count);
	made.state = imp_state_of(row->count[0] > 0, row->count[1] > 0, &made.sum);
	return made;
}

static void add_bracket(const struct imp_comparison *c, const char *name,
			const struct imp_tally *tally, struct imp_diff *out)
{
	struct imp_change_sum sum = imp_tally_sum(tally);

	if (!imp_sum_differs(&sum))
		return;
	struct imp_diff_package *rows =
		(struct imp_diff_package *)(uintptr_t)out->packages;
	rows[out->package_count++] = (struct imp_diff_package){
		.manager = "",
		.name = imp_slice_of(name),
		.state = imp_state_of(true, true, &sum),
		.origin = imp_tally_origin(c, tally),
		.sum = sum,
	};
}

static int compare_rows(const void *a, const void *b)
{
	const struct imp_diff_package *x = a, *y = b;
	int order = imp_compare_changes(&x->sum, &y->sum);

	if (order == 0)
		order = imp_slice_compare(x->name, y->name);
	return order ? order : strcmp(x->manager, y->manager);
}

/* Brackets stand behind the packages, as in a profile. */
static void add_brackets(const struct table *table, struct imp_tally *listed,
			 struct imp_diff *out)
{
	static const char *const names[BRACKETS] = {"[no package]", "[wasted]"};
	const struct imp_comparison *c = table->comparison;

	for (int i = 0; i < BRACKETS; i++) {
		struct imp_change_sum sum = imp_tally_sum(&table->rows[i].tally);
		bool changed =
			table->rows[i].changed || sum.disk.before != sum.disk.after;
		if (!changed)
			continue;
		imp_tally_add_tally(listed, &table->rows[i].tally);
		add_bracket(c, names[i], &table->rows[i].tally, out);
	}
	struct imp_tally overhead = imp_tally_overhead(c, listed);
	add_bracket(c, "[overhead]", &overhead, out);
}

void imp_diff_make_packages(const struct imp_comparison *comparison, struct imp_diff *out)
{
	imp_auto(finish) struct table table = {.comparison = comparison};
	struct imp_tally listed = {0};
	struct imp_diff_package *rows;

	start(&table);
	merge(&table);
	for (int side = 0; side < IMP_SIDES; side++)
		add_records(&table, side);
	rows = imp_arena_array(comparison->arena, table.count + 1, sizeof(*rows));
	out->packages = rows;
	for (size_t i = BRACKETS; i < table.count; i++) {
		if (!has_row(&table, &table.rows[i]))
			continue;
		imp_tally_add_tally(&listed, &table.rows[i].tally);
		rows[out->package_count++] = make_row(&table, &table.rows[i]);
	}
	if (out->package_count > 1)
		qsort(rows, out->package_count, sizeof(*rows), compare_rows);
	add_brackets(&table, &listed, out);
}
