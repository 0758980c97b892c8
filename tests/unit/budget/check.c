/* Every bound and state of reference/ecosystem.md 1.7, as tables. The values come from the
 * layers below: 1000 + 500 bytes of files in the image, 1000 in its base. */
#include "analysed.h"

#include "imgprof/budget.h"

/* 2026-06-15T12:00:00Z */
#define NOW_NS (INT64_C(1781524800) * 1000000000)

static const char after_text[] = "layer\n"
				 "dir code\n"
				 "file code/a 1000\n"
				 "layer\n"
				 "dir code/lib\n"
				 "file code/lib/b 500\n"
				 "file empty 0\n";
static const char before_text[] = "layer\n"
				  "dir code\n"
				  "file code/a 1000\n";

static int try_rules(const char *rules, const char *name, bool with_base,
		     struct imp_arena *arena, struct imp_check *check,
		     struct imp_error *err)
{
	struct analysed after, before;
	struct imp_diff diff = {.new_layer_bytes = 700};
	struct imp_budget *budget = NULL;

	analysed_read(&after, after_text);
	analysed_read(&before, before_text);
	assert_ok(imp_budget_parse(imp_slice_of(rules), "b.yaml", &budget, err), err);
	struct imp_budget_image image = {
		.name = name,
		.image = &after.analysis,
		.diff = with_base ? &diff : NULL,
		.before = with_base ? &before.analysis : NULL,
	};
	int rc = imp_budget_check(budget, &image, 1, NOW_NS, arena, check, err);
	imp_budget_destroy(budget);
	analysed_finish(&before);
	analysed_finish(&after);
	return rc;
}

struct row {
	const char *rule;
	bool with_base;
	enum imp_verdict verdict;
	bool asleep;
};

static void expect(const struct row *rows, size_t count, const char *more)
{
	for (size_t i = 0; i < count; i++) {
		struct imp_arena *arena = imp_arena_create();
		struct imp_check check = {0};
		struct imp_error err = {0};
		char text[1024];
		snprintf(text, sizeof(text),
			 "images:\n  - match: \"*\"\n    budgets:\n      - {%s}\n%s",
			 rows[i].rule, more);
		assert_ok(try_rules(text, "x", rows[i].with_base, arena, &check, &err),
			  &err);
		if (check.row_count != 1 || check.verdict != rows[i].verdict ||
		    check.rows[0].asleep != rows[i].asleep ||
		    check.counts[rows[i].verdict] != 1)
			fail_msg("%s: %zu rows, %s%s", rows[i].rule, check.row_count,
				 imp_verdict_name(check.verdict),
				 check.rows[0].asleep ? ", asleep" : "");
		imp_arena_destroy(arena);
	}
}
#define EXPECT(rows, more) expect(rows, sizeof(rows) / sizeof(*(rows)), more)

#define NO_FLOOR "defaults: {ignore_below: 0}\n"

#define PASS IMP_VERDICT_PASS
#define WARN IMP_VERDICT_WARN
#define FAIL IMP_VERDICT_FAIL
#define WAIVED IMP_VERDICT_WAIVED
#define OPEN IMP_VERDICT_NOT_EVALUATED

CASE(bounds)
{
	static const struct row rows[] = {
		{"metric: disk, max: 1500", false, PASS, false},
		{"metric: disk, max: 1499", false, FAIL, false},
		{"metric: disk, max: 1499, level: warn", false, WARN, false},
		{"metric: disk, max_rise: 500", true, PASS, false},
		{"metric: disk, max_rise: 499", true, FAIL, false},
		{"metric: disk, max_rise: 499", false, OPEN, false},
		{"metric: disk, max_rise_pct: 50", true, PASS, false},
		{"metric: disk, max_rise_pct: 49.999", true, FAIL, false},
		{"metric: disk, max_rise_pct: 49.999", false, OPEN, false},
		{"metric: disk, max_rise: 500, max_rise_pct: 49, when: both", true, PASS,
		 false},
		{"metric: disk, max_rise: 499, max_rise_pct: 50, when: both", true, PASS,
		 false},
		{"metric: disk, max_rise: 499, max_rise_pct: 49, when: both", true, FAIL,
		 false},
		{"metric: disk, max_rise: 0, max_rise_pct: 0, when: both", false, OPEN,
		 false},
		{"path: code/lib, max_pct: 33.334", false, PASS, false},
		{"path: code/lib, max_pct: 33.333", false, FAIL, false},
		{"metric: files, max: 3", false, PASS, false},
		{"metric: files, max: 2", false, FAIL, false},
		{"metric: files, max_rise: 2", true, PASS, false},
		{"metric: files, max_rise: 1", true, FAIL, false},
		{"metric: layers, max: 2", false, PASS, false},
		{"metric: layers, max: 1", false, FAIL, false},
		{"metric: new_layer, max: 700", true, PASS, false},
		{"metric: new_layer, max: 699", true, FAIL, false},
		{"metric: new_layer, max: 699", false, OPEN, false},
		{"layer: step, max: 1500", false, PASS, false},
		{"layer: step, max: 1499", false, FAIL, false},
		{"layer: COPY, max: 0", false, PASS, false},
		/* From nothing is without limit, as percent. */
		{"path: code/lib/b, max_rise_pct: 1000", true, FAIL, false},
	};
	EXPECT(rows, NO_FLOOR);
}

