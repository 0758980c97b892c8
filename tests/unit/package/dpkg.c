/* dpkg's and apt's records: classification.md 2.2. */
#include "inventory_case.h"

#define INSTALLED "Status: install ok installed\n"
#define STATUS "var/lib/dpkg/status"

static const struct imp_package *deb(const struct inventory_case *c, const char *name)
{
	return inventory_package(c, IMP_MANAGER_DPKG, name);
}

static void expect_text(struct imp_slice found, const char *expected)
{
	if (!imp_slice_is(found, expected))
		fail_msg("'%.*s', expected '%s'", (int)found.len, found.data, expected);
}

static const char stanzas[] =
	"Package: libc6\n"
	"Status: install ok installed\n"
	"Priority: optional\n"
	"Section: libs\n"
	"Architecture: amd64\n"
	"Multi-Arch: same\n"
	"Source: glibc (2.36-8)\n"
	"Version: 2.36-9+deb12u9\n"
	"Description: GNU C Library\n"
	" Depends: this is no field\n"
	" .\n"
	"\n"
	"Package: removed\n"
	"Status: deinstall ok config-files\n"
	"Version: 1\n"
	"\n"
	"Package: half\n"
	"Status: install reinstreq half-installed\n"
	"\n\n"
	"package: tool\n"
	"status: install ok installed\n"
	"essential: YES\n"
	"Section: non-free/utils\n"
	"Architecture: all\n"
	"Version: 1:2\n"
	"\n"
	"Package: kept\n"
	"Status: hold ok installed\n"
	"Protected: yes\n"
	"\n"
	"Package: old\nPriority: required\nStatus: install ok installed\n"
	"\n"
	"Package: tool-dbgsym\n"
	"Auto-Built-Package: debug-symbols\n"
	"Status: install ok installed\n";

CASE(stanzas_become_packages)
{
	struct inventory_case c = {0};
	inventory_file(&c, STATUS, stanzas);
	inventory_file(&c, "usr/lib/os-release", "NAME=\"Ubuntu\"\nID=ubuntu\n");
	inventory_lines(&c, "symlink etc/os-release -> ../usr/lib/os-release\n");
	inventory_read(&c);
	assert_int_equal(c.packages.count, 5);
	expect_text(deb(&c, "libc6")->version, "2.36-9+deb12u9");
	expect_text(deb(&c, "libc6")->source, "glibc");
	expect_text(deb(&c, "libc6")->section, "libs");
	expect_text(deb(&c, "libc6")->architecture, "amd64");
	assert_string_equal(deb(&c, "libc6")->purl,
			    "pkg:deb/ubuntu/libc6@2.36-9%2Bdeb12u9?arch=amd64");
	assert_int_equal(deb(&c, "libc6")->flags, IMP_PACKAGE_ROOT);
	assert_int_equal(deb(&c, "libc6")->dependency_count, 0);
	expect_text(deb(&c, "tool")->section, "utils");
	expect_text(deb(&c, "tool")->source, "tool");
	assert_int_equal(deb(&c, "tool")->flags,
			 IMP_PACKAGE_ROOT | IMP_PACKAGE_ESSENTIAL);
	assert_true(deb(&c, "kept")->flags & IMP_PACKAGE_ESSENTIAL);
	assert_true(deb(&c, "old")->flags & IMP_PACKAGE_ESSENTIAL);
	assert_true(deb(&c, "tool-dbgsym")->flags & IMP_PACKAGE_DEBUG_SYMBOLS);
	assert_false(inventory_knows_roots(&c, IMP_MANAGER_DPKG));
	assert_int_equal(deb(&c, "tool")->group, deb(&c, "libc6")->group);
	inventory_expect_unreadable(&c, "");
	inventory_finish(&c);
}

