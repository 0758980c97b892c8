/* What a layer's files tell, kind by kind: read from layers, as everybody gets it. */
#include "layer_case.h"

#include <elf.h>

#include "elf_writer.h"

static struct imp_profile *profile_of(const char *path, struct imp_slice data)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	tar_file_bytes(&tar, path, data);
	tar_end(&tar);
	return layer_profile(imp_strbuf_slice(&tar));
}

static void expect_kind(const char *path, struct imp_slice data,
			enum imp_content_kind kind)
{
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		profile_of(path, data);
	size_t count = kind == IMP_CONTENT_OTHER ? 0 : 1;
	if (imp_profile_fact_count(profile) != count)
		fail_msg("%s: %.*s", path, (int)data.len, data.data);
	if (count)
		assert_int_equal(imp_profile_fact(profile, 0)->kind, kind);
}

/* The imports, with '|' for the NULs. */
static void expect_imports(const char *path, const char *source, const char *imports)
{
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		profile_of(path, imp_slice_of(source));
	imp_auto(imp_strbuf_finish) struct imp_strbuf got = {0};
	if (imp_profile_fact_count(profile) > 0)
		imp_strbuf_add_slice(&got, imp_profile_fact(profile, 0)->imports);
	for (size_t i = 0; i < got.len; i++)
		if (got.data[i] == '\0')
			got.data[i] = '|';
	imp_strbuf_add_text(&got, "");
	assert_string_equal(got.data, imports);
}

CASE(kinds_by_first_bytes)
{
	expect_kind("a", IMP_SLICE("!<arch>\nx"), IMP_CONTENT_AR);
	expect_kind("a", IMP_SLICE("!<thin>\nx"), IMP_CONTENT_AR);
	expect_kind("a", IMP_SLICE("Microsoft C/C++ MSF 7.00\r\n"), IMP_CONTENT_PDB);
	expect_kind("a", IMP_SLICE("BSJB\1\0\1\0"), IMP_CONTENT_PDB);
	expect_kind("a", IMP_SLICE("oncg*21B"), IMP_CONTENT_GCOV);
	expect_kind("a", IMP_SLICE("gcda"), IMP_CONTENT_GCOV);
	expect_kind("a", IMP_SLICE("# x.la - a libtool library file\n"),
		    IMP_CONTENT_LIBTOOL);
	expect_kind("a", IMP_SLICE("-----BEGIN RSA PRIVATE KEY-----\n"),
		    IMP_CONTENT_PRIVATE_KEY);
	expect_kind("a", IMP_SLICE("-----BEGIN CERTIFICATE-----\n"), IMP_CONTENT_OTHER);
	expect_kind("a", IMP_SLICE("Signature: 8a477f597d28d172789f06886806bc55\n"),
		    IMP_CONTENT_CACHEDIR);
	expect_kind("a", IMP_SLICE("\xef\xbb\xbf<?xml version='1.0'?>\r\n<doc>"),
		    IMP_CONTENT_XML_DOC);
	expect_kind("a", IMP_SLICE("<?xml version='1.0'?><docs/>"), IMP_CONTENT_OTHER);
	expect_kind("a.obj", IMP_SLICE("# a 3-D model\nv 0 0 0\n"), IMP_CONTENT_OTHER);
}

CASE(shell_scripts_are_kept)
{
	static const char text[] = "#! /bin/sh -e \nexec \"$@\"\n";
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		profile_of("run", imp_slice_of(text));
	assert_int_equal(imp_profile_fact_count(profile), 1);
	assert_true(
		imp_slice_is(imp_profile_fact(profile, 0)->interpreter, "/bin/sh -e"));
	assert_int_equal(imp_profile_kept_count(profile), 1);
	assert_true(imp_slice_is(imp_profile_kept(profile, 0).content, text));
}

