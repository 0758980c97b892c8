/* Every built-in rule takes what it is made for, and leaves alone what the guard list names
 * (classification.md sections 3 and 4). A rule or guard without an example here fails a case. */
#include "classify_case.h"

struct example {
	const char *id, *confidence;
	const char *file;   /* falls to the rule, or would but for the guard */
	const char *beside; /* that it takes to match; NULL */
};

static const struct example rules[] = {
	{"DEB-LISTS", "certain", "var/lib/apt/lists/deb.debian.org_main_Packages", NULL},
	{"DEB-DEBS", "certain", "var/cache/apt/archives/gcc_12.deb", NULL},
	{"DEB-PKGBIN", "certain", "var/cache/apt/srcpkgcache.bin", NULL},
	{"DEB-DBG", "certain", "usr/lib/debug/.build-id/ab/c.debug", NULL},
	{"DEB-DOC", "certain", "usr/share/doc/bash/changelog.gz", NULL},
	{"DEB-MAN", "certain", "usr/share/man/man1/ls.1.gz", NULL},
	{"DEB-HELP", "certain", "usr/share/lintian/overrides/x", NULL},
	{"DEB-LOCALE", "likely", "usr/share/locale/de/LC_MESSAGES/bash.mo", NULL},
	{"DEB-OLD", "certain", "var/lib/dpkg/status-old", NULL},
	{"DEB-LOG", "certain", "var/log/apt/history.log", NULL},
	{"APK-CACHE", "certain", "var/cache/apk/APKINDEX.tar.gz", NULL},
	{"RPM-CACHE", "certain", "var/cache/dnf/packages.db", NULL},
	{"RPM-DEBUG", "certain", "usr/src/debug/bash/x.c", NULL},
	{"NPM-TREE", "possible", "code/node_modules/a/index.js", NULL},
	{"NPM-CACHE", "certain", "root/.npm/_cacache/content-v2/x", NULL},
	{"NPM-LOG", "certain", "root/.npm/_logs/debug-0.log", NULL},
	{"YARN-CACHE", "certain", "usr/local/share/.cache/yarn/v6/x", NULL},
	{"NODE-GYP", "certain", "root/.cache/node-gyp/18/include/node.h", NULL},
	{"NODE-INC", "likely", "usr/local/include/node/v8.h", NULL},
	{"NODE-NPM", "possible", "usr/local/lib/node_modules/npm/index.js", NULL},
	{"NM-MAP", "likely", "code/node_modules/a/dist/x.js.map", NULL},
	{"NM-DTS", "likely", "code/node_modules/a/x.d.ts", NULL},
	{"NM-TEST", "likely", "code/node_modules/a/test/x.js", NULL},
	{"NM-MD", "likely", "code/node_modules/a/README.md", NULL},
	{"NM-CACHE", "certain", "code/node_modules/.cache/babel/x.json", NULL},
	{"NM-CI", "likely", "code/node_modules/a/.nycrc", NULL},
	{"PY-PIPC", "certain", "root/.cache/pip/http/x", NULL},
	{"PY-PYC", "possible", "srv/x/__pycache__/m.cpython-311.pyc", "srv/x/m.py"},
	{"PY-TEST", "likely", "usr/lib/python3/dist-packages/a/tests/test_x.py", NULL},
	{"PY-STDTEST", "certain", "usr/lib/python3.11/test/test_os.py", NULL},
	{"PY-STATIC", "certain", "usr/lib/x86_64-linux-gnu/libpython3.11.a", NULL},
	{"PY-INC", "likely", "usr/include/python3.11/Python.h", NULL},
	{"PY-PO", "certain",
	 "usr/lib/python3/dist-packages/django/conf/locale/de/LC_MESSAGES/django.po",
	 NULL},
	{"PY-DEVCACHE", "certain", "code/.mypy_cache/3.11/x.json", NULL},
	{"JAVA-JMODS", "likely", "usr/lib/jvm/java-17/jmods/java.base.jmod", NULL},
	{"GO-BUILD", "certain", "root/.cache/go-build/00/x", NULL},
	{"BR-LOCALE", "likely", "opt/x/chrome-linux/locales/de.pak", NULL},
	{"GEN-GIT", "certain", "code/.git/HEAD", "code/.git/objects/x"},
	{"GEN-GITMETA", "certain", "code/.gitignore", NULL},
	{"GEN-CI", "certain", "code/.github/workflows/x.yml", NULL},
	{"GEN-EDIT", "certain", "code/.vscode/settings.json", NULL},
	{"GEN-DOCKER", "likely", "code/Dockerfile", NULL},
	{"GEN-APPTEST", "likely", "code/tests/test_x.py", NULL},
	{"GEN-APPDOC", "likely", "code/docs/page.md", NULL},
	{"GEN-LINT", "certain", "code/.eslintrc.json", NULL},
	{"GEN-LOG", "certain", "var/log/syslog", NULL},
	{"GEN-TMP", "certain", "tmp/x", NULL},
	{"GEN-XDG", "possible", "root/.cache/thing/x", NULL},
	{"GEN-HIST", "certain", "root/.bash_history", NULL},
	{"GEN-A", "likely", "usr/lib/libz.a", NULL},
	{"GEN-INC", "likely", "usr/include/stdio.h", NULL},
	{"GEN-PC", "likely", "usr/lib/x86_64-linux-gnu/pkgconfig/z.pc", NULL},
	{"GEN-LDAUX", "likely", "var/cache/ldconfig/aux-cache", NULL},
	{"GEN-OSJUNK", "certain", "code/static/.DS_Store", NULL},
};

