/* Verdicts on packages as a whole: who is named, what goes with them, what keeps them. */
#include "classify_case.h"

#define PACKAGE_ROW(id, match, class, confidence, needs, subject) \
	"rule\t" id "\t" match "\t" class "\t" confidence "\t" needs "\t" subject \
					  "\t{package}{more}: {packages}\t-\t-\n"

/* gcc brings cpp, which brings libisl; curl stays, and needs libssl. */
#define SYSTEM \
	"layer\nfile b/gcc 100\nfile b/cpp 50\nfile l/isl 20\nfile b/curl 7\n" \
	"file l/ssl 5\nfile i/ssl.h 3\nfile d/status 1\n"
#define GIVEN \
	"package dpkg gcc 12 section=devel flags=root database=d/status\nowns b/gcc\n" \
	"needs cpp\n" \
	"package dpkg cpp 12 section=interpreters database=d/status\nowns b/cpp\nneeds " \
	"isl\n" \
	"package dpkg isl 1 section=libs database=d/status\nowns l/isl\n" \
	"package dpkg curl 8 section=web flags=root database=d/status\nowns b/curl\n" \
	"needs ssl\n" \
	"package dpkg ssl 3 section=libs database=d/status\nowns l/ssl\n" \
	"package dpkg ssl-dev 3 section=non-free/libdevel flags=root " \
	"database=d/status twin=ssl\nowns i/ssl.h\nneeds ssl\n"

CASE(a_name_takes_its_package_alone)
{
	expect(.layers = SYSTEM, .given = GIVEN,
	       .rules = PACKAGE_ROW("X", "pkg:dpkg:g*", "toolchain", "likely", "-",
				    "package"),
	       .findings = "X:gcc 1 100\n");
}

CASE(a_sweep_takes_what_nothing_else_needs)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){
			.layers = SYSTEM,
			.given = GIVEN,
			.rules = PACKAGE_ROW("X", "pkg:dpkg:gcc pkg:dpkg:*-dev",
					     "toolchain", "likely", "sweep", "seed")});
	const struct imp_finding *f = finding_of(c, "X:gcc");

	assert_int_equal(f->sum.disk_bytes, 170);
	assert_int_equal(f->packages, 3);
	assert_string_equal(f->title, "gcc with 2 more packages: 3 packages");
	assert_int_equal(finding_of(c, "X:ssl-dev")->sum.disk_bytes, 3);
	assert_null(finding_at(c, "l/ssl"));
	assert_non_null(strstr(evidence_of(c, "X:gcc"),
			       "/d/status: installed\n2 packages that nothing else "
			       "needs\nlargest: gcc 100 B, cpp 50 B, isl 20 B\n"));
	assert_non_null(strstr(evidence_of(c, "X:ssl-dev"),
			       "ssl is enough to run what links to it\n"));
}

CASE(a_section_is_told_without_its_area)
{
	expect(.layers = SYSTEM, .given = GIVEN,
	       .rules = PACKAGE_ROW("X", "pkg:dpkg:*?section=devel,libdevel", "dev-files",
				    "likely", "-", "none"),
	       .findings = "X 2 103\n");
}

CASE(a_package_may_be_excepted)
{
	expect(.layers = SYSTEM, .given = GIVEN,
	       .rules = PACKAGE_ROW("X", "!pkg:dpkg:g* pkg:dpkg:*?section=devel,libdevel",
				    "dev-files", "likely", "-", "none"),
	       .findings = "X 1 3\n");
}

CASE(what_a_kept_package_needs_is_held)
{
	expect(.layers = SYSTEM,
	       .given = GIVEN "package dpkg node 20 flags=root\nneeds ssl-dev\n",
	       .rules = PACKAGE_ROW("X", "pkg:dpkg:*-dev", "dev-files", "likely", "sweep",
				    "seed"),
	       .findings = "",
	       .dropped = "X:ssl-dev held 3: kept: ssl-dev, required by node\n");
}

CASE(what_runs_is_swept_by_nobody)
{
	expect(.layers = SYSTEM,
	       .given = "package dpkg gcc 12 flags=root\nowns b/gcc\nneeds isl\n"
			"package dpkg isl 1\nowns l/isl\nroot\n",
	       .rules = PACKAGE_ROW("X", "pkg:dpkg:gcc", "toolchain", "likely", "sweep",
				    "seed"),
	       .findings = "X:gcc 1 100\n");
}

