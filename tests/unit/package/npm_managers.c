#include "inventory_case.h"

#define MODULE(path, name, version, more) \
	"text " path "/package.json {\"name\":\"" name "\",\"version\":\"" version \
	"\"" more "}\n"
#define NEEDS(name) ",\"dependencies\":{\"" name "\":\"*\"}"
#define STORE "app/node_modules/.pnpm/"
/* a and d are asked for, both need s; x stands beside d though its package.json is silent */
#define PNPM \
	MODULE(STORE "a@1.0.0/node_modules/a", "a", "1.0.0", NEEDS("s")) \
	MODULE(STORE "d@1.0.0_p@2.0.0/node_modules/d", "d", "1.0.0", \
	       ",\"peerDependencies\":{\"@o/p\":\"2\"}") \
	MODULE(STORE "s@1.0.0/node_modules/s", "s", "1.0.0", "") \
	MODULE(STORE "@o+p@2.0.0/node_modules/@o/p", "@o/p", "2.0.0", "") \
	MODULE(STORE "x@1.0.0/node_modules/x", "x", "1.0.0", "") \
	"symlink app/node_modules/a -> .pnpm/a@1.0.0/node_modules/a\n" \
	"symlink app/node_modules/d -> .pnpm/d@1.0.0_p@2.0.0/node_modules/d\n" \
	"symlink " STORE "a@1.0.0/node_modules/s -> ../../s@1.0.0/node_modules/s\n" \
	"symlink " STORE \
	"d@1.0.0_p@2.0.0/node_modules/x -> ../../x@1.0.0/node_modules/x\n" \
	"symlink " STORE "d@1.0.0_p@2.0.0/node_modules/@o/p -> " \
	"../../../@o+p@2.0.0/node_modules/@o/p\n"
#define PNPM_LIST \
	"npm/pnpm @o/p 2.0.0 app/node_modules/.pnpm/@o+p@2.0.0/node_modules/@o/p dev " \
	"peer\n" \
	"npm/pnpm a 1.0.0 app/node_modules/.pnpm/a@1.0.0/node_modules/a root\n" \
	"npm/pnpm d 1.0.0 app/node_modules/.pnpm/d@1.0.0_p@2.0.0/node_modules/d root " \
	"dev\n" \
	"npm/pnpm s 1.0.0 app/node_modules/.pnpm/s@1.0.0/node_modules/s\n" \
	"npm/pnpm x 1.0.0 app/node_modules/.pnpm/x@1.0.0/node_modules/x dev\n"

CASE(pnpm_packages_live_in_the_virtual_store)
{
	expect_packages(
		"layer\n"
		"text app/package.json {\"dependencies\":{\"a\":\"1\"},"
		"\"devDependencies\":{\"d\":\"1\"}}\n"
		"text app/node_modules/.modules.yaml included:\\n  devDependencies: true\\n\n" PNPM,
		.packages = PNPM_LIST, .needs = "a > s\nd > @o/p peer\nd > x\n");
}

/* Without package.json of the project, its lock says what it asked for. */
CASE(pnpm_lock_9_names_the_roots)
{
	expect_packages(
		"layer\n"
		"text app/node_modules/.modules.yaml {\"included\": {\"devDependencies\": true}}\n"
		"text app/node_modules/.pnpm/lock.yaml lockfileVersion: '9.0'\\n\\nimporters:\\n\\n"
		"  .:\\n    dependencies:\\n      a:\\n        specifier: ^1.0.0\\n"
		"        version: 1.0.0\\n    devDependencies:\\n      d:\\n"
		"        specifier: ^1.0.0\\n        version: 1.0.0(@o/p@2.0.0)\\n\n" PNPM,
		.packages = PNPM_LIST);
}

CASE(pnpm_lock_6_of_one_project_has_no_importers)
{
	expect_packages(
		"layer\n"
		"text app/node_modules/.modules.yaml {}\n"
		"text app/node_modules/.pnpm/lock.yaml lockfileVersion: '6.0'\\n\\n"
		"dependencies:\\n  a:\\n    specifier: ^1.0.0\\n    version: 1.0.0\\n\\n"
		"devDependencies:\\n  d:\\n    specifier: ^1.0.0\\n"
		"    version: 1.0.0(@o/p@2.0.0)\\n\n" PNPM,
		.packages = PNPM_LIST);
}

