/* The sums of --without for an image. */
#pragma once

#include "imgprof/report.h"
#include "imgprof/without.h"

struct imp_what_if {
	struct imp_arena *arena;
	bool *chosen; /* for each finding */
	struct imp_without sums;
};

void imp_what_if_make(struct imp_what_if *what_if, const struct imp_analysis *image,
		      const struct imp_report_questions *questions);
void imp_what_if_finish(struct imp_what_if *what_if);

/* How the pull bytes are estimated: one sentence. */
extern const char imp_what_if_basis[];
