/* The changed paths as a tree; in each folder one nameless leaf for all that did not change. */
#include "compare_priv.h"

#include <stdlib.h>

/* What lies below a place, its own entries aside. */
struct below {
	struct imp_tally sum, unchanged;
	uint64_t files, unchanged_files; /* that the image after shows */
	uint32_t rows;                   /* that changed: paths and folders of such */
	bool had, has;                   /* anything in the image before, after */
};

struct walk {
	const struct imp_comparison *comparison;
	struct below *below; /* of each place */
	struct imp_diff_node *nodes;
	size_t count;
};

static bool is_there(const struct imp_comparison *c, uint32_t place, int side)
{
	uint32_t node = c->places[place].node[side];
	const struct imp_bytes *own = c->places[place].sum.bytes[IMP_PART_OWN];
	const struct imp_bytes *base = c->places[place].sum.bytes[IMP_PART_BASE];

	return (node != IMP_NONE && imp_tree_node(c->tree[side], node)->live) ||
	       own[side].disk + base[side].disk > 0;
}

/* Adds a place to its parent, when all below it is known. */
static void add_to_parent(struct walk *walk, uint32_t place)
{
	const struct imp_comparison *c = walk->comparison;
	const struct imp_place *p = &c->places[place];
	const struct below *here = &walk->below[place];
	struct below *parent = &walk->below[p->parent];
	bool file = imp_place_file(c, place, 1) != IMP_NONE;

	imp_tally_add_tally(&parent->sum, &p->sum);
	imp_tally_add_tally(&parent->sum, &here->sum);
	parent->files += here->files + file;
	parent->rows += p->changed || here->rows > 0;
	parent->had |= here->had || is_there(c, place, 0);
	parent->has |= here->has || is_there(c, place, 1);
	if (!p->changed) {
		imp_tally_add_tally(&parent->unchanged, &p->sum);
		parent->unchanged_files += file;
	}
	if (here->rows == 0) {
		imp_tally_add_tally(&parent->unchanged, &here->sum);
		parent->unchanged_files += here->files;
	}
}

static void add_row(struct walk *walk, struct imp_slice name, uint32_t depth,
		    const struct imp_tally *tally, enum imp_diff_state state)
{
	walk->nodes[walk->count++] = (struct imp_diff_node){
		.name = name,
		.depth = depth,
		.state = state,
		.origin = imp_tally_origin(walk->comparison, tally),
		.sum = imp_tally_sum(tally),
	};
}

static void add_unchanged(struct walk *walk, const struct below *below, uint32_t depth)
{
	struct imp_change_sum sum = imp_tally_sum(&below->unchanged);
	uint64_t files = below->unchanged_files;

	if (files == 0 && sum.disk.before == 0 && sum.pull.before == 0 &&
	    sum.pull.after == 0)
		return;
	add_row(walk, IMP_SLICE(""), depth, &below->unchanged, IMP_DIFF_SAME);
	walk->nodes[walk->count - 1].files = (uint32_t)files;
}

static enum imp_diff_state folder_state(const struct imp_tally *tally,
					const struct below *below, bool any)
{
	struct imp_change_sum sum = imp_tally_sum(tally);

	return any ? imp_state_of(below->had, below->has, &sum) : IMP_DIFF_SAME;
}

static void add_place(struct walk *walk, uint32_t place)
{
	const struct imp_comparison *c = walk->comparison;
	const struct imp_place *p = &c->places[place];
	const struct below *below = &walk->below[place];

	if (p->changed)
		add_row(walk, imp_place_name(c, place), p->depth, &p->sum,
			(enum imp_diff_state)p->state);
	if (below->rows == 0)
		return;
	add_row(walk, imp_place_name(c, place), p->depth, &below->sum,
		folder_state(&below->sum, below, true));
	walk->nodes[walk->count - 1].folder = true;
	add_unchanged(walk, below, p->depth + 1);
}

/* The root holds all there is, in no entry too. */
static void add_root(struct walk *walk)
{
	const struct imp_comparison *c = walk->comparison;
	struct below *below = &walk->below[0];
	struct imp_change_sum overhead = imp_tally_sum(&c->overhead);

	imp_tally_add_tally(&below->unchanged, &c->places[0].sum);
	add_row(walk, IMP_SLICE(""), 0, &c->total,
		folder_state(&c->total, below, below->rows > 0));
	walk->nodes[0].folder = true;
	add_unchanged(walk, below, 1);
	if (overhead.pull.before == 0 && overhead.pull.after == 0)
		return;
	add_row(walk, IMP_SLICE("[overhead]"), 1, &c->overhead,
		imp_sum_differs(&overhead) ? imp_state_of(true, true, &overhead)
					   : IMP_DIFF_SAME);
}

void imp_diff_make_nodes(const struct imp_comparison *comparison, struct imp_diff *out)
{
	size_t most = 3;
	struct walk walk = {
		.comparison = comparison,
		.below = imp_xcalloc(comparison->place_count, sizeof(*walk.below)),
	};

	for (uint32_t p = (uint32_t)comparison->place_count; p-- > 1;) {
		add_to_parent(&walk, p);
		most += comparison->places[p].changed;
		most += walk.below[p].rows > 0 ? 2 : 0;
	}
	walk.nodes = imp_arena_array(comparison->arena, most, sizeof(*walk.nodes));
	add_root(&walk);
	for (uint32_t p = 1; p < comparison->place_count; p++)
		add_place(&walk, p);
	free(walk.below);
	out->nodes = walk.nodes;
	out->node_count = walk.count;
}
