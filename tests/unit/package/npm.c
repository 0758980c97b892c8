#include "inventory_case.h"

/* The lists of packages are by name, version, folder. */
#define APP(more) \
	"text app/package.json {\"name\":\"site\",\"dependencies\":{\"a\":\"1\"}," \
	"\"devDependencies\":{\"d\":\"1\"}" more "}\n"
#define MODULE(path, name, version, more) \
	"text " path "/package.json {\"name\":\"" name "\",\"version\":\"" version \
	"\"" more "}\n"
#define NEEDS(name) ",\"dependencies\":{\"" name "\":\"*\"}"
#define HIDDEN(packages) \
	"text app/node_modules/.package-lock.json {\"lockfileVersion\":3,\"packages\":{" packages \
	"}}\n"
#define OUTER(packages) \
	"text app/package-lock.json {\"lockfileVersion\":3,\"packages\":{" packages "}}\n"
#define LOCKED(key, version, more) "\"" key "\":{\"version\":\"" version "\"" more "}"

CASE(manifests_alone_tell_development)
{
	expect_packages(
		"layer\n" APP("") MODULE("app/node_modules/a", "a", "1.0.0", NEEDS("s"))
			MODULE("app/node_modules/d", "d", "2.0.0", NEEDS("s"))
				MODULE("app/node_modules/s", "s", "3.0.0", "")
					MODULE("app/node_modules/d/node_modules/s", "s",
					       "4.0.0", ""),
		.packages = "npm a 1.0.0 app/node_modules/a root\n"
			    "npm d 2.0.0 app/node_modules/d root dev\n"
			    "npm s 3.0.0 app/node_modules/s\n"
			    "npm s 4.0.0 app/node_modules/d/node_modules/s dev\n",
		.needs = "a > app/node_modules/s\n"
			 "d > app/node_modules/d/node_modules/s\n");
}

CASE(hidden_lock_says_flags_and_needs)
{
	expect_packages(
		"layer\n" APP("") HIDDEN(
			LOCKED("node_modules/a", "1.0.0", "") "," LOCKED("node_modules/d", "2.0.0", ",\"dev\":true,\"peerDependencies\":{\"@o/p\":\"1\"}") "," LOCKED(
				"node_modules/@o/p", "3.0.0",
				",\"dev\":true,\"peer\":true,"
				"\"optional\":true") "," LOCKED("node_modules/x", "4.0.0",
								",\"extraneous\":true") "," LOCKED("node_modules/b",
												   "5.0.0",
												   ",\"devOptional\":true")) "file app/node_modules/a/x.js 10\n"
															     "file app/node_modules/d/x.js 20\n"
															     "file app/node_modules/@o/p/x.js 30\n"
															     "file app/node_modules/x/x.js 40\n"
															     "file app/node_modules/b/x.js 40\n"
															     "file app/index.js 50\n",
		.packages = "npm/npm @o/p 3.0.0 app/node_modules/@o/p dev optional peer\n"
			    "npm/npm a 1.0.0 app/node_modules/a root\n"
			    "npm/npm b 5.0.0 app/node_modules/b dev-optional\n"
			    "npm/npm d 2.0.0 app/node_modules/d root dev\n"
			    "npm/npm x 4.0.0 app/node_modules/x extraneous\n",
		.needs = "d > @o/p peer\n",
		.owners = "app/node_modules/@o/p/x.js @o/p\n"
			  "app/node_modules/a/x.js a\n"
			  "app/node_modules/b/x.js b\n"
			  "app/node_modules/d/x.js d\n"
			  "app/node_modules/x/x.js x\n",
		.purls = "pkg:npm/%40o/p@3.0.0\npkg:npm/a@1.0.0\npkg:npm/b@5.0.0\n"
			 "pkg:npm/d@2.0.0\npkg:npm/x@4.0.0\n");
}

/* A lock written a second before a folder was changed: what it says no longer counts. */
CASE(hidden_lock_older_than_a_folder_is_passed_over)
{
	expect_packages(
		"layer\n" APP("") HIDDEN(LOCKED(
			"node_modules/a", "1.0.0",
			",\"dev\":true")) "dir app/node_modules/a mtime=1\n" MODULE("app/node_modules/a",
										    "a",
										    "1.0.0",
										    ""),
		.packages = "npm/npm a 1.0.0 app/node_modules/a root\n");
}

