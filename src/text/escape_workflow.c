#include "imgprof/escape.h"

#include <stdint.h>
#include <string.h>

#include "imgprof/cleanup.h"

static void add_encoded(struct imp_strbuf *out, struct imp_slice text,
			const char *characters)
{
	for (size_t i = 0; i < text.len; i++)
		if (strchr(characters, text.data[i]))
			imp_strbuf_printf(out, "%%%02X", (unsigned)(uint8_t)text.data[i]);
		else
			imp_strbuf_add_char(out, text.data[i]);
}

void imp_escape_workflow_message(struct imp_strbuf *out, struct imp_slice text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};

	imp_escape_terminal(&line, text);
	add_encoded(out, imp_strbuf_slice(&line), "%\r\n");
}

void imp_escape_workflow_property(struct imp_strbuf *out, struct imp_slice text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};

	imp_escape_terminal(&line, text);
	add_encoded(out, imp_strbuf_slice(&line), "%\r\n:,");
}
