#include "drafts_priv.h"

#include <stdlib.h>

#include "imgprof/strbuf.h"

#include "words_priv.h"

/* Of a group whose file is not shown: no name of it was seen yet. */
#define UNSEEN (IMP_NONE - 1)

struct verdicts {
	struct imp_survey *survey;
	const struct imp_tree *tree;
	struct imp_drafts *drafts, *dropped;
	uint64_t *linked;      /* bits: groups that are listed as linked */
	struct imp_map opened; /* keys of findings of which --used names a file */
};

static bool stands(const struct imp_survey *survey, uint32_t hit)
{
	return hit != IMP_NONE && hit != UNSEEN && survey->hits[hit].reason == IMP_NONE;
}

static int weakness(const struct imp_survey *survey, uint32_t hit)
{
	if (hit == IMP_NONE)
		return IMP_CONFIDENCES + 1;
	return stands(survey, hit) ? (int)survey->hits[hit].confidence : IMP_CONFIDENCES;
}

/* Of two names of one group: the verdict that is less sure, none least of all. The first
 * name's stays when they are equal. */
static uint32_t weaker(const struct imp_survey *survey, uint32_t a, uint32_t b)
{
	if (a == UNSEEN)
		return b;
	return weakness(survey, b) > weakness(survey, a) ? b : a;
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

static uint32_t group_node(const struct imp_packages *packages, uint32_t package,
			   const struct imp_tree *tree)
{
	uint32_t database = packages->list[package].database;

	return database == IMP_NONE ? IMP_NONE : imp_tree_node(tree, database)->parent;
}

static void set_package_subject(const struct imp_survey *survey,
				const struct imp_hit *hit, enum imp_subject subject,
				struct imp_draft_key *key)
{
	const struct imp_packages *packages = survey->input->packages;
	uint32_t seed = survey->package_verdicts[hit->package].seed;

	if (subject == IMP_SUBJECT_PACKAGE)
		key->package = survey->first_of_name[hit->package];
	else if (subject == IMP_SUBJECT_SEED)
		key->package = survey->first_of_name[seed];
	else if (subject == IMP_SUBJECT_GROUP)
		key->subject = group_node(packages, hit->package, survey->input->tree);
}

/* A browser that is a package has no folder that matched: its subject is where the finder found
 * it. */
static uint32_t subject_of(const struct imp_survey *survey, const struct imp_hit *hit,
			   enum imp_subject subject)
{
	switch (subject) {
	case IMP_SUBJECT_AT:
		return hit->package == IMP_NONE ? hit->at : IMP_NONE;
	case IMP_SUBJECT_PARENT:
		return imp_tree_node(survey->input->tree, hit->at)->parent;
	case IMP_SUBJECT_ORIGIN:
		return hit->origin;
	case IMP_SUBJECT_REALM:
		return hit->realm;
	case IMP_SUBJECT_NONE:
	case IMP_SUBJECT_PACKAGE:
	case IMP_SUBJECT_SEED:
	case IMP_SUBJECT_GROUP:
	case IMP_SUBJECTS:
		break;
	}
	return IMP_NONE;
}

static struct imp_draft_key key_of(const struct imp_survey *survey,
				   const struct imp_hit *hit)
{
	const struct imp_rules *rules = survey->input->rules;
	uint32_t row = rules->terms[hit->term].row;
	enum imp_subject subject = rules->rows[row].subject;
	struct imp_draft_key key = {
		.row = row,
		.confidence = hit->confidence,
		.subject = subject_of(survey, hit, subject),
		.writer = IMP_NOT_HIDDEN,
		.hider = IMP_NOT_HIDDEN,
		.package = IMP_NONE,
	};

	if (hit->package != IMP_NONE && subject == IMP_SUBJECT_AT)
		set_package_subject(survey, hit, IMP_SUBJECT_SEED, &key);
	else if (hit->package != IMP_NONE)
		set_package_subject(survey, hit, subject, &key);
	return key;
}

/* What would have been found, but for KIND of reason. */
static void drop(struct verdicts *verdicts, uint32_t hit, uint32_t reason,
		 uint32_t record)
{
	struct imp_survey *survey = verdicts->survey;
	struct imp_draft_key key = key_of(survey, &survey->hits[hit]);

	key.confidence = survey->reasons[reason].kind;
	uint32_t number = imp_drafts_find(verdicts->dropped, survey->input->rules, &key);
	struct imp_draft *draft = &verdicts->dropped->list[number];
	if (draft->reason == IMP_NONE)
		draft->reason = reason;
	imp_draft_add(draft, verdicts->tree, record);
}

/* The files of GROUP have a name at STAYS that nothing lets go. */
static void drop_linked(struct verdicts *verdicts, uint32_t hit, uint32_t group,
			uint32_t stays)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	struct imp_survey *survey = verdicts->survey;
	uint64_t bit = UINT64_C(1) << (group % 64);

	if (verdicts->linked[group / 64] & bit)
		return;
	verdicts->linked[group / 64] |= bit;
	imp_tree_path(verdicts->tree, stays, &path);
	imp_strbuf_add_text(&text, "the same files have other names that stay, such as ");
	imp_word_path(&text, imp_strbuf_slice(&path));
	const char *evidence =
		imp_arena_copy(survey->arena, imp_strbuf_slice(&text)).data;
	drop(verdicts, hit, imp_survey_add_reason(survey, IMP_REASON_LINKED, evidence),
	     group);
}

