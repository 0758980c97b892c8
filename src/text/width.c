#include "imgprof/width.h"

#include <stdint.h>
#include <utf8proc.h>

/* Bytes of the character at the start of TEXT (not empty), and its columns. A byte that is
 * no UTF-8 counts as one column. */
static size_t measure(struct imp_slice text, size_t *columns)
{
	utf8proc_int32_t code;
	utf8proc_ssize_t room = text.len < 4 ? (utf8proc_ssize_t)text.len : 4;
	utf8proc_ssize_t len =
		utf8proc_iterate((const utf8proc_uint8_t *)text.data, room, &code);
	*columns = len > 0 ? (size_t)utf8proc_charwidth(code) : 1;
	return len > 0 ? (size_t)len : 1;
}

size_t imp_width(struct imp_slice text)
{
	size_t width = 0;
	while (text.len > 0) {
		size_t columns;
		text = imp_slice_skip(text, measure(text, &columns));
		width += columns;
	}
	return width;
}

/* The longest start of TEXT that takes at most COLUMNS, with the marks on its last one. */
static struct imp_slice fitting_start(struct imp_slice text, size_t columns)
{
	struct imp_slice rest = text;
	while (rest.len > 0) {
		size_t more;
		size_t len = measure(rest, &more);
		if (more > columns)
			break;
		columns -= more;
		rest = imp_slice_skip(rest, len);
	}
	return imp_slice(text.data, text.len - rest.len);
}

static struct imp_slice marker(int unicode)
{
	return unicode ? IMP_SLICE("\xe2\x80\xa6") : IMP_SLICE("...");
}

void imp_fit_end(struct imp_strbuf *out, struct imp_slice text, size_t columns,
		 int unicode)
{
	if (imp_width(text) <= columns) {
		imp_strbuf_add_slice(out, text);
		return;
	}
	struct imp_slice mark = fitting_start(marker(unicode), columns);
	imp_strbuf_add_slice(out, fitting_start(text, columns - imp_width(mark)));
	imp_strbuf_add_slice(out, mark);
}

/* The last component with the slash before it and those behind it, or all of PATH. */
static struct imp_slice last_component(struct imp_slice path)
{
	struct imp_slice bare = path;
	while (bare.len > 0 && bare.data[bare.len - 1] == '/')
		bare.len--;
	size_t head = bare.len - imp_slice_basename(bare).len;
	return imp_slice_skip(path, head > 0 ? head - 1 : 0);
}

void imp_fit_path(struct imp_strbuf *out, struct imp_slice path, size_t columns,
		  int unicode)
{
	struct imp_slice last = last_component(path);
	struct imp_slice mark = marker(unicode);
	size_t tail = imp_width(mark) + imp_width(last);
	if (imp_width(path) <= columns) {
		imp_strbuf_add_slice(out, path);
	} else if (last.len < path.len && tail <= columns) {
		imp_strbuf_add_slice(out, fitting_start(path, columns - tail));
		imp_strbuf_add_slice(out, mark);
		imp_strbuf_add_slice(out, last);
	} else {
		if (imp_slice_starts(last, IMP_SLICE("/")))
			last = imp_slice_skip(last, 1);
		imp_fit_end(out, last, columns, unicode);
	}
}

/* The longest end of TEXT that fits: found from the start, for characters are read forward. */
static struct imp_slice fitting_end(struct imp_slice text, size_t columns)
{
	size_t width = imp_width(text);

	while (width > columns) {
		size_t more;
		size_t len = measure(text, &more);
		width -= more;
		text = imp_slice_skip(text, len);
	}
	return text;
}

void imp_fit_middle(struct imp_strbuf *out, struct imp_slice text, size_t columns,
		    int unicode)
{
	struct imp_slice mark = fitting_start(marker(unicode), columns);
	size_t room = columns - imp_width(mark);

	if (imp_width(text) <= columns) {
		imp_strbuf_add_slice(out, text);
		return;
	}
	imp_strbuf_add_slice(out, fitting_start(text, room - room / 3));
	imp_strbuf_add_slice(out, mark);
	imp_strbuf_add_slice(out, fitting_end(text, room / 3));
}

void imp_pad(struct imp_strbuf *out, struct imp_slice text, size_t columns, int right)
{
	size_t width = imp_width(text);
	int spaces = width < columns ? (int)(columns - width) : 0;
	imp_strbuf_printf(out, "%*s", right ? spaces : 0, "");
	imp_strbuf_add_slice(out, text);
	imp_strbuf_printf(out, "%*s", right ? 0 : spaces, "");
}
