#include <stdlib.h>
#include <string.h>

#include "imgprof/arena.h"

#include "tree_priv.h"

/* Where each live group counts: at its file's place when that is still shown, else at the
 * first name that is. The caller frees. */
static uint32_t *find_places(const struct imp_tree *tree)
{
	uint32_t *places = imp_xmalloc(tree->record_count * sizeof(*places));

	memset(places, 0xff, tree->record_count * sizeof(*places));
	for (uint32_t i = 0; i < tree->record_count; i++) {
		const struct imp_record *record = &tree->records[i];
		if (record->group == i && record->shown)
			places[i] = record->node;
	}
	for (uint32_t i = 0; i < tree->record_count; i++) {
		const struct imp_record *record = &tree->records[i];
		if (record->shown && record->group != IMP_NONE &&
		    places[record->group] == IMP_NONE)
			places[record->group] = record->node;
	}
	return places;
}

static void give_sums(struct imp_tree *tree, uint32_t node)
{
	if (tree->sums_of[node] == IMP_NONE)
		tree->sums_of[node] = (uint32_t)tree->sum_count++;
}

/* Nodes whose sums are not those of their only record. */
static void choose_nodes(struct imp_tree *tree, const uint32_t *places)
{
	tree->sums_of = imp_xmalloc(tree->node_count * sizeof(*tree->sums_of));
	memset(tree->sums_of, 0xff, tree->node_count * sizeof(*tree->sums_of));
	for (uint32_t i = 0; i < tree->node_count; i++) {
		uint32_t newest = tree->nodes[i].newest;
		bool several =
			newest != IMP_NONE && tree->records[newest].older != IMP_NONE;
		if (several || tree->nodes[i].first_child != IMP_NONE)
			give_sums(tree, i);
	}
	for (uint32_t i = 0; i < tree->record_count; i++)
		if (places[i] != IMP_NONE && places[i] != tree->records[i].node)
			give_sums(tree, places[i]);
}

static void count_files(struct imp_tree *tree, const uint32_t *places)
{
	for (uint32_t i = 0; i < tree->record_count; i++) {
		const struct imp_record *record = &tree->records[i];
		if (record->type != IMP_ENTRY_FILE)
			continue;
		struct imp_sum own = imp_sum_of(record);
		uint32_t at = tree->sums_of[record->node];
		imp_sum_add(&tree->layers[record->layer].sums.fates[record->fate], &own);
		if (at != IMP_NONE)
			imp_sum_add(&tree->sums[at].all, &own);
		uint32_t live =
			places[i] == IMP_NONE ? IMP_NONE : tree->sums_of[places[i]];
		if (live != IMP_NONE)
			imp_sum_add(&tree->sums[live].live, &own);
	}
}

void imp_tree_add_up(struct imp_tree *tree)
{
	imp_auto_free uint32_t *places = find_places(tree);

	choose_nodes(tree, places);
	tree->sums = imp_xcalloc(tree->sum_count, sizeof(*tree->sums));
	count_files(tree, places);
	/* A parent is always older than its children. */
	for (uint32_t i = (uint32_t)tree->node_count - 1; i > 0; i--) {
		struct imp_node_sums *above =
			&tree->sums[tree->sums_of[tree->nodes[i].parent]];
		struct imp_sum live = imp_tree_live(tree, i);
		struct imp_sum all = imp_tree_all(tree, i);
		imp_sum_add(&above->live, &live);
		imp_sum_add(&above->all, &all);
	}
}

/* Of a node without sums of its own. */
static struct imp_sum only_file(const struct imp_tree *tree, uint32_t node, bool live)
{
	uint32_t record = tree->nodes[node].newest;

	if (record == IMP_NONE || tree->records[record].type != IMP_ENTRY_FILE ||
	    (live && !tree->records[record].shown))
		return (struct imp_sum){0};
	return imp_sum_of(&tree->records[record]);
}

struct imp_sum imp_tree_live(const struct imp_tree *tree, uint32_t node)
{
	uint32_t at = tree->sums_of[node];

	return at == IMP_NONE ? only_file(tree, node, true) : tree->sums[at].live;
}

struct imp_sum imp_tree_all(const struct imp_tree *tree, uint32_t node)
{
	uint32_t at = tree->sums_of[node];

	return at == IMP_NONE ? only_file(tree, node, false) : tree->sums[at].all;
}
