#include "stacking_priv.h"

enum verdict { NOTHING, ADDED, MODIFIED, REMOVED };

static enum verdict judge(enum imp_state before, enum imp_state now)
{
	if (now == IMP_STATE_OTHER)
		return before == IMP_STATE_ABSENT ? ADDED : MODIFIED;
	return before == IMP_STATE_OTHER ? REMOVED : NOTHING;
}

static void count(struct imp_layer_sums *sums, enum verdict verdict, uint64_t by)
{
	switch (verdict) {
	case ADDED:
		sums->added += by;
		break;
	case MODIFIED:
		sums->modified += by;
		break;
	case REMOVED:
		sums->removed += by;
		break;
	case NOTHING:
		break;
	}
}

static enum imp_state state_of(const struct imp_stacking *stacking, uint32_t node)
{
	const struct imp_node *n = &stacking->tree->nodes[node];

	if (!n->live)
		return IMP_STATE_ABSENT;
	return n->directory ? IMP_STATE_DIRECTORY : IMP_STATE_OTHER;
}

enum imp_state imp_stacking_state_before(const struct imp_stacking *stacking,
					 uint32_t node)
{
	const struct imp_place *place = &stacking->places[node];

	if (place->touched == stacking->layer)
		return (enum imp_state)place->before;
	return state_of(stacking, node);
}

/* Keeps added, modified and removed true: they compare a path's state before the layer
 * with the one it has now. */
static void change_state(struct imp_stacking *stacking, uint32_t node, enum imp_state now)
{
	struct imp_layer_sums *sums = &stacking->tree->layers[stacking->layer].sums;
	struct imp_place *place = &stacking->places[node];
	enum imp_state current = state_of(stacking, node);

	if (place->touched == stacking->layer) {
		count(sums, judge((enum imp_state)place->before, current), (uint64_t)-1);
	} else {
		place->touched = stacking->layer;
		place->before = (uint8_t)current;
	}
	count(sums, judge((enum imp_state)place->before, now), 1);
}

static void link_live(struct imp_stacking *stacking, uint32_t node)
{
	struct imp_node *nodes = stacking->tree->nodes;
	struct imp_node *parent = &nodes[nodes[node].parent];

	nodes[node].next_sibling = parent->first_child;
	stacking->places[node].previous_live = IMP_NONE;
	if (parent->first_child != IMP_NONE)
		stacking->places[parent->first_child].previous_live = node;
	parent->first_child = node;
}

static void unlink_live(struct imp_stacking *stacking, uint32_t node)
{
	struct imp_node *nodes = stacking->tree->nodes;
	uint32_t previous = stacking->places[node].previous_live;
	uint32_t next = nodes[node].next_sibling;

	if (previous == IMP_NONE)
		nodes[nodes[node].parent].first_child = next;
	else
		nodes[previous].next_sibling = next;
	if (next != IMP_NONE)
		stacking->places[next].previous_live = previous;
	nodes[node].next_sibling = IMP_NONE;
}

void imp_stacking_show(struct imp_stacking *stacking, uint32_t node, uint32_t record,
		       bool directory)
{
	struct imp_node *n = &stacking->tree->nodes[node];

	change_state(stacking, node, directory ? IMP_STATE_DIRECTORY : IMP_STATE_OTHER);
	if (!n->live)
		link_live(stacking, node);
	n->live = true;
	n->directory = directory;
	n->shown = record;
	n->layer = stacking->layer;
}

/* NODE has no live children any more. */
static void hide(struct imp_stacking *stacking, uint32_t node,
		 const struct imp_cause *cause)
{
	struct imp_node *n = &stacking->tree->nodes[node];
	uint32_t group = imp_stacking_group_shown(stacking, node);

	if (group != IMP_NONE)
		imp_stacking_release(stacking, group, cause);
	change_state(stacking, node, IMP_STATE_ABSENT);
	unlink_live(stacking, node);
	n->live = false;
	n->directory = false;
	n->shown = IMP_NONE;
}

void imp_stacking_drop(struct imp_stacking *stacking, uint32_t node,
		       const struct imp_cause *cause)
{
	const struct imp_node *nodes = stacking->tree->nodes;
	uint32_t at = node;

	for (;;) {
		if (nodes[at].first_child != IMP_NONE) {
			at = nodes[at].first_child;
			continue;
		}
		uint32_t parent = nodes[at].parent;
		hide(stacking, at, cause);
		if (at == node)
			return;
		at = parent;
	}
}

void imp_stacking_drop_children(struct imp_stacking *stacking, uint32_t node,
				const struct imp_cause *cause)
{
	const struct imp_node *nodes = stacking->tree->nodes;

	while (nodes[node].first_child != IMP_NONE)
		imp_stacking_drop(stacking, nodes[node].first_child, cause);
}

void imp_stacking_replace(struct imp_stacking *stacking, uint32_t node, uint32_t record)
{
	uint32_t group = stacking->tree->records[record].group;

	/* First the new name, so that a group does not die of its own link. */
	if (group != IMP_NONE)
		imp_stacking_hold(stacking, group);
	if (stacking->tree->nodes[node].live) {
		struct imp_cause cause = imp_stacking_cause(stacking, node, group);
		imp_stacking_drop(stacking, node, &cause);
	}
	imp_stacking_show(stacking, node, record, false);
}
