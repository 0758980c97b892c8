#include "conditions_priv.h"

enum { FOLDERS_ABOVE = 16 };

struct imp_memo *imp_memo_of(const struct imp_survey *survey,
			     const struct imp_condition *condition)
{
	struct imp_memos *memos = survey->memos;

	for (size_t i = 0; i < memos->count; i++)
		if (memos->list[i].condition == condition)
			return &memos->list[i];
	memos->list = imp_xgrow(memos->list, &memos->capacity, memos->count + 1,
				sizeof(*memos->list));
	memos->list[memos->count] =
		(struct imp_memo){.condition = condition, .folder = IMP_NONE};
	return &memos->list[memos->count++];
}

static uint64_t size_of(const struct imp_tree *tree, uint32_t file)
{
	uint32_t record = imp_tree_file_at(tree, file);

	return record == IMP_NONE ? 0 : imp_tree_record(tree, record)->disk_bytes;
}

static bool is_of_kind(const struct imp_survey *survey, uint32_t file, uint64_t bits)
{
	const struct imp_fact *fact = imp_contents_fact_at(survey->input->contents, file);

	if (!fact)
		return false;
	if (bits >> fact->kind & 1)
		return true;
	return fact->elf && (bits >> (IMP_CONTENT_KINDS + fact->elf->type) & 1);
}

static bool is_owned(const struct imp_survey *survey, uint32_t file)
{
	const struct imp_packages *packages = survey->input->packages;
	uint32_t shown = imp_tree_node(survey->input->tree, file)->shown;

	return packages->owner_of && shown != IMP_NONE &&
	       packages->owner_of[shown] != IMP_NONE;
}

static bool is_same(const struct imp_tree *tree, uint32_t a, uint32_t b)
{
	if (!imp_tree_node(tree, b)->live || imp_tree_node(tree, b)->directory)
		return false;
	uint32_t x = imp_tree_file_at(tree, a), y = imp_tree_file_at(tree, b);
	if (x == IMP_NONE || y == IMP_NONE || x == y ||
	    imp_tree_record(tree, x)->disk_bytes != imp_tree_record(tree, y)->disk_bytes)
		return false;
	struct imp_content_hash p = imp_tree_hash(tree, x), q = imp_tree_hash(tree, y);
	return memcmp(&p, &q, sizeof(p)) == 0;
}

/* The node below FOLDER at the names CHAIN[0..DEPTH), deepest first. */
static uint32_t find_chain(const struct imp_tree *tree, uint32_t folder,
			   const uint32_t *chain, int depth)
{
	while (folder != IMP_NONE && depth > 0)
		folder = imp_tree_find_child(tree, folder,
					     imp_tree_name(tree, chain[--depth]));
	return folder;
}

/* FILE below some folder F is the same as the one in a folder of NAMES above F, at the same place
 * below it: app/static/x.js and staticfiles/x.js. */
static bool has_copy(const struct imp_tree *tree, uint32_t file,
		     const struct imp_texts *names)
{
	uint32_t chain[FOLDERS_ABOVE];
	int depth = 0;

	for (uint32_t n = file; n != 0 && n != IMP_NONE && depth < FOLDERS_ABOVE;
	     n = imp_tree_node(tree, n)->parent)
		chain[depth++] = n;
	for (int top = 1; top < depth; top++) {
		uint32_t above = imp_tree_node(tree, chain[top])->parent;
		for (size_t i = 0; i < names->count; i++) {
			uint32_t other = imp_tree_find_child(tree, above, names->list[i]);
			if (other == IMP_NONE || other == chain[top])
				continue;
			for (int from = top; from > 0; from--) {
				uint32_t copy = find_chain(tree, other, chain, from);
				if (copy != IMP_NONE && is_same(tree, file, copy))
					return true;
			}
		}
	}
	return false;
}

bool imp_condition_of_content(const struct imp_survey *survey,
			      const struct imp_condition *condition, uint32_t file)
{
	const struct imp_tree *tree = survey->input->tree;

	switch ((int)condition->kind) {
	case IMP_CONDITION_NONEMPTY:
		return size_of(tree, file) > 0;
	case IMP_CONDITION_OVER:
		return size_of(tree, file) > condition->number;
	case IMP_CONDITION_UNDER:
		return size_of(tree, file) < condition->number;
	case IMP_CONDITION_KIND:
		return is_of_kind(survey, file, condition->number);
	case IMP_CONDITION_OWNED:
		return is_owned(survey, file);
	case IMP_CONDITION_COPY_IN:
		return has_copy(tree, file, &condition->names);
	default:
		return false;
	}
}
