/* Debian, Alpine and RPM: classification.md 3.1 to 3.3. */
#include "catalogue_case.h"

CASE(deb_lists)
{
	rule("DEB-LISTS", "certain", "var/lib/apt/lists/deb.debian.org_main_Packages",
	     .leaves = "var/lib/apt/lists/lock");
}

CASE(deb_debs)
{
	rule("DEB-DEBS", "certain", "var/cache/apt/archives/gcc_12.deb",
	     .leaves = "var/cache/apt/archives/lock");
}

CASE(deb_pkgbin)
{
	rule("DEB-PKGBIN", "certain", "var/cache/apt/srcpkgcache.bin",
	     .leaves = "var/cache/apt/x.bin");
}

CASE(deb_dbg)
{
	rule("DEB-DBG", "certain", "usr/lib/debug/.build-id/ab/c.debug",
	     .leaves = "usr/lib/x");
}

CASE(deb_doc)
{
	rule("DEB-DOC", "certain", "usr/share/doc/bash/changelog.gz",
	     .leaves = "usr/share/doc/bash/copyright");
}

CASE(deb_man)
{
	rule("DEB-MAN", "certain", "usr/share/man/man1/ls.1.gz",
	     .leaves = "usr/share/manx");
}

CASE(deb_help)
{
	rule("DEB-HELP", "certain", "usr/share/lintian/overrides/x",
	     .leaves = "usr/share/gnome/x");
}

CASE(deb_locale)
{
	rule("DEB-LOCALE", "likely", "usr/share/locale/de/LC_MESSAGES/bash.mo",
	     .leaves = "usr/share/locale/locale.alias", .environment = "LANG=fr_FR.UTF-8",
	     .other_environment = "LANG=de_DE.UTF-8");
}

CASE(deb_locarch)
{
	rule("DEB-LOCARCH", "possible", "usr/share/i18n/locales/de_DE",
	     .leaves = "usr/lib/locale/C.utf8/LC_CTYPE");
}

CASE(deb_gconv)
{
	rule("DEB-GCONV", "possible", "usr/lib/x86_64-linux-gnu/gconv/BIG5.so",
	     .leaves = "usr/lib/x86_64-linux-gnu/gconv/UTF-16.so");
}

CASE(deb_old)
{
	rule("DEB-OLD", "certain", "var/lib/dpkg/status-old",
	     .leaves = "var/lib/dpkg/status");
}

CASE(deb_log)
{
	rule("DEB-LOG", "certain", "var/log/apt/history.log", .leaves = "var/log/x");
}

CASE(deb_icon)
{
	rule("DEB-ICON", "possible", "usr/share/icons/Adwaita/16x16/x.png",
	     .leaves = "usr/share/pixmaps/x.png");
}

CASE(apk_cache)
{
	rule("APK-CACHE", "certain", "var/cache/apk/APKINDEX.tar.gz",
	     .leaves = "lib/apk/db/installed");
}

CASE(rpm_cache)
{
	rule("RPM-CACHE", "certain", "var/cache/dnf/packages.db",
	     .leaves = "var/cache/x");
}

CASE(rpm_hist)
{
	rule("RPM-HIST", "likely", "var/lib/dnf/history.sqlite",
	     .leaves = "var/lib/dnf/modules");
}

CASE(rpm_hist_logs)
{
	rule("RPM-HIST", "likely", "var/log/dnf.rpm.log", .leaves = "var/log/syslog");
}

CASE(rpm_debug)
{
	rule("RPM-DEBUG", "certain", "usr/src/debug/bash/x.c", .leaves = "usr/src/x.c");
}

CASE(rpm_src)
{
	rule("RPM-SRC", "certain", "usr/src/kernels/6.1/Makefile", .leaves = "usr/src/x");
}

CASE(rpm_src_home)
{
	rule("RPM-SRC", "certain", "root/rpmbuild/BUILD/x", .leaves = "root/x");
}

CASE(rpm_ent)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(&(
		struct image_case){.layers = "layer\nfile etc/pki/entitlement/1-key.pem "
					     "10\nfile etc/pki/tls/cert.pem 10\n"});

	assert_string_equal(paths_of(c, "RPM-ENT"), "etc/pki/entitlement/1-key.pem");
	assert_int_equal(finding_of(c, "RPM-ENT")->sum.disk_bytes, 0);
}

/* Headless Chromium opens what fonts there are: classification.md 3.1. */
CASE(deb_fonts_of_a_browser)
{
#define FONT \
	"package dpkg fonts-noto-cjk 1 flags=root database=d/status\n" \
	"owns usr/share/fonts/cjk.ttc\n"
	const char *layers = "layer\nfile usr/share/fonts/cjk.ttc 90\nfile d/status 1\n";

	expect(.layers = layers, .given = FONT "absent all\n",
	       .findings = "DEB-FONT:fonts-noto-cjk 1 90\n");
	expect(.layers = layers, .given = FONT "present A-CHROME CMD starts chromium\n",
	       .findings = "",
	       .dropped = "DEB-FONT:fonts-noto-cjk A-CHROME 90: CMD starts chromium\n");
#undef FONT
}

/* xvfb-run in the command chain keeps its package. */
CASE(br_xvfb)
{
#define XVFB "package dpkg xvfb 1 flags=root database=d/status\nowns usr/bin/Xvfb\n"
	const char *layers = "layer\nfile usr/bin/Xvfb 90\nfile d/status 1\n";

	expect(.layers = layers, .given = XVFB "absent all\n",
	       .findings = "BR-XVFB:xvfb 1 90\n");
	expect(.layers = layers, .given = XVFB "run\nabsent all\n", .findings = "");
#undef XVFB
}

/* What imports pkg_resources keeps setuptools. */
CASE(py_setuptools)
{
#define SETUPTOOLS \
	"package python setuptools 1 flags=root database=d/status\nowns sp/setuptools\n"
	const char *layers = "layer\nfile sp/setuptools/x.py 90\nfile d/status 1\n";

	expect(.layers = layers, .given = SETUPTOOLS "absent all\n",
	       .findings = "PY-SETUPTOOLS 1 90\n");
	expect(.layers = layers,
	       .given = SETUPTOOLS
	       "reached imported by /sp/gunicorn/util.py\nabsent all\n",
	       .findings = "");
#undef SETUPTOOLS
}
