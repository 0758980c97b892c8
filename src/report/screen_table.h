/* Rows of the text screen: a name that gives way to the width, and figures behind it. */
#pragma once

#include "screen.h"

/* Columns of a name beside FIGURES columns of all else. */
size_t imp_screen_name_columns(const struct imp_screen *screen, size_t figures);
/* Text from outside, raw, behind two blanks; cut to COLUMNS and filled up. */
void imp_screen_add_name(struct imp_screen *screen, struct imp_slice name,
			 size_t columns);
/* Behind a blank, right-aligned. */
void imp_screen_add_figure(struct imp_screen *screen, const char *text, size_t columns);
