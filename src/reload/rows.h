/* Long lists of a document, one row at a time. */
#pragma once

#include "fields.h"

struct imp_read_rows {
	struct imp_reading *reading;
	const char *key;
	struct imp_slice text;
	size_t at;
	json_t *row;
};

/* The number of rows, each of them an object or a list. */
size_t imp_read_rows_open(struct imp_read_rows *rows, struct imp_reading *reading,
			  const json_t *object, const char *key);
/* Valid until the next one; null when something is broken. */
const json_t *imp_read_rows_next(struct imp_read_rows *rows);
void imp_read_rows_finish(struct imp_read_rows *rows);
