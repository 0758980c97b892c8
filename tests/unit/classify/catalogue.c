/* Every built-in rule takes what it is made for, and leaves alone what the guard list names
 * (classification.md sections 3 and 4). A rule or guard without an example here fails a case. */
#include "classify_case.h"

#include <stdio.h>
#include <stdlib.h>

#include "rules_priv.h"

/* All of section 3. */
static const char *const catalogue[] = {
	"DEB-LISTS",   "DEB-DEBS",    "DEB-PKGBIN",    "DEB-DBG",
	"DEB-DOC",     "DEB-MAN",     "DEB-HELP",      "DEB-LOCALE",
	"DEB-LOCARCH", "DEB-GCONV",   "DEB-OLD",       "DEB-LOG",
	"DEB-ICON",    "APK-CACHE",   "RPM-CACHE",     "RPM-HIST",
	"RPM-DEBUG",   "RPM-SRC",     "RPM-ENT",       "NPM-TREE",
	"NPM-CACHE",   "NPM-LOG",     "YARN-CACHE",    "YARN-PNPZIP",
	"YARN-BIN",    "BUN-CACHE",   "NODE-GYP",      "NODE-INC",
	"NODE-NPM",    "NM-MAP",      "NM-DTS",        "NM-TSSRC",
	"NM-TEST",     "NM-MD",       "NM-BUILD",      "NM-CSRC",
	"NM-PREBUILD", "NM-CACHE",    "NM-DUPVER",     "NM-CI",
	"NEXT-NFT",    "NEXT-CACHE",  "NEXT-SWC",      "NEXT-BOTH",
	"NUXT-SRC",    "SPA-SRC",     "ANGULAR",       "BUNDLER-CACHE",
	"GATSBY",      "STORY",       "EXPO-ELECTRON", "PRISMA",
	"CYPRESS",     "PUPP",        "PW-ALL",        "PW-BOTH",
	"WEB-MAP",     "STATIC-DUP",  "PY-PIPC",       "PY-UVC",
	"PY-POETRYC",  "PY-PYC",      "PY-TEST",       "PY-TOPTEST",
	"PY-STDTEST",  "PY-GUI",      "PY-ENSURE",     "PY-STATIC",
	"PY-INC",      "PY-PKGINC",   "PY-CYSRC",      "PY-PYI",
	"PY-PO",       "PY-MO",       "PY-EX",         "PY-AWSDATA",
	"PY-DEVCACHE", "PY-BUILD",    "PY-EDIT",       "PY-VENV2",
	"PY-CONDAPKG", "PY-CONDATAR", "PY-CONDADEV",   "PY-CONDASELF",
	"PY-BOKEHMAP", "PY-NLTK",     "PY-PYPP",       "PY-PWDRV",
	"PY-WDM",      "JAVA-JDK",    "JAVA-JMODS",    "JAVA-SRC",
	"JAVA-CTSYM",  "JAVA-M2",     "JAVA-GRADLE",   "JAVA-BUILDTOOL",
	"JAVA-IVY",    "JAVA-SJAR",   "JAVA-TARGET",   "JAVA-DUPJAR",
	"GO-SDK",      "GO-MOD",      "GO-BUILD",      "GO-SRC",
	"GO-TESTDATA", "RS-TOOL",     "RS-REG",        "RS-TARGET",
	"RS-RLIB",     "RB-GEMC",     "RB-USERC",      "RB-GITGEM",
	"RB-OBJ",      "RB-TEST",     "RB-RI",         "RB-ASSET",
	"PHP-CC",      "PHP-BIN",     "PHP-SRC",       "PHP-IZE",
	"PHP-PEAR",    "PHP-VTEST",   "PHP-XDEBUG",    "NET-SDK",
	"NET-NUGET",   "NET-OBJ",     "NET-PDB",       "NET-XML",
	"NET-REF",     "NET-RID",     "NET-GLOBTOOL",  "ML-NVCC",
	"ML-CUINC",    "ML-CUA",      "ML-STUB",       "ML-NSIGHT",
	"ML-CUDUP",    "ML-CPUONLY",  "ML-TORCHINC",   "ML-TORCHTEST",
	"ML-TFINC",    "ML-TRITON",   "ML-A",          "ML-HFDUP",
	"ML-HFCOPY",   "ML-HFC",      "ML-SAMPLE",     "BR-DUP",
	"BR-LOCALE",   "BR-EXTRA",    "GEN-GIT",       "GEN-GITMETA",
	"GEN-CI",      "GEN-EDIT",    "GEN-DOCKER",    "GEN-APPTEST",
	"GEN-APPDOC",  "GEN-LOCK",    "GEN-LINT",      "GEN-LOG",
	"GEN-TMP",     "GEN-XDG",     "GEN-CACHEDIR",  "GEN-HIST",
	"GEN-ARCH",    "GEN-USRSRC",  "GEN-BUILDTREE", "GEN-OBJ",
	"GEN-A",       "GEN-INC",     "GEN-PC",        "GEN-SOLINK",
	"GEN-DEBUG",   "GEN-CORE",    "GEN-DB",        "GEN-MEDIA",
	"GEN-OSJUNK",  "GEN-TZ",      "GEN-TERM",      "GEN-LDAUX"};

