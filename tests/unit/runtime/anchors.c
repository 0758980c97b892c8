/* Every row of classification.md 1.3: what makes it present, and what does not. */
#include "world.h"

#include "case.h"

#define BASE \
	"file usr/bin/x 1\n# elf usr/bin/x\nfile usr/bin/node 1\n# elf usr/bin/node\n" \
	"file usr/bin/python3 1\n# elf usr/bin/python3\n" \
	"file bin/sh 1\n# elf bin/sh\n" \
	"text a.py x\ntext a.js x\n"

static void expect_state(const char *text, const struct world_config *config,
			 enum imp_anchor anchor, enum imp_anchor_state state,
			 const char *evidence)
{
	struct world world;

	world_read(&world, text, config);
	const struct imp_anchor_fact *fact = &world.runtime.anchors[anchor];
	if (fact->state != state)
		fail_msg("%s is %d, not %d: %s", imp_anchor_name(anchor), fact->state,
			 state, fact->evidence ? fact->evidence : "no evidence");
	if (evidence)
		assert_string_equal(fact->evidence, evidence);
	if (state == IMP_ANCHOR_ABSENT)
		assert_null(fact->evidence);
	world_finish(&world);
}

#define present(text, anchor, evidence, ...) \
	expect_state(BASE text, &(struct world_config){__VA_ARGS__}, \
		     IMP_ANCHOR_##anchor, IMP_ANCHOR_PRESENT, evidence)
#define unknown(text, anchor, evidence, ...) \
	expect_state(BASE text, &(struct world_config){__VA_ARGS__}, \
		     IMP_ANCHOR_##anchor, IMP_ANCHOR_UNKNOWN, evidence)
#define absent(text, anchor, ...) \
	expect_state(BASE text, &(struct world_config){__VA_ARGS__}, \
		     IMP_ANCHOR_##anchor, IMP_ANCHOR_ABSENT, NULL)

CASE(node)
{
	present("", NODE, "CMD starts 'node /a.js'", .command = "node /a.js");
	present("text e #!/bin/sh\\nif a; then npx serve; fi\\n\n"
		"file usr/bin/npx 1\n# elf usr/bin/npx\n",
		NODE, "/e may start 'npx serve'", .command = "/e");
	present("text b #!/usr/bin/node\\n\n", NODE, "/b is run by CMD", .command = "/b");
	present("file a/node_modules/esbuild/bin/esbuild 1\n"
		"# elf a/node_modules/esbuild/bin/esbuild\n",
		NODE, "CMD starts '/a/node_modules/esbuild/bin/esbuild x.js'",
		.command = "/a/node_modules/esbuild/bin/esbuild x.js");
	absent("", NODE, .command = "python3 /a.py");
	/* a word of an argument or a comment is no command */
	absent("text e #!/bin/sh\\n# node\\necho node\\nexec x\\n\n", NODE,
	       .command = "/e");
}

/* G14: execjs + node */
CASE(node_aux)
{
	present("# package gem execjs\n", NODEAUX, "gem package execjs", .command = "x");
	present("# package dpkg python3-playwright\n", NODEAUX, NULL, .command = "x");
	absent("# package gem rack\n", NODEAUX, .command = "x");
}

/* G14: dist-info of triton + gcc */
CASE(compilers)
{
	present("# package python triton\n", CC, "python package triton", .command = "x");
	present("# package python triton\n", PYH, "python package triton",
		.command = "x");
	present("file usr/bin/gcc 1\n# elf usr/bin/gcc\ntext e #!/bin/sh\\ngcc a.c\\n\n",
		CC, "/e may start 'gcc a.c'", .command = "/e");
	present("text lib/ld-musl-x86_64.so.1 x\n# imports a.py ctypes.util\n", CC,
		"/a.py looks for libraries by name", .command = "python3 /a.py");
	absent("# imports a.py ctypes.util\n# package python numpy\n", CC,
	       .command = "python3 /a.py");
	absent("# package python numpy\n", PYH, .command = "x");
}

CASE(cuda)
{
	present("# package python cupy-cuda12x\n", CUDA, "python package cupy-cuda12x",
		.command = "x");
	absent("# package python torch\n", CUDA, .command = "x");
}

/* G14: selenium + driver */
CASE(browsers)
{
	present("# package python pyppeteer\n", CHROME, "python package pyppeteer",
		.command = "x");
	present("", CHROME, "ENV CHROME_PATH=/usr/bin/chromium", .command = "x",
		.environment = "CHROME_PATH=/usr/bin/chromium");
	present("# package npm puppeteer\n", CHROME, "npm package puppeteer",
		.command = "node /a.js");
	absent("# package npm puppeteer dev\n", CHROME, .command = "node /a.js");
	/* production packages of a node that never runs (G5) */
	absent("# package npm lighthouse\n", CHROME, .command = "x");
	present("# package python selenium\n", DRIVER, "python package selenium",
		.command = "x");
	absent("# package python pyppeteer\n", DRIVER, .command = "x");
}

CASE(jdk)
{
	present("file app/drools-core-8.jar 1\n", JDK, "/app/drools-core-8.jar",
		.command = "x");
	present("text e #!/bin/sh\\njcmd 1 x\\n\nfile usr/bin/jcmd 1\n# elf usr/bin/jcmd\n",
		JDK, "/e may start 'jcmd 1 x'", .command = "/e");
	absent("file app/app.jar 1\n", JDK, .command = "x");
}

CASE(jsp_pages_need_a_compiler)
{
	present("file srv/web/x.jsp 1\n", JDK, "/srv/web/x.jsp", .command = "x");
	/* Tomcat's own */
	absent("file srv/web/x.jsp 1\nfile opt/tomcat/lib/ecj-4.20.jar 1\n", JDK,
	       .command = "x");
	absent("file srv/web/x.jspx.txt 1\n", JDK, .command = "x");
}

CASE(git_and_installers)
{
	present("text e #!/bin/sh\\ngit pull\\n\nfile usr/bin/git 1\n# elf usr/bin/git\n",
		GIT, "/e may start 'git pull'", .command = "/e");
	present("# package python gitpython\n", GIT, "python package gitpython",
		.command = "x");
	absent("file usr/bin/git 1\n", GIT, .command = "x");
	present("text e #!/bin/sh\\npip install x\\n\nfile usr/bin/pip 1\n# elf "
		"usr/bin/pip\n",
		INSTALL, "/e may start 'pip install x'", .command = "/e");
	present("", INSTALL, NULL, .command = "/bin/sh -c python3\\s-m\\spip\\sinstall");
	absent("file usr/bin/pip 1\n", INSTALL, .command = "x");
}

CASE(library_tools)
{
	present("# package dpkg python3-gunicorn\n", LDTOOLS,
		"dpkg package python3-gunicorn", .command = "x");
	present("# imports a.py =django.contrib.gis\n", LDTOOLS,
		"/a.py uses django.contrib.gis", .command = "python3 /a.py");
	absent("# imports a.py ctypes\n", LDTOOLS, .command = "python3 /a.py");
}

CASE(development)
{
	present("text manage.py x\n", DEV, "CMD starts 'python3 /manage.py runserver'",
		.command = "python3 /manage.py runserver");
	present("", DEV, "ENV NODE_ENV=development", .command = "x",
		.environment = "NODE_ENV=development");
	present("", DEV, "ENV DOTNET_SDK_VERSION=8", .command = "/bin/sh",
		.environment = "DOTNET_SDK_VERSION=8");
	present("", DEV, "LABEL devcontainer.metadata", .command = "x",
		.label = "devcontainer.metadata=[]");
	absent("", DEV, .command = "x", .environment = "DOTNET_SDK_VERSION=8");
	absent("", DEV, .command = "x", .environment = "NODE_ENV=production");
	/* the image's name is never evidence */
	absent("", DEV, .command = "/bin/sh",
	       .label = "org.opencontainers.image.title=builder");
	absent("", DEV, .command = "/bin/sh");
}

/* Django's settings are part of the project, whatever starts it. */
CASE(settings_of_the_project)
{
	struct world world;

	world_read(&world,
		   BASE "# imports a.py ?language=en ?language=de ?language=pt-br "
			"?language=de\n",
		   &(struct world_config){.command = "python3 /a.py"});
	const struct imp_anchor_fact *l10n = &world.runtime.anchors[IMP_ANCHOR_L10N];
	assert_int_equal(l10n->state, IMP_ANCHOR_PRESENT);
	assert_string_equal(l10n->evidence, "/a.py names the language de");
	assert_int_equal(world.runtime.language_count, 2);
	assert_true(imp_slice_is(world.runtime.languages[1], "pt-br"));
	world_finish(&world);

	absent("# imports a.py ?language=en-us os\n", L10N, .command = "python3 /a.py");
	present("# imports a.py ?windows\n", WINDOW,
		"/a.py opens a browser that is not headless", .command = "python3 /a.py");
	present("file usr/bin/Xvfb 1\n# elf usr/bin/Xvfb\n", WINDOW,
		"CMD starts 'Xvfb :1'", .command = "Xvfb :1");
	/* nothing runs node */
	absent("# imports a.js ?windows\n", WINDOW, .command = "python3 /a.py");
}

CASE(files_of_node_modules_that_are_served)
{
	unknown("# imports a.py ?node_modules\n", SERVED, "/a.py names node_modules",
		.command = "python3 /a.py");
	unknown("text etc/nginx/conf.d/a.conf server {\\n  alias /code/node_modules/;\\n}\\n\n",
		SERVED, "/etc/nginx/conf.d/a.conf names node_modules", .command = "x");
	absent("text etc/nginx/nginx.conf # node_modules\\n\n", SERVED, .command = "x");
	absent("", SERVED, .command = "python3 /a.py");
}

CASE(perl)
{
	present("file usr/bin/perl 1\n# elf usr/bin/perl\n", PERL,
		"CMD starts 'perl -e 1'", .command = "perl -e 1");
	present("text srv/x #!/usr/bin/env perl\\n\n", PERL, "/srv/x is a script of Perl",
		.command = "x");
	absent("text srv/.git/hooks/x.sample #!/usr/bin/perl\\n\n", PERL, .command = "x");
	absent("text srv/x #!/usr/bin/python3\\n\n", PERL, .command = "x");
	absent("# package dpkg debconf owns=usr/sbin/y\ntext usr/sbin/y #!/usr/bin/perl -w\\n\n",
	       PERL, .command = "x");
}

CASE(locales_and_profilers)
{
	present("", L10N, "ENV LANG=de_DE.UTF-8", .command = "x",
		.environment = "LANG=de_DE.UTF-8");
	present("", L10N, "ENV LANGUAGE=en:fr", .command = "x",
		.environment = "LANGUAGE=en:fr");
	absent("", L10N, .command = "x",
	       .environment = "LANG=C.UTF-8 LC_ALL=en_US.UTF-8");
	absent("", L10N, .command = "x", .environment = "LANG=POSIX");
	present("", PROF, "ENV RUST_BACKTRACE=1", .command = "x",
		.environment = "RUST_BACKTRACE=1");
	absent("", PROF, .command = "x");
}

CASE(names)
{
	enum imp_anchor anchor;

	for (int i = 0; i < IMP_ANCHORS; i++) {
		assert_true(imp_anchor_parse(
			imp_slice_of(imp_anchor_name((enum imp_anchor)i)), &anchor));
		assert_int_equal(anchor, i);
	}
	assert_false(imp_anchor_parse(IMP_SLICE("A-BASE"), &anchor));
}
