/* Snapshots of inventories in SQLite: opening, writing. */
#include "imgprof/snapshots.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "snapshots_priv.h"

enum { VERSION = 1, APPLICATION = 0x696d7073 /* "imps" */, BUSY_MS = 5000 };

/* What is not this to the letter was made by something else: nothing in it is evaluated. */
static const char table[] =
	"CREATE TABLE snapshot (scope TEXT NOT NULL, domain TEXT NOT NULL, repository TEXT "
	"NOT NULL, time INTEGER NOT NULL, stored_bytes INTEGER NOT NULL, images INTEGER NOT "
	"NULL, tags INTEGER NOT NULL, PRIMARY KEY (scope, domain, repository, time)) "
	"WITHOUT ROWID";

static int category_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_MISMATCH:
	case SQLITE_ERROR:
		return IMP_E_FORMAT;
	case SQLITE_TOOBIG:
	case SQLITE_INTERRUPT:
		return IMP_E_LIMIT;
	default:
		return IMP_E_SYSTEM;
	}
}

int imp_snapshots_fail(const struct imp_snapshots *snapshots, struct imp_error *err)
{
	int code = sqlite3_errcode(snapshots->db);

	if (code == SQLITE_BUSY)
		return imp_fail(err, IMP_E_SYSTEM, "%s: another process keeps it locked",
				snapshots->file);
	if (code == SQLITE_NOTADB)
		return imp_fail(err, IMP_E_FORMAT, "%s: no file of snapshots",
				snapshots->file);
	return imp_fail(err, category_of(code), "%s: %s", snapshots->file,
			sqlite3_errmsg(snapshots->db));
}

/* A relative XDG_STATE_HOME is invalid by the XDG base directory specification. */
static int find_file(const struct imp_context *context, const char *file,
		     struct imp_strbuf *out, struct imp_error *err)
{
	const char *state = imp_context_env(context, "XDG_STATE_HOME");
	const char *home = imp_context_env(context, "HOME");

	if (file) {
		/* "file:" names and ":memory:" mean something to SQLite. */
		imp_strbuf_printf(out, "%s%s", file[0] == '/' ? "" : "./", file);
		return 0;
	}
	if (state && state[0] == '/') {
		imp_strbuf_printf(out, "%s/imgprof/snapshots.sqlite", state);
		return 0;
	}
	if (home) {
		imp_strbuf_printf(out, "%s/.local/state/imgprof/snapshots.sqlite", home);
		return 0;
	}
	imp_fail(err, IMP_E_SYSTEM, "no place for snapshots: HOME is not set");
	imp_hint(err, "give --db FILE");
	return IMP_E_SYSTEM;
}

/* The user's own: for nobody else to read. */
static int make_file(char *path, bool folders, struct imp_error *err)
{
	for (char *slash = strchr(path + 1, '/'); folders && slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, S_IRWXU); /* what fails here fails again below */
		*slash = '/';
	}
	imp_auto_fd int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
	return fd < 0 ? imp_fail_errno(err, "%s", path) : 0;
}

static int check_readable(const char *path, bool write, struct imp_error *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return errno == ENOENT ? 1 : imp_fail_errno(err, "%s", path);
	if (!S_ISREG(st.st_mode))
		return imp_fail(err, IMP_E_SYSTEM, "%s: no regular file", path);
	return access(path, write ? R_OK | W_OK : R_OK) < 0
		       ? imp_fail_errno(err, "%s", path)
		       : 0;
}

static void restrain(sqlite3 *db)
{
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, IMP_SNAPSHOT_VALUE_BYTES);
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_extended_result_codes(db, 0);
	sqlite3_busy_timeout(db, BUSY_MS);
}

