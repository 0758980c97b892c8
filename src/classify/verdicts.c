#include "drafts_priv.h"

/* Of a group whose file is not shown: no name of it was seen yet. */
#define UNSEEN (IMP_NONE - 1)

/* Of two names of one group: the verdict that is less sure, none least of all. The first
 * name's stays when they are equal. */
static uint32_t weaker(const struct imp_survey *survey, uint32_t a, uint32_t b)
{
	if (a == UNSEEN)
		return b;
	if (a == IMP_NONE || b == IMP_NONE)
		return IMP_NONE;
	return survey->hits[b].confidence > survey->hits[a].confidence ? b : a;
}

static bool is_live_file(const struct imp_record *record)
{
	return record->type == IMP_ENTRY_FILE && record->fate == IMP_FATE_LIVE;
}

static bool is_live_link(const struct imp_record *record)
{
	return record->type == IMP_ENTRY_HARDLINK && record->group != IMP_NONE &&
	       record->fate == IMP_FATE_LIVE;
}

/* A group can go only when all of its names can: its file's hit becomes that of the group. */
static void judge_groups(struct imp_survey *survey)
{
	const struct imp_tree *tree = survey->input->tree;
	uint32_t count = imp_tree_record_count(tree);

	for (uint32_t r = 0; r < count; r++) {
		const struct imp_record *file = imp_tree_record(tree, r);
		if (is_live_file(file) && !file->shown)
			survey->hit_of[r] = UNSEEN;
	}
	for (uint32_t r = 0; r < count; r++) {
		const struct imp_record *link = imp_tree_record(tree, r);
		if (!is_live_link(link) || !link->shown)
			continue;
		uint32_t *group = &survey->hit_of[link->group];
		*group = weaker(survey, *group, survey->hit_of[r]);
	}
}

static uint32_t subject_of(const struct imp_survey *survey, const struct imp_hit *hit)
{
	const struct imp_rules *rules = survey->input->rules;

	switch (rules->rows[rules->terms[hit->term].row].subject) {
	case IMP_SUBJECT_AT:
		return hit->at;
	case IMP_SUBJECT_PARENT:
		return imp_tree_node(survey->input->tree, hit->at)->parent;
	case IMP_SUBJECT_ORIGIN:
		return hit->origin;
	case IMP_SUBJECT_REALM:
		return hit->realm;
	case IMP_SUBJECT_NONE:
	case IMP_SUBJECTS:
		break;
	}
	return IMP_NONE;
}

static uint32_t add_live(struct imp_survey *survey, struct imp_drafts *drafts,
			 uint32_t record)
{
	const struct imp_rules *rules = survey->input->rules;
	const struct imp_hit *hit = &survey->hits[survey->hit_of[record]];
	struct imp_draft_key key = {
		.row = rules->terms[hit->term].row,
		.confidence = hit->confidence,
		.subject = subject_of(survey, hit),
		.writer = IMP_NOT_HIDDEN,
		.hider = IMP_NOT_HIDDEN,
	};
	uint32_t number = imp_drafts_find(drafts, rules, &key);
	struct imp_draft *draft = &drafts->list[number];

	draft->seed = imp_survey_seed(survey, hit->at, hit->term);
	imp_draft_add(draft, survey->input->tree, record);
	imp_draft_add_term(draft, hit->term);
	return number;
}

void imp_verdicts_draft(struct imp_survey *survey, struct imp_drafts *drafts,
			uint32_t *finding_of)
{
	const struct imp_tree *tree = survey->input->tree;
	uint32_t count = imp_tree_record_count(tree);

	judge_groups(survey);
	for (uint32_t r = 0; r < count; r++) {
		uint32_t hit = survey->hit_of[r];
		if (is_live_file(imp_tree_record(tree, r)) && hit != IMP_NONE &&
		    hit != UNSEEN)
			finding_of[r] = add_live(survey, drafts, r);
	}
	for (uint32_t r = 0; r < count; r++) {
		const struct imp_record *link = imp_tree_record(tree, r);
		if (is_live_link(link))
			finding_of[r] = finding_of[link->group];
	}
}
