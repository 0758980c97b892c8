/* Python's installed distributions: what they are called, own and need. */
#include "inventory_case.h"

#define SP "venv/lib/python3.11/site-packages/"

CASE(record_says_who_owns_what)
{
	expect_packages(
		"layer\n"
		"symlink venv/lib64 -> lib\n"
		"text " SP
		"Zope_X-1.0.dist-info/METADATA Name:\\sZope.X\\nVersion:\\s1.0\\n\n"
		"text " SP "Zope_X-1.0.dist-info/RECORD "
		"zope/x.py,sha256=a,3\\n"
		"\"zope/a,\"\"b.py\",,\\x0d\\n"
		"zope/sub/y.py,,\\n"
		"zope/__pycache__/x.cpython-311.pyc,,\\n"
		"../../../bin/zopex,,\\n"
		"../../../lib64/python3.11/site-packages/z64.py,,\\n"
		"../../../../../../../../../etc/up,,\\n"
		"/opt/absolute,,\\n"
		"missing.py,,\\n"
		"Zope_X-1.0.dist-info/METADATA,,\\n\n"
		"file " SP "Zope_X-1.0.dist-info/entry_points.txt 3\n"
		"file " SP "zope/x.py 3\n"
		"file " SP "zope/a,\"b.py 4\n"
		"file " SP "zope/sub/y.py 3\n"
		"file " SP "zope/sub/__pycache__/y.cpython-311.opt-1.pyc 3\n"
		"file " SP "zope/other.py 3\n"
		"file " SP "z64.py 3\n"
		"file venv/bin/zopex 3\n"
		"file venv/bin/python 3\n"
		"file etc/up 3\n"
		"file opt/absolute 3\n",
		.names = "python zope-x 1.0\n",
		.owners = "etc/up zope-x\n"
			  "opt/absolute zope-x\n"
			  "venv/bin/zopex zope-x\n" SP
			  "Zope_X-1.0.dist-info/METADATA zope-x\n" SP
			  "Zope_X-1.0.dist-info/RECORD zope-x\n" SP
			  "Zope_X-1.0.dist-info/entry_points.txt zope-x\n" SP
			  "z64.py zope-x\n" SP "zope/a,\"b.py zope-x\n" SP
			  "zope/sub/__pycache__/y.cpython-311.opt-1.pyc zope-x\n" SP
			  "zope/sub/y.py zope-x\n" SP "zope/x.py zope-x\n");
}

CASE(purls_and_tools)
{
	imp_auto(inventory_finish) struct inventory_case c = {0};
	inventory_load(
		&c,
		"layer\n"
		"text " SP
		"a-1.dist-info/METADATA Name:\\sZope.In_terface\\nVersion:\\s1+cpu\\n\n"
		"text " SP "a-1.dist-info/INSTALLER uv\n"
		"text " SP "b-1.dist-info/METADATA Name:\\sb\\n\n"
		"text " SP "b-1.dist-info/INSTALLER \\x1b[31mevil\n");
	const struct imp_package *a =
		inventory_package(&c, IMP_MANAGER_PYTHON, "zope-in-terface");

	assert_string_equal(a->purl, "pkg:pypi/zope.in-terface@1%2Bcpu");
	assert_string_equal(a->tool, "uv");
	const struct imp_package *b = inventory_package(&c, IMP_MANAGER_PYTHON, "b");
	assert_string_equal(b->tool, "");
	assert_true(imp_slice_is(b->version, "1"));
	assert_int_equal(a->home, imp_tree_find(c.tree, IMP_SLICE(SP "a-1.dist-info")));
	assert_int_equal(a->group, b->group);
}

