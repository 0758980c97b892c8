/*
 * The tree as it lies in memory. Stacking (stacking_priv.h) fills it, then order.c and
 * sums.c finish it; after that it does not change.
 */
#pragma once

#include "imgprof/tree.h"

#include "names_priv.h"

struct imp_tree_layer {
	struct imp_layer_sums sums;
	uint32_t first_record, record_count;
	uint64_t stored_bytes; /* of data in the tar, over all entries */
};

/* What is at and below a node. */
struct imp_node_sums {
	struct imp_sum live, all;
};

/* The child of a node by name: open addressing, keyed by parent and name. A slot remembers a
 * part of the hash, so that a search seldom looks at a node that is not meant. */
struct imp_child_slot {
	uint32_t node; /* or IMP_NONE */
	uint32_t mark;
};
struct imp_child_table {
	struct imp_child_slot *slots;
	size_t slot_count;
};

struct imp_tree {
	struct imp_node *nodes;
	size_t node_count, node_capacity;
	struct imp_record *records;
	size_t record_count, record_capacity;
	struct imp_content_hash *hashes; /* of each record */
	int64_t *mtimes_s;               /* of each record */
	/* Of each record: text in `attributes`, a struct imp_attributes. Most entries of an image
	 * share theirs, so they are kept once */
	uint32_t *attributes_of;
	size_t hash_capacity, mtime_capacity, attributes_capacity;
	struct imp_names attributes;
	struct imp_names names;
	struct imp_child_table children;
	struct imp_tree_layer *layers;
	size_t layer_count;
	/* A node with one record and no children needs no sums of its own: most files. The
	 * others have a place in `sums`. */
	uint32_t *sums_of; /* of each node: IMP_NONE, or its place */
	struct imp_node_sums *sums;
	size_t sum_count;
};

/* child_table.c. Makes the root, and room for about as many nodes as there are entries. */
void imp_tree_start(struct imp_tree *tree, uint64_t entries);
uint32_t imp_tree_find_child(const struct imp_tree *tree, uint32_t parent,
			     struct imp_slice name);
/* The same; a missing one is made: dead, without record. *MADE says so. Refuses more than
 * MAX_NODES. */
int imp_tree_make_child(struct imp_tree *tree, uint32_t parent, struct imp_slice name,
			uint32_t max_nodes, uint32_t *out, bool *made,
			struct imp_error *err);

/* order.c: links the children of every node by name. */
void imp_tree_order(struct imp_tree *tree);

/* sums.c: layer sums and node sums, once children are linked and fates are final. */
void imp_tree_add_up(struct imp_tree *tree);

static inline void imp_sum_add(struct imp_sum *to, const struct imp_sum *from)
{
	to->files += from->files;
	to->disk_bytes += from->disk_bytes;
	to->pull_bytes += from->pull_bytes;
}

static inline struct imp_sum imp_sum_of(const struct imp_record *file)
{
	return (struct imp_sum){1, file->disk_bytes, file->pull_bytes};
}
