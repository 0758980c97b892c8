/* What a rule's row says in words: the figures never say the opposite of the verdict. */
#include "case.h"

#include "../../../src/report/check_words.h"
#include "imgprof/cleanup.h"

struct sentence {
	struct imp_budget_row row;
	const char *text;
};

static void expect(const struct sentence *sentences, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
		imp_budget_row_figures(&sentences[i].row, IMP_UNITS_DECIMAL, &out);
		assert_string_equal(out.data, sentences[i].text);
	}
}
#define EXPECT(sentences) expect(sentences, sizeof(sentences) / sizeof(*(sentences)))

#define MAX .bound = IMP_BOUND_MAX
#define RISE .bound = IMP_BOUND_MAX_RISE, .has_base = true
#define PERCENT .bound = IMP_BOUND_MAX_RISE_PCT, .has_base = true
#define BOTH .bound = IMP_BOUND_BOTH_RISES, .has_base = true
#define FAILS .verdict = IMP_VERDICT_FAIL

CASE(two_sizes_are_told_apart)
{
	static const struct sentence sentences[] = {
		{{MAX, FAILS, .value = 460000000, .limit = 450000000}, "460 MB > 450 MB"},
		{{MAX, FAILS, .value = 450400000, .limit = 450000000},
		 "450,400,000 B > 450,000,000 B"},
		{{MAX, .value = 449600000, .limit = 450000000},
		 "449,600,000 B within 450,000,000 B"},
		{{MAX, .value = 450000000, .limit = 450000000}, "450 MB within 450 MB"},
		{{MAX, FAILS, .counts = true, .value = 1001, .limit = 1000},
		 "1,001 > 1,000"},
		{{RISE, FAILS, .value = 120400000, .base = 100000000,
		  .limit = 20400000 - 1},
		 "+20,400,000 B > 20,399,999 B"},
	};

	EXPECT(sentences);
}

CASE(two_percentages_are_told_apart)
{
	static const struct sentence sentences[] = {
		{{PERCENT, FAILS, .value = 180, .base = 100, .limit = 5000},
		 "+80 % > 5 %"},
		{{PERCENT, FAILS, .value = 100501, .base = 100000, .limit = 500},
		 "+0.501 % > 0.5 %"},
		{{PERCENT, FAILS, .value = 1804, .base = 1000, .limit = 80000},
		 "+80.4 % > 80 %"},
		{{PERCENT, .value = 1796, .base = 1000, .limit = 79900},
		 "+79.6 % within 79.9 %"},
		{{PERCENT, FAILS, .value = 1500000001, .base = 1000000000,
		  .limit = 50000},
		 "+50.001 % > 50 %"},
		{{PERCENT, FAILS, .value = 1, .limit = 5000}, "new > 5 %"},
		{{PERCENT, .value = 50, .base = 100, .limit = 5000}, "-50 % within 5 %"},
	};

	EXPECT(sentences);
}

CASE(a_fall_is_within_any_rise)
{
	static const struct sentence sentences[] = {
		{{RISE, .value = 10, .base = 400, .limit = 0}, "-390 B within 0 B"},
		{{RISE, .value = 3, .base = 5, .counts = true, .limit = 0},
		 "-2 within 0"},
		{{RISE, .value = 5, .base = 5, .counts = true, .limit = 0}, "0 within 0"},
	};

	EXPECT(sentences);
}

CASE(of_two_joined_rises_each_is_compared)
{
	static const struct sentence sentences[] = {
		{{BOTH, FAILS, .value = 180, .base = 100, .rise_limit_bytes = 50,
		  .limit = 5000},
		 "+80 B > 50 B and +80 % > 5 %"},
		{{BOTH, .value = 180, .base = 100, .rise_limit_bytes = 50,
		  .limit = 90000},
		 "+80 B > 50 B and +80 % within 90 %"},
	};

	EXPECT(sentences);
}

CASE(what_sleeps_is_not_said_to_be_within)
{
	static const struct sentence sentences[] = {
		{{MAX, .value = 900, .limit = 100, .asleep = true, .floor = 1000},
		 "900 B against 100 B, asleep below 1.00 kB"},
	};

	EXPECT(sentences);
}