CASE(hidden_lock_of_the_same_second_counts)
{
	expect_packages(
		"layer\n" APP("") HIDDEN(LOCKED(
			"node_modules/a", "1.0.0",
			",\"dev\":true")) "dir app/node_modules/a mtime=0\n" MODULE("app/node_modules/a",
										    "a",
										    "1.0.0",
										    ""),
		.packages = "npm/npm a 1.0.0 app/node_modules/a root dev\n");
}

CASE(outer_lock_counts_when_it_matches_the_folders)
{
	expect_packages(
		"layer\n" APP("") OUTER(LOCKED("", "1.0.0", "") "," LOCKED(
			"node_modules/a", "1.0.0",
			"") "," LOCKED("node_modules/d", "2.0.0",
				       ",\"dev\":true") "," LOCKED("node_modules/gone",
								   "9.0.0", ""))
			MODULE("app/node_modules/a", "a", "1.0.0", NEEDS("d"))
				MODULE("app/node_modules/d", "d", "2.0.0", ""),
		.packages = "npm/npm a 1.0.0 app/node_modules/a root\n"
			    "npm/npm d 2.0.0 app/node_modules/d root dev\n");
}

/* Another version of one package, or one that the lock lacks: the lock is of another
 * install, so the manifests are walked, where `a` needs `d`. */
CASE(outer_lock_of_another_install_is_passed_over)
{
	static const char walked[] = "npm a 1.0.0 app/node_modules/a root\n"
				     "npm d 2.0.0 app/node_modules/d root\n";

	expect_packages(
		"layer\n" APP("") OUTER(LOCKED("node_modules/a", "1.0.0", "") "," LOCKED(
			"node_modules/d", "1.9.0", ",\"dev\":true"))
			MODULE("app/node_modules/a", "a", "1.0.0", NEEDS("d"))
				MODULE("app/node_modules/d", "d", "2.0.0", ""),
		.packages = walked);
	expect_packages("layer\n" APP("") OUTER(
				LOCKED("node_modules/d", "2.0.0", ",\"dev\":true"))
				MODULE("app/node_modules/a", "a", "1.0.0", NEEDS("d"))
					MODULE("app/node_modules/d", "d", "2.0.0", ""),
			.packages = walked);
}

CASE(lock_of_version_1_nests)
{
	expect_packages(
		"layer\n" APP(
			"") "text app/package-lock.json {\"lockfileVersion\":1,"
			    "\"requires\":true,\"dependencies\":{\"a\":{\"version\":\"1.0.0\"},"
			    "\"d\":{\"version\":\"2.0.0\",\"dev\":true,\"requires\":{\"s\":\"1\"},"
			    "\"dependencies\":{\"s\":{\"version\":\"3.0.0\",\"dev\":true}}}}}\n" MODULE(
				    "app/node_modules/a", "a", "1.0.0", "")
				    MODULE("app/node_modules/d", "d", "2.0.0", NEEDS("s"))
					    MODULE("app/node_modules/d/node_modules/s",
						   "s", "3.0.0", ""),
		.packages = "npm/npm a 1.0.0 app/node_modules/a root\n"
			    "npm/npm d 2.0.0 app/node_modules/d root dev\n"
			    "npm/npm s 3.0.0 app/node_modules/d/node_modules/s dev\n",
		.needs = "d > s\n");
}

CASE(pruned_tree_has_no_development_package)
{
	expect_packages("layer\n" APP("") HIDDEN(LOCKED("node_modules/a", "1.0.0", ""))
				MODULE("app/node_modules/a", "a", "1.0.0", ""),
			.packages = "npm/npm a 1.0.0 app/node_modules/a root\n");
}

/* webpack has webpack-cli in peerDependenciesMeta alone; for npm that keeps nothing. */
CASE(a_peer_may_be_named_by_its_meta_alone)
{
	expect_packages(
		"layer\n" APP("") MODULE(
			"app/node_modules/a", "a", "1",
			",\"peerDependencies\":{\"p\":\"1\"},\"peerDependenciesMeta\":{"
			"\"c\":{\"optional\":true},\"p\":{\"optional\":true}}")
			MODULE("app/node_modules/c", "c", "1", "")
				MODULE("app/node_modules/p", "p", "1", ""),
		.packages = "npm a 1 app/node_modules/a root\n"
			    "npm c 1 app/node_modules/c\n"
			    "npm p 1 app/node_modules/p optional peer\n",
		.needs = "a > p peer\na > c peer\n");
}

