/* Paths whose files changed, each with all of its instances. */
#include "compare_priv.h"

#include <stdlib.h>

static uint32_t shown_layer(const struct imp_comparison *c, uint32_t place, int side)
{
	uint32_t node = c->places[place].node[side];

	if (node == IMP_NONE || !imp_tree_node(c->tree[side], node)->live)
		return IMP_NONE;
	return imp_tree_node(c->tree[side], node)->layer;
}

static struct imp_diff_path make_row(const struct imp_comparison *c, uint32_t place,
				     struct imp_tally *listed)
{
	const struct imp_place *p = &c->places[place];
	uint32_t from = p->moved == IMP_NONE ? place : p->moved;
	struct imp_tally sum = p->sum;

	if (from != place)
		imp_tally_add_tally(&sum, &c->places[from].sum);
	imp_tally_add_tally(listed, &sum);
	return (struct imp_diff_path){
		.path = imp_place_path(c, place),
		.from = from == place ? (struct imp_slice){"", 0}
				      : imp_place_path(c, from),
		.state = (enum imp_diff_state)p->state,
		.origin = imp_tally_origin(c, &sum),
		.sum = imp_tally_sum(&sum),
		.before_layer = shown_layer(c, from, 0),
		.after_layer = shown_layer(c, place, 1),
	};
}

static int compare_rows(const void *a, const void *b)
{
	const struct imp_diff_path *x = a, *y = b;
	int order = imp_compare_changes(&x->sum, &y->sum);

	return order ? order : imp_slice_compare(x->path, y->path);
}

/* A move is told where it went to. */
static bool has_row(const struct imp_place *place)
{
	struct imp_change_sum sum = imp_tally_sum(&place->sum);

	return place->changed && (place->moved == IMP_NONE || sum.disk.after > 0);
}

static struct imp_diff_path make_overhead(const struct imp_comparison *c,
					  const struct imp_tally *listed)
{
	struct imp_tally rest = imp_tally_overhead(c, listed);
	struct imp_change_sum sum = imp_tally_sum(&rest);

	return (struct imp_diff_path){
		.path = IMP_SLICE("[overhead]"),
		.from = IMP_SLICE(""),
		.state = imp_state_of(true, true, &sum),
		.origin = imp_tally_origin(c, &rest),
		.sum = sum,
		.before_layer = IMP_NONE,
		.after_layer = IMP_NONE,
	};
}

void imp_diff_make_paths(const struct imp_comparison *comparison, struct imp_diff *out)
{
	struct imp_tally listed = {0};
	struct imp_diff_path *rows;
	size_t count = 0, most = 1;

	for (size_t p = 0; p < comparison->place_count; p++)
		most += has_row(&comparison->places[p]);
	rows = imp_arena_array(comparison->arena, most, sizeof(*rows));
	for (uint32_t p = 0; p < comparison->place_count; p++)
		if (has_row(&comparison->places[p]))
			rows[count++] = make_row(comparison, p, &listed);
	if (count > 1)
		qsort(rows, count, sizeof(*rows), compare_rows);
	rows[count] = make_overhead(comparison, &listed);
	if (imp_sum_differs(&rows[count].sum))
		count++;
	out->paths = rows;
	out->path_count = count;
}
