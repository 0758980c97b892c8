#include "imgprof/units.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "imgprof/checked.h"

#define NS_PER_S 1000000000

static const char *const decimal_names[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
static const char *const iec_names[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

enum { UNIT_COUNT = sizeof(decimal_names) / sizeof(decimal_names[0]) };

static const uint64_t powers_of_ten[] = {1, 10, 100, 1000};

/* VALUE * SCALE / UNIT, rounded half up. */
static unsigned __int128 scale_rounded(uint64_t value, uint64_t scale, uint64_t unit)
{
	return ((unsigned __int128)value * scale + unit / 2) / unit;
}

/* Writes BYTES in UNIT with three significant digits; false when that needs a fourth one
 * before the point. */
static bool print_in_unit(uint64_t bytes, uint64_t unit, const char *name, char *out)
{
	for (int digits = 3; digits >= 0; digits--) {
		unsigned __int128 rounded =
			scale_rounded(bytes, powers_of_ten[digits], unit);
		if (rounded >= 1000)
			continue;
		char text[8];
		snprintf(text, sizeof(text), "%03u", (unsigned)rounded);
		snprintf(out, IMP_SIZE_TEXT, "%s%.*s%s%s %s", digits == 3 ? "0" : "",
			 3 - digits, text, digits ? "." : "", text + 3 - digits, name);
		return true;
	}
	return false;
}

const char *imp_size_text(uint64_t bytes, enum imp_units units,
			  char out[static IMP_SIZE_TEXT])
{
	if (units == IMP_UNITS_BYTES) {
		snprintf(out, IMP_SIZE_TEXT, "%" PRIu64, bytes);
		return out;
	}
	if (bytes < 1000) {
		snprintf(out, IMP_SIZE_TEXT, "%" PRIu64 " B", bytes);
		return out;
	}
	bool iec = units == IMP_UNITS_IEC;
	uint64_t unit = 1;
	for (int i = 1; i < UNIT_COUNT; i++) {
		unit *= iec ? 1024 : 1000;
		if (print_in_unit(bytes, unit, iec ? iec_names[i] : decimal_names[i],
				  out))
			break;
	}
	return out;
}

bool imp_units_parse(struct imp_slice text, enum imp_units *out)
{
	static const struct {
		const char *name;
		enum imp_units units;
	} names[] = {
		{"decimal", IMP_UNITS_DECIMAL},
		{"si", IMP_UNITS_DECIMAL},
		{"iec", IMP_UNITS_IEC},
		{"bytes", IMP_UNITS_BYTES},
	};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (imp_slice_is(text, names[i].name)) {
			*out = names[i].units;
			return true;
		}
	}
	return false;
}

/* Cuts the digits at the start of *TEXT off; false when there are none. */
static struct imp_slice cut_digits(struct imp_slice *text)
{
	size_t len = 0;
	while (len < text->len && text->data[len] >= '0' && text->data[len] <= '9')
		len++;
	struct imp_slice digits = imp_slice(text->data, len);
	*text = imp_slice_skip(*text, len);
	return digits;
}

/* "", "B", "k", "kB", "Ki", "KiB" and so on in any case of letters. */
static bool parse_unit(struct imp_slice text, uint64_t *out)
{
	static const char letters[] = "kmgtpe";
	*out = 1;
	if (text.len > 0 && (text.data[text.len - 1] | 0x20) == 'b')
		text.len--;
	if (text.len == 0)
		return true;
	bool iec = text.len == 2 && (text.data[1] | 0x20) == 'i';
	const char *letter = memchr(letters, text.data[0] | 0x20, sizeof(letters) - 1);
	if (!letter || (text.len != 1 && !iec))
		return false;
	for (const char *p = letters; p <= letter; p++)
		*out *= iec ? 1024 : 1000;
	return true;
}

bool imp_size_parse(struct imp_slice text, uint64_t *out)
{
	unsigned long long whole;
	if (!imp_slice_u64(cut_digits(&text), &whole))
		return false;
	struct imp_slice fraction = {NULL, 0};
	if (imp_slice_starts(text, IMP_SLICE("."))) {
		text = imp_slice_skip(text, 1);
		fraction = cut_digits(&text);
		if (fraction.len == 0 || fraction.len > 18)
			return false;
	}
	if (imp_slice_starts(text, IMP_SLICE(" "))) {
		text = imp_slice_skip(text, 1);
		if (text.len == 0)
			return false;
	}

	uint64_t unit;
	if (!parse_unit(text, &unit) || (fraction.data && unit == 1))
		return false;
	uint64_t bytes;
	if (imp_mul_overflows(whole, unit, &bytes))
		return false;
	/* In units of 1/10^18 byte: exact for as many digits as are taken. */
	unsigned __int128 parts = 0;
	unsigned __int128 worth = (unsigned __int128)unit * 1000000000000000000;
	for (size_t i = 0; i < fraction.len; i++) {
		worth /= 10;
		parts += worth * (unsigned)(fraction.data[i] - '0');
	}
	if (imp_add_overflows(bytes, (uint64_t)(parts / 1000000000000000000), &bytes))
		return false;
	*out = bytes;
	return true;
}

static const char *const exact_units[] = {"B",   "kB",  "MB",  "GB",  "TB",
					  "KiB", "MiB", "GiB", "TiB", NULL};

/* "Mb", "mb" and "M" as MB, "mib" as MiB. */
static const char *near_unit(struct imp_slice unit)
{
	for (const char *const *name = exact_units; *name; name++) {
		size_t len = strlen(*name);
		if ((unit.len == len || (unit.len > 0 && unit.len == len - 1)) &&
		    strncasecmp(unit.data, *name, unit.len) == 0)
			return *name;
	}
	return NULL;
}

bool imp_size_parse_exact(struct imp_slice text, uint64_t *out, const char **near)
{
	size_t number = 0;

	*near = NULL;
	while (number < text.len && memchr("0123456789. ", text.data[number], 12))
		number++;
	struct imp_slice unit = imp_slice_skip(text, number);
	if (unit.len == 0)
		return imp_size_parse(text, out);
	for (const char *const *name = exact_units; *name; name++)
		if (imp_slice_is(unit, *name))
			return imp_size_parse(text, out);
	*near = near_unit(unit);
	return false;
}

const char *imp_percent_text(uint64_t part, uint64_t whole,
			     char out[static IMP_SIZE_TEXT])
{
	char digits[IMP_SIZE_TEXT];

	if (part == 0 || whole == 0)
		snprintf(out, IMP_SIZE_TEXT, "0 %%");
	else if ((unsigned __int128)part * 100 < whole)
		snprintf(out, IMP_SIZE_TEXT, "<1 %%");
	else if (scale_rounded(part, 1000, whole) < 100)
		snprintf(out, IMP_SIZE_TEXT, "%u.%u %%",
			 (unsigned)scale_rounded(part, 1000, whole) / 10,
			 (unsigned)scale_rounded(part, 1000, whole) % 10);
	else
		snprintf(out, IMP_SIZE_TEXT, "%.28s %%",
			 imp_count_text((uint64_t)scale_rounded(part, 100, whole),
					digits));
	return out;
}

/* Puts the sign of AFTER - BEFORE before TEXT, unless it prints as nothing. */
static const char *sign_text(bool nothing, bool fell, const char *text,
			     char out[static IMP_SIZE_TEXT])
{
	snprintf(out, IMP_SIZE_TEXT, "%s%.*s",
		 nothing ? ""
		 : fell  ? "-"
			 : "+",
		 IMP_SIZE_TEXT - 2, text);
	return out;
}

const char *imp_change_text(uint64_t before, uint64_t after, enum imp_units units,
			    char out[static IMP_SIZE_TEXT])
{
	char text[IMP_SIZE_TEXT];
	bool fell = after < before;

	imp_size_text(fell ? before - after : after - before, units, text);
	return sign_text(before == after, fell, text, out);
}

const char *imp_change_percent_text(uint64_t before, uint64_t after,
				    char out[static IMP_SIZE_TEXT])
{
	char text[IMP_SIZE_TEXT];
	bool fell = after < before;

	if (before != after && (before == 0 || after == 0)) {
		snprintf(out, IMP_SIZE_TEXT, "%s", after == 0 ? "gone" : "new");
		return out;
	}
	imp_percent_text(fell ? before - after : after - before, before, text);
	bool unsigned_text = before == after || text[0] == '<';
	return sign_text(unsigned_text, fell, text, out);
}

const char *imp_count_text(uint64_t count, char out[static IMP_SIZE_TEXT])
{
	char digits[IMP_SIZE_TEXT];
	int len = snprintf(digits, sizeof(digits), "%" PRIu64, count);
	char *to = out;
	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			*to++ = ',';
		*to++ = digits[i];
	}
	*to = '\0';
	return out;
}