CASE(optional_and_peer_are_told_apart)
{
	expect_packages(
		"layer\n"
		"text app/package.json {\"dependencies\":{\"a\":\"1\"},"
		"\"optionalDependencies\":{\"o\":\"1\"},\"devDependencies\":{\"d\":\"1\"}}\n" MODULE(
			"app/node_modules/a", "a", "1",
			",\"peerDependencies\":{\"p\":\"1\"}")
			MODULE("app/node_modules/d", "d", "1", NEEDS("both"))
				MODULE("app/node_modules/o", "o", "1", NEEDS("both"))
					MODULE("app/node_modules/p", "p", "1", "") MODULE(
						"app/node_modules/both", "both", "1", ""),
		.packages = "npm a 1 app/node_modules/a root\n"
			    "npm both 1 app/node_modules/both dev-optional\n"
			    "npm d 1 app/node_modules/d root dev\n"
			    "npm o 1 app/node_modules/o root optional\n"
			    "npm p 1 app/node_modules/p peer\n");
}

CASE(name_in_both_lists_stays)
{
	expect_packages("layer\n"
			"text app/package.json {\"dependencies\":{\"a\":\"1\"},"
			"\"devDependencies\":{\"a\":\"1\"}}\n" MODULE(
				"app/node_modules/a", "a", "1", ""),
			.packages = "npm a 1 app/node_modules/a root\n");
}

/* Packages of a workspace member are found from its folder upwards, and its own
 * development list counts as one. */
CASE(members_of_a_workspace_are_projects)
{
	expect_packages(
		"layer\n"
		"text app/package.json {\"workspaces\":[\"packages/*\"]}\n"
		"text app/packages/m/package.json {\"name\":\"m\",\"dependencies\":{\"a\":\"1\"},"
		"\"devDependencies\":{\"d\":\"1\"}}\n"
		"dir app/node_modules\n"
		"symlink app/node_modules/m -> ../packages/m\n" MODULE(
			"app/node_modules/a", "a", "1", "")
			MODULE("app/packages/m/node_modules/d", "d", "2", ""),
		.packages = "npm a 1 app/node_modules/a root\n"
			    "npm d 2 app/packages/m/node_modules/d root dev\n");
}

CASE(test_fixtures_inside_a_package_are_its_content)
{
	expect_packages(
		"layer\n" APP("") MODULE("app/node_modules/a", "a", "1", "")
			MODULE("app/node_modules/a/test/node_modules/f", "f", "1", ""),
		.packages = "npm a 1 app/node_modules/a root\n",
		.owners = "app/node_modules/a/package.json a\n"
			  "app/node_modules/a/test/node_modules/f/package.json a\n");
}

CASE(npm_itself_is_a_tree_of_its_own)
{
	expect_packages(
		"layer\n" MODULE("usr/lib/node_modules/npm", "npm", "10.0.0",
				 NEEDS("ini"))
			MODULE("usr/lib/node_modules/npm/node_modules/ini", "ini",
			       "4.0.0", ""),
		.packages = "npm ini 4.0.0 usr/lib/node_modules/npm/node_modules/ini\n"
			    "npm npm 10.0.0 usr/lib/node_modules/npm root\n",
		.needs = "npm > ini\n");
}

CASE(modules_of_debian_are_not_npms)
{
	expect_packages("layer\n" MODULE("usr/share/nodejs/a", "a", "1", "") MODULE(
				"usr/share/nodejs/a/node_modules/b", "b", "1", "")
				MODULE("usr/lib/nodejs/c/node_modules/d", "d", "1", ""),
			.packages = "");
}

