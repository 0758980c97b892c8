/* From matches to findings: precedence, hard links, subjects, facts that are not known. */
#include "classify_case.h"

CASE(the_surer_rule_wins)
{
	expect(.layers = "layer\nfile a/b/x 1\n",
	       .rules = RULE_ROW("DEEP", "/a/b/**", "junk", "likely", "-", "none")
		       RULE_ROW("SURE", "/a/**", "junk", "certain", "-", "none"),
	       .verdicts = "a/b/x SURE certain\n");
}

CASE(the_deeper_folder_wins_among_equals)
{
	expect(.layers = "layer\nfile a/b/x 1\nfile a/y 1\n",
	       .rules = RULE_ROW("HIGH", "/a/**", "junk", "likely", "-", "none")
		       RULE_ROW("DEEP", "/a/b/**", "junk", "likely", "-", "none"),
	       .verdicts = "a/b/x DEEP likely\na/y HIGH likely\n");
}

CASE(a_file_by_name_is_deepest)
{
	expect(.layers = "layer\nfile a/b/x 1\n",
	       .rules = RULE_ROW("NAME", "x", "junk", "likely", "-", "none")
		       RULE_ROW("DEEP", "/a/b/**", "junk", "likely", "-", "none"),
	       .verdicts = "a/b/x NAME likely\n");
}

CASE(a_suffix_is_as_deep_as_its_folder)
{
	expect(.layers = "layer\nfile a/b/c/x.z 1\n",
	       .rules = RULE_ROW("SUFFIX", "/a/**/*.z", "junk", "likely", "-", "none")
		       RULE_ROW("DEEP", "/a/b/**", "junk", "likely", "-", "none"),
	       .verdicts = "a/b/c/x.z DEEP likely\n");
}

CASE(the_nearer_place_wins_at_equal_depth)
{
	expect(.layers = "layer\nfile x/node_modules/a/t/f 1\n",
	       .rules = RULE_ROW("ANY", "**/t/**", "junk", "likely", "-", "none")
		       RULE_ROW("NEAR", "NM/**/t/**", "junk", "likely", "-", "none"),
	       .verdicts = "x/node_modules/a/t/f NEAR likely\n");
}

CASE(the_first_rule_wins_a_tie)
{
	expect(.layers = "layer\nfile a/x 1\n",
	       .rules = RULE_ROW("ONE", "/a/**", "junk", "likely", "-", "none")
		       RULE_ROW("TWO", "/a/**", "docs", "likely", "-", "none"),
	       .verdicts = "a/x ONE likely\n");
}

CASE(a_possible_tree_hides_no_certain_docs)
{
	expect(.layers = "layer\nfile a/b/x 1\nfile a/y 1\n",
	       .rules = RULE_ROW("TREE", "/a/**", "dev-dep", "possible", "-", "none")
		       RULE_ROW("DOCS", "/a/b/**", "docs", "certain", "-", "none"),
	       .verdicts = "a/b/x DOCS certain\na/y TREE possible\n");
}

CASE(a_possible_folder_takes_nothing_from_a_likely_one)
{
	expect(.layers = "layer\nfile t/__pycache__/x 1\n",
	       .rules = RULE_ROW("TESTS", "/t/**", "tests", "likely", "-", "none")
		       RULE_ROW("CACHE", "**/__pycache__/**", "cache", "possible", "-",
				"none"),
	       .verdicts = "t/__pycache__/x TESTS likely\n");
}

#define GUARD_ROW(match, classes) \
	"guard\tKEEP\t" match "\t" classes "\t-\t-\t-\twhy\t-\tsource\n"

CASE(a_guard_goes_before_every_rule)
{
	expect(.layers = "layer\nfile a/b/x 1\nfile a/y 1\n",
	       .rules = RULE_ROW("RULE", "/a/**", "docs", "certain", "-", "none")
		       GUARD_ROW("/a/b/**", "docs,tests"),
	       .verdicts = "a/b/x -\na/y RULE certain\n");
}