CASE(pnpm_without_development_packages_marks_none)
{
	expect_packages(
		"layer\n"
		"text app/package.json {\"devDependencies\":{\"d\":\"1\"}}\n"
		"text app/node_modules/.modules.yaml included:\\n  devDependencies: false\\n\n" MODULE(
			"app/node_modules/d", "d", "1", ""),
		.packages = "npm/pnpm d 1 app/node_modules/d root\n");
}

CASE(pnpm_members_come_from_the_lock)
{
	expect_packages(
		"layer\n"
		"text app/node_modules/.modules.yaml {}\n"
		"text app/node_modules/.pnpm/lock.yaml importers:\\n  .: {}\\n  packages/m:\\n"
		"    devDependencies:\\n      d:\\n        version: 1.0.0\\n  ../../etc:\\n"
		"    devDependencies:\\n      d:\\n        version: 1.0.0\\n\n"
		"dir app/packages/m\n"
		"symlink app/packages/m/node_modules/d -> "
		"../../../node_modules/.pnpm/d@1/node_modules/d\n" MODULE(
			STORE "d@1/node_modules/d", "d", "1", ""),
		.packages = "npm/pnpm d 1 app/node_modules/.pnpm/d@1/node_modules/d root "
			    "dev\n");
}

/* Hard links of the store: one owner, its bytes counted once. */
CASE(pnpm_store_shares_its_files)
{
	expect_packages(
		"layer\n"
		"file root/.local/share/pnpm/store/v3/files/00/ab 100\n"
		"text app/node_modules/.modules.yaml {}\n"
		"text " STORE
		"a@1/node_modules/a/package.json {\"name\":\"a\",\"version\":\"1\"}\n"
		"link " STORE "a@1/node_modules/a/x.js -> "
		"root/.local/share/pnpm/store/v3/files/00/ab\n",
		.owners = "app/node_modules/.pnpm/a@1/node_modules/a/package.json a\n"
			  "app/node_modules/.pnpm/a@1/node_modules/a/x.js a\n"
			  "root/.local/share/pnpm/store/v3/files/00/ab a\n");
}

CASE(yarn_1_is_walked)
{
	static const char modules[] = MODULE("app/node_modules/a", "a", "1", "")
		MODULE("app/node_modules/d", "d", "1", "");
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	imp_strbuf_printf(&text,
			  "layer\n"
			  "text app/package.json {\"dependencies\":{\"a\":\"1\"},"
			  "\"devDependencies\":{\"d\":\"1\"}}\n"
			  "text app/node_modules/.yarn-integrity {\"flags\":[]}\n%s",
			  modules);
	expect_packages(text.data, .packages = "npm/yarn a 1 app/node_modules/a root\n"
					       "npm/yarn d 1 app/node_modules/d root "
					       "dev\n");
}

CASE(yarn_1_for_production_marks_none)
{
	expect_packages(
		"layer\n"
		"text app/package.json {\"devDependencies\":{\"d\":\"1\"}}\n"
		"text app/node_modules/.yarn-integrity {\"flags\":[\"production\"]}\n" MODULE(
			"app/node_modules/d", "d", "1", ""),
		.packages = "npm/yarn d 1 app/node_modules/d root\n");
}

/* Comments, trailing commas; marks of both inside strings stay. */
CASE(bun_lock_names_the_roots)
{
	expect_packages(
		"layer\n"
		"text app/bun.lock {\\n  // roots, as bun saw them\\n  \"lockfileVersion\": 1,\\n"
		"  \"workspaces\": {\\n    \"\": {\\n      \"name\": \"x // y ,}\",\\n"
		"      \"dependencies\": { \"a\": \"1\", /* one */ },\\n"
		"      \"devDependencies\": { \"d\": \"1\", },\\n    },\\n  },\\n}\\n\n" MODULE(
			"app/node_modules/a", "a", "1", "")
			MODULE("app/node_modules/d", "d", "1", ""),
		.packages = "npm/bun a 1 app/node_modules/a root\n"
			    "npm/bun d 1 app/node_modules/d root dev\n");
}