/* Those that rest on packages' records or on parts of files, and secrets. */
static const char *const by_record[] = {
	"DEB-SEEDDEV", "DEB-CC",   "DEB-DEVLIB",    "DEB-DOCPKG",   "DEB-ORPHAN",
	"DEB-REC",     "DEB-NPM",  "DEB-NODE",      "DEB-KERN",     "DEB-REPOKIT",
	"DEB-FETCH",   "DEB-GIT",  "DEB-DEBUGTOOL", "DEB-EDIT",     "DEB-FONT",
	"DEB-MESA",    "DEB-PERL", "DEB-PY2ND",     "DEB-DBCLI",    "DEB-OFFICE",
	"APK-VIRT",    "APK-DEV",  "APK-CC",        "APK-STATIC",   "APK-DOC",
	"APK-DBG",     "APK-LANG", "APK-INIT",      "APK-PYC",      "RPM-DOC",
	"RPM-DEVEL",   "RPM-CC",   "RPM-STATIC",    "RPM-LANG",     "RPM-WEAK",
	"RPM-DOCPKG",  "NPM-DEV",  "NPM-EXTRA",     "NPM-TOOLNAME", "PNPM-STORE",
	"PNPM-DEV",    "NM-OSCPU", "PY-DEVTOOL",    "PY-INSTALLER", "PY-SETUPTOOLS",
	"GO-SYM",      "RS-SYM",   "RB-DEVGRP",     "PHP-DEV",      "ML-CTK",
	"ML-FATBIN",   "BR-NONE",  "BR-DRIVER",     "BR-FFMPEG",    "BR-XVFB",
	"GEN-STRIP",   "SEC-SSH",  "SEC-PEM",       "SEC-STORE",    "SEC-CLOUD",
	"SEC-REG",     "SEC-KUBE", "SEC-ENV",       "SEC-TF",       "SEC-GPG",
	"SEC-GIT",     "SEC-CONF", "SEC-DEAD"};

/* All of section 3.16. */
static const char *const fixes[] = {
	"F-APK",        "F-APKDEL",   "F-APT",      "F-ARCH",     "F-AUTORM",
	"F-BASE",       "F-BUN",      "F-BUNDLE",   "F-BUNDLEWO", "F-CARGO",
	"F-CARGOSTRIP", "F-CHROME",   "F-COMPOSER", "F-CONDA",    "F-CONDAPACK",
	"F-CPU",        "F-CUDART",   "F-CUDUP",    "F-DATA",     "F-DEDUPE",
	"F-DL",         "F-DNF",      "F-DOTNET",   "F-DROP",     "F-FONT",
	"F-FOREIGN",    "F-GEMDOC",   "F-GIT",      "F-GO",       "F-GOLD",
	"F-GRADLE",     "F-HEADLESS", "F-HF",       "F-IGNORE",   "F-JLINK",
	"F-KEYRING",    "F-LANGPACK", "F-LOG",      "F-MAP",      "F-MOUNT",
	"F-MVN",        "F-NEXT",     "F-NODOC",    "F-NODOCS",   "F-NOLOC",
	"F-NOPIP",      "F-NOPM",     "F-NOREC",    "F-NPM",      "F-NPMC",
	"F-NPMSPLIT",   "F-NUGET",    "F-ONEPY",    "F-PDB",      "F-PHPIZE",
	"F-PHPSRC",     "F-PIP",      "F-PNPM",     "F-POETRY",   "F-PRUNE",
	"F-PW",         "F-PWSHELL",  "F-PYBASE",   "F-PYC",      "F-PYGROUP",
	"F-PYPP",       "F-PYTEST",   "F-RID",      "F-RTLIB",    "F-SECRET",
	"F-SPLIT",      "F-STAGE",    "F-STRIP",    "F-TMP",      "F-UV",
	"F-WEAK",       "F-YARN"};