CASE(either_is_a_row_for_each_rise)
{
	struct imp_arena *arena = imp_arena_create();
	struct imp_check check = {0};
	struct imp_error err = {0};

	assert_ok(try_rules("images: [{match: x, budgets: [{metric: disk, max_rise: 499, "
			    "max_rise_pct: 60, ignore_below: 0}]}]",
			    "x", true, arena, &check, &err),
		  &err);
	assert_int_equal(check.row_count, 2);
	assert_int_equal(check.rows[0].bound, IMP_BOUND_MAX_RISE);
	assert_int_equal(check.rows[0].verdict, FAIL);
	assert_int_equal(check.rows[1].verdict, PASS);
	assert_int_equal(check.rows[0].value, 1500);
	assert_int_equal(check.rows[0].base, 1000);
	imp_arena_destroy(arena);
}

CASE(forbidden_is_what_is_there)
{
	static const struct row rows[] = {
		{"path: code/lib, forbid: true", false, FAIL, false},
		{"path: empty, forbid: true", false, FAIL, false},
		{"path: absent, forbid: true", false, PASS, false},
		{"package: \"npm:*\", forbid: true", false, PASS, false},
		{"class: toolchain, forbid: true", false, PASS, false},
	};
	EXPECT(rows, "");
}

CASE(paths_take_all_below_and_count_nothing_twice)
{
	static const struct row rows[] = {
		{"path: /code, max: 1500", false, PASS, false},
		{"path: /code/, max: 1499", false, FAIL, false},
		{"path: \"/code/**\", max: 1500", false, PASS, false},
		{"path: \"**\", max: 1500", false, PASS, false},
		{"path: \"/code/*\", max: 1500", false, PASS, false},
		{"path: \"/code/*\", max: 1499", false, FAIL, false},
		{"path: \"/*/b\", max: 0", false, PASS, false},
		{"path: \"/**/b\", max: 499", false, FAIL, false},
		{"path: \"/code/l?b\", max: 499", false, FAIL, false},
		{"path: absent, max: 0", false, PASS, false},
		{"path: absent, max_rise: 0", true, PASS, false},
	};
	EXPECT(rows, NO_FLOOR);
}

CASE(floors_let_rules_sleep)
{
	static const struct row rows[] = {
		/* 500 bytes are no rise by default: 64 kB */
		{"metric: disk, max_rise: 0", true, PASS, true},
		{"metric: disk, max_rise: 0, ignore_below: 501", true, PASS, true},
		{"metric: disk, max_rise: 0, ignore_below: 500", true, FAIL, false},
		{"metric: disk, max_rise: 0, max_rise_pct: 0, when: both", true, PASS,
		 true},
		/* Of bytes, and of rises, only */
		{"metric: files, max_rise: 1", true, FAIL, false},
		{"metric: disk, max: 0", true, FAIL, false},
		{"metric: disk, max: 0, only_above: 1501", false, PASS, true},
		{"metric: disk, max: 0, only_above: 1500", false, FAIL, false},
		{"path: code, forbid: true, only_above: 1501", false, PASS, true},
		{"metric: disk, max_rise: 0, ignore_below: 0, only_above: 1501", true,
		 PASS, true},
	};
	EXPECT(rows, "");
}

CASE(waivers_cover_the_identical_selector_until_their_day_is_over)
{
	static const struct row rows[] = {
		{"metric: disk, max: 0", false, WAIVED, false},
		{"metric: disk, max: 0, level: warn", false, WAIVED, false},
		{"metric: disk, max: 1500", false, PASS, false},
		{"metric: live, max: 0", false, FAIL, false},
	};
	static const struct row ended[] = {
		{"metric: disk, max: 0", false, FAIL, false},
		{"metric: disk, max: 0, level: warn", false, FAIL, false},
		{"metric: disk, max: 1500", false, PASS, false},
		{"metric: live, max: 0, level: warn", false, WARN, false},
	};
	EXPECT(rows, "    waive: [{metric: disk, until: 2026-06-15}]\n");
	EXPECT(rows, "    waive: [{metric: disk, until: 2020-01-01}, {metric: disk, "
		     "until: 2026-12-31}]\n");
	EXPECT(ended, "    waive: [{metric: disk, until: 2026-06-14}]\n");
}