static int pragma(struct imp_snapshots *snapshots, const char *sql, int *out,
		  struct imp_error *err)
{
	sqlite3_stmt *row = NULL;
	int rc = sqlite3_prepare_v2(snapshots->db, sql, -1, &row, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(row);
	if (rc == SQLITE_ROW)
		*out = sqlite3_column_int(row, 0);
	int result = rc == SQLITE_ROW ? 0 : imp_snapshots_fail(snapshots, err);
	sqlite3_finalize(row);
	return result;
}

static int not_ours(const struct imp_snapshots *snapshots, struct imp_error *err)
{
	return imp_fail(err, IMP_E_FORMAT, "%s: a database, but not of snapshots",
			snapshots->file);
}

/* *TABLES: 0 when the file is empty. */
static int check_tables(struct imp_snapshots *snapshots, int *tables,
			struct imp_error *err)
{
	sqlite3_stmt *rows = NULL;
	int result = 0;
	int rc = sqlite3_prepare_v2(snapshots->db,
				    "SELECT sql FROM sqlite_schema WHERE name NOT LIKE "
				    "'sqlite\\_%' ESCAPE '\\' LIMIT 2",
				    -1, &rows, NULL);

	*tables = 0;
	while (rc == SQLITE_OK && result == 0 &&
	       (rc = sqlite3_step(rows)) == SQLITE_ROW) {
		const char *sql = (const char *)sqlite3_column_text(rows, 0);
		if (!sql || strcmp(sql, table) != 0)
			result = not_ours(snapshots, err);
		++*tables;
		rc = SQLITE_OK;
	}
	if (result == 0 && rc != SQLITE_DONE)
		result = imp_snapshots_fail(snapshots, err);
	sqlite3_finalize(rows);
	return result;
}

/* 1: an empty file, without tables yet. */
static int check_ours(struct imp_snapshots *snapshots, struct imp_error *err)
{
	int application = 0, version = 0, tables = 0;
	int rc = pragma(snapshots, "PRAGMA application_id", &application, err);

	if (rc == 0)
		rc = pragma(snapshots, "PRAGMA user_version", &version, err);
	if (rc == 0 && application == APPLICATION && version > VERSION) {
		imp_fail(err, IMP_E_UNSUPPORTED, "%s: snapshots of a later imgprof",
			 snapshots->file);
		return imp_hint(err, "version %d; this one reads %d", version, VERSION);
	}
	if (rc == 0)
		rc = check_tables(snapshots, &tables, err);
	if (rc < 0)
		return rc;
	if (tables == 0 && application == 0 && version == 0)
		return 1;
	return tables == 1 && application == APPLICATION && version == VERSION
		       ? 0
		       : not_ours(snapshots, err);
}

static int open_database(struct imp_snapshots *snapshots, bool write,
			 struct imp_error *err)
{
	int flags = write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;

