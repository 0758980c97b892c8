/* How patterns match: one kind of component, place or condition per case. */
#include "classify_case.h"

/* PATTERN on an image of these files: which of them are its own. */
static void matches(const char *pattern, const char *files, const char *expected)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf layers = {0}, found = {0};
	struct imp_slice rest = imp_slice_of(files);

	imp_strbuf_add_text(&layers, "layer\n");
	while (rest.data) {
		struct imp_slice path = imp_slice_cut(&rest, ' ');
		imp_strbuf_printf(&layers, "file %.*s 1\n", (int)path.len, path.data);
	}
	imp_auto_destroy(classified) struct classified *c = classify_case(&(
		struct image_case){.layers = layers.data,
				   .rules = rule_of(pattern),
				   .workdir = "/code",
				   .environment = {"HOME=/home/me", "CACHE=/var/tmp/c"}});
	rest = imp_slice_of(files);
	while (rest.data) {
		struct imp_slice path = imp_slice_cut(&rest, ' ');
		const char *text = imp_arena_copy(c->arena, path).data;
		if (finding_at(c, text))
			imp_strbuf_printf(&found, "%s%s", found.len ? " " : "", text);
	}
	imp_strbuf_add_char(&found, '\0');
	assert_string_equal(found.data, expected);
}

CASE(a_name_matches_anywhere)
{
	matches("b.txt", "b.txt a/b.txt a/c/b.txt a/b.txt2 ab.txt",
		"b.txt a/b.txt a/c/b.txt");
}

CASE(a_name_takes_all_of_a_folder)
{
	matches("cache", "cache/a x/cache/b/c cached/d", "cache/a x/cache/b/c");
}

CASE(a_folder_with_stars_is_no_file)
{
	matches("**/cache/**", "cache x/cache/b y/cache", "x/cache/b");
	matches("cache/", "cache x/cache/b y/cache", "x/cache/b");
}

CASE(a_slash_anchors_to_the_root)
{
	matches("/var/log/x", "var/log/x srv/var/log/x", "var/log/x");
	matches("/var/**", "var/log/x srv/var/log/x", "var/log/x");
}

CASE(an_inner_slash_does_not_anchor)
{
	matches("lib/python/test/**", "lib/python/test/a opt/lib/python/test/b",
		"lib/python/test/a opt/lib/python/test/b");
}

CASE(a_suffix_matches_names_that_end_in_it)
{
	matches("**/*.d.ts", "a.d.ts x/b.d.ts c.ts d.ts e.d.tsx", "a.d.ts x/b.d.ts");
}

CASE(a_suffix_of_many_dots_matches)
{
	matches("*.a.b.c.d.e.f", "x.a.b.c.d.e.f x.b.c.d.e.f", "x.a.b.c.d.e.f");
}

CASE(a_suffix_matches_behind_other_dots)
{
	matches("*.map", "a.js.map b.map c.mapx", "a.js.map b.map");
}

CASE(a_star_stays_in_its_component)
{
	matches("/a/*/c", "a/b/c a/b/x/c a/c", "a/b/c");
	matches("/a/*.o", "a/x.o a/b/x.o", "a/x.o");
}

CASE(stars_in_the_middle_match_any_run)
{
	matches("lib*.so*", "lib.so liba.so.1 libb.s xlib.so", "lib.so liba.so.1");
	matches("a*b*c", "abc aXbXc aXcXb abXc", "abc aXbXc abXc");
}

CASE(a_star_alone_matches_any_name)
{
	matches("/a/*/x", "a/b/x a/.c/x a/x", "a/b/x a/.c/x");
}

CASE(two_stars_match_no_component_too)
{
	matches("/a/**/z", "a/z a/b/z a/b/c/z z", "a/z a/b/z a/b/c/z");
}

CASE(two_stars_may_stand_twice)
{
	matches("/a/**/m/**/z", "a/m/z a/b/m/c/d/z a/z a/m/m/z",
		"a/m/z a/b/m/c/d/z a/m/m/z");
}

