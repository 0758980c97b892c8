#include "drafts_priv.h"

static uint32_t find_draft(struct imp_drafts *drafts, const struct imp_rules *rules,
			   const struct imp_record *file)
{
	const struct imp_row *row =
		imp_rules_ledger_row(rules, (enum imp_fate)file->fate);
	struct imp_draft_key key = {
		.row = (uint32_t)(row - rules->rows),
		.confidence = row->confidence,
		.subject = IMP_NONE,
		.package = IMP_NONE,
		.writer = file->layer,
		.hider = file->hidden_by,
	};

	return imp_drafts_find(drafts, rules, &key);
}

/* The folder FOLDER/apt, where apt keeps what it can fetch again; IMP_NONE when there was none. */
static uint32_t find_apt(const struct imp_tree *tree, const char *folder)
{
	return imp_tree_find(tree, imp_slice_of(folder));
}

static bool is_below(const struct imp_tree *tree, uint32_t node, uint32_t top)
{
	while (node != top && node != IMP_NONE)
		node = imp_tree_node(tree, node)->parent;
	return node != IMP_NONE;
}

static void add_dead(struct imp_draft *draft, const struct imp_tree *tree,
		     uint32_t record, const uint32_t apt[static 2])
{
	const struct imp_record *file = imp_tree_record(tree, record);

	imp_draft_add(draft, tree, record);
	draft->changes[file->change % IMP_CHANGES]++;
	if (is_below(tree, file->node, apt[0]) || is_below(tree, file->node, apt[1]))
		draft->apt_bytes += file->disk_bytes;
}

void imp_ledger_draft(const struct imp_tree *tree, const struct imp_rules *rules,
		      struct imp_drafts *drafts, uint32_t *finding_of)
{
	const uint32_t apt[2] = {find_apt(tree, "var/lib/apt"),
				 find_apt(tree, "var/cache/apt")};
	uint32_t count = imp_tree_record_count(tree);

	for (uint32_t r = 0; r < count; r++) {
		const struct imp_record *file = imp_tree_record(tree, r);
		if (file->type != IMP_ENTRY_FILE || file->fate == IMP_FATE_LIVE)
			continue;
		finding_of[r] = find_draft(drafts, rules, file);
		add_dead(&drafts->list[finding_of[r]], tree, r, apt);
	}
	for (uint32_t r = 0; r < count; r++) {
		const struct imp_record *link = imp_tree_record(tree, r);
		if (link->type == IMP_ENTRY_HARDLINK && link->group != IMP_NONE)
			finding_of[r] = finding_of[link->group];
	}
}
