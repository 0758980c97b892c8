/*
 * SQLite's write-ahead log beside rpm's database and dnf's history. SQLite itself writes the logs, and
 * says what a damaged one still holds.
 */
#include "inventory_case.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "rpm_writer.h"

#define SQLITE "var/lib/rpm/rpmdb.sqlite"
#define HISTORY "var/lib/dnf/history.sqlite"

enum { FRAME = 24 + 4096, LOG_HEAD = 32, PACKAGES = 6 };

struct pair {
	char folder[32], file_path[64], log_path[64], shared_path[64];
	struct imp_strbuf file, log;
};

static void make_folder(struct pair *pair)
{
	strcpy(pair->folder, "/tmp/imgprof-wal-XXXXXX");
	assert_non_null(mkdtemp(pair->folder));
	snprintf(pair->file_path, sizeof(pair->file_path), "%s/db", pair->folder);
	snprintf(pair->log_path, sizeof(pair->log_path), "%s/db-wal", pair->folder);
	snprintf(pair->shared_path, sizeof(pair->shared_path), "%s/db-shm", pair->folder);
}

static void remove_folder(const struct pair *pair)
{
	unlink(pair->file_path);
	unlink(pair->log_path);
	unlink(pair->shared_path);
	assert_int_equal(rmdir(pair->folder), 0);
}

static void read_file(const char *path, struct imp_strbuf *out)
{
	char part[4096];
	ssize_t len;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	while ((len = read(fd, part, sizeof(part))) > 0)
		imp_strbuf_add(out, part, (size_t)len);
	close(fd);
}

static void write_file(const char *path, struct imp_slice content)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, content.data, content.len), content.len);
	close(fd);
}

static void execute(sqlite3 *db, const char *script)
{
	if (sqlite3_exec(db, script, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
}

/* What a process leaves that was killed: BEFORE in the database, AFTER in the log alone. */
static void write_pair(struct pair *pair, const char *before, const char *after)
{
	sqlite3 *db = NULL;

	*pair = (struct pair){0};
	make_folder(pair);
	assert_int_equal(sqlite3_open(pair->file_path, &db), SQLITE_OK);
	execute(db, "PRAGMA page_size=4096; PRAGMA journal_mode=WAL; "
		    "PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=1;");
	execute(db, before);
	execute(db, "PRAGMA wal_checkpoint(TRUNCATE)");
	execute(db, after);
	read_file(pair->file_path, &pair->file);
	read_file(pair->log_path, &pair->log);
	sqlite3_close(db);
	remove_folder(pair);
}

static void pair_finish(struct pair *pair)
{
	imp_strbuf_finish(&pair->file);
	imp_strbuf_finish(&pair->log);
}

/* A statement a package, each a transaction: "p0", "p1" ... with a header larger than a page. */
static void add_packages(struct imp_strbuf *script, int first, int count)
{
	for (int i = first; i < first + count; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0}, blob = {0};
		imp_strbuf_printf(&text, "N p%d\nV 1\nR 1\n", i);
		for (int k = 0; k < 600; k++)
			imp_strbuf_printf(&text, "p cap%d\n", k);
		rpm_writer_header(&blob, text.data);
		imp_strbuf_add_text(script, "INSERT INTO Packages (blob) VALUES (x'");
		for (size_t k = 0; k < blob.len; k++)
			imp_strbuf_printf(script, "%02x", (unsigned char)blob.data[k]);
		imp_strbuf_add_text(script, "');");
	}
}

static void write_packages(struct pair *pair, int in_file, int in_log)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf before = {0}, after = {0};

	imp_strbuf_add_text(&before, "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY "
				     "AUTOINCREMENT, blob BLOB NOT NULL);");
	add_packages(&before, 0, in_file);
	add_packages(&after, in_file, in_log);
	imp_strbuf_add(&after, "", 0);
	write_pair(pair, before.data, after.data);
}

static void read_packages(struct inventory_case *c, const struct pair *pair)
{
	inventory_bytes(c, SQLITE, imp_strbuf_slice(&pair->file));
	inventory_bytes(c, SQLITE "-wal", imp_strbuf_slice(&pair->log));
	inventory_read(c);
}