CASE(without_record_the_named_modules)
{
	expect_packages(
		"layer\n"
		"text " SP "one-1.egg-info/PKG-INFO Name:\\sone\\nVersion:\\s1\\n\n"
		"text " SP "one-1.egg-info/top_level.txt alpha\\nbeta\\n../x\\n\n"
		"text " SP "two_x-2-py3.11.egg-info Name:\\stwo-x\\nVersion:\\s2\\n\n"
		"text " SP "three-3.egg-info/PKG-INFO Name:\\sthree\\nVersion:\\s3\\n\n"
		"text " SP
		"three-3.egg-info/installed-files.txt ../alpha/stolen.py\\nPKG-INFO\\n\n"
		"file " SP "alpha/a.py 1\n"
		"file " SP "alpha/stolen.py 1\n"
		"file " SP "alpha/deep/b.so 1\n"
		"file " SP "beta.py 1\n"
		"file " SP "two_x/c.py 1\n"
		"file " SP "two_x_not/c.py 1\n",
		.names = "python one 1\n"
			 "python three 3\n"
			 "python two-x 2\n",
		.owners = SP
		"alpha/a.py one\n" SP "alpha/deep/b.so one\n" SP
		"alpha/stolen.py three also one\n" SP "beta.py one\n" SP
		"one-1.egg-info/PKG-INFO one\n" SP "one-1.egg-info/top_level.txt one\n" SP
		"three-3.egg-info/PKG-INFO three\n" SP
		"three-3.egg-info/installed-files.txt three\n" SP "two_x/c.py two-x\n" SP
		"two_x-2-py3.11.egg-info two-x\n");
}

CASE(vendored_and_build_leftovers_are_no_packages)
{
	expect_packages(
		"layer\n"
		"text " SP "setuptools/_vendor/wheel-1.dist-info/METADATA Name:\\sw\\n\n"
		"text app/src/mine.egg-info/PKG-INFO Name:\\smine\\n\n"
		"text app/deps/six-1.16.0.dist-info/METADATA Name:\\ssix\\nVersion:\\s1.16.0\\n\n"
		"text app/deps/six-1.16.0.dist-info/x-1.dist-info/METADATA Name:\\sx\\n\n"
		"text METADATA Name:\\sroot\\n\n",
		.names = "python six 1.16.0\n");
}

CASE(requested_and_editable_are_roots)
{
	expect_packages("layer\n"
			"text " SP "a-1.dist-info/METADATA Name:\\sa\\nVersion:\\s1\\n\n"
			"text " SP "a-1.dist-info/REQUESTED \n"
			"text " SP "b-1.dist-info/METADATA Name:\\sb\\nVersion:\\s1\\n\n"
			"text " SP "b-1.dist-info/direct_url.json "
			"{\"url\":\"file:///app\",\"dir_info\":{\"editable\":true}}\n"
			"text " SP "c-1.dist-info/METADATA Name:\\sc\\nVersion:\\s1\\n\n"
			"text " SP "c-1.dist-info/direct_url.json {\"url\":\n"
			"text opt/e/lib/python3.11/site-packages/d-1.dist-info/METADATA "
			"Name:\\sd\\nVersion:\\s1\\n\n",
			.names = "python a 1 root\n"
				 "python b 1 root\n"
				 "python c 1\n"
				 "python d 1\n",
			.unreadable = SP "c-1.dist-info/direct_url.json: "
					 "no JSON within limits\n");
}

/* A system's site-packages that pip of old filled, and a venv with REQUESTED. */
CASE(each_environment_knows_its_own_roots)
{
	imp_auto(inventory_finish) struct inventory_case c = {0};
	inventory_load(
		&c,
		"layer\n"
		"text usr/local/lib/python3.11/site-packages/old-1.dist-info/METADATA "
		"Name:\\sold\\nVersion:\\s1\\n\n"
		"text opt/venv/lib/python3.11/site-packages/a-1.dist-info/METADATA "
		"Name:\\sa\\nVersion:\\s1\\n\n"
		"text opt/venv/lib/python3.11/site-packages/a-1.dist-info/REQUESTED \n"
		"text opt/venv/lib/python3.11/site-packages/b-1.dist-info/METADATA "
		"Name:\\sb\\nVersion:\\s1\\n\n");
	bool orphan[3];

	imp_sweep_orphans(&c.packages, IMP_MANAGER_PYTHON, NULL, orphan);
	assert_false(orphan[0]);
	assert_true(orphan[1]);
	assert_false(orphan[2]);
	assert_false(c.packages.list[2].flags & IMP_PACKAGE_ROOT);
}

