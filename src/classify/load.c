#include "rules_priv.h"

#include <stdio.h>
#include <stdlib.h>

#include "imgprof/hash.h"
#include "imgprof/near.h"

#include "words_priv.h"

enum column {
	COLUMN_KIND,
	COLUMN_ID,
	COLUMN_MATCH,
	COLUMN_CLASS,
	COLUMN_CONFIDENCE,
	COLUMN_NEEDS,
	COLUMN_SUBJECT,
	COLUMN_TITLE,
	COLUMN_FIX,
	COLUMN_SOURCE,
	COLUMNS,
	COLUMN_FIX_TEXT = COLUMN_MATCH /* of a fix */
};

struct loader {
	struct imp_rules *rules;
	const char *name;
	struct imp_slice line, fields[COLUMNS];
	size_t line_number, field_count;
	const char *group;   /* the last comment */
	struct imp_slice at; /* what a mistake is about */
	struct imp_error *err;
};

/* A mistake in WHERE, a part of the line. */
#define mistake(loader, where, ...) \
	((loader)->at = (where), imp_fail((loader)->err, IMP_E_USAGE, __VA_ARGS__))

static bool is_empty(struct imp_slice field)
{
	return imp_slice_is(field, "-");
}

static const char *keep(struct loader *loader, enum column column)
{
	struct imp_slice field = loader->fields[column];
	return is_empty(field) ? "" : imp_arena_copy(loader->rules->arena, field).data;
}

static int parse_id(struct loader *loader)
{
	struct imp_slice id = loader->fields[COLUMN_ID];
	uint64_t line;

	for (size_t i = 0; i < id.len; i++)
		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", id.data[i]) ||
		    id.data[i] == '\0')
			return mistake(loader, id,
				       "'%.*s': capitals, digits and '-' only",
				       (int)id.len, id.data);
	if (id.len == 0 || is_empty(id))
		return mistake(loader, id, "an id is missing");
	if (imp_map_get(&loader->rules->ids, id, &line))
		return mistake(loader, id, "'%.*s' stands in line %zu already",
			       (int)id.len, id.data, (size_t)line);
	imp_map_set(&loader->rules->ids, imp_arena_copy(loader->rules->arena, id),
		    loader->line_number);
	return 0;
}

static int parse_class(struct loader *loader, enum imp_class *out)
{
	struct imp_slice text = loader->fields[COLUMN_CLASS];

	const char *names[IMP_CLASSES + 1] = {0};

	if (imp_class_parse(text, out))
		return 0;
	for (int i = 0; i < IMP_CLASSES; i++)
		names[i] = imp_class_name((enum imp_class)i);
	mistake(loader, text, "unknown class '%.*s'", (int)text.len, text.data);
	const char *near = imp_nearest(text, names);
	return near ? imp_hint(loader->err, "did you mean %s?", near) : IMP_E_USAGE;
}

static int parse_guarded(struct loader *loader, uint32_t *out)
{
	struct imp_slice rest = loader->fields[COLUMN_CLASS];

	while (rest.data) {
		enum imp_class class;
		struct imp_slice word = imp_slice_cut(&rest, ',');
		if (!imp_class_parse(word, &class))
			return mistake(loader, word, "unknown class '%.*s'",
				       (int)word.len, word.data);
		*out |= 1U << class;
	}
	return 0;
}

static int parse_anchors(struct loader *loader, struct imp_slice rest, uint32_t *out)
{
	while (rest.data) {
		enum imp_anchor anchor;
		struct imp_slice word = imp_slice_cut(&rest, ',');
		if (!imp_anchor_parse(word, &anchor))
			return mistake(loader, word, "unknown fact '%.*s'", (int)word.len,
				       word.data);
		*out |= 1U << anchor;
	}
	return 0;
}

static int parse_needs(struct loader *loader, struct imp_row *row)
{
	struct imp_slice unless = IMP_SLICE("unless:"), absent = IMP_SLICE("absent:");
	struct imp_slice with = IMP_SLICE("with:");
	struct imp_slice rest = loader->fields[COLUMN_NEEDS];
	int rc = 0;

	if (is_empty(rest))
		return 0;
	while (rc == 0 && rest.data) {
		struct imp_slice word = imp_slice_cut(&rest, ' ');
		if (imp_slice_starts(word, unless))
			rc = parse_anchors(loader, imp_slice_skip(word, unless.len),
					   &row->unless);
		else if (imp_slice_starts(word, absent))
			rc = parse_anchors(loader, imp_slice_skip(word, absent.len),
					   &row->absent);
		else if (imp_slice_starts(word, with))
			row->with = imp_arena_copy(loader->rules->arena,
						   imp_slice_skip(word, with.len));
		else if (imp_slice_is(word, "sweep"))
			row->sweep = true;
		else
			rc = mistake(
				loader, word,
				"expected unless:, absent:, with: or sweep, not '%.*s'",
				(int)word.len, word.data);
	}
	return rc;
}

