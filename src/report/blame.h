/* The formats of a blame, and what they say in the same words. */
#pragma once

#include "imgprof/blame.h"
#include "imgprof/strbuf.h"
#include "writer_priv.h"

imp_report_write imp_text_blame, imp_json_write_blame, imp_ndjson_blame;
imp_report_write imp_csv_blame, imp_markdown_blame;

/* "v3, latest": raw. */
void imp_blame_tags(const struct imp_blame_row *row, struct imp_strbuf *out);
/* What made the change, with its instruction: raw. */
void imp_blame_cause(const struct imp_blame_row *row, struct imp_strbuf *out);
/* "on disk", "in usr/lib", "of toolchain": raw. */
void imp_blame_watched(const struct imp_blame *blame, struct imp_strbuf *out);
/* "not read: ..." or that layers are missing; empty: all is well. */
void imp_blame_trouble(const struct imp_blame_row *row, struct imp_strbuf *out);
/* The day, or "" for none. */
const char *imp_blame_day(const struct imp_blame_row *row,
			  char out[static IMP_SIZE_TEXT]);
