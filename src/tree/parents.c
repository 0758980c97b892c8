#include "stacking_priv.h"

/* Symlinks may be walked through for this many components per entry, and as many as
 * limits->implied_directories besides: long chains of links in a small tar must not cost
 * more than the tar does. */
enum { LINK_STEPS_PER_ENTRY = 64 };

struct walk {
	struct imp_slice rest;
	uint32_t at; /* directory reached */
	uint32_t hops;
	uint64_t link_bytes; /* of the symlinks followed */
};

/* The symlink that NODE shows, itself or by a hard link to it, or IMP_NONE. */
static uint32_t symlink_shown(const struct imp_stacking *stacking, uint32_t node)
{
	uint32_t record = stacking->tree->nodes[node].shown;

	if (record == IMP_NONE)
		return IMP_NONE;
	switch ((enum imp_entry_type)stacking->tree->records[record].type) {
	case IMP_ENTRY_SYMLINK:
		return record;
	case IMP_ENTRY_HARDLINK:
		return stacking->copies[record].symlink;
	case IMP_ENTRY_FILE:
	case IMP_ENTRY_DIRECTORY:
	case IMP_ENTRY_CHAR:
	case IMP_ENTRY_BLOCK:
	case IMP_ENTRY_FIFO:
	case IMP_ENTRY_WHITEOUT:
	case IMP_ENTRY_OPAQUE:
	case IMP_ENTRY_TYPES:
		break;
	}
	return IMP_NONE;
}

/* Puts the target of SYMLINK in front of what is left; false beyond the limits. */
static bool follow(struct imp_stacking *stacking, struct walk *walk, uint32_t symlink)
{
	struct imp_slice link =
		imp_tree_text(stacking->tree, stacking->tree->records[symlink].link);
	uint64_t link_bytes = walk->link_bytes + link.len;

	if (walk->hops == stacking->limits->symlink_hops ||
	    link_bytes > stacking->limits->path_bytes)
		return false;
	/* The rest lies in the other buffer, or in the path that was given. */
	struct imp_strbuf *pending = &stacking->pending[walk->hops & 1];
	imp_strbuf_reset(pending);
	imp_strbuf_add_slice(pending, link);
	imp_strbuf_add_char(pending, '/');
	imp_strbuf_add_slice(pending, walk->rest);
	walk->rest = imp_strbuf_slice(pending);
	walk->hops++;
	walk->link_bytes = link_bytes;
	if (imp_slice_starts(link, IMP_SLICE("/")))
		walk->at = 0;
	return true;
}

/* The next component that is a name; false at the end. */
static bool next_name(struct imp_stacking *stacking, struct walk *walk,
		      struct imp_slice *name)
{
	while (walk->rest.len > 0) {
		*name = imp_slice_cut(&walk->rest, '/');
		if (walk->hops > 0)
			stacking->link_steps++;
		if (name->len == 0 || imp_slice_is(*name, "."))
			continue;
		if (!imp_slice_is(*name, ".."))
			return true;
		if (walk->at != 0)
			walk->at = stacking->tree->nodes[walk->at].parent;
	}
	return false;
}

static int check_steps(const struct imp_stacking *stacking, struct imp_error *err)
{
	uint64_t entries = stacking->tree->layers[stacking->layer].record_count;
	uint64_t limit =
		stacking->limits->implied_directories + LINK_STEPS_PER_ENTRY * entries;

	if (stacking->link_steps <= limit)
		return 0;
	return imp_fail(err, IMP_E_LIMIT,
			"symlinked parents: more than %llu components walked (limit "
			"symlink-hops)",
			(unsigned long long)limit);
}

static void warn_of_replaced(struct imp_stacking *stacking, uint32_t node,
			     struct imp_slice path)
{
	if (symlink_shown(stacking, node) == IMP_NONE)
		imp_stacking_warn(stacking, "parent-not-directory", path,
				  "a parent is no directory; it is replaced by one");
	else if (stacking->tree->nodes[node].layer == stacking->layer)
		imp_stacking_warn(
			stacking, "symlink-loop", path,
			"a parent is a symlink that leads back to itself or too "
			"far; it is replaced by a directory");
	else
		imp_stacking_warn(
			stacking, "symlinked-parent-lower-layer", path,
			"a parent is a symlink of a lower layer; overlay engines "
			"replace it by a directory, others write through it");
}

