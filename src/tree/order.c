#include <stdlib.h>

#include "imgprof/arena.h"

#include "tree_priv.h"

/* first_child counts the children until they are linked. */
static void count_children(struct imp_tree *tree)
{
	for (size_t i = 0; i < tree->node_count; i++) {
		tree->nodes[i].first_child = 0;
		tree->nodes[i].next_sibling = IMP_NONE;
	}
	for (size_t i = 1; i < tree->node_count; i++)
		tree->nodes[tree->nodes[i].parent].first_child++;
}

/* The children of a node side by side: `order` holds all nodes but the root, by parent.
 * first_child becomes the end of a node's part. */
static void group_by_parent(struct imp_tree *tree, uint32_t *order)
{
	uint32_t start = 0;

	for (size_t i = 0; i < tree->node_count; i++) {
		uint32_t count = tree->nodes[i].first_child;
		tree->nodes[i].first_child = start;
		start += count;
	}
	for (uint32_t i = 1; i < tree->node_count; i++)
		order[tree->nodes[tree->nodes[i].parent].first_child++] = i;
}

static int compare_names(const void *a, const void *b, void *context)
{
	const struct imp_tree *tree = context;

	return imp_slice_compare(imp_tree_name(tree, *(const uint32_t *)a),
				 imp_tree_name(tree, *(const uint32_t *)b));
}

static bool sorted(const struct imp_tree *tree, const uint32_t *nodes, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (imp_slice_compare(imp_tree_name(tree, nodes[i - 1]),
				      imp_tree_name(tree, nodes[i])) > 0)
			return false;
	return true;
}

void imp_tree_order(struct imp_tree *tree)
{
	imp_auto_free uint32_t *order = imp_xmalloc(tree->node_count * sizeof(*order));
	uint32_t start = 0;

	count_children(tree);
	group_by_parent(tree, order);
	for (size_t i = 0; i < tree->node_count; i++) {
		struct imp_node *parent = &tree->nodes[i];
		uint32_t end = parent->first_child;
		parent->first_child = start == end ? IMP_NONE : order[start];
		if (start == end)
			continue;
		/* Tar writers usually sort already. */
		if (!sorted(tree, order + start, end - start)) {
			qsort_r(order + start, end - start, sizeof(*order), compare_names,
				tree);
			parent->first_child = order[start];
		}
		for (uint32_t k = start; k + 1 < end; k++)
			tree->nodes[order[k]].next_sibling = order[k + 1];
		start = end;
	}
}