CASE(imports_of_python)
{
	expect_imports("a.py",
		       "x = 'none of these 1'; more_words_than_fit_in_a_step = ['a.b']\n"
		       "more_words_than_fit_in_a_step += y[z: w]; import a  # 'b.c'\n",
		       "=a.b|a|");
	expect_imports("a.py", "import os.path, sys as s\n", "os.path|sys|");
	expect_imports("a.py", "from . import (a as b, # c\n  c)\n", ".|.a|.c|");
	expect_imports("a.py", "from x.y import *\nimport sys; import re\n",
		       "x.y|sys|re|");
	expect_imports("a.py", "try: import json\nexcept E: pass\n", "json|");
	expect_imports("a.py", "# import a\n'''\nimport b\n'''\n\"import c\"\n", "");
	expect_imports("a.py", "x = 'config.urls'\ny = 'a.txt'\nz = '1.2'\n",
		       "=config.urls|");
	expect_imports("a.py", "__import__('a')\nimport_module(\n 'b.c')\n", "a|b.c|");
	expect_imports("a.py", "x = '\\'a.b\\\\' 'c.d'; import e # import f\n",
		       "=c.d|e|");
	expect_imports("a.py", "x = f(a,\n y)\nif x: import a\n", "a|");
	expect_imports("a.py", "yield_from = 1\nx = y if important else 2\n", "");
	expect_imports("bin/x", "#!/usr/bin/env python3\nimport a\n", "a|");
	expect_imports("a.txt", "import a\n", "");
}

CASE(imports_of_javascript)
{
	expect_imports("a.js", "const a = require('a'), b = require.resolve(\"b/c\");\n",
		       "a|b/c|");
	expect_imports("a.mjs", "import x, {y} from './x.js'\nimport 'node:fs'\n",
		       "./x.js|node:fs|");
	expect_imports("a.js", "export * from 'a'; await import(/* b */ `c`)\n", "a|c|");
	expect_imports("a.js",
		       "// require('a')\n/* require('b') */ '\\'require(\"c\")'\n", "");
	expect_imports("a.js", "x = /[/'\"]/.test(y) && require('a')\n", "a|");
	expect_imports("a.js", "x = a / b; y = '/'; require('c')\n", "c|");
	expect_imports("a.js", "`${require('a')} require('b') ${`${x}`}`; require('c')",
		       "a|c|");
	expect_imports("a.js", "x.require('a'); Array.from('b'); required('c')\n", "");
	expect_imports("a.js", "x = {...require('a'), ...require('b').c}\n", "a|b|");
	expect_imports("a.js", "import\n  'a'\nexport * from /* b */ \"c\"", "a|c|");
	expect_imports("a.js", "require /* b */ ('a'); require . resolve('c')", "a|c|");
	expect_imports("a.js", "require('a');require('a');require(b)", "a|");
	expect_imports("a.ts", "import type {T} from 't'\n", "t|");
	expect_imports("a.d.ts", "import {T} from 't'\n", "");
	expect_imports("node_modules/x/a.ts", "import {T} from 't'\n", "");
	expect_imports("bin/x", "#!/usr/bin/env -S node --y\nrequire('a')\n", "a|");
}

CASE(settings_of_a_project)
{
	expect_imports(
		"code/config/settings.py",
		"LANGUAGE_CODE = 'pt-br'\nSTATICFILES_DIRS = [BASE / \"node_modules\"]\n",
		"?node_modules|?language=pt-br|");
	expect_imports(
		"a.py",
		"LANGUAGES = [\n  ('de', _('German')),\n  (\"zh_Hans\", 'hans'),\n]\n"
		"x = 'fr'\n",
		"?language=de|?language=zh_Hans|");
	expect_imports("a.py", "app.config['BABEL_DEFAULT_LOCALE'] = 'fr'\n",
		       "?language=fr|");
	expect_imports("a.py", "  # LANGUAGE_CODE = 'de'\nif LANGUAGE_CODE == 'de': x\n",
		       "");
	expect_imports("a.py", "MY_LANGUAGES = ['de']\nLANGUAGES = 'German'\n", "");
	expect_imports("a.py",
		       "# 'node_modules'\nx = y.node_modules\nz = 'node_modules2'\n", "");
	expect_imports("a.py", "x = '../node_modules/a'", "?node_modules|");
	expect_imports("a.py", "launch(headless = False)\n", "?windows|");
	expect_imports("a.js", "launch({ 'headless': false, x })\n", "?windows|");
	expect_imports("a.js", "// headless: false\nlaunch({headless: true})\n", "");
	expect_imports("a.js", "x = /node_modules/; LANGUAGES = 'de'\n", "");
	expect_imports("usr/lib/python3/dist-packages/x/a.py", "LANGUAGE_CODE = 'de'\n",
		       "");
	expect_imports("a.py", "LANGUAGE_CODE =", "");
	expect_imports("a.py", "LANGUAGES = [('de", "");
}

