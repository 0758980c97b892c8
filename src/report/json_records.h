/* `records` of an image in a JSON document: what the tree holds beyond the rows of `tree`. */
#pragma once

#include "writer_priv.h"

/* One object of columns (imgprof/columns.h), from which the image's tree, owners, verdicts and
 * reach are made again: docs/report-format.md. The image has a tree. */
void imp_json_records(struct imp_json_writer *w, const struct imp_analysis *image);
