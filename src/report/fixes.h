/* What to change, in order of bytes: findings with the same fix text are one step. */
#pragma once

#include "imgprof/report.h"

struct imp_fix_step {
	const char *kind, *text;
	bool possible; /* of possible findings: these stand behind all others */
	struct imp_sum sum;
	uint32_t first; /* finding; the others follow in `next` */
};

struct imp_fixes {
	struct imp_fix_step *list;
	size_t count;
	uint32_t *next; /* for each finding: the next of its step, or IMP_NONE */
};

/* Secrets are no bytes and stand in no step. */
void imp_fixes_make(struct imp_fixes *fixes, const struct imp_analysis *image,
		    const struct imp_report_filter *filter);
void imp_fixes_finish(struct imp_fixes *fixes);
