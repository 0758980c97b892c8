/* rpm's records without librpm, dnf's reasons: classification.md 2.1, 2.4. */
#include "inventory_case.h"

#include <sqlite3.h>

#include "rpm_writer.h"

#define SQLITE "var/lib/rpm/rpmdb.sqlite"
#define NDB "usr/lib/sysimage/rpm/Packages.db"
#define BDB "var/lib/rpm/Packages"

static const char *const headers[] = {
	"N bash\nV 5.1.8\nR 6.el9\nA x86_64\nG Unspecified\nS bash-5.1.8-6.el9.src.rpm\n"
	"F 0 0 /usr/bin bash\nF 0 2 /usr/share/doc/bash README\n"
	"F 2 2 /usr/share/man/man1 bash.1.gz\nF 0 128 /usr/share/licenses/bash COPYING\n"
	"F 1 0 /etc replaced\np bash\np /bin/sh\n"
	"q rpmlib(CompressedFileNames)\nq libc.so.6()(64bit)\nq filesystem\n",
	"N glibc\nV 2.34\nR 1\nE 1\nA x86_64\nG System\nS glibc-2.34-1.src.rpm\n"
	"F 0 0 /lib64 libc.so.6\np libc.so.6()(64bit)\nw langpack\n",
	"N glibc-devel\nV 2.34\nR 1\nA x86_64\nS glibc-2.34-1.src.rpm\n"
	"q (glibc = 2.34 or (musl and bash))\nq /usr/bin/bash\ns tips\n",
	"N langpack\nV 1\nu glibc\n",
	"N tips\nV 1\no /usr/share/tips\n",
	"N gpg-pubkey\nV 1\nR 2\n", /* small enough for bdb to keep it in the page */
};
enum { HEADERS = sizeof(headers) / sizeof(headers[0]) };

static void write_database(struct imp_strbuf *out, const char *path, bool big_endian)
{
	struct imp_strbuf texts[HEADERS] = {0};
	struct imp_slice blobs[HEADERS];

	for (size_t i = 0; i < HEADERS; i++) {
		rpm_writer_header(&texts[i], headers[i]);
		blobs[i] = imp_strbuf_slice(&texts[i]);
	}
	if (strcmp(path, SQLITE) == 0)
		rpm_writer_sqlite(out, blobs, HEADERS);
	else if (strcmp(path, NDB) == 0)
		rpm_writer_ndb(out, blobs, HEADERS);
	else
		rpm_writer_bdb(out, blobs, HEADERS, big_endian);
	for (size_t i = 0; i < HEADERS; i++)
		imp_strbuf_finish(&texts[i]);
}

static void add_database(struct inventory_case *c, const char *path, bool big_endian)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf file = {0};

	write_database(&file, path, big_endian);
	inventory_bytes(c, path, imp_strbuf_slice(&file));
}

static const struct imp_package *rpm(const struct inventory_case *c, const char *name)
{
	return inventory_package(c, IMP_MANAGER_RPM, name);
}

static void expect_text(struct imp_slice found, const char *expected)
{
	if (!imp_slice_is(found, expected))
		fail_msg("'%.*s', expected '%s'", (int)found.len, found.data, expected);
}

static bool is_documentation(const struct inventory_case *c, const char *path)
{
	return c->packages.is_documentation[imp_tree_file_at(
		c->tree, imp_tree_find(c->tree, imp_slice_of(path)))];
}

