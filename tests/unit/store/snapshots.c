/* Snapshots in SQLite: what is kept, replaced, refused. */
#include "case.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "imgprof/snapshots.h"
#include "imgprof/strbuf.h"

struct bench {
	char directory[64];
	char file[96];
	const char *state; /* XDG_STATE_HOME */
	struct imp_context context;
	struct imp_arena *arena;
	struct imp_snapshots *snapshots;
};

static const char *environment(void *user, const char *name)
{
	const struct bench *bench = user;

	if (strcmp(name, "HOME") == 0)
		return bench->directory;
	return strcmp(name, "XDG_STATE_HOME") == 0 ? bench->state : NULL;
}

static void prepare(struct bench *bench)
{
	*bench = (struct bench){.directory = "/tmp/imgprof-snapshots-XXXXXX"};
	assert_non_null(mkdtemp(bench->directory));
	snprintf(bench->file, sizeof(bench->file), "%s/db", bench->directory);
	bench->context = (struct imp_context){.getenv = environment, .user = bench};
	bench->arena = imp_arena_create();
}

static void finish(struct bench *bench)
{
	char command[128];

	imp_snapshots_destroy(bench->snapshots);
	imp_arena_destroy(bench->arena);
	snprintf(command, sizeof(command), "rm -rf %s", bench->directory);
	assert_int_equal(system(command), 0);
}

static int reopen(struct bench *bench, bool write, struct imp_error *err)
{
	imp_snapshots_destroy(bench->snapshots);
	bench->snapshots = NULL;
	return imp_snapshots_open(&bench->context, bench->file, write, &bench->snapshots,
				  err);
}

static struct imp_snapshot row(int64_t time_s, const char *scope, const char *repository,
			       uint64_t stored)
{
	return (struct imp_snapshot){.scope = imp_slice_of(scope),
				     .domain = IMP_SLICE("repository"),
				     .repository = imp_slice_of(repository),
				     .time_s = time_s,
				     .stored_bytes = stored,
				     .images = 2,
				     .tags = 3};
}

static void put(struct bench *bench, const struct imp_snapshot *rows, size_t count)
{
	struct imp_error err = {0};
	assert_ok(imp_snapshots_put(bench->snapshots, rows, count, &err), &err);
}

static struct imp_snapshot_list list(struct bench *bench, const char *scope, bool whole)
{
	struct imp_error err = {0};
	struct imp_snapshot_list found = {0};
	struct imp_slice wanted = scope ? imp_slice_of(scope) : (struct imp_slice){0};

	assert_ok(imp_snapshots_read(bench->snapshots, wanted, (struct imp_slice){0},
				     whole, bench->arena, &found, &err),
		  &err);
	return found;
}

