/* Kind "cost": what struct imp_cost_report holds, without the blobs it was made of. */
#include "cost.h"

#include "imgprof/cleanup.h"
#include "imgprof/growth.h"
#include "kinds.h"

#define NANO INT64_C(1000000000)

uint64_t imp_reload_cost_bytes(struct imp_reading *reading, const json_t *object,
			       const char *key)
{
	return imp_read_number(reading, object, key, INT64_MAX);
}

void imp_reload_cost_add(struct imp_reading *reading, uint64_t *sum, uint64_t more,
			 uint64_t most, const char *key)
{
	if (*sum > most || more > most - *sum)
		imp_reading_break(reading, key);
	else
		*sum += more;
}

static void read_money(struct imp_cost_reading *at, const json_t *totals)
{
	struct imp_reading *reading = at->reading;
	struct imp_cost_report *report = at->report;

	report->month_nano = imp_reload_money_is(
		reading, totals, "monthly_cost",
		imp_price_month(report->price, at->cost->stored_bytes));
	report->naive_month_nano = imp_reload_money_is(
		reading, totals, "naive_monthly_cost",
		imp_price_month(report->price, at->cost->naive_bytes));
	report->has_max = !json_is_null(json_object_get(totals, "max_monthly_cost"));
	if (report->has_max)
		report->max_nano = imp_reload_money(reading, totals, "max_monthly_cost");
}

static void read_totals(struct imp_cost_reading *at, const json_t *document)
{
	struct imp_reading *reading = at->reading;
	const json_t *totals = imp_read_object(reading, document, "totals");
	struct imp_cost *cost = at->cost;

	cost->naive_bytes = imp_reload_cost_bytes(reading, totals, "naive_bytes");
	cost->stored_bytes =
		imp_read_number(reading, totals, "stored_bytes", cost->naive_bytes);
	at->inventory->untagged_visible =
		!json_is_null(json_object_get(totals, "untagged_bytes"));
	if (at->inventory->untagged_visible)
		cost->untagged_bytes = imp_read_number(reading, totals, "untagged_bytes",
						       cost->stored_bytes);
	cost->referrer_bytes =
		imp_read_number(reading, totals, "referrer_bytes", cost->stored_bytes);
	at->inventory->foreign_layers =
		imp_read_number(reading, totals, "foreign_layers", UINT32_MAX);
	at->inventory->plain_layers =
		imp_read_number(reading, totals, "plain_layers", UINT32_MAX);
	at->report->price = imp_reload_price(at, totals);
	if (!reading->broken)
		read_money(at, totals);
}

/* Behind the platforms' stand rows for several and for none. */
static void read_platforms(struct imp_cost_reading *at, const json_t *document)
{
	const json_t *list = imp_read_array(at->reading, document, "platforms");
	size_t count = json_array_size(list);
	const char **names = imp_arena_array(at->arena, count + 1, sizeof(*names));
	uint64_t *bytes = imp_arena_array(at->arena, count + 2, sizeof(*bytes));
	uint64_t stored = at->cost->stored_bytes, sum = 0;

	for (size_t i = 0; i < count; i++) {
		const json_t *one = imp_read_element(at->reading, list, i, "platforms");
		names[i] = imp_read_name(at->reading, one, "platform");
		bytes[i] = imp_reload_cost_bytes(at->reading, one, "stored_bytes");
		imp_reload_cost_add(at->reading, &sum, bytes[i], stored, "platforms");
	}
	if (count < 2 || sum != stored)
		imp_reading_break(at->reading, "platforms");
	at->cost->platform_bytes = bytes;
	at->inventory->platforms = names;
	at->inventory->platform_count = count < 2 ? 0 : count - 2;
}

static void read_head(struct imp_cost_reading *at, const json_t *document)
{
	struct imp_reading *reading = at->reading;
	struct imp_cost_report *report = at->report;

	report->title = imp_read_name(reading, document, "title");
	if (!imp_read_time(reading, document, "as_of", &report->as_of_ns))
		imp_reading_break(reading, "as_of");
	report->scope_is_part = imp_read_flag(reading, document, "scope_is_part");
	read_totals(at, document);
}

