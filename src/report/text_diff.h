/* The text screen of a diff. */
#pragma once

#include "screen.h"

int imp_text_diff(const struct imp_report *report,
		  const struct imp_report_options *options, FILE *out,
		  struct imp_error *err);

/* AFTER less BEFORE, right-aligned in its column. */
void imp_screen_add_change(struct imp_screen *screen, uint64_t before, uint64_t after);
/* Layers, packages, classes, findings and paths, the largest of each: text_diff_lists.c. */
void imp_screen_add_diff_lists(struct imp_screen *screen, const struct imp_diff *diff);
