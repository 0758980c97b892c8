/* dive's figures; the expected ones follow from dive/filetree/efficiency.go and
 * dive/image/analysis.go. */
#include "analysed.h"

#include "imgprof/budget.h"

static void judge(const char *layers, const char *rules, struct imp_dive_row *out,
		  struct imp_check *check)
{
	struct analysed image;
	struct imp_error err = {0};

	analysed_read(&image, layers);
	struct imp_budget_image asked = {.name = "x", .image = &image.analysis};
	*check = (struct imp_check){0};
	assert_ok(imp_dive_check(imp_slice_of(rules), ".dive-ci", &asked, 1, image.arena,
				 check, &err),
		  &err);
	assert_int_equal(check->dive_count, IMP_DIVE_RULES);
	memcpy(out, check->dive, IMP_DIVE_RULES * sizeof(*out));
	analysed_finish(&image);
}

static void expect(const char *layers, uint64_t minimum, uint64_t cumulative,
		   uint64_t wasted, uint64_t user)
{
	struct imp_dive_row rows[IMP_DIVE_RULES];
	struct imp_check check;

	judge(layers, "rules: {}", rows, &check);
	assert_int_equal(rows[IMP_DIVE_EFFICIENCY].part, minimum);
	assert_int_equal(rows[IMP_DIVE_EFFICIENCY].whole, cumulative);
	assert_int_equal(rows[IMP_DIVE_WASTED_BYTES].part, wasted);
	assert_int_equal(rows[IMP_DIVE_USER_WASTED].part, wasted);
	assert_int_equal(rows[IMP_DIVE_USER_WASTED].whole, user);
}

CASE(an_overwritten_file_counts_in_both_layers)
{
	expect("layer\nfile a 100\nfile b 50\nlayer\nfile a 100\n", 150, 250, 200, 100);
}

CASE(a_deleted_file_is_a_leaf_of_no_bytes)
{
	expect("layer\nfile a 100\nlayer\nwhiteout a\n", 0, 100, 100, 0);
}

CASE(a_deleted_folder_wastes_nothing_and_counts_above_and_below)
{
	expect("layer\ndir d\nfile d/a 100\nfile d/b 50\nlayer\nwhiteout d\n", 300, 300,
	       0, 0);
}

CASE(an_opaque_folder_hides_nothing)
{
	expect("layer\ndir d\nfile d/a 100\nlayer\ndir d\nopaque d\nfile d/b 5\n", 105,
	       105, 0, 5);
}

CASE(a_folder_that_a_layer_implies_forgets_what_it_was)
{
	expect("layer\ndir d\nfile d/a 100\nlayer\nfile d/b 5\nlayer\nwhiteout d\n", 105,
	       105, 0, 5);
}

CASE(limits_are_passed_at_the_limit)
{
	static const char layers[] = "layer\nfile a 100\nlayer\nfile a 100\nfile b 100\n";
	struct imp_dive_row rows[IMP_DIVE_RULES];
	struct imp_check check;

	/* 200 of 300; 200 bytes; 200 of 200 */
	judge(layers,
	      "rules: {lowestEfficiency: 0.666666666, highestWastedBytes: 200B, "
	      "highestUserWastedPercent: 1}",
	      rows, &check);
	assert_int_equal(check.verdict, IMP_VERDICT_PASS);
	judge(layers,
	      "rules: {lowestEfficiency: 0.666666667, highestWastedBytes: 199, "
	      "highestUserWastedPercent: .999}",
	      rows, &check);
	assert_int_equal(check.counts[IMP_VERDICT_FAIL], 3);
	judge(layers,
	      "rules: {lowestEfficiency: disabled, highestWastedBytes: \"off\", "
	      "highestUserWastedPercent: \"\"}",
	      rows, &check);
	assert_int_equal(check.verdict, IMP_VERDICT_PASS);
	assert_true(rows[0].off && rows[1].off && rows[2].off);
	/* dive's defaults: 0.9, disabled, 0.1 */
	judge(layers, "rules: {}", rows, &check);
	assert_int_equal(check.counts[IMP_VERDICT_FAIL], 2);
}

CASE(mistakes_are_told)
{
	struct imp_check check = {0};
	struct imp_error err = {0};

	assert_fails(imp_dive_check(IMP_SLICE("rules: {lowestEfficiency: 1.5}"), "d",
				    NULL, 0, NULL, &check, &err),
		     IMP_E_USAGE, "d:1:27: '1.5': a share", &err);
	assert_fails(imp_dive_check(IMP_SLICE("rules: {lowestEficiency: 1}"), "d", NULL,
				    0, NULL, &check, &err),
		     IMP_E_USAGE, "unknown key", &err);
}