static const struct example *find_example(const char *id)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (strcmp(rules[i].id, id) == 0)
			return &rules[i];
	return NULL;
}

static struct classified *classify_files(const char *file, const char *beside)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf layers = {0};

	imp_strbuf_printf(&layers, "layer\nfile %s 10\n", file);
	if (beside)
		imp_strbuf_printf(&layers, "file %s 10\n", beside);
	return classify_case(
		&(struct image_case){.layers = layers.data, .workdir = "/code"});
}

static void takes(const char *id)
{
	const struct example *example = find_example(id);

	assert_non_null(example);
	imp_auto_destroy(classified) struct classified *c =
		classify_files(example->file, example->beside);
	const struct imp_finding *finding = finding_at(c, example->file);
	assert_non_null(finding);
	assert_string_equal(finding->rule, id);
	assert_string_equal(imp_confidence_name(finding->confidence),
			    example->confidence);
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

CASE(every_rule_has_an_example)
{
	imp_auto_destroy(imp_rules) struct imp_rules *builtin = NULL;
	struct imp_error err = {0};

	assert_ok(imp_rules_builtin(&builtin, &err), &err);
	for (size_t i = 0; i < imp_rules_count(builtin); i++) {
		struct imp_rule rule = imp_rules_get(builtin, i);
		bool by_path = strcmp(rule.class_name, "keep") != 0 &&
			       !strstr(rule.match, "ledger:") &&
			       !strstr(rule.match, "code:");
		if (by_path && !find_example(rule.id))
			fail_msg("%s: no example", rule.id);
	}
}

CASE(deb_lists)
{
	takes("DEB-LISTS");
}

CASE(deb_debs)
{
	takes("DEB-DEBS");
}

CASE(deb_pkgbin)
{
	takes("DEB-PKGBIN");
}

CASE(deb_dbg)
{
	takes("DEB-DBG");
}

CASE(deb_doc)
{
	takes("DEB-DOC");
}

CASE(deb_man)
{
	takes("DEB-MAN");
}

CASE(deb_help)
{
	takes("DEB-HELP");
}

CASE(deb_locale)
{
	takes("DEB-LOCALE");
}

CASE(deb_old)
{
	takes("DEB-OLD");
}

CASE(deb_log)
{
	takes("DEB-LOG");
}

CASE(apk_cache)
{
	takes("APK-CACHE");
}

CASE(rpm_cache)
{
	takes("RPM-CACHE");
}

CASE(rpm_debug)
{
	takes("RPM-DEBUG");
}

CASE(npm_tree)
{
	takes("NPM-TREE");
}

CASE(npm_cache)
{
	takes("NPM-CACHE");
}

CASE(npm_log)
{
	takes("NPM-LOG");
}

CASE(yarn_cache)
{
	takes("YARN-CACHE");
}

CASE(node_gyp)
{
	takes("NODE-GYP");
}

CASE(node_inc)
{
	takes("NODE-INC");
}

CASE(node_npm)
{
	takes("NODE-NPM");
}

CASE(nm_map)
{
	takes("NM-MAP");
}

CASE(nm_dts)
{
	takes("NM-DTS");
}

CASE(nm_test)
{
	takes("NM-TEST");
}

CASE(nm_md)
{
	takes("NM-MD");
}

CASE(nm_cache)
{
	takes("NM-CACHE");
}

CASE(nm_ci)
{
	takes("NM-CI");
}

CASE(py_pipc)
{
	takes("PY-PIPC");
}

CASE(py_pyc)
{
	takes("PY-PYC");
}

CASE(py_test)
{
	takes("PY-TEST");
}

CASE(py_stdtest)
{
	takes("PY-STDTEST");
}

CASE(py_static)
{
	takes("PY-STATIC");
}

CASE(py_inc)
{
	takes("PY-INC");
}

CASE(py_po)
{
	takes("PY-PO");
}

CASE(py_devcache)
{
	takes("PY-DEVCACHE");
}

CASE(java_jmods)
{
	takes("JAVA-JMODS");
}

CASE(go_build)
{
	takes("GO-BUILD");
}

CASE(br_locale)
{
	takes("BR-LOCALE");
}

CASE(gen_git)
{
	takes("GEN-GIT");
}

CASE(gen_gitmeta)
{
	takes("GEN-GITMETA");
}

CASE(gen_ci)
{
	takes("GEN-CI");
}

CASE(gen_edit)
{
	takes("GEN-EDIT");
}

CASE(gen_docker)
{
	takes("GEN-DOCKER");
}

CASE(gen_apptest)
{
	takes("GEN-APPTEST");
}

CASE(gen_appdoc)
{
	takes("GEN-APPDOC");
}

CASE(gen_lint)
{
	takes("GEN-LINT");
}

CASE(gen_log)
{
	takes("GEN-LOG");
}

CASE(gen_tmp)
{
	takes("GEN-TMP");
}

CASE(gen_xdg)
{
	takes("GEN-XDG");
}

CASE(gen_hist)
{
	takes("GEN-HIST");
}

CASE(gen_a)
{
	takes("GEN-A");
}

CASE(gen_inc)
{
	takes("GEN-INC");
}

CASE(gen_pc)
{
	takes("GEN-PC");
}

CASE(gen_ldaux)
{
	takes("GEN-LDAUX");
}

CASE(gen_osjunk)
{
	takes("GEN-OSJUNK");
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
	keeps("code/.yarn/cache/tests/x.js", "code/.yarn/plugins/tests/x.js");
	keeps("code/.yarn/unplugged/tests/x.js", "code/.yarn/plugins/tests/x.js");
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
	imp_auto_destroy(classified) struct classified *c =
		classify_files(NM "a/lib/test/x.js", NULL);

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
