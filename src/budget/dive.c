/*
 * dive looks at the leaves of every layer's own tree. A whiteout is a leaf at the path that it
 * hides, as large as the folder there was in the layers below by dive's way of stacking them:
 * opaque folders and changes of type remove nothing, and a folder that a layer only implies
 * forgets what it was.
 */
#include "dive.h"

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"

struct place {
	uint64_t size, stacked_size; /* in the layer at hand; in those below */
	uint64_t minimum, cumulative;
	uint32_t seen; /* how many leaves */
	uint32_t touched, parent_of,
		whiteouts; /* the last layer, from 1, that it was so */
	bool folder, stacked, stacked_folder;
};

struct walk {
	const struct imp_tree *tree;
	struct place *places;          /* by node */
	uint32_t *touched, *whiteouts; /* nodes of the layer at hand */
	size_t touched_count, whiteout_count;
	uint32_t layer; /* from 1 */
	struct imp_dive_figures *out;
};

static void touch(struct walk *walk, uint32_t node)
{
	struct place *place = &walk->places[node];

	if (place->touched == walk->layer)
		return;
	place->touched = walk->layer;
	place->size = 0;
	place->folder = false;
	walk->touched[walk->touched_count++] = node;
}

/* Folders above NODE are there, if only implied. */
static void touch_parents(struct walk *walk, uint32_t node)
{
	uint32_t parent = imp_tree_node(walk->tree, node)->parent;

	while (parent != IMP_NONE && walk->places[parent].parent_of != walk->layer) {
		touch(walk, parent);
		walk->places[parent].parent_of = walk->layer;
		parent = imp_tree_node(walk->tree, parent)->parent;
	}
}

static void add_record(struct walk *walk, const struct imp_record *record)
{
	struct place *place = &walk->places[record->node];

	touch_parents(walk, record->node);
	if (walk->layer > 1)
		walk->out->user_bytes += record->disk_bytes;
	if (record->type == IMP_ENTRY_WHITEOUT) {
		if (place->whiteouts != walk->layer)
			walk->whiteouts[walk->whiteout_count++] = record->node;
		place->whiteouts = walk->layer;
		return;
	}
	touch(walk, record->node);
	if (record->type == IMP_ENTRY_OPAQUE)
		return;
	place->size = record->disk_bytes;
	place->folder = record->type == IMP_ENTRY_DIRECTORY;
}

static void count_leaf(struct place *place, uint64_t size)
{
	place->cumulative += size;
	if (place->seen == 0 || size < place->minimum)
		place->minimum = size;
	place->seen++;
}

/* A folder's size as it was stacked; a file that is hidden counts nothing. */
static uint64_t hidden_size(const struct walk *walk, uint32_t node)
{
	const struct place *top = &walk->places[node];
	uint64_t size = 0;

	if (!top->stacked || !top->stacked_folder)
		return 0;
	for (uint32_t n = node; n != IMP_NONE;
	     n = imp_tree_next_below(walk->tree, n, walk->places[n].stacked, node))
		if (walk->places[n].stacked)
			size += walk->places[n].stacked_size;
	return size;
}

static void remove_stacked(struct walk *walk, uint32_t node)
{
	for (uint32_t n = node; n != IMP_NONE;) {
		bool descend = walk->places[n].stacked;
		walk->places[n].stacked = false;
		n = imp_tree_next_below(walk->tree, n, descend, node);
	}
}

static void count_leaves(struct walk *walk)
{
	for (size_t i = 0; i < walk->touched_count; i++) {
		struct place *place = &walk->places[walk->touched[i]];
		if (walk->touched[i] != 0 && place->parent_of != walk->layer)
			count_leaf(place, place->size);
	}
	for (size_t i = 0; i < walk->whiteout_count; i++)
		count_leaf(&walk->places[walk->whiteouts[i]],
			   hidden_size(walk, walk->whiteouts[i]));
}

static void stack(struct walk *walk)
{
	for (size_t i = 0; i < walk->whiteout_count; i++)
		remove_stacked(walk, walk->whiteouts[i]);
	for (size_t i = 0; i < walk->touched_count; i++) {
		struct place *place = &walk->places[walk->touched[i]];
		place->stacked = true;
		place->stacked_size = place->size;
		place->stacked_folder = place->folder;
	}
	walk->touched_count = walk->whiteout_count = 0;
}

static void end_layer(struct walk *walk)
{
	count_leaves(walk);
	stack(walk);
}

static void add_up(const struct walk *walk, uint32_t nodes)
{
	for (uint32_t n = 0; n < nodes; n++) {
		const struct place *place = &walk->places[n];
		walk->out->minimum_bytes += place->minimum;
		walk->out->cumulative_bytes += place->cumulative;
		if (place->seen > 1)
			walk->out->wasted_bytes += place->cumulative;
	}
}

void imp_dive_measure(const struct imp_tree *tree, struct imp_dive_figures *out)
{
	uint32_t nodes = imp_tree_node_count(tree);
	imp_auto_free struct place *places = imp_xcalloc(nodes, sizeof(*places));
	imp_auto_free uint32_t *touched = imp_xcalloc(nodes, sizeof(*touched));
	imp_auto_free uint32_t *whiteouts = imp_xcalloc(nodes, sizeof(*whiteouts));
	struct walk walk = {.tree = tree,
			    .places = places,
			    .touched = touched,
			    .whiteouts = whiteouts,
			    .layer = 1,
			    .out = out};

	*out = (struct imp_dive_figures){0};
	for (uint32_t r = 0; r < imp_tree_record_count(tree); r++) {
		const struct imp_record *record = imp_tree_record(tree, r);
		while (walk.layer < record->layer + 1U) {
			end_layer(&walk);
			walk.layer++;
		}
		add_record(&walk, record);
	}
	end_layer(&walk);
	add_up(&walk, nodes);
}
