/* apk's records: classification.md 2.3. */
#include "inventory_case.h"

#define INSTALLED "lib/apk/db/installed"

static const struct imp_package *apk(const struct inventory_case *c, const char *name)
{
	return inventory_package(c, IMP_MANAGER_APK, name);
}

/* Fields and order as apk writes them. */
static const char installed[] =
	"C:Q1abc=\nP:musl\nV:1.2.4-r2\nA:x86_64\nS:390\nI:630\nT:the musl c library\n"
	"U:https://musl.libc.org/\nL:MIT\no:musl\nm:Someone <a@b>\nt:1\nc:f\n"
	"p:so:libc.musl-x86_64.so.1=1\n"
	"F:lib\nR:ld-musl-x86_64.so.1\na:0:0:755\nZ:Q1xyz=\n"
	"R:libc.musl-x86_64.so.1\na:0:0:777\n\n"
	"P:busybox\nV:1.36-r5\nA:x86_64\no:busybox\n"
	"D:so:libc.musl-x86_64.so.1\np:/bin/sh cmd:busybox=1.36-r5\n"
	"F:\nR:top\nF:bin\nM:0:0:755\nR:busybox\na:0:0:755\nF:none\nR:x\n\n"
	"P:zlib\nV:1.3-r0\no:zlib\nD:so:libc.musl-x86_64.so.1\n"
	"p:so:libz.so.1=1.3\nF:lib\nR:libz.so.1.3\n\n"
	"P:zlib-dev\nV:1.3-r0\no:zlib\nD:pc:none zlib=1.3-r0\np:pc:zlib=1.3\n"
	"F:usr/include\nR:zlib.h\n\n"
	"P:app\nV:1\nD:/bin/sh so:libz.so.1 !uclibc  cmd:busybox>=1 /bin/tool\n\n"
	"P:tools\nV:1\nF:bin\nR:tool\n\n"
	"P:.build-deps\nV:20240101.000000\nA:noarch\nT:virtual meta package\n"
	"D:zlib-dev pc:zlib\n";

static void read_alpine(struct inventory_case *c, const char *path)
{
	inventory_lines(c, "file lib/ld-musl-x86_64.so.1 100\nfile lib/libz.so.1.3 50\n"
			   "symlink lib/libc.musl-x86_64.so.1 -> ld-musl-x86_64.so.1\n"
			   "file bin/busybox 30\nlink bin/sh -> bin/busybox\n"
			   "file usr/include/zlib.h 7\nfile top 1\nfile bin/tool 2\n");
	inventory_file(c, path, installed);
	inventory_file(c, "etc/apk/world", "app>=1\n.build-deps\nbusybox@edge\n!x\n\n");
	inventory_file(c, "etc/os-release", "ID=\"wolfi\"\n");
	inventory_read(c);
}

CASE(blocks_become_packages_with_files)
{
	struct inventory_case c = {0};
	read_alpine(&c, INSTALLED);
	assert_int_equal(c.packages.count, 7);
	inventory_expect_owner(&c, "lib/ld-musl-x86_64.so.1", "apk:musl");
	inventory_expect_owner(&c, "bin/sh", "apk:busybox");
	inventory_expect_owner(&c, "top", "apk:busybox");
	inventory_expect_owner(&c, "usr/include/zlib.h", "apk:zlib-dev");
	assert_string_equal(apk(&c, "musl")->purl,
			    "pkg:apk/wolfi/musl@1.2.4-r2?arch=x86_64");
	assert_true(imp_slice_is(apk(&c, "zlib-dev")->source, "zlib"));
	assert_int_equal(apk(&c, "zlib-dev")->twin,
			 inventory_find(&c, IMP_MANAGER_APK, "zlib"));
	inventory_expect_unreadable(&c, "");
	inventory_finish(&c);
}

CASE(needs_go_over_names_sonames_commands_and_paths)
{
	struct inventory_case c = {0};
	read_alpine(&c, "usr/lib/apk/db/installed");
	inventory_expect_needs(&c, IMP_MANAGER_APK, "app", "busybox zlib busybox tools");
	inventory_expect_needs(&c, IMP_MANAGER_APK, "zlib", "musl");
	inventory_expect_needs(&c, IMP_MANAGER_APK, "zlib-dev", "zlib");
	inventory_expect_needs(&c, IMP_MANAGER_APK, ".build-deps", "zlib-dev zlib-dev");
	inventory_finish(&c);
}