CASE(braces_are_a_choice)
{
	matches("/{a,b}/x", "a/x b/x c/x", "a/x b/x");
	matches("/usr/{,local/}bin/x", "usr/bin/x usr/local/bin/x usr/lib/x",
		"usr/bin/x usr/local/bin/x");
}

CASE(braces_stand_in_braces)
{
	matches("{a,b{c,d}}.x", "a.x bc.x bd.x b.x", "a.x bc.x bd.x");
}

CASE(braces_hold_whole_patterns)
{
	matches("{/a/**,*.z}", "a/b/c x/y.z b/c", "a/b/c x/y.z");
}

CASE(an_escape_takes_the_byte_as_it_is)
{
	matches("a\\*b", "a*b axb", "a*b");
	matches("\\{x\\}", "{x} x", "{x}");
	matches("a\\@b", "a@b a", "a@b");
}

CASE(a_literal_star_is_no_suffix)
{
	matches("\\*.md", "a.md *.md", "*.md");
}

CASE(an_escaped_s_is_a_space)
{
	expect(.layers = "layer\nfile a\\sb 1\nfile asb 1\n", .rules = rule_of("a\\sb"),
	       .verdicts = "a b X certain\nasb -\n");
}

CASE(app_is_the_working_directory)
{
	matches("APP/docs/**", "code/docs/a docs/a code/x/docs/a", "code/docs/a");
}

CASE(app_ends_at_packages)
{
	matches("APP/**/test/**",
		"code/a/test/x code/node_modules/b/test/x "
		"code/venv/lib/site-packages/c/test/x code/lib/dist-packages/test/x",
		"code/a/test/x");
}

CASE(home_is_root_and_the_variable)
{
	matches("HOME/.npm/**", "root/.npm/a home/me/.npm/b home/you/.npm/c",
		"root/.npm/a home/me/.npm/b");
}

CASE(a_variable_names_a_folder)
{
	matches("$CACHE/x/**", "var/tmp/c/x/a var/tmp/c/y x/a", "var/tmp/c/x/a");
	matches("$UNSET/**", "var/tmp/c/x/a", "");
}

CASE(packages_of_python_stand_anywhere)
{
	matches("SP/a/**",
		"usr/lib/python3/dist-packages/a/x opt/v/lib/site-packages/a/y a/z",
		"usr/lib/python3/dist-packages/a/x opt/v/lib/site-packages/a/y");
}

CASE(packages_of_node_stand_anywhere)
{
	matches("NM/a/**", "node_modules/a/x x/node_modules/b/node_modules/a/y a/z",
		"node_modules/a/x x/node_modules/b/node_modules/a/y");
}

CASE(all_below_a_place_is_a_pattern)
{
	matches("NM/**", "x/node_modules/a y/z", "x/node_modules/a");
}

CASE(a_package_is_one_folder)
{
	matches("NM/PKG/test/**",
		"node_modules/a/test/x node_modules/test/x node_modules/a/b/test/x",
		"node_modules/a/test/x");
}

CASE(a_scoped_package_is_two_folders)
{
	matches("NM/PKG/test/**", "node_modules/@s/a/test/x node_modules/@s/test/x",
		"node_modules/@s/a/test/x");
}

CASE(a_package_does_not_start_with_a_dot)
{
	matches("NM/PKG/x", "node_modules/.bin/x node_modules/a/x", "node_modules/a/x");
}

CASE(an_exception_takes_files_away)
{
	matches("/a/** !/a/keep", "a/x a/keep a/b/keep", "a/x a/b/keep");
}

CASE(an_exception_takes_folders_away)
{
	matches("/a/** !**/b/**", "a/x a/b/x a/c/b/x", "a/x");
}

CASE(an_exception_is_of_its_rule_only)
{
	expect(.layers = "layer\nfile a/x 1\n",
	       .rules = RULE_ROW("ONE", "/a/** !/a/x", "junk", "certain", "-", "none")
		       RULE_ROW("TWO", "/a/**", "junk", "certain", "-", "none"),
	       .verdicts = "a/x TWO certain\n");
}

