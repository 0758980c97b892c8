#include "paint.h"

void imp_paint(struct imp_strbuf *out, bool color, enum imp_paint paint,
	       struct imp_slice text)
{
	static const char *const codes[] = {
		[IMP_PAINT_BOLD] = "1",   [IMP_PAINT_DIM] = "2",
		[IMP_PAINT_RED] = "31",   [IMP_PAINT_YELLOW] = "33",
		[IMP_PAINT_GREEN] = "32",
	};
	if (color)
		imp_strbuf_printf(out, "\033[%sm", codes[paint]);
	imp_strbuf_add_slice(out, text);
	if (color)
		imp_strbuf_add_text(out, "\033[0m");
}
