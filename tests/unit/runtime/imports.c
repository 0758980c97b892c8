/* Import graphs, judged by whole packages: classification.md 5.3. */
#include "world.h"

#include "case.h"

#define SP "usr/lib/python3/dist-packages/"
#define PYTHON "file usr/bin/python3 1\n# elf usr/bin/python3\n"
#define NODE "file usr/bin/node 1\n# elf usr/bin/node\n"

#define read_world(world, text, ...) \
	world_read((world), (text), &(struct world_config){__VA_ARGS__})

static void expect_reason(const struct world *world, const char *package,
			  const char *reason)
{
	uint32_t i = world_package(world, package);
	const char *got = world->runtime.package_reason[i];

	assert_int_equal(world->runtime.package_reached[i], reason != NULL);
	if (reason)
		assert_string_equal(got, reason);
	else
		assert_null(got);
}

CASE(project_settings_and_dependencies)
{
	struct world world;

	read_world(
		&world,
		PYTHON
		"text usr/bin/gunicorn #!/usr/bin/python3\\n\n"
		"# imports usr/bin/gunicorn gunicorn.app.wsgiapp\n"
		"text " SP "gunicorn/app/wsgiapp.py x\ntext " SP
		"gunicorn/__init__.py x\n"
		"text " SP "gunicorn/app/__init__.py x\n"
		"text code/config/wsgi.py x\n"
		"# imports code/config/wsgi.py os django.core =config.settings\n"
		"text code/config/settings.py x\n"
		"# imports code/config/settings.py =storages.backend\n"
		"text code/tests/test_x.py x\n# imports code/tests/test_x.py faker\n"
		"text " SP "django/core/__init__.py x\ntext " SP "django/__init__.py x\n"
		"# imports " SP "django/core/__init__.py asgiref pytest pip.freeze .own\n"
		"text " SP "django/core/tests/t.py x\n"
		"# imports " SP "django/core/tests/t.py selenium\n"
		"text " SP "asgiref/__init__.py x\ntext " SP "storages/backend.py x\n"
		"text " SP "faker/__init__.py x\ntext " SP "selenium/__init__.py x\n"
		"text " SP "pytest/__init__.py x\ntext " SP "pip/__init__.py x\ntext " SP
		"sqlparse.py x\n"
		"# package python asgiref owns=" SP "asgiref/__init__.py\n"
		"# package python django owns=" SP "django/core/__init__.py," SP
		"django/__init__.py," SP "django/core/tests/t.py needs=sqlparse\n"
		"# package python faker owns=" SP "faker/__init__.py\n"
		"# package python gunicorn owns=" SP "gunicorn/app/wsgiapp.py," SP
		"gunicorn/__init__.py\n"
		"# package python pip owns=" SP "pip/__init__.py\n"
		"# package python pytest owns=" SP "pytest/__init__.py\n"
		"# package python selenium owns=" SP "selenium/__init__.py\n"
		"# package python sqlparse owns=" SP "sqlparse.py\n"
		"# package python storages owns=" SP "storages/backend.py\n",
		.command = "gunicorn --bind :80 config.wsgi", .workdir = "/code");
	expect_reason(&world, "gunicorn", "imported by /usr/bin/gunicorn");
	expect_reason(&world, "django", "imported by /code/config/wsgi.py");
	expect_reason(&world, "storages", "imported by /code/config/settings.py");
	expect_reason(&world, "sqlparse", "needed by django");
	expect_reason(&world, "asgiref", "imported by /" SP "django/core/__init__.py");
	expect_reason(&world, "faker", NULL);
	expect_reason(&world, "selenium", NULL);
	expect_reason(&world, "pytest", NULL);
	expect_reason(&world, "pip", NULL);
	world_finish(&world);
}

