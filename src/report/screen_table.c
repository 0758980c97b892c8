#include "screen_table.h"

#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/width.h"

enum { NAME_LEAST = 16, NAME_MOST = 40 };

size_t imp_screen_name_columns(const struct imp_screen *screen, size_t figures)
{
	size_t width = screen->options->width;

	if (width == 0 || width > figures + NAME_MOST)
		return NAME_MOST;
	return width < figures + NAME_LEAST ? NAME_LEAST : width - figures;
}

void imp_screen_add_name(struct imp_screen *screen, struct imp_slice name, size_t columns)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf escaped = {0}, fitted = {0};

	imp_escape_terminal(&escaped, name);
	imp_fit_path(&fitted, imp_strbuf_slice(&escaped), columns,
		     screen->options->unicode);
	imp_strbuf_add_text(&screen->out, "  ");
	imp_pad(&screen->out, imp_strbuf_slice(&fitted), columns, 0);
}

void imp_screen_add_figure(struct imp_screen *screen, const char *text, size_t columns)
{
	imp_strbuf_add_char(&screen->out, ' ');
	imp_pad(&screen->out, imp_slice_of(text), columns, 1);
}
