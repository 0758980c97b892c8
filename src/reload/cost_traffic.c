/* What builds push and what is pulled, of a cost report: totals must be the rows' sums. */
#include "cost.h"

#include <string.h>

#include "imgprof/traffic.h"

static uint64_t read_known(struct imp_reading *reading, const json_t *object,
			   const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_null(value))
		return IMP_COST_UNKNOWN;
	return imp_reload_cost_bytes(reading, object, key);
}

static uint64_t read_known_money(struct imp_reading *reading, const json_t *object,
				 const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_null(value))
		return IMP_COST_UNKNOWN;
	return imp_reload_money(reading, object, key);
}

static struct imp_cost_traffic_row read_figures(struct imp_reading *reading,
						const json_t *object)
{
	return (struct imp_cost_traffic_row){
		.new_bytes = read_known(reading, object, "new_bytes_per_build"),
		.pushed_bytes = read_known(reading, object, "pushed_bytes"),
		.push_nano = read_known_money(reading, object, "push_cost"),
		.build_nano = read_known_money(reading, object, "build_cost"),
		.pulls = read_known(reading, object, "pulls"),
		.pulled_bytes = read_known(reading, object, "pulled_bytes"),
		.pull_nano = read_known_money(reading, object, "pull_cost"),
	};
}

/* In the order of the repositories. */
static struct imp_cost_traffic_row *read_rows(struct imp_cost_reading *at,
					      const json_t *document)
{
	const json_t *list = imp_read_array(at->reading, document, "traffic");
	size_t count = at->inventory->repository_count;
	struct imp_cost_traffic_row *rows =
		imp_arena_array(at->arena, count + 1, sizeof(*rows));

	if (json_array_size(list) != count)
		imp_reading_break(at->reading, "traffic");
	for (size_t i = 0; i < count && !at->reading->broken; i++) {
		const json_t *one = imp_read_element(at->reading, list, i, "traffic");
		if (!imp_slice_equal(imp_read_raw(at->reading, one, "repository"),
				     at->report->repositories[i].name))
			imp_reading_break(at->reading, "traffic");
		rows[i] = read_figures(at->reading, one);
	}
	return rows;
}

static void read_rates(struct imp_reading *reading, const json_t *totals,
		       struct imp_cost_traffic *out)
{
	out->builds_per_week = read_known(reading, totals, "builds_per_week");
	out->build_minutes_nano = read_known_money(reading, totals, "build_minutes");
	out->build_minute_nano = read_known_money(reading, totals, "build_price");
	out->push_gb_nano = read_known_money(reading, totals, "push_price");
	out->pull_gb_nano = read_known_money(reading, totals, "pull_price");
	out->has_pulls = !json_is_null(json_object_get(totals, "pulls"));
}

void imp_reload_cost_traffic(struct imp_cost_reading *at, const json_t *document)
{
	const json_t *totals = json_object_get(document, "traffic_totals");
	struct imp_cost_traffic *traffic;

	if (!totals || json_is_null(totals))
		return;
	totals = imp_read_object(at->reading, document, "traffic_totals");
	traffic = imp_arena_alloc(at->arena, sizeof(*traffic));
	read_rates(at->reading, totals, traffic);
	traffic->rows = read_rows(at, document);
	struct imp_cost_traffic_row said = read_figures(at->reading, totals);
	uint64_t unknown = imp_read_number(at->reading, totals, "unknown", UINT32_MAX);
	if (at->reading->broken)
		return;
	imp_cost_traffic_add_up(traffic, at->inventory->repository_count);
	if (memcmp(&said, &traffic->total, sizeof(said)) != 0 ||
	    unknown != traffic->unknown)
		imp_reading_break(at->reading, "traffic_totals");
	at->report->traffic = traffic;
}
