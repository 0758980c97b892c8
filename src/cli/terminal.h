/*
 * What the terminal can show: colour, width, glyphs (reference/ecosystem.md 3.4).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "imgprof/context.h"
#include "settings.h"

/* From the line below %zu lines (not 0) back to the first of them; all from there on goes. */
#define IMP_TERMINAL_ERASE_LINES "\033[%zuF\033[J"

/* --color, then NO_COLOR, CLICOLOR_FORCE or FORCE_COLOR, TERM=dumb, then whether FD is a
 * terminal. */
bool imp_terminal_color(const struct imp_context *context, enum imp_when when, int fd);
/* Columns of FD: its window, COLUMNS, 80; 0 (never cut) when it is no terminal. */
size_t imp_terminal_width(const struct imp_context *context, int fd);
/* Rows of FD, or 24. */
size_t imp_terminal_rows(int fd);
/* LC_ALL, LC_CTYPE or LANG name UTF-8. */
bool imp_terminal_unicode(const struct imp_context *context);
