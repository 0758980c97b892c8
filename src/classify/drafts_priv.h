/* Findings while bytes are still being added to them. */
#pragma once

#include "survey_priv.h"

enum {
	IMP_CHANGES = 16, /* combinations of enum imp_change bits */
	IMP_SUBJECTS_OF_ROW = 100,
};

struct imp_share {
	uint16_t layer;
	struct imp_sum sum;
};

/* A topmost folder, or file, with all that a layer (or the image) has below it. */
struct imp_draft_path {
	uint32_t node;
	uint64_t disk_bytes;
};

struct imp_draft {
	const struct imp_rules *rules; /* that the row is of */
	const struct imp_row *row;
	enum imp_confidence confidence;
	uint32_t subject; /* node, or IMP_NONE */
	uint32_t package; /* of a package as subject, or IMP_NONE */
	uint32_t reason;  /* of what was taken back; IMP_NONE */
	bool partial;
	uint16_t writer, hider; /* of the ledger; else IMP_NOT_HIDDEN */
	const struct imp_seed *seed;
	struct imp_sum sum;
	struct imp_sum opened; /* of these, what --used says was opened */
	struct imp_share *shares;
	size_t share_count, share_capacity;
	struct imp_draft_path *paths;
	size_t path_count, path_capacity;
	const char **notes; /* lines of evidence beside what its row gives; in an arena */
	size_t note_count, note_capacity;
	uint32_t *terms; /* that matched */
	size_t term_count, term_capacity;
	uint64_t changes[IMP_CHANGES]; /* files of the ledger by what a layer changed */
	uint64_t apt_bytes;            /* in apt's own folders */
	uint32_t largest;              /* record */
};

struct imp_drafts {
	struct imp_draft *list;
	size_t count, capacity;
	struct imp_map map;
	struct imp_arena *keys;
	/* Findings with a subject, of each row of the rules: an image can have a million folders of
	 * one name. */
	uint32_t *subjects;
	size_t subject_capacity;
};

struct imp_draft_key {
	uint32_t row, confidence, subject;
	uint16_t writer, hider;
	uint32_t package;
};

void imp_drafts_init(struct imp_drafts *drafts);
void imp_drafts_finish(struct imp_drafts *drafts);
/* The number of the draft for KEY, made when it is new. Beyond so many subjects of one rule the
 * others share a finding without subject. */
uint32_t imp_drafts_find(struct imp_drafts *drafts, const struct imp_rules *rules,
			 const struct imp_draft_key *key);
/* Adds a record of type file. */
void imp_draft_add(struct imp_draft *draft, const struct imp_tree *tree, uint32_t record);
/* Adds part of a record: BYTES of its own, at its path. */
void imp_draft_add_part(struct imp_draft *draft, const struct imp_tree *tree,
			uint32_t record, const struct imp_sum *bytes);
void imp_draft_add_note(struct imp_draft *draft, const char *note);
void imp_draft_add_term(struct imp_draft *draft, uint32_t term);

static inline void imp_sum_add_record(struct imp_sum *sum, const struct imp_record *file)
{
	sum->files++;
	sum->disk_bytes += file->disk_bytes;
	sum->pull_bytes += file->pull_bytes;
}

static inline void imp_sum_add_sum(struct imp_sum *sum, const struct imp_sum *more)
{
	sum->files += more->files;
	sum->disk_bytes += more->disk_bytes;
	sum->pull_bytes += more->pull_bytes;
}

/* ledger.c: dead files, by fate and pair of layers. RULES has a row for every fate. Fills
 * FINDING_OF of dead files and links. */
void imp_ledger_draft(const struct imp_tree *tree, const struct imp_rules *rules,
		      struct imp_drafts *drafts, uint32_t *finding_of);

/* verdicts.c: live files, by rule, confidence and subject; a group of hard links as a whole.
 * Fills FINDING_OF of live files and links; DROPPED gets what was taken back. */
void imp_verdicts_draft(struct imp_survey *survey, struct imp_drafts *drafts,
			struct imp_drafts *dropped, uint32_t *finding_of);

/* parts.c: parts of files that no other finding has, by record; `finding` is the draft's number. */
struct imp_parts {
	struct imp_partial *list;
	size_t count, capacity;
};
void imp_parts_draft(struct imp_survey *survey, struct imp_drafts *drafts,
		     struct imp_drafts *dropped, const uint32_t *finding_of,
		     struct imp_parts *parts);

/* secrets.c: the survey's secrets, the configuration's and those that were hidden. */
void imp_secrets_draft(struct imp_survey *survey, struct imp_drafts *drafts);

/* collapse.c: fills the drafts' paths. SURVEY is NULL without rules. */
void imp_collapse(const struct imp_tree *tree, const struct imp_survey *survey,
		  struct imp_drafts *drafts, const uint32_t *finding_of);