CASE(files_are_found_where_merged_usr_and_diversions_put_them)
{
	struct inventory_case c = {0};
	inventory_lines(&c, "symlink lib -> usr/lib\nsymlink bin -> /usr/bin\n"
			    "file usr/lib/libx.so.1.0 10\n"
			    "symlink usr/lib/libx.so.1 -> libx.so.1.0\n"
			    "file usr/bin/sh 20\nfile usr/bin/sh.distrib 30\n"
			    "file usr/bin/both 40\nfile usr/bin/local.real 50\n"
			    "file usr/bin/local 60\nfile README 70\n");
	inventory_file(&c, STATUS,
		       "Package: libx\n" INSTALLED "Architecture: amd64\n\n"
		       "Package: libx\n" INSTALLED "Architecture: i386\n\n"
		       "Package: gone\nStatus: deinstall ok config-files\n\n"
		       "Package: dash\n" INSTALLED "\nPackage: bash\n" INSTALLED);
	inventory_file(&c, "var/lib/dpkg/info/libx:amd64.list",
		       "/.\n/lib\n/lib/libx.so.1.0\n/lib/libx.so.1\n");
	inventory_file(&c, "var/lib/dpkg/info/libx:i386.list", "/bin/both\n");
	/* path-exclude dropped the page, which stays listed */
	inventory_file(&c, "var/lib/dpkg/info/bash.list",
		       "/bin/sh\n/usr/share/doc/bash/README\n/usr/bin/local\n/README");
	inventory_file(&c, "var/lib/dpkg/info/dash.list", "/bin/sh\n");
	inventory_file(&c, "var/lib/dpkg/info/gone.list", "/usr/bin/local\n");
	inventory_file(&c, "var/lib/dpkg/diversions",
		       "/bin/sh\n/bin/sh.distrib\ndash\n"
		       "/usr/bin/local\n/usr/bin/local.real\n:\n");
	inventory_read(&c);
	inventory_expect_owner(&c, "usr/lib/libx.so.1.0", "dpkg:libx");
	inventory_expect_owner(&c, "usr/bin/sh", "dpkg:dash");
	inventory_expect_owner(&c, "usr/bin/sh.distrib", "dpkg:bash");
	inventory_expect_owner(&c, "usr/bin/local.real", "dpkg:bash");
	inventory_expect_owner(&c, "usr/bin/local", "");
	inventory_expect_owner(&c, "README", "dpkg:bash");
	uint32_t both = imp_tree_file_at(
		c.tree, imp_tree_find(c.tree, IMP_SLICE("usr/bin/both")));
	expect_text(c.packages.list[c.packages.owner_of[both]].architecture, "i386");
	inventory_expect_unreadable(&c, "");
	inventory_finish(&c);
}

CASE(requirements_are_choices)
{
	struct inventory_case c = {0};
	inventory_file(
		&c, STATUS,
		"Package: app\n" INSTALLED "Pre-Depends: libc6 (>= 2.14)\n"
		"Depends: mta | exim (>= 4), libx:any [amd64] <!nocheck>,\n missing,\n"
		" awk\n"
		"Recommends: doc\nSuggests: doc | helper\n\n"
		"Package: libc6\n" INSTALLED "\nPackage: libx\n" INSTALLED
		"\nPackage: postfix\n" INSTALLED
		"Provides: mta (= 1), mail-transport-agent\n"
		"\nPackage: exim\n" INSTALLED "Provides: mta\n"
		"\nPackage: gawk\n" INSTALLED
		"Provides: awk\nPackage-Type: deb\nDepends: gawk, awk\n"
		"\nPackage: doc\n" INSTALLED "\nPackage: helper\n" INSTALLED);
	inventory_read(&c);
	inventory_expect_needs(&c, IMP_MANAGER_DPKG, "app",
			       "libc6 exim|postfix libx gawk (doc) (doc)|(helper)");
	inventory_expect_needs(&c, IMP_MANAGER_DPKG, "gawk", "");
	inventory_finish(&c);
}

