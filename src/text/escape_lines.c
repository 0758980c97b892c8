/* Escapers of formats that are read line by line. */
#include "imgprof/escape.h"

#include <string.h>

#include "imgprof/cleanup.h"

void imp_escape_openmetrics(struct imp_strbuf *out, struct imp_slice text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};

	imp_escape_terminal(&line, text);
	for (size_t i = 0; i < line.len; i++) {
		if (line.data[i] == '\\' || line.data[i] == '"')
			imp_strbuf_add_char(out, '\\');
		imp_strbuf_add_char(out, line.data[i]);
	}
}

void imp_escape_folded(struct imp_strbuf *out, struct imp_slice text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};

	imp_escape_terminal(&line, text);
	for (size_t i = 0; i < line.len; i++)
		if (line.data[i] == ';')
			imp_strbuf_add_text(out, "\\x3b");
		else
			imp_strbuf_add_char(out, line.data[i]);
}

void imp_escape_uri_path(struct imp_strbuf *out, struct imp_slice text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-._~/";

	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] && strchr(plain, text.data[i]))
			imp_strbuf_add_char(out, text.data[i]);
		else
			imp_strbuf_printf(out, "%%%02X",
					  (unsigned)(unsigned char)text.data[i]);
}
