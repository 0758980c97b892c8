#include "cost_plan.h"

#include <string.h>

#include "imgprof/cleanup.h"
#include "questions.h"

static const char *const sort_names[IMP_COST_SORTS] = {"attributed", "full", "exclusive",
						       "age"};

static bool is_file(const char *price)
{
	size_t len = strlen(price);
	static const char suffix[] = "/GB-month", end[] = ".tsv";

	if (len >= sizeof(suffix) - 1 &&
	    strcmp(price + len - (sizeof(suffix) - 1), suffix) == 0)
		return false;
	return strchr(price, '/') || (len >= sizeof(end) - 1 &&
				      strcmp(price + len - (sizeof(end) - 1), end) == 0);
}

static int read_price(const struct imp_run *run, struct imp_price *out,
		      struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	const char *wanted = run->settings->cost.price;
	struct imp_slice rows;

	if (!wanted)
		wanted = "flat";
	if (!is_file(wanted))
		return imp_price_parse(imp_slice_of(wanted), NULL, run->arena, out, err);
	int rc = imp_question_read_file("price", wanted, IMP_COST_FILE_BYTES, &text, err);
	if (rc < 0)
		return rc;
	rows = imp_strbuf_slice(&text);
	return imp_price_parse(imp_slice_of(wanted), &rows, run->arena, out, err);
}

static int adjust_price(const struct imp_settings *settings, struct imp_cost_plan *plan,
			struct imp_error *err)
{
	struct imp_price *price = &plan->price;
	unsigned long long replicas = 1;
	const char *base = settings->cost.unit_base;

	if (base && !imp_unit_base_parse(imp_slice_of(base), &price->unit_base))
		return imp_fail(err, IMP_E_USAGE,
				"--unit-base: '%s': 1e9, 2^30 or a number of bytes",
				base);
	if (settings->cost.replicas &&
	    (!imp_slice_u64(imp_slice_of(settings->cost.replicas), &replicas) ||
	     replicas == 0 || replicas > 1000))
		return imp_fail(err, IMP_E_USAGE,
				"--replicas: '%s' is no number from 1 "
				"to 1000",
				settings->cost.replicas);
	price->replicas = (uint32_t)replicas;
	price->free_tier = settings->cost.free_tier;
	if (settings->cost.currency)
		price->currency = settings->cost.currency;
	plan->dedupe = price->dedupe;
	if (settings->cost.dedupe) /* one of the option's choices */
		imp_dedupe_parse(imp_slice_of(settings->cost.dedupe), &plan->dedupe);
	return 0;
}

static int read_as_of(const struct imp_run *run, int64_t *out_ns, struct imp_error *err)
{
	const char *text = run->settings->cost.as_of;
	const char *full;

	*out_ns = run->context->now_ns(run->context->user);
	if (!text)
		return 0;
	full = strchr(text, 'T') ? text
				 : imp_arena_printf(run->arena, "%sT00:00:00Z", text);
	if (!imp_time_parse(imp_slice_of(full), out_ns))
		return imp_fail(err, IMP_E_USAGE,
				"--as-of: '%s' is no date such as 2026-11-23", text);
	return 0;
}

static int read_max(const struct imp_settings *settings, struct imp_cost_plan *plan,
		    struct imp_error *err)
{
	const char *text = settings->cost.max;
	struct imp_slice currency;

	if (!text)
		return 0;
	if (!imp_money_parse(imp_slice_of(text), &plan->max_nano, &currency))
		return imp_fail(err, IMP_E_USAGE,
				"--max: '%s' is no amount such as 50USD", text);
	if (currency.len && !imp_slice_is(currency, plan->price.currency))
		return imp_fail(err, IMP_E_USAGE, "--max: '%s', but the price is in %s",
				text, plan->price.currency);
	plan->has_max = true;
	return 0;
}

/* One of the option's choices; the first of them without it. */
static enum imp_cost_sort sort_of(const struct imp_settings *settings)
{
	int sort = IMP_COST_SORTS - 1;

	while (sort > 0 && !(settings->cost.sort &&
			     strcmp(settings->cost.sort, sort_names[sort]) == 0))
		sort--;
	return (enum imp_cost_sort)sort;
}

static int read_what_ifs(const struct imp_settings *settings, struct imp_cost_plan *plan,
			 struct imp_error *err)
{
	for (size_t i = 0; i < settings->cost.what_ifs.count; i++)
		if (imp_cost_what_if_parse(settings->cost.what_ifs.list[i],
					   &plan->what_ifs[i], err) < 0)
			return imp_wrap(err, "--what-if");
	plan->what_if_count = settings->cost.what_ifs.count;
	return 0;
}

/* The label that groups, else the one for the column of teams. */
static int read_label(const struct imp_settings *settings, struct imp_cost_plan *plan,
		      struct imp_error *err)
{
	static const struct imp_slice prefix = IMP_SLICE("label:");
	const struct imp_cost_inventory nothing = {0};
	struct imp_slice group = imp_slice_of(settings->cost.group);
	imp_auto_destroy(imp_arena) struct imp_arena *scratch = imp_arena_create();
	struct imp_cost_grouping ignored;

	plan->label = imp_slice_of(settings->cost.label ? settings->cost.label : "team");
	if (!settings->cost.group)
		return 0;
	if (imp_slice_starts(group, prefix))
		plan->label = imp_slice_skip(group, prefix.len);
	if (imp_cost_grouping(&nothing, group, scratch, &ignored, err) < 0)
		return imp_wrap(err, "--group");
	return 0;
}

int imp_cost_plan_make(const struct imp_run *run, struct imp_cost_plan *plan,
		       struct imp_error *err)
{
	int rc = read_price(run, &plan->price, err);

	plan->sort = sort_of(run->settings);
	if (rc == 0)
		rc = adjust_price(run->settings, plan, err);
	if (rc == 0)
		rc = read_as_of(run, &plan->as_of_ns, err);
	if (rc == 0)
		rc = read_max(run->settings, plan, err);
	if (rc == 0)
		rc = read_what_ifs(run->settings, plan, err);
	return rc == 0 ? read_label(run->settings, plan, err) : rc;
}