static void expect_count(const struct pair *pair, size_t count)
{
	struct inventory_case c = {0};
	read_packages(&c, pair);
	inventory_expect_unreadable(&c, "");
	assert_int_equal(c.packages.count, count);
	inventory_finish(&c);
}

/* As many packages as SQLite finds in the same two files. */
static size_t count_by_sqlite(struct pair *pair)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *rows = NULL;
	size_t count = 0;

	make_folder(pair);
	write_file(pair->file_path, imp_strbuf_slice(&pair->file));
	write_file(pair->log_path, imp_strbuf_slice(&pair->log));
	assert_int_equal(sqlite3_open(pair->file_path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_prepare_v2(db, "SELECT blob FROM Packages", -1, &rows, NULL),
		SQLITE_OK);
	while (sqlite3_step(rows) == SQLITE_ROW)
		count++;
	sqlite3_finalize(rows);
	sqlite3_close(db);
	remove_folder(pair);
	return count;
}

CASE(what_the_log_alone_holds_is_read)
{
	struct pair pair;
	write_packages(&pair, 2, 4);
	assert_int_equal(count_by_sqlite(&pair), PACKAGES);
	expect_count(&pair, PACKAGES);
	pair_finish(&pair);
}

CASE(a_database_that_is_in_the_log_but_for_its_first_page)
{
	struct pair pair;
	imp_auto(imp_strbuf_finish) struct imp_strbuf script = {0};
	imp_strbuf_add_text(&script, "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY "
				     "AUTOINCREMENT, blob BLOB NOT NULL);");
	add_packages(&script, 0, 3);
	write_pair(&pair, "", script.data);
	assert_int_equal(pair.file.len, 4096);
	expect_count(&pair, 3);
	pair_finish(&pair);
}

CASE(a_log_may_make_the_database_smaller)
{
	struct pair pair;
	imp_auto(imp_strbuf_finish) struct imp_strbuf before = {0};
	imp_strbuf_add_text(&before, "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY "
				     "AUTOINCREMENT, blob BLOB NOT NULL);");
	add_packages(&before, 0, 5);
	write_pair(&pair, before.data, "DELETE FROM Packages WHERE hnum > 2; VACUUM;");
	expect_count(&pair, 2);
	pair_finish(&pair);
}

CASE(what_was_not_committed_is_not_read)
{
	struct pair pair;
	imp_auto(imp_strbuf_finish) struct imp_strbuf before = {0}, after = {0};
	imp_strbuf_add_text(&before, "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY "
				     "AUTOINCREMENT, blob BLOB NOT NULL);");
	add_packages(&after, 0, 2);
	imp_strbuf_add_text(&after, "BEGIN;");
	add_packages(&after, 2, 40); /* more than the cache: frames are written early */
	write_pair(&pair, before.data, after.data);
	assert_true(pair.log.len > 40 * FRAME);
	assert_int_equal(count_by_sqlite(&pair), 2);
	expect_count(&pair, 2);
	pair_finish(&pair);
}

/* A byte changed anywhere, and the end missing: what stands before is read, as SQLite reads it. */
CASE(a_damaged_log_ends_where_sqlite_ends_it)
{
	struct pair pair;
	write_packages(&pair, 1, 5);
	size_t len = pair.log.len;
	for (size_t at = 0; at < len; at += at < LOG_HEAD ? 5 : 4099) {
		pair.log.data[at] ^= 0x20;
		expect_count(&pair, count_by_sqlite(&pair));
		pair.log.data[at] ^= 0x20;
	}
	for (size_t frames = 0; frames * FRAME + LOG_HEAD < len; frames += 3) {
		pair.log.len = LOG_HEAD + frames * FRAME + 100;
		expect_count(&pair, count_by_sqlite(&pair));
	}
	pair_finish(&pair);
}

/* Frames of the log before this one stand behind its end, with other salts. */
CASE(a_log_that_was_begun_anew)
{
	struct pair pair, next;
	write_packages(&pair, 1, 5);
	write_packages(&next, 1, 1);
	assert_true(next.log.len < pair.log.len);
	memcpy(pair.log.data, next.log.data, next.log.len);
	imp_strbuf_reset(&pair.file);
	imp_strbuf_add_slice(&pair.file, imp_strbuf_slice(&next.file));
	assert_int_equal(count_by_sqlite(&pair), 2);
	expect_count(&pair, 2);
	pair_finish(&pair);
	pair_finish(&next);
}

