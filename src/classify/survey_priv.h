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

/* Why a verdict does not stand: one of enum imp_anchor, or one of these. */
enum imp_reason_kind {
	IMP_REASON_HELD = IMP_ANCHORS, /* a package that is kept requires it */
	IMP_REASON_REACHED,            /* something started reaches it */
	IMP_REASON_DEV_COMMAND, /* what is started is a development package itself */
	IMP_REASON_IGNORED,     /* the user does not want to hear of it */
	IMP_REASON_LINKED,      /* another name of the same file stays */
	IMP_REASONS
};
struct imp_reason {
	unsigned kind;        /* enum imp_anchor or enum imp_reason_kind */
	const char *evidence; /* one line, escaped for a terminal */
};
const char *imp_reason_name(unsigned kind); /* "A-NODE", "held" */

/* Of a package as a whole. */
struct imp_package_verdict {
	uint32_t term; /* IMP_NONE: none */
	uint32_t seed; /* the package whose going frees it; itself when a rule names it */
	uint32_t reason; /* why it does not stand; IMP_NONE: it does */
	enum imp_confidence confidence;
};

struct imp_hit {
	uint32_t term;
	uint32_t at, origin, realm; /* nodes for the subject; IMP_NONE */
	uint32_t package;           /* judged as a whole; IMP_NONE: the path was */
	uint32_t reason;            /* why it does not stand; IMP_NONE: it does */
	enum imp_confidence confidence;
};

struct imp_memos {
	struct imp_memo *list;
	size_t count, capacity;
};

/* A file with something that should not be in an image. */
struct imp_secret {
	uint32_t record, row;
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
	uint32_t *
		seed_owners; /* for each seed of a rule that sweeps: its package; IMP_NONE */
	struct imp_reason *reasons;
	size_t reason_count, reason_capacity;
	uint32_t
		*row_reasons; /* for each row: an anchor that keeps its files; IMP_NONE */
	struct imp_package_verdict *package_verdicts; /* for each package */
	struct imp_held {
		uint32_t package, term, reason;
	} * held; /* seeds that something kept needs */
	size_t held_count, held_capacity;
	uint32_t
		*first_of_name; /* for each package: copies of one name share a subject */
	/* For each package: the draft that most of its files are in, and they */
	struct imp_member {
		uint32_t draft;
		struct imp_sum sum;
	} * members;
	struct imp_secret *secrets;
	size_t secret_count, secret_capacity;
	/* The result: for each record its place in hits, or IMP_NONE. */
	uint32_t *hit_of;
	struct imp_hit *hits;
	size_t hit_count, hit_capacity;
};

void imp_survey_finish(struct imp_survey *survey);

/* standing.c: what the facts about the image make of each row; fills row_reasons. */
void imp_survey_standing(struct imp_survey *survey);
uint32_t imp_survey_add_reason(struct imp_survey *survey, unsigned kind,
			       const char *evidence);
bool imp_anchor_is(const struct imp_survey *survey, enum imp_anchor anchor,
		   enum imp_anchor_state state);
/* The confidence of TERM, as far as the facts are known that its rule needs. */
enum imp_confidence imp_term_confidence(const struct imp_survey *survey,
					const struct imp_term *term);

/* packages.c: fills package_verdicts and held. */
void imp_survey_packages(struct imp_survey *survey);
/* What a system's manager records could not be read whole: verdicts on its packages are possible. */
bool imp_manager_is_doubted(const struct imp_packages *packages,
			    enum imp_manager manager);

/* The manager's own record says so, and no name: which row a term is of decides less than that. */
bool imp_term_is_record(const struct imp_term *term);

/* package_match.c: calls USE for each package that TERM matches, in the order of the list. */
struct imp_package_marks {
	bool *orphans[IMP_MANAGERS], *weak[IMP_MANAGERS]; /* NULL: not known yet */
	const bool *roots;
};
bool imp_package_matches(struct imp_survey *survey, struct imp_package_marks *marks,
			 const struct imp_term *term, uint32_t package);
/* The packages whose name may match GLOB: [*FIRST, *END). */
void imp_package_range(const struct imp_packages *packages, enum imp_manager manager,
		       struct imp_slice glob, uint32_t *first, uint32_t *end);

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
