/*
 * Columns that text takes on a terminal (utf8proc's tables, not the locale's). For text
 * that has been through imp_escape_terminal.
 */
#pragma once

#include <stddef.h>

#include "imgprof/slice.h"
#include "imgprof/strbuf.h"

size_t imp_width(struct imp_slice text);

/* Appends TEXT cut to COLUMNS: the end goes, "..." or the ellipsis (UNICODE) marks it. */
void imp_fit_end(struct imp_strbuf *out, struct imp_slice text, size_t columns,
		 int unicode);
/* Appends PATH shortened in the middle: the last component is kept as long as it fits. */
void imp_fit_path(struct imp_strbuf *out, struct imp_slice path, size_t columns,
		  int unicode);
/* Appends TEXT cut to COLUMNS in the middle: what a command begins and ends with stays. */
void imp_fit_middle(struct imp_strbuf *out, struct imp_slice text, size_t columns,
		    int unicode);
/* Appends TEXT and spaces up to COLUMNS (right: spaces first). Never cuts. */
void imp_pad(struct imp_strbuf *out, struct imp_slice text, size_t columns, int right);