CASE(a_guard_holds_back_its_classes_only)
{
	expect(.layers = "layer\nfile a/x 1\n",
	       .rules = RULE_ROW("RULE", "/a/**", "cache", "likely", "-", "none")
		       RULE_ROW("DOCS", "/a/x", "docs", "certain", "-", "none")
			       GUARD_ROW("/a/**", "docs"),
	       .verdicts = "a/x RULE likely\n");
}

CASE(a_guard_may_name_a_file)
{
	expect(.layers = "layer\nfile a/LICENSE 1\nfile a/x 1\n",
	       .rules = RULE_ROW("RULE", "/a/**", "docs", "certain", "-", "none")
		       GUARD_ROW("LICENSE*", "docs"),
	       .verdicts = "a/LICENSE -\na/x RULE certain\n");
}

CASE(a_group_goes_when_all_of_its_names_go)
{
	expect(.layers = "layer\nfile a/x 5\nlink a/y -> a/x\n",
	       .rules = rule_of("/a/**"), .verdicts = "a/x X certain\na/y X certain\n",
	       .findings = "X 1 5\n");
}

CASE(a_group_stays_while_one_name_stays)
{
	expect(.layers = "layer\nfile a/x 5\nlink b/y -> a/x\n",
	       .rules = rule_of("/a/**"), .verdicts = "a/x -\nb/y -\n", .findings = "");
}

CASE(a_group_is_as_sure_as_its_least_sure_name)
{
	expect(.layers = "layer\nfile a/x 5\nlink b/y -> a/x\n",
	       .rules = rule_of("/a/** /b/**@possible"),
	       .verdicts = "a/x X@possible possible\nb/y X@possible possible\n",
	       .findings = "X@possible 1 5\n");
}

CASE(a_group_lives_on_in_its_link)
{
	expect(.layers = "layer\nfile a/x 5\nlink a/y -> a/x\nlayer\nwhiteout a/x\n",
	       .rules = rule_of("/a/y"), .verdicts = "a/y X certain\n",
	       .findings = "X 1 5\n");
}

CASE(a_group_with_a_deleted_name_asks_the_others)
{
	expect(.layers = "layer\nfile a/x 5\nlink b/y -> a/x\nlayer\nwhiteout b/y\n",
	       .rules = rule_of("/a/**"), .verdicts = "a/x X certain\n");
}

CASE(a_finding_without_subject_is_one)
{
	expect(.layers = "layer\nfile a/t/x 1\nfile b/t/y 2\n",
	       .rules = RULE_ROW("X", "**/t/**", "junk", "certain", "-", "none"),
	       .findings = "X 2 3\n");
}

CASE(a_subject_is_the_folder_matched)
{
	expect(.layers = "layer\nfile a/t/x 1\nfile b/t/y 2\n",
	       .rules = RULE_ROW("X", "**/t/**", "junk", "certain", "-", "at"),
	       .findings = "X:b/t 1 2\nX:a/t 1 1\n");
}

CASE(a_subject_is_the_folder_above)
{
	expect(.layers = "layer\nfile a/t/x 1\nfile b/t/y 2\n",
	       .rules = RULE_ROW("X", "**/t/**", "junk", "certain", "-", "parent"),
	       .findings = "X:b 1 2\nX:a 1 1\n");
}

CASE(a_subject_is_the_place_of_the_pattern)
{
	expect(.layers = "layer\nfile a/node_modules/p/node_modules/q/x.z 1\n"
			 "file b/node_modules/x.z 2\n",
	       .rules = RULE_ROW("X", "NM/**/*.z", "junk", "certain", "-", "origin"),
	       .findings = "X:b/node_modules 1 2\nX:a/node_modules 1 1\n");
}

CASE(packages_inside_packages_belong_to_the_outer)
{
	expect(.layers = "layer\nfile a/node_modules/p/node_modules/q/test/x 1\n",
	       .rules = RULE_ROW("X", "NM/PKG/test/**", "junk", "certain", "-", "origin"),
	       .findings = "X:a/node_modules 1 1\n");
}