/* Sums that fit, numbers that lie: the first frame, and the commit at the log's end. */
static void expect_bounded(uint32_t page, uint32_t page_count)
{
	struct pair pair;
	struct inventory_case c = {0};
	write_packages(&pair, 1, 5);
	size_t last = LOG_HEAD + (pair.log.len - LOG_HEAD) / FRAME * FRAME - FRAME;
	rpm_writer_set_frame(&pair.log, LOG_HEAD, page, 0);
	rpm_writer_set_frame(&pair.log, last, 0, page_count);
	rpm_writer_sum_log(&pair.log, 4096);
	read_packages(&c, &pair);
	assert_true(c.packages.count <= PACKAGES);
	inventory_finish(&c);
	pair_finish(&pair);
}

CASE(frames_with_lying_numbers)
{
	expect_bounded(0, 0);
	expect_bounded(UINT32_MAX, 0);
	expect_bounded(0, UINT32_MAX);
	expect_bounded(0, 1);
	expect_bounded(0x7fffffff, 0x7fffffff);
}

/* Sums are over numbers of either byte order; ours come from the specification. */
CASE(a_log_of_either_byte_order)
{
	struct pair pair;
	write_packages(&pair, 2, 4);
	for (char order = 0; order < 2; order++) {
		pair.log.data[3] = (char)(pair.log.data[3] & ~1) | order;
		rpm_writer_sum_log(&pair.log, 4096);
		assert_int_equal(count_by_sqlite(&pair), PACKAGES);
		expect_count(&pair, PACKAGES);
	}
	pair_finish(&pair);
}

static void expect_refused(const struct pair *pair)
{
	struct inventory_case c = {0};
	read_packages(&c, pair);
	inventory_expect_unreadable(&c, SQLITE "-wal ");
	assert_int_equal(c.packages.count, 2);
	inventory_finish(&c);
}

CASE(a_log_of_another_version_is_reported)
{
	struct pair pair;
	write_packages(&pair, 2, 4);
	pair.log.data[7]++;
	rpm_writer_sum_log(&pair.log, 4096);
	expect_refused(&pair);
	pair_finish(&pair);
}

CASE(a_log_of_other_pages_is_reported)
{
	struct pair pair;
	write_packages(&pair, 2, 4);
	pair.log.data[10] = 0x02; /* 512 */
	rpm_writer_set_frame(&pair.log, LOG_HEAD, 0, 9);
	rpm_writer_sum_log(&pair.log, 512);
	expect_refused(&pair);
	pair_finish(&pair);
}

CASE(an_empty_log_is_none)
{
	struct pair pair;
	write_packages(&pair, 2, 4);
	pair.log.len = 0;
	expect_count(&pair, 2);
	imp_strbuf_add(&pair.log, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	expect_count(&pair, 2);
	pair_finish(&pair);
}

CASE(the_log_of_dnfs_history)
{
	struct pair pair, history;
	struct inventory_case c = {0};
	write_packages(&pair, 1, 0);
	write_pair(
		&history,
		"CREATE TABLE trans (id INTEGER PRIMARY KEY, state INTEGER);"
		"CREATE TABLE rpm (item_id INTEGER PRIMARY KEY, name TEXT, arch TEXT);"
		"CREATE TABLE trans_item (id INTEGER PRIMARY KEY, trans_id INTEGER,"
		" item_id INTEGER, action INTEGER, reason INTEGER, state INTEGER);",
		"INSERT INTO trans VALUES (1, 1); INSERT INTO rpm VALUES (1, 'p0', '');"
		"INSERT INTO trans_item VALUES (1, 1, 1, 1, 4, 1);");
	inventory_bytes(&c, HISTORY, imp_strbuf_slice(&history.file));
	inventory_bytes(&c, HISTORY "-wal", imp_strbuf_slice(&history.log));
	read_packages(&c, &pair);
	assert_int_equal(inventory_package(&c, IMP_MANAGER_RPM, "p0")->flags,
			 IMP_PACKAGE_WEAK);
	inventory_finish(&c);
	pair_finish(&pair);
	pair_finish(&history);
}