static void judge_link(struct verdicts *verdicts, uint32_t record)
{
	struct imp_survey *survey = verdicts->survey;
	const struct imp_record *link = imp_tree_record(verdicts->tree, record);
	uint32_t *group = &survey->hit_of[link->group];
	uint32_t had = *group, here = survey->hit_of[record];
	uint32_t first = imp_tree_record(verdicts->tree, link->group)->node;

	*group = weaker(survey, had, here);
	if (*group != IMP_NONE || had == UNSEEN)
		return;
	if (stands(survey, had))
		drop_linked(verdicts, had, link->group, link->node);
	else if (had == IMP_NONE && stands(survey, here))
		drop_linked(verdicts, here, link->group, first);
}

/* A group can go only when all of its names can: its file's hit becomes that of the group. */
static void judge_groups(struct verdicts *verdicts)
{
	struct imp_survey *survey = verdicts->survey;
	uint32_t count = imp_tree_record_count(verdicts->tree);

	for (uint32_t r = 0; r < count; r++) {
		const struct imp_record *file = imp_tree_record(verdicts->tree, r);
		if (is_live_file(file) && !file->shown)
			survey->hit_of[r] = UNSEEN;
	}
	for (uint32_t r = 0; r < count; r++) {
		const struct imp_record *link = imp_tree_record(verdicts->tree, r);
		if (is_live_link(link) && link->shown)
			judge_link(verdicts, r);
	}
}

static const struct imp_seed *seed_of(const struct imp_survey *survey,
				      const struct imp_hit *hit)
{
	if (hit->package == IMP_NONE)
		return imp_survey_seed(survey, hit->at, hit->term);
	if (!survey->input->rules->terms[hit->term].finder)
		return NULL;
	for (size_t i = 0; i < survey->seed_count; i++)
		if (survey->seeds[i].term == hit->term &&
		    survey->seed_owners[i] == survey->package_verdicts[hit->package].seed)
			return &survey->seeds[i];
	return NULL;
}

/* Something looked the package up there: no sign that it ran (1.4). */
static bool is_metadata(const struct imp_tree *tree, uint32_t node)
{
	struct imp_slice name = imp_tree_name(tree, node);
	uint32_t folder = imp_tree_node(tree, node)->parent;

	if (imp_slice_is(name, "package.json") ||
	    imp_slice_ends(name, IMP_SLICE(".list")))
		return true;
	for (; folder != IMP_NONE; folder = imp_tree_node(tree, folder)->parent) {
		name = imp_tree_name(tree, folder);
		if (imp_slice_ends(name, IMP_SLICE(".dist-info")) ||
		    imp_slice_ends(name, IMP_SLICE(".egg-info")))
			return true;
	}
	return false;
}

static struct imp_slice key_bytes(const struct imp_draft_key *key)
{
	return imp_slice((const char *)key, sizeof(*key));
}