/* Takes exactly DIGITS digits off the start of *TEXT, at most MAX in value. */
static bool take_number(struct imp_slice *text, size_t digits, int max, int *out)
{
	unsigned long long value;
	if (text->len < digits || !imp_slice_u64(imp_slice(text->data, digits), &value) ||
	    value > (unsigned long long)max)
		return false;
	*out = (int)value;
	*text = imp_slice_skip(*text, digits);
	return true;
}

static bool take_char(struct imp_slice *text, const char *choices)
{
	if (text->len == 0 || text->data[0] == '\0' || !strchr(choices, text->data[0]))
		return false;
	*text = imp_slice_skip(*text, 1);
	return true;
}

/* YYYY-MM-DDTHH:MM:SS to seconds as if it were UTC. */
static bool take_date_time(struct imp_slice *text, int64_t *out_s)
{
	int year, month, day, hour, minute, second;
	if (!take_number(text, 4, 9999, &year) || !take_char(text, "-") ||
	    !take_number(text, 2, 12, &month) || !take_char(text, "-") ||
	    !take_number(text, 2, 31, &day) || !take_char(text, "Tt") ||
	    !take_number(text, 2, 23, &hour) || !take_char(text, ":") ||
	    !take_number(text, 2, 59, &minute) || !take_char(text, ":") ||
	    !take_number(text, 2, 60, &second)) /* 60: a leap second */
		return false;
	struct tm date = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
	time_t midnight_s = timegm(&date);
	/* timegm normalises: a day that no calendar has moves to another month. */
	if (date.tm_mon != month - 1 || date.tm_mday != day)
		return false;
	*out_s = (int64_t)midnight_s + (hour * INT64_C(60) + minute) * 60 + second;
	return true;
}