CASE(the_first_entry_that_fits_wins)
{
	static const char text[] = "images:\n"
				   "  - {match: \"ghcr.io/acme/web*\", platforms: "
				   "[linux/arm64], budgets: [{metric: disk, max: 0}]}\n"
				   "  - {match: \"ghcr.io/*\", platforms: [linux/amd64], "
				   "budgets: [{metric: disk, max: 9000}]}\n"
				   "  - {match: \"*web*\", budgets: [{metric: disk, max: "
				   "0}]}\n";
	struct imp_arena *arena = imp_arena_create();
	struct imp_check check = {0};
	struct imp_error err = {0};

	/* Of another platform is the first; `*` takes the slash in the second. */
	assert_ok(try_rules(text, "ghcr.io/acme/web:1", false, arena, &check, &err),
		  &err);
	assert_int_equal(check.verdict, PASS);
	check = (struct imp_check){0};
	assert_ok(try_rules(text, "web.tar", false, arena, &check, &err), &err);
	assert_int_equal(check.verdict, FAIL);
	assert_fails(try_rules(text, "api", false, arena, &check, &err), IMP_E_USAGE,
		     "no entry of images matches api (linux/amd64)", &err);
	imp_arena_destroy(arena);
}

CASE(a_base_can_be_required)
{
	static const char text[] = "images: [{match: x}]\ndefaults: {require_base: true}";
	struct imp_arena *arena = imp_arena_create();
	struct imp_check check = {0};
	struct imp_error err = {0};

	assert_ok(try_rules(text, "x", true, arena, &check, &err), &err);
	assert_fails(try_rules(text, "x", false, arena, &check, &err), IMP_E_USAGE,
		     "require_base", &err);
	imp_arena_destroy(arena);
}

CASE(a_first_budget_passes_on_its_image)
{
	struct analysed image;
	struct imp_budget *budget = NULL;
	struct imp_check check = {0};
	struct imp_error err = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	analysed_read(&image, after_text);
	image.image.reference = "ghcr.io/acme/we\"b\\:1@sha256:00";
	const struct imp_analysis *images[] = {&image.analysis};
	imp_budget_init(images, 1, &text);
	assert_ok(imp_budget_parse(imp_strbuf_slice(&text), "b.yaml", &budget, &err),
		  &err);
	struct imp_budget_image asked = {.name = image.image.reference,
					 .image = &image.analysis};
	assert_ok(imp_budget_check(budget, &asked, 1, NOW_NS, image.arena, &check, &err),
		  &err);
	assert_int_equal(check.counts[FAIL] + check.counts[WARN], 0);
	assert_true(check.counts[PASS] >= 4);
	/* 1500 bytes and 5 % are 1575. */
	assert_non_null(strstr(text.data, "{metric: disk, max: 1575B}"));
	imp_budget_destroy(budget);
	analysed_finish(&image);
}

/* Each image is asked by itself, as people do later. */
static void expect_passes(const struct imp_budget *budget,
			  const struct imp_analysis *image)
{
	struct imp_arena *arena = imp_arena_create();
	struct imp_budget_image asked = {.name = image->image->reference, .image = image};
	struct imp_check check = {0};
	struct imp_error err = {0};

	assert_ok(imp_budget_check(budget, &asked, 1, NOW_NS, arena, &check, &err), &err);
	assert_int_equal(check.counts[FAIL] + check.counts[WARN], 0);
	imp_arena_destroy(arena);
}

CASE(a_first_budget_of_several_images_holds_for_each)
{
	static const struct {
		const char *reference, *text;
	} given[] = {
		/* The first name begins the second; the third is the first again, larger. */
		{"ghcr.io/acme/celery:1", before_text},
		{"ghcr.io/acme/celerybeat:1", after_text},
		{"ghcr.io/acme/celery:2", "layer\nfile x 1100\n"},
	};
	struct analysed images[3];
	const struct imp_analysis *list[3];
	struct imp_budget *budget = NULL;
	struct imp_error err = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	for (size_t i = 0; i < 3; i++) {
		analysed_read(&images[i], given[i].text);
		images[i].image.reference = given[i].reference;
		list[i] = &images[i].analysis;
	}
	imp_budget_init(list, 3, &text);
	assert_ok(imp_budget_parse(imp_strbuf_slice(&text), "b.yaml", &budget, &err),
		  &err);
	for (size_t i = 0; i < 3; i++)
		expect_passes(budget, list[i]);
	/* celerybeat's entry comes first: 1500 bytes and 5 %; then the larger celery's 1100 */
	const char *beat = strstr(text.data, "{metric: disk, max: 1575B}");
	assert_non_null(beat);
	assert_non_null(strstr(beat, "{metric: disk, max: 1155B}"));
	assert_null(strstr(text.data, "{metric: disk, max: 1050B}"));
	imp_budget_destroy(budget);
	for (size_t i = 0; i < 3; i++)
		analysed_finish(&images[i]);
}
