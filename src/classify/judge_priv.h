/* Verdicts on packages while they are found (packages.c) and swept (package_sweep.c). */
#pragma once

#include "survey_priv.h"

struct judge {
	struct imp_survey *survey;
	const struct imp_packages *packages;
	const struct imp_runtime *runtime;
	const struct imp_rules *rules;
	struct imp_package_marks marks;
	struct imp_package_verdict *verdicts; /* the survey's */
	/* For each package: the verdict of the rule that makes it a seed */
	struct imp_package_verdict *seeds;
	bool *roots; /* for each package: what runs, is reached, or an anchor protects */
	uint32_t *excepted; /* for each package: the row + 1 that leaves it out */
	bool *run;          /* for each package: part of the command chain */
	/* For each group of packages: a development package that runs, and the reason that it
	 * gives; IMP_NONE */
	struct runner {
		uint32_t package, reason;
	} * runners;
	uint32_t groups;
};

void imp_judge_offer(const struct judge *judge, struct imp_package_verdict *slot,
		     const struct imp_package_verdict *verdict);
const char *imp_judge_name(struct judge *judge, uint32_t package);
/* package_sweep.c: the seeds of one manager. */
void imp_judge_sweep(struct judge *judge, enum imp_manager manager);