CASE(a_subject_is_the_realm_around)
{
	expect(.layers = "layer\nfile code/x.z 1\nfile code/node_modules/a/x.z 2\n"
			 "file code/v/site-packages/x.z 3\nfile srv/x.z 4\n",
	       .workdir = "/code",
	       .rules = RULE_ROW("X", "*.z", "junk", "certain", "-", "realm"),
	       .findings = "X 1 4\nX:code/v/site-packages 1 3\nX:code/node_modules 1 2\n"
			   "X:code 1 1\n");
}

CASE(an_unknown_fact_lowers_toolchains)
{
	expect(.layers = "layer\nfile a/x 1\n",
	       .rules = RULE_ROW("X", "/a/**", "toolchain", "certain", "unless:A-CC",
				 "none"),
	       .verdicts = "a/x X likely\n");
	expect(.layers = "layer\nfile a/x 1\n",
	       .rules = RULE_ROW("X", "/a/**", "dev-dep", "certain", "unless:A-DEV",
				 "none"),
	       .verdicts = "a/x X likely\n");
}

CASE(an_unknown_fact_lowers_no_cache)
{
	expect(.layers = "layer\nfile a/x 1\n",
	       .rules =
		       RULE_ROW("X", "/a/**", "cache", "certain", "unless:A-DEV", "none"),
	       .verdicts = "a/x X certain\n");
}

CASE(a_verdict_that_rests_on_absence_is_possible)
{
	expect(.layers = "layer\nfile a/x 1\n",
	       .rules = RULE_ROW("X", "/a/**", "dev-dep", "likely", "absent:A-NODE",
				 "none"),
	       .verdicts = "a/x X possible\n");
}

CASE(homes_come_from_passwd)
{
	expect(.layers =
		       "layer\nfile home/a/.c/x 1\nfile home/b/.c/x 1\nfile srv/d/.c/x 1\n",
	       .passwd = "root:x:0:0:root:/root:/bin/sh\nbroken\n"
			 "a:x:1:1::/home/a:/bin/sh\nd:x:2:2:d:/srv/d/:\nz::::/:/\n",
	       .rules = rule_of("HOME/.c/**"),
	       .verdicts = "etc/passwd -\nhome/a/.c/x X certain\nhome/b/.c/x -\n"
			   "srv/d/.c/x X certain\n");
}

CASE(a_relative_home_is_none)
{
	expect(.layers = "layer\nfile home/a/.c/x 1\n",
	       .passwd = "a:x:1:1::home/a:/bin/sh\n", .environment = {"HOME=../home/a"},
	       .rules = rule_of("HOME/.c/**"),
	       .verdicts = "etc/passwd -\nhome/a/.c/x -\n");
}

CASE(a_working_directory_may_be_spelled_badly)
{
	expect(.layers = "layer\nfile code/docs/x 1\n", .workdir = "//code/./",
	       .rules = rule_of("APP/docs/**"), .verdicts = "code/docs/x X certain\n");
}

CASE(without_working_directory_a_manifest_shows_the_project)
{
	expect(.layers = "layer\nfile opt/site/package.json 1\nfile opt/site/docs/x 1\n"
			 "file opt/site/sub/package.json 1\nfile opt/site/sub/docs/x 1\n"
			 "file usr/share/y/setup.py 1\nfile usr/share/y/docs/x 1\n",
	       .rules = rule_of("APP/docs/**"),
	       .verdicts = "opt/site/docs/x X certain\nopt/site/package.json -\n"
			   "opt/site/sub/docs/x -\nopt/site/sub/package.json -\n"
			   "usr/share/y/docs/x -\nusr/share/y/setup.py -\n");
}

CASE(without_any_project_its_rules_are_off)
{
	expect(.layers = "layer\nfile docs/x 1\n", .workdir = "/",
	       .rules = rule_of("APP/docs/**"), .verdicts = "docs/x -\n");
}

CASE(a_project_is_not_looked_for_in_packages)
{
	expect(.layers = "layer\nfile srv/node_modules/a/package.json 1\n"
			 "file srv/node_modules/a/docs/x 1\n",
	       .workdir = "/srv/node_modules/a", .rules = rule_of("APP/docs/**"),
	       .verdicts =
		       "srv/node_modules/a/docs/x -\nsrv/node_modules/a/package.json -\n");
}

