/* Prices as text: rows of data/prices.tsv, and what --price takes. */
#include <string.h>

#include "imgprof/checked.h"
#include "imgprof/cost.h"
#include "imgprof/units.h"

extern const char imp_prices_text[];
extern const size_t imp_prices_text_bytes;

enum column {
	NAME,
	CURRENCY,
	BASE,
	DEDUPE,
	TIERS,
	FREE_GB,
	FIXED,
	DATE,
	SOURCE,
	COLUMNS
};

bool imp_unit_base_parse(struct imp_slice text, uint64_t *out)
{
	unsigned long long number;

	if (imp_slice_is(text, "1e9") || imp_slice_is(text, "10^9"))
		*out = 1000000000;
	else if (imp_slice_is(text, "2^30"))
		*out = UINT64_C(1) << 30;
	else if (imp_slice_u64(text, &number) && number >= 1000000 &&
		 number <= UINT64_C(1) << 40)
		*out = number;
	else
		return false;
	return true;
}

static bool parse_amount(struct imp_slice text, uint64_t *nano)
{
	struct imp_slice currency;
	return imp_money_parse(text, nano, &currency) && currency.len == 0;
}

/* "0:10,0.09125" */
static bool parse_tiers(struct imp_slice rest, struct imp_price *price)
{
	uint64_t below_gb = 0;

	while (rest.data) {
		struct imp_slice bound = imp_slice_cut(&rest, ',');
		struct imp_slice amount = imp_slice_cut(&bound, ':');
		unsigned long long up_to = UINT64_MAX;
		if (price->tier_count == IMP_PRICE_TIERS || !bound.data != !rest.data ||
		    (bound.data && !imp_slice_u64(bound, &up_to)) || up_to <= below_gb)
			return false;
		struct imp_price_tier *tier = &price->tiers[price->tier_count++];
		tier->up_to_gb = below_gb = up_to;
		if (!parse_amount(amount, &tier->nano_per_gb))
			return false;
	}
	return price->tier_count > 0;
}

/* GB with a fraction, as bytes. */
static bool parse_free(struct imp_slice text, struct imp_price *price)
{
	uint64_t nano;

	if (!parse_amount(text, &nano))
		return false;
	price->free_bytes = imp_mul_div(nano, price->unit_base, 1000000000);
	return true;
}

static bool parse_date(struct imp_slice text, struct imp_arena *arena,
		       struct imp_price *price)
{
	int64_t ignored;
	struct imp_slice time = imp_slice_of(
		imp_arena_printf(arena, "%.*sT00:00:00Z", (int)text.len, text.data));

	price->date = imp_arena_copy(arena, text).data;
	return imp_time_parse(time, &ignored);
}

static bool parse_row(struct imp_slice *columns, struct imp_arena *arena,
		      struct imp_price *out)
{
	struct imp_price price = {.replicas = 1};

	price.name = imp_arena_copy(arena, columns[NAME]).data;
	price.currency = imp_arena_copy(arena, columns[CURRENCY]).data;
	price.source = imp_arena_copy(arena, columns[SOURCE]).data;
	if (!columns[NAME].len || !columns[CURRENCY].len ||
	    !imp_unit_base_parse(columns[BASE], &price.unit_base) ||
	    !imp_dedupe_parse(columns[DEDUPE], &price.dedupe) ||
	    !parse_tiers(columns[TIERS], &price) ||
	    !parse_free(columns[FREE_GB], &price) ||
	    !parse_amount(columns[FIXED], &price.fixed_nano) ||
	    !parse_date(columns[DATE], arena, &price))
		return false;
	*out = price;
	return true;
}

static size_t split(struct imp_slice line, struct imp_slice *columns)
{
	size_t count = 0;

	while (line.data && count < COLUMNS)
		columns[count++] = imp_slice_trim(imp_slice_cut(&line, '\t'), " \r");
	return line.data ? COLUMNS + 1 : count;
}

/* The row of that NAME, or the first one (NAME.data NULL). 1 when there is none. */
static int find_row(struct imp_slice text, struct imp_slice name, const char *file,
		    struct imp_arena *arena, struct imp_price *out, struct imp_error *err)
{
	for (size_t line_number = 1; text.data; line_number++) {
		struct imp_slice columns[COLUMNS];
		struct imp_slice line = imp_slice_cut(&text, '\n');
		if (line.len == 0 || line.data[0] == '#')
			continue;
		size_t count = split(line, columns);
		if (name.data && !imp_slice_equal(columns[NAME], name))
			continue;
		if (count != COLUMNS || !parse_row(columns, arena, out))
			return imp_fail(err, IMP_E_USAGE,
					"%s:%zu: not a price: expected name, currency, "
					"base, dedupe, tiers, free_gb, fixed, date and "
					"source between tabs",
					file, line_number);
		return 0;
	}
	return 1;
}

/* "0.023USD/GB-month" */
static bool parse_number(struct imp_slice text, struct imp_arena *arena,
			 struct imp_price *out)
{
	static const struct imp_slice suffix = IMP_SLICE("/GB-month");
	struct imp_price price = {.replicas = 1, .tier_count = 1};
	struct imp_slice currency;

	if (!imp_slice_ends(text, suffix))
		return false;
	struct imp_slice amount = imp_slice(text.data, text.len - suffix.len);
	if (!imp_money_parse(amount, &price.tiers[0].nano_per_gb, &currency))
		return false;
	price.tiers[0].up_to_gb = UINT64_MAX;
	price.unit_base = 1000000000;
	price.name = imp_arena_copy(arena, text).data;
	price.currency = currency.len ? imp_arena_copy(arena, currency).data : "USD";
	*out = price;
	return true;
}

static int no_such_preset(struct imp_slice text, struct imp_error *err)
{
	struct imp_slice rest = imp_slice(imp_prices_text, imp_prices_text_bytes);
	imp_auto(imp_strbuf_finish) struct imp_strbuf names = {0};

	while (rest.data) {
		struct imp_slice line = imp_slice_cut(&rest, '\n');
		if (line.len == 0 || line.data[0] == '#')
			continue;
		imp_strbuf_add_char(&names, ' ');
		imp_strbuf_add_slice(&names, imp_slice_cut(&line, '\t'));
	}
	imp_fail(err, IMP_E_USAGE, "no price '%.*s'", (int)text.len, text.data);
	return imp_hint(err, "one of%s; or 0.10USD/GB-month, or a file", names.data);
}

int imp_price_parse(struct imp_slice text, const struct imp_slice *file_text,
		    struct imp_arena *arena, struct imp_price *out, struct imp_error *err)
{
	struct imp_slice presets = imp_slice(imp_prices_text, imp_prices_text_bytes);
	int rc;

	if (file_text) {
		const char *file = imp_arena_copy(arena, text).data;
		rc = find_row(*file_text, (struct imp_slice){0}, file, arena, out, err);
		return rc == 1 ? imp_fail(err, IMP_E_USAGE, "%s: no price in it", file)
			       : rc;
	}
	if (parse_number(text, arena, out))
		return 0;
	rc = find_row(presets, text.data ? text : IMP_SLICE(""), "prices.tsv", arena, out,
		      err);
	return rc == 1 ? no_such_preset(text, err) : rc;
}
