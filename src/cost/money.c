#include <inttypes.h>
#include <stdio.h>

#include "imgprof/checked.h"
#include "imgprof/cost.h"

#define NANO UINT64_C(1000000000)

const char *imp_money_exact(uint64_t nano, char out[static IMP_MONEY_TEXT])
{
	snprintf(out, IMP_MONEY_TEXT, "%" PRIu64 ".%09" PRIu64, nano / NANO, nano % NANO);
	return out;
}

/* NANO rounded half up to a multiple of UNIT. */
static uint64_t round_to(uint64_t nano, uint64_t unit)
{
	uint64_t rest = nano % unit;
	return nano - rest + (rest >= unit - rest ? unit : 0);
}

const char *imp_money_text(uint64_t nano, char out[static IMP_MONEY_TEXT])
{
	uint64_t unit = NANO / 100;
	int places = 2;

	if (nano == 0 || nano > UINT64_MAX - NANO)
		return nano ? imp_money_exact(nano, out) : "0";
	/* Under one hundredth the first digit that counts and one more */
	while (nano < unit * 10 && nano < NANO / 100 && unit > 1) {
		unit /= 10;
		places++;
	}
	nano = round_to(nano, unit);
	snprintf(out, IMP_MONEY_TEXT, "%" PRIu64 ".%0*" PRIu64, nano / NANO, places,
		 nano % NANO / unit);
	return out;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits behind the point, as nano; at most nine of them. */
static bool parse_fraction(struct imp_slice *text, uint64_t *nano)
{
	uint64_t worth = NANO;

	if (!text->len || !is_digit(text->data[0]))
		return false;
	while (text->len && is_digit(text->data[0])) {
		if (worth == 1)
			return false;
		worth /= 10;
		*nano += worth * (uint64_t)(text->data[0] - '0');
		*text = imp_slice_skip(*text, 1);
	}
	return true;
}

static bool parse_currency(struct imp_slice text, struct imp_slice *currency)
{
	text = imp_slice_trim(text, " ");
	*currency = text;
	if (text.len == 0)
		return true;
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < 'A' || text.data[i] > 'Z')
			return false;
	return text.len == 3;
}

bool imp_money_parse(struct imp_slice text, uint64_t *nano, struct imp_slice *currency)
{
	unsigned long long whole;
	size_t digits = 0;

	while (digits < text.len && is_digit(text.data[digits]))
		digits++;
	if (!imp_slice_u64(imp_slice(text.data, digits), &whole) ||
	    imp_mul_overflows(whole, NANO, nano) || *nano > INT64_MAX)
		return false;
	text = imp_slice_skip(text, digits);
	if (text.len && text.data[0] == '.') {
		text = imp_slice_skip(text, 1);
		if (!parse_fraction(&text, nano))
			return false;
	}
	return parse_currency(text, currency);
}