static void expect_all(const char *path, bool big_endian)
{
	struct inventory_case c = {0};
	inventory_lines(&c,
			"symlink lib64 -> usr/lib64\nfile usr/lib64/libc.so.6 9\n"
			"file usr/bin/bash 8\nfile usr/share/doc/bash/README 7\n"
			"file usr/share/licenses/bash/COPYING 6\nfile etc/replaced 5\n"
			"file usr/share/man/man1/bash.1.gz 4\nfile usr/share/tips 3\n");
	inventory_file(&c, "etc/os-release", "ID=\"rocky\"\n");
	add_database(&c, path, big_endian);
	inventory_read(&c);
	assert_int_equal(c.packages.count, HEADERS);
	expect_text(rpm(&c, "bash")->version, "5.1.8-6.el9");
	expect_text(rpm(&c, "bash")->source, "bash");
	expect_text(rpm(&c, "bash")->section, "");
	expect_text(rpm(&c, "glibc")->section, "System");
	expect_text(rpm(&c, "glibc")->version, "1:2.34-1");
	assert_string_equal(rpm(&c, "glibc")->purl,
			    "pkg:rpm/rocky/glibc@2.34-1?arch=x86_64&epoch=1");
	inventory_expect_owner(&c, "usr/lib64/libc.so.6", "rpm:glibc");
	inventory_expect_owner(&c, "usr/bin/bash", "rpm:bash");
	inventory_expect_owner(&c, "usr/share/tips", "rpm:tips");
	inventory_expect_owner(&c, "etc/replaced", "");
	inventory_expect_owner(&c, "usr/share/man/man1/bash.1.gz", "");
	assert_true(is_documentation(&c, "usr/share/doc/bash/README"));
	assert_false(is_documentation(&c, "usr/share/licenses/bash/COPYING"));
	assert_false(is_documentation(&c, "usr/bin/bash"));
	inventory_expect_needs(&c, IMP_MANAGER_RPM, "bash", "glibc");
	inventory_expect_needs(&c, IMP_MANAGER_RPM, "glibc", "(langpack) (langpack)");
	inventory_expect_needs(&c, IMP_MANAGER_RPM, "glibc-devel",
			       "bash|glibc bash (tips)");
	assert_int_equal(rpm(&c, "glibc-devel")->twin,
			 inventory_find(&c, IMP_MANAGER_RPM, "glibc"));
	assert_int_equal(rpm(&c, "bash")->flags, IMP_PACKAGE_ROOT);
	assert_false(inventory_knows_roots(&c, IMP_MANAGER_RPM));
	inventory_expect_unreadable(&c, "");
	inventory_finish(&c);
}

/* A symlink, a folder, a file that was not installed, and a path through a folder's symlink. */
CASE(a_required_path_is_of_who_lists_it)
{
	static const char *const texts[] = {
		"N user\nV 1\nq /bin/sh\nq /usr/share/doc\nq (/opt/gone or none)\nq /sbin/tool\n",
		"N bash\nV 1\nF 0 0 /bin bash\nF 0 0 /bin sh\n",
		"N docs\nV 1\nF 0 0 /usr/share doc\nF 2 2 /opt gone\n",
		"N gone\nV 1\no /opt/gone\n",
		"N tool\nV 1\nF 0 0 /usr/sbin tool\n",
	};
	enum { COUNT = sizeof(texts) / sizeof(texts[0]) };
	struct inventory_case c = {0};
	struct imp_strbuf blobs[COUNT] = {0};
	struct imp_slice slices[COUNT];
	imp_auto(imp_strbuf_finish) struct imp_strbuf file = {0};
	for (size_t i = 0; i < COUNT; i++) {
		rpm_writer_header(&blobs[i], texts[i]);
		slices[i] = imp_strbuf_slice(&blobs[i]);
	}
	rpm_writer_ndb(&file, slices, COUNT);
	for (size_t i = 0; i < COUNT; i++)
		imp_strbuf_finish(&blobs[i]);
	inventory_lines(&c, "file bin/bash 3\nsymlink bin/sh -> bash\n"
			    "symlink sbin -> usr/sbin\nfile usr/sbin/tool 4\n");
	inventory_bytes(&c, NDB, imp_strbuf_slice(&file));
	inventory_read(&c);
	inventory_expect_needs(&c, IMP_MANAGER_RPM, "user", "bash docs docs|gone tool");
	inventory_finish(&c);
}

CASE(headers_in_sqlite)
{
	expect_all(SQLITE, false);
}

CASE(headers_in_ndb)
{
	expect_all(NDB, false);
}

CASE(headers_in_berkeley_db_of_either_byte_order)
{
	expect_all(BDB, false);
	expect_all(BDB, true);
}

