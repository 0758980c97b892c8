/* The options of `imgprof cost`: cost_plan.c understands them. */
#include "command.h"

/* Options that keep their text until the plan is made. */
#define KEEP(name) \
	static int apply_##name(struct imp_settings *settings, const char *value, \
				struct imp_error *err) \
	{ \
		(void)err; \
		settings->cost.name = value; \
		return 0; \
	}

KEEP(from)
KEEP(price)
KEEP(unit_base)
KEEP(currency)
KEEP(replicas)
KEEP(as_of)
KEEP(max)
KEEP(group)
KEEP(label)
KEEP(builds_per_week)
KEEP(build_minutes)
KEEP(build_price)
KEEP(push_price)
KEEP(pulls)
KEEP(warm_share)
KEEP(pull_price)
KEEP(db)

static const char dedupe_choices[] = "repository namespace registry";
static const char sort_choices[] = "attributed full exclusive age";

static int keep_choice(const char *choices, const char *value, const char **out,
		       struct imp_error *err)
{
	struct imp_slice rest = imp_slice_of(choices);

	while (rest.len)
		if (imp_slice_is(imp_slice_cut(&rest, ' '), value)) {
			*out = value;
			return 0;
		}
	return imp_fail(err, IMP_E_USAGE, "'%s' is none of %s", value, choices);
}

#define KEEP_CHOICE(name) \
	static int apply_##name(struct imp_settings *settings, const char *value, \
				struct imp_error *err) \
	{ \
		return keep_choice(name##_choices, value, &settings->cost.name, err); \
	}

KEEP_CHOICE(dedupe)
KEEP_CHOICE(sort)

static int apply_registry(struct imp_settings *settings, const char *value,
			  struct imp_error *err)
{
	return imp_words_add(&settings->cost.registries, "registry", value, err);
}

static int apply_what_if(struct imp_settings *settings, const char *value,
			 struct imp_error *err)
{
	return imp_words_add(&settings->cost.what_ifs, "what-if", value, err);
}

static int apply_unpacked_from(struct imp_settings *settings, const char *value,
			       struct imp_error *err)
{
	return imp_words_add(&settings->cost.unpacked_from, "unpacked-from", value, err);
}

static int apply_free_tier(struct imp_settings *settings, const char *value,
			   struct imp_error *err)
{
	(void)value, (void)err;
	settings->cost.free_tier = true;
	return 0;
}

static int apply_snapshot(struct imp_settings *settings, const char *value,
			  struct imp_error *err)
{
	(void)value, (void)err;
	settings->cost.snapshot = true;
	return 0;
}

static int apply_history(struct imp_settings *settings, const char *value,
			 struct imp_error *err)
{
	(void)value, (void)err;
	settings->cost.history = true;
	return 0;
}

static int apply_digests(struct imp_settings *settings, const char *value,
			 struct imp_error *err)
{
	(void)value, (void)err;
	settings->cost.digests = true;
	return 0;
}

/* clang-format off */
const struct imp_option imp_cost_options[] = {
	{"registry", 0, "HOST", "all repositories that HOST lists", "What", NULL, NULL, apply_registry},
	{"from", 0, "FILE", "references and digests, one a line", "What", NULL, NULL, apply_from},
	{"unpacked-from", 0, "FILE", "a stored report, for what its image weighs unpacked", "What", NULL, NULL, apply_unpacked_from},
	{"as-of", 0, "DATE", "the day that ages are counted from", "What", NULL, NULL, apply_as_of},
	{"price", 0, "PRICE", "a preset, NUMBER[CUR]/GB-month or a file", "Price", NULL, NULL, apply_price},
	{"dedupe", 0, "DOMAIN", "over what a blob is billed once", "Price", dedupe_choices, NULL, apply_dedupe},
	{"unit-base", 0, "N", "bytes of a GB: 1e9, 2^30 or a number", "Price", NULL, NULL, apply_unit_base},
	{"currency", 0, "CUR", "what the figures are called; nothing is converted", "Price", NULL, NULL, apply_currency},
	{"replicas", 0, "N", "copies that are paid for", "Price", NULL, NULL, apply_replicas},
	{"free-tier", 0, NULL, "take off the account's allowance", "Price", NULL, NULL, apply_free_tier},
	{"max", 0, "AMOUNT", "exit status 1 when the month costs more", "Price", NULL, NULL, apply_max},
	{"what-if", 0, "EXPR", "keep=10, match=pr-*, older=14d; a comma is an and", "Questions", NULL, NULL, apply_what_if},
	{"sort", 0, "KEY", "images by attributed, full, exclusive or age", "Questions", sort_choices, NULL, apply_sort},
	{"group", 0, "BY", "repo, tag-prefix or label:KEY", "Questions", NULL, NULL, apply_group},
	{"label", 0, "KEY", "label to show beside images (default: team)", "Questions", NULL, NULL, apply_label},
	{"builds-per-week", 0, "N", "builds of each repository, for what they push", "Traffic", NULL, NULL, apply_builds_per_week},
	{"build-minutes", 0, "N", "how long one takes", "Traffic", NULL, NULL, apply_build_minutes},
	{"build-price", 0, "AMOUNT", "of a minute, such as 0.008USD", "Traffic", NULL, NULL, apply_build_price},
	{"push-price", 0, "AMOUNT", "of a GB that is pushed, such as 0.01USD", "Traffic", NULL, NULL, apply_push_price},
	{"pulls", 0, "FILE", "a reference and its pulls per month, one a line", "Traffic", NULL, NULL, apply_pulls},
	{"warm-share", 0, "PERCENT", "pulls that find the image before already there", "Traffic", NULL, NULL, apply_warm_share},
	{"pull-price", 0, "AMOUNT", "of a GB that is pulled, such as 0.09USD", "Traffic", NULL, NULL, apply_pull_price},
	{"snapshot", 0, NULL, "keep these sums, for growth", "History", NULL, NULL, apply_snapshot},
	{"history", 0, NULL, "what was stored over time, from snapshots alone", "History", NULL, NULL, apply_history},
	{"db", 0, "FILE", "where snapshots are kept", "History", NULL, NULL, apply_db},
	{0},
};

const struct imp_option imp_digests_options[] = {
	{"digests", 0, NULL, "list what another tool would delete", "Questions", NULL, NULL, apply_digests},
	{0},
};
/* clang-format on */
