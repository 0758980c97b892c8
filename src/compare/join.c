/* The paths of both trees as one list: a merge of two walks, parents first. */
#include "compare_priv.h"

#include <stdlib.h>

/* Children of a place that are still to come. */
struct cursor {
	uint32_t next[IMP_SIDES];
};

struct join {
	struct imp_comparison *comparison;
	struct cursor *cursors; /* of each place */
};

static uint32_t first_child(const struct imp_tree *tree, uint32_t node)
{
	return node == IMP_NONE ? IMP_NONE : imp_tree_node(tree, node)->first_child;
}

static uint32_t add_place(struct join *join, uint32_t parent,
			  const uint32_t node[IMP_SIDES])
{
	struct imp_comparison *c = join->comparison;
	uint32_t place = (uint32_t)c->place_count++;

	c->places[place] = (struct imp_place){
		.node = {node[0], node[1]},
		.parent = parent,
		.depth = parent == IMP_NONE ? 0 : c->places[parent].depth + 1,
		.moved = IMP_NONE,
	};
	for (int side = 0; side < IMP_SIDES; side++) {
		join->cursors[place].next[side] = first_child(c->tree[side], node[side]);
		if (node[side] != IMP_NONE)
			c->place_of[side][node[side]] = place;
	}
	return place;
}

/* Which of two siblings comes first, by name; a missing one comes last. */
static int compare_next(const struct join *join, const struct cursor *cursor)
{
	struct imp_slice name[IMP_SIDES];

	for (int side = 0; side < IMP_SIDES; side++) {
		if (cursor->next[side] == IMP_NONE)
			return side == 0 ? 1 : -1;
		name[side] =
			imp_tree_name(join->comparison->tree[side], cursor->next[side]);
	}
	return imp_slice_compare(name[0], name[1]);
}

/* Takes the next child of PLACE from one tree or both. */
static uint32_t take_child(struct join *join, uint32_t place)
{
	struct cursor *cursor = &join->cursors[place];
	uint32_t node[IMP_SIDES] = {IMP_NONE, IMP_NONE};
	int order = compare_next(join, cursor);

	for (int side = 0; side < IMP_SIDES; side++) {
		if (side == 0 ? order > 0 : order < 0)
			continue;
		node[side] = cursor->next[side];
		cursor->next[side] =
			imp_tree_node(join->comparison->tree[side], node[side])
				->next_sibling;
	}
	return add_place(join, place, node);
}

static void start(struct join *join)
{
	struct imp_comparison *c = join->comparison;
	size_t most = 0;

	for (int side = 0; side < IMP_SIDES; side++) {
		size_t nodes = imp_tree_node_count(c->tree[side]);
		c->place_of[side] = imp_xmalloc(nodes * sizeof(*c->place_of[side]));
		most += nodes;
	}
	c->places = imp_xmalloc(most * sizeof(*c->places));
	join->cursors = imp_xmalloc(most * sizeof(*join->cursors));
}

static void add_up(struct imp_comparison *c, int side)
{
	for (uint32_t r = 0; r < imp_tree_record_count(c->tree[side]); r++) {
		const struct imp_record *record = imp_tree_record(c->tree[side], r);
		if (record->type == IMP_ENTRY_FILE)
			imp_tally_add_record(
				c, &c->places[c->place_of[side][record->node]].sum, side,
				r);
	}
}

void imp_comparison_join(struct imp_comparison *comparison)
{
	struct join join = {.comparison = comparison};
	uint32_t place;

	start(&join);
	place = add_place(&join, IMP_NONE, (uint32_t[IMP_SIDES]){0, 0});
	while (place != IMP_NONE) {
		const struct cursor *cursor = &join.cursors[place];
		if (cursor->next[0] == IMP_NONE && cursor->next[1] == IMP_NONE)
			place = comparison->places[place].parent;
		else
			place = take_child(&join, place);
	}
	free(join.cursors);
	for (int side = 0; side < IMP_SIDES; side++)
		add_up(comparison, side);
}
