#include <string.h>

#include "history.h"
#include "imgprof/checked.h"

enum { LEVELS = 8 };

static void find_range(const struct imp_cost_series *series, uint64_t *least,
		       uint64_t *most)
{
	*least = *most = series->points->stored_bytes;
	for (size_t i = 1; i < series->count; i++) {
		uint64_t bytes = series->points[i].stored_bytes;
		if (bytes < *least)
			*least = bytes;
		if (bytes > *most)
			*most = bytes;
	}
}

static void add_level(uint64_t level, bool unicode, struct imp_strbuf *out)
{
	static const char ascii[LEVELS + 1] = "_.,-=+*#";

	if (!unicode)
		imp_strbuf_add_char(out, ascii[level]);
	else /* U+2581 to U+2588 */
		imp_strbuf_printf(out, "\xe2\x96%c", (char)(0x81 + (int)level));
}

/* Time that column COLUMN stands for. */
static int64_t time_of(const struct imp_cost_series *series, size_t column)
{
	uint64_t span = (uint64_t)(series->end_s - series->begin_s);
	return series->begin_s +
	       (int64_t)imp_mul_div(span, column, IMP_SPARK_COLUMNS - 1);
}

void imp_history_spark(const struct imp_cost_series *series, bool unicode,
		       struct imp_strbuf *out)
{
	uint64_t least, most;
	size_t next = 0;

	find_range(series, &least, &most);
	for (size_t column = 0; column < IMP_SPARK_COLUMNS; column++) {
		int64_t time_s = time_of(series, column);
		while (next < series->count && series->points[next].time_s <= time_s)
			next++;
		if (next == 0 || (series->gone && next == series->count &&
				  series->points[next - 1].time_s < time_s)) {
			imp_strbuf_add_char(out, ' ');
			continue;
		}
		uint64_t above = series->points[next - 1].stored_bytes - least;
		add_level(most == least ? 0
					: imp_mul_div(above, LEVELS - 1, most - least),
			  unicode, out);
	}
}

const char *imp_history_date(int64_t time_s, char out[static IMP_SIZE_TEXT])
{
	imp_time_text(time_s * 1000000000, out);
	out[strcspn(out, "T")] = '\0';
	return out;
}

const char *imp_history_rate(const struct imp_cost_series *series, enum imp_units units,
			     char out[static IMP_SIZE_TEXT])
{
	int64_t rate = series->bytes_per_day;

	if (!series->has_rate)
		return "-";
	return rate < 0 ? imp_change_text((uint64_t)-rate, 0, units, out)
			: imp_change_text(0, (uint64_t)rate, units, out);
}

bool imp_history_begins(const struct imp_cost_history *history, size_t i)
{
	const struct imp_cost_series *series = &history->series[i];

	return i == 0 || !imp_slice_equal(series->scope, series[-1].scope) ||
	       !imp_slice_equal(series->domain, series[-1].domain);
}

void imp_history_words(const struct imp_cost_series *series, struct imp_strbuf *out)
{
	char first[IMP_SIZE_TEXT], last[IMP_SIZE_TEXT];

	imp_strbuf_add_text(out, "counted once per ");
	imp_strbuf_add_slice(out, series->domain);
	imp_strbuf_printf(out, ", %zu snapshot%s from %s to %s", series->count,
			  series->count == 1 ? "" : "s",
			  imp_history_date(series->begin_s, first),
			  imp_history_date(series->end_s, last));
}

struct imp_slice imp_history_name(const struct imp_cost_series *series)
{
	return series->repository.len ? series->repository : IMP_SLICE("all of it");
}
