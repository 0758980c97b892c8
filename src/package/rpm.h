/*
 * rpm's records without librpm: classification.md 2.4. Three containers of one payload, a header
 * a package. Shared by rpm*.c and dnf*.c alone.
 */
#pragma once

#include "inventory.h"
#include "readers.h"

static inline uint32_t rpm_big_u32(const char *data)
{
	const unsigned char *p = (const unsigned char *)data;

	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint32_t rpm_little_u32(const char *data)
{
	return __builtin_bswap32(rpm_big_u32(data));
}

/* The tags that imgprof reads, by their place in a header's `tags`. */
enum rpm_tag {
	RPM_NAME,
	RPM_VERSION,
	RPM_RELEASE,
	RPM_EPOCH,
	RPM_GROUP,
	RPM_ARCH,
	RPM_SOURCE,
	RPM_OLD_FILE_NAMES,
	RPM_FILE_STATES,
	RPM_FILE_FLAGS,
	RPM_DIRECTORY_INDEXES,
	RPM_BASE_NAMES,
	RPM_DIRECTORY_NAMES,
	RPM_PROVIDES,
	RPM_REQUIRES,
	RPM_RECOMMENDS,
	RPM_SUGGESTS,
	RPM_SUPPLEMENTS,
	RPM_TAGS
};

enum { RPM_MAX_FOLDERS = 1 << 20 }; /* that a package's files may lie in */

struct rpm_value {
	uint32_t type, count;
	struct imp_slice data; /* from the value's offset to the end of the header */
};
struct rpm_header {
	struct rpm_value tags[RPM_TAGS];
};

/* rpm_header.c. All values borrow from BLOB; false when it is damaged. */
bool imp_rpm_header_read(struct imp_slice blob, struct rpm_header *out);
/* A string, or the first of an array; empty when there is none. */
struct imp_slice imp_rpm_string(const struct rpm_header *header, enum rpm_tag tag);
/* Number I of an array of integers of 8 or 32 bits; false behind its end. */
bool imp_rpm_integer(const struct rpm_header *header, enum rpm_tag tag, uint32_t i,
		     uint32_t *out);
/* An array of strings, one after the other. */
struct rpm_strings {
	struct imp_slice rest;
	uint32_t left;
};
struct rpm_strings imp_rpm_strings(const struct rpm_header *header, enum rpm_tag tag);
bool imp_rpm_strings_next(struct rpm_strings *strings, struct imp_slice *out);

struct rpm_package {
	struct rpm_header header;
	uint32_t number; /* of the inventory */
	char *blob;      /* owned: what the header borrows from */
};

struct rpm_system {
	struct imp_inventory *inventory;
	uint32_t group;
	const struct imp_live_file *file; /* the database */
	struct rpm_package *packages;
	size_t count, capacity;
	uint64_t budget; /* bytes that headers may still have: more means shared pages */
	struct imp_providers providers;
	struct imp_paths paths;
};
/* Takes a copy of a header; false when reading has to end. */
bool imp_rpm_take(struct rpm_system *system, struct imp_slice blob);
void imp_rpm_report(struct rpm_system *system, const char *reason);

/* The containers: each takes every header of system->file. */
void imp_rpm_read_sqlite(struct rpm_system *system);
void imp_rpm_read_ndb(struct rpm_system *system);
void imp_rpm_read_bdb(struct rpm_system *system);

/* rpm_files.c */
void imp_rpm_own_files(struct rpm_system *system, const struct rpm_package *package);
/* rpm_depends.c */
void imp_rpm_read_depends(struct rpm_system *system);
/* Cuts the next name off a requirement, which has one unless it is an expression. */
bool imp_rpm_name_next(struct imp_slice *requirement, struct imp_slice *out);
/* rpm_file_needs.c: packages provide those of their files that others require by path. */
void imp_rpm_provide_files(struct rpm_system *system);
/* dnf.c: why packages were installed. */
void imp_dnf_read(struct rpm_system *system);
/* dnf_toml.c: calls TAKE for each package of dnf5's packages.toml, "name.arch" and its reason;
 * false when the text is damaged. */
bool imp_dnf_toml_read(struct imp_slice text,
		       void (*take)(void *context, struct imp_slice package,
				    struct imp_slice reason),
		       void *context);

/* rpm_sqlite.c: a kept file as a database in memory, read-only, with what its write-ahead log has
 * committed, and its length then; NULL when it is none. Statements end after a fixed number of
 * steps. */
struct sqlite3;
struct sqlite3 *imp_rpm_sqlite_open(struct imp_inventory *inventory,
				    const struct imp_live_file *file, size_t *len);

/* rpm_wal.c: what a write-ahead log has committed. */
struct rpm_wal {
	struct imp_slice frames; /* up to the last commit; empty without one */
	uint32_t page_bytes;
	uint32_t page_count; /* of the database then; a number from outside */
};
/* False when SQLite itself would refuse the database because of this log. */
bool imp_rpm_wal_read(struct imp_slice log, struct rpm_wal *out);
size_t imp_rpm_wal_frames(const struct rpm_wal *wal);
/* Lays the frames over a database of LEN bytes, whole pages; those behind its end are left out. */
void imp_rpm_wal_apply(const struct rpm_wal *wal, unsigned char *image, size_t len);