/* NODE becomes a directory that no entry of this layer names. */
static void imply(struct imp_stacking *stacking, uint32_t node, struct imp_slice path)
{
	struct imp_node *nodes = stacking->tree->nodes;

	if (nodes[node].live) {
		warn_of_replaced(stacking, node, path);
		imp_stacking_drop(stacking, node,
				  &(struct imp_cause){IMP_FATE_REPLACED, IMP_NONE});
	}
	imp_stacking_show(stacking, node, IMP_NONE, true);
	for (uint32_t above = nodes[node].parent; above != IMP_NONE;
	     above = nodes[above].parent) {
		if (stacking->places[above].implied_below == stacking->layer)
			break;
		stacking->places[above].implied_below = stacking->layer;
	}
}

static int walk_making(struct imp_stacking *stacking, struct imp_slice path,
		       struct walk *walk, struct imp_error *err)
{
	struct imp_slice name;

	while (next_name(stacking, walk, &name)) {
		uint32_t node;
		int rc = imp_stacking_child(stacking, walk->at, name, &node, err);
		if (rc < 0)
			return rc;
		uint32_t symlink = symlink_shown(stacking, node);
		bool own = stacking->tree->nodes[node].layer == stacking->layer;
		if (symlink != IMP_NONE && own && follow(stacking, walk, symlink))
			continue;
		if (!stacking->tree->nodes[node].directory)
			imply(stacking, node, path);
		walk->at = node;
	}
	return check_steps(stacking, err);
}

/* The length of the components that A and B begin with alike. */
static size_t common_components(struct imp_slice a, struct imp_slice b)
{
	size_t len = 0, end = 0;

	while (len < a.len && len < b.len && a.data[len] == b.data[len])
		if (a.data[len++] == '/')
			end = len - 1;
	bool whole = (len == a.len || a.data[len] == '/') &&
		     (len == b.len || b.data[len] == '/');
	return whole ? len : end;
}

/* A walk along PARENT, begun where it parts from the way to the last entry's parent: what is
 * above that is a directory as long as that is. */
static struct walk begin_near(const struct imp_stacking *stacking,
			      struct imp_slice parent)
{
	struct imp_slice last = imp_strbuf_slice(&stacking->last_parent_path);
	struct walk walk = {.rest = parent, .at = stacking->last_parent};

	if (!stacking->tree->nodes[walk.at].directory)
		return (struct walk){.rest = parent};
	if (imp_slice_equal(parent, last))
		return (struct walk){.at = walk.at};
	size_t common = common_components(parent, last);
	for (size_t i = common; i < last.len; i++)
		if (last.data[i] == '/' || i == 0)
			walk.at = stacking->tree->nodes[walk.at].parent;
	walk.rest = imp_slice_skip(parent, common + (common > 0));
	return walk;
}

int imp_stacking_make_parent(struct imp_stacking *stacking, struct imp_slice path,
			     uint32_t *out, bool *elsewhere, struct imp_error *err)
{
	struct imp_slice parent = imp_path_parent(path);
	struct walk walk = begin_near(stacking, parent);

	*elsewhere = false;
	if (walk.rest.len == 0) {
		*out = walk.at;
		return 0;
	}
	int rc = walk_making(stacking, path, &walk, err);
	if (rc < 0)
		return rc;
	/* Kept only where spelling and place are the same. */
	if (walk.hops == 0) {
		imp_strbuf_reset(&stacking->last_parent_path);
		imp_strbuf_add_slice(&stacking->last_parent_path, parent);
		stacking->last_parent = walk.at;
	}
	*out = walk.at;
	*elsewhere = walk.hops > 0;
	return 0;
}

int imp_stacking_find_parent(struct imp_stacking *stacking, struct imp_slice path,
			     uint32_t *out, struct imp_error *err)
{
	struct walk walk = {.rest = imp_path_parent(path)};
	struct imp_slice name;

	while (next_name(stacking, &walk, &name)) {
		uint32_t node = imp_tree_find_child(stacking->tree, walk.at, name);
		if (node == IMP_NONE || !stacking->tree->nodes[node].live) {
			walk.at = IMP_NONE;
			break;
		}
		uint32_t symlink = symlink_shown(stacking, node);
		if (symlink != IMP_NONE && follow(stacking, &walk, symlink))
			continue;
		if (!stacking->tree->nodes[node].directory) {
			walk.at = IMP_NONE;
			break;
		}
		walk.at = node;
	}
	int rc = check_steps(stacking, err);
	if (rc == 0)
		*out = walk.at;
	return rc;
}
