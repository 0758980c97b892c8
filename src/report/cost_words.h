/* What formats say about a cost report, in the same words. */
#pragma once

#include "imgprof/json_writer.h"
#include "imgprof/report.h"
#include "imgprof/strbuf.h"

imp_report_write imp_text_cost, imp_json_write_cost, imp_ndjson_write_cost;
imp_report_write imp_csv_write_cost;

/* "price: flat, 0.10 USD per GB-month (GB = 10^9), each blob once per repository"; raw where
 * the user's own. */
void imp_cost_price_words(const struct imp_cost_report *report, struct imp_strbuf *out);
/* "web:v3, latest" or "web@sha256:0123456789ab"; raw. */
void imp_cost_image_name(const struct imp_cost_report *report, uint32_t image,
			 struct imp_strbuf *out);
/* The expression, or "all together". */
const char *imp_cost_what_if_words(const struct imp_cost_what_if_result *what_if);
/* What the reader has to know beside the numbers, one line each: NULL behind the last. */
const char *imp_cost_remark(const struct imp_cost_report *report, size_t i);

/* "+310 MB/day over 30 days, from snapshots -> +0.93 USD/month in 30 days"; false: there is
 * nothing to say. */
bool imp_cost_growth_words(const struct imp_cost_report *report, enum imp_units units,
			   struct imp_strbuf *out);
/* "36.6 kB/day over 30 days, deleted images not seen"; false: nothing was pushed. */
bool imp_cost_pushed_words(const struct imp_cost_report *report, enum imp_units units,
			   struct imp_strbuf *out);
/* The member `growth`. */
void imp_json_cost_growth(struct imp_json_writer *w,
			  const struct imp_cost_report *report);
