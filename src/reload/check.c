/* Kind "check": what struct imp_check holds, with its images and their diffs. */
#include "imgprof/budget.h"

#include "kinds.h"

static enum imp_verdict read_verdict(struct imp_reading *reading, const json_t *object,
				     const char *key)
{
	return imp_read_enum(reading, object, key, enum imp_verdict, IMP_VERDICTS,
			     imp_verdict_name);
}

/* `rule`: one selector with its subject, whose raw bytes stand beside it. */
static void read_rule(struct imp_reading *reading, const json_t *object,
		      struct imp_budget_row *out)
{
	static const char *const selectors[] = {"metric", "path", "package", "class",
						"layer"};
	const json_t *rule = imp_read_object(reading, object, "rule");
	size_t i = 0;

	while (i < sizeof(selectors) / sizeof(*selectors) &&
	       !json_object_get(rule, selectors[i]))
		i++;
	if (i == sizeof(selectors) / sizeof(*selectors)) {
		imp_reading_break(reading, "rule");
		i = 0;
	}
	out->selector = selectors[i];
	out->subject = json_object_get(object, "subject_base64")
			       ? imp_read_raw(reading, object, "subject")
			       : imp_read_raw(reading, rule, selectors[i]);
}

static void read_limit(struct imp_reading *reading, const json_t *object,
		       struct imp_budget_row *out)
{
	switch (out->bound) {
	case IMP_BOUND_MAX:
	case IMP_BOUND_MAX_RISE:
		out->limit = imp_read_number(reading, object, "limit", INT64_MAX);
		break;
	case IMP_BOUND_BOTH_RISES:
		out->rise_limit_bytes =
			imp_read_number(reading, object, "limit", INT64_MAX);
		out->limit =
			imp_read_number(reading, object, "limit_thousandths", INT64_MAX);
		break;
	case IMP_BOUND_MAX_RISE_PCT:
	case IMP_BOUND_MAX_PCT:
		out->limit =
			imp_read_number(reading, object, "limit_thousandths", INT64_MAX);
		break;
	case IMP_BOUND_FORBID:
	case IMP_BOUNDS:
		break;
	}
}

static void read_waiver(struct imp_reading *reading, const json_t *object,
			struct imp_budget_row *out)
{
	if (json_is_null(json_object_get(object, "waiver")))
		return;
	const json_t *waiver = imp_read_object(reading, object, "waiver");
	out->waived_until = imp_read_raw(reading, waiver, "until");
	out->waived_why = imp_read_raw(reading, waiver, "why");
	out->waiver_ended = imp_read_flag(reading, waiver, "ended");
	if (!out->waived_until.len)
		imp_reading_break(reading, "until");
}

static bool read_choice(struct imp_reading *reading, const json_t *object,
			const char *key, const char *yes, const char *no)
{
	struct imp_slice text = imp_json_get_string(object, key);

	if (imp_slice_is(text, yes))
		return true;
	if (!imp_slice_is(text, no))
		imp_reading_break(reading, key);
	return false;
}

static void read_row(struct imp_reading *reading, const json_t *object,
		     struct imp_budget_row *out)
{
	out->image = imp_read_name(reading, object, "image");
	out->platform = imp_read_word(reading, object, "platform");
	read_rule(reading, object, out);
	out->counts = read_choice(reading, object, "unit", "count", "bytes");
	out->value = imp_read_bytes(reading, object, "value");
	out->has_base = !json_is_null(json_object_get(object, "base"));
	if (out->has_base)
		out->base = imp_read_bytes(reading, object, "base");
	out->bound = imp_read_enum(reading, object, "bound", enum imp_bound, IMP_BOUNDS,
				   imp_bound_name);
	read_limit(reading, object, out);
	out->asleep = !json_is_null(json_object_get(object, "asleep_below"));
	if (out->asleep)
		out->floor = imp_read_number(reading, object, "asleep_below", INT64_MAX);
	out->verdict = read_verdict(reading, object, "state");
	out->fails = read_choice(reading, object, "level", "fail", "warn");
	out->why = imp_read_raw(reading, object, "why");
	read_waiver(reading, object, out);
	out->line = (uint32_t)imp_read_number(reading, object, "line", UINT32_MAX);
	out->column = (uint32_t)imp_read_number(reading, object, "column", UINT32_MAX);
}

