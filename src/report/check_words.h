/* What formats say about a budget, in the same words. */
#pragma once

#include "imgprof/budget.h"
#include "imgprof/strbuf.h"
#include "imgprof/units.h"

/* Behind the selector's name: "451 MB > 450 MB", "+38.4 MB > 20 MB", "there, but forbidden". No
 * foreign text. */
void imp_budget_row_figures(const struct imp_budget_row *row, enum imp_units units,
			    struct imp_strbuf *out);
/* "over", "warning", "waived", "not evaluated", "ok". */
const char *imp_budget_word(enum imp_verdict verdict);
/* "2 over, 1 warning, 4 ok". */
void imp_budget_counts(const struct imp_check *check, struct imp_strbuf *out);
/* "over budget": what stands in a headline. */
const char *imp_budget_verdict_words(enum imp_verdict verdict);
