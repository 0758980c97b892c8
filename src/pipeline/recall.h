/*
 * Analyses without tree, kept in the cache on disk: an image that was looked at before with the
 * same rules and limits is neither stacked nor classified again.
 */
#pragma once

#include "analyse.h"

/* Whether such an analysis will do, and was found: then *OUT, its warnings added to those of the
 * request. */
bool imp_recall(const struct imp_analyse_request *request, struct imp_analysis **out);

/* Keeps ANALYSIS for the next run when it may be kept: complete, and pinned by digests. Its
 * warnings before FIRST_WARNING are of this run. */
void imp_remember(const struct imp_analyse_request *request,
		  const struct imp_analysis *analysis, size_t first_warning);
