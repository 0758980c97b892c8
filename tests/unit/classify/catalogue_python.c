/* Python: classification.md 3.6. */
#include "catalogue_case.h"

#define SP "usr/lib/python3/dist-packages/"

CASE(py_pipc)
{
	rule("PY-PIPC", "certain", "root/.cache/pip/http/x", .leaves = "root/pip/http/x");
}

CASE(py_uvc)
{
	rule("PY-UVC", "likely", "root/.cache/uv/archive-v0/x", .leaves = "root/uv/x");
}

CASE(py_poetryc)
{
	rule("PY-POETRYC", "certain", "root/.cache/pypoetry/cache/x",
	     .leaves = "root/.cache/pypoetry/virtualenvs/app/x");
}

CASE(py_pyc)
{
	rule("PY-PYC", "possible", "srv/x/__pycache__/m.cpython-311.pyc",
	     .leaves = "srv/x/__pycache__/n.cpython-311.pyc",
	     .beside = "file srv/x/m.py 10\n", .flips = true);
}

CASE(py_test)
{
	rule("PY-TEST", "likely", SP "a/tests/test_x.py", .leaves = SP "a/testing/x.py");
}

/* A suite that what runs imports is code, and the command of the fix spares it. */
CASE(py_test_imported)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = "layer\nfile " SP "a/tests/__init__.py 1\n"
					       "file " SP "a/tests/x.py 1\n"
					       "file " SP "b/tests/x.py 1\n"
					       "file " SP "examples/x.py 1\n"
					       "file " SP "a/docs/x.py 1\n",
				     .given = "imported " SP "a/tests/__init__.py\n"
					      "imported " SP "a/docs/x.py\n"
					      "absent all\n"});
	const struct imp_finding *f = finding_at(c, SP "b/tests/x.py");

	assert_null(finding_at(c, SP "a/tests/x.py"));
	assert_null(finding_at(c, SP "a/docs/x.py"));
	assert_non_null(f);
	assert_non_null(strstr(f->fix_text, " ! -path /" SP "a/tests -prune"));
}

CASE(py_toptest)
{
	rule("PY-TOPTEST", "likely", SP "examples/x.py", .leaves = SP "example/x.py",
	     .owned = SP "examples/x.py", .flips = true);
}

CASE(py_stdtest)
{
	rule("PY-STDTEST", "certain", "usr/lib/python3.11/test/test_os.py",
	     .leaves = "usr/lib/python3.11/os.py");
}

CASE(py_gui)
{
	rule("PY-GUI", "possible", "usr/lib/python3.11/idlelib/x.py",
	     .leaves = "usr/lib/python3.11/x.py");
}

CASE(py_ensure)
{
	rule("PY-ENSURE", "likely",
	     "usr/local/lib/python3.11/ensurepip/_bundled/pip-23.whl",
	     .leaves = "usr/local/lib/python3.11/ensurepip/__init__.py");
}

CASE(py_static)
{
	rule("PY-STATIC", "certain", "usr/lib/x86_64-linux-gnu/libpython3.11.a",
	     .leaves = "usr/lib/x86_64-linux-gnu/libpython3.11.so",
	     .content = "!<arch>\\n");
}

CASE(py_inc)
{
	rule("PY-INC", "likely", "usr/include/python3.11/Python.h",
	     .leaves = "usr/lib/python3.11/x.h");
}

CASE(py_pkginc)
{
	rule("PY-PKGINC", "likely", SP "numpy/core/include/numpy/x.h",
	     .leaves = SP "numpy/core/x.h");
}

CASE(py_cysrc)
{
	rule("PY-CYSRC", "likely", SP "a/_fast.pyx", .leaves = SP "a/other.pyx",
	     .beside = "file " SP "a/_fast.cpython-311-x86_64-linux-gnu.so 10\n",
	     .flips = true);
}

CASE(py_pyi)
{
	rule("PY-PYI", "likely", SP "a/x.pyi", .leaves = SP "skimage/x.pyi");
}

CASE(py_po)
{
	rule("PY-PO", "certain", SP "django/conf/locale/de/LC_MESSAGES/django.po",
	     .leaves = SP "django/conf/locale/de/LC_MESSAGES/django.mo");
}

CASE(py_mo)
{
	rule("PY-MO", "possible", SP "django/conf/locale/de/LC_MESSAGES/django.mo",
	     .leaves = SP "django/conf/locale/fr/LC_MESSAGES/django.mo",
	     .environment = "LANG=fr_FR.UTF-8", .other_environment = "LANG=de_DE.UTF-8");
}

CASE(py_ex)
{
	rule("PY-EX", "possible", SP "awscli/examples/s3/x.rst",
	     .leaves = SP "awscli/data/x");
}

CASE(py_awsdata)
{
	rule("PY-AWSDATA", "possible", SP "botocore/data/s3/2006-03-01/service-2.json",
	     .leaves = SP "botocore/data/endpoints.json");
}

CASE(py_devcache)
{
	rule("PY-DEVCACHE", "certain", "code/.mypy_cache/3.11/x.json",
	     .leaves = "code/mypy_cache/x.json");
}

CASE(py_build)
{
	rule("PY-BUILD", "likely", "code/wheelhouse/a.tar.gz", .leaves = "code/a.tar.gz");
}

CASE(py_build_wheels)
{
	rule("PY-BUILD", "likely", "srv/a-1.0-py3-none-any.whl",
	     .leaves = "usr/share/python-wheels/pip-23-py3-none-any.whl");
}