static void count(struct imp_check *check, enum imp_verdict verdict)
{
	check->counts[verdict]++;
	if (verdict > check->verdict)
		check->verdict = verdict;
}

static void read_rows(struct imp_reading *reading, const json_t *document,
		      struct imp_check *out)
{
	const json_t *list = imp_read_array(reading, document, "budgets");
	size_t rows = json_array_size(list);
	struct imp_budget_row *made =
		imp_arena_array(reading->arena, rows + 1, sizeof(*made));

	for (size_t i = 0; i < rows && !reading->broken; i++) {
		read_row(reading, imp_read_element(reading, list, i, "budgets"),
			 &made[i]);
		count(out, made[i].verdict);
	}
	out->rows = made;
	out->row_count = rows;
}

static void read_dive_row(struct imp_reading *reading, const json_t *object,
			  struct imp_dive_row *out)
{
	bool bytes;

	out->image = imp_read_name(reading, object, "image");
	out->platform = imp_read_word(reading, object, "platform");
	out->rule = imp_read_enum(reading, object, "rule", enum imp_dive_rule,
				  IMP_DIVE_RULES, imp_dive_rule_name);
	bytes = out->rule == IMP_DIVE_WASTED_BYTES;
	out->part = imp_read_bytes(reading, object, "part");
	out->whole = imp_read_bytes(reading, object, "whole");
	out->our_part = imp_read_bytes(reading, object, "imgprof_part");
	out->our_whole = imp_read_bytes(reading, object, "imgprof_whole");
	out->limit = imp_read_number(reading, object, "limit_exact",
				     bytes ? INT64_MAX : IMP_RELOAD_MAX_BYTES);
	out->off = imp_slice_is(imp_json_get_string(object, "state"), "off");
	if (out->off)
		out->verdict = IMP_VERDICT_PASS;
	else
		out->verdict = read_verdict(reading, object, "state");
}

static void read_dive(struct imp_reading *reading, const json_t *document,
		      struct imp_check *out)
{
	if (!json_object_get(document, "dive"))
		return;
	const json_t *list = imp_read_array(reading, document, "dive");
	size_t rows = json_array_size(list);
	struct imp_dive_row *made =
		imp_arena_array(reading->arena, rows + 1, sizeof(*made));

	out->dive_file = imp_read_name(reading, document, "dive_file");
	for (size_t i = 0; i < rows && !reading->broken; i++) {
		read_dive_row(reading, imp_read_element(reading, list, i, "dive"),
			      &made[i]);
		if (!made[i].off)
			count(out, made[i].verdict);
	}
	out->dive = made;
	out->dive_count = rows;
}

static void read_diffs(struct imp_reading *reading, const json_t *document,
		       struct imp_reloaded *out, const struct imp_check *check)
{
	bool without_tree = out->without_tree;

	if (!json_object_get(document, "pairs"))
		return;
	imp_read_array(reading, document, "pairs");
	if (!check->base_reason)
		imp_reading_break(reading, "base");
	imp_reload_pairs(reading, document, out);
	out->without_tree = without_tree; /* the images' */
}

int imp_reload_check(struct imp_reading *reading, const json_t *document,
		     struct imp_reloaded *out, struct imp_reload_owned *owned,
		     struct imp_error *err)
{
	struct imp_check *check = imp_arena_alloc(reading->arena, sizeof(*check));
	int rc = imp_reload_images(reading, document, out, owned, err);

	if (rc < 0)
		return rc;
	check->file = imp_read_text(reading, document, "file");
	check->base_reason = imp_read_line(reading, document, "base");
	read_rows(reading, document, check);
	read_dive(reading, document, check);
	if (!check->file && !check->dive_file)
		imp_reading_break(reading, "file");
	if (read_verdict(reading, document, "verdict") != check->verdict)
		imp_reading_break(reading, "verdict");
	read_diffs(reading, document, out, check);
	out->check = check;
	return 0;
}
