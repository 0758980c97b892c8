#include "fixed.h"

#include <stdlib.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"

struct imp_fixed imp_fixed_for(uint64_t largest, enum imp_units units)
{
	static const struct imp_fixed decimal[] = {
		{1000000000, "GB"}, {1000000, "MB"}, {1000, "kB"}, {1, "B"}};
	static const struct imp_fixed iec[] = {
		{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}, {1, "B"}};
	const struct imp_fixed *list = units == IMP_UNITS_IEC ? iec : decimal;
	size_t i = units == IMP_UNITS_BYTES ? 3 : 0;

	/* Megabytes up to four digits before the point: that is what images are told in. What
	 * rounds to the end of a unit's range is told in the next. */
	while (i < 3 && largest < (i == 0 ? list[0].unit * 10 : list[i].unit) -
					  list[i + 1].unit / 20)
		i++;
	return list[i];
}

static uint64_t magnitude(int64_t value)
{
	return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

static uint64_t tenths_of(const struct imp_fixed *fixed, uint64_t bytes)
{
	if (fixed->unit == 1)
		return bytes;
	return (uint64_t)(((unsigned __int128)bytes * 10 + fixed->unit / 2) /
			  fixed->unit);
}

void imp_fixed_add_size(const struct imp_fixed *fixed, uint64_t tenths,
			struct imp_strbuf *out)
{
	char text[IMP_SIZE_TEXT];
	bool whole = fixed->unit == 1;

	imp_strbuf_add_text(out, imp_count_text(whole ? tenths : tenths / 10, text));
	if (!whole)
		imp_strbuf_printf(out, ".%u", (unsigned)(tenths % 10));
	imp_strbuf_printf(out, " %s", fixed->name);
}

void imp_fixed_add(const struct imp_fixed *fixed, uint64_t bytes, struct imp_strbuf *out)
{
	imp_fixed_add_size(fixed, tenths_of(fixed, bytes), out);
}

void imp_fixed_add_tenths(const struct imp_fixed *fixed, int64_t tenths,
			  struct imp_strbuf *out)
{
	imp_strbuf_add_text(out, tenths < 0 ? "-" : tenths > 0 ? "+" : "");
	imp_fixed_add_size(fixed, magnitude(tenths), out);
}

int64_t imp_fixed_tenths(const struct imp_fixed *fixed, int64_t bytes)
{
	int64_t tenths = (int64_t)tenths_of(fixed, magnitude(bytes));

	return bytes < 0 ? -tenths : tenths;
}

struct share {
	int64_t remainder; /* 0 to unit - 1 */
	size_t index;
};

static int by_remainder(const void *a, const void *b)
{
	const struct share *x = a, *y = b;

	if (x->remainder != y->remainder)
		return x->remainder < y->remainder ? 1 : -1;
	return x->index < y->index ? -1 : x->index > y->index;
}

void imp_fixed_round(const struct imp_fixed *fixed, const int64_t *changes, size_t count,
		     int64_t *tenths)
{
	imp_auto_free struct share *shares = imp_xcalloc(count + 1, sizeof(*shares));
	__int128 unit = fixed->unit, scale = fixed->unit == 1 ? 1 : 10;
	__int128 sum = 0;
	int64_t missing;

	for (size_t i = 0; i < count; i++)
		sum += changes[i];
	missing = imp_fixed_tenths(fixed, (int64_t)sum);
	for (size_t i = 0; i < count; i++) {
		__int128 scaled = changes[i] * scale, floor = scaled / unit;
		if (floor * unit > scaled)
			floor--;
		tenths[i] = (int64_t)floor;
		shares[i] = (struct share){(int64_t)(scaled - floor * unit), i};
		missing -= tenths[i];
	}
	qsort(shares, count, sizeof(*shares), by_remainder);
	for (size_t i = 0; i < count && missing > 0; i++, missing--)
		tenths[shares[i].index]++;
}