static struct classified *classify_files(const char *file, const char *beside)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf layers = {0};

	imp_strbuf_printf(&layers, "layer\nfile %s 10\n", file);
	if (beside)
		imp_strbuf_printf(&layers, "file %s 10\n", beside);
	return classify_case(
		&(struct image_case){.layers = layers.data, .workdir = "/code"});
}

/* FILE is in no finding that counts. */
static void leaves(const char *file)
{
	imp_auto_destroy(classified) struct classified *c = classify_files(file, NULL);
	const struct imp_finding *finding = finding_at(c, file);

	if (finding && finding->confidence != IMP_CONFIDENCE_POSSIBLE)
		fail_msg("%s: %s, %s", file, finding->id,
			 imp_confidence_name(finding->confidence));
}

/* The same place without the name that the guard knows is taken: the guard is what keeps it. */
static void keeps(const char *guarded, const char *unguarded)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_files(unguarded, NULL);
	const struct imp_finding *finding = finding_at(c, unguarded);

	leaves(guarded);
	if (!finding || finding->confidence == IMP_CONFIDENCE_POSSIBLE)
		fail_msg("%s: is not taken either", unguarded);
}

static struct imp_rules *builtin(void)
{
	struct imp_rules *rules = NULL;
	struct imp_error err = {0};

	assert_ok(imp_rules_builtin(&rules, &err), &err);
	return rules;
}

static bool has_rule(const struct imp_rules *rules, const char *id)
{
	for (size_t i = 0; i < imp_rules_count(rules); i++)
		if (strcmp(imp_rules_get(rules, i).id, id) == 0)
			return true;
	return false;
}

CASE(the_catalogue_has_248_rules)
{
	assert_int_equal(sizeof(catalogue) / sizeof(*catalogue) +
				 sizeof(by_record) / sizeof(*by_record),
			 248);
}

CASE(every_rule_of_the_catalogue_is_there)
{
	imp_auto_destroy(imp_rules) struct imp_rules *rules = builtin();

	for (size_t i = 0; i < sizeof(catalogue) / sizeof(*catalogue); i++)
		if (!has_rule(rules, catalogue[i]))
			fail_msg("no rule %s", catalogue[i]);
}

CASE(every_rule_by_record_is_there)
{
	imp_auto_destroy(imp_rules) struct imp_rules *rules = builtin();

	for (size_t i = 0; i < sizeof(by_record) / sizeof(*by_record); i++)
		if (!has_rule(rules, by_record[i]))
			fail_msg("no rule %s", by_record[i]);
}

CASE(every_fix_of_the_catalogue_is_there)
{
	imp_auto_destroy(imp_rules) struct imp_rules *rules = builtin();

	for (size_t i = 0; i < sizeof(fixes) / sizeof(*fixes); i++)
		if (!imp_fix_text(rules, fixes[i]))
			fail_msg("no fix %s", fixes[i]);
}

/* The sources of all cases about the catalogue. */
static char *read_cases(void)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	static const char *const files[] = {
		"catalogue",      "catalogue_builds", "catalogue_generic", "catalogue_ml",
		"catalogue_node", "catalogue_python", "catalogue_system"};

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char path[4096];
		snprintf(path, sizeof(path), "%s/%s.c", CATALOGUE_FOLDER, files[i]);
		FILE *file = fopen(path, "r");
		assert_non_null(file);
		for (int c; (c = getc(file)) != EOF;)
			imp_strbuf_add_char(&text, (char)c);
		fclose(file);
	}
	imp_strbuf_add_char(&text, '\0');
	return imp_strbuf_steal(&text);
}

