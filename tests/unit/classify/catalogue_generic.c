/* Generic rules: classification.md 3.13. */
#include "catalogue_case.h"

CASE(gen_git)
{
	rule("GEN-GIT", "certain", "code/.git/HEAD", .leaves = "code/HEAD",
	     .beside = "file code/.git/objects/x 10\n", .flips = true);
}

CASE(gen_gitmeta)
{
	rule("GEN-GITMETA", "certain", "code/.gitignore", .leaves = "code/gitignore");
}

CASE(gen_ci)
{
	rule("GEN-CI", "certain", "code/.github/workflows/x.yml",
	     .leaves = "code/github/x.yml");
}

CASE(gen_edit)
{
	rule("GEN-EDIT", "certain", "code/.vscode/settings.json",
	     .leaves = "code/settings.json");
}

CASE(gen_docker)
{
	rule("GEN-DOCKER", "likely", "code/Dockerfile", .leaves = "srv/Dockerfile");
}

CASE(gen_apptest)
{
	rule("GEN-APPTEST", "likely", "code/tests/test_x.py", .leaves = "srv/tests/x.py");
}

CASE(gen_appdoc)
{
	rule("GEN-APPDOC", "likely", "code/docs/page.md", .leaves = "code/page/x.md");
}

CASE(gen_lock)
{
	rule("GEN-LOCK", "possible", "code/poetry.lock",
	     .leaves = "code/sub/poetry.lock");
}

CASE(gen_lock_configs)
{
	rule("GEN-LOCK", "possible", "code/webpack.config.js",
	     .leaves = "code/app.config.js");
}

CASE(gen_lint)
{
	rule("GEN-LINT", "certain", "code/.eslintrc.json",
	     .leaves = "code/eslintrc.json");
}

CASE(gen_log)
{
	rule("GEN-LOG", "certain", "var/log/syslog", .leaves = "var/lib/syslog");
}

CASE(gen_tmp)
{
	rule("GEN-TMP", "certain", "tmp/x", .leaves = "code/tmp/x");
}

CASE(gen_xdg)
{
	rule("GEN-XDG", "possible", "root/.cache/thing/x", .leaves = "root/cache/x");
}

CASE(gen_cachedir)
{
	rule("GEN-CACHEDIR", "certain", "opt/x/CACHEDIR.TAG", .leaves = "opt/x.txt",
	     .content = "Signature:\\s8a477f597d28d172789f06886806bc55\\n",
	     .other_content = "Signature:\\sno\\n");
}

CASE(gen_cachedir_environment)
{
	rule("GEN-CACHEDIR", "certain", "opt/x/CACHEDIR.TAG",
	     .leaves = "opt/venv/CACHEDIR.TAG",
	     .content = "Signature:\\s8a477f597d28d172789f06886806bc55\\n",
	     .beside = "file opt/venv/pyvenv.cfg 10\n");
}

CASE(gen_cachedir_fonts)
{
	rule("GEN-CACHEDIR", "certain", "opt/x/CACHEDIR.TAG",
	     .leaves = "var/cache/fontconfig/CACHEDIR.TAG",
	     .content = "Signature:\\s8a477f597d28d172789f06886806bc55\\n");
}

CASE(gen_hist)
{
	rule("GEN-HIST", "certain", "root/.bash_history", .leaves = "code/.bash_history");
}

CASE(gen_arch)
{
	rule("GEN-ARCH", "likely", "opt/a-1.0.tar.gz", .leaves = "opt/b-1.0.tar.gz",
	     .size = 1100000, .beside = "file opt/a-1.0/x 10\n", .flips = true);
}

CASE(gen_usrsrc)
{
	rule("GEN-USRSRC", "likely", "usr/local/src/a/x.c",
	     .leaves = "usr/local/src/b/x.c",
	     .beside = "file usr/local/src/a/configure 10\n", .flips = true);
}

CASE(gen_buildtree)
{
	rule("GEN-BUILDTREE", "certain", "srv/b/CMakeFiles/x", .leaves = "srv/b/x");
}

CASE(gen_buildtree_configure)
{
	rule("GEN-BUILDTREE", "certain", "srv/b/config.log", .leaves = "srv/c/config.log",
	     .beside = "file srv/b/configure 10\n", .flips = true);
}

CASE(gen_buildtree_bazel)
{
	rule("GEN-BUILDTREE", "certain", "srv/b/bazel-out/x",
	     .leaves = "srv/c/bazel-out/x", .beside = "file srv/b/WORKSPACE 10\n",
	     .flips = true);
}

CASE(gen_obj)
{
	rule("GEN-OBJ", "certain", "srv/x.gcno", .content = "oncg*22B",
	     .other_content = "hello", .by_content = true);
}

CASE(gen_obj_libtool)
{
	rule("GEN-OBJ", "certain", "srv/libx.la",
	     .content = "#\\slibx.la\\s-\\sa\\slibtool\\slibrary\\sfile\\n",
	     .other_content = "hello", .by_content = true);
}

CASE(gen_obj_coff)
{
	rule("GEN-OBJ", "certain", "srv/teapot.obj",
	     .content =
		     "\\x64\\x86\\x02\\x00\\x00\\x00\\x00\\x00\\x00\\x01\\x00\\x00\\x04\\x00\\x00\\x00\\x00\\x00\\x00\\x00",
	     .other_content = "v\\s0.0\\s1.0\\n", .by_content = true);
}

CASE(gen_a)
{
	rule("GEN-A", "likely", "usr/lib/libz.a", .leaves = "usr/lib/libz.so",
	     .content = "!<arch>\\n");
}

CASE(gen_inc)
{
	rule("GEN-INC", "likely", "usr/include/stdio.h", .leaves = "usr/lib/stdio.h");
}

CASE(gen_pc)
{
	rule("GEN-PC", "likely", "usr/lib/x86_64-linux-gnu/pkgconfig/z.pc",
	     .leaves = "usr/lib/x86_64-linux-gnu/z.pc");
}

CASE(gen_solink)
{
	rule("GEN-SOLINK", "likely", "usr/lib/x86_64-linux-gnu/libm.so",
	     .leaves = "usr/lib/x86_64-linux-gnu/libm.so.6", .other_size = 20000);
}

CASE(gen_debug)
{
	rule("GEN-DEBUG", "certain", "opt/x.dSYM/Contents/x",
	     .leaves = "opt/x/Contents/x");
}

CASE(gen_core)
{
	rule("GEN-CORE", "certain", "code/java_pid1.hprof", .leaves = "code/hprof");
}

CASE(gen_db)
{
	rule("GEN-DB", "possible", "code/data/x.sqlite3", .leaves = "srv/x.sqlite3",
	     .size = 5100000, .other_size = 1000);
}

CASE(gen_media)
{
	rule("GEN-MEDIA", "possible", "code/x.mp4", .leaves = "srv/x.mp4",
	     .size = 5100000, .other_size = 1000);
}

CASE(gen_osjunk)
{
	rule("GEN-OSJUNK", "certain", "code/static/.DS_Store",
	     .leaves = "code/static/DS_Store");
}

CASE(gen_tz)
{
	rule("GEN-TZ", "likely", "usr/share/zoneinfo/posix/UTC",
	     .leaves = "usr/share/zoneinfo/UTC");
}

CASE(gen_term)
{
	rule("GEN-TERM", "possible", "usr/share/terminfo/w/wy50",
	     .leaves = "usr/share/terminfo/x/xterm");
}

CASE(gen_ldaux)
{
	rule("GEN-LDAUX", "likely", "var/cache/ldconfig/aux-cache",
	     .leaves = "var/cache/ldconfig/x");
}
