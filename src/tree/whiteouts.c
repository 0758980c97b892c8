#include "imgprof/arena.h"

#include "stacking_priv.h"

static const struct imp_cause deleted = {IMP_FATE_DELETED, IMP_NONE};

/* A whiteout's path is taken as it is spelled: symlinks of this layer are not there yet. */
void imp_stacking_apply_whiteouts(struct imp_stacking *stacking,
				  struct imp_profile_cursor *cursor)
{
	struct imp_entry entry;

	while (imp_profile_cursor_next(cursor, &entry)) {
		if (!imp_entry_hides(&entry) || entry.inert)
			continue;
		uint32_t node = imp_tree_find(stacking->tree, entry.path);
		if (node == IMP_NONE || !stacking->tree->nodes[node].live)
			continue;
		if (entry.type == IMP_ENTRY_OPAQUE)
			imp_stacking_drop_children(stacking, node, &deleted);
		else if (node != 0)
			imp_stacking_drop(stacking, node, &deleted);
	}
}

static void push(struct imp_stacking *stacking, uint32_t record)
{
	stacking->whiteouts =
		imp_xgrow(stacking->whiteouts, &stacking->whiteout_capacity,
			  stacking->whiteout_count + 1, sizeof(*stacking->whiteouts));
	stacking->whiteouts[stacking->whiteout_count++] = record;
}

int imp_stacking_place_whiteout(struct imp_stacking *stacking, uint32_t record,
				const struct imp_entry *entry, struct imp_error *err)
{
	uint32_t node;
	int rc = imp_stacking_trace(stacking, entry->path, &node, err);

	if (rc < 0)
		return rc;
	imp_stacking_attach(stacking, record, node);
	if (entry->inert || node == 0)
		return 0;
	/* Whiteouts have acted: what is here now, this layer wrote. */
	if (stacking->tree->nodes[node].live)
		imp_stacking_warn(
			stacking, "whiteout-of-own-entry", entry->path,
			"the layer wrote this before its whiteout; some engines "
			"delete it, others refuse the layer");
	else if (imp_stacking_state_before(stacking, node) != IMP_STATE_ABSENT)
		push(stacking, record);
	else if (!stacking->gap)
		imp_stacking_warn(stacking, "whiteout-no-op", entry->path,
				  "the whiteout hides nothing");
	return 0;
}

void imp_stacking_review_whiteouts(struct imp_stacking *stacking)
{
	for (size_t i = 0; i < stacking->whiteout_count; i++) {
		uint32_t node = stacking->tree->records[stacking->whiteouts[i]].node;
		if (!stacking->tree->nodes[node].directory ||
		    imp_stacking_state_before(stacking, node) != IMP_STATE_DIRECTORY)
			continue;
		imp_stacking_warn_node(
			stacking, "whiteout-of-own-entry", node,
			"the layer hides this directory and makes it anew; overlay "
			"engines show what was in it");
	}
	stacking->whiteout_count = 0;
}

/* An opaque directory is there even if nothing names it; but where something else stands in
 * its way, the marker does nothing. */
static void make_directory(struct imp_stacking *stacking, uint32_t node)
{
	const struct imp_node *nodes = stacking->tree->nodes;
	uint32_t above = node;

	while (!nodes[above].live)
		above = nodes[above].parent;
	if (!nodes[above].directory)
		return;
	for (; !nodes[node].live; node = nodes[node].parent)
		imp_stacking_show(stacking, node, IMP_NONE, true);
}

int imp_stacking_place_opaque(struct imp_stacking *stacking, uint32_t record,
			      const struct imp_entry *entry, struct imp_error *err)
{
	uint32_t node;
	int rc = imp_stacking_trace(stacking, entry->path, &node, err);

	if (rc < 0)
		return rc;
	imp_stacking_attach(stacking, record, node);
	if (entry->inert)
		return 0;
	if (stacking->places[node].implied_below == stacking->layer)
		imp_stacking_warn(
			stacking, "opaque-implicit", entry->path,
			"the layer wrote below this opaque directory without "
			"entries for the directories; some engines delete that");
	make_directory(stacking, node);
	return 0;
}
