/* Money of the worked example, tiers, allowances, and what --price takes. */
#include <stdlib.h>

#include "case.h"
#include "imgprof/cost.h"

#define GB UINT64_C(1000000000)
#define GIB (UINT64_C(1) << 30)

static struct imp_price price(struct imp_arena *arena, const char *text)
{
	struct imp_error err = {0};
	struct imp_price out;
	assert_ok(imp_price_parse(imp_slice_of(text), NULL, arena, &out, &err), &err);
	return out;
}

static void check_exact(uint64_t nano, const char *expected)
{
	char text[IMP_MONEY_TEXT];
	assert_string_equal(imp_money_exact(nano, text), expected);
}

CASE(worked_example)
{
	struct imp_arena *arena = imp_arena_create();
	struct imp_price flat = price(arena, "flat");
	check_exact(imp_price_month(&flat, 1086 * GB / 1000), "0.108600000");
	check_exact(imp_price_month(&flat, 1890 * GB / 1000), "0.189000000");
	flat.unit_base = GIB;
	/* 1.086e9 / 2^30 * 0.1 = 0.10114163160... */
	check_exact(imp_price_month(&flat, 1086 * GB / 1000), "0.101141632");
	flat.replicas = 3;
	flat.unit_base = GB;
	check_exact(imp_price_month(&flat, 1086 * GB / 1000), "0.325800000");
	imp_arena_destroy(arena);
}

CASE(tiers_fees_and_allowances)
{
	struct imp_arena *arena = imp_arena_create();
	struct imp_price acr = price(arena, "acr-basic");
	check_exact(imp_price_month(&acr, 10 * GIB), "5.079583333");
	check_exact(imp_price_month(&acr, 12 * GIB), "5.262083333");
	check_exact(imp_price_part(&acr, 6 * GIB, 12 * GIB), "0.091250000");
	struct imp_price standard = price(arena, "acr-standard");
	check_exact(imp_price_month(&standard, 100 * GIB), "20.287916667");
	check_exact(imp_price_month(&standard, 101 * GIB), "20.379166667");
	struct imp_price premium = price(arena, "acr-premium");
	premium.replicas = 3; /* each is charged as a registry of its own */
	check_exact(imp_price_month(&premium, 502 * GIB), "152.661249999");
	struct imp_price gar = price(arena, "gar");
	check_exact(imp_price_month(&gar, GB), "0.100000000");
	gar.free_tier = true;
	check_exact(imp_price_month(&gar, GB), "0.050000000");
	check_exact(imp_price_month(&gar, GB / 4), "0.000000000");
	assert_int_equal(imp_price_billable_bytes(&gar, GB / 4), 0);
	imp_arena_destroy(arena);
}

CASE(rounded_half_up_once)
{
	struct imp_price tiny = {.unit_base = GB,
				 .tiers = {{UINT64_MAX, 1}},
				 .tier_count = 1,
				 .replicas = 1};
	assert_int_equal(imp_price_month(&tiny, GB / 2 - 1), 0);
	assert_int_equal(imp_price_month(&tiny, GB / 2), 1);
	tiny.replicas = 3; /* 1.5 nano in all, not three times one */
	assert_int_equal(imp_price_month(&tiny, GB / 2), 2);
	assert_int_equal(imp_price_part(&tiny, 1, 0), 0);
	tiny.tiers[0].nano_per_gb = INT64_MAX;
	assert_int_equal(imp_price_month(&tiny, INT64_MAX), UINT64_MAX);
	assert_int_equal(imp_price_part(&tiny, INT64_MAX, INT64_MAX), UINT64_MAX);
}

CASE(numbers_and_presets)
{
	struct imp_arena *arena = imp_arena_create();
	struct imp_error err = {0};
	struct imp_price out = price(arena, "0.023EUR/GB-month");
	assert_string_equal(out.currency, "EUR");
	assert_int_equal(out.tiers[0].nano_per_gb, 23000000);
	assert_string_equal(price(arena, "1/GB-month").currency, "USD");
	out = price(arena, "ecr");
	assert_int_equal(out.unit_base, GIB);
	assert_int_equal(out.dedupe, IMP_DEDUPE_REPOSITORY);
	assert_int_equal(price(arena, "gitlab").dedupe, IMP_DEDUPE_NAMESPACE);
	static const char *const wrong[] = {"",
					    "cheap",
					    "#name",
					    "x/GB-month",
					    "-1/GB-month",
					    "1usd/GB-month",
					    "0.0000000001/GB-month"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_fails(
			imp_price_parse(imp_slice_of(wrong[i]), NULL, arena, &out, &err),
			IMP_E_USAGE, "no price", &err);
	imp_arena_destroy(arena);
}

CASE(files)
{
	struct imp_arena *arena = imp_arena_create();
	struct imp_error err = {0};
	struct imp_price out;
	struct imp_slice name = IMP_SLICE("my.tsv");
	struct imp_slice good =
		IMP_SLICE("# ours\nours\tEUR\t1e9\tregistry\t0.2:5,0.1\t1\t"
			  "2\t2026-01-02\ta contract\n");
	assert_ok(imp_price_parse(name, &good, arena, &out, &err), &err);
	check_exact(imp_price_month(&out, 7 * GB), "3.200000000");
	assert_true(imp_price_is_stale(&out, INT64_C(1800000000) * 1000000000));
	assert_false(imp_price_is_stale(&out, INT64_C(1770000000) * 1000000000));
	struct imp_slice bad = IMP_SLICE("# x\nours\tEUR\t1e9\tregistry\t0.2:5\t1\t2\t"
					 "2026-01-02\ta contract\n");
	assert_fails(imp_price_parse(name, &bad, arena, &out, &err), IMP_E_USAGE,
		     "my.tsv:2", &err);
	struct imp_slice empty = IMP_SLICE("# nothing\n");
	assert_fails(imp_price_parse(name, &empty, arena, &out, &err), IMP_E_USAGE,
		     "my.tsv: no price", &err);
	imp_arena_destroy(arena);
}

CASE(money_for_people)
{
	static const struct {
		uint64_t nano;
		const char *text;
	} rows[] = {{0, "0"},
		    {1842000000, "1.84"},
		    {1845000000, "1.85"},
		    {108600000, "0.11"},
		    {10000000, "0.01"},
		    {9960000, "0.0100"},
		    {9940000, "0.0099"},
		    {456000, "0.00046"},
		    {7, "0.000000007"}};
	char text[IMP_MONEY_TEXT];
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_string_equal(imp_money_text(rows[i].nano, text), rows[i].text);
}

CASE(amounts)
{
	uint64_t nano;
	struct imp_slice currency;
	assert_true(imp_money_parse(IMP_SLICE("50USD"), &nano, &currency));
	assert_int_equal(nano, 50 * GB);
	assert_true(imp_slice_is(currency, "USD"));
	assert_true(imp_money_parse(IMP_SLICE("0.05 EUR"), &nano, &currency));
	assert_int_equal(nano, 50000000);
	assert_false(imp_money_parse(IMP_SLICE("50 dollars"), &nano, &currency));
	assert_false(imp_money_parse(IMP_SLICE("1."), &nano, &currency));
	assert_false(imp_money_parse(IMP_SLICE("99999999999999"), &nano, &currency));
}
