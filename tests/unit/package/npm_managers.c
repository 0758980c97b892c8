#include "language_case.h"

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
