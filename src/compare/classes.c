/* Live bytes by class, before and after: the rows of `classes` side by side. */
#include "compare_priv.h"

#include <stdlib.h>

struct sums {
	struct imp_tally of[IMP_CLASSES];
};

static void add_records(const struct imp_comparison *c, int side, struct sums *sums)
{
	const struct imp_findings *findings = c->image[side]->findings;

	for (uint32_t r = 0; r < imp_tree_record_count(c->tree[side]); r++)
		if (imp_tree_record(c->tree[side], r)->type == IMP_ENTRY_FILE)
			imp_tally_add_record(c, &sums->of[findings->class_of[r]], side,
					     r);
}

/* A part of a file stands in the row of its finding: what findings add up to by class. */
static void move_parts(const struct imp_comparison *c, int side, struct sums *sums)
{
	const struct imp_findings *findings = c->image[side]->findings;

	for (size_t i = 0; i < findings->partial_count; i++) {
		const struct imp_partial *part = &findings->partials[i];
		const struct imp_finding *finding = &findings->list[part->finding];
		const struct imp_record *record =
			imp_tree_record(c->tree[side], part->record);
		enum imp_part origin = imp_part_of(c, side, record->layer);
		struct imp_tally moved = {0};
		if (finding->confidence == IMP_CONFIDENCE_POSSIBLE)
			continue;
		imp_tally_add(&moved, origin, side, part->disk_bytes, part->pull_bytes);
		imp_tally_subtract(&sums->of[findings->class_of[part->record]], &moved);
		imp_tally_add_tally(&sums->of[finding->class], &moved);
	}
}

static struct imp_diff_class make_row(const struct imp_comparison *c, const char *name,
				      const struct imp_tally *tally)
{
	return (struct imp_diff_class){
		.name = name,
		.origin = imp_tally_origin(c, tally),
		.sum = imp_tally_sum(tally),
	};
}

static int compare_rows(const void *a, const void *b)
{
	const struct imp_diff_class *x = a, *y = b;
	int order = imp_compare_changes(&x->sum, &y->sum);

	return order ? order : strcmp(x->name, y->name);
}

static bool has_bytes(const struct imp_tally *tally)
{
	struct imp_change_sum sum = imp_tally_sum(tally);

	return sum.disk.before || sum.disk.after || sum.pull.before || sum.pull.after;
}

static size_t add_rows(const struct imp_comparison *c, const struct sums *sums,
		       struct imp_diff_class *rows, struct imp_tally *listed)
{
	size_t count = 0;

	for (int class = 0; class < IMP_CLASSES; class ++) {
		imp_tally_add_tally(listed, &sums->of[class]);
		if (class != IMP_CLASS_WASTED && has_bytes(&sums->of[class]))
			rows[count++] =
				make_row(c, imp_class_name((enum imp_class) class),
					 &sums->of[class]);
	}
	if (count > 1)
		qsort(rows, count, sizeof(*rows), compare_rows);
	return count;
}

void imp_diff_make_classes(const struct imp_comparison *comparison, struct imp_diff *out)
{
	struct imp_diff_class *rows =
		imp_arena_array(comparison->arena, IMP_CLASSES + 2, sizeof(*rows));
	struct imp_tally listed = {0};
	struct sums sums = {0};

	if (!comparison->findings)
		return;
	for (int side = 0; side < IMP_SIDES; side++) {
		add_records(comparison, side, &sums);
		move_parts(comparison, side, &sums);
	}
	size_t count = add_rows(comparison, &sums, rows, &listed);
	struct imp_tally overhead = imp_tally_overhead(comparison, &listed);
	if (has_bytes(&sums.of[IMP_CLASS_WASTED]))
		rows[count++] =
			make_row(comparison, "[wasted]", &sums.of[IMP_CLASS_WASTED]);
	rows[count++] = make_row(comparison, "[overhead]", &overhead);
	out->classes = rows;
	out->class_count = count;
}