CASE(what_is_reached_is_no_seed)
{
	expect(.layers = SYSTEM,
	       .given = "package dpkg gcc 12 flags=root\nowns b/gcc\nneeds isl\n"
			"reached /app/start runs gcc\n"
			"package dpkg isl 1\nowns l/isl\n",
	       .rules = PACKAGE_ROW("X", "pkg:dpkg:gcc", "toolchain", "likely", "sweep",
				    "seed"),
	       .findings = "", .dropped = "X:gcc reached 100: /app/start runs gcc\n");
}

/* classification.md 1.3: A-NODE protects npm only where npm is named. */
CASE(npm_is_kept_when_it_is_started)
{
#define NPM_PACKAGE(command) \
	.layers = "layer\nfile usr/bin/npm 9\nfile usr/bin/node 1\n", \
	.rules = PACKAGE_ROW("X", "pkg:dpkg:npm", "dev-dep", "likely", \
			     "absent:A-NODE,A-INSTALL with:npx,npm", "none"), \
	.started = command, \
	.given = "package dpkg npm 9\nowns usr/bin/npm\nabsent all\n" \
		 "present A-NODE CMD starts node\n"
	expect(NPM_PACKAGE("/usr/bin/npm start"), .findings = "",
	       .dropped = "X: A-NODE 9: CMD starts npm\n");
	expect(NPM_PACKAGE("/usr/bin/node x.js"), .findings = "X 1 9\n", .dropped = "");
#undef NPM_PACKAGE
}

CASE(a_possible_seed_makes_no_likely_one_larger)
{
	expect(.layers = SYSTEM,
	       .given = "package dpkg gcc 12 flags=root\nowns b/gcc\nneeds isl\n"
			"package dpkg curl 8 flags=root\nowns b/curl\nneeds isl\n"
			"package dpkg isl 1\nowns l/isl\n",
	       .rules = PACKAGE_ROW("X", "pkg:dpkg:gcc", "toolchain", "likely", "sweep",
				    "seed") PACKAGE_ROW("Y", "pkg:dpkg:curl", "toolchain",
							"possible", "sweep", "seed"),
	       .verdicts = "b/cpp -\nb/curl Y:curl possible\nb/gcc X:gcc likely\n"
			   "d/status -\ni/ssl.h -\nl/isl X:gcc@possible possible\n"
			   "l/ssl -\n");
}

#define NPM \
	"layer\nfile c/node_modules/.package-lock.json 9\nfile c/node_modules/a/x.js 10\n" \
	"file c/node_modules/a/docs/y 5\nfile c/node_modules/b/x.js 20\n" \
	"file c/node_modules/e/x.js 1\n"
#define NPM_GIVEN(flags_a) \
	"package npm a 1 flags=" flags_a " group=0 " \
	"database=c/node_modules/.package-lock.json " \
	"home=c/node_modules/a\nowns c/node_modules/a\n" \
	"package npm b 1 flags=root group=0 " \
	"database=c/node_modules/.package-lock.json\nowns c/node_modules/b\n" \
	"package npm e 1 flags=extraneous group=0\nowns c/node_modules/e\n"
#define NPM_ROW \
	"rule\tX\tpkg:npm:*?flag=dev\tdev-dep\tcertain\tunless:A-DEV\tgroup\tnpm: " \
	"{of}, {bytes}\t-\t-\n"

CASE(flags_are_the_managers_own_record)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = NPM,
				     .given = NPM_GIVEN("dev") "absent all\n",
				     .rules = NPM_ROW});
	const struct imp_finding *f = finding_of(c, "X:c/node_modules");

	assert_int_equal(f->confidence, IMP_CONFIDENCE_CERTAIN);
	assert_string_equal(f->title, "npm: 1 of 3 packages, 15 B");
	assert_string_equal(paths_of(c, f->id), "c/node_modules/a");
	assert_non_null(strstr(evidence_of(c, f->id),
			       "/c/node_modules/.package-lock.json: marked as needed by "
			       "development only\n"));
}

CASE(one_of_several_flags_is_enough)
{
	expect(.layers = NPM, .given = NPM_GIVEN("dev"),
	       .rules = PACKAGE_ROW("X", "pkg:npm:*?flag=dev,extraneous", "dev-dep",
				    "likely", "-", "none"),
	       .findings = "X 3 16\n");
}

CASE(a_development_package_that_runs_keeps_them_all)
{
	expect(.layers = NPM,
	       .given = NPM_GIVEN("dev") "package npm t 1 flags=dev group=0\nrun\nowns "
					 "c/node_modules/e\n",
	       .rules = NPM_ROW, .findings = "",
	       .dropped = "X:c/node_modules dev-command 15: the image runs t, a "
			  "development package\n"
			  "X: dev-command 1: the image runs t, a development package\n");
}