CASE(a_dev_package_has_its_library_as_twin)
{
	struct inventory_case c = {0};
	inventory_file(&c, STATUS,
		       "Package: libssl-dev\n" INSTALLED
		       "Source: openssl\nDepends: libc6-dev, libssl3 (= 3.0)\n\n"
		       "Package: libssl3\n" INSTALLED "Source: openssl (3.0)\n\n"
		       "Package: libc6-dev\n" INSTALLED
		       "Source: glibc\nDepends: libc6 (= 2), linux-libc-dev\n\n"
		       "Package: libc6\n" INSTALLED "Source: glibc\n\n"
		       "Package: tool-dev\n" INSTALLED "Depends: libssl3\n");
	inventory_read(&c);
	assert_int_equal(deb(&c, "libssl-dev")->twin,
			 inventory_find(&c, IMP_MANAGER_DPKG, "libssl3"));
	assert_int_equal(deb(&c, "libc6-dev")->twin,
			 inventory_find(&c, IMP_MANAGER_DPKG, "libc6"));
	assert_int_equal(deb(&c, "tool-dev")->twin, IMP_NONE);
	assert_int_equal(deb(&c, "libssl3")->twin, IMP_NONE);
	inventory_finish(&c);
}

CASE(apt_knows_who_was_asked_for)
{
	struct inventory_case c = {0};
	inventory_file(&c, STATUS,
		       "Package: asked\n" INSTALLED "Architecture: amd64\n\n"
		       "Package: auto\n" INSTALLED "Architecture: amd64\n\n"
		       "Package: data\n" INSTALLED "Architecture: all\n\n"
		       "Package: again\n" INSTALLED "Architecture: amd64\n");
	/* apt writes the machine's architecture for packages of "all" */
	inventory_file(&c, "var/lib/apt/extended_states",
		       "Package: auto\nArchitecture: amd64\nAuto-Installed: 1\n\n"
		       "Package: data\nArchitecture: amd64\nAuto-Installed: 1\n\n"
		       "Package: again\nArchitecture: amd64\nAuto-Installed: 0\n\n"
		       "Package: asked\nArchitecture: i386\nAuto-Installed: 1\n");
	inventory_read(&c);
	assert_true(inventory_knows_roots(&c, IMP_MANAGER_DPKG));
	assert_true(deb(&c, "asked")->flags & IMP_PACKAGE_ROOT);
	assert_true(deb(&c, "again")->flags & IMP_PACKAGE_ROOT);
	assert_false(deb(&c, "auto")->flags & IMP_PACKAGE_ROOT);
	assert_false(deb(&c, "data")->flags & IMP_PACKAGE_ROOT);
	inventory_finish(&c);
}

struct setting {
	const char *path, *text;
};

static void expect_settings(const struct setting *settings, size_t count, bool recommends,
			    bool suggests, const char *unreadable)
{
	struct inventory_case c = {0};
	inventory_file(&c, STATUS, "Package: x\n" INSTALLED);
	for (size_t i = 0; i < count; i++)
		inventory_file(&c, settings[i].path, settings[i].text);
	inventory_read(&c);
	assert_int_equal(c.packages.recommends_hold[IMP_MANAGER_DPKG], recommends);
	assert_int_equal(c.packages.suggests_hold[IMP_MANAGER_DPKG], suggests);
	inventory_expect_unreadable(&c, unreadable);
	inventory_finish(&c);
}

#define MAIN "etc/apt/apt.conf"
#define PART "etc/apt/apt.conf.d/"
#define SETTINGS(recommends, suggests, unreadable, ...) \
	do { \
		static const struct setting settings[] = {__VA_ARGS__}; \
		expect_settings(settings, sizeof(settings) / sizeof(settings[0]), \
				recommends, suggests, unreadable); \
	} while (0)

/* As `apt-config dump` shows each. */
CASE(apts_settings_decide_what_holds)
{
	/* as docker's base images have it */
	SETTINGS(true, false, "",
		 {PART "docker-autoremove-suggests",
		  "# comment \"\nApt::AutoRemove::SuggestsImportant \"false\";\n"});
	SETTINGS(true, true, "", {MAIN, "APT::Install-Recommends \"false\";"});
	SETTINGS(false, false, "",
		 {MAIN, "APT { AutoRemove { RecommendsImportant 0; // off\n"
			"/* \"x\" */ SuggestsImportant \"no\"; }; };"});
	SETTINGS(true, true, "",
		 {MAIN, "APT::AutoRemove { \"SuggestsImportant\"; x { \"no\"; }; };"});
	SETTINGS(true, true, "",
		 {PART "a", "APT::AutoRemove::SuggestsImportant \"false\";"},
		 {PART "b.conf", "#clear APT::AutoRemove;"});
	SETTINGS(true, false, "",
		 {PART "a", "APT::AutoRemove::SuggestsImportant \"true\";"},
		 {PART "a.disabled", "APT::AutoRemove::RecommendsImportant \"false\";"},
		 {PART "b.conf.bak", "APT::AutoRemove::RecommendsImportant \"false\";"},
		 {MAIN, "APT::AutoRemove::SuggestsImportant \"off\";"});
}

