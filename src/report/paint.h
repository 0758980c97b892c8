/* The eight basic colours, for text that means the same without them. */
#pragma once

#include <stdbool.h>

#include "imgprof/strbuf.h"

enum imp_paint {
	IMP_PAINT_BOLD,
	IMP_PAINT_DIM,
	IMP_PAINT_RED,
	IMP_PAINT_YELLOW,
	IMP_PAINT_GREEN,
};

/* TEXT, painted when COLOR. */
void imp_paint(struct imp_strbuf *out, bool color, enum imp_paint paint,
	       struct imp_slice text);
