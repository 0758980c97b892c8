#include "rows.h"

#include "strip.h"

/* A row has ten values and more; there are none but for nodes of two trees. */
enum { LEAST_ROW_BYTES = 20 };

/* The index of the row behind the comma or bracket at I; past the end when there is none. */
static size_t next_row(struct imp_slice text, size_t i)
{
	size_t at = imp_strip_space(text, i + 1);

	return at < text.len && (text.data[at] == '[' || text.data[at] == '{') ? at
									       : text.len;
}

/* 0 when the list is broken, too: then *WELL is false. */
static size_t count_rows(struct imp_slice text, bool *well)
{
	size_t i = 0, end, count = 0, first = imp_strip_space(text, 1);

	*well = first + 1 == text.len && text.data[first] == ']';
	if (*well)
		return 0;
	for (;; count++) {
		i = next_row(text, i);
		if (i == text.len)
			return 0;
		end = imp_strip_nested(text, i);
		i = imp_strip_space(text, end);
		if (i >= text.len || text.data[i] != ',')
			break;
	}
	*well = i + 1 == text.len && text.data[i] == ']';
	return *well ? count + 1 : 0;
}

static struct imp_slice list_of(struct imp_reading *reading, const json_t *object,
				const char *key)
{
	const json_t *value = json_object_get(object, key);
	json_int_t number = json_integer_value(value);

	if (json_is_integer(value) && number >= 0 &&
	    (uint64_t)number < reading->lists->count)
		return reading->lists->list[number];
	imp_reading_break(reading, key);
	return IMP_SLICE("[]");
}

size_t imp_read_rows_open(struct imp_read_rows *rows, struct imp_reading *reading,
			  const json_t *object, const char *key)
{
	bool well;

	*rows = (struct imp_read_rows){.reading = reading, .key = key};
	rows->text = list_of(reading, object, key);
	size_t count = count_rows(rows->text, &well);
	if (well && count <= rows->text.len / LEAST_ROW_BYTES &&
	    count <= 2 * (uint64_t)reading->limits->nodes)
		return count;
	imp_reading_break(reading, key);
	return 0;
}

const json_t *imp_read_rows_next(struct imp_read_rows *rows)
{
	struct imp_error ignored = {0};
	size_t start = next_row(rows->text, rows->at);
	size_t end = imp_strip_nested(rows->text, start);

	json_decref(rows->row);
	rows->row = NULL;
	rows->at = imp_strip_space(rows->text, end);
	if (imp_json_parse_any(imp_slice(rows->text.data + start, end - start),
			       rows->reading->limits, "row", &rows->row, &ignored) == 0)
		return rows->row;
	imp_reading_break(rows->reading, rows->key);
	return json_null();
}

void imp_read_rows_finish(struct imp_read_rows *rows)
{
	json_decref(rows->row);
}
