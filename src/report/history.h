/* What formats say about the history of costs, in the same words. */
#pragma once

#include "imgprof/cost_history.h"
#include "imgprof/report.h"
#include "imgprof/strbuf.h"

enum { IMP_SPARK_COLUMNS = 16 };

imp_report_write imp_text_history, imp_json_history, imp_ndjson_history;
imp_report_write imp_csv_history, imp_markdown_history;

/* IMP_SPARK_COLUMNS columns over the time of the scope, lowest to highest of the series; blank
 * before its first snapshot and behind its last. */
void imp_history_spark(const struct imp_cost_series *series, bool unicode,
		       struct imp_strbuf *out);
/* "2026-10-01" */
const char *imp_history_date(int64_t time_s, char out[static IMP_SIZE_TEXT]);
/* "+310 MB", or "-" when not known. */
const char *imp_history_rate(const struct imp_cost_series *series, enum imp_units units,
			     char out[static IMP_SIZE_TEXT]);
/* The scope's first series: a heading stands above it. */
bool imp_history_begins(const struct imp_cost_history *history, size_t i);
/* "counted once per repository, 12 snapshots from 2026-10-01 to 2026-11-23" */
void imp_history_words(const struct imp_cost_series *series, struct imp_strbuf *out);
/* "all of it", or the repository; raw. */
struct imp_slice imp_history_name(const struct imp_cost_series *series);