CASE(a_variable_of_the_root_is_no_cache)
{
	expect(.layers = "layer\nfile a/x 1\nfile usr/x 1\n",
	       .environment = {"C=/", "D=/usr"}, .rules = rule_of("$C/** $D/**"),
	       .verdicts = "a/x -\nusr/x -\n");
}

CASE(a_project_in_tmp_is_not_temporary)
{
	expect(.layers = "layer\nfile tmp/app/x 1\nfile tmp/y 1\n", .workdir = "/tmp/app",
	       .verdicts = "tmp/app/x -\ntmp/y GEN-TMP certain\n");
}

CASE(a_deep_tree_is_walked)
{
	enum { DEPTH = 700 };
	imp_auto(imp_strbuf_finish) struct imp_strbuf layers = {0};

	imp_strbuf_add_text(&layers, "layer\nfile ");
	for (int i = 0; i < DEPTH; i++)
		imp_strbuf_add_text(&layers, "test/");
	imp_strbuf_add_text(&layers, "x.py 1\n");
	expect(.layers = layers.data, .workdir = "/test",
	       .findings = "GEN-APPTEST:test 1 1\n");
}

CASE(a_missing_layer_is_skipped)
{
	expect(.layers = "layer\nfile a/x 1\nmissing\nlayer\nfile a/y 1\n",
	       .rules = rule_of("/a/**"), .findings = "X 2 2\n");
}

CASE(subjects_of_one_rule_are_bounded)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf layers = {0};

	imp_strbuf_add_text(&layers, "layer\n");
	for (int i = 0; i < 150; i++)
		imp_strbuf_printf(&layers,
				  "file d%03d/.git/HEAD 1\nfile d%03d/.git/objects/x 1\n",
				  i, i);
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){.layers = layers.data});
	assert_int_equal(c->findings.count, 101);
	assert_int_equal(finding_of(c, "GEN-GIT")->sum.files, 100);
	assert_string_equal(finding_of(c, "GEN-GIT")->title,
			    "version history of other folders");
	assert_int_equal(finding_of(c, "GEN-GIT:d099")->sum.files, 2);
}

CASE(the_root_is_no_home)
{
	expect(.layers = "layer\nfile .c/x 1\n", .passwd = "nobody:x:1:1::/:/bin/sh\n",
	       .rules = rule_of("HOME/.c/**"), .verdicts = ".c/x -\netc/passwd -\n");
}

CASE(the_root_is_a_home_when_the_variable_says_so)
{
	expect(.layers = "layer\nfile .c/x 1\n", .environment = {"HOME=/"},
	       .rules = rule_of("HOME/.c/**"), .verdicts = ".c/x X certain\n");
}

CASE(projects_are_looked_for_near_the_root)
{
	expect(.layers = "layer\nfile a/b/c/package.json 1\nfile a/b/c/docs/x 1\n"
			 "file d/e/f/g/package.json 1\nfile d/e/f/g/docs/x 1\n"
			 "file .h/package.json 1\nfile .h/docs/x 1\n",
	       .rules = rule_of("APP/docs/**"), .findings = "X 1 1\n");
}

CASE(the_subject_of_a_suffix_is_its_folder)
{
	expect(.layers = "layer\nfile a/b/x.z 1\n",
	       .rules = RULE_ROW("X", "/a/**/*.z", "junk", "certain", "-", "at"),
	       .findings = "X:a 1 1\n");
	expect(.layers = "layer\nfile a/b/x 1\n",
	       .rules = RULE_ROW("X", "/a/**/x", "junk", "certain", "-", "at"),
	       .findings = "X:a/b/x 1 1\n");
}

CASE(the_outer_of_two_folders_is_the_subject)
{
	expect(.layers = "layer\nfile a/t/x 1\n",
	       .rules = RULE_ROW("X", "/a/** **/t/**", "junk", "certain", "-", "at"),
	       .findings = "X:a 1 1\n");
}

CASE(a_folder_with_a_condition_hides_no_other_term)
{
	expect(.layers = "layer\nfile a/b/x 0\nfile a/y 0\n",
	       .rules = rule_of("/a/**?nonempty /a/b/**"),
	       .verdicts = "a/b/x X certain\na/y -\n");
}