static void add_history(struct inventory_case *c)
{
	sqlite3 *db = NULL;
	sqlite3_int64 size;
	/* the tables and columns of dnf 4 that matter */
	static const char script[] =
		"CREATE TABLE trans (id INTEGER PRIMARY KEY, state INTEGER);"
		"CREATE TABLE rpm (item_id INTEGER PRIMARY KEY, name TEXT, arch TEXT);"
		"CREATE TABLE trans_item (id INTEGER PRIMARY KEY, trans_id INTEGER,"
		" item_id INTEGER, action INTEGER, reason INTEGER, state INTEGER);"
		"INSERT INTO trans VALUES (1, 1), (2, 1), (3, 2);"
		"INSERT INTO rpm VALUES (1, 'bash', 'x86_64'), (2, 'glibc', 'x86_64'),"
		" (3, 'glibc-devel', 'x86_64'), (4, 'bash', 'i686');"
		"INSERT INTO trans_item VALUES (1, 1, 1, 1, 1, 1), (2, 1, 2, 1, 4, 1),"
		" (3, 1, 3, 1, 1, 1), (4, 2, 1, 6, 2, 1), (5, 2, 3, 7, 2, 1),"
		" (6, 3, 2, 1, 2, 1), (7, 2, 4, 1, 1, 1);";
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, script, NULL, NULL, NULL), SQLITE_OK);
	unsigned char *bytes = sqlite3_serialize(db, "main", &size, 0);
	inventory_bytes(c, "var/lib/dnf/history.sqlite",
			imp_slice((const char *)bytes, (size_t)size));
	sqlite3_free(bytes);
	sqlite3_close(db);
}

CASE(dnfs_history_gives_reasons)
{
	struct inventory_case c = {0};
	add_database(&c, SQLITE, false);
	add_history(&c);
	inventory_read(&c);
	assert_true(inventory_knows_roots(&c, IMP_MANAGER_RPM));
	/* upgraded by a person after it came as a dependency */
	assert_int_equal(rpm(&c, "bash")->flags, IMP_PACKAGE_ROOT);
	/* the transaction that asked for it failed */
	assert_int_equal(rpm(&c, "glibc")->flags, IMP_PACKAGE_WEAK);
	/* the row of the replaced version does not count */
	assert_int_equal(rpm(&c, "glibc-devel")->flags, 0);
	/* unknown to dnf */
	assert_int_equal(rpm(&c, "tips")->flags, IMP_PACKAGE_ROOT);
	inventory_expect_unreadable(&c, "");
	inventory_finish(&c);
}

CASE(dnf5_writes_toml)
{
	struct inventory_case c = {0};
	add_database(&c, SQLITE, false);
	inventory_file(&c, "usr/lib/sysimage/libdnf5/packages.toml",
		       "version = \"1.0\"\n# comment\n[packages]\n"
		       "\"glibc.x86_64\" = { reason = \"Weak Dependency\" }\n"
		       "[packages.\"bash.x86_64\"]\nreason = \"Dependency\"\n"
		       "[packages.\"glibc-devel.x86_64\"]\nother = 1\nreason = \"User\"\n"
		       "[other]\nreason = \"x\"\nlist = [1]\n");
	inventory_read(&c);
	assert_int_equal(rpm(&c, "bash")->flags, 0);
	assert_int_equal(rpm(&c, "glibc")->flags, IMP_PACKAGE_WEAK);
	assert_int_equal(rpm(&c, "glibc-devel")->flags, IMP_PACKAGE_ROOT);
	assert_true(inventory_knows_roots(&c, IMP_MANAGER_RPM));
	inventory_expect_unreadable(&c, "");
	inventory_finish(&c);
}

static void expect_unreadable(const char *path, struct imp_slice file, size_t packages)
{
	struct inventory_case c = {0};
	inventory_bytes(&c, path, file);
	inventory_read(&c);
	if (c.packages.unreadable_count == 0)
		fail_msg("%s: nothing is unreadable", path);
	assert_int_equal(c.packages.count, packages);
	inventory_finish(&c);
}

CASE(damaged_databases_are_unreadable)
{
	static const char *const paths[] = {SQLITE, NDB, BDB};
	for (size_t i = 0; i < 3; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf file = {0};
		write_database(&file, paths[i], false);
		expect_unreadable(paths[i], IMP_SLICE(""), 0);
		expect_unreadable(paths[i], IMP_SLICE("RpmP"), 0);
		expect_unreadable(paths[i], imp_slice(file.data, 90), 0);
	}
}

CASE(damaged_reasons_are_unreadable)
{
	struct inventory_case c = {0};
	add_database(&c, SQLITE, false);
	inventory_file(&c, "usr/lib/sysimage/libdnf5/packages.toml",
		       "[packages]\n\"bash.x86_64");
	inventory_file(&c, "var/lib/dnf/history.sqlite", "SQLite");
	inventory_read(&c);
	assert_int_equal(c.packages.count, HEADERS);
	assert_false(inventory_knows_roots(&c, IMP_MANAGER_RPM));
	inventory_expect_unreadable(&c, "var/lib/dnf/history.sqlite "
					"usr/lib/sysimage/libdnf5/packages.toml ");
	inventory_finish(&c);
}

