#include <assert.h>

#include "stacking_priv.h"

uint32_t imp_stacking_group_shown(const struct imp_stacking *stacking, uint32_t node)
{
	uint32_t record = stacking->tree->nodes[node].shown;

	return record == IMP_NONE ? IMP_NONE : stacking->tree->records[record].group;
}

void imp_stacking_hold(struct imp_stacking *stacking, uint32_t group)
{
	struct imp_record *file = &stacking->tree->records[group];

	stacking->copies[group].names++;
	file->fate = IMP_FATE_LIVE;
	file->hidden_by = IMP_NOT_HIDDEN;
	file->change = 0;
}

static bool same_content(const struct imp_tree *tree, uint32_t a, uint32_t b)
{
	return tree->records[a].disk_bytes == tree->records[b].disk_bytes &&
	       memcmp(&tree->hashes[a], &tree->hashes[b], sizeof(tree->hashes[a])) == 0;
}

/* formats.md 6.5 */
static uint8_t compare(const struct imp_stacking *stacking, uint32_t old, uint32_t new)
{
	struct imp_attributes a = imp_tree_attributes(stacking->tree, old);
	struct imp_attributes b = imp_tree_attributes(stacking->tree, new);
	unsigned change = 0;

	if (a.mode != b.mode)
		change |= IMP_CHANGE_MODE;
	if (a.uid != b.uid || a.gid != b.gid)
		change |= IMP_CHANGE_OWNER;
	if (stacking->tree->mtimes_s[old] != stacking->tree->mtimes_s[new])
		change |= IMP_CHANGE_TIME;
	if (a.xattrs != b.xattrs)
		change |= IMP_CHANGE_XATTRS;
	return (uint8_t)change;
}

static void set_fate(struct imp_stacking *stacking, uint32_t group,
		     const struct imp_cause *cause)
{
	struct imp_record *file = &stacking->tree->records[group];
	bool own = file->layer == stacking->layer;

	file->fate = (uint8_t)(own ? IMP_FATE_DUPLICATE : cause->fate);
	file->hidden_by = stacking->layer;
	if (file->fate == IMP_FATE_RESHIPPED)
		file->change = compare(stacking, group, cause->copy);
}

void imp_stacking_release(struct imp_stacking *stacking, uint32_t group,
			  const struct imp_cause *cause)
{
	assert(stacking->copies[group].names > 0);
	if (--stacking->copies[group].names == 0)
		set_fate(stacking, group, cause);
}

struct imp_cause imp_stacking_cause(const struct imp_stacking *stacking, uint32_t node,
				    uint32_t group)
{
	uint32_t old = imp_stacking_group_shown(stacking, node);

	if (stacking->tree->nodes[node].directory)
		return (struct imp_cause){IMP_FATE_REPLACED, IMP_NONE};
	if (old != IMP_NONE && group != IMP_NONE &&
	    same_content(stacking->tree, old, group))
		return (struct imp_cause){IMP_FATE_RESHIPPED, group};
	return (struct imp_cause){IMP_FATE_OVERWRITTEN, IMP_NONE};
}

void imp_stacking_reconsider(struct imp_stacking *stacking, uint32_t killed,
			     uint32_t group)
{
	if (stacking->copies[killed].names == 0 &&
	    same_content(stacking->tree, killed, group))
		set_fate(stacking, killed,
			 &(struct imp_cause){IMP_FATE_RESHIPPED, group});
}