CASE(world_names_the_roots)
{
	struct inventory_case c = {0};
	bool orphan[7];
	read_alpine(&c, INSTALLED);
	assert_true(inventory_knows_roots(&c, IMP_MANAGER_APK));
	assert_int_equal(apk(&c, "app")->flags, IMP_PACKAGE_ROOT);
	assert_int_equal(apk(&c, "busybox")->flags, IMP_PACKAGE_ROOT);
	assert_int_equal(apk(&c, "zlib")->flags, 0);
	assert_int_equal(apk(&c, ".build-deps")->flags,
			 IMP_PACKAGE_ROOT | IMP_PACKAGE_VIRTUAL);
	imp_sweep_orphans(&c.packages, IMP_MANAGER_APK, NULL, orphan);
	for (size_t i = 0; i < 7; i++)
		assert_false(orphan[i]);
	inventory_finish(&c);
}

CASE(a_leftover_virtual_package_frees_what_only_it_needs)
{
	struct inventory_case c = {0};
	struct imp_sweep_result result;
	bool seeds[7] = {false};
	read_alpine(&c, INSTALLED);
	uint32_t virtual = inventory_find(&c, IMP_MANAGER_APK, ".build-deps");
	seeds[virtual] = true;
	imp_sweep_run(
		&(struct imp_sweep){
			.packages = &c.packages,
			.manager = IMP_MANAGER_APK,
			.seeds = seeds,
		},
		c.arena, &result);
	for (uint32_t p = 0; p < 7; p++)
		assert_int_equal(result.freed[p],
				 p == virtual || p == inventory_find(&c, IMP_MANAGER_APK,
								     "zlib-dev"));
	inventory_finish(&c);
}

CASE(without_world_everything_was_asked_for)
{
	struct inventory_case c = {0};
	inventory_file(&c, INSTALLED, "P:a\nV:1\n");
	inventory_read(&c);
	assert_false(inventory_knows_roots(&c, IMP_MANAGER_APK));
	assert_int_equal(apk(&c, "a")->flags, IMP_PACKAGE_ROOT);
	assert_string_equal(apk(&c, "a")->purl, "pkg:apk/alpine/a@1");
	inventory_finish(&c);
}

/* Alpine 3.22 merges /usr: the old place leads to the new one. */
CASE(a_database_in_both_places_is_read_once)
{
	struct inventory_case c = {0};
	inventory_lines(&c, "symlink lib -> usr/lib\nfile usr/lib/libz.so 5\n");
	inventory_file(&c, "usr/lib/apk/db/installed", "P:a\nV:1\nF:lib\nR:libz.so\n");
	inventory_read(&c);
	assert_int_equal(c.packages.count, 1);
	inventory_expect_owner(&c, "usr/lib/libz.so", "apk:a");
	inventory_finish(&c);
}

CASE(damage_is_reported_and_the_rest_stands)
{
	struct inventory_case c = {0};
	inventory_file(&c, INSTALLED,
		       "P:a\nV:1\n\n\x01\xff\n\nV:2\n\nP:b\nR:early\nF:\nR");
	inventory_read(&c);
	assert_int_equal(c.packages.count, 2);
	inventory_expect_unreadable(&c, INSTALLED " ");
	inventory_finish(&c);
}

CASE(a_hundred_thousand_hostile_blocks)
{
	struct inventory_case c = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	for (int i = 0; i < 100000; i++)
		imp_strbuf_printf(&text,
				  "P:p%d\np:v so:x\nD:v so:x /bin/sh\nF:../..\nR:..\n\n",
				  i % 10);
	inventory_bytes(&c, INSTALLED, imp_strbuf_slice(&text));
	inventory_file(&c, "etc/apk/world", "p1\n\nv\n");
	inventory_read(&c);
	assert_int_equal(c.packages.count, 100000);
	inventory_expect_unreadable(&c, " ");
	inventory_finish(&c);
}
