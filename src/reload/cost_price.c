/* What a stored price says, and money. */
#include "cost.h"

#include "imgprof/checked.h"

enum { MONEY_PLACES = 9 };

static bool parse_money(struct imp_slice text, uint64_t *nano)
{
	struct imp_slice fraction = text;
	struct imp_slice whole = imp_slice_cut(&fraction, '.');
	unsigned long long units, rest;

	return fraction.len == MONEY_PLACES && imp_slice_u64(whole, &units) &&
	       imp_slice_u64(fraction, &rest) &&
	       !imp_mul_overflows(units, 1000000000, nano) &&
	       !imp_add_overflows(*nano, rest, nano);
}

uint64_t imp_reload_money(struct imp_reading *reading, const json_t *object,
			  const char *key)
{
	uint64_t nano;

	if (parse_money(imp_json_get_string(object, key), &nano))
		return nano;
	imp_reading_break(reading, key);
	return 0;
}

uint64_t imp_reload_money_is(struct imp_reading *reading, const json_t *object,
			     const char *key, uint64_t expected_nano)
{
	if (imp_reload_money(reading, object, key) != expected_nano)
		imp_reading_break(reading, key);
	return expected_nano;
}

/* The last one, and no other, takes all that is left. */
static void read_tiers(struct imp_reading *reading, const json_t *object,
		       struct imp_price *out)
{
	const json_t *list = imp_read_array(reading, object, "tiers");
	size_t count = json_array_size(list);
	uint64_t below_gb = 0;

	if (count == 0 || count > IMP_PRICE_TIERS) {
		imp_reading_break(reading, "tiers");
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const json_t *one = imp_read_element(reading, list, i, "tiers");
		struct imp_price_tier *tier = &out->tiers[i];
		bool open = json_is_null(json_object_get(one, "up_to_gb"));
		tier->up_to_gb =
			open ? UINT64_MAX
			     : imp_read_number(reading, one, "up_to_gb", INT64_MAX);
		tier->nano_per_gb = imp_reload_money(reading, one, "per_gb");
		if (open != (i + 1 == count) || tier->up_to_gb <= below_gb)
			imp_reading_break(reading, "tiers");
		below_gb = tier->up_to_gb;
	}
	out->tier_count = count;
}

static uint64_t read_unit_base(struct imp_reading *reading, const json_t *object)
{
	uint64_t base = imp_read_number(reading, object, "unit_base", UINT64_C(1) << 40);

	if (base >= 1000000)
		return base;
	imp_reading_break(reading, "unit_base");
	return 1000000000;
}

static uint32_t read_replicas(struct imp_reading *reading, const json_t *object)
{
	uint64_t replicas = imp_read_number(reading, object, "replicas", 1000);

	if (replicas == 0)
		imp_reading_break(reading, "replicas");
	return replicas ? (uint32_t)replicas : 1;
}

const struct imp_price *imp_reload_price(struct imp_cost_reading *at,
					 const json_t *object)
{
	struct imp_reading *reading = at->reading;
	const json_t *price = imp_read_object(reading, object, "price");
	struct imp_price *out = imp_arena_alloc(at->arena, sizeof(*out));

	out->name = imp_read_name(reading, price, "name");
	out->currency = imp_read_word(reading, price, "currency");
	out->unit_base = read_unit_base(reading, price);
	read_tiers(reading, price, out);
	out->free_bytes = imp_reload_cost_bytes(reading, price, "free_bytes");
	out->fixed_nano = imp_reload_money(reading, price, "fixed_monthly_cost");
	out->dedupe = imp_read_enum(reading, price, "dedupe", enum imp_dedupe,
				    IMP_DEDUPES, imp_dedupe_name);
	out->replicas = read_replicas(reading, price);
	out->free_tier = imp_read_flag(reading, price, "free_tier");
	out->source = imp_read_text(reading, price, "source");
	out->date = imp_read_line(reading, price, "date");
	at->cost->dedupe = out->dedupe;
	at->report->price_is_stale = imp_read_flag(reading, price, "stale");
	return out;
}