/* The installer of esbuild makes its program a link to that of the package for the system. */
CASE(a_program_that_two_packages_share)
{
	struct world world;

	read_world(
		&world,
		"file a/node_modules/esbuild/bin/esbuild 1\n"
		"# elf a/node_modules/esbuild/bin/esbuild\n"
		"dir a/node_modules/other/\n"
		"# package npm @esbuild/linux-x64 owns=a/node_modules/esbuild/bin/esbuild\n"
		"# package npm esbuild home=a/node_modules/esbuild\n"
		"# package npm other home=a/node_modules/other\n",
		.command = "/a/node_modules/esbuild/bin/esbuild");
	expect_reason(&world, "@esbuild/linux-x64", "run by CMD");
	expect_reason(&world, "esbuild", "run by CMD");
	expect_reason(&world, "other", NULL);
	world_finish(&world);
}

CASE(python_modules_and_debians_packages)
{
	struct world world;

	read_world(
		&world,
		PYTHON
		"text srv/app/main.py x\n# imports srv/app/main.py numpy .sibling redis\n"
		"text srv/app/sibling.py x\n# imports srv/app/sibling.py PIL\n"
		"text " SP "numpy/__init__.py x\ntext " SP "PIL/__init__.py x\n"
		"file " SP "redis.cpython-311-x86_64-linux-gnu.so 1\n"
		"text usr/share/x.py x\n"
		"# package dpkg python3-numpy owns=" SP
		"numpy/__init__.py needs=libblas\n"
		"# package dpkg python3-pil owns=" SP "PIL/__init__.py\n"
		"# package dpkg python3-redis owns=" SP
		"redis.cpython-311-x86_64-linux-gnu.so\n"
		"# package dpkg libblas\n# package dpkg gcc\n",
		.command = "python3 -m app.main", .workdir = "/srv");
	/* /srv is no project's folder: the module is found all the same */
	expect_reason(&world, "python3-numpy", "imported by /srv/app/main.py");
	expect_reason(&world, "python3-pil", "imported by /srv/app/sibling.py");
	expect_reason(&world, "python3-redis", "imported by /srv/app/main.py");
	expect_reason(&world, "libblas", "needed by python3-numpy");
	expect_reason(&world, "gcc", NULL);
	world_finish(&world);
}

CASE(pth_files_import_and_add_folders)
{
	struct world world;

	read_world(&world,
		   PYTHON "text code/main.py x\n# imports code/main.py plugin\n"
			  "text " SP
			  "a.pth #\\simport\\scommented\\nimport\\sos,\\shook\\sas\\sh;"
			  "\\sh.go();\\simport\\sthird\\n../extra\\n/none\\n\n"
			  "text " SP "hook.py x\ntext " SP "third.py x\ntext " SP
			  "commented.py x\n"
			  "text usr/lib/python3/extra/plugin.py x\n"
			  "# package python commented owns=" SP "commented.py\n"
			  "# package python hook owns=" SP "hook.py\n"
			  "# package python plugin owns=usr/lib/python3/extra/plugin.py\n"
			  "# package python third owns=" SP "third.py\n",
		   .command = "python3 main.py", .workdir = "/code");
	expect_reason(&world, "hook",
		      "imported by /" SP "a.pth at every start of Python");
	expect_reason(&world, "third",
		      "imported by /" SP "a.pth at every start of Python");
	expect_reason(&world, "plugin", "imported by /code/main.py");
	expect_reason(&world, "commented", NULL);
	world_finish(&world);
}

