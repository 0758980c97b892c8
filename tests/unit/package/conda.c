/* conda-meta: documents as conda writes them, cut to what is read. */
#include "inventory_case.h"

#define INFO "c/lib/python3.11/site-packages/six-1.dist-info"

CASE(files_edges_and_roots)
{
	expect_packages(
		"layer\n"
		"text opt/conda/conda-meta/python-3.11.4-h1_0.json "
		"{\"name\":\"python\",\"version\":\"3.11.4\",\"build\":\"h1_0\",\"subdir\":\"linux-64\","
		"\"depends\":[\"openssl >=3.0,<4.0a0\",\"__glibc >=2.17\"],"
		"\"files\":[\"bin/python3.11\",\"lib/python3.11/os.py\",5,\"gone\"],"
		"\"requested_spec\":\"python=3.11\"}\n"
		"text opt/conda/conda-meta/openssl-3.0-0.json "
		"{\"name\":\"openssl\",\"version\":\"3.0\",\"build\":\"0\",\"depends\":[],"
		"\"files\":[\"lib/libssl.so\"],\"requested_spec\":\"None\"}\n"
		"text opt/conda/conda-meta/history ==>\n"
		"text opt/conda/envs/x/conda-meta/openssl-1.1-0.json "
		"{\"name\":\"openssl\",\"version\":\"1.1\",\"files\":[]}\n"
		"file opt/conda/bin/python3.11 5\n"
		"file opt/conda/lib/python3.11/os.py 5\n"
		"file opt/conda/lib/python3.11/__pycache__/os.cpython-311.pyc 5\n"
		"file opt/conda/lib/libssl.so 5\n"
		"file opt/conda/lib/own.so 5\n",
		.names = "conda openssl 1.1\n"
			 "conda openssl 3.0\n"
			 "conda python 3.11.4 root\n",
		.needs = "python > openssl@3.0\n",
		.owners =
			"opt/conda/bin/python3.11 python\n"
			"opt/conda/conda-meta/openssl-3.0-0.json openssl@3.0\n"
			"opt/conda/conda-meta/python-3.11.4-h1_0.json python\n"
			"opt/conda/envs/x/conda-meta/openssl-1.1-0.json openssl@1.1\n"
			"opt/conda/lib/libssl.so openssl@3.0\n"
			"opt/conda/lib/python3.11/__pycache__/os.cpython-311.pyc python\n"
			"opt/conda/lib/python3.11/os.py python\n");
}

CASE(purl_has_build_and_subdir)
{
	imp_auto(inventory_finish) struct inventory_case c = {0};
	inventory_load(
		&c,
		"layer\ntext c/conda-meta/a.json "
		"{\"name\":\"a\",\"version\":\"1\",\"build\":\"py_0\",\"subdir\":\"noarch\"}\n"
		"text c/conda-meta/b.json "
		"{\"name\":\"b\",\"version\":\"1\",\"build\":\"p#y\"}\n");

	assert_string_equal(inventory_package(&c, IMP_MANAGER_CONDA, "a")->purl,
			    "pkg:conda/a@1?build=py_0&subdir=noarch");
	assert_string_equal(inventory_package(&c, IMP_MANAGER_CONDA, "b")->purl,
			    "pkg:conda/b@1");
}

/* conda's own file and pip's record inside of it: conda's comes first. */
CASE(conda_owns_before_python)
{
	expect_packages(
		"layer\n"
		"text c/conda-meta/six-1-0.json {\"name\":\"six\",\"version\":\"1\",\"files\":"
		"[\"lib/python3.11/site-packages/six.py\"]}\n"
		"text " INFO "/METADATA Name:\\ssix\\n\n"
		"text " INFO "/RECORD six.py,,\\n\n"
		"text " INFO "/INSTALLER conda\n"
		"file c/lib/python3.11/site-packages/six.py 1\n",
		.names = "conda six 1\n"
			 "python/conda six 1\n",
		.owners = "c/conda-meta/six-1-0.json six@1\n" INFO "/INSTALLER " INFO
			  "\n" INFO "/METADATA " INFO "\n" INFO "/RECORD " INFO "\n"
			  "c/lib/python3.11/site-packages/six.py six@1 also " INFO "\n");
}

CASE(damaged_records_are_unreadable)
{
	imp_auto(inventory_finish) struct inventory_case c = {0};
	inventory_load(&c, "layer\n"
			   "text c/conda-meta/a.json {\"name\":\n"
			   "text c/conda-meta/b.json {}\n"
			   "text c/conda-meta/c.json []\n"
			   "text c/conda-meta/d.json {\"name\":\"d\"}\n");

	assert_int_equal(c.packages.unreadable_count, 3);
	assert_int_equal(c.packages.count, 1);
}
