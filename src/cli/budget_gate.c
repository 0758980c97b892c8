#include "budget_gate.h"

#include <string.h>

#include "command.h"

int imp_gate_hold(const struct imp_settings *settings, const struct imp_check *check,
		  struct imp_error *err)
{
	size_t failed = check->counts[IMP_VERDICT_FAIL];
	size_t rules = 0;
	size_t broken = failed + (settings->fail_on == IMP_FAIL_ON_WARN
					  ? check->counts[IMP_VERDICT_WARN]
					  : 0);

	if (settings->fail_on == IMP_FAIL_ON_NEVER || !broken)
		return 0;
	for (int verdict = 0; verdict < IMP_VERDICTS; verdict++)
		rules += check->counts[verdict]; /* dive's that are off are none */
	return imp_fail(err, IMP_E_BUDGET, "%s: %zu of %zu rule%s broken",
			check->file ? check->file : check->dive_file, broken, rules,
			rules == 1 ? "" : "s");
}

int imp_cost_gate_hold(const struct imp_settings *settings,
		       const struct imp_cost_report *report, struct imp_error *err)
{
	char month[IMP_MONEY_TEXT], max[IMP_MONEY_TEXT];

	if (settings->fail_on == IMP_FAIL_ON_NEVER || !report->has_max ||
	    report->month_nano <= report->max_nano)
		return 0;
	return imp_fail(err, IMP_E_BUDGET, "%s: %s %s a month, more than %s",
			report->title, imp_money_text(report->month_nano, month),
			report->price->currency, imp_money_text(report->max_nano, max));
}

static int apply_fail_on(struct imp_settings *settings, const char *value,
			 struct imp_error *err)
{
	static const char *const names[] = {
		[IMP_FAIL_ON_FAIL] = "fail",
		[IMP_FAIL_ON_WARN] = "warn",
		[IMP_FAIL_ON_NEVER] = "never",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(value, names[i]) == 0) {
			settings->fail_on = (enum imp_fail_on)i;
			return 0;
		}
	return imp_fail(err, IMP_E_USAGE, "'%s': never, fail or warn", value);
}

static int apply_exit_zero(struct imp_settings *settings, const char *value,
			   struct imp_error *err)
{
	(void)value, (void)err;
	settings->fail_on = IMP_FAIL_ON_NEVER;
	return 0;
}

/* clang-format off */
const struct imp_option imp_gate_options[] = {
	{"fail-on", 0, "LEVEL", "what ends with status 1: never, fail or warn", "Budget", "never fail warn", NULL, apply_fail_on},
	{"exit-zero", 0, NULL, "short for --fail-on never", "Budget", NULL, NULL, apply_exit_zero},
	{0},
};
/* clang-format on */
