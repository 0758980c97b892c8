/* Columns of numbers, there and back. */
#include "case.h"

#include "imgprof/columns.h"
#include "imgprof/escape.h"

static void there_and_back(const uint64_t *values, size_t count, const char *expected)
{
	struct imp_column column = {0};
	struct imp_column_reader reader;
	struct imp_strbuf text = {0};
	uint64_t value;

	for (size_t i = 0; i < count; i++)
		imp_column_add(&column, values[i]);
	imp_column_finish(&column, &text);
	if (expected)
		assert_string_equal(text.data ? text.data : "", expected);
	imp_column_open(&reader, imp_strbuf_slice(&text));
	for (size_t i = 0; i < count; i++) {
		assert_true(imp_column_next(&reader, &value));
		assert_int_equal(value, values[i]);
	}
	assert_true(imp_column_close(&reader));
	imp_strbuf_finish(&text);
}

CASE(numbers_come_back)
{
	static const uint64_t any[] = {
		0, UINT64_MAX, 1, 1, (uint64_t)1 << 63, 5, 5, 5, 5, 6, 7, 300, 299, 0};
	there_and_back(any, 0, "");
	for (size_t count = 1; count <= sizeof(any) / sizeof(*any); count++)
		there_and_back(any, count, NULL);
}

/* Steps +1 +1 and 3 more of it, then +3: zigzag 2 2, 3, 6. */
CASE(equal_steps_are_counted)
{
	static const uint64_t counting[] = {1, 2, 3, 4, 5, 8};

	there_and_back(counting, 6, "AgIDBg==");
}

static bool reads(const char *text, size_t count)
{
	struct imp_column_reader reader;
	uint64_t value;
	bool all = true;

	imp_column_open(&reader, imp_slice_of(text));
	for (size_t i = 0; i < count; i++)
		all &= imp_column_next(&reader, &value);
	return imp_column_close(&reader) && all;
}

CASE(malformed_columns_are_refused)
{
	assert_true(reads("AgIDBg==", 6));
	assert_false(reads("AgIDBg==", 5));         /* one is left */
	assert_false(reads("AgIDBg==", 7));         /* one is missing */
	assert_false(reads("AgI=", 3));             /* the count is missing */
	assert_false(reads("gA==", 1));             /* a number without end */
	assert_false(reads("////////////fw==", 1)); /* beyond 64 bits */
	assert_false(reads("no base64!", 1));
	assert_false(reads("AgIC", 2)); /* two more are counted */
}