CASE(foreign_platforms_are_marked)
{
	static const char layers[] = "layer\n" MODULE(
		"app/node_modules/arm", "arm", "1",
		",\"os\":[\"linux\"],\"cpu\":[\"arm64\"]")
		MODULE("app/node_modules/any", "any", "1",
		       ",\"os\":[\"!win32\"],\"cpu\":[\"x64\",\"arm64\"]")
			MODULE("app/node_modules/mac", "mac", "1", ",\"os\":\"darwin\"") MODULE(
				"app/node_modules/musl", "musl", "1",
				",\"libc\":[\"musl\"]") "file lib/ld-linux-aarch64.so.1 5\n";

	expect_packages(layers, .packages = "npm any 1 app/node_modules/any\n"
					    "npm arm 1 app/node_modules/arm foreign\n"
					    "npm mac 1 app/node_modules/mac foreign\n"
					    "npm musl 1 app/node_modules/musl foreign\n");
	expect_packages(layers, .architecture = "arm64",
			.packages = "npm any 1 app/node_modules/any\n"
				    "npm arm 1 app/node_modules/arm\n"
				    "npm mac 1 app/node_modules/mac foreign\n"
				    "npm musl 1 app/node_modules/musl foreign\n");
	expect_packages(
		"layer\n"
		"file lib/ld-musl-x86_64.so.1 5\n" MODULE("app/node_modules/g", "g", "1",
							  ",\"libc\":[\"glibc\"]")
			MODULE("app/node_modules/m", "m", "1", ",\"libc\":[\"musl\"]"),
		.packages = "npm g 1 app/node_modules/g foreign\n"
			    "npm m 1 app/node_modules/m\n");
}

/* node_modules may lie elsewhere, behind a symlink. */
CASE(moved_tree_belongs_to_the_project_that_links_it)
{
	expect_packages(
		"layer\n" APP("") "symlink app/node_modules -> /deps/node_modules\n" MODULE(
			"deps/node_modules/a", "a", "1", "")
			MODULE("deps/node_modules/d", "d", "1", ""),
		.packages = "npm a 1 deps/node_modules/a root\n"
			    "npm d 1 deps/node_modules/d root dev\n");
}

CASE(without_a_project_nothing_is_development)
{
	expect_packages("layer\n" MODULE("app/node_modules/a", "a", "1", NEEDS("s"))
				MODULE("app/node_modules/s", "s", "1", ""),
			.packages = "npm a 1 app/node_modules/a\n"
				    "npm s 1 app/node_modules/s\n");
}

/* What `a` needs cannot be told, so nothing may be called development-only. */
CASE(unreadable_manifest_of_a_runtime_package_stops_the_walk)
{
	expect_packages(
		"layer\n" APP("") "text app/node_modules/a/package.json {\"name\":\n" MODULE(
			"app/node_modules/d", "d", "1", ""),
		.packages = "npm a  app/node_modules/a root\n"
			    "npm d 1 app/node_modules/d root\n",
		.unreadable = "app/node_modules/a/package.json: no valid JSON\n");
}

/* The member's broken package needs something, perhaps from the project above it. */
CASE(unreadable_manifest_below_stops_the_walk_above)
{
	expect_packages(
		"layer\n"
		"text app/package.json {\"devDependencies\":{\"d\":\"1\"}}\n"
		"text app/m/package.json {\"dependencies\":{\"x\":\"1\"}}\n"
		"text app/m/node_modules/x/package.json {\n" MODULE("app/node_modules/d",
								    "d", "1", ""),
		.packages = "npm d 1 app/node_modules/d root\n"
			    "npm x  app/m/node_modules/x root\n",
		.unreadable = "app/m/node_modules/x/package.json: no valid JSON\n");
}

/* 500,000 needs are followed; behind that nobody knows what else would hold `d`. */
CASE(too_many_needs_mark_nothing)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	imp_strbuf_add_text(
		&text,
		"layer\n"
		"text app/package.json {\"devDependencies\":{\"d\":\"1\"}}\n" MODULE(
			"app/node_modules/d", "d", "1", ""));
	for (int file = 0; file < 6; file++) {
		imp_strbuf_printf(&text,
				  "text app/node_modules/p%d/package.json "
				  "{\"dependencies\":{\"x\":\"\"",
				  file);
		for (int i = 0; i < 100000; i++)
			imp_strbuf_printf(&text, ",\"x%d\":\"\"", i);
		imp_strbuf_add_text(&text, "}}\n");
	}
	expect_packages(text.data,
			.packages = "npm d 1 app/node_modules/d root\n"
				    "npm p0  app/node_modules/p0\n"
				    "npm p1  app/node_modules/p1\n"
				    "npm p2  app/node_modules/p2\n"
				    "npm p3  app/node_modules/p3\n"
				    "npm p4  app/node_modules/p4\n"
				    "npm p5  app/node_modules/p5\n",
			.unreadable = ": more dependencies than imgprof follows\n");
}