CASE(every_rule_by_path_has_a_case)
{
	imp_auto_free char *cases = read_cases();

	for (size_t i = 0; i < sizeof(catalogue) / sizeof(*catalogue); i++) {
		char call[64];
		snprintf(call, sizeof(call), "rule(\"%s\"", catalogue[i]);
		bool elsewhere = strcmp(catalogue[i], "BR-DUP") == 0 || /* browsers.c */
				 strcmp(catalogue[i], "NPM-TREE") == 0 ||
				 strcmp(catalogue[i], "NM-DUPVER") == 0 ||
				 strcmp(catalogue[i], "NEXT-NFT") == 0 ||
				 strcmp(catalogue[i], "GO-SRC") == 0 ||
				 strcmp(catalogue[i], "RPM-ENT") == 0; /* a secret */
		if (!elsewhere && !strstr(cases, call))
			fail_msg("no case with %s", call);
	}
}

/* A term is unreachable when another of its rule takes all that it takes, at the same or a higher
 * confidence, or when no pattern of it stands in the tables. */
CASE(no_term_is_written_twice)
{
	imp_auto_destroy(imp_rules) struct imp_rules *rules = builtin();

	for (size_t i = 0; i < rules->term_count; i++)
		for (size_t j = 0; j < i; j++) {
			const struct imp_term *a = &rules->terms[i],
					      *b = &rules->terms[j];
			bool same =
				strcmp(a->text, b->text) == 0 && !a->except &&
				!b->except && !a->package && !b->package &&
				!a->condition_count && !b->condition_count &&
				rules->rows[a->row].guard == rules->rows[b->row].guard;
			if (same)
				fail_msg("%s: in %s and %s", a->text,
					 rules->rows[a->row].text.id,
					 rules->rows[b->row].text.id);
		}
}

CASE(every_term_has_a_pattern_in_the_tables)
{
	imp_auto_destroy(imp_rules) struct imp_rules *rules = builtin();
	imp_auto_free bool *seen = imp_xcalloc(rules->term_count + 1, sizeof(*seen));

	for (size_t i = 1; i < rules->steps.accept_count; i++)
		seen[rules->steps.accepts[i].term] = true;
	for (size_t i = 0; i < rules->term_count; i++)
		if (!seen[i] && !rules->terms[i].finder && !rules->terms[i].package &&
		    !rules->terms[i].part)
			fail_msg("%s: unreachable", rules->terms[i].text);
}

#define SP "usr/lib/python3/dist-packages/"
#define NM "code/node_modules/"

CASE(keep_yaml_doc)
{
	keeps(NM "yaml/dist/doc/x.d.ts", NM "yams/dist/doc/x.d.ts");
}

CASE(keep_lighthouse_assets)
{
	keeps(NM "lighthouse/flow-report/assets/x.css.map",
	      NM "lightboat/flow-report/assets/x.css.map");
}

CASE(keep_googleapis_docs)
{
	keeps(NM "googleapis/build/src/apis/docs/v1.d.ts",
	      NM "googleapis/build/src/apis/mail/v1.d.ts");
}

CASE(keep_googleapis_testing)
{
	keeps(NM "googleapis/build/src/apis/testing/v1.d.ts",
	      NM "googleapis/build/src/apis/mail/v1.d.ts");
}

CASE(keep_typescript_library)
{
	keeps(NM "typescript/lib/lib.es2020.d.ts", NM "typescript/lib/tsserver.d.ts");
}

CASE(keep_next_images)
{
	keeps(NM "next/dist/client/images/x.js.map",
	      NM "nest/dist/client/images/x.js.map");
}

CASE(keep_next_server)
{
	keeps("code/.next/server/tests/x.js", "code/.nest/server/tests/x.js");
}

CASE(keep_nuxt_dist)
{
	keeps("code/.nuxt/dist/tests/x.js", "code/.next/dist/tests/x.js");
}

CASE(keep_numpy_testing)
{
	keeps(SP "numpy/testing/tests/x.py", SP "numpy/lib/tests/x.py");
}

CASE(keep_torch_testing)
{
	keeps(SP "torch/testing/tests/x.py", SP "torch/lib/tests/x.py");
}

CASE(keep_sympy_testing)
{
	keeps(SP "sympy/testing/tests/x.py", SP "sympy/core/tests/x.py");
}

CASE(keep_networkx_testing)
{
	keeps(SP "networkx/testing/tests/x.py", SP "networkx/classes/tests/x.py");
}

CASE(keep_sqlalchemy_testing)
{
	keeps(SP "sqlalchemy/testing/test/x.py", SP "sqlalchemy/orm/test/x.py");
}