CASE(damaged_settings_are_reported)
{
	SETTINGS(true, false, "etc/apt/apt.conf ",
		 {MAIN, "APT::AutoRemove::SuggestsImportant no; APT { \"x\";"});
	SETTINGS(true, true, "etc/apt/apt.conf ",
		 {MAIN, "}; /* never closed APT::AutoRemove::SuggestsImportant no;"});
	SETTINGS(true, true, "etc/apt/apt.conf ", {MAIN, "A \"b"});
}

CASE(distroless_packages_are_files)
{
	struct inventory_case c = {0};
	inventory_lines(&c, "file usr/lib/libx.so 10\nfile etc/y 5\n");
	inventory_file(&c, "var/lib/dpkg/status.d/base",
		       "Package: base-files\nVersion: 12.4\nArchitecture: amd64\n"
		       "Depends: libx\n");
	inventory_file(&c, "var/lib/dpkg/status.d/base.md5sums",
		       "d41d8cd98f00b204e9800998ecf8427e  ./etc/y\n");
	inventory_file(&c, "var/lib/dpkg/status.d/libx", "Package: libx\nVersion: 1\n");
	inventory_file(&c, "var/lib/dpkg/status.d/libx.md5sums",
		       "d41d8cd98f00b204e9800998ecf8427e  usr/lib/libx.so\n");
	inventory_file(&c, "var/lib/dpkg/status.d/odd", "nothing\n");
	inventory_read(&c);
	inventory_expect_owner(&c, "etc/y", "dpkg:base-files");
	inventory_expect_owner(&c, "usr/lib/libx.so", "dpkg:libx");
	assert_string_equal(deb(&c, "libx")->tool, "status.d");
	inventory_expect_needs(&c, IMP_MANAGER_DPKG, "base-files", "libx");
	assert_string_equal(deb(&c, "base-files")->purl,
			    "pkg:deb/debian/base-files@12.4?arch=amd64");
	inventory_expect_unreadable(&c, "var/lib/dpkg/status.d/odd ");
	inventory_finish(&c);
}

CASE(a_damaged_status_keeps_its_good_stanzas)
{
	struct inventory_case c = {0};
	inventory_file(&c, STATUS,
		       "Package: good\n" INSTALLED "\nno field here\n\n"
		       "Package: x\n" INSTALLED);
	inventory_file(&c, "var/lib/dpkg/diversions", "/a\n/b\n");
	inventory_read(&c);
	assert_int_equal(c.packages.count, 2);
	inventory_expect_unreadable(&c, "var/lib/dpkg/status var/lib/dpkg/diversions ");
	inventory_finish(&c);
}

/*
 * 40 of the 700 packages of a Debian 12 system with a compiler, a Python and numpy: what
 * `apt-get -s purge --auto-remove gcc python3-dev` took there. numpy suggests both.
 */
