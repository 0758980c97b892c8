#include "check_words.h"

#include <stdio.h>
#include <string.h>

static void add_figure(const struct imp_budget_row *row, uint64_t figure,
		       enum imp_units units, struct imp_strbuf *out)
{
	char text[IMP_SIZE_TEXT];

	imp_strbuf_add_text(out, row->counts ? imp_count_text(figure, text)
					     : imp_size_text(figure, units, text));
}

static void add_thousandths(uint64_t thousandths, struct imp_strbuf *out)
{
	imp_strbuf_printf(out, "%llu", (unsigned long long)(thousandths / 1000));
	if (thousandths % 1000) {
		char digits[4];
		unsigned rest = (unsigned)(thousandths % 1000), len = 3;
		snprintf(digits, sizeof(digits), "%03u", rest);
		while (digits[len - 1] == '0')
			len--;
		imp_strbuf_printf(out, ".%.*s", (int)len, digits);
	}
	imp_strbuf_add_text(out, " %");
}

static bool is_broken(const struct imp_budget_row *row)
{
	return row->verdict == IMP_VERDICT_FAIL || row->verdict == IMP_VERDICT_WARN ||
	       row->verdict == IMP_VERDICT_WAIVED;
}

static const char *relation(const struct imp_budget_row *row, bool over)
{
	return row->asleep ? " against " : over ? " > " : " within ";
}

/* To the byte where rounding would make one text of two sizes. */
static void add_sizes(const struct imp_budget_row *row, const char *sign, uint64_t value,
		      uint64_t limit, enum imp_units units, struct imp_strbuf *out)
{
	char sizes[2][IMP_SIZE_TEXT];
	const char *between = relation(row, value > limit), *unit = "";

	if (row->counts) {
		imp_count_text(value, sizes[0]);
		imp_count_text(limit, sizes[1]);
	} else {
		imp_size_text(value, units, sizes[0]);
		imp_size_text(limit, units, sizes[1]);
	}
	if (value != limit && strcmp(sizes[0], sizes[1]) == 0) {
		imp_count_text(value, sizes[0]);
		imp_count_text(limit, sizes[1]);
		unit = " B";
	}
	imp_strbuf_printf(out, "%s%s%s%s%s%s", sign, sizes[0], unit, between, sizes[1],
			  unit);
}

/* A rise against LIMIT; a fall is within any. */
static void add_rise(const struct imp_budget_row *row, uint64_t limit,
		     enum imp_units units, struct imp_strbuf *out)
{
	char text[IMP_SIZE_TEXT];

	if (row->value > row->base) {
		add_sizes(row, "+", row->value - row->base, limit, units, out);
		return;
	}
	if (row->counts)
		imp_strbuf_printf(out, "%s%s", row->value < row->base ? "-" : "",
				  imp_count_text(row->base - row->value, text));
	else
		imp_strbuf_add_text(out,
				    imp_change_text(row->base, row->value, units, text));
	imp_strbuf_add_text(out, relation(row, false));
	add_figure(row, limit, units, out);
}

/* With as many digits as tell it from the limit; what is over is rounded up. */
static void add_percent(const struct imp_budget_row *row, bool over,
			struct imp_strbuf *out)
{
	uint64_t rise = row->value > row->base ? row->value - row->base : 0;
	unsigned __int128 scaled = (unsigned __int128)rise * 100000;
	unsigned __int128 exact =
		row->base ? (scaled + (over ? row->base - 1 : 0)) / row->base : 0;
	bool near = exact <= (unsigned __int128)row->limit + 1000 &&
		    exact + 1000 >= row->limit;
	char text[IMP_SIZE_TEXT];

	if (exact > 0 && near) {
		imp_strbuf_add_char(out, '+');
		add_thousandths((uint64_t)exact, out);
		return;
	}
	imp_strbuf_add_text(out, imp_change_percent_text(row->base, row->value, text));
}

static void add_percent_rise(const struct imp_budget_row *row, struct imp_strbuf *out)
{
	uint64_t rise = row->value > row->base ? row->value - row->base : 0;
	bool over = (unsigned __int128)rise * 100000 >
		    (unsigned __int128)row->base * row->limit;

	add_percent(row, over, out);
	imp_strbuf_add_text(out, relation(row, over));
	add_thousandths(row->limit, out);
}

static void add_bound(const struct imp_budget_row *row, enum imp_units units,
		      struct imp_strbuf *out)
{
	switch (row->bound) {
	case IMP_BOUND_MAX_RISE:
		add_rise(row, row->limit, units, out);
		break;
	case IMP_BOUND_MAX_RISE_PCT:
		add_percent_rise(row, out);
		break;
	case IMP_BOUND_BOTH_RISES:
		add_rise(row, row->rise_limit_bytes, units, out);
		imp_strbuf_add_text(out, " and ");
		add_percent_rise(row, out);
		break;
	case IMP_BOUND_MAX_PCT:
		add_figure(row, row->value, units, out);
		imp_strbuf_add_text(out, relation(row, is_broken(row)));
		add_thousandths(row->limit, out);
		imp_strbuf_add_text(out, " of the image");
		break;
	case IMP_BOUND_FORBID:
		imp_strbuf_add_text(out, is_broken(row) ? "there, but forbidden"
					 : row->asleep  ? "there"
							: "not there");
		break;
	case IMP_BOUND_MAX:
	case IMP_BOUNDS:
		add_sizes(row, "", row->value, row->limit, units, out);
		break;
	}
}

void imp_budget_row_figures(const struct imp_budget_row *row, enum imp_units units,
			    struct imp_strbuf *out)
{
	if (row->verdict == IMP_VERDICT_NOT_EVALUATED) {
		imp_strbuf_add_text(out, "no base to compare with");
		return;
	}
	add_bound(row, units, out);
	if (row->asleep) {
		imp_strbuf_add_text(out, ", asleep below ");
		add_figure(row, row->floor, units, out);
	}
}

const char *imp_budget_word(enum imp_verdict verdict)
{
	static const char *const words[IMP_VERDICTS] = {
		[IMP_VERDICT_PASS] = "ok",
		[IMP_VERDICT_NOT_EVALUATED] = "not evaluated",
		[IMP_VERDICT_WAIVED] = "waived",
		[IMP_VERDICT_WARN] = "warning",
		[IMP_VERDICT_FAIL] = "over",
	};
	return words[verdict];
}

void imp_budget_counts(const struct imp_check *check, struct imp_strbuf *out)
{
	static const enum imp_verdict order[] = {
		IMP_VERDICT_FAIL, IMP_VERDICT_WARN, IMP_VERDICT_WAIVED,
		IMP_VERDICT_NOT_EVALUATED, IMP_VERDICT_PASS};
	const char *separator = "";

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
		if (!check->counts[order[i]])
			continue;
		imp_strbuf_printf(out, "%s%zu %s", separator, check->counts[order[i]],
				  imp_budget_word(order[i]));
		separator = ", ";
	}
	if (!*separator)
		imp_strbuf_add_text(out, "no rules");
}

const char *imp_budget_verdict_words(enum imp_verdict verdict)
{
	static const char *const words[IMP_VERDICTS] = {
		[IMP_VERDICT_PASS] = "within budget",
		[IMP_VERDICT_NOT_EVALUATED] = "budget not evaluated",
		[IMP_VERDICT_WAIVED] = "over budget, waived",
		[IMP_VERDICT_WARN] = "budget warning",
		[IMP_VERDICT_FAIL] = "over budget",
	};
	return words[verdict];
}
