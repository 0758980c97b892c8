#include "drafts_priv.h"

#include <stdlib.h>

void imp_drafts_init(struct imp_drafts *drafts)
{
	*drafts = (struct imp_drafts){.keys = imp_arena_create()};
}

void imp_drafts_finish(struct imp_drafts *drafts)
{
	for (size_t i = 0; i < drafts->count; i++) {
		free(drafts->list[i].shares);
		free(drafts->list[i].paths);
		free(drafts->list[i].terms);
		free(drafts->list[i].notes);
	}
	free(drafts->list);
	free(drafts->subjects);
	imp_map_finish(&drafts->map);
	imp_arena_destroy(drafts->keys);
	*drafts = (struct imp_drafts){0};
}

static struct imp_slice key_bytes(const struct imp_draft_key *key)
{
	return imp_slice((const char *)key, sizeof(*key));
}

static uint32_t add_draft(struct imp_drafts *drafts, const struct imp_rules *rules,
			  const struct imp_draft_key *key)
{
	drafts->list = imp_xgrow(drafts->list, &drafts->capacity, drafts->count + 1,
				 sizeof(*drafts->list));
	drafts->list[drafts->count] = (struct imp_draft){
		.rules = rules,
		.row = &rules->rows[key->row],
		.confidence = (enum imp_confidence)key->confidence,
		.subject = key->subject,
		.package = key->package,
		.reason = IMP_NONE,
		.writer = key->writer,
		.hider = key->hider,
		.largest = IMP_NONE,
	};
	imp_map_set(&drafts->map, imp_arena_copy(drafts->keys, key_bytes(key)),
		    drafts->count);
	return (uint32_t)drafts->count++;
}

/* Whether a row may have one subject more; counts it. */
static bool take_subject(struct imp_drafts *drafts, uint32_t row)
{
	size_t had = drafts->subject_capacity;

	drafts->subjects = imp_xgrow(drafts->subjects, &drafts->subject_capacity, row + 1,
				     sizeof(*drafts->subjects));
	memset(drafts->subjects + had, 0,
	       (drafts->subject_capacity - had) * sizeof(*drafts->subjects));
	if (drafts->subjects[row] == IMP_SUBJECTS_OF_ROW)
		return false;
	drafts->subjects[row]++;
	return true;
}

uint32_t imp_drafts_find(struct imp_drafts *drafts, const struct imp_rules *rules,
			 const struct imp_draft_key *key)
{
	struct imp_draft_key shared = *key;
	uint64_t found;

	if (imp_map_get(&drafts->map, key_bytes(key), &found))
		return (uint32_t)found;
	if ((key->subject == IMP_NONE && key->package == IMP_NONE) ||
	    take_subject(drafts, key->row))
		return add_draft(drafts, rules, key);
	shared.subject = shared.package = IMP_NONE;
	if (imp_map_get(&drafts->map, key_bytes(&shared), &found))
		return (uint32_t)found;
	return add_draft(drafts, rules, &shared);
}

static struct imp_share *share_of(struct imp_draft *draft, uint16_t layer)
{
	for (size_t i = draft->share_count; i-- > 0;)
		if (draft->shares[i].layer == layer)
			return &draft->shares[i];
	draft->shares = imp_xgrow(draft->shares, &draft->share_capacity,
				  draft->share_count + 1, sizeof(*draft->shares));
	draft->shares[draft->share_count] = (struct imp_share){.layer = layer};
	return &draft->shares[draft->share_count++];
}

static void add_bytes(struct imp_draft *draft, const struct imp_tree *tree,
		      uint32_t record, const struct imp_sum *bytes)
{
	const struct imp_record *file = imp_tree_record(tree, record);

	imp_sum_add_sum(&draft->sum, bytes);
	imp_sum_add_sum(&share_of(draft, file->layer)->sum, bytes);
	if (draft->largest == IMP_NONE ||
	    file->disk_bytes > imp_tree_record(tree, draft->largest)->disk_bytes)
		draft->largest = record;
}

void imp_draft_add(struct imp_draft *draft, const struct imp_tree *tree, uint32_t record)
{
	const struct imp_record *file = imp_tree_record(tree, record);
	struct imp_sum bytes = {1, file->disk_bytes, file->pull_bytes};

	add_bytes(draft, tree, record, &bytes);
}

void imp_draft_add_part(struct imp_draft *draft, const struct imp_tree *tree,
			uint32_t record, const struct imp_sum *bytes)
{
	add_bytes(draft, tree, record, bytes);
	draft->paths = imp_xgrow(draft->paths, &draft->path_capacity,
				 draft->path_count + 1, sizeof(*draft->paths));
	draft->paths[draft->path_count++] = (struct imp_draft_path){
		imp_tree_record(tree, record)->node, bytes->disk_bytes};
}

void imp_draft_add_term(struct imp_draft *draft, uint32_t term)
{
	for (size_t i = draft->term_count; i-- > 0;)
		if (draft->terms[i] == term)
			return;
	draft->terms = imp_xgrow(draft->terms, &draft->term_capacity,
				 draft->term_count + 1, sizeof(*draft->terms));
	draft->terms[draft->term_count++] = term;
}

void imp_draft_add_note(struct imp_draft *draft, const char *note)
{
	draft->notes = imp_xgrow(draft->notes, &draft->note_capacity,
				 draft->note_count + 1, sizeof(*draft->notes));
	draft->notes[draft->note_count++] = note;
}
