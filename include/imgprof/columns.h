/*
 * Columns: many whole numbers as one short text. Each number is the difference to the one
 * before it (zigzag, LEB128); behind two equal differences in a row stands how many more
 * of the same follow; the bytes are base64. So a column of equal or counting numbers costs
 * nothing, whatever its length.
 *
 *	imp_column_add(&column, 17);
 *	imp_column_finish(&column, &text);        -- empties the column
 *
 *	imp_column_open(&reader, text);
 *	while (imp_column_next(&reader, &value)) ...
 *	ok = imp_column_close(&reader);           -- nothing was left, nothing was wrong
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "imgprof/slice.h"
#include "imgprof/strbuf.h"

/* Zero-initialised is valid and empty. */
struct imp_column {
	struct imp_strbuf bytes;
	uint64_t last, step, more;
	unsigned same; /* equal steps in a row, up to 2 */
};

void imp_column_add(struct imp_column *column, uint64_t value);
/* Appends the base64 text to OUT. */
void imp_column_finish(struct imp_column *column, struct imp_strbuf *out);

struct imp_column_reader {
	struct imp_strbuf bytes;
	size_t at;
	uint64_t last, step, more;
	unsigned same;
	bool counted; /* `more` was read */
	bool damaged;
};

void imp_column_open(struct imp_column_reader *reader, struct imp_slice text);
/* false behind the last number, and when what follows is malformed. */
bool imp_column_next(struct imp_column_reader *reader, uint64_t *value);
/* Frees; true when all of it was read and well-formed. */
bool imp_column_close(struct imp_column_reader *reader);
