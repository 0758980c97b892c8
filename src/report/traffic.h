/* What builds push and what is pulled, in a cost report. */
#pragma once

#include "imgprof/json_writer.h"
#include "imgprof/report.h"
#include "imgprof/traffic.h"
#include "screen.h"

/* The table, below the repositories: nothing when nobody asked. */
void imp_screen_add_traffic(struct imp_screen *screen,
			    const struct imp_cost_report *report);
/* The same in Markdown: MOST rows, names in COLUMNS. */
void imp_markdown_add_traffic(const struct imp_cost_report *report, enum imp_units units,
			      size_t most, size_t columns, struct imp_strbuf *out);
/* What the figures rest on. */
void imp_traffic_words(const struct imp_cost_report *report, struct imp_strbuf *out);
/* `traffic_totals`: null when nobody asked; a row of `traffic`. */
void imp_json_traffic_totals(struct imp_json_writer *w,
			     const struct imp_cost_report *report);
void imp_json_traffic_row(struct imp_json_writer *w, const struct imp_cost_report *report,
			  uint32_t repository);
