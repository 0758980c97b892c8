#include "rules_priv.h"

#include <stdlib.h>

#include "imgprof/units.h"

/* The part of TEXT before the first of the bytes in STOPS that is not escaped; *REST is what
 * stands from there on. */
static struct imp_slice take_until(struct imp_slice text, const char *stops,
				   struct imp_slice *rest)
{
	size_t i = 0;

	while (i < text.len && !strchr(stops, text.data[i]))
		i += text.data[i] == '\\' ? 2 : 1;
	if (i > text.len)
		i = text.len;
	*rest = imp_slice_skip(text, i);
	return imp_slice(text.data, i);
}

static int add_condition(struct imp_term *term, struct imp_slice text,
			 struct imp_arena *arena, struct imp_error *err)
{
	term->conditions =
		imp_xgrow(term->conditions, &term->condition_capacity,
			  term->condition_count + 1, sizeof(*term->conditions));
	return imp_condition_parse(text, arena,
				   &term->conditions[term->condition_count++], err);
}

static int parse_confidence(struct imp_slice text, struct imp_term *term,
			    struct imp_error *err)
{
	enum imp_confidence confidence;

	if (!imp_confidence_parse(text, &confidence))
		return imp_fail(err, IMP_E_USAGE, "unknown confidence '%.*s'",
				(int)text.len, text.data);
	if (confidence < term->confidence)
		return imp_fail(err, IMP_E_USAGE, "'@%.*s' is more than the rule's own",
				(int)text.len, text.data);
	term->confidence = confidence;
	return 0;
}

/* What stands behind the pattern: "?condition"s and "@confidence". */
static int parse_tail(struct imp_slice tail, struct imp_term *term,
		      struct imp_arena *arena, struct imp_error *err)
{
	int rc = 0;

	while (rc == 0 && tail.len > 0) {
		char kind = tail.data[0];
		tail = imp_slice_skip(tail, 1);
		struct imp_slice part = take_until(tail, "?@", &tail);
		if (kind == '@')
			rc = parse_confidence(part, term, err);
		else if (term->package)
			rc = imp_package_condition_add(term->package, part, arena, err);
		else
			rc = add_condition(term, part, arena, err);
	}
	return rc;
}

static int parse_finder(struct imp_slice text, struct imp_term *term,
			struct imp_error *err)
{
	struct imp_slice argument = text;
	struct imp_slice name = imp_slice_cut(&argument, '=');

	term->finder = imp_finder_by_name(name);
	if (!term->finder)
		return imp_fail(err, IMP_E_USAGE, "no function 'code:%.*s'",
				(int)name.len, name.data);
	if (!imp_size_parse(argument, &term->argument))
		return imp_fail(err, IMP_E_USAGE, "'code:%.*s' needs a size",
				(int)text.len, text.data);
	return 0;
}

static int parse_fate(struct imp_slice text, struct imp_row *row, struct imp_error *err)
{
	if (imp_fate_parse(text, &row->fate))
		return 0;
	return imp_fail(err, IMP_E_USAGE, "no fate 'ledger:%.*s'", (int)text.len,
			text.data);
}

static int compile(struct imp_rules *rules, struct imp_slice text, uint32_t term,
		   struct imp_error *err)
{
	imp_auto(imp_texts_finish) struct imp_texts patterns = {0};
	int rc = imp_braces_expand(text, rules->arena, &patterns, err);

	for (size_t i = 0; rc == 0 && i < patterns.count; i++) {
		struct imp_pattern pattern;
		rc = imp_pattern_parse(patterns.list[i], rules->arena, &pattern, err);
		if (rc == 0)
			imp_steps_add(&rules->steps, &pattern, term);
	}
	if (rc < 0)
		return imp_wrap(err, "pattern '%.*s'", (int)text.len, text.data);
	return 0;
}

static struct imp_term *new_term(struct imp_rules *rules)
{
	rules->terms = imp_xgrow(rules->terms, &rules->term_capacity,
				 rules->term_count + 1, sizeof(*rules->terms));
	struct imp_term *term = &rules->terms[rules->term_count++];
	*term = (struct imp_term){
		.row = (uint32_t)(rules->row_count - 1),
		.confidence = rules->rows[rules->row_count - 1].confidence,
	};
	return term;
}

static int parse_part(struct imp_slice text, struct imp_term *term, struct imp_error *err)
{
	static const char *const names[IMP_PARTS] = {"", "symbols", "go-symbols",
						     "rust-symbols", "fatbin"};

	for (int part = IMP_PART_SYMBOLS; part < IMP_PARTS; part++) {
		if (imp_slice_is(text, names[part])) {
			term->part = (enum imp_part)part;
			return 0;
		}
	}
	return imp_fail(err, IMP_E_USAGE, "no part 'part:%.*s'", (int)text.len,
			text.data);
}

static bool is_of_packages(struct imp_slice text)
{
	return imp_slice_starts(text, IMP_SLICE("pkg:")) ||
	       imp_slice_starts(text, IMP_SLICE("files:"));
}

/* What is found in the configuration, or among what later layers hid: no patterns. */
static bool is_secret_place(struct imp_slice text, struct imp_row *row)
{
	row->config = row->config || imp_slice_is(text, "secret:config");
	row->dead = row->dead || imp_slice_is(text, "secret:hidden");
	return imp_slice_starts(text, IMP_SLICE("secret:")) && (row->config || row->dead);
}

static int compile_term(struct imp_rules *rules, struct imp_term *term,
			struct imp_slice text, struct imp_error *err)
{
	struct imp_slice code = IMP_SLICE("code:"), part = IMP_SLICE("part:");

	if (term->package)
		return 0;
	if (imp_slice_starts(text, code))
		return parse_finder(imp_slice_skip(text, code.len), term, err);
	if (imp_slice_starts(text, part))
		return parse_part(imp_slice_skip(text, part.len), term, err);
	return compile(rules, text, (uint32_t)(rules->term_count - 1), err);
}

int imp_term_add(struct imp_rules *rules, struct imp_slice text, struct imp_error *err)
{
	struct imp_row *row = &rules->rows[rules->row_count - 1];
	struct imp_slice tail;
	struct imp_slice ledger = IMP_SLICE("ledger:");

	if (imp_slice_starts(text, ledger))
		return parse_fate(imp_slice_skip(text, ledger.len), row, err);
	if (is_secret_place(text, row))
		return 0;
	struct imp_term *term = new_term(rules);
	term->except = text.data[0] == '!';
	if (term->except)
		text = imp_slice_skip(text, 1);
	text = take_until(text, "?@", &tail);
	term->text = imp_arena_copy(rules->arena, text).data;
	if (is_of_packages(text)) {
		term->package = imp_arena_alloc(rules->arena, sizeof(*term->package));
		int rc = imp_package_term_parse(text, term->package, rules->arena, err);
		if (rc < 0)
			return rc;
	}
	int rc = parse_tail(tail, term, rules->arena, err);
	return rc < 0 ? rc : compile_term(rules, term, text, err);
}