CASE(damaged_hidden_lock_is_named_and_the_rest_stands)
{
	expect_packages(
		"layer\n" APP("") "text app/node_modules/.package-lock.json {\"packages\":{\n" MODULE(
			"app/node_modules/d", "d", "1", ""),
		.packages = "npm/npm d 1 app/node_modules/d root dev\n",
		.unreadable = "app/node_modules/.package-lock.json: no valid JSON\n");
}

CASE(keys_that_leave_the_tree_are_passed_over)
{
	expect_packages(
		"layer\n" APP("") HIDDEN(
			LOCKED("node_modules/../../etc", "1", ",\"dev\":true") "," LOCKED("/etc", "1", ",\"dev\":true") "," LOCKED(
				"../etc", "1",
				",\"dev\":true") "," LOCKED("node_modules//a", "1",
							    ",\"dev\":true") "," LOCKED("node_modules/a/../a",
											"1",
											",\"dev\":true") "," LOCKED("node_modules/.",
														    "1",
														    ",\"dev\":true")) "file etc/passwd 5\n"
																      "text app/node_modules/a/package.json {\"name\":\"a\","
																      "\"dependencies\":{\"..\":\"1\",\"../d\":\"1\",\"@/\":\"1\",\"/\":\"1\"}}\n",
		.packages = "npm/npm a  app/node_modules/a root\n", .needs = "");
}

CASE(needs_in_a_circle_end)
{
	expect_packages(
		"layer\n"
		"text app/package.json {\"devDependencies\":{\"a\":\"1\"}}\n" MODULE(
			"app/node_modules/a", "a", "1", NEEDS("b"))
			MODULE("app/node_modules/b", "b", "1",
			       NEEDS("a")) "symlink app/node_modules/self -> self\n"
					   "symlink app/node_modules/up -> ..\n",
		.packages = "npm a 1 app/node_modules/a root dev\n"
			    "npm b 1 app/node_modules/b dev\n",
		.needs = "a > b\nb > a\n");
}

CASE(later_layer_takes_packages_away)
{
	expect_packages("layer\n" APP("") MODULE("app/node_modules/a", "a", "1", "")
				MODULE("app/node_modules/d", "d", "1",
				       "") "layer\nwhiteout app/node_modules/d\n",
			.packages = "npm a 1 app/node_modules/a root\n");
}

static void add_deep(struct imp_strbuf *text, size_t depth)
{
	imp_strbuf_add_text(text, "layer\ntext app/package-lock.json {\"dependencies\":");
	for (size_t i = 0; i < depth; i++)
		imp_strbuf_add_text(text, "{\"a\":{\"dependencies\":");
	imp_strbuf_add_text(text, "{}");
	for (size_t i = 0; i < depth; i++)
		imp_strbuf_add_text(text, "}}");
	imp_strbuf_add_text(text, "}\n" MODULE("app/node_modules/a", "a", "1", ""));
}

CASE(deep_lock_is_unreadable)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	add_deep(&text, 100000);
	expect_packages(text.data, .packages = "npm a 1 app/node_modules/a\n",
			.unreadable = "app/package-lock.json: larger or deeper than "
				      "imgprof reads\n");
}

/* 100,000 entries for one folder: no more work than their number. */
CASE(huge_lock_is_read_once)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	imp_strbuf_add_text(&text, "layer\ntext app/node_modules/.package-lock.json "
				   "{\"packages\":{\"node_modules/a\":{\"dev\":true}");
	for (int i = 0; i < 100000; i++)
		imp_strbuf_printf(&text, ",\"node_modules/p%d\":{\"dev\":true}", i);
	imp_strbuf_add_text(&text, "}}\nfile app/node_modules/a/x 5\n");
	expect_packages(text.data, .packages = "npm/npm a  app/node_modules/a dev\n");
}
