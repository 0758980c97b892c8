/* The parts of judging conditions. */
#pragma once

#include "survey_priv.h"

/* What was found out last for a condition: files come folder by folder. */
struct imp_memo {
	const struct imp_condition *condition;
	uint32_t folder;
	bool holds;
	struct imp_map stems;
};
/* The memo of CONDITION; its folder is IMP_NONE when it is new. */
struct imp_memo *imp_memo_of(const struct imp_survey *survey,
			     const struct imp_condition *condition);

bool imp_matches_any(const struct imp_texts *globs, struct imp_slice name);
/* One of NAMES, paths with "*" in the last component, is in FOLDER. */
bool imp_has_any(const struct imp_tree *tree, uint32_t folder,
		 const struct imp_texts *names);

/* condition_content.c: size, kind, owner and copies of a file. */
bool imp_condition_of_content(const struct imp_survey *survey,
			      const struct imp_condition *condition, uint32_t file);
/* condition_image.c: what the configuration says and what is started. */
bool imp_condition_of_image(const struct imp_survey *survey,
			    const struct imp_condition *condition, uint32_t node);
/* condition_alien.c: NAME holds words for systems, CPUs or libcs ("linux-x64", "win10-arm",
 * "x.musl.node"), and the image is none of them. */
bool imp_is_alien(const struct imp_survey *survey, struct imp_slice name);