	if (sqlite3_open_v2(snapshots->file, &snapshots->db, flags, NULL) != SQLITE_OK)
		return snapshots->db ? imp_snapshots_fail(snapshots, err)
				     : imp_fail(err, IMP_E_SYSTEM, "%s: no memory",
						snapshots->file);
	restrain(snapshots->db);
	int rc = check_ours(snapshots, err);
	snapshots->empty = rc == 1;
	return rc == 1 && write ? 0 : rc;
}

int imp_snapshots_open(const struct imp_context *context, const char *file, bool write,
		       struct imp_snapshots **out, struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	int rc = find_file(context, file, &path, err);

	if (rc == 0 && write)
		rc = make_file(path.data, !file, err);
	if (rc == 0)
		rc = check_readable(path.data, write, err);
	if (rc != 0)
		return rc;
	imp_auto_destroy(imp_snapshots) struct imp_snapshots *snapshots =
		imp_xcalloc(1, sizeof(*snapshots));
	snapshots->file = imp_strbuf_steal(&path);
	rc = open_database(snapshots, write, err);
	if (rc == 0)
		*out = imp_steal(&snapshots);
	return rc;
}

void imp_snapshots_destroy(struct imp_snapshots *snapshots)
{
	if (!snapshots)
		return;
	sqlite3_close(snapshots->db);
	free(snapshots->file);
	free(snapshots);
}

const char *imp_snapshots_file(const struct imp_snapshots *snapshots)
{
	return snapshots->file;
}

static int run(struct imp_snapshots *snapshots, const char *sql, struct imp_error *err)
{
	return sqlite3_exec(snapshots->db, sql, NULL, NULL, NULL) == SQLITE_OK
		       ? 0
		       : imp_snapshots_fail(snapshots, err);
}

static int create(struct imp_snapshots *snapshots, struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf sql = {0};

	imp_strbuf_printf(&sql,
			  "%s; PRAGMA application_id = %d; PRAGMA user_version = %d",
			  table, APPLICATION, VERSION);
	return run(snapshots, sql.data, err);
}

static bool bind(sqlite3_stmt *statement, const struct imp_snapshot *row)
{
	const struct imp_slice names[] = {row->scope, row->domain, row->repository};
	bool bound = sqlite3_bind_int64(statement, 4, row->time_s) == SQLITE_OK;

	for (int i = 0; i < 3; i++)
		bound &= names[i].len <= IMP_SNAPSHOT_NAME_BYTES &&
			 sqlite3_bind_text(statement, 1 + i,
					   names[i].data ? names[i].data : "",
					   (int)names[i].len, SQLITE_STATIC) == SQLITE_OK;
	return bound;
}

static bool bind_figures(sqlite3_stmt *statement, const struct imp_snapshot *row)
{
	const uint64_t figures[] = {row->stored_bytes, row->images, row->tags};
	bool bound = bind(statement, row);

	for (int i = 0; i < 3; i++)
		bound &= figures[i] <= INT64_MAX &&
			 sqlite3_bind_int64(statement, 5 + i, (int64_t)figures[i]) ==
				 SQLITE_OK;
	return bound;
}

/* Rows whose names are too long to be read back are left out. */
static int insert(struct imp_snapshots *snapshots, const struct imp_snapshot *rows,
		  size_t count, struct imp_error *err)
{
	sqlite3_stmt *statement = NULL;
	int rc =
		sqlite3_prepare_v2(snapshots->db,
				   "INSERT OR REPLACE INTO snapshot (scope, domain, "
				   "repository, time, stored_bytes, images, tags) VALUES "
				   "(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
				   -1, &statement, NULL);

	for (size_t i = 0; i < count && rc == SQLITE_OK; i++) {
		if (!bind_figures(statement, &rows[i]))
			continue;
		rc = sqlite3_step(statement) == SQLITE_DONE ? SQLITE_OK : SQLITE_ERROR;
		if (rc == SQLITE_OK)
			rc = sqlite3_reset(statement);
	}
	int result = rc == SQLITE_OK ? 0 : imp_snapshots_fail(snapshots, err);
	sqlite3_finalize(statement);
	return result;
}

static int clear(struct imp_snapshots *snapshots, const struct imp_snapshot *row,
		 struct imp_error *err)
{
	sqlite3_stmt *statement = NULL;
	int rc = sqlite3_prepare_v2(
		snapshots->db,
		"DELETE FROM snapshot WHERE scope = ?1 AND domain = ?2 "
		"AND time = ?4",
		-1, &statement, NULL);

	if (rc == SQLITE_OK && bind(statement, row))
		rc = sqlite3_step(statement);
	int result = rc == SQLITE_DONE ? 0 : imp_snapshots_fail(snapshots, err);
	sqlite3_finalize(statement);
	return result;
}

static int put(struct imp_snapshots *snapshots, const struct imp_snapshot *rows,
	       size_t count, struct imp_error *err)
{
	int rc = check_ours(snapshots, err);

	if (rc == 1)
		rc = create(snapshots, err);
	if (rc == 0)
		rc = clear(snapshots, &rows[0], err);
	if (rc == 0)
		rc = insert(snapshots, rows, count, err);
	return rc;
}

int imp_snapshots_put(struct imp_snapshots *snapshots, const struct imp_snapshot *rows,
		      size_t count, struct imp_error *err)
{
	if (count == 0)
		return 0;
	if (rows[0].scope.len > IMP_SNAPSHOT_NAME_BYTES)
		return imp_fail(err, IMP_E_USAGE,
				"%s: what was asked for is longer than "
				"%d bytes",
				snapshots->file, IMP_SNAPSHOT_NAME_BYTES);
	int rc = run(snapshots, "BEGIN IMMEDIATE", err);
	if (rc < 0)
		return rc;
	rc = put(snapshots, rows, count, err);
	if (rc == 0)
		rc = run(snapshots, "COMMIT", err);
	if (rc < 0)
		sqlite3_exec(snapshots->db, "ROLLBACK", NULL, NULL, NULL);
	else
		snapshots->empty = false;
	return rc;
}