static int parse_match(struct loader *loader)
{
	struct imp_slice rest = loader->fields[COLUMN_MATCH];

	if (is_empty(rest))
		return mistake(loader, rest, "a pattern is missing");
	while (rest.data) {
		struct imp_slice term = imp_slice_cut(&rest, ' ');
		loader->at = term;
		if (term.len == 0)
			return mistake(loader, loader->fields[COLUMN_MATCH],
				       "terms are divided by one space");
		int rc = imp_term_add(loader->rules, term, loader->err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int check_placeholders(struct loader *loader, struct imp_slice text)
{
	struct imp_slice unknown = imp_placeholder_unknown(text);

	if (!unknown.data)
		return 0;
	return mistake(loader, unknown, "unknown placeholder '{%.*s}'", (int)unknown.len,
		       unknown.data);
}

static void keep_fix_keys(struct loader *loader, struct imp_row *row)
{
	struct imp_slice otherwise = loader->fields[COLUMN_FIX];
	struct imp_slice first = imp_slice_cut(&otherwise, '|');

	row->text.fix_kind =
		is_empty(first) ? "" : imp_arena_copy(loader->rules->arena, first).data;
	if (otherwise.data)
		row->fix_otherwise = imp_arena_copy(loader->rules->arena, otherwise).data;
}

static struct imp_row *new_row(struct loader *loader)
{
	struct imp_rules *rules = loader->rules;

	rules->rows = imp_xgrow(rules->rows, &rules->row_capacity, rules->row_count + 1,
				sizeof(*rules->rows));
	struct imp_row *row = &rules->rows[rules->row_count++];
	*row = (struct imp_row){
		.text = {.id = keep(loader, COLUMN_ID),
			 .match = keep(loader, COLUMN_MATCH),
			 .class_name = keep(loader, COLUMN_CLASS),
			 .confidence = keep(loader, COLUMN_CONFIDENCE),
			 .guard = keep(loader, COLUMN_NEEDS),
			 .title = keep(loader, COLUMN_TITLE),
			 .source = keep(loader, COLUMN_SOURCE),
			 .group = loader->group},
		.line = loader->line_number,
	};
	keep_fix_keys(loader, row);
	return row;
}

static int parse_rule(struct loader *loader)
{
	struct imp_slice confidence = loader->fields[COLUMN_CONFIDENCE];
	struct imp_slice subject = loader->fields[COLUMN_SUBJECT];
	struct imp_row *row = new_row(loader);
	int rc = parse_class(loader, &row->class);

	if (rc == 0 && !imp_confidence_parse(confidence, &row->confidence))
		rc = mistake(loader, confidence, "unknown confidence '%.*s'",
			     (int)confidence.len, confidence.data);
	if (rc == 0)
		rc = parse_needs(loader, row);
	if (rc == 0 && !imp_subject_parse(subject, &row->subject))
		rc = mistake(loader, subject, "unknown subject '%.*s'", (int)subject.len,
			     subject.data);
	if (rc == 0)
		rc = check_placeholders(loader, loader->fields[COLUMN_TITLE]);
	return rc == 0 ? parse_match(loader) : rc;
}

static int parse_guard(struct loader *loader)
{
	struct imp_row *row = new_row(loader);
	int rc = parse_guarded(loader, &row->guarded);

	row->guard = true;
	row->text.group = "Guards: these look removable, and are not";
	row->text.class_name = "keep";
	row->text.confidence = "always";
	row->text.guard = keep(loader, COLUMN_CLASS);
	return rc == 0 ? parse_match(loader) : rc;
}

static int parse_fix(struct loader *loader)
{
	struct imp_rules *rules = loader->rules;

	rules->fixes = imp_xgrow(rules->fixes, &rules->fix_capacity, rules->fix_count + 1,
				 sizeof(*rules->fixes));
	rules->fixes[rules->fix_count++] = (struct imp_fix){
		.key = keep(loader, COLUMN_ID), .text = keep(loader, COLUMN_FIX_TEXT)};
	return check_placeholders(loader, loader->fields[COLUMN_FIX_TEXT]);
}

static void split(struct loader *loader)
{
	struct imp_slice rest = loader->line;

	for (loader->field_count = 0; rest.data; loader->field_count++) {
		struct imp_slice field = imp_slice_cut(&rest, '\t');
		if (loader->field_count < COLUMNS)
			loader->fields[loader->field_count] = field;
	}
}

static int parse_new_confidence(struct loader *loader)
{
	loader->at = loader->fields[COLUMN_ID];
	return imp_rules_set_confidence(loader->rules, loader->fields[COLUMN_ID],
					loader->fields[COLUMN_MATCH], loader->err);
}

static int parse_ignore(struct loader *loader)
{
	loader->at = loader->fields[COLUMN_ID];
	return imp_rules_ignore(loader->rules, loader->fields[COLUMN_ID],
				loader->fields[COLUMN_MATCH], loader->name, loader->err);
}

static int parse_line(struct loader *loader)
{
	static const struct {
		const char *kind;
		size_t columns;
		bool is_new; /* brings an id or key of its own */
		int (*parse)(struct loader *loader);
	} kinds[] = {
		{"rule", COLUMNS, true, parse_rule},
		{"guard", COLUMNS, true, parse_guard},
		{"fix", COLUMN_FIX_TEXT + 1, true, parse_fix},
		{"confidence", COLUMN_MATCH + 1, false, parse_new_confidence},
		{"ignore", COLUMN_MATCH + 1, false, parse_ignore},
	};
	struct imp_slice kind = loader->fields[COLUMN_KIND];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (!imp_slice_is(kind, kinds[i].kind))
			continue;
		if (loader->field_count != kinds[i].columns)
			return mistake(loader, loader->line,
				       "a line of %s has %zu columns, not %zu",
				       kinds[i].kind, kinds[i].columns,
				       loader->field_count);
		int rc = kinds[i].is_new ? parse_id(loader) : 0;
		return rc == 0 ? kinds[i].parse(loader) : rc;
	}
	mistake(loader, kind,
		"expected rule, guard, fix, confidence or ignore, not '%.*s'",
		(int)kind.len, kind.data);
	const char *near =
		imp_nearest(kind, (const char *const[]){"rule", "guard", "fix",
							"confidence", "ignore", NULL});
	return near ? imp_hint(loader->err, "did you mean %s?", near) : IMP_E_USAGE;
}

int imp_rules_add_line(struct imp_rules *rules, struct imp_slice line, const char *name,
		       struct imp_error *err)
{
	struct loader loader = {.rules = rules,
				.name = name,
				.line = line,
				.group = imp_arena_text(rules->arena, name),
				.err = err};

	split(&loader);
	return parse_line(&loader);
}

static int load_lines(struct loader *loader, struct imp_slice text)
{
	while (text.len > 0) {
		loader->line = imp_slice_cut(&text, '\n');
		loader->line_number++;
		if (imp_slice_starts(loader->line, IMP_SLICE("# ")))
			loader->group = imp_arena_copy(loader->rules->arena,
						       imp_slice_skip(loader->line, 2))
						.data;
		if (loader->line.len == 0 || loader->line.data[0] == '#')
			continue;
		split(loader);
		int rc = parse_line(loader);
		if (rc < 0)
			return imp_wrap(loader->err, "%s:%zu:%zu", loader->name,
					loader->line_number,
					(size_t)(loader->at.data - loader->line.data) +
						1);
	}
	return 0;
}

static int check_fix(const struct loader *loader, const struct imp_row *row,
		     const char *key)
{
	if (!key || !key[0] || imp_fix_text(loader->rules, key))
		return 0;
	return imp_fail(loader->err, IMP_E_USAGE, "%s:%zu: %s: no fix '%s'", loader->name,
			row->line, row->text.id, key);
}

static int check_fixes(const struct loader *loader)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < loader->rules->row_count; i++) {
		const struct imp_row *row = &loader->rules->rows[i];
		rc = check_fix(loader, row, row->text.fix_kind);
		if (rc == 0)
			rc = check_fix(loader, row, row->fix_otherwise);
	}
	return rc;
}