CASE(py_build_folder)
{
	rule("PY-BUILD", "likely", "code/build/lib/a.py", .leaves = "code/build/a.py",
	     .beside = "file code/setup.py 10\n", .flips = true);
}

CASE(py_edit)
{
	rule("PY-EDIT", "certain", "opt/src/a/.git/HEAD", .leaves = "opt/src/a/x.py",
	     .beside = "file opt/src/a/.git/objects/x 10\nfile opt/src/a/setup.py 10\n",
	     .flips = true);
}

CASE(py_venv2)
{
	rule("PY-VENV2", "likely", "opt/two/lib/python3.11/site-packages/a.py",
	     .leaves = "opt/one/lib/python3.11/site-packages/a.py",
	     .beside =
		     "file opt/one/pyvenv.cfg 10\nfile opt/one/lib/python3.11/site-packages/a-1.dist-info/RECORD 10\nfile opt/one/lib/python3.11/site-packages/b-1.dist-info/RECORD 10\nfile opt/one/lib/python3.11/site-packages/c-1.dist-info/RECORD 10\nfile opt/two/pyvenv.cfg 10\nfile opt/two/lib/python3.11/site-packages/a-1.dist-info/RECORD 10\nfile opt/two/lib/python3.11/site-packages/b-1.dist-info/RECORD 10\nfile opt/two/lib/python3.11/site-packages/c-1.dist-info/RECORD 10\n",
	     .environment = "VIRTUAL_ENV=/opt/one", .flips = true);
}

CASE(py_venv2_in_use)
{
	rule("PY-VENV2", "likely", "opt/two/lib/python3.11/site-packages/a.py",
	     .beside =
		     "file opt/one/pyvenv.cfg 10\nfile opt/one/lib/python3.11/site-packages/a-1.dist-info/RECORD 10\nfile opt/one/lib/python3.11/site-packages/b-1.dist-info/RECORD 10\nfile opt/one/lib/python3.11/site-packages/c-1.dist-info/RECORD 10\nfile opt/two/pyvenv.cfg 10\nfile opt/two/lib/python3.11/site-packages/a-1.dist-info/RECORD 10\nfile opt/two/lib/python3.11/site-packages/b-1.dist-info/RECORD 10\nfile opt/two/lib/python3.11/site-packages/c-1.dist-info/RECORD 10\nfile opt/two/bin/gunicorn 10\n",
	     .environment = "VIRTUAL_ENV=/opt/one",
	     .other_started = "/opt/two/bin/gunicorn app");
}

CASE(py_condapkg)
{
	rule("PY-CONDAPKG", "likely", "opt/conda/pkgs/a-1.0/lib/x",
	     .leaves = "opt/conda/lib/x");
}

/* Of a package that no environment has; the records of those that are installed stay. */
CASE(py_condapkg_takes_the_package_s_records)
{
	rule("PY-CONDAPKG", "likely",
	     "opt/conda/pkgs/a-1.0/lib/python3.11/site-packages/a-1.0.dist-info/RECORD",
	     .leaves = "opt/conda/lib/python3.11/site-packages/b-1.0.dist-info/RECORD",
	     .beside = "file opt/conda/pkgs/a-1.0/info/index.json 10\n");
}

CASE(py_condatar)
{
	rule("PY-CONDATAR", "certain", "opt/conda/pkgs/a-1.0.conda",
	     .leaves = "opt/conda/x.conda");
}

CASE(py_condadev)
{
	rule("PY-CONDADEV", "likely", "opt/conda/include/x.h",
	     .leaves = "opt/conda/lib/x.so",
	     .beside = "file opt/conda/conda-meta/history 10\n", .flips = true);
}

CASE(py_condadev_static)
{
	rule("PY-CONDADEV", "likely", "opt/conda/lib/libz.a",
	     .beside = "file opt/conda/conda-meta/history 10\n", .flips = true);
}

CASE(py_condaself)
{
	rule("PY-CONDASELF", "possible", "opt/conda/lib/x",
	     .leaves = "opt/conda/envs/app/x",
	     .beside = "file opt/conda/condabin/conda 10\n",
	     .started = "/opt/conda/envs/app/bin/python x.py", .flips = true);
}

CASE(py_bokehmap)
{
	rule("PY-BOKEHMAP", "possible", SP "bokeh/x.js", .leaves = SP "bokeh/y.js",
	     .beside = "file " SP "bokeh/x.min.js 10\n", .flips = true);
}

CASE(py_nltk)
{
	rule("PY-NLTK", "possible", "usr/share/nltk_data/corpora/a.zip",
	     .leaves = "usr/share/nltk_data/corpora/b.zip",
	     .beside = "file usr/share/nltk_data/corpora/a/x 10\n", .flips = true);
}

CASE(py_pypp)
{
	rule("PY-PYPP", "possible", "root/.local/share/pyppeteer/local-chromium/1/chrome",
	     .leaves = "root/.local/share/x");
}

CASE(py_pypp_elsewhere)
{
	rule("PY-PYPP", "likely", "root/.local/share/pyppeteer/local-chromium/1/chrome",
	     .beside = "file usr/bin/chromium 10\n",
	     .environment = "CHROME_PATH=/usr/bin/chromium", .flips = true);
}

CASE(py_pwdrv)
{
	rule("PY-PWDRV", "possible", SP "playwright/driver/node",
	     .leaves = SP "playwright/x.py");
}

CASE(py_wdm)
{
	rule("PY-WDM", "likely", "root/.wdm/drivers/chromedriver",
	     .leaves = "root/drivers/chromedriver",
	     .beside = "file usr/bin/chromedriver 10\n", .flips = true);
}
