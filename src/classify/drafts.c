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
	}
	free(drafts->list);
	imp_map_finish(&drafts->map);
	imp_arena_destroy(drafts->keys);
	*drafts = (struct imp_drafts){0};
}

uint32_t imp_drafts_find(struct imp_drafts *drafts, const struct imp_rules *rules,
			 const struct imp_draft_key *key)
{
	struct imp_slice bytes = imp_slice((const char *)key, sizeof(*key));
	uint64_t found;

	if (imp_map_get(&drafts->map, bytes, &found))
		return (uint32_t)found;
	drafts->list = imp_xgrow(drafts->list, &drafts->capacity, drafts->count + 1,
				 sizeof(*drafts->list));
	drafts->list[drafts->count] = (struct imp_draft){
		.rules = rules,
		.row = &rules->rows[key->row],
		.confidence = (enum imp_confidence)key->confidence,
		.subject = key->subject,
		.writer = key->writer,
		.hider = key->hider,
		.largest = IMP_NONE,
	};
	imp_map_set(&drafts->map, imp_arena_copy(drafts->keys, bytes), drafts->count);
	return (uint32_t)drafts->count++;
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

void imp_draft_add(struct imp_draft *draft, const struct imp_tree *tree, uint32_t record)
{
	const struct imp_record *file = imp_tree_record(tree, record);

	imp_sum_add_record(&draft->sum, file);
	imp_sum_add_record(&share_of(draft, file->layer)->sum, file);
	if (draft->largest == IMP_NONE ||
	    file->disk_bytes > imp_tree_record(tree, draft->largest)->disk_bytes)
		draft->largest = record;
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
