#include "messages.h"

#include <string.h>

#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/width.h"

enum { MESSAGE_COLUMNS = 300 };

static void add_foreign(struct imp_strbuf *out, struct imp_slice text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf escaped = {0};

	imp_escape_terminal(&escaped, text);
	imp_fit_end(out, imp_strbuf_slice(&escaped), MESSAGE_COLUMNS, 0);
}

void imp_message_error(const struct imp_error *error, struct imp_strbuf *out)
{
	imp_strbuf_add_text(out, "imgprof: ");
	add_foreign(out, imp_slice_of(error->message));
	if (error->hint[0]) {
		imp_strbuf_add_text(out, " (");
		add_foreign(out, imp_slice_of(error->hint));
		imp_strbuf_add_char(out, ')');
	}
}

void imp_message_warning(const struct imp_warning *warning, struct imp_strbuf *out)
{
	imp_strbuf_add_text(out, "imgprof: warning: ");
	if (warning->layer != IMP_NO_LAYER)
		imp_strbuf_printf(out, "layer %d: ", warning->layer);
	if (warning->path.len) {
		add_foreign(out, warning->path);
		imp_strbuf_add_text(out, ": ");
	}
	add_foreign(out, imp_slice_of(warning->message));
	if (warning->count > 1)
		imp_strbuf_printf(out, " (and %llu more)",
				  (unsigned long long)(warning->count - 1));
	imp_strbuf_printf(out, " [%s]", warning->code);
}
