#include "case.h"

#include <string.h>

#include "imgprof/varint.h"

static void assert_bytes(uint64_t value, const char *bytes, size_t len)
{
	struct imp_strbuf out = {0};
	uint64_t found = 0;

	imp_varint_add(&out, value);
	assert_int_equal(out.len, len);
	assert_memory_equal(out.data, bytes, len);
	const uint8_t *at = (const uint8_t *)out.data;
	assert_true(imp_varint_take(&at, at + len, &found));
	assert_true(found == value);
	assert_ptr_equal(at, out.data + len);
	imp_strbuf_finish(&out);
}

CASE(numbers_come_back)
{
	assert_bytes(0, "\0", 1);
	assert_bytes(127, "\x7f", 1);
	assert_bytes(128, "\x80\x01", 2);
	assert_bytes(624485, "\xe5\x8e\x26", 3); /* DWARF 5, 7.6 */
	assert_bytes(UINT64_MAX, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10);
}

static void assert_refused(const char *bytes, size_t len)
{
	const uint8_t *at = (const uint8_t *)bytes;
	uint64_t value;

	assert_false(imp_varint_take(&at, at + len, &value));
}

CASE(what_is_cut_padded_or_too_large_is_refused)
{
	assert_refused("", 0);
	assert_refused("\x80", 1);
	assert_refused("\x80\x00", 2);
	assert_refused("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10);
	assert_refused("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11);
}

CASE(small_differences_stay_small)
{
	static const int64_t values[] = {0, -1, 1, -2, 2, INT64_MAX, INT64_MIN};

	for (uint64_t i = 0; i < 5; i++)
		assert_true(imp_zigzag(values[i]) == i);
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		assert_true(imp_unzigzag(imp_zigzag(values[i])) == values[i]);
}