/* debug requires supports-color where it is there, and lives without it. */
CASE(a_development_package_that_is_imported_is_only_possible)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(&(
		struct image_case){.layers = NPM,
				   .given = "package npm a 1 flags=dev group=0 "
					    "database=c/node_modules/.package-lock.json\n"
					    "owns c/node_modules/a\n"
					    "reached imported by /c/x.js\n"
					    "package npm b 1 flags=dev group=0 "
					    "database=c/node_modules/.package-lock.json\n"
					    "owns c/node_modules/b\nabsent all\n",
				   .rules = NPM_ROW});
	const struct imp_finding *sure = finding_of(c, "X:c/node_modules");
	const struct imp_finding *lowered = finding_of(c, "X:c/node_modules@possible");

	assert_int_equal(sure->confidence, IMP_CONFIDENCE_CERTAIN);
	assert_string_equal(paths_of(c, sure->id), "c/node_modules/b/x.js");
	assert_int_equal(lowered->confidence, IMP_CONFIDENCE_POSSIBLE);
	assert_string_equal(paths_of(c, lowered->id), "c/node_modules/a");
	assert_non_null(strstr(evidence_of(c, lowered->id),
			       "a all the same: imported by /c/x.js\n"));
}

CASE(a_whole_package_swallows_what_is_no_surer)
{
	expect(.layers = NPM, .given = NPM_GIVEN("dev"),
	       .rules = PACKAGE_ROW("X", "pkg:npm:a", "dev-dep", "likely", "-", "none")
		       RULE_ROW("D", "**/docs/**", "docs", "likely", "-", "none"),
	       .findings = "X 2 15\n");
}

CASE(a_possible_package_hides_no_certain_documentation)
{
	expect(.layers = NPM, .given = NPM_GIVEN("dev"),
	       .rules = PACKAGE_ROW("X", "pkg:npm:a", "dev-dep", "possible", "-", "none")
		       RULE_ROW("D", "**/docs/**", "docs", "certain", "-", "none"),
	       .findings = "X 1 10\nD 1 5\n");
}

CASE(a_guard_goes_before_a_package)
{
	expect(.layers = NPM, .given = NPM_GIVEN("dev"),
	       .rules = PACKAGE_ROW(
		       "X", "pkg:npm:a", "docs", "certain", "-",
		       "none") "guard\tKEEP\t**/docs/**\tdocs\t-\t-\t-\twhy\t-\tsource\n",
	       .findings = "X 1 10\n");
}

CASE(a_size_may_be_asked_for)
{
	expect(.layers = NPM, .given = NPM_GIVEN("dev"),
	       .rules = PACKAGE_ROW("X", "pkg:npm:*?over=16B", "data", "possible", "-",
				    "none"),
	       .findings = "X 1 20\n");
}

CASE(orphans_are_what_no_root_keeps)
{
	expect(.layers = SYSTEM,
	       .given = "package dpkg gcc 12\nowns b/gcc\nneeds isl\n"
			"package dpkg isl 1\nowns l/isl\n"
			"package dpkg curl 8 flags=root\nowns b/curl\n",
	       .rules = PACKAGE_ROW("X", "pkg:dpkg:*?orphan", "dev-dep", "likely", "-",
				    "none"),
	       .findings = "X 2 120\n");
}

CASE(what_only_recommends_bring_is_weak)
{
	expect(.layers = SYSTEM,
	       .given = "package dpkg gcc 12 flags=root\nowns b/gcc\nrecommends isl\n"
			"needs cpp\npackage dpkg isl 1\nowns l/isl\n"
			"package dpkg cpp 8\nowns b/cpp\n",
	       .rules = PACKAGE_ROW("X", "pkg:dpkg:*?weakly", "dev-dep", "possible", "-",
				    "none"),
	       .findings = "X 1 20\n");
}

CASE(documentation_is_what_rpm_marks)
{
	expect(.layers = SYSTEM,
	       .given = "package rpm gcc 12\nowns b\ndocumentation b/cpp\n"
			"package dpkg isl 1\nowns l/isl\ndocumentation l/isl\n",
	       .rules = RULE_ROW("X", "files:rpm?documentation", "docs", "certain", "-",
				 "none"),
	       .findings = "X 1 50\n");
}

CASE(copies_of_one_name_are_one_subject)
{
	expect(.layers = SYSTEM,
	       .given = "package npm a 1\nowns b/gcc\npackage npm a 2\nowns b/cpp\n",
	       .rules =
		       PACKAGE_ROW("X", "pkg:npm:a", "dev-dep", "likely", "-", "package"),
	       .findings = "X:a 2 150\n");
}

