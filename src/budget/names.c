#include "budget_priv.h"

const char *imp_verdict_name(enum imp_verdict verdict)
{
	static const char *const names[IMP_VERDICTS] = {
		[IMP_VERDICT_PASS] = "pass",
		[IMP_VERDICT_NOT_EVALUATED] = "not evaluated",
		[IMP_VERDICT_WAIVED] = "waived",
		[IMP_VERDICT_WARN] = "warn",
		[IMP_VERDICT_FAIL] = "fail",
	};
	return names[verdict];
}

const char *imp_bound_name(enum imp_bound bound)
{
	static const char *const names[IMP_BOUNDS] = {
		[IMP_BOUND_MAX] = "max",
		[IMP_BOUND_MAX_RISE] = "max_rise",
		[IMP_BOUND_MAX_RISE_PCT] = "max_rise_pct",
		[IMP_BOUND_MAX_PCT] = "max_pct",
		[IMP_BOUND_FORBID] = "forbid",
		[IMP_BOUND_BOTH_RISES] = "max_rise and max_rise_pct",
	};
	return names[bound];
}

const char *imp_selector_name(enum imp_selector selector)
{
	static const char *const names[IMP_SELECTORS] = {
		[IMP_SELECT_METRIC] = "metric",   [IMP_SELECT_PATH] = "path",
		[IMP_SELECT_PACKAGE] = "package", [IMP_SELECT_CLASS] = "class",
		[IMP_SELECT_LAYER] = "layer",
	};
	return names[selector];
}

const char *imp_metric_name(unsigned metric)
{
	if (metric < IMP_TOTALS)
		return imp_total_name((enum imp_total)metric);
	return metric == IMP_METRIC_LAYERS ? "layers" : "new_layer";
}

bool imp_metric_counts(unsigned metric)
{
	return metric == IMP_TOTAL_FILES || metric == IMP_TOTAL_ENTRIES ||
	       metric == IMP_METRIC_LAYERS;
}
