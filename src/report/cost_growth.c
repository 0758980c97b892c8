/* Growth in a cost report, as words and as JSON. */
#include <inttypes.h>

#include "cost_words.h"
#include "imgprof/growth.h"

enum { DAY_S = 86400 };

/* "30 days", "1 day", "2.5 days" */
static void add_days(uint64_t seconds, struct imp_strbuf *out)
{
	uint64_t tenths = (seconds + DAY_S / 20) / (DAY_S / 10);

	imp_strbuf_printf(out, "%" PRIu64, tenths / 10);
	if (tenths % 10)
		imp_strbuf_printf(out, ".%" PRIu64, tenths % 10);
	imp_strbuf_add_text(out, tenths == 10 ? " day" : " days");
}

static const char *change_text(int64_t bytes, enum imp_units units,
			       char out[static IMP_SIZE_TEXT])
{
	return bytes < 0 ? imp_change_text((uint64_t)-bytes, 0, units, out)
			 : imp_change_text(0, (uint64_t)bytes, units, out);
}

static void add_forecast(const struct imp_cost_report *report, struct imp_strbuf *out)
{
	uint64_t now = report->month_nano, then = report->growth->forecast_nano;
	char money[IMP_MONEY_TEXT];

	imp_strbuf_printf(out, " -> %s%s %s/month in %d days", then < now ? "-" : "+",
			  imp_money_text(then < now ? now - then : then - now, money),
			  report->price->currency, IMP_GROWTH_DAYS);
}

bool imp_cost_growth_words(const struct imp_cost_report *report, enum imp_units units,
			   struct imp_strbuf *out)
{
	const struct imp_cost_growth *growth = report->growth;
	char change[IMP_SIZE_TEXT];

	if (!growth)
		return false;
	if (!growth->known) {
		imp_strbuf_add_text(out,
				    "not known yet: snapshots are less than a day old");
		return true;
	}
	imp_strbuf_printf(out, "%s/day over ",
			  change_text(growth->bytes_per_day, units, change));
	add_days(growth->seconds, out);
	imp_strbuf_add_text(out, ", from snapshots");
	add_forecast(report, out);
	return true;
}

bool imp_cost_pushed_words(const struct imp_cost_report *report, enum imp_units units,
			   struct imp_strbuf *out)
{
	uint64_t pushed = imp_cost_pushed_per_day(report->cost, report->as_of_ns);
	char text[IMP_SIZE_TEXT];

	imp_strbuf_printf(out, "%s/day over %d days, deleted images not seen",
			  imp_size_text(pushed, units, text), IMP_GROWTH_DAYS);
	return pushed > 0;
}

void imp_json_cost_growth(struct imp_json_writer *w, const struct imp_cost_report *report)
{
	const struct imp_cost_growth *growth = report->growth;
	char text[IMP_SIZE_TEXT];

	imp_json_key(w, "growth");
	if (!growth) {
		imp_json_null(w);
		return;
	}
	imp_json_open(w, '{');
	imp_json_member_text(w, "since",
			     imp_time_text(growth->since_s * 1000000000, text));
	imp_json_member_u64(w, "since_stored_bytes", growth->since_bytes);
	imp_json_member_u64(w, "seconds", growth->seconds);
	imp_json_member_u64(w, "snapshots", growth->snapshots);
	imp_json_key(w, "bytes_per_day");
	imp_json_i64(w, growth->bytes_per_day);
	imp_json_member_u64(w, "forecast_days", IMP_GROWTH_DAYS);
	imp_json_member_u64(w, "forecast_stored_bytes", growth->forecast_bytes);
	imp_json_member_text(w, "forecast_monthly_cost",
			     imp_money_exact(growth->forecast_nano, text));
	imp_json_close(w, '}');
}
