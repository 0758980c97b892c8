#include "rule.h"

#include "imgprof/units.h"

/* The selectors stand first, numbered as in enum imp_selector. */
enum rule_key {
	KEY_MAX = IMP_SELECTORS,
	KEY_MAX_RISE,
	KEY_MAX_RISE_PCT,
	KEY_MAX_PCT,
	KEY_FORBID,
	KEY_WHEN,
	KEY_ONLY_ABOVE,
	KEY_IGNORE_BELOW,
	KEY_WHY,
	KEY_LEVEL,
	RULE_KEYS
};
static const char *const rule_keys[RULE_KEYS + 1] = {
	"metric",       "path",         "package", "class",  "layer", "max",
	"max_rise",     "max_rise_pct", "max_pct", "forbid", "when",  "only_above",
	"ignore_below", "why",          "level",   NULL};

struct reading {
	struct imp_arena *arena;
	struct imp_budget_rule *rule;
	size_t selectors;
	const struct imp_yaml_node
		*figures[RULE_KEYS]; /* read when the metric is known */
};

int imp_budget_size_read(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
			 uint64_t *out)
{
	struct imp_slice text = {0};
	const char *near;
	int rc = imp_yaml_text(yaml, node, &text);

	if (rc < 0 || imp_size_parse_exact(text, out, &near))
		return rc;
	imp_yaml_mistake(yaml, node, "'%.*s' is no size", (int)text.len, text.data);
	if (near)
		return imp_hint(yaml->err, "did you mean %s? case matters", near);
	return imp_hint(yaml->err, "a number of B kB MB GB TB KiB MiB GiB TiB, as in "
				   "64kB; bare ones are bytes");
}

static int read_count(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
		      uint64_t *out)
{
	struct imp_slice text = {0};
	unsigned long long number = 0;
	int rc = imp_yaml_text(yaml, node, &text);

	if (rc == 0 && !imp_slice_u64(text, &number))
		return imp_yaml_mistake(yaml, node, "'%.*s' is no number of things",
					(int)text.len, text.data);
	*out = number;
	return rc;
}

/* "5", "2.5", up to three digits behind the point: thousandths of a percent. */
static bool parse_percent(struct imp_slice text, uint64_t *out)
{
	struct imp_slice fraction = text;
	struct imp_slice whole = imp_slice_cut(&fraction, '.');
	unsigned long long number, part = 0;

	if (!imp_slice_u64(whole, &number) || number > 1000000)
		return false;
	if (fraction.data && (fraction.len > 3 || !imp_slice_u64(fraction, &part)))
		return false;
	for (size_t i = fraction.len; i < 3; i++)
		part *= 10;
	*out = number * 1000 + part;
	return true;
}

static int read_percent(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
			uint64_t *out)
{
	struct imp_slice text = {0};
	int rc = imp_yaml_text(yaml, node, &text);

	if (rc < 0 || parse_percent(text, out))
		return rc;
	imp_yaml_mistake(yaml, node, "'%.*s' is no percentage", (int)text.len, text.data);
	return imp_hint(yaml->err, "a number such as 5 or 2.5, without the sign");
}

static int read_choice(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
		       const char *const *words, size_t *out)
{
	struct imp_slice text = {0};
	int rc = imp_yaml_text(yaml, node, &text);

	if (rc < 0)
		return rc;
	for (*out = 0; words[*out]; ++*out)
		if (imp_slice_is(text, words[*out]))
			return 0;
	return imp_yaml_mistake(yaml, node, "'%.*s': %s or %s", (int)text.len, text.data,
				words[0], words[1]);
}

static int read_when(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
		     struct reading *reading)
{
	static const char *const words[] = {"both", "either", NULL};
	size_t choice = 0;
	int rc = read_choice(yaml, node, words, &choice);

	reading->rule->both = choice == 0;
	return rc;
}

