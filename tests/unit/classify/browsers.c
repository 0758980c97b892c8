/* Chromium more than once: which copy stays. The threshold is 100 bytes here. */
#include "classify_case.h"

#define BROWSERS \
	"rule\tBR-DUP\tcode:browser-copies=100\tdup\tlikely\t-\tat\tanother in {subject}\t" \
	"F-CHROME\t-\nfix\tF-CHROME\tkeep {kept}, drop {path}\n"

#define PACKAGED \
	"file usr/lib/chromium/chromium 200\nfile usr/lib/chromium/resources.pak 20\n" \
	"file usr/bin/chromium 5\n"
#define DOWNLOADED \
	"file opt/p/chrome-linux/chrome 300\nfile opt/p/chrome-linux/icudtl.dat 30\n" \
	"file opt/p/chrome-linux/locales/de.pak 3\n"

CASE(the_browser_that_a_variable_names_stays)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = "layer\n" PACKAGED DOWNLOADED,
				     .rules = BROWSERS,
				     .environment = {"CHROME_PATH=/usr/bin/chromium"}});
	const struct imp_finding *f = finding_of(c, "BR-DUP:opt/p/chrome-linux");

	assert_int_equal(f->confidence, IMP_CONFIDENCE_LIKELY);
	assert_int_equal(f->class, IMP_CLASS_DUP);
	assert_int_equal(f->sum.disk_bytes, 333);
	assert_string_equal(f->title, "another in /opt/p/chrome-linux");
	assert_string_equal(f->fix_text,
			    "keep /usr/lib/chromium, drop /opt/p/chrome-linux");
	assert_non_null(
		strstr(evidence_of(c, f->id),
		       "CHROME_PATH=/usr/bin/chromium names /usr/lib/chromium, which "
		       "stays\n"));
	assert_null(finding_at(c, "usr/lib/chromium/chromium"));
}

CASE(an_executable_path_names_one_too)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers = "layer\n" PACKAGED DOWNLOADED,
		.rules = BROWSERS,
		.environment = {"PUPPETEER_EXECUTABLE_PATH=/opt/p/chrome-linux/chrome"}});

	assert_string_equal(finding_at(c, "usr/lib/chromium/chromium")->id,
			    "BR-DUP:usr/lib/chromium");
	assert_null(finding_at(c, "opt/p/chrome-linux/chrome"));
}

CASE(without_a_variable_the_verdict_is_possible)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){
			.layers = "layer\n" PACKAGED DOWNLOADED, .rules = BROWSERS});
	const struct imp_finding *f = finding_at(c, "opt/p/chrome-linux/chrome");

	assert_string_equal(f->id, "BR-DUP:opt/p/chrome-linux@possible");
	assert_int_equal(f->confidence, IMP_CONFIDENCE_POSSIBLE);
	assert_non_null(
		strstr(evidence_of(c, f->id), "no variable says which one is in use"));
}

CASE(a_variable_that_names_nothing_decides_nothing)
{
	expect(.layers = "layer\n" PACKAGED DOWNLOADED, .rules = BROWSERS,
	       .environment = {"CHROME_PATH=/nowhere", "CHROME_BIN="},
	       .findings = "BR-DUP:opt/p/chrome-linux@possible 3 333\n");
}

CASE(one_browser_is_no_copy)
{
	expect(.layers = "layer\n" PACKAGED, .rules = BROWSERS, .findings = "");
}

CASE(a_small_file_is_no_browser)
{
	expect(.layers = "layer\n" PACKAGED "file opt/p/chrome 99\n", .rules = BROWSERS,
	       .findings = "");
}

CASE(a_deleted_browser_is_no_copy)
{
	expect(.layers = "layer\n" PACKAGED DOWNLOADED "layer\nwhiteout opt\n",
	       .rules = BROWSERS,
	       .findings = "WASTE-DELETED:layer 0 hidden by layer 1 3 333\n");
	expect(.layers = "layer\n" PACKAGED DOWNLOADED "layer\nwhiteout usr\n",
	       .rules = BROWSERS,
	       .findings = "WASTE-DELETED:layer 0 hidden by layer 1 3 225\n");
}

CASE(a_lone_executable_is_its_own_tree)
{
	expect(.layers = "layer\n" PACKAGED "file usr/local/bin/headless_shell 150\n"
			 "file usr/local/bin/other 10\n",
	       .rules = BROWSERS, .environment = {"CHROME_BIN=/usr/bin/chromium"},
	       .findings = "BR-DUP:usr/local/bin/headless_shell 1 150\n");
}

CASE(two_executables_of_one_tree_are_one_browser)
{
	expect(.layers = "layer\n" PACKAGED "file usr/lib/chromium/chrome 150\n",
	       .rules = BROWSERS, .findings = "");
}

CASE(a_helper_inside_of_the_kept_tree_is_no_copy)
{
	expect(.layers = "layer\n" PACKAGED "file usr/lib/chromium/sub/chrome 150\n",
	       .rules = BROWSERS, .environment = {"CHROME_BIN=/usr/bin/chromium"},
	       .findings = "");
}
