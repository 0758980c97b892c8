#include "screen.h"

#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/width.h"
#include "lines.h"
#include "paint.h"

const char *imp_screen_size_text(const struct imp_screen *screen, uint64_t bytes,
				 char out[static IMP_SIZE_TEXT])
{
	return imp_size_text(bytes, screen->options->units, out);
}

void imp_screen_add_size(struct imp_screen *screen, uint64_t bytes)
{
	char text[IMP_SIZE_TEXT];

	imp_pad(&screen->out, imp_slice_of(imp_screen_size_text(screen, bytes, text)),
		IMP_SCREEN_SIZE, 1);
}

void imp_screen_end_line(struct imp_screen *screen, size_t start)
{
	size_t width =
		screen->options->width ? screen->options->width : IMP_SCREEN_LONGEST;
	struct imp_strbuf *out = &screen->out;
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};

	imp_strbuf_add(&line, out->data + start, out->len - start);
	imp_strbuf_truncate(out, start);
	imp_fit_end(out, imp_strbuf_slice(&line), width, screen->options->unicode);
	imp_strbuf_add_char(out, '\n');
}

void imp_screen_add_wrapped(struct imp_screen *screen, size_t indent, const char *label,
			    struct imp_slice text)
{
	size_t width =
		screen->options->width ? screen->options->width : IMP_SCREEN_LONGEST;
	imp_auto(imp_strbuf_finish) struct imp_strbuf escaped = {0};
	size_t column = indent + strlen(label);

	imp_escape_terminal(&escaped, text);
	struct imp_slice rest = imp_strbuf_slice(&escaped);
	imp_strbuf_printf(&screen->out, "%*s%s", (int)indent, "", label);
	for (bool first = true; rest.len; first = false) {
		struct imp_slice word = imp_slice_cut(&rest, ' ');
		size_t word_width = imp_width(word);
		if (!first && column + 1 + word_width > width) {
			column = indent + strlen(label);
			imp_strbuf_printf(&screen->out, "\n%*s", (int)column, "");
		} else if (!first) {
			imp_strbuf_add_char(&screen->out, ' ');
			column++;
		}
		imp_strbuf_add_slice(&screen->out, word);
		column += word_width;
	}
	imp_strbuf_add_char(&screen->out, '\n');
}

void imp_screen_add_bold(struct imp_screen *screen, struct imp_slice text)
{
	imp_paint(&screen->out, screen->options->color, IMP_PAINT_BOLD, text);
}

void imp_screen_add_line(struct imp_screen *screen, uint32_t line)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	if (line == 0)
		return;
	imp_report_add_line(screen->image, line, true, &text);
	imp_escape_terminal(&screen->out, imp_strbuf_slice(&text));
	imp_strbuf_add_char(&screen->out, ' ');
}
