/*
 * SQLite: table Packages, a header a row. Read by the library from memory: the image's bytes never
 * become a file, and nothing that the schema asks for besides reading is done.
 */
#include "rpm.h"

#include <sqlite3.h>

enum {
	HEAD_BYTES = 100,
	PAGE_BYTES = 16, /* where the head has them, of 16 bits, big-endian; 1: 65536 */
	WRITE_VERSION = 18, /* 2: a log stands beside, which memory cannot have */
	READ_VERSION = 19,
	MAX_STEPS = 20000000, /* of the virtual machine, for one statement */
};

static int stop(void *unused)
{
	(void)unused;
	return 1;
}

static void restrict_database(sqlite3 *db, size_t len)
{
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, (int)len);
	sqlite3_limit(db, SQLITE_LIMIT_VDBE_OP, 100000);
	sqlite3_progress_handler(db, MAX_STEPS, stop, NULL);
}

static bool is_database(struct imp_slice content)
{
	return content.len >= HEAD_BYTES && content.len < INT32_MAX &&
	       memcmp(content.data, "SQLite format 3", 16) == 0;
}

static uint32_t page_bytes_of(struct imp_slice content)
{
	const unsigned char *bytes = (const unsigned char *)content.data + PAGE_BYTES;
	uint32_t size = (uint32_t)bytes[0] << 8 | bytes[1];

	return size == 1 ? 65536 : size;
}

/* What stands committed in the log beside FILE; nothing when there is none, or none that fits. */
static struct rpm_wal read_log(struct imp_inventory *inventory,
			       const struct imp_live_file *file)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	struct rpm_wal wal = {0};

	imp_strbuf_add_slice(&path, file->path);
	imp_strbuf_add_text(&path, "-wal");
	const struct imp_live_file *log =
		imp_inventory_file(inventory, IMP_MANAGER_RPM, path.data);
	if (log &&
	    (!imp_rpm_wal_read(log->content, &wal) ||
	     (wal.frames.len > 0 && wal.page_bytes != page_bytes_of(file->content)))) {
		imp_inventory_unreadable(inventory, IMP_MANAGER_RPM, log->path,
					 "a write-ahead log of another form");
		return (struct rpm_wal){0};
	}
	return wal;
}

/* The database's bytes after its last commit. Pages neither in it nor in the log are none of SQLite's. */
static size_t image_bytes(struct imp_slice content, const struct rpm_wal *wal)
{
	if (wal->frames.len == 0)
		return content.len;
	size_t pages = (content.len + wal->page_bytes - 1) / wal->page_bytes +
		       imp_rpm_wal_frames(wal);
	return (wal->page_count < pages ? wal->page_count : pages) * wal->page_bytes;
}

/* For sqlite, whose it will be; NULL when it would be too large. */
static unsigned char *make_image(struct imp_slice content, const struct rpm_wal *wal,
				 size_t *len)
{
	*len = image_bytes(content, wal);
	if (*len >= INT32_MAX)
		return NULL;
	unsigned char *image = sqlite3_malloc64(*len);
	if (!image)
		imp_die_of_memory(*len);
	size_t copied = content.len < *len ? content.len : *len;
	memcpy(image, content.data, copied);
	memset(image + copied, 0, *len - copied);
	imp_rpm_wal_apply(wal, image, *len);
	image[WRITE_VERSION] = image[READ_VERSION] = 1;
	return image;
}

static sqlite3 *open_image(unsigned char *image, size_t len)
{
	sqlite3 *db = NULL;

	if (sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
		sqlite3_free(image);
		sqlite3_close(db);
		return NULL;
	}
	/* The image is sqlite's from here on, also when it refuses it. */
	if (sqlite3_deserialize(db, "main", image, (sqlite3_int64)len, (sqlite3_int64)len,
				SQLITE_DESERIALIZE_FREEONCLOSE |
					SQLITE_DESERIALIZE_READONLY) != SQLITE_OK) {
		sqlite3_close(db);
		return NULL;
	}
	restrict_database(db, len);
	return db;
}

struct sqlite3 *imp_rpm_sqlite_open(struct imp_inventory *inventory,
				    const struct imp_live_file *file, size_t *len)
{
	if (!is_database(file->content))
		return NULL;
	struct rpm_wal wal = read_log(inventory, file);
	unsigned char *image = make_image(file->content, &wal, len);
	return image ? open_image(image, *len) : NULL;
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

void imp_rpm_read_sqlite(struct rpm_system *system)
{
	size_t len = 0;
	sqlite3 *db = imp_rpm_sqlite_open(system->inventory, system->file, &len);
	sqlite3_stmt *rows = NULL;

	system->budget = len;
	if (!db || sqlite3_prepare_v2(db, "SELECT blob FROM Packages ORDER BY hnum", -1,
				      &rows, NULL) != SQLITE_OK)
		imp_rpm_report(system, "no SQLite database of rpm");
	else
		take_rows(system, rows);
	sqlite3_finalize(rows);
	sqlite3_close(db);
}