static int read_level(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
		      struct reading *reading)
{
	static const char *const words[] = {"fail", "warn", NULL};
	size_t choice = 0;
	int rc = read_choice(yaml, node, words, &choice);

	reading->rule->warns = choice == 1;
	return rc;
}

static int read_why(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
		    struct imp_arena *arena, struct imp_slice *out)
{
	struct imp_slice text = {0};
	int rc = imp_yaml_text(yaml, node, &text);

	if (rc == 0)
		*out = imp_arena_copy(arena, text);
	return rc;
}

static int read_key(const struct imp_yaml *yaml, size_t key,
		    const struct imp_yaml_node *value, void *user)
{
	struct reading *reading = user;

	if (key < IMP_SELECTORS) {
		reading->selectors++;
		return imp_target_read(yaml, (enum imp_selector)key, value,
				       reading->arena, &reading->rule->target);
	}
	switch (key) {
	case KEY_FORBID:
		return imp_yaml_bool(yaml, value, &reading->rule->forbid);
	case KEY_WHEN:
		return read_when(yaml, value, reading);
	case KEY_LEVEL:
		return read_level(yaml, value, reading);
	case KEY_WHY:
		return read_why(yaml, value, reading->arena, &reading->rule->why);
	default:
		reading->figures[key] = value;
		return 0;
	}
}

static int read_figures(const struct imp_yaml *yaml, struct reading *reading)
{
	struct imp_budget_rule *rule = reading->rule;
	const struct {
		size_t key;
		struct imp_figure *figure;
		bool percent, bytes;
	} figures[] = {
		{KEY_MAX, &rule->max, false, false},
		{KEY_MAX_RISE, &rule->max_rise, false, false},
		{KEY_MAX_RISE_PCT, &rule->max_rise_pct, true, false},
		{KEY_MAX_PCT, &rule->max_pct, true, false},
		{KEY_ONLY_ABOVE, &rule->only_above, false, false},
		{KEY_IGNORE_BELOW, &rule->ignore_below, false, true},
	};
	bool counts = rule->target.selector == IMP_SELECT_METRIC &&
		      imp_metric_counts(rule->target.metric);
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof(figures) / sizeof(*figures); i++) {
		const struct imp_yaml_node *node = reading->figures[figures[i].key];
		uint64_t *value = &figures[i].figure->value;
		if (!node)
			continue;
		figures[i].figure->set = true;
		rc = figures[i].percent ? read_percent(yaml, node, value)
		     : counts && !figures[i].bytes
			     ? read_count(yaml, node, value)
			     : imp_budget_size_read(yaml, node, value);
	}
	return rc;
}

static bool is_metric(const struct imp_budget_rule *rule, unsigned metric)
{
	return rule->target.selector == IMP_SELECT_METRIC &&
	       rule->target.metric == metric;
}

static int check_floor(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
		       const struct imp_budget_rule *rule)
{
	bool counts = rule->target.selector == IMP_SELECT_METRIC &&
		      imp_metric_counts(rule->target.metric);

	if (!rule->ignore_below.set)
		return 0;
	if (counts)
		return imp_yaml_mistake(yaml, node,
					"ignore_below is a floor in bytes, and %s counts "
					"things",
					imp_metric_name(rule->target.metric));
	if (rule->max_rise.set || rule->max_rise_pct.set)
		return 0;
	imp_yaml_mistake(yaml, node,
			 "ignore_below is a floor of rises, and this rule bounds none");
	return imp_hint(yaml->err, "only_above is the floor of the other bounds");
}

