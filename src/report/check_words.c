#include "check_words.h"

#include <stdio.h>

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

static void add_rise(const struct imp_budget_row *row, enum imp_units units,
		     struct imp_strbuf *out)
{
	char text[IMP_SIZE_TEXT];

	if (row->counts)
		imp_strbuf_printf(out, "%+lld", (long long)(row->value - row->base));
	else
		imp_strbuf_add_text(out,
				    imp_change_text(row->base, row->value, units, text));
}

static const char *relation(const struct imp_budget_row *row)
{
	bool broken = row->verdict == IMP_VERDICT_FAIL ||
		      row->verdict == IMP_VERDICT_WARN ||
		      row->verdict == IMP_VERDICT_WAIVED;

	return broken ? " > " : row->asleep ? ", not looked at below " : " of ";
}

void imp_budget_row_figures(const struct imp_budget_row *row, enum imp_units units,
			    struct imp_strbuf *out)
{
	char percent[IMP_SIZE_TEXT];

	if (row->bound == IMP_BOUND_FORBID) {
		imp_strbuf_add_text(out, row->value > 0 ? "there, but forbidden"
							: "not there");
		return;
	}
	if (row->verdict == IMP_VERDICT_NOT_EVALUATED) {
		imp_strbuf_add_text(out, "no base to compare with");
		return;
	}
	switch (row->bound) {
	case IMP_BOUND_MAX_RISE:
		add_rise(row, units, out);
		imp_strbuf_add_text(out, relation(row));
		add_figure(row, row->limit, units, out);
		break;
	case IMP_BOUND_MAX_RISE_PCT:
		imp_strbuf_add_text(
			out, imp_change_percent_text(row->base, row->value, percent));
		imp_strbuf_add_text(out, relation(row));
		add_thousandths(row->limit, out);
		break;
	case IMP_BOUND_BOTH_RISES:
		add_rise(row, units, out);
		imp_strbuf_add_text(out, relation(row));
		add_figure(row, row->rise_limit_bytes, units, out);
		imp_strbuf_add_text(out, " and ");
		add_thousandths(row->limit, out);
		break;
	case IMP_BOUND_MAX_PCT:
		add_figure(row, row->value, units, out);
		imp_strbuf_add_text(out, relation(row));
		add_thousandths(row->limit, out);
		imp_strbuf_add_text(out, " of the image");
		break;
	case IMP_BOUND_MAX:
	case IMP_BOUND_FORBID:
	case IMP_BOUNDS:
		add_figure(row, row->value, units, out);
		imp_strbuf_add_text(out, relation(row));
		add_figure(row, row->limit, units, out);
		break;
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
