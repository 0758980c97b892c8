/* What users say about rules: another confidence, or that they do not want to hear of some. */
#include "rules_priv.h"

#include <stdlib.h>

#include "imgprof/escape.h"
#include "imgprof/near.h"

int imp_hint_rule(const struct imp_rules *rules, struct imp_slice id,
		  struct imp_error *err)
{
	imp_auto_free const char **ids = imp_xcalloc(rules->row_count + 1, sizeof(*ids));

	for (size_t i = 0; i < rules->row_count; i++)
		ids[i] = rules->rows[i].text.id;
	const char *near = imp_nearest(id, ids);
	return near ? imp_hint(err, "did you mean %s?", near)
		    : imp_hint(err, "imgprof rules lists them");
}

static struct imp_row *find_row(struct imp_rules *rules, struct imp_slice id)
{
	for (size_t i = 0; i < rules->row_count; i++)
		if (imp_slice_is(id, rules->rows[i].text.id))
			return &rules->rows[i];
	return NULL;
}

static int no_rule(const struct imp_rules *rules, struct imp_slice id,
		   struct imp_error *err)
{
	imp_fail(err, IMP_E_USAGE, "no rule '%.*s'", (int)id.len, id.data);
	return imp_hint_rule(rules, id, err);
}

/* Guards find nothing, and hidden bytes are certain: neither can be changed. */
static int check_changeable(const struct imp_row *row, struct imp_error *err)
{
	if (row->guard)
		return imp_fail(err, IMP_E_USAGE, "%s is a guard, which finds nothing",
				row->text.id);
	if (row->fate != IMP_FATE_LIVE)
		return imp_fail(err, IMP_E_USAGE,
				"%s is about hidden bytes, which are always counted",
				row->text.id);
	return 0;
}

int imp_rules_set_confidence(struct imp_rules *rules, struct imp_slice id,
			     struct imp_slice level, struct imp_error *err)
{
	enum imp_confidence confidence;
	struct imp_row *row = find_row(rules, id);

	if (!row)
		return no_rule(rules, id, err);
	int rc = check_changeable(row, err);
	if (rc < 0)
		return rc;
	if (!imp_confidence_parse(level, &confidence))
		return imp_fail(err, IMP_E_USAGE,
				"unknown confidence '%.*s': certain, likely or possible",
				(int)level.len, level.data);
	/* Terms that were less sure than their rule stay so. */
	for (size_t i = 0; i < rules->term_count; i++) {
		struct imp_term *term = &rules->terms[i];
		bool own = &rules->rows[term->row] == row;
		if (own && (term->confidence == row->confidence ||
			    term->confidence < confidence))
			term->confidence = confidence;
	}
	row->confidence = confidence;
	row->text.confidence = imp_confidence_name(confidence);
	return 0;
}

static bool is_id(struct imp_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!memchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", text.data[i], 37))
			return false;
	return text.len > 0;
}

static const char *reason_text(struct imp_rules *rules, struct imp_slice reason,
			       const char *name)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	imp_strbuf_add_text(&text, "ignored by ");
	imp_escape_terminal(&text, imp_slice_of(name));
	imp_strbuf_add_text(&text, ": ");
	imp_escape_terminal(&text, reason);
	return imp_arena_copy(rules->arena, imp_strbuf_slice(&text)).data;
}

int imp_rules_ignore(struct imp_rules *rules, struct imp_slice what,
		     struct imp_slice reason, const char *name, struct imp_error *err)
{
	struct imp_row *row = find_row(rules, what);

	if (reason.len == 0 || imp_slice_is(reason, "-"))
		return imp_fail(err, IMP_E_USAGE, "a reason is missing");
	if (row) {
		int rc = check_changeable(row, err);
		if (rc == 0)
			row->ignored = reason_text(rules, reason, name);
		return rc;
	}
	if (is_id(what))
		return no_rule(rules, what, err);
	rules->rows = imp_xgrow(rules->rows, &rules->row_capacity, rules->row_count + 1,
				sizeof(*rules->rows));
	rules->rows[rules->row_count++] = (struct imp_row){
		.text = {.id = "ignore",
			 .match = imp_arena_copy(rules->arena, what).data,
			 .class_name = "ignore",
			 .confidence = "always",
			 .guard = "",
			 .title = imp_arena_copy(rules->arena, reason).data,
			 .fix_kind = "",
			 .source = imp_arena_text(rules->arena, name),
			 .group = "Ignored paths"},
		.ignored = reason_text(rules, reason, name),
		.ignores = true,
	};
	rules->ignores_paths = true;
	return imp_term_add(rules, what, err);
}
