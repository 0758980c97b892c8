/* What bytes cost for a month. */
#include <string.h>

#include "imgprof/cost.h"
#include "imgprof/units.h"

#define YEAR_NS (INT64_C(366) * 24 * 3600 * 1000000000)

__extension__ typedef unsigned __int128 wide;

#define WIDE_MAX (~(wide)0)

/* Of one copy: nano-units times the unit base, so that only the last division rounds. */
static wide variable_cost(const struct imp_price *price, uint64_t bytes)
{
	uint64_t rest = imp_price_billable_bytes(price, bytes);
	uint64_t below_gb = 0;
	wide sum = 0;

	for (size_t i = 0; i < price->tier_count && rest; i++) {
		const struct imp_price_tier *tier = &price->tiers[i];
		wide room = (wide)(tier->up_to_gb - below_gb) * price->unit_base;
		uint64_t here = tier->up_to_gb == UINT64_MAX || room > rest
					? rest
					: (uint64_t)room;
		sum += (wide)here * tier->nano_per_gb;
		rest -= here;
		below_gb = tier->up_to_gb;
	}
	return sum;
}

static uint64_t divide(wide numerator, wide denominator)
{
	wide result = numerator / denominator;
	if (numerator % denominator >= denominator - numerator % denominator)
		result++;
	return result > UINT64_MAX ? UINT64_MAX : (uint64_t)result;
}

uint64_t imp_price_billable_bytes(const struct imp_price *price, uint64_t bytes)
{
	uint64_t free_bytes = price->free_tier ? price->free_bytes : 0;
	return bytes > free_bytes ? bytes - free_bytes : 0;
}

uint64_t imp_price_month(const struct imp_price *price, uint64_t bytes)
{
	wide fixed = (wide)price->fixed_nano * price->unit_base;
	wide one = variable_cost(price, bytes);

	if (one > WIDE_MAX / price->replicas - fixed)
		return UINT64_MAX;
	return divide((one + fixed) * price->replicas, price->unit_base);
}

uint64_t imp_price_part(const struct imp_price *price, uint64_t part, uint64_t stored)
{
	wide all;

	if (stored == 0)
		return 0;
	all = variable_cost(price, stored);
	if (all > WIDE_MAX / price->replicas)
		return UINT64_MAX;
	all *= price->replicas;
	if (part && all > WIDE_MAX / part) /* the quotient has digits enough */
		return divide(all / stored * part, price->unit_base);
	return divide(all * part, (wide)stored * price->unit_base);
}

bool imp_price_is_stale(const struct imp_price *price, int64_t now_ns)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	int64_t then_ns;

	if (!price->date)
		return false;
	imp_strbuf_printf(&text, "%sT00:00:00Z", price->date);
	return imp_time_parse(imp_strbuf_slice(&text), &then_ns) && now_ns > then_ns &&
	       now_ns - then_ns > YEAR_NS;
}