/* "." and 1 to 9 digits, or nothing. */
static bool take_fraction(struct imp_slice *text, int64_t *out_ns)
{
	*out_ns = 0;
	if (!take_char(text, "."))
		return true;
	struct imp_slice digits = cut_digits(text);
	if (digits.len == 0 || digits.len > 9)
		return false;
	for (size_t i = 0; i < 9; i++)
		*out_ns = *out_ns * 10 + (i < digits.len ? digits.data[i] - '0' : 0);
	return true;
}

/* "Z", "+HH:MM" or "-HH:MM". */
static bool take_offset(struct imp_slice *text, int64_t *out_s)
{
	*out_s = 0;
	if (take_char(text, "Zz"))
		return true;
	bool west = imp_slice_starts(*text, IMP_SLICE("-"));
	int hour, minute;
	if (!take_char(text, "+-") || !take_number(text, 2, 23, &hour) ||
	    !take_char(text, ":") || !take_number(text, 2, 59, &minute))
		return false;
	*out_s = (west ? -60 : 60) * (hour * INT64_C(60) + minute);
	return true;
}

bool imp_time_parse(struct imp_slice text, int64_t *out_ns)
{
	int64_t seconds, fraction_ns, offset_s;
	if (!take_date_time(&text, &seconds) || !take_fraction(&text, &fraction_ns) ||
	    !take_offset(&text, &offset_s) || text.len != 0)
		return false;
	__int128 time_ns = (__int128)(seconds - offset_s) * NS_PER_S + fraction_ns;
	if (time_ns < INT64_MIN || time_ns > INT64_MAX)
		return false;
	*out_ns = (int64_t)time_ns;
	return true;
}

const char *imp_time_text(int64_t time_ns, char out[static IMP_SIZE_TEXT])
{
	int64_t seconds = time_ns / NS_PER_S - (time_ns % NS_PER_S < 0);
	struct tm date;
	time_t when = (time_t)seconds;
	gmtime_r(&when, &date);
	strftime(out, IMP_SIZE_TEXT, "%Y-%m-%dT%H:%M:%SZ", &date);
	return out;
}
