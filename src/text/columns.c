#include "imgprof/columns.h"

#include "imgprof/escape.h"
#include "imgprof/varint.h"

static void end_run(struct imp_column *column)
{
	if (column->same == 2)
		imp_varint_add(&column->bytes, column->more);
	column->same = 0;
	column->more = 0;
}

void imp_column_add(struct imp_column *column, uint64_t value)
{
	uint64_t step = imp_zigzag((int64_t)(value - column->last));
	bool equal = column->same > 0 && step == column->step;

	column->last = value;
	if (column->same == 2 && equal) {
		column->more++;
		return;
	}
	if (column->same == 2)
		end_run(column);
	imp_varint_add(&column->bytes, step);
	column->same = equal ? 2 : 1;
	column->step = step;
}

void imp_column_finish(struct imp_column *column, struct imp_strbuf *out)
{
	end_run(column);
	imp_base64_encode(out, imp_strbuf_slice(&column->bytes));
	imp_strbuf_finish(&column->bytes);
	*column = (struct imp_column){0};
}

void imp_column_open(struct imp_column_reader *reader, struct imp_slice text)
{
	*reader = (struct imp_column_reader){0};
	reader->damaged = !imp_base64_decode(&reader->bytes, text);
}

static bool read_number(struct imp_column_reader *reader, uint64_t *value)
{
	const uint8_t *start = (const uint8_t *)imp_strbuf_slice(&reader->bytes).data;
	const uint8_t *at = start + reader->at;

	if (imp_varint_take(&at, start + reader->bytes.len, value)) {
		reader->at = (size_t)(at - start);
		return true;
	}
	reader->damaged = true;
	return false;
}

/* Another number of the run that two equal steps began. */
static bool take_repeat(struct imp_column_reader *reader)
{
	if (reader->same != 2)
		return false;
	if (!reader->counted) {
		reader->counted = true;
		if (!read_number(reader, &reader->more))
			return false;
	}
	if (reader->more == 0)
		return false;
	reader->more--;
	return true;
}

bool imp_column_next(struct imp_column_reader *reader, uint64_t *value)
{
	uint64_t step = reader->step;

	if (!take_repeat(reader)) {
		bool equal = reader->same == 1;
		if (reader->damaged || reader->at == reader->bytes.len ||
		    !read_number(reader, &step))
			return false;
		reader->same = equal && step == reader->step ? 2 : 1;
		reader->counted = false;
		reader->step = step;
	}
	reader->last += (uint64_t)imp_unzigzag(step);
	*value = reader->last;
	return true;
}

bool imp_column_close(struct imp_column_reader *reader)
{
	bool whole = !take_repeat(reader) && !reader->damaged &&
		     reader->at == reader->bytes.len;

	imp_strbuf_finish(&reader->bytes);
	return whole;
}
