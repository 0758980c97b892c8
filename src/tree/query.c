#include <assert.h>

#include "tree_priv.h"

const char *imp_fate_name(enum imp_fate fate)
{
	static const char *const names[] = {
		[IMP_FATE_LIVE] = "live",
		[IMP_FATE_OVERWRITTEN] = "overwritten",
		[IMP_FATE_RESHIPPED] = "reshipped",
		[IMP_FATE_DELETED] = "deleted",
		[IMP_FATE_REPLACED] = "replaced",
		[IMP_FATE_DUPLICATE] = "duplicate",
		[IMP_FATE_LEFTOVER] = "leftover",
	};
	return names[fate];
}

size_t imp_tree_layer_count(const struct imp_tree *tree)
{
	return tree->layer_count;
}

const struct imp_layer_sums *imp_tree_layer(const struct imp_tree *tree, size_t layer)
{
	return &tree->layers[layer].sums;
}

uint32_t imp_tree_node_count(const struct imp_tree *tree)
{
	return (uint32_t)tree->node_count;
}

const struct imp_node *imp_tree_node(const struct imp_tree *tree, uint32_t node)
{
	return &tree->nodes[node];
}

uint32_t imp_tree_record_count(const struct imp_tree *tree)
{
	return (uint32_t)tree->record_count;
}

const struct imp_record *imp_tree_record(const struct imp_tree *tree, uint32_t record)
{
	return &tree->records[record];
}

struct imp_slice imp_tree_name(const struct imp_tree *tree, uint32_t node)
{
	const struct imp_node *n = &tree->nodes[node];

	if (n->name_len == 0)
		return IMP_SLICE("");
	return imp_slice(tree->names.bytes + n->name, n->name_len);
}

struct imp_slice imp_tree_text(const struct imp_tree *tree, uint32_t text)
{
	return imp_names_get(&tree->names, text);
}

int64_t imp_tree_mtime_s(const struct imp_tree *tree, uint32_t record)
{
	return tree->mtimes_s[record];
}

struct imp_attributes imp_tree_attributes(const struct imp_tree *tree, uint32_t record)
{
	struct imp_attributes attributes;
	struct imp_slice bytes =
		imp_names_get(&tree->attributes, tree->attributes_of[record]);

	assert(bytes.len == sizeof(attributes));
	memcpy(&attributes, bytes.data, sizeof(attributes));
	return attributes;
}

struct imp_content_hash imp_tree_hash(const struct imp_tree *tree, uint32_t record)
{
	return tree->hashes[record];
}

void imp_tree_path(const struct imp_tree *tree, uint32_t node, struct imp_strbuf *out)
{
	size_t len = 0;

	for (uint32_t n = node; n != 0; n = tree->nodes[n].parent)
		len += (size_t)tree->nodes[n].name_len + 1;
	if (len == 0)
		return;
	len--; /* no '/' in front of the first name */
	char *end = imp_strbuf_reserve(out, len) + len;
	for (uint32_t n = node; n != 0; n = tree->nodes[n].parent) {
		struct imp_slice name = imp_tree_name(tree, n);
		end -= name.len;
		memcpy(end, name.data, name.len);
		if (tree->nodes[n].parent != 0)
			*--end = '/';
	}
	out->len += len;
}

uint32_t imp_tree_find(const struct imp_tree *tree, struct imp_slice path)
{
	uint32_t node = 0;

	while (path.len > 0 && node != IMP_NONE)
		node = imp_tree_find_child(tree, node, imp_slice_cut(&path, '/'));
	return node;
}

uint32_t imp_tree_next_below(const struct imp_tree *tree, uint32_t node, bool descend,
			     uint32_t top)
{
	if (descend && tree->nodes[node].first_child != IMP_NONE)
		return tree->nodes[node].first_child;
	while (node != top) {
		if (tree->nodes[node].next_sibling != IMP_NONE)
			return tree->nodes[node].next_sibling;
		node = tree->nodes[node].parent;
	}
	return IMP_NONE;
}

uint32_t imp_tree_next(const struct imp_tree *tree, uint32_t node, bool descend)
{
	return imp_tree_next_below(tree, node, descend, 0);
}