CASE(more_imports_than_the_limit)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf source = {0};
	for (int i = 0; i < 600; i++)
		imp_strbuf_printf(&source, "require('p%d');\n", i);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		profile_of("a.js", imp_strbuf_slice(&source));
	const struct imp_fact *fact = imp_profile_fact(profile, 0);
	assert_true(fact->imports_cut);
	assert_true(imp_slice_ends(fact->imports, IMP_SLICE("p511\0")));
}

CASE(credentials_and_never_their_values)
{
	static const struct {
		const char *path, *with, *without;
	} table[] = {
		{"root/.docker/config.json", "{\"auths\":{\"x\":{\"auth\": \"SECRET\"}}}",
		 "{\"auths\":{}}"},
		{"root/.npmrc", "//r/:_authToken=SECRET\n", "//r/:_authToken=${T}\n"},
		{"root/.yarnrc.yml", "npmAuthToken: SECRET\n", "nodeLinker: pnp\n"},
		{"root/.pypirc", "password = SECRET\n", "username = u\n"},
		{"etc/pip.conf", "index-url = https://u:SECRET@h/\n",
		 "index-url = https://h:80/\n"},
		{"app/.git/config", "url = https://u:SECRET@h/r\n", "url = git@h:r\n"},
		{"root/.netrc", "machine h login u password SECRET\n", "machine h\n"},
		{"root/.aws/credentials", "aws_secret_access_key = SECRET\n", "[a]\n"},
		{"a/my-service-account.json", "{\"private_key\": \"SECRET\"}", "{}"},
		{"a/NuGet.Config", "<add key=\"ClearTextPassword\" value=\"SECRET\" />",
		 "<configuration/>"},
		{"root/.gem/credentials", "---\n:rubygems_api_key: SECRET\n",
		 "---\n:rubygems_api_key:\n"},
		{"root/.composer/auth.json",
		 "{\"http-basic\":{\"h\":{\"username\":\"u\",\"password\":\"SECRET\"}}}",
		 "{\"http-basic\":{}}"},
		{"app/auth.json", "{\"github-oauth\": {\"github.com\": \"SECRET\"}}",
		 "{\"github-oauth\": {}}"},
		{"app/auth.json", "{\"bearer\": {\"example.org\": \"SECRET\"}}",
		 "{\"bearer\": {}, \"other\": \"text\"}"},
		{"root/.m2/settings.xml", "<server>\n<password>SECRET</password>\n",
		 "<password>${env.P}</password>\n"},
		{"usr/share/maven/conf/settings.xml",
		 "<!-- a --><password>SECRET</password>\n",
		 "<!-- server\n<password>repopwd</password>\n-->\n"},
		{"root/.cargo/credentials.toml", "[registry]\ntoken = \"SECRET\"\n",
		 "[registry]\n"},
		{"root/.azure/service_principal_entries.json",
		 "[{\"client_secret\": \"SECRET\"}]", "[]"},
		{"root/.azure/accessTokens.json", "[{\"refreshToken\": \"SECRET\"}]",
		 "[]"},
		{"root/.git-credentials", "https://u:SECRET@h\n", "https://h\n"},
		{"a/x.tfvars", "db_password = \"SECRET\"\n", "region = \"x\"\n"},
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		expect_kind(table[i].path, imp_slice_of(table[i].with),
			    IMP_CONTENT_CREDENTIALS);
		expect_kind(table[i].path, imp_slice_of(table[i].without),
			    IMP_CONTENT_OTHER);
		imp_auto_destroy(imp_profile) struct imp_profile *profile =
			profile_of(table[i].path, imp_slice_of(table[i].with));
		struct imp_slice bytes = imp_profile_bytes(profile);
		assert_null(memmem(bytes.data, bytes.len, "SECRET", 6));
		assert_int_equal(imp_profile_kept_count(profile), 0);
	}
	expect_imports("app/.env", "# x\nexport A=SECRET\nB='SECRET'\nC=\n", "A|B|");
	expect_imports("app/.env.example", "A=SECRET\n", "");
}

CASE(nothing_is_gathered_when_not_asked)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	struct imp_layer_request request = layer_request();
	struct imp_layer_result result = {0};
	struct imp_error err = {0};
	request.facts = false;
	tar_file(&tar, "etc/passwd", "root");
	tar_file(&tar, "a.py", "import a\n");
	tar_end(&tar);
	assert_ok(layer_read(imp_strbuf_slice(&tar), &request, &result, &err), &err);
	assert_int_equal(imp_profile_kept_count(result.profile), 0);
	assert_int_equal(imp_profile_fact_count(result.profile), 0);
	assert_false(imp_profile_summary(result.profile)->has_facts);
	imp_profile_destroy(result.profile);
}

