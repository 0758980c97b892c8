#include <stdlib.h>
#include <xxhash.h>

#include "imgprof/arena.h"
#include "imgprof/map.h"

#include "tree_priv.h"

enum { FIRST_SLOTS = 1024 };

static uint64_t hash_child(uint32_t parent, struct imp_slice name)
{
	/* An odd constant spreads neighbouring parents over the seed's bits. */
	uint64_t seed = imp_hash_seed() + parent * UINT64_C(0x9e3779b97f4a7c15);

	return XXH3_64bits_withSeed(name.data, name.len, seed);
}

static bool is_child(const struct imp_tree *tree, uint32_t node, uint32_t parent,
		     struct imp_slice name)
{
	return tree->nodes[node].parent == parent &&
	       imp_slice_equal(imp_tree_name(tree, node), name);
}

static uint32_t mark_of(uint64_t hash)
{
	return (uint32_t)(hash >> 32);
}

/* The slot that holds the child, or the empty one where it belongs. HASH: of the child. */
static struct imp_child_slot *find_slot(const struct imp_tree *tree, uint32_t parent,
					struct imp_slice name, uint64_t hash)
{
	const struct imp_child_table *table = &tree->children;
	size_t mask = table->slot_count - 1;
	size_t at = (size_t)hash & mask;

	while (table->slots[at].node != IMP_NONE &&
	       (table->slots[at].mark != mark_of(hash) ||
		!is_child(tree, table->slots[at].node, parent, name)))
		at = (at + 1) & mask;
	return &table->slots[at];
}

static void fill_slot(const struct imp_tree *tree, uint32_t node)
{
	uint32_t parent = tree->nodes[node].parent;
	struct imp_slice name = imp_tree_name(tree, node);
	uint64_t hash = hash_child(parent, name);

	*find_slot(tree, parent, name, hash) =
		(struct imp_child_slot){node, mark_of(hash)};
}

static void set_slot_count(struct imp_tree *tree, size_t slot_count)
{
	struct imp_child_table *table = &tree->children;

	free(table->slots);
	table->slot_count = slot_count;
	table->slots = imp_xmalloc(slot_count * sizeof(*table->slots));
	memset(table->slots, 0xff, slot_count * sizeof(*table->slots));
	for (uint32_t n = 1; n < tree->node_count; n++)
		fill_slot(tree, n);
}

static uint32_t add_node(struct imp_tree *tree, const struct imp_node *node)
{
	tree->nodes = imp_xgrow(tree->nodes, &tree->node_capacity, tree->node_count + 1,
				sizeof(*tree->nodes));
	tree->nodes[tree->node_count] = *node;
	return (uint32_t)tree->node_count++;
}

void imp_tree_start(struct imp_tree *tree, uint64_t entries)
{
	size_t slot_count = FIRST_SLOTS;

	tree->node_capacity = (size_t)entries + 1;
	tree->nodes = imp_xmalloc(tree->node_capacity * sizeof(*tree->nodes));
	add_node(tree, &(struct imp_node){
			       .parent = IMP_NONE,
			       .first_child = IMP_NONE,
			       .next_sibling = IMP_NONE,
			       .newest = IMP_NONE,
			       .shown = IMP_NONE,
			       .live = true,
			       .directory = true,
		       });
	while (slot_count / 4 * 3 <= entries)
		slot_count *= 2;
	set_slot_count(tree, slot_count);
}

uint32_t imp_tree_find_child(const struct imp_tree *tree, uint32_t parent,
			     struct imp_slice name)
{
	return find_slot(tree, parent, name, hash_child(parent, name))->node;
}

int imp_tree_make_child(struct imp_tree *tree, uint32_t parent, struct imp_slice name,
			uint32_t max_nodes, uint32_t *out, bool *made,
			struct imp_error *err)
{
	uint32_t text;

	if (tree->node_count >= tree->children.slot_count / 4 * 3)
		set_slot_count(tree, tree->children.slot_count * 2);
	uint64_t hash = hash_child(parent, name);
	struct imp_child_slot *slot = find_slot(tree, parent, name, hash);
	if (slot->node != IMP_NONE) {
		*made = false;
		*out = slot->node;
		return 0;
	}
	if (tree->node_count >= max_nodes)
		return imp_fail(err, IMP_E_LIMIT,
				"image tree: more than %u paths (limit nodes)",
				max_nodes);
	if (name.len > UINT16_MAX)
		return imp_fail(err, IMP_E_LIMIT,
				"image tree: a name of %zu bytes (limit component-bytes)",
				name.len);
	int rc = imp_names_intern(&tree->names, name, &text, err);
	if (rc < 0)
		return rc;
	slot->mark = mark_of(hash);
	slot->node = add_node(tree, &(struct imp_node){
					    .parent = parent,
					    .first_child = IMP_NONE,
					    .next_sibling = IMP_NONE,
					    .newest = IMP_NONE,
					    .shown = IMP_NONE,
					    .name = text,
					    .name_len = (uint16_t)name.len,
				    });
	*made = true;
	*out = slot->node;
	return 0;
}