/* Of all texts so far: that of the ones before is part of it. */
static void set_version(struct imp_rules *rules, struct imp_slice text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf all = {0};
	struct imp_digest digest;
	char short_digest[16];

	imp_strbuf_add_text(&all, rules->version);
	imp_strbuf_add_slice(&all, text);
	imp_digest_of(IMP_DIGEST_SHA256, imp_strbuf_slice(&all), &digest);
	snprintf(rules->version, sizeof(rules->version), "%s",
		 imp_digest_short(&digest, short_digest));
}

int imp_rules_check(struct imp_rules *rules, struct imp_slice text, const char *name,
		    struct imp_error *err)
{
	struct loader loader = {.rules = rules, .name = name, .err = err};
	int rc = check_fixes(&loader);

	if (rc == 0)
		set_version(rules, text);
	return rc;
}

int imp_rules_add(struct imp_rules *rules, struct imp_slice text, const char *name,
		  struct imp_error *err)
{
	struct loader loader = {.rules = rules,
				.name = name,
				.group = imp_arena_text(rules->arena, name),
				.err = err};
	int rc = load_lines(&loader, text);

	return rc == 0 ? imp_rules_check(rules, text, name, err) : rc;
}

int imp_rules_load(struct imp_slice text, const char *name, struct imp_rules **out,
		   struct imp_error *err)
{
	imp_auto_destroy(imp_rules) struct imp_rules *rules =
		imp_xcalloc(1, sizeof(*rules));

	rules->arena = imp_arena_create();
	imp_steps_init(&rules->steps, rules->arena);
	int rc = imp_rules_add(rules, text, name, err);
	if (rc == 0)
		*out = imp_steal(&rules);
	return rc;
}