static void expect_elf_of(const struct elf_plan *plan)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf file = {0};
	elf_write(&file, plan);
	imp_auto_destroy(imp_profile) struct imp_profile *profile =
		profile_of("usr/lib/libx.so", imp_strbuf_slice(&file));
	assert_int_equal(imp_profile_fact_count(profile), 1);
	const struct imp_elf *elf = imp_profile_fact(profile, 0)->elf;
	assert_int_equal(elf->type, IMP_ELF_SHARED);
	assert_int_equal(elf->machine, EM_X86_64);
	assert_int_equal(elf->bits, plan->wide ? 64 : 32);
	assert_false(elf->dynamic_unknown);
	assert_true(imp_slice_is(elf->interpreter, "/lib/ld.so"));
	assert_true(imp_slice_is(elf->soname, "libx.so.1"));
	assert_true(imp_slice_is(elf->runpath, "$ORIGIN/lib"));
	assert_true(imp_slice_equal(elf->needed, IMP_SLICE("libc.so.6\0libm.so.6\0")));
	assert_int_equal(elf->strip_bytes, ELF_DEBUG_BYTES);
	assert_int_equal(elf->fatbin_bytes, ELF_FATBIN_BYTES);
}

static void expect_elf(bool wide, bool big, size_t gap)
{
	struct elf_plan plan = {.wide = wide, .big = big, .gap = gap};
	expect_elf_of(&plan);
}

CASE(elf_of_both_widths_and_orders)
{
	for (int i = 0; i < 4; i++)
		expect_elf(i & 1, i & 2, 0);
}

CASE(elf_with_its_tables_at_the_end)
{
	expect_elf(true, false, MIB(2));
	expect_elf(false, true, MIB(2));
}

/* Programs that let others link to them, such as node: their names pass before it shows
 * where names are. */
CASE(elf_with_its_names_far_in_front)
{
	struct elf_plan plan = {
		.wide = true, .gap = MIB(2), .strings_gap = MIB(3) + 12345};
	expect_elf_of(&plan);
	plan.wide = false;
	plan.big = true;
	expect_elf_of(&plan);
}

/* Where strings are many, the names of sections are held no more when their table comes. */
CASE(elf_with_marks_of_rust_behind_its_segments)
{
	for (size_t behind = 0; behind <= KIB(500); behind += KIB(500)) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf file = {0};
		struct elf_plan plan = {.wide = true,
					.gap = MIB(2),
					.marks = true,
					.more_debug = KIB(200),
					.behind_names = behind};
		elf_write(&file, &plan);
		imp_auto_destroy(imp_profile) struct imp_profile *profile =
			profile_of("usr/bin/x", imp_strbuf_slice(&file));
		const struct imp_elf *elf = imp_profile_fact(profile, 0)->elf;
		assert_true(elf->rust);
		assert_true(imp_slice_equal(elf->rust_deps,
					    imp_slice(ELF_DEPS, sizeof(ELF_DEPS) - 1)));
	}
}

CASE(elf_that_must_not_be_stripped)
{
	static const struct {
		const char *path;
		unsigned type;
		size_t overlay;
	} table[] = {{"a.o", ET_REL, 0},
		     {"core", ET_CORE, 0},
		     {"app", ET_DYN, 100},
		     {"lib/ld-linux-x86-64.so.2", ET_DYN, 0},
		     {"lib/libthread_db.so.1", ET_DYN, 0}};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf file = {0};
		struct elf_plan plan = {.wide = true, .type = table[i].type};
		elf_write(&file, &plan);
		add_noise(&file, table[i].overlay, 1);
		imp_auto_destroy(imp_profile) struct imp_profile *profile =
			profile_of(table[i].path, imp_strbuf_slice(&file));
		assert_int_equal(imp_profile_fact(profile, 0)->elf->strip_bytes, 0);
	}
}

/* Every byte of the file turned, and every length: a profile that loads comes out. */
CASE(elf_that_lies)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf file = {0};
	struct elf_plan plan = {.wide = true};
	elf_write(&file, &plan);
	for (size_t i = 4; i < file.len; i += 3) {
		file.data[i] ^= (char)0xff;
		imp_profile_destroy(profile_of("a", imp_strbuf_slice(&file)));
		file.data[i] ^= (char)0xff;
	}
	for (size_t len = 4; len < file.len; len += 7)
		imp_profile_destroy(profile_of("a", imp_slice(file.data, len)));
}