/* SQL by the library itself, as any other program would run it. */
static void sql(struct bench *bench, const char *text)
{
	sqlite3 *db = NULL;

	imp_snapshots_destroy(bench->snapshots);
	bench->snapshots = NULL;
	assert_int_equal(sqlite3_open(bench->file, &db), SQLITE_OK);
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static void fill(struct bench *bench)
{
	struct imp_error err = {0};
	const struct imp_snapshot first[] = {row(100, "s", "", 7),
					     row(100, "s", "a\xff", 7)};
	const struct imp_snapshot second[] = {row(200, "s", "", 9),
					      row(200, "s", "b", 9)};
	const struct imp_snapshot other[] = {row(200, "t", "", 1)};

	prepare(bench);
	assert_ok(reopen(bench, true, &err), &err);
	put(bench, second, 2);
	put(bench, first, 2);
	put(bench, other, 1);
}

CASE(what_is_stored_is_read_in_order)
{
	struct imp_error err = {0};
	struct bench bench;

	fill(&bench);
	assert_ok(reopen(&bench, false, &err), &err);
	struct imp_snapshot_list all = list(&bench, NULL, false);
	assert_int_equal(all.count, 5);
	assert_int_equal(all.odd, 0);
	assert_int_equal(all.rows[0].time_s, 100);
	assert_int_equal(all.rows[1].time_s, 200);
	assert_int_equal(all.rows[1].stored_bytes, 9);
	assert_int_equal(all.rows[1].images, 2);
	assert_int_equal(all.rows[1].tags, 3);
	assert_true(imp_slice_is(all.rows[1].domain, "repository"));
	assert_true(imp_slice_is(all.rows[2].repository, "a\xff"));
	assert_true(imp_slice_is(all.rows[4].scope, "t"));
	assert_int_equal(list(&bench, "s", true).count, 2);
	assert_int_equal(list(&bench, "none", false).count, 0);
	finish(&bench);
}

CASE(the_same_second_is_replaced)
{
	const struct imp_snapshot again[] = {row(100, "s", "", 8)};
	struct bench bench;

	fill(&bench);
	put(&bench, again, 1);
	struct imp_snapshot_list found = list(&bench, "s", false);
	assert_int_equal(found.count, 3); /* "a" of that second is gone */
	assert_int_equal(found.rows[0].stored_bytes, 8);
	assert_int_equal(found.rows[2].time_s, 200);
	finish(&bench);
}

CASE(a_file_of_the_user_alone)
{
	struct imp_error err = {0};
	struct bench bench;
	struct stat st;
	char path[128];

	prepare(&bench);
	assert_int_equal(
		imp_snapshots_open(&bench.context, NULL, false, &bench.snapshots, &err),
		1);
	assert_ok(imp_snapshots_open(&bench.context, NULL, true, &bench.snapshots, &err),
		  &err);
	snprintf(path, sizeof(path), "%s/.local/state/imgprof/snapshots.sqlite",
		 bench.directory);
	assert_string_equal(imp_snapshots_file(bench.snapshots), path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	imp_snapshots_destroy(bench.snapshots);
	bench.snapshots = NULL;
	snprintf(path, sizeof(path), "%s/state", bench.directory);
	bench.state = path;
	assert_ok(imp_snapshots_open(&bench.context, NULL, true, &bench.snapshots, &err),
		  &err);
	assert_true(strstr(imp_snapshots_file(bench.snapshots), "/state/imgprof/"));
	finish(&bench);
}

CASE(an_empty_file_has_none)
{
	struct imp_error err = {0};
	struct bench bench;

	prepare(&bench);
	assert_int_equal(reopen(&bench, false, &err), 1);
	assert_int_equal(access(bench.file, F_OK), -1); /* reading makes nothing */
	fclose(fopen(bench.file, "w"));
	assert_int_equal(reopen(&bench, false, &err), 1);
	assert_ok(reopen(&bench, true, &err), &err);
	assert_int_equal(list(&bench, NULL, false).count, 0);
	finish(&bench);
}

static void check_refused(struct bench *bench, int category, const char *part)
{
	for (int write = 0; write < 2; write++) {
		struct imp_error err = {0};
		assert_fails(reopen(bench, write, &err), category, part, &err);
	}
}

CASE(foreign_files_are_refused)
{
	struct bench bench;

	prepare(&bench);
	FILE *file = fopen(bench.file, "w");
	for (int i = 0; i < 500; i++)
		fputs("no database ", file);
	fclose(file);
	check_refused(&bench, IMP_E_FORMAT, "no file of snapshots");
	unlink(bench.file);
	sql(&bench, "CREATE TABLE books (title TEXT)");
	check_refused(&bench, IMP_E_FORMAT, "not of snapshots");
	finish(&bench);
}

CASE(later_versions_are_refused)
{
	struct bench bench;

	fill(&bench);
	sql(&bench, "PRAGMA user_version = 2");
	check_refused(&bench, IMP_E_UNSUPPORTED, "later imgprof");
	finish(&bench);
}

/* A view or trigger in place of what we made would run statements of somebody else's. */
CASE(changed_tables_are_refused)
{
	struct bench bench;

	fill(&bench);
	sql(&bench,
	    "CREATE TRIGGER t AFTER INSERT ON snapshot BEGIN DELETE FROM snapshot; END");
	check_refused(&bench, IMP_E_FORMAT, "not of snapshots");
	sql(&bench, "DROP TRIGGER t; DROP TABLE snapshot; CREATE VIEW snapshot AS WITH "
		    "RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i "
		    "AS time FROM n");
	check_refused(&bench, IMP_E_FORMAT, "not of snapshots");
	finish(&bench);
}

CASE(damage_is_an_error)
{
	struct imp_error err = {0};
	struct imp_snapshot_list found;
	struct bench bench;

	fill(&bench);
	imp_snapshots_destroy(bench.snapshots);
	bench.snapshots = NULL;
	FILE *file = fopen(bench.file, "r+");
	fseek(file, 4096, SEEK_SET); /* the second page: the table's root */
	for (int i = 0; i < 4096; i++)
		fputc(0xee, file);
	fclose(file);
	assert_ok(reopen(&bench, false, &err), &err);
	assert_fails(imp_snapshots_read(bench.snapshots, (struct imp_slice){0},
					(struct imp_slice){0}, false, bench.arena, &found,
					&err),
		     IMP_E_FORMAT, "malformed", &err);
	finish(&bench);
}

CASE(odd_rows_are_left_out)
{
	struct imp_error err = {0};
	struct bench bench;

	fill(&bench);
	sql(&bench,
	    "INSERT INTO snapshot VALUES ('s', 'repository', '', 300, 'many', 1, 1);"
	    "INSERT INTO snapshot VALUES ('s', 'repository', '', 301, -1, 1, 1);"
	    "INSERT INTO snapshot VALUES ('s', 'repository', '', 302, 1.5, 1, 1);"
	    "INSERT INTO snapshot VALUES (x'00', 'repository', '', 303, 1, 1, 1);"
	    "INSERT INTO snapshot VALUES ('s', 'x', '', 9223372036854775807, 1, 1, 1)");
	assert_ok(reopen(&bench, false, &err), &err);
	struct imp_snapshot_list found = list(&bench, NULL, false);
	assert_int_equal(found.count, 5);
	assert_int_equal(found.odd, 5);
	finish(&bench);
}