CASE(keep_pandas_testing)
{
	keeps(SP "pandas/_testing/tests/x.py", SP "pandas/tests/x.py");
}

CASE(keep_numpy_multiarray_tests)
{
	leaves(SP "numpy/core/_multiarray_tests.cpython-311-x86_64-linux-gnu.so");
}

CASE(keep_h5py_tests)
{
	keeps(SP "h5py/tests/x.py", SP "h6py/tests/x.py");
}

/* tables/__init__.py imports them. */
CASE(keep_tables_tests)
{
	keeps(SP "tables/tests/x.py", SP "tablet/tests/x.py");
}

CASE(keep_numpy_natype)
{
	keeps(SP "numpy/_core/tests/_natype.py", SP "numpy/_core/tests/test_x.py");
}

CASE(keep_networkx_tests)
{
	keeps(SP "networkx/tests/x.py", SP "networks/tests/x.py");
}

CASE(keep_django_test)
{
	keeps(SP "django/test/client.py", SP "flask/test/client.py");
}

CASE(keep_jinja2_tests)
{
	leaves(SP "jinja2/tests.py");
}

CASE(keep_twisted_proto_helpers)
{
	keeps(SP "twisted/test/proto_helpers.py", SP "twisted/test/test_x.py");
}

CASE(keep_faker_providers)
{
	keeps(SP "faker/providers/test/x.py", SP "faker/factories/test/x.py");
}

CASE(keep_dist_info)
{
	keeps(SP "a-1.0.dist-info/locale/x.po", SP "a/locale/x.po");
	leaves(SP "a-1.0.dist-info/tests/x.py");
}

CASE(keep_egg_info)
{
	keeps(SP "a-1.0.egg-info/locale/x.po", SP "a/locale/x.po");
}

CASE(keep_pth_and_what_they_import)
{
	leaves(SP "distutils-precedence.pth");
	keeps(SP "_distutils_hack/tests/x.py", SP "distutils_hack/tests/x.py");
}

CASE(keep_pyc_without_source)
{
	leaves(SP "a/__pycache__/m.cpython-311.pyc");
	leaves(SP "a/m.pyc");
}

CASE(keep_yarn_pnp)
{
	leaves("code/.pnp.cjs");
	keeps("code/.yarn/unplugged/tests/x.js", "code/.yarn/plugins/tests/x.js");
}

CASE(keep_yarn_cache_beside_pnp)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_files("code/.yarn/cache/a-npm-1.zip", "code/.pnp.cjs");
	assert_null(finding_at(c, "code/.yarn/cache/a-npm-1.zip"));
}

CASE(keep_pyc_and_sources_of_bun)
{
	leaves(NM "a/src/x.ts");
	leaves("code/src/x.ts");
}

CASE(keep_names_of_products)
{
	leaves("code/dist/x.js");
	leaves("code/cache/x.js");
	leaves("code/vendor/x.js");
	leaves("code/static/x.min.js");
	leaves("code/examples/x.js");
}

CASE(keep_readmes_as_content)
{
	leaves("code/content/page.md");
}

CASE(sanitizers_are_not_kept)
{
	keeps("tmp/libgcc_s.so.1", "tmp/libasan.so.8");
	keeps("tmp/libgomp.so.1", "tmp/libtsan.so.2");
}

CASE(keep_bootsnap)
{
	keeps("code/tmp/cache/bootsnap/tests/x.rb", "code/tmp/cache/assets/tests/x.rb");
}

CASE(keep_staticfiles)
{
	keeps("code/staticfiles/tests/x.js", "code/static/tests/x.js");
}

CASE(keep_fontconfig_cache)
{
	leaves("var/cache/fontconfig/x.cache-7");
}

CASE(keep_runtime_libraries_of_compilers)
{
	leaves("usr/lib/x86_64-linux-gnu/libLLVM-15.so.1");
	leaves("usr/lib/x86_64-linux-gnu/libgcc_s.so.1");
	keeps("tmp/libgomp.so.1", "tmp/libgompx");
	keeps("tmp/libquadmath.so.0", "tmp/libquad.so.0");
}