/* The zip is found by its checksum; a patched package is needed where the plain one is. */
CASE(plug_and_play_packages_are_zips)
{
	expect_packages(
		"layer\n"
		"text app/package.json {\"dependencies\":{\"a\":\"^1\"},"
		"\"devDependencies\":{\"@o/d\":\"^2\",\"u\":\"^1\"}}\n"
		"text app/yarn.lock __metadata:\\n  version: 8\\n\\n"
		"\"@o/d@npm:^2\":\\n  version: 2.0.0\\n  resolution: \"@o/d@npm:2.0.0\"\\n"
		"  checksum: 10c0/dddddddddd00\\n\\n"
		"\"a@npm:^1, a@npm:^1.0.1\":\\n  version: 1.0.0\\n  resolution: \"a@npm:1.0.0\"\\n"
		"  dependencies:\\n    r: ^3\\n  checksum: aaaaaaaaaa00\\n\\n"
		"\"r@npm:^3\":\\n  version: 3.0.0\\n  resolution: \"r@npm:3.0.0\"\\n"
		"  checksum: 10c0/cccccccccc00\\n\\n"
		"\"r@patch:r@npm%3A^3#optional!builtin<compat/r>\":\\n  version: 3.0.0\\n"
		"  resolution: \"r@patch:r@npm%3A3.0.0#optional!builtin<compat/r>::version=3.0.0\"\\n"
		"  checksum: 10c0/bbbbbbbbbb00\\n\\n"
		"\"u@npm:^1\":\\n  version: 1.0.0\\n  resolution: \"u@npm:1.0.0\"\\n\\n"
		"\"site@workspace:.\":\\n  version: 0.0.0-use.local\\n"
		"  resolution: \"site@workspace:.\"\\n  dependencies:\\n"
		"    \"@o/d\": \"npm:^2\"\\n    a: \"npm:^1\"\\n    u: \"npm:^1\"\\n\n"
		"file app/.pnp.cjs 10\n"
		"file app/.yarn/cache/@o-d-npm-2.0.0-0123456789-dddddddddd.zip 10\n"
		"file app/.yarn/cache/a-npm-1.0.0-0123456789-aaaaaaaaaa.zip 10\n"
		"file app/.yarn/cache/r-npm-3.0.0-0123456789-cccccccccc.zip 10\n"
		"file app/.yarn/cache/r-patch-0123456789-bbbbbbbbbb.zip 10\n" MODULE(
			"app/.yarn/unplugged/u-npm-1.0.0-0123456789/node_modules/u", "u",
			"1.0.0", ""),
		.packages =
			"npm/yarn @o/d 2.0.0 "
			"app/.yarn/cache/@o-d-npm-2.0.0-0123456789-dddddddddd.zip root dev\n"
			"npm/yarn a 1.0.0 "
			"app/.yarn/cache/a-npm-1.0.0-0123456789-aaaaaaaaaa.zip root\n"
			"npm/yarn r 3.0.0 "
			"app/.yarn/cache/r-npm-3.0.0-0123456789-cccccccccc.zip\n"
			"npm/yarn r 3.0.0 app/.yarn/cache/r-patch-0123456789-bbbbbbbbbb.zip\n"
			"npm u 1.0.0 "
			"app/.yarn/unplugged/u-npm-1.0.0-0123456789/node_modules/u dev\n");
}

CASE(yarn_lock_without_plug_and_play_owns_no_zip)
{
	expect_packages("layer\n"
			"text app/yarn.lock \"a@npm:1\":\\n  version: 1\\n  resolution: "
			"\"a@npm:1\"\\n  checksum: aaaaaaaaaa\\n\n"
			"file app/.yarn/cache/a-npm-1-0123456789-aaaaaaaaaa.zip 10\n",
			.packages = "");
}

CASE(damaged_records_of_managers_are_named)
{
	expect_packages(
		"layer\n"
		"text a/node_modules/.modules.yaml a: [\\n\n"
		"text b/node_modules/.modules.yaml a: &x 1\\nb: *x\\n\n"
		"text c/node_modules/.modules.yaml "
		"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n"
		"text d/node_modules/.yarn-integrity {\n"
		"text e/bun.lock {\"a\":,}\n"
		"dir e/node_modules\n",
		.packages = "",
		.unreadable = "a/node_modules/.modules.yaml: no valid YAML\n"
			      "b/node_modules/.modules.yaml: has aliases\n"
			      "c/node_modules/.modules.yaml: deeper than imgprof reads\n"
			      "d/node_modules/.yarn-integrity: no valid JSON\n"
			      "e/bun.lock: no valid JSON\n");
}
