/* What a rule says of the figures of an image: reference/ecosystem.md 1.7. */
#include "budget_priv.h"

/* VALUE is more than THOUSANDTHS of a percent of WHOLE. */
static bool is_over_share(uint64_t value, uint64_t thousandths, uint64_t whole)
{
	return (unsigned __int128)value * 100000 > (unsigned __int128)whole * thousandths;
}

static bool is_new_layer(const struct imp_target *target)
{
	return target->selector == IMP_SELECT_METRIC &&
	       target->metric == IMP_METRIC_NEW_LAYER;
}

static bool is_rise(enum imp_bound bound)
{
	return bound == IMP_BOUND_MAX_RISE || bound == IMP_BOUND_MAX_RISE_PCT ||
	       bound == IMP_BOUND_BOTH_RISES;
}

static uint64_t rise_of(const struct imp_budget_row *row)
{
	return row->value > row->base ? row->value - row->base : 0;
}

/* Below a floor the bound is not looked at; the row says which floor that is. */
static bool sleeps(const struct imp_budget_case *c, struct imp_budget_row *row)
{
	uint64_t rise = rise_of(row);

	if (c->rule->only_above.set && row->value < c->rule->only_above.value) {
		row->floor = c->rule->only_above.value;
		return true;
	}
	if (is_rise(row->bound) && row->has_base && !row->counts && rise > 0 &&
	    rise < c->ignore_below) {
		row->floor = c->ignore_below;
		return true;
	}
	return false;
}

static bool is_broken(const struct imp_budget_case *c, const struct imp_budget_row *row)
{
	const struct imp_budget_rule *rule = c->rule;
	uint64_t rise = rise_of(row);
	bool over = rise > rule->max_rise.value;
	bool over_share = is_over_share(rise, rule->max_rise_pct.value, row->base);

	switch (row->bound) {
	case IMP_BOUND_MAX_RISE:
		return over;
	case IMP_BOUND_MAX_RISE_PCT:
		return over_share;
	case IMP_BOUND_BOTH_RISES:
		return over && over_share;
	case IMP_BOUND_MAX_PCT:
		return is_over_share(row->value, rule->max_pct.value, c->disk_bytes);
	case IMP_BOUND_FORBID:
		return c->now.matched;
	case IMP_BOUND_MAX:
	case IMP_BOUNDS:
		break;
	}
	return row->value > rule->max.value;
}

/* A waiver that has ended makes a broken rule fail, whatever its level. */
static enum imp_verdict broken_verdict(const struct imp_budget_case *c,
				       struct imp_budget_row *row)
{
	if (c->waiver) {
		row->waiver_ended = c->now_ns >= c->waiver->end_ns;
		return row->waiver_ended ? IMP_VERDICT_FAIL : IMP_VERDICT_WAIVED;
	}
	return row->fails ? IMP_VERDICT_FAIL : IMP_VERDICT_WARN;
}

static void judge(const struct imp_budget_case *c, struct imp_budget_row *row)
{
	bool needs_base = is_rise(row->bound) || is_new_layer(&c->rule->target);

	if (needs_base && !row->has_base) {
		row->verdict = IMP_VERDICT_NOT_EVALUATED;
		return;
	}
	row->asleep = sleeps(c, row);
	if (!row->asleep && is_broken(c, row))
		row->verdict = broken_verdict(c, row);
}

static uint64_t limit_of(const struct imp_budget_rule *rule, enum imp_bound bound)
{
	switch (bound) {
	case IMP_BOUND_MAX:
		return rule->max.value;
	case IMP_BOUND_MAX_RISE:
		return rule->max_rise.value;
	case IMP_BOUND_MAX_RISE_PCT:
	case IMP_BOUND_BOTH_RISES:
		return rule->max_rise_pct.value;
	case IMP_BOUND_MAX_PCT:
		return rule->max_pct.value;
	case IMP_BOUND_FORBID:
	case IMP_BOUNDS:
		break;
	}
	return 0;
}

static bool has_bound(const struct imp_budget_rule *rule, enum imp_bound bound)
{
	switch (bound) {
	case IMP_BOUND_MAX:
		return rule->max.set;
	case IMP_BOUND_MAX_RISE:
		return rule->max_rise.set && !rule->both;
	case IMP_BOUND_MAX_RISE_PCT:
		return rule->max_rise_pct.set && !rule->both;
	case IMP_BOUND_MAX_PCT:
		return rule->max_pct.set;
	case IMP_BOUND_FORBID:
		return rule->forbid;
	case IMP_BOUND_BOTH_RISES:
		return rule->both;
	case IMP_BOUNDS:
		break;
	}
	return false;
}

static struct imp_budget_row row_of(const struct imp_budget_case *c, enum imp_bound bound)
{
	const struct imp_budget_rule *rule = c->rule;
	const struct imp_target *target = &rule->target;
	struct imp_budget_row row = {
		.selector = imp_selector_name(target->selector),
		.subject = target->text,
		.bound = bound,
		.counts = target->selector == IMP_SELECT_METRIC &&
			  imp_metric_counts(target->metric),
		.value = c->now.value,
		.has_base = c->has_base,
		.base = c->has_base ? c->before.value : 0,
		.limit = limit_of(rule, bound),
		.rise_limit_bytes =
			bound == IMP_BOUND_BOTH_RISES ? rule->max_rise.value : 0,
		.fails = !rule->warns,
		.why = rule->why,
		.line = rule->line,
		.column = rule->column,
	};
	if (c->waiver) {
		row.waived_until = c->waiver->until;
		row.waived_why = c->waiver->why;
	}
	return row;
}

size_t imp_budget_judge(const struct imp_budget_case *c, struct imp_budget_row *rows)
{
	size_t count = 0;

	for (int bound = 0; bound < IMP_BOUNDS; bound++) {
		if (!has_bound(c->rule, (enum imp_bound)bound))
			continue;
		rows[count] = row_of(c, (enum imp_bound)bound);
		judge(c, &rows[count++]);
	}
	return count;
}
