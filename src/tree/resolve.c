#include "tree_priv.h"

enum {
	MAX_HOPS = 40,       /* symlinks on one way, as the kernel's */
	MAX_REST = 64 << 10, /* bytes still to be walked, links' targets put in */
};

static bool is_live(const struct imp_tree *tree, uint32_t node)
{
	return node != IMP_NONE && tree->nodes[node].live;
}

/* The target when NODE shows a symlink, else empty. */
static struct imp_slice target_of(const struct imp_tree *tree, uint32_t node)
{
	uint32_t shown = tree->nodes[node].shown;

	if (shown == IMP_NONE || tree->records[shown].type != IMP_ENTRY_SYMLINK)
		return (struct imp_slice){0};
	return imp_tree_text(tree, tree->records[shown].link);
}

/* One component further, ".." not above the root; IMP_NONE where nothing is. */
static uint32_t step(const struct imp_tree *tree, uint32_t at, struct imp_slice name)
{
	if (name.len == 0 || imp_slice_is(name, "."))
		return at;
	if (imp_slice_is(name, ".."))
		return at == 0 ? 0 : tree->nodes[at].parent;
	uint32_t child = imp_tree_find_child(tree, at, name);
	return is_live(tree, child) ? child : IMP_NONE;
}

uint32_t imp_tree_resolve(const struct imp_tree *tree, uint32_t from,
			  struct imp_slice path)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf held = {0};
	struct imp_slice rest = path;
	uint32_t at = rest.len > 0 && rest.data[0] == '/' ? 0 : from;

	for (int hops = 0; rest.len > 0;) {
		uint32_t next = step(tree, at, imp_slice_cut(&rest, '/'));
		if (next == IMP_NONE)
			return IMP_NONE;
		struct imp_slice target = target_of(tree, next);
		if (target.len == 0) {
			at = next;
			continue;
		}
		if (++hops > MAX_HOPS || target.len + rest.len > MAX_REST)
			return IMP_NONE;
		struct imp_strbuf joined = {0};
		imp_strbuf_add_slice(&joined, target);
		imp_strbuf_add_char(&joined, '/');
		imp_strbuf_add_slice(&joined, rest);
		imp_strbuf_finish(&held);
		held = joined;
		if (target.data[0] == '/')
			at = 0;
		rest = imp_strbuf_slice(&held);
	}
	return is_live(tree, at) || at == 0 ? at : IMP_NONE;
}

uint32_t imp_tree_record_of(const struct imp_tree *tree, size_t layer, uint64_t entry)
{
	return tree->layers[layer].first_record + (uint32_t)entry;
}

uint32_t imp_tree_file_at(const struct imp_tree *tree, uint32_t node)
{
	uint32_t shown = tree->nodes[node].shown;

	return tree->nodes[node].live && shown != IMP_NONE ? tree->records[shown].group
							   : IMP_NONE;
}
