/* Snapshots of inventories in SQLite: reading. */
#include <stdlib.h>
#include <string.h>

#include "snapshots_priv.h"

enum { NAMES = 3, COLUMNS = 7 };

struct reader {
	struct imp_arena *arena;
	struct imp_snapshot *rows;
	size_t count, capacity;
	size_t odd;
};

static bool read_name(sqlite3_stmt *row, int column, struct imp_slice *out)
{
	if (sqlite3_column_type(row, column) != SQLITE_TEXT)
		return false;
	const char *text = (const char *)sqlite3_column_text(row, column);
	size_t len = (size_t)sqlite3_column_bytes(row, column);
	*out = imp_slice(text, len);
	return text && len <= IMP_SNAPSHOT_NAME_BYTES;
}

/* The same names stand in row after row: they are kept once. */
static struct imp_slice keep(struct reader *reader, struct imp_slice name,
			     struct imp_slice before)
{
	return imp_slice_equal(name, before) ? before
					     : imp_arena_copy(reader->arena, name);
}

static bool read_figures(sqlite3_stmt *row, struct imp_snapshot *out)
{
	uint64_t *const figures[] = {&out->stored_bytes, &out->images, &out->tags};

	for (int column = NAMES; column < COLUMNS; column++)
		if (sqlite3_column_type(row, column) != SQLITE_INTEGER ||
		    sqlite3_column_int64(row, column) < 0)
			return false;
	out->time_s = sqlite3_column_int64(row, NAMES);
	for (int i = 0; i < 3; i++)
		*figures[i] = (uint64_t)sqlite3_column_int64(row, NAMES + 1 + i);
	/* As nanoseconds a time has 64 bits too. */
	return out->time_s <= INT64_MAX / 1000000000;
}

static void take(struct reader *reader, sqlite3_stmt *row)
{
	struct imp_snapshot found = {0}, before = {0};

	if (!read_name(row, 0, &found.scope) || !read_name(row, 1, &found.domain) ||
	    !read_name(row, 2, &found.repository) || !read_figures(row, &found)) {
		reader->odd++;
		return;
	}
	if (reader->count)
		before = reader->rows[reader->count - 1];
	found.scope = keep(reader, found.scope, before.scope);
	found.domain = keep(reader, found.domain, before.domain);
	found.repository = keep(reader, found.repository, before.repository);
	reader->rows = imp_xgrow(reader->rows, &reader->capacity, reader->count + 1,
				 sizeof(*reader->rows));
	reader->rows[reader->count++] = found;
}

static int read_rows(struct imp_snapshots *snapshots, sqlite3_stmt *rows,
		     struct reader *reader, struct imp_error *err)
{
	int rc;

	while ((rc = sqlite3_step(rows)) == SQLITE_ROW) {
		if (reader->count + reader->odd == IMP_SNAPSHOT_ROWS) {
			imp_fail(err, IMP_E_LIMIT, "%s: more than %d snapshots",
				 snapshots->file, IMP_SNAPSHOT_ROWS);
			return imp_hint(err, "keep older ones in another file");
		}
		take(reader, rows);
	}
	return rc == SQLITE_DONE ? 0 : imp_snapshots_fail(snapshots, err);
}

static bool bind_name(sqlite3_stmt *statement, int at, struct imp_slice name)
{
	return !name.data || sqlite3_bind_text(statement, at, name.data, (int)name.len,
					       SQLITE_STATIC) == SQLITE_OK;
}

static int prepare(struct imp_snapshots *snapshots, struct imp_slice scope,
		   struct imp_slice domain, bool whole, sqlite3_stmt **out)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf query = {0};

	imp_strbuf_printf(&query,
			  "SELECT scope, domain, repository, time, stored_bytes, images, "
			  "tags FROM snapshot WHERE %s AND %s AND %s ORDER BY scope, "
			  "domain, repository, time",
			  scope.data ? "scope = ?1" : "TRUE",
			  domain.data ? "domain = ?2" : "TRUE",
			  whole ? "repository = ''" : "TRUE");
	int rc = sqlite3_prepare_v2(snapshots->db, query.data, -1, out, NULL);
	if (rc == SQLITE_OK &&
	    (!bind_name(*out, 1, scope) || !bind_name(*out, 2, domain)))
		rc = SQLITE_ERROR;
	return rc;
}

int imp_snapshots_read(struct imp_snapshots *snapshots, struct imp_slice scope,
		       struct imp_slice domain, bool whole, struct imp_arena *arena,
		       struct imp_snapshot_list *out, struct imp_error *err)
{
	struct reader reader = {.arena = arena};
	sqlite3_stmt *rows = NULL;
	int rc = 0;

	*out = (struct imp_snapshot_list){0};
	if (snapshots->empty)
		return 0;
	if (prepare(snapshots, scope, domain, whole, &rows) != SQLITE_OK)
		rc = imp_snapshots_fail(snapshots, err);
	if (rc == 0)
		rc = read_rows(snapshots, rows, &reader, err);
	sqlite3_finalize(rows);
	if (rc == 0) {
		struct imp_snapshot *kept =
			imp_arena_array(arena, reader.count + 1, sizeof(*kept));
		if (reader.count)
			memcpy(kept, reader.rows, reader.count * sizeof(*kept));
		*out = (struct imp_snapshot_list){kept, reader.count, reader.odd};
	}
	free(reader.rows);
	return rc;
}