CASE(keep_certificates_and_zones)
{
	leaves("usr/share/ca-certificates/mozilla/x.crt");
	leaves("etc/ssl/certs/ca-certificates.crt");
	leaves("usr/share/zoneinfo/Europe/Berlin");
	leaves("usr/lib/locale/C.utf8/LC_CTYPE");
	leaves("etc/ld.so.cache");
	leaves("usr/sbin/ldconfig");
	keeps("etc/ssl/x.orig", "etc/x.orig");
}

CASE(keep_copyright)
{
	keeps("usr/share/doc/bash/copyright", "usr/share/doc/bash/changelog");
}

CASE(keep_licences)
{
	keeps("usr/share/doc/bash/LICENSE.gz", "usr/share/doc/bash/NEWS.gz");
	keeps(NM "a/LICENSE.md", NM "a/SECURITY.md");
	keeps(NM "a/NOTICE.md", NM "a/SECURITY.md");
	keeps(NM "a/license.md", NM "a/readme.md");
	keeps("code/docs/COPYING", "code/docs/page");
}

CASE(keep_botocore_data)
{
	keeps(SP "botocore/data/tests/x.py", SP "botocore/docs/tests/x.py");
}

/* The copy that most packages find stays. */
CASE(nm_dupver)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers = "layer\nfile " NM "a/x.bin 6000000\nfile " NM
			  "b/node_modules/a/x.bin 5500000\nfile " NM "b/y 1\n",
		.given =
			"present A-NODE runs\n"
			"package npm a 2.0 home=code/node_modules/a\nowns "
			"code/node_modules/a\n"
			"package npm a 1.0 home=code/node_modules/b/node_modules/a\nowns "
			"code/node_modules/b/node_modules/a\n"});

	assert_null(finding_at(c, NM "a/x.bin"));
	assert_string_equal(finding_at(c, NM "b/node_modules/a/x.bin")->rule,
			    "NM-DUPVER");
	assert_int_equal(finding_at(c, NM "b/node_modules/a/x.bin")->confidence,
			 IMP_CONFIDENCE_POSSIBLE);
}

CASE(no_guard_saves_a_file_from_a_whole_tree)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_files("code/.git/LICENSE", "code/.git/HEAD");
	assert_null(finding_at(c, "code/.git/LICENSE")); /* no objects: not a history */
	imp_auto_destroy(classified) struct classified *git = classify_case(
		&(struct image_case){.layers = "layer\nfile code/.git/LICENSE 1\nfile "
					       "code/.git/HEAD 1\nfile "
					       "code/.git/objects/x 1\n"});
	assert_string_equal(finding_at(git, "code/.git/LICENSE")->rule, "GEN-GIT");
}

CASE(locks_of_apt_stay)
{
	leaves("var/lib/apt/lists/lock");
	leaves("var/lib/apt/lists/partial/x");
	leaves("var/cache/apt/archives/lock");
}

CASE(names_of_runtime_folders_stay)
{
	leaves(NM "a/docs/x.js");
	leaves(NM "a/assets/x.js");
	leaves(NM "a/images/x.png");
	leaves(SP "a/testing/x.py");
	leaves(SP "a/docs/x.py");
}

CASE(a_package_named_test_stays)
{
	leaves(NM "test/index.js");
	leaves(NM "@playwright/test/index.js");
	leaves(NM "a/node_modules/test/index.js");
}

CASE(data_sets_are_no_tests)
{
	leaves("code/data/test/0001.png");
	leaves("code/app/features/model.py");
}

CASE(deeper_test_folders_are_only_possible)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = "layer\nfile " NM "a/lib/test/x.js 1\n",
				     .given = "present A-NODE node runs\n"});

	assert_string_equal(finding_at(c, NM "a/lib/test/x.js")->id,
			    "NM-TEST:code/node_modules@possible");
}

CASE(system_folders_are_no_projects)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = "layer\nfile usr/lib/tests/x.py 1\n"
					       "file usr/lib/a 1\n",
				     .workdir = "/usr/lib"});

	assert_null(finding_at(c, "usr/lib/tests/x.py"));
}

CASE(a_python_package_named_cmake_stays)
{
	leaves("usr/local/lib/python3.11/site-packages/cmake/data/bin/cmake");
}

CASE(models_in_a_cache_are_only_possible)
{
	leaves("root/.cache/huggingface/hub/model.bin");
	leaves("root/.cache/ms-playwright/chromium-1/chrome");
}
