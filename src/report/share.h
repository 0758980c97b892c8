/* The formats of a share. */
#pragma once

#include "writer_priv.h"

imp_report_write imp_text_share;
imp_report_write imp_json_write_share;
imp_report_write imp_ndjson_share;
imp_report_write imp_csv_share;

/* The members of one row, for json and ndjson. */
void imp_json_share_image(struct imp_json_writer *w, const struct imp_share *share,
			  size_t index);
void imp_json_share_layer(struct imp_json_writer *w, const struct imp_share *share,
			  size_t index);
void imp_json_share_pair(struct imp_json_writer *w, const struct imp_share *share,
			 size_t index);
void imp_json_share_group(struct imp_json_writer *w, const struct imp_share *share,
			  size_t index);
void imp_json_share_drift(struct imp_json_writer *w, const struct imp_share *share,
			  size_t index);
void imp_json_share_need(struct imp_json_writer *w, const struct imp_share *share,
			 size_t index);
/* The value of `plan`. */
void imp_json_share_plan(struct imp_json_writer *w, const struct imp_share *share);
