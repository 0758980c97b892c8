#include "imgprof/arena.h"
#include "imgprof/search.h"

#include "stacking_priv.h"

enum late_state { OPEN, WALKING, DONE };

/* What a hard link points at. */
struct target {
	uint32_t node;   /* IMP_NONE: a path that nothing named */
	uint32_t record; /* what it shows; IMP_NONE: nothing, or an implied directory */
	bool live;
};

/* A file kept by AUFS in .wh..wh.plnk/ is in no directory, but links reach it. */
static void find_leftover(const struct imp_stacking *stacking, struct imp_slice path,
			  struct target *out)
{
	uint32_t node =
		imp_path_is_hidden(path) ? imp_tree_find(stacking->tree, path) : IMP_NONE;

	if (node == IMP_NONE || stacking->tree->nodes[node].newest == IMP_NONE)
		return;
	uint32_t newest = stacking->tree->nodes[node].newest;
	const struct imp_record *record = &stacking->tree->records[newest];
	if (record->type == IMP_ENTRY_FILE && record->layer == stacking->layer)
		*out = (struct target){node, newest, true};
}

static int find_target(struct imp_stacking *stacking, uint32_t link, struct target *out,
		       struct imp_error *err)
{
	const struct imp_tree *tree = stacking->tree;
	uint32_t parent;

	imp_strbuf_reset(&stacking->target);
	imp_path_clean(imp_tree_text(tree, tree->records[link].link), &stacking->target);
	struct imp_slice path = imp_strbuf_slice(&stacking->target);
	*out = (struct target){.node = IMP_NONE, .record = IMP_NONE};
	int rc = imp_stacking_find_parent(stacking, path, &parent, err);
	if (rc < 0)
		return rc;
	if (parent != IMP_NONE)
		out->node = imp_tree_find_child(tree, parent, imp_slice_basename(path));
	if (out->node != IMP_NONE) {
		out->live = tree->nodes[out->node].live;
		out->record = tree->nodes[out->node].shown;
	}
	if (!out->live)
		find_leftover(stacking, path, out);
	return 0;
}

/* The place of RECORD among the late links of this layer, or IMP_NONE. */
static uint32_t find_late(const struct imp_stacking *stacking, uint32_t record)
{
	size_t first =
		IMP_FIRST_NOT(stacking->late_count, i, stacking->late[i].record < record);

	bool found =
		first < stacking->late_count && stacking->late[first].record == record;
	return found ? (uint32_t)first : IMP_NONE;
}

/* RECORD, a hard link, becomes another name of what TARGET, a record, is. */
static void join(struct imp_stacking *stacking, uint32_t record, uint32_t target)
{
	struct imp_record *records = stacking->tree->records;

	records[record].group = records[target].group;
	if (records[target].type == IMP_ENTRY_SYMLINK)
		stacking->copies[record].symlink = target;
	else if (records[target].type == IMP_ENTRY_HARDLINK)
		stacking->copies[record].symlink = stacking->copies[target].symlink;
}

static void warn_of_target(struct imp_stacking *stacking, const struct target *target,
			   struct imp_slice path)
{
	const struct imp_node *node = &stacking->tree->nodes[target->node];

	if (node->directory)
		imp_stacking_warn(stacking, "hardlink-missing", path,
				  "the target of the hard link is a directory");
	else if (node->live && node->layer != stacking->layer)
		imp_stacking_warn(stacking, "hardlink-lower-layer", path,
				  "the target of the hard link is in a lower layer; "
				  "overlay engines refuse the layer");
}

static void postpone(struct imp_stacking *stacking, uint32_t record, uint32_t node)
{
	uint32_t old = imp_stacking_group_shown(stacking, node);

	imp_stacking_replace(stacking, node, record);
	if (old != IMP_NONE && stacking->copies[old].names > 0)
		old = IMP_NONE;
	stacking->late = imp_xgrow(stacking->late, &stacking->late_capacity,
				   stacking->late_count + 1, sizeof(*stacking->late));
	stacking->late[stacking->late_count++] =
		(struct imp_late_link){.record = record, .killed = old};
}

