/*
 * SQLite: table Packages, a header a row. Read by the library from memory: the image's bytes never
 * become a file, and nothing that the schema asks for besides reading is done.
 */
#include "rpm.h"

#include <sqlite3.h>

enum {
	HEAD_BYTES = 100,
	WRITE_VERSION =
		18, /* 2: a write-ahead log stands beside, which memory cannot have */
	READ_VERSION = 19,
	MAX_STEPS = 20000000, /* of the virtual machine, for one statement */
};

static int stop(void *unused)
{
	(void)unused;
	return 1;
}

static void restrict_database(sqlite3 *db, struct imp_slice content)
{
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, (int)content.len);
	sqlite3_limit(db, SQLITE_LIMIT_VDBE_OP, 100000);
	sqlite3_progress_handler(db, MAX_STEPS, stop, NULL);
}

static bool is_database(struct imp_slice content)
{
	return content.len >= HEAD_BYTES && content.len < INT32_MAX &&
	       memcmp(content.data, "SQLite format 3", 16) == 0;
}

struct sqlite3 *imp_rpm_sqlite_open(struct imp_slice content)
{
	sqlite3 *db = NULL;

	if (!is_database(content))
		return NULL;
	unsigned char *copy = sqlite3_malloc64(content.len);
	if (!copy)
		imp_die_of_memory(content.len);
	memcpy(copy, content.data, content.len);
	copy[WRITE_VERSION] = copy[READ_VERSION] = 1;
	if (sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
		sqlite3_free(copy);
		sqlite3_close(db);
		return NULL;
	}
	/* The copy is sqlite's from here on, also when it refuses it. */
	if (sqlite3_deserialize(db, "main", copy, (sqlite3_int64)content.len,
				(sqlite3_int64)content.len,
				SQLITE_DESERIALIZE_FREEONCLOSE |
					SQLITE_DESERIALIZE_READONLY) != SQLITE_OK) {
		sqlite3_close(db);
		return NULL;
	}
	restrict_database(db, content);
	return db;
}

static void take_rows(struct rpm_system *system, sqlite3_stmt *rows)
{
	int rc;

	while ((rc = sqlite3_step(rows)) == SQLITE_ROW) {
		const char *blob = sqlite3_column_blob(rows, 0);
		size_t len = (size_t)sqlite3_column_bytes(rows, 0);
		if (!imp_rpm_take(system, imp_slice(blob, blob ? len : 0)))
			return;
	}
	if (rc != SQLITE_DONE)
		imp_rpm_report(system, "a damaged SQLite database");
}

/* What a transaction left in the log is not in the database yet. */
static void report_log(struct rpm_system *system)
{
	const struct imp_packages_input *input = imp_inventory_input(system->inventory);
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	imp_strbuf_add_slice(&path, system->file->path);
	imp_strbuf_add_text(&path, "-wal");
	uint32_t node = imp_tree_find(input->tree, imp_strbuf_slice(&path));
	uint32_t file = node == IMP_NONE ? IMP_NONE : imp_tree_file_at(input->tree, node);
	if (file != IMP_NONE && imp_tree_record(input->tree, file)->disk_bytes > 0)
		imp_inventory_unreadable(system->inventory, IMP_MANAGER_RPM,
					 imp_strbuf_slice(&path),
					 "a write-ahead log that was not applied");
}

void imp_rpm_read_sqlite(struct rpm_system *system)
{
	sqlite3 *db = imp_rpm_sqlite_open(system->file->content);
	sqlite3_stmt *rows = NULL;

	report_log(system);
	if (!db || sqlite3_prepare_v2(db, "SELECT blob FROM Packages ORDER BY hnum", -1,
				      &rows, NULL) != SQLITE_OK)
		imp_rpm_report(system, "no SQLite database of rpm");
	else
		take_rows(system, rows);
	sqlite3_finalize(rows);
	sqlite3_close(db);
}