CASE(node_resolution_goes_up)
{
	struct world world;
	const char *text = NODE PYTHON
		"text code/b.py x\n"
		"text code/src/a.js x\n"
		"# imports code/src/a.js ./b @s/c/deep node:fs fs e\n"
		"text code/src/b.js x\n# imports code/src/b.js d\n"
		"text code/node_modules/@s/c/x.js x\n"
		"# imports code/node_modules/@s/c/x.js d\n"
		"text code/node_modules/@s/c/node_modules/d/i.js x\n"
		"text code/node_modules/d/i.js x\n"
		"text code/node_modules/.store/e/i.js x\n"
		"symlink code/node_modules/e -> .store/e\n"
		"text code/node_modules/f/i.js x\n"
		"# package npm @s/c home=code/node_modules/@s/c "
		"owns=code/node_modules/@s/c/x.js\n"
		"# package npm d home=code/node_modules/d\n"
		"# package npm d-inner home=code/node_modules/@s/c/node_modules/d\n"
		"# package npm e home=code/node_modules/.store/e\n"
		"# package npm f home=code/node_modules/f\n";

	read_world(&world, text, .command = "node src/a", .workdir = "/code");
	expect_reason(&world, "@s/c", "imported by /code/src/a.js");
	expect_reason(&world, "d", "imported by /code/src/b.js");
	expect_reason(&world, "d-inner", "imported by /code/node_modules/@s/c/x.js");
	expect_reason(&world, "e", "imported by /code/src/a.js");
	expect_reason(&world, "f", NULL);
	world_finish(&world);
	/* no node, no graph of its packages */
	read_world(&world, text, .command = "python3 b.py", .workdir = "/code");
	expect_reason(&world, "@s/c", NULL);
	world_finish(&world);
}

/* A library of the project's own, in no package: what it exports is what is read. */
CASE(node_exports_go_before_main)
{
	static const char *const manifests[] = {
		"{\"main\":\"m.js\",\"exports\":\"./x.js\"}",
		"{\"exports\":{\".\":{\"types\":\"./m.js\",\"node\":{\"import\":\"./x.js\"}}}}",
		"{\"main\":\"m.js\",\"exports\":[{\"default\":\"./x.js\"},\"./m.js\"]}",
		"{\"main\":\"x.js\",\"exports\":{\"./sub\":\"./m.js\"}}",
		"{\"main\":\"x.js\",\"exports\":[[[[[[[[[[[[[[[[[[\"./m.js\"]]]]]]]]]]]]]]]]]]}",
	};

	for (size_t i = 0; i < sizeof(manifests) / sizeof(*manifests); i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
		struct world world;
		imp_strbuf_printf(&text,
				  NODE "text code/a.js x\n# imports code/a.js lib\n"
				       "text code/node_modules/lib/package.json %s\n"
				       "text code/node_modules/lib/x.js x\n"
				       "# imports code/node_modules/lib/x.js d\n"
				       "text code/node_modules/lib/m.js x\n"
				       "text code/node_modules/d/i.js x\n"
				       "# package npm d home=code/node_modules/d\n",
				  manifests[i]);
		read_world(&world, text.data, .command = "node a.js", .workdir = "/code");
		expect_reason(&world, "d", "imported by /code/node_modules/lib/x.js");
		world_finish(&world);
	}
}

CASE(what_runs_reaches_its_package)
{
	struct world world;

	read_world(&world,
		   PYTHON "file usr/lib/libz.so 1\n# elf usr/lib/libz.so\n"
			  "file usr/bin/srv 1\n# elf usr/bin/srv needed=libz.so\n"
			  "# package dpkg srv owns=usr/bin/srv\n"
			  "# package dpkg zlib owns=usr/lib/libz.so\n"
			  "# package dpkg python3 owns=usr/bin/python3\n",
		   .command = "srv");
	expect_reason(&world, "srv", "run by CMD");
	expect_reason(&world, "zlib", "linked to by /usr/bin/srv");
	expect_reason(&world, "python3", NULL);
	world_finish(&world);
}

/* Debian's Python packages have a dist-info, but their files are dpkg's. */
CASE(a_package_runs_when_the_owner_of_its_files_does)
{
	struct world world;

	read_world(&world,
		   PYTHON "file usr/bin/srv 1\n# elf usr/bin/srv\n"
			  "file usr/bin/idle 1\n# elf usr/bin/idle\n"
			  "file opt/own 1\n"
			  "# package dpkg python3-srv owns=usr/bin/srv\n"
			  "# package dpkg python3-idle owns=usr/bin/idle\n"
			  "# package python srv lists=usr/bin/srv\n"
			  "# package python idle lists=usr/bin/idle\n"
			  "# package python mixed lists=usr/bin/srv owns=opt/own\n",
		   .command = "srv");
	expect_reason(&world, "srv", "its files are those of python3-srv");
	expect_reason(&world, "idle", NULL);
	expect_reason(&world, "mixed", NULL);
	world_finish(&world);
}

