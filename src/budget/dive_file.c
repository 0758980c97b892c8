/* A .dive-ci file and its verdicts. */
#include "dive.h"
#include "imgprof/units.h"
#include "imgprof/yaml.h"

#define BILLION UINT64_C(1000000000)

struct rules {
	uint64_t limits[IMP_DIVE_RULES];
	bool off[IMP_DIVE_RULES];
};

static const char *const rule_names[IMP_DIVE_RULES + 1] = {
	[IMP_DIVE_EFFICIENCY] = "lowestEfficiency",
	[IMP_DIVE_WASTED_BYTES] = "highestWastedBytes",
	[IMP_DIVE_USER_WASTED] = "highestUserWastedPercent",
};

const char *imp_dive_rule_name(enum imp_dive_rule rule)
{
	return rule_names[rule];
}

/* "0.95": a share from 0 to 1, in billionths. */
static bool parse_share(struct imp_slice text, uint64_t *out)
{
	struct imp_slice fraction = text;
	struct imp_slice whole = imp_slice_cut(&fraction, '.');
	unsigned long long number = 0, part = 0;

	if ((whole.len && !imp_slice_u64(whole, &number)) || number > 1 ||
	    fraction.len > 9 || (!whole.len && !fraction.len))
		return false;
	if (fraction.len && !imp_slice_u64(fraction, &part))
		return false;
	for (size_t i = fraction.len; i < 9; i++)
		part *= 10;
	*out = number * BILLION + part;
	return *out <= BILLION;
}

static bool is_off(struct imp_slice text)
{
	return !text.len || imp_slice_is(text, "disabled") || imp_slice_is(text, "off") ||
	       imp_slice_is(text, "false");
}

static int read_rule(const struct imp_yaml *yaml, size_t key,
		     const struct imp_yaml_node *value, void *user)
{
	struct rules *rules = user;
	struct imp_slice text = {0};
	int rc = imp_yaml_text(yaml, value, &text);

	if (rc < 0)
		return rc;
	rules->off[key] = is_off(text);
	if (rules->off[key] ||
	    (key == IMP_DIVE_WASTED_BYTES ? imp_size_parse(text, &rules->limits[key])
					  : parse_share(text, &rules->limits[key])))
		return 0;
	return imp_yaml_mistake(yaml, value, "'%.*s': %s", (int)text.len, text.data,
				key == IMP_DIVE_WASTED_BYTES
					? "a size such as 20MB, or disabled"
					: "a share from 0 to 1, or disabled");
}

static int read_top(const struct imp_yaml *yaml, size_t key,
		    const struct imp_yaml_node *value, void *user)
{
	(void)key;
	return imp_yaml_members(yaml, value, rule_names, read_rule, user);
}

static int read_document(const struct imp_yaml *yaml, const struct imp_yaml_node *root,
			 void *user)
{
	static const char *const keys[] = {"rules", NULL};

	return imp_yaml_members(yaml, root, keys, read_top, user);
}

/* dive compares with "greater than": at the limit a rule passes. */
static bool is_broken(const struct imp_dive_row *row)
{
	unsigned __int128 value = (unsigned __int128)row->part * BILLION;
	unsigned __int128 limit = (unsigned __int128)row->whole * row->limit;

	switch (row->rule) {
	case IMP_DIVE_EFFICIENCY:
		return row->whole > 0 && value < limit;
	case IMP_DIVE_WASTED_BYTES:
		return row->part > row->limit;
	case IMP_DIVE_USER_WASTED:
	case IMP_DIVE_RULES:
		break;
	}
	return value > limit;
}

static void fill(struct imp_dive_row *row, const struct imp_dive_figures *dive,
		 const struct imp_analysis *image)
{
	uint64_t live = imp_total_of(image, IMP_TOTAL_LIVE);
	uint64_t wasted = imp_total_of(image, IMP_TOTAL_WASTED);

	switch (row->rule) {
	case IMP_DIVE_EFFICIENCY:
		row->part = dive->minimum_bytes;
		row->whole = dive->cumulative_bytes;
		row->our_part = live;
		row->our_whole = live + wasted;
		break;
	case IMP_DIVE_WASTED_BYTES:
		row->part = dive->wasted_bytes;
		row->our_part = wasted;
		break;
	case IMP_DIVE_USER_WASTED:
	case IMP_DIVE_RULES:
		row->part = dive->wasted_bytes;
		row->whole = dive->user_bytes;
		row->our_part = wasted;
		row->our_whole = image->disk_bytes;
		break;
	}
}

static void check_image(const struct rules *rules, const struct imp_budget_image *image,
			struct imp_arena *arena, struct imp_dive_row *rows,
			struct imp_check *check)
{
	struct imp_dive_figures figures;

	imp_dive_measure(image->image->tree, &figures);
	for (int rule = 0; rule < IMP_DIVE_RULES; rule++) {
		struct imp_dive_row *row = &rows[rule];
		row->image = image->name;
		row->platform = imp_platform_text(&image->image->image->platform, arena);
		row->rule = (enum imp_dive_rule)rule;
		row->limit = rules->limits[rule];
		row->off = rules->off[rule];
		fill(row, &figures, image->image);
		if (!row->off && is_broken(row))
			row->verdict = IMP_VERDICT_FAIL;
		if (row->verdict > check->verdict)
			check->verdict = row->verdict;
		if (!row->off)
			check->counts[row->verdict]++;
	}
}

int imp_dive_check(struct imp_slice text, const char *name,
		   const struct imp_budget_image *images, size_t count,
		   struct imp_arena *arena, struct imp_check *check,
		   struct imp_error *err)
{
	/* What dive's options are by default: 0.9, disabled, 0.1 */
	struct rules rules = {
		.limits = {[IMP_DIVE_EFFICIENCY] = BILLION / 10 * 9,
			   [IMP_DIVE_USER_WASTED] = BILLION / 10},
		.off = {[IMP_DIVE_WASTED_BYTES] = true},
	};
	int rc = imp_yaml_parse(text, name, read_document, &rules, err);

	if (rc < 0)
		return rc;
	struct imp_dive_row *rows =
		imp_arena_array(arena, count * IMP_DIVE_RULES, sizeof(*rows));
	for (size_t i = 0; i < count; i++)
		check_image(&rules, &images[i], arena, &rows[i * IMP_DIVE_RULES], check);
	check->dive = rows;
	check->dive_count = count * IMP_DIVE_RULES;
	check->dive_file = imp_arena_text(arena, name);
	return 0;
}