static void find_opened(struct verdicts *verdicts)
{
	struct imp_survey *survey = verdicts->survey;
	const bool *opened = survey->input->runtime->opened;
	uint32_t count = imp_tree_record_count(verdicts->tree);

	for (uint32_t r = 0; opened && r < count; r++) {
		const struct imp_record *file = imp_tree_record(verdicts->tree, r);
		if (!opened[r] || !is_live_file(file) ||
		    !stands(survey, survey->hit_of[r]) ||
		    is_metadata(verdicts->tree, file->node))
			continue;
		struct imp_draft_key key =
			key_of(survey, &survey->hits[survey->hit_of[r]]);
		imp_map_set(&verdicts->opened,
			    imp_arena_copy(survey->arena, key_bytes(&key)), 1);
	}
}

static void count_member(struct imp_survey *survey, uint32_t package, uint32_t draft,
			 const struct imp_record *file)
{
	struct imp_member *member = &survey->members[package];

	if (member->draft == IMP_NONE)
		member->draft = draft;
	if (member->draft == draft)
		imp_sum_add_record(&member->sum, file);
}

static uint32_t add_live(struct verdicts *verdicts, uint32_t record)
{
	struct imp_survey *survey = verdicts->survey;
	const struct imp_record *file = imp_tree_record(verdicts->tree, record);
	const struct imp_hit *hit = &survey->hits[survey->hit_of[record]];
	struct imp_draft_key key = key_of(survey, hit);

	if (survey->input->runtime->opened &&
	    imp_map_get(&verdicts->opened, key_bytes(&key), NULL))
		key.confidence = IMP_CONFIDENCE_POSSIBLE;
	uint32_t number = imp_drafts_find(verdicts->drafts, survey->input->rules, &key);
	struct imp_draft *draft = &verdicts->drafts->list[number];
	if (!draft->seed)
		draft->seed = seed_of(survey, hit);
	imp_draft_add(draft, verdicts->tree, record);
	imp_draft_add_term(draft, hit->term);
	if (survey->input->runtime->opened && survey->input->runtime->opened[record])
		imp_sum_add_record(&draft->opened, file);
	if (hit->package != IMP_NONE)
		count_member(survey, hit->package, number, file);
	return number;
}

static void draft_files(struct verdicts *verdicts, uint32_t *finding_of)
{
	struct imp_survey *survey = verdicts->survey;
	uint32_t count = imp_tree_record_count(verdicts->tree);

	for (uint32_t r = 0; r < count; r++) {
		uint32_t hit = survey->hit_of[r];
		if (!is_live_file(imp_tree_record(verdicts->tree, r)) ||
		    hit == IMP_NONE || hit == UNSEEN)
			continue;
		if (stands(survey, hit))
			finding_of[r] = add_live(verdicts, r);
		else
			drop(verdicts, hit, survey->hits[hit].reason, r);
	}
	for (uint32_t r = 0; r < count; r++) {
		const struct imp_record *link = imp_tree_record(verdicts->tree, r);
		if (is_live_link(link))
			finding_of[r] = finding_of[link->group];
	}
}

static void set_up(struct verdicts *verdicts, struct imp_survey *survey)
{
	size_t packages = survey->input->packages->count;
	uint32_t count = imp_tree_record_count(verdicts->tree);

	verdicts->linked = imp_xcalloc(count / 64 + 1, sizeof(*verdicts->linked));
	survey->members =
		imp_arena_array(survey->arena, packages + 1, sizeof(*survey->members));
	survey->first_of_name = imp_arena_array(survey->arena, packages + 1,
						sizeof(*survey->first_of_name));
	for (uint32_t p = 0; p < packages; p++) {
		const struct imp_package *package = &survey->input->packages->list[p];
		bool again = p > 0 && package[-1].manager == package->manager &&
			     imp_slice_equal(package[-1].name, package->name);
		survey->first_of_name[p] = again ? survey->first_of_name[p - 1] : p;
		survey->members[p].draft = IMP_NONE;
	}
}

void imp_verdicts_draft(struct imp_survey *survey, struct imp_drafts *drafts,
			struct imp_drafts *dropped, uint32_t *finding_of)
{
	struct verdicts verdicts = {.survey = survey,
				    .tree = survey->input->tree,
				    .drafts = drafts,
				    .dropped = dropped};

	set_up(&verdicts, survey);
	judge_groups(&verdicts);
	find_opened(&verdicts);
	draft_files(&verdicts, finding_of);
	free(verdicts.linked);
	imp_map_finish(&verdicts.opened);
}
