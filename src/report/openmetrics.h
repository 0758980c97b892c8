/* Pieces of OpenMetrics text: a family is its head, then its samples, each from OPEN over any
 * number of LABELs to its VALUE. */
#pragma once

#include "imgprof/compare.h"
#include "imgprof/report.h"
#include "imgprof/strbuf.h"

/* NAME ends in UNIT, which may be "". */
void imp_metrics_family(struct imp_strbuf *out, const char *name, const char *unit,
			const char *help);
void imp_metrics_open(struct imp_strbuf *out, const char *name, const char *image,
		      const struct imp_platform *platform);
void imp_metrics_label(struct imp_strbuf *out, const char *label, struct imp_slice value);
void imp_metrics_value(struct imp_strbuf *out, uint64_t value);
void imp_metrics_change(struct imp_strbuf *out, const struct imp_before_after *figure);
int imp_metrics_end(struct imp_strbuf *buffer, FILE *out, struct imp_error *err);
/* A count of things, not bytes. */
bool imp_metrics_counts(enum imp_total total);

imp_report_write imp_metrics_write_diff;