CASE(a_real_compiler_goes_as_apt_says)
{
	static const char expected[] =
		"cpp cpp-12 gcc gcc-12 libasan8 libatomic1 libc-dev-bin libc6-dev "
		"libcc1-0 libcrypt-dev libexpat1-dev libgcc-12-dev libisl23 libitm1 "
		"libjs-sphinxdoc libjs-underscore liblsan0 libmpc3 libmpfr6 libnsl-dev "
		"libpython3-dev libpython3.11 libpython3.11-dev libtirpc-dev libtsan2 "
		"libubsan1 linux-libc-dev python3-dev python3.11-dev rpcsvc-proto "
		"zlib1g-dev ";
	struct inventory_case c = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf freed = {0};
	struct imp_sweep_result result;
	inventory_copy(&c, STATUS, "gcc.dpkg-status");
	inventory_copy(&c, "var/lib/apt/extended_states", "gcc.extended-states");
	inventory_read(&c);
	bool *seeds = imp_arena_array(c.arena, c.packages.count, sizeof(*seeds));
	seeds[inventory_find(&c, IMP_MANAGER_DPKG, "gcc")] = true;
	seeds[inventory_find(&c, IMP_MANAGER_DPKG, "python3-dev")] = true;
	imp_sweep_run(
		&(struct imp_sweep){
			.packages = &c.packages,
			.manager = IMP_MANAGER_DPKG,
			.seeds = seeds,
		},
		c.arena, &result);
	for (size_t i = 0; i < c.packages.count; i++) {
		if (!result.freed[i])
			continue;
		imp_strbuf_add_slice(&freed, c.packages.list[i].name);
		imp_strbuf_add_char(&freed, ' ');
	}
	assert_string_equal(imp_strbuf_slice(&freed).data, expected);
	expect_text(c.packages
			    .list[result.because[inventory_find(&c, IMP_MANAGER_DPKG,
								"cpp-12")]]
			    .name,
		    "gcc");
	expect_text(c.packages
			    .list[result.because[inventory_find(&c, IMP_MANAGER_DPKG,
								"zlib1g-dev")]]
			    .name,
		    "python3-dev");
	inventory_finish(&c);
}

/* Each provides what each depends on: a product that must not be walked to its end. */
CASE(a_hundred_thousand_hostile_stanzas)
{
	struct inventory_case c = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf status = {0}, lists = {0};
	for (int i = 0; i < 100000; i++)
		imp_strbuf_printf(&status,
				  "Package: p%d\n" INSTALLED
				  "Provides: v\nDepends: v | v, v\n\n",
				  i % 90000);
	inventory_bytes(&c, STATUS, imp_strbuf_slice(&status));
	for (int i = 0; i < 1000; i++)
		imp_strbuf_printf(&lists, "/%d/../../x\n//a\n\n", i);
	inventory_bytes(&c, "var/lib/dpkg/info/p1.list", imp_strbuf_slice(&lists));
	inventory_read(&c);
	assert_int_equal(c.packages.count, 90000);
	assert_true(c.packages.dependency_count <= IMP_MAX_DEPENDENCIES);
	inventory_expect_unreadable(&c, " ");
	inventory_finish(&c);
}

/* What stands before the cut is read: it is true as far as it goes. */
CASE(a_status_that_was_cut_is_unreadable)
{
	struct inventory_case c = {0};

	inventory_file(&c, STATUS, "Package: a\n" INSTALLED "\nPackage: b\nStat");
	inventory_read(&c);
	assert_non_null(deb(&c, "a"));
	inventory_expect_unreadable(&c, STATUS " ");
	inventory_finish(&c);
}

/* Cut between two stanzas: the lists tell of more packages. What was removed has its stanza. */
CASE(packages_that_status_lost_are_missed)
{
	struct inventory_case c = {0};
	struct inventory_case whole = {0};

	inventory_file(&c, STATUS, "Package: a\n" INSTALLED "\n");
	inventory_file(&c, "var/lib/dpkg/info/b:amd64.list", "/usr/bin/b\n");
	inventory_file(&c, "var/lib/dpkg/info/d.list", "/usr/bin/d\n");
	inventory_read(&c);
	inventory_expect_unreadable(&c, STATUS " ");
	inventory_finish(&c);
	inventory_file(&whole, STATUS,
		       "Package: a\n" INSTALLED
		       "\nPackage: b\nStatus: deinstall ok config-files\n\n");
	inventory_file(&whole, "var/lib/dpkg/info/b:amd64.list", "/etc/b\n");
	inventory_read(&whole);
	inventory_expect_unreadable(&whole, "");
	inventory_finish(&whole);
}