static void set_bytes(struct imp_strbuf *file, size_t at, const char *bytes, size_t len)
{
	memcpy(file->data + at, bytes, len);
}

CASE(ndb_with_lying_numbers)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf file = {0};
	write_database(&file, NDB, false);
	set_bytes(&file, 12, "\xff\xff\xff\xff", 4); /* pages of slots */
	expect_unreadable(NDB, imp_strbuf_slice(&file), 0);
	set_bytes(&file, 12, "\1\0\0\0", 4);
	set_bytes(&file, 32 + 8, "\xff\xff\xff\xff", 4); /* where the first blob is */
	expect_unreadable(NDB, imp_strbuf_slice(&file), HEADERS - 1);
	set_bytes(&file, 32 + 8, "\0\1\0\0", 4);
	set_bytes(&file, 4096 + 12, "\xff\xff\xff\x7f", 4); /* its length */
	expect_unreadable(NDB, imp_strbuf_slice(&file), HEADERS - 1);
	/* counts in the second header, which follows the first blob */
	size_t second = (size_t)(unsigned char)file.data[64 + 8] * 16 +
			(size_t)(unsigned char)file.data[64 + 9] * 4096;
	set_bytes(&file, second + 16, "\xff\xff\xff\xff", 4);
	expect_unreadable(NDB, imp_strbuf_slice(&file), HEADERS - 2);
}

/* Every slot names one large blob: what they have together is more than the file. */
CASE(ndb_slots_that_share_a_blob)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf file = {0};
	write_database(&file, NDB, false);
	for (size_t at = 64; at < 4096; at += 16) {
		set_bytes(&file, at + 4, "\1\0\0\0", 4);
		memcpy(file.data + at + 8, file.data + 32 + 8, 8);
	}
	struct inventory_case c = {0};
	inventory_bytes(&c, NDB, imp_strbuf_slice(&file));
	inventory_read(&c);
	assert_true(c.packages.count < 100);
	inventory_expect_unreadable(&c, NDB " ");
	inventory_finish(&c);
}

CASE(bdb_chains_that_turn_or_leave)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf file = {0};
	write_database(&file, BDB, false);
	/* page 3 is the first of the first chain: to itself, then out of the file */
	set_bytes(&file, 3 * 512 + 16, "\3\0\0\0", 4);
	expect_unreadable(BDB, imp_strbuf_slice(&file), HEADERS - 1);
	set_bytes(&file, 3 * 512 + 16, "\xff\xff\xff\xff", 4);
	expect_unreadable(BDB, imp_strbuf_slice(&file), HEADERS - 1);
	set_bytes(&file, 512 + 20, "\xff\xff", 2); /* items of a page */
	expect_unreadable(BDB, imp_strbuf_slice(&file), HEADERS / 2);
}

/* A view in the table's place that would give rows for ever. */
CASE(sqlite_that_never_ends)
{
	sqlite3 *db = NULL;
	sqlite3_int64 size;
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(
			db,
			"CREATE VIEW Packages AS WITH RECURSIVE n(hnum) AS (SELECT 1 "
			"UNION ALL SELECT hnum + 1 FROM n) SELECT hnum, x'00' AS "
			"blob FROM n WHERE hnum < 0",
			NULL, NULL, NULL),
		SQLITE_OK);
	unsigned char *bytes = sqlite3_serialize(db, "main", &size, 0);
	expect_unreadable(SQLITE, imp_slice((const char *)bytes, (size_t)size), 0);
	sqlite3_free(bytes);
	sqlite3_close(db);
}

/* Four times what is kept of other files: 64 MiB. */
CASE(a_database_that_is_too_large_is_said_so)
{
	struct inventory_case c = {0};
	inventory_lines(&c, "file " SQLITE " 67108865\n");
	inventory_read(&c);
	assert_int_equal(c.packages.count, 0);
	inventory_expect_unreadable(&c, SQLITE " ");
	assert_string_equal(c.packages.unreadable[0].reason,
			    "larger than what is kept of a file");
	inventory_finish(&c);
}