CASE(several_patterns_are_one_rule)
{
	matches("/a/** /b/** *.z", "a/x b/x c/x c/y.z", "a/x b/x c/y.z");
}

CASE(has_asks_for_all_children)
{
	matches("**/.git/**?has=HEAD,objects",
		"a/.git/HEAD a/.git/objects/x a/.git/y b/.git/HEAD b/.git/y",
		"a/.git/HEAD a/.git/objects/x a/.git/y");
}

CASE(holds_asks_for_a_file_below)
{
	matches("**/tests/**?holds=*.py,*.js",
		"a/tests/x/y.py a/tests/z b/tests/z b/tests/y.pyc",
		"a/tests/x/y.py a/tests/z");
}

CASE(holds_does_not_count_folders)
{
	matches("**/tests/**?holds=*.py", "a/tests/x.py/z", "");
}

CASE(lacks_asks_the_neighbours)
{
	matches("*.md?lacks=setup.py", "a/x.md a/setup.py b/x.md", "b/x.md");
}

CASE(source_asks_for_the_module)
{
	matches("**/__pycache__/*.pyc?source",
		"a/__pycache__/m.cpython-311.pyc a/m.py a/__pycache__/n.cpython-311.pyc "
		"a/__pycache__/m.cpython-311.opt-1.pyc a/__pycache__/m.pyc",
		"a/__pycache__/m.cpython-311.pyc a/__pycache__/m.cpython-311.opt-1.pyc");
}

CASE(source_is_not_a_deleted_module)
{
	expect(.layers = "layer\nfile a/m.py 1\nlayer\nwhiteout a/m.py\n"
			 "file a/__pycache__/m.cpython-311.pyc 1\n",
	       .rules = rule_of("**/__pycache__/*.pyc?source"),
	       .verdicts = "a/__pycache__/m.cpython-311.pyc -\n");
}

CASE(nonempty_looks_at_files)
{
	expect(.layers = "layer\nfile a/x 1\nfile a/y 0\n",
	       .rules = rule_of("/a/**?nonempty"), .verdicts = "a/x X certain\na/y -\n");
}

CASE(foreign_keeps_the_languages_asked_for)
{
	expect(.layers = "layer\nfile l/de/x 1\nfile l/de_AT/x 1\nfile l/en_GB/x 1\n"
			 "file l/fr/x 1\nfile l/pt_BR/x 1\n",
	       .rules = rule_of("/l/*/**?foreign"),
	       .environment = {"LANG=de_DE.UTF-8", "LANGUAGE=pt:en"},
	       .verdicts =
		       "l/de/x -\nl/de_AT/x -\nl/en_GB/x X certain\nl/fr/x X certain\n"
		       "l/pt_BR/x -\n");
}

CASE(foreign_judges_names_of_files)
{
	expect(.layers = "layer\nfile l/fr.pak 1\nfile l/pt-BR.pak 1\n",
	       .rules = rule_of("/l/*.pak?foreign"), .environment = {"LC_ALL=fr_FR"},
	       .verdicts = "l/fr.pak -\nl/pt-BR.pak X certain\n");
}

CASE(a_term_may_be_less_sure)
{
	expect(.layers = "layer\nfile a/x 1\nfile b/x 1\n",
	       .rules = rule_of("/a/** /b/**@possible"),
	       .verdicts = "a/x X certain\nb/x X@possible possible\n");
}

CASE(what_is_gone_is_not_matched)
{
	expect(.layers = "layer\nfile a/x 1\nlayer\nwhiteout a/x\n",
	       .rules = rule_of("/a/**"), .verdicts = "");
}

CASE(links_and_folders_are_no_files)
{
	expect(.layers = "layer\ndir a\nsymlink a/x -> y\nfile a/z 1\n",
	       .rules = rule_of("/a/**"), .findings = "X 1 1\n");
}
