/* Kind "history": the snapshots of a document make the series anew, which must be its own. */
#include <string.h>

#include "imgprof/cost_history.h"

#include "kinds.h"

#define NANO INT64_C(1000000000)

static int64_t read_second(struct imp_reading *reading, const json_t *object,
			   const char *key)
{
	int64_t time_ns;

	if (!imp_read_time(reading, object, key, &time_ns))
		imp_reading_break(reading, key);
	return time_ns / NANO;
}

static uint64_t read_count(struct imp_reading *reading, const json_t *object,
			   const char *key)
{
	return imp_read_number(reading, object, key, INT64_MAX);
}

static size_t count_points(struct imp_reading *reading, const json_t *list)
{
	size_t count = 0;

	for (size_t i = 0; i < json_array_size(list) && !reading->broken; i++)
		count += json_array_size(imp_read_array(
			reading, imp_read_element(reading, list, i, "series"), "points"));
	return count;
}

/* In order of time; their number. */
static size_t read_points(struct imp_reading *reading, const json_t *series,
			  struct imp_snapshot *rows)
{
	const json_t *list = imp_read_array(reading, series, "points");
	const struct imp_snapshot head = {
		.scope = imp_read_raw(reading, series, "scope"),
		.domain = imp_read_raw(reading, series, "dedupe"),
		.repository = imp_read_raw(reading, series, "repository"),
	};

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = imp_read_element(reading, list, i, "points");
		rows[i] = head;
		rows[i].time_s = read_second(reading, one, "time");
		rows[i].stored_bytes = read_count(reading, one, "stored_bytes");
		rows[i].images = read_count(reading, one, "images");
		rows[i].tags = read_count(reading, one, "tags");
		if (i > 0 && rows[i].time_s < rows[i - 1].time_s)
			imp_reading_break(reading, "time");
	}
	return json_array_size(list);
}

static void check_end(struct imp_reading *reading, const json_t *object,
		      const struct imp_snapshot *point, const char *time,
		      const char *bytes)
{
	if (read_second(reading, object, time) != point->time_s)
		imp_reading_break(reading, time);
	if (read_count(reading, object, bytes) != point->stored_bytes)
		imp_reading_break(reading, bytes);
}

static void check_series(struct imp_reading *reading, const json_t *object,
			 const struct imp_cost_series *series)
{
	const json_t *rate = json_object_get(object, "bytes_per_day");

	if (!imp_slice_equal(imp_read_raw(reading, object, "scope"), series->scope) ||
	    !imp_slice_equal(imp_read_raw(reading, object, "dedupe"), series->domain) ||
	    !imp_slice_equal(imp_read_raw(reading, object, "repository"),
			     series->repository))
		imp_reading_break(reading, "series");
	if (read_count(reading, object, "snapshots") != series->count)
		imp_reading_break(reading, "snapshots");
	check_end(reading, object, series->points, "first", "first_stored_bytes");
	check_end(reading, object, &series->points[series->count - 1], "last",
		  "last_stored_bytes");
	if (series->has_rate ? !json_is_integer(rate) ||
				       json_integer_value(rate) != series->bytes_per_day
			     : !json_is_null(rate))
		imp_reading_break(reading, "bytes_per_day");
	if (imp_read_flag(reading, object, "gone") != series->gone)
		imp_reading_break(reading, "gone");
}

static void read_series(struct imp_reading *reading, const json_t *document,
			struct imp_cost_history *out)
{
	const json_t *list = imp_read_array(reading, document, "series");
	size_t count = json_array_size(list), points = count_points(reading, list);
	struct imp_snapshot *rows =
		imp_arena_array(reading->arena, points + 1, sizeof(*rows));
	struct imp_snapshot_list snapshots = {.rows = rows};
	int64_t as_of_ns;

	if (!imp_read_time(reading, document, "as_of", &as_of_ns))
		imp_reading_break(reading, "as_of");
	for (size_t i = 0; i < count && !reading->broken; i++)
		snapshots.count +=
			read_points(reading, imp_read_element(reading, list, i, "series"),
				    &rows[snapshots.count]);
	if (reading->broken)
		return;
	imp_cost_history_make(&snapshots, as_of_ns, reading->arena, out);
	if (out->count != count)
		imp_reading_break(reading, "series");
	for (size_t i = 0; i < count && !reading->broken; i++)
		check_series(reading, json_array_get(list, i), &out->series[i]);
}

int imp_reload_history(struct imp_reading *reading, const json_t *document,
		       struct imp_reloaded *out, struct imp_reload_owned *owned,
		       struct imp_error *err)
{
	struct imp_cost_history *history =
		imp_arena_alloc(reading->arena, sizeof(*history));

	(void)owned, (void)err;
	read_series(reading, document, history);
	history->odd = !out->complete;
	out->history = history;
	return 0;
}