int imp_stacking_place_hardlink(struct imp_stacking *stacking, uint32_t record,
				struct imp_slice path, struct imp_error *err)
{
	uint32_t node = stacking->tree->records[record].node;
	struct target target;
	int rc = find_target(stacking, record, &target, err);

	if (rc < 0)
		return rc;
	if (target.node == node) {
		imp_stacking_warn(stacking, "hardlink-to-itself", path,
				  "the hard link is its own target; it changes nothing");
		stacking->tree->records[record].group =
			imp_stacking_group_shown(stacking, node);
		return 0;
	}
	if (!target.live || find_late(stacking, target.record) != IMP_NONE) {
		postpone(stacking, record, node);
		return 0;
	}
	warn_of_target(stacking, &target, path);
	if (target.record != IMP_NONE)
		join(stacking, record, target.record);
	uint32_t group = stacking->tree->records[record].group;
	/* Another link of what the path shows anyway changes nothing. */
	if (group == IMP_NONE || group != imp_stacking_group_shown(stacking, node))
		imp_stacking_replace(stacking, node, record);
	return 0;
}

/* RECORD is, or has joined, something that can have another name. */
static bool can_join(const struct imp_stacking *stacking, uint32_t record)
{
	if (record == IMP_NONE)
		return false;
	const struct imp_record *target = &stacking->tree->records[record];
	if (target->type == IMP_ENTRY_HARDLINK)
		return target->group != IMP_NONE ||
		       stacking->copies[record].symlink != IMP_NONE;
	return target->type != IMP_ENTRY_DIRECTORY;
}

/* What the chain of late links from late[FIRST] on ends at; IMP_NONE for a loop and where
 * nothing can be joined. The links on the way are left WALKING. */
static int chase(struct imp_stacking *stacking, uint32_t first, uint32_t *out,
		 struct imp_error *err)
{
	uint32_t at = first;

	*out = IMP_NONE;
	while (stacking->late[at].state == OPEN) {
		struct target target;
		stacking->late[at].state = WALKING;
		int rc = find_target(stacking, stacking->late[at].record, &target, err);
		if (rc < 0)
			return rc;
		uint32_t next = find_late(stacking, target.record);
		stacking->late[at].next = next;
		if (next == IMP_NONE) {
			*out = can_join(stacking, target.record) ? target.record
								 : IMP_NONE;
			return 0;
		}
		at = next;
	}
	if (stacking->late[at].state == DONE &&
	    can_join(stacking, stacking->late[at].record))
		*out = stacking->late[at].record;
	return 0;
}

static void settle(struct imp_stacking *stacking, struct imp_late_link *late,
		   uint32_t target)
{
	const struct imp_record *records = stacking->tree->records;
	uint32_t node = records[late->record].node;

	late->state = DONE;
	if (stacking->tree->nodes[node].shown != late->record)
		return;
	if (target == IMP_NONE) {
		imp_stacking_warn_node(stacking, "hardlink-missing", node,
				       "the target of the hard link is nowhere");
		return;
	}
	imp_stacking_warn_node(stacking, "hardlink-before-target", node,
			       "the hard link comes before its target; engines refuse "
			       "the layer");
	join(stacking, late->record, target);
	uint32_t group = records[late->record].group;
	if (group == IMP_NONE)
		return;
	imp_stacking_hold(stacking, group);
	if (late->killed != IMP_NONE)
		imp_stacking_reconsider(stacking, late->killed, group);
}

int imp_stacking_resolve_late(struct imp_stacking *stacking, struct imp_error *err)
{
	for (uint32_t i = 0; i < stacking->late_count; i++) {
		uint32_t target;
		int rc = chase(stacking, i, &target, err);
		if (rc < 0)
			return rc;
		for (uint32_t at = i;
		     at != IMP_NONE && stacking->late[at].state == WALKING;
		     at = stacking->late[at].next)
			settle(stacking, &stacking->late[at], target);
	}
	stacking->late_count = 0;
	return 0;
}