/* webpack finds webpack-cli by a computed name; it is there because someone put it beside. */
CASE(peers_are_reached)
{
	struct world world;

	read_world(&world,
		   NODE
		   "text code/node_modules/webpack/bin/webpack.js x\n"
		   "text code/node_modules/webpack-cli/x.js x\n"
		   "# package npm webpack owns=code/node_modules/webpack/bin/webpack.js "
		   "home=code/node_modules/webpack peers=webpack-cli\n"
		   "# package npm webpack-cli owns=code/node_modules/webpack-cli/x.js "
		   "home=code/node_modules/webpack-cli\n",
		   .command = "node node_modules/webpack/bin/webpack.js",
		   .workdir = "/code");
	expect_reason(&world, "webpack-cli", "needed by webpack");
	world_finish(&world);
}

/* h5py/__init__.py says `from .tests import run_tests`; other's suite is imported by tests alone, and
 * nothing that runs imports idle. */
CASE(tests_that_what_runs_imports)
{
	struct world world;

	read_world(&world,
		   PYTHON
		   "text code/main.py x\n# imports code/main.py h5py other a.b.tests.x\n"
		   "text " SP "h5py/__init__.py x\n# imports " SP
		   "h5py/__init__.py .tests .tests.run_tests\n"
		   "text " SP "h5py/tests/__init__.py x\ntext " SP
		   "h5py/tests/test_x.py x\n"
		   "text " SP "other/__init__.py x\n# imports " SP
		   "other/__init__.py =other.tests.common\n"
		   "text " SP "other/tests/__init__.py x\ntext " SP
		   "other/tests/common.py x\n"
		   "text " SP "other/tests/test_x.py x\n# imports " SP
		   "other/tests/test_x.py other.tests.common\n"
		   "text " SP "idle/__init__.py x\n# imports " SP
		   "idle/__init__.py idle.tests.x\ntext " SP "idle/tests/x.py x\n"
		   "text " SP "a/b/tests/x.py x\n"
		   "# package python h5py owns=" SP "h5py/__init__.py," SP
		   "h5py/tests/__init__.py," SP "h5py/tests/test_x.py\n"
		   "# package python other owns=" SP "other/__init__.py," SP
		   "other/tests/__init__.py," SP "other/tests/common.py," SP
		   "other/tests/test_x.py\n"
		   "# package python idle owns=" SP "idle/__init__.py," SP
		   "idle/tests/x.py\n",
		   .command = "python3 main.py", .workdir = "/code");
	assert_true(world_reaches(&world, SP "h5py/tests/__init__.py", IMP_REACH_IMPORT));
	assert_true(world_reaches(&world, SP "a/b/tests/x.py", IMP_REACH_IMPORT));
	assert_false(world_reaches(&world, SP "h5py/tests/test_x.py", IMP_REACH_IMPORT));
	assert_false(world_reaches(&world, SP "h5py/__init__.py", IMP_REACH_IMPORT));
	assert_false(world_reaches(&world, SP "other/tests/common.py", IMP_REACH_IMPORT));
	assert_false(world_reaches(&world, SP "idle/tests/x.py", IMP_REACH_IMPORT));
	world_finish(&world);
}

CASE(cycles_end)
{
	struct world world;

	read_world(&world,
		   PYTHON "text code/a.py x\n# imports code/a.py b . .. ....... =a.a a\n"
			  "text code/b.py x\n# imports code/b.py a\n"
			  "# package python p needs=q\n# package python q needs=p\n",
		   .command = "python3 a.py", .workdir = "/code");
	assert_true(world.runtime.readable);
	world_finish(&world);
}