CASE(debians_packages_are_never_roots)
{
	expect_packages(
		"layer\n"
		"text usr/lib/python3/dist-packages/six-1.dist-info/METADATA "
		"Name:\\ssix\\nVersion:\\s1\\n\n"
		"text usr/local/lib/python3.11/dist-packages/a-1.dist-info/METADATA "
		"Name:\\sa\\nVersion:\\s1\\nRequires-Dist:\\ssix\\n\n"
		"text usr/local/lib/python3.11/dist-packages/a-1.dist-info/REQUESTED \n"
		"text usr/local/lib/python3.11/dist-packages/a-1.dist-info/INSTALLER pip\\n\n",
		.names = "python/pip a 1 root\n"
			 "python/debian six 1\n",
		.needs = "a > six\n");
}

#define DIST(name, more) \
	"text " SP name "-1.dist-info/METADATA Name:\\s" name "\\nVersion:\\s1\\n" more \
	"\n"

CASE(requirements_become_edges)
{
	expect_packages(
		"layer\n" DIST("app", "Requires-Dist:\\sKombu[Redis]>=5\\n"
				      "Requires-Dist:\\sold;python_version<'3.8'\\n"
				      "Requires-Dist:\\scolor;sys_platform=='win32'\\n"
				      "Requires-Dist:\\smissing\\n"
				      "Requires-Dist:\\stest;extra=='test'\\n"
				      "\\nRequires-Dist:\\sbody\\n")
			DIST("kombu", "Requires-Dist:\\sredis;extra==\"redis\"\\n"
				      "Requires-Dist:\\sboto;extra==\"sqs\"\\n"
				      "Requires-Dist:\\skombu[redis];extra==\"all\"\\n")
				DIST("redis", "") DIST("old", "") DIST("color", "") DIST(
					"boto", "")
					DIST("body",
					     "") "text " SP "app-1.dist-info/REQUESTED \n"
						 "text other/lib/python3.11/site-packages/redis-1.dist-info/METADATA "
						 "Name:\\sredis\\nVersion:\\s1\\n\n",
		.needs = "app > kombu\n"
			 "kombu > venv/lib/python3.11/site-packages/redis-1.dist-info\n");
}

/* Nobody records `pip install celery[redis]`: what is there in full may have been asked for. */
CASE(extras_of_roots_that_are_complete_are_suggested)
{
	expect_packages(
		"layer\n" DIST("celery", "Requires-Dist:\\skombu\\n"
					 "Requires-Dist:\\skombu[redis];extra=='redis'\\n"
					 "Requires-Dist:\\skombu[sqs];extra=='sqs'\\n"
					 "Requires-Dist:\\sx;extra=='two'\\n"
					 "Requires-Dist:\\sabsent;extra=='two'\\n")
			DIST("kombu", "Requires-Dist:\\sredis;extra=='redis'\\n"
				      "Requires-Dist:\\sboto;extra=='sqs'\\n"
				      "Requires-Dist:\\sx;extra=='x'\\n")
				DIST("redis", "")
					DIST("x", "") "text " SP
						      "celery-1.dist-info/REQUESTED \n",
		.needs = "celery > kombu\n"
			 "celery > kombu suggests\n"
			 "kombu > redis suggests\n");
}

CASE(requires_txt_has_sections)
{
	expect_packages(
		"layer\n"
		"text " SP "a-1.egg-info/PKG-INFO Name:\\sa\\nVersion:\\s1\\n\n"
		"text " SP "a-1.egg-info/requires.txt "
		"b>=1\\n\\n[:python_version<\"3\"]\\nc\\n\\n[x:os_name=='posix']\\nd\\n\n" DIST(
			"b", "") DIST("c", "") DIST("d", "")
			DIST("e", "Requires-Dist:\\sa[x]\\n"),
		.needs = "a > b\n"
			 "a > d\n"
			 "e > a\n");
}

CASE(cut_records_are_said_so)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	imp_strbuf_add_text(&text,
			    "layer\n" DIST("a", "") "file " SP
						    "a-1.dist-info/RECORD 20000000\n"
						    "file " SP "a/x.py 2\n");
	imp_auto(inventory_finish) struct inventory_case c = {0};
	inventory_load(&c, text.data);

	assert_int_equal(c.packages.unreadable_count, 1);
	assert_true(
		imp_slice_is(c.packages.unreadable[0].path, SP "a-1.dist-info/RECORD"));
	/* What is named as the distribution is still its own. */
	uint32_t file =
		imp_tree_file_at(c.tree, imp_tree_find(c.tree, IMP_SLICE(SP "a/x.py")));
	assert_int_equal(c.packages.owner_of[file], 0);
}