/* Bounds that say nothing are slips. */
static int check_rule(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
		      const struct imp_budget_rule *rule)
{
	bool rises = rule->max_rise.set || rule->max_rise_pct.set;

	if (!rule->max.set && !rises && !rule->max_pct.set && !rule->forbid)
		return imp_yaml_mistake(yaml, node,
					"a rule without bound: max, max_rise, "
					"max_rise_pct, max_pct or forbid");
	if (rule->both && !(rule->max_rise.set && rule->max_rise_pct.set))
		return imp_yaml_mistake(yaml, node,
					"when: both joins max_rise and max_rise_pct, and "
					"one of them is missing");
	if (rises && is_metric(rule, IMP_METRIC_NEW_LAYER)) {
		imp_yaml_mistake(yaml, node, "new_layer is a rise itself");
		return imp_hint(yaml->err, "give it a max");
	}
	if (rule->max_pct.set && rule->target.selector == IMP_SELECT_METRIC &&
	    imp_metric_counts(rule->target.metric))
		return imp_yaml_mistake(yaml, node,
					"max_pct is a share of the image's bytes, and %s "
					"counts things",
					imp_metric_name(rule->target.metric));
	return check_floor(yaml, node, rule);
}

static int want_one_selector(const struct imp_yaml *yaml,
			     const struct imp_yaml_node *node, size_t count)
{
	return count == 1 ? 0
			  : imp_yaml_mistake(yaml, node,
					     "expected one of metric, path, package, "
					     "class and layer, found %zu",
					     count);
}

int imp_budget_rule_read(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
			 struct imp_arena *arena, struct imp_budget_rule *out)
{
	struct reading reading = {.arena = arena, .rule = out};
	int rc = imp_yaml_members(yaml, node, rule_keys, read_key, &reading);

	out->line = imp_yaml_line(node);
	out->column = imp_yaml_column(node);
	if (rc == 0)
		rc = want_one_selector(yaml, node, reading.selectors);
	if (rc == 0)
		rc = read_figures(yaml, &reading);
	return rc < 0 ? rc : check_rule(yaml, node, out);
}

enum { KEY_UNTIL = IMP_SELECTORS, KEY_WAIVER_WHY, WAIVER_KEYS };
static const char *const waiver_keys[WAIVER_KEYS + 1] = {
	"metric", "path", "package", "class", "layer", "until", "why", NULL};

struct waiving {
	struct imp_arena *arena;
	struct imp_budget_waiver *waiver;
	size_t selectors;
};

/* The whole of that day counts, in UTC. */
static int read_until(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
		      struct waiving *waiving)
{
	const int64_t day_ns = INT64_C(86400) * 1000000000;
	struct imp_slice text = {0};
	int rc = imp_yaml_text(yaml, node, &text);

	if (rc < 0)
		return rc;
	char *midnight = imp_arena_printf(waiving->arena, "%.*sT00:00:00Z", (int)text.len,
					  text.data);
	if (!imp_time_parse(imp_slice_of(midnight), &waiving->waiver->end_ns) ||
	    waiving->waiver->end_ns > INT64_MAX - day_ns)
		return imp_yaml_mistake(yaml, node,
					"'%.*s' is no day before 2262: YYYY-MM-DD",
					(int)text.len, text.data);
	waiving->waiver->end_ns += day_ns;
	waiving->waiver->until = imp_arena_copy(waiving->arena, text);
	return 0;
}

static int read_waiver_key(const struct imp_yaml *yaml, size_t key,
			   const struct imp_yaml_node *value, void *user)
{
	struct waiving *waiving = user;

	if (key == KEY_UNTIL)
		return read_until(yaml, value, waiving);
	if (key == KEY_WAIVER_WHY)
		return read_why(yaml, value, waiving->arena, &waiving->waiver->why);
	waiving->selectors++;
	return imp_target_read(yaml, (enum imp_selector)key, value, waiving->arena,
			       &waiving->waiver->target);
}

int imp_budget_waiver_read(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
			   struct imp_arena *arena, struct imp_budget_waiver *out)
{
	struct waiving waiving = {arena, out, 0};
	int rc = imp_yaml_members(yaml, node, waiver_keys, read_waiver_key, &waiving);

	if (rc == 0)
		rc = want_one_selector(yaml, node, waiving.selectors);
	if (rc == 0 && !out->until.data)
		return imp_yaml_mistake(yaml, node, "a waiver without end: until");
	return rc;
}
