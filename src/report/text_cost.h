/* The text screen of a cost report. */
#pragma once

#include "cost_words.h"
#include "screen.h"

/* What was asked for, at which price, and the sums. */
void imp_screen_add_cost_head(struct imp_screen *screen,
			      const struct imp_cost_report *report);

/* A size behind a blank, in a column of ten. */
void imp_screen_add_wide_size(struct imp_screen *screen, uint64_t bytes);
/* Bytes that the names of all repositories begin with, up to a slash: they fit without. */
size_t imp_cost_common_bytes(const struct imp_cost_report *report);
