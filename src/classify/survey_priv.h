/*
 * One look at an image: what its configuration says about places and languages, what functions
 * found, and which rule each live file falls to.
 */
#pragma once

#include "rules_priv.h"

/* Where a pattern's anchor stands in this image. */
struct imp_spot {
	uint32_t node, step;
};

/* A verdict that no pattern gave. */
struct imp_seed {
	uint32_t node, term;
	enum imp_confidence confidence;
	const char *evidence;
	struct imp_slice kept; /* what stays instead; may be empty */
};

struct imp_hit {
	uint32_t term;
	uint32_t at, origin, realm; /* nodes for the subject; IMP_NONE */
	enum imp_confidence confidence;
};

struct imp_memos {
	struct imp_memo *list;
	size_t count, capacity;
};

struct imp_survey {
	const struct imp_classify_input *input;
	struct imp_arena *arena;
	struct imp_spot *spots;
	size_t spot_count, spot_capacity;
	struct imp_texts languages; /* "de", of LANG and its kin, but for English */
	struct imp_seed *seeds;
	size_t seed_count, seed_capacity;
	struct imp_index *index; /* of finders; NULL until one asks */
	struct imp_memos *memos; /* of conditions; filled while they are judged */
	/* The result: for each record its place in hits, or IMP_NONE. */
	uint32_t *hit_of;
	struct imp_hit *hits;
	size_t hit_count, hit_capacity;
};

void imp_survey_finish(struct imp_survey *survey);

/* places.c: fills spots. */
void imp_survey_places(struct imp_survey *survey);
/* A variable of the image's configuration; data NULL when it is not set. */
struct imp_slice imp_environment(const struct imp_config *config, struct imp_slice name);
/* node_modules, site-packages, dist-packages: what an installer filled. */
bool imp_is_package_folder(struct imp_slice name);
/* The live node of an absolute path of the configuration, or IMP_NONE. Links are not followed. */
uint32_t imp_survey_find(const struct imp_survey *survey, struct imp_slice path);

/* languages.c: fills languages; and whether a name such as "de_AT" or "pt-BR.pak" is none of
 * them. */
void imp_survey_languages(struct imp_survey *survey);
bool imp_language_foreign(const struct imp_survey *survey, struct imp_slice name);

/* Seeds are sorted once all are found: those of NODE, or the one of TERM there (NULL). */
const struct imp_seed *imp_survey_seeds_of(const struct imp_survey *survey, uint32_t node,
					   size_t *count);
const struct imp_seed *imp_survey_seed(const struct imp_survey *survey, uint32_t node,
				       uint32_t term);
void imp_survey_add_seed(struct imp_survey *survey, const struct imp_seed *seed);

/* conditions.c. Some can be judged for a folder, some only for the files in it. */
bool imp_condition_of_files(const struct imp_condition *condition);
bool imp_condition_holds(const struct imp_survey *survey,
			 const struct imp_condition *condition, uint32_t node);

/* finders.c: runs the rules' functions; fills seeds. */
void imp_survey_find_all(struct imp_survey *survey);

/* walk.c: matches every live path; fills hit_of and hits. */
void imp_survey_walk(struct imp_survey *survey);
