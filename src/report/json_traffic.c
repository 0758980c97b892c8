/* What builds push and what is pulled, in a cost document. */
#include "traffic.h"
#include "writer_priv.h"

static void member_known(struct imp_json_writer *w, const char *key, uint64_t value)
{
	imp_json_member_known(w, key, value != IMP_COST_UNKNOWN, value);
}

static void member_money(struct imp_json_writer *w, const char *key, uint64_t nano)
{
	char text[IMP_MONEY_TEXT];

	imp_json_member_text(
		w, key, nano == IMP_COST_UNKNOWN ? NULL : imp_money_exact(nano, text));
}

static void write_figures(struct imp_json_writer *w,
			  const struct imp_cost_traffic_row *row)
{
	member_known(w, "new_bytes_per_build", row->new_bytes);
	member_known(w, "pushed_bytes", row->pushed_bytes);
	member_money(w, "push_cost", row->push_nano);
	member_money(w, "build_cost", row->build_nano);
	member_known(w, "pulls", row->pulls);
	member_known(w, "pulled_bytes", row->pulled_bytes);
	member_money(w, "pull_cost", row->pull_nano);
}

void imp_json_traffic_totals(struct imp_json_writer *w,
			     const struct imp_cost_report *report)
{
	const struct imp_cost_traffic *traffic = report->traffic;

	imp_json_key(w, "traffic_totals");
	if (!traffic) {
		imp_json_null(w);
		return;
	}
	imp_json_open(w, '{');
	member_known(w, "builds_per_week", traffic->builds_per_week);
	member_money(w, "build_minutes", traffic->build_minutes_nano);
	member_money(w, "build_price", traffic->build_minute_nano);
	member_money(w, "push_price", traffic->push_gb_nano);
	member_money(w, "pull_price", traffic->pull_gb_nano);
	write_figures(w, &traffic->total);
	imp_json_member_u64(w, "unknown", traffic->unknown);
	imp_json_close(w, '}');
}

void imp_json_traffic_row(struct imp_json_writer *w, const struct imp_cost_report *report,
			  uint32_t repository)
{
	imp_json_member_raw(w, "repository", report->repositories[repository].name);
	write_figures(w, &report->traffic->rows[repository]);
}