/* Follows from the images: what the totals say must be that. */
static void read_unpacked(struct imp_cost_reading *at, const json_t *document)
{
	struct imp_reading *reading = at->reading;
	struct imp_cost_unpacked *made = imp_arena_alloc(at->arena, sizeof(*made));
	const json_t *said = imp_read_object(
		reading, imp_read_object(reading, document, "totals"), "unpacked");

	imp_cost_unpacked_add_up(at->inventory, at->unpacked_bytes, at->arena, made);
	if (made->total.bytes > INT64_MAX ||
	    imp_read_number(reading, said, "tags", UINT32_MAX) != made->total.tags ||
	    imp_read_number(reading, said, "known_tags", UINT32_MAX) !=
		    made->total.known_tags)
		imp_reading_break(reading, "unpacked");
	if (imp_cost_unpacked_is_known(&made->total) &&
	    imp_reload_cost_bytes(reading, said, "bytes") != made->total.bytes)
		imp_reading_break(reading, "unpacked");
	at->report->unpacked = made;
}

/* What it was worked out from is believed, the rest has to follow from it. */
static void read_growth(struct imp_cost_reading *at, const json_t *document)
{
	struct imp_reading *reading = at->reading;
	const struct imp_cost_report *report = at->report;
	struct imp_cost_growth *made = imp_arena_alloc(at->arena, sizeof(*made));
	struct imp_cost_point since = {0};
	const json_t *said;
	int64_t since_ns;

	if (json_is_null(json_object_get(document, "growth")))
		return;
	said = imp_read_object(reading, document, "growth");
	if (!imp_read_time(reading, said, "since", &since_ns))
		imp_reading_break(reading, "since");
	if (reading->broken)
		return;
	since.time_s = since_ns / NANO;
	since.stored_bytes = imp_reload_cost_bytes(reading, said, "since_stored_bytes");
	imp_cost_growth_find(&since, 1, report->as_of_ns / NANO, at->cost->stored_bytes,
			     report->price, made);
	made->snapshots = imp_read_number(reading, said, "snapshots", UINT32_MAX);
	if (!made->known || made->snapshots == 0)
		imp_reading_break(reading, "growth");
	imp_reload_money_is(reading, said, "forecast_monthly_cost", made->forecast_nano);
	at->report->growth = made;
}

int imp_reload_cost(struct imp_reading *reading, const json_t *document,
		    struct imp_reloaded *out, struct imp_reload_owned *owned,
		    struct imp_error *err)
{
	struct imp_cost_reading at = {.reading = reading, .arena = reading->arena};

	(void)err;
	out->cut = json_object_get(document, "top");
	if (out->cut)
		return 0; /* what was cut does not add up */
	at.inventory = imp_arena_alloc(at.arena, sizeof(*at.inventory));
	at.cost = imp_arena_alloc(at.arena, sizeof(*at.cost));
	at.report = imp_arena_alloc(at.arena, sizeof(*at.report));
	at.inventory->complete = out->complete;
	at.inventory->warnings = owned->warnings = imp_reload_warnings(reading, document);
	at.cost->inventory = at.report->inventory = at.inventory;
	at.report->cost = at.cost;
	read_head(&at, document);
	if (!reading->broken)
		imp_reload_cost_repositories(&at, document);
	if (!reading->broken)
		imp_reload_cost_roots(&at, document);
	if (!reading->broken)
		read_unpacked(&at, document);
	if (!reading->broken)
		read_growth(&at, document);
	if (!reading->broken)
		imp_reload_cost_groups(&at, document);
	read_platforms(&at, document);
	if (!reading->broken)
		imp_reload_cost_what_ifs(&at, document);
	if (!reading->broken)
		imp_reload_cost_traffic(&at, document);
	imp_map_finish(&at.repositories);
	out->cost = at.report;
	return 0;
}