CASE(unreadable_databases_are_warned_about)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = "layer\nfile a/x 1\n",
				     .given = "unreadable rpm var/lib/rpm/Packages\n"});

	assert_int_equal(imp_warnings_count(c->warnings), 1);
	const struct imp_warning *w = imp_warnings_get(c->warnings, 0);
	assert_string_equal(w->code, "unreadable");
	assert_string_equal(w->message, "unreadable record of rpm: cut short");
	assert_true(imp_slice_is(w->path, "var/lib/rpm/Packages"));
}

#define COPY(name, inside) \
	"package npm " name " 1 flags=dev home=code/node_modules/" inside name \
	" database=code/node_modules/.package-lock.json\nowns code/node_modules/" inside \
		name "\n"

/* Nested copies of one package are what npm dedupe and a common version would save. */
CASE(copies_of_one_package_are_named)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers =
			"layer\nfile code/node_modules/.package-lock.json 1\n"
			"file code/node_modules/a/x 500\nfile code/node_modules/b/x 40\n"
			"file code/node_modules/b/node_modules/a/x 300\n"
			"file code/node_modules/c/x 7\n"
			"file code/node_modules/c/node_modules/b/x 2\n",
		.given = COPY("a", "") COPY("b", "") COPY("a", "b/node_modules/")
			COPY("c", "") COPY("b", "c/node_modules/") "absent all\n"});

	assert_non_null(strstr(evidence_of(c, "NPM-DEV:code/node_modules"),
			       "several copies: a 2 times 800 B, b 2 times 42 B\n"));
}

CASE(packages_without_copies_say_nothing_of_them)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers =
			"layer\nfile code/node_modules/.package-lock.json 1\n"
			"file code/node_modules/a/x 500\nfile code/node_modules/b/x 40\n",
		.given = COPY("a", "") COPY("b", "") "absent all\n"});

	assert_null(strstr(evidence_of(c, "NPM-DEV:code/node_modules"), "copies"));
}

/* Two packages, each with a name of one file, as pnpm links them from its store. */
#define LINKED(flags_of_b) \
	.layers = "layer\nfile m/a/x 5\nfile m/a/own 2\nfile m/b/own 3\n" \
		  "link m/b/x -> m/a/x\n", \
	.given = "package npm a 1 flags=dev home=m/a\nowns m/a\n" \
		 "package npm b 1 flags=" flags_of_b " home=m/b\nowns m/b\n", \
	.rules = \
		PACKAGE_ROW("X", "pkg:npm:*?flag=dev", "dev-dep", "likely", "-", "none")

CASE(a_hard_link_of_a_package_that_stays_keeps_the_file)
{
	expect(LINKED("root"), .findings = "X 1 2\n",
	       .dropped = "X: linked 5: the same files have other names that stay, such "
			  "as /m/b/x\n");
}

CASE(hard_links_that_all_go_count_once)
{
	expect(LINKED("dev"), .findings = "X 3 10\n");
}

CASE(a_first_name_of_a_package_that_stays_keeps_the_file)
{
	expect(.layers = "layer\nfile m/b/x 5\nfile m/a/own 2\nlink m/a/x -> m/b/x\n",
	       .given = "package npm b 1 flags=root home=m/b\nowns m/b\n"
			"package npm a 1 flags=dev home=m/a\nowns m/a\n",
	       .rules = PACKAGE_ROW("X", "pkg:npm:*?flag=dev", "dev-dep", "likely", "-",
				    "none"),
	       .findings = "X 1 2\n",
	       .dropped = "X: linked 5: the same files have other names that stay, such "
			  "as /m/b/x\n");
}

/* Who else needs what goes may be among the packages that were not read. */
CASE(packages_of_a_damaged_record_are_possible)
{
	static const char rules[] =
		PACKAGE_ROW("X", "pkg:dpkg:gcc", "toolchain", "certain", "sweep", "seed");
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = SYSTEM,
				     .given = GIVEN "unreadable dpkg d/status\n",
				     .rules = rules});
	const struct imp_finding *f = finding_at(c, "b/gcc");

	assert_int_equal(f->confidence, IMP_CONFIDENCE_POSSIBLE);
	assert_non_null(strstr(evidence_of(c, f->id),
			       "possible only: what dpkg records could not be read "
			       "whole\n"));
	/* npm's is read from another record in its place. */
	expect(.layers = SYSTEM, .given = GIVEN "unreadable npm d/status\n",
	       .rules = rules, .findings = "X:gcc 3 170\n");
}
