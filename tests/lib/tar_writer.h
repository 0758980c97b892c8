/*
 * Tar archives byte by byte, for tests: every header field can be set, also to nonsense.
 * Nothing is added or repaired behind the caller's back, except the checksum (unless the
 * entry says otherwise) and the padding of data to 512 bytes. What was written so far is
 * always a valid slice, so an archive can be cut, patched or continued anywhere.
 *
 *	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
 *	tar_directory(&tar, "etc/");
 *	tar_file(&tar, "etc/passwd", "root:x:0:0::/:/bin/sh\n");
 *	tar_hardlink(&tar, "etc/passwd-", "etc/passwd");
 *	tar_add(&tar, &(struct tar_entry){.name = "bin/su", .mode = 04755, .data = bytes});
 *	tar_add(&tar, &(struct tar_entry){.name = very_long, .long_names = TAR_LONG_PAX});
 *	tar_end(&tar);
 *	stream = imp_stream_memory(imp_strbuf_slice(&tar), 0);
 *
 * pax records, GNU long names and oddities go in front of the entry they are for:
 *
 *	tar_pax(&tar, 'x', (struct tar_record[]){{"path", IMP_SLICE("caf\xc3\xa9")}}, 1);
 *	tar_pax_raw(&tar, 'x', IMP_SLICE("9999 path=x\n"));
 *	tar_gnu_long(&tar, 'L', IMP_SLICE("a/very/long/name"));
 *	tar_add(&tar, &(struct tar_entry){.name = "short", .declares = true,
 *	                                  .declared_bytes = 1 << 30, .no_data = true});
 *	tar_add(&tar, &(struct tar_entry){.name = "x", .checksum = TAR_CHECKSUM_WRONG});
 *	tar_add(&tar, &(struct tar_entry){.name = "x", .patches =
 *	        (struct tar_patch[]){{TAR_AT_SIZE, IMP_SLICE("00000000zz ")}},
 *	        .patch_count = 1});
 *
 * Misuse (a name that does not fit without .long_names, a number too large for its field)
 * aborts: it is a defect of the test.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/cleanup.h"
#include "imgprof/slice.h"
#include "imgprof/strbuf.h"

enum { TAR_BLOCK = 512 };

/* Offsets of the header's fields; their widths stand behind. */
enum tar_offset {
	TAR_AT_NAME = 0,        /* 100 */
	TAR_AT_MODE = 100,      /* 8 */
	TAR_AT_UID = 108,       /* 8 */
	TAR_AT_GID = 116,       /* 8 */
	TAR_AT_SIZE = 124,      /* 12 */
	TAR_AT_MTIME = 136,     /* 12 */
	TAR_AT_CHECKSUM = 148,  /* 8 */
	TAR_AT_TYPE = 156,      /* 1 */
	TAR_AT_LINK = 157,      /* 100 */
	TAR_AT_MAGIC = 257,     /* 6 + version 2 */
	TAR_AT_UNAME = 265,     /* 32 */
	TAR_AT_GNAME = 297,     /* 32 */
	TAR_AT_DEV_MAJOR = 329, /* 8 */
	TAR_AT_DEV_MINOR = 337, /* 8 */
	TAR_AT_PREFIX = 345,    /* 155 */
};

enum tar_dialect {
	TAR_USTAR, /* "ustar\0" "00" */
	TAR_GNU,   /* "ustar " " \0" */
	TAR_V7,    /* no magic, no owner names, no prefix */
};

/* How a name or link target over 100 bytes is carried. */
enum tar_long_names {
	TAR_LONG_NONE, /* not at all: too long aborts */
	TAR_LONG_PAX, /* an 'x' header with path and linkpath, the field holds the start */
	TAR_LONG_GNU,    /* 'L' and 'K' headers, the field holds the start */
	TAR_LONG_PREFIX, /* ustar prefix + "/" + name (names only) */
};

enum tar_checksum {
	TAR_CHECKSUM_GOOD,
	TAR_CHECKSUM_SIGNED, /* summed as signed char, as some old writers did */
	TAR_CHECKSUM_WRONG,  /* off by one */
};

enum tar_numbers {
	TAR_OCTAL,
	TAR_BASE256, /* size, uid, gid and mtime in GNU's binary form */
};

/* Bytes put over a finished header, before the checksum is taken (a patch over the
 * checksum itself stays). */
struct tar_patch {
	size_t offset;
	struct imp_slice bytes;
};

struct tar_entry {
	const char *name;          /* NULL: raw_name */
	struct imp_slice raw_name; /* any bytes, NUL included */
	const char *prefix;        /* the ustar field, as it stands */
	const char *link;          /* target of a hard link ('1') or symlink ('2') */
	struct imp_slice raw_link;
	char type;      /* typeflag; 0 means '0', for a NUL use `type_nul` */
	bool type_nul;  /* v7's regular file */
	bool mode_zero; /* mode 0 is meant, not the default */
	unsigned mode;  /* 0: 0755 for directories, 0777 for symlinks, else 0644 */
	uint64_t uid, gid;
	int64_t mtime_s;
	const char *user_name, *group_name;
	uint64_t device_major, device_minor;
	struct imp_slice data;
	bool declares; /* the size field says `declared_bytes`, not data.len */
	uint64_t declared_bytes;
	bool no_padding; /* the next header follows the data at once */
	bool no_data;    /* only the header is written */
	enum tar_dialect dialect;
	enum tar_long_names long_names;
	enum tar_checksum checksum;
	enum tar_numbers numbers;
	const struct tar_patch *patches;
	size_t patch_count;
};

void tar_add(struct imp_strbuf *tar, const struct tar_entry *entry);

/* The usual ones: uid and gid 0, mtime 0. */
void tar_directory(struct imp_strbuf *tar, const char *name);
void tar_file(struct imp_strbuf *tar, const char *name, const char *text);
void tar_file_bytes(struct imp_strbuf *tar, const char *name, struct imp_slice data);
void tar_symlink(struct imp_strbuf *tar, const char *name, const char *target);
void tar_hardlink(struct imp_strbuf *tar, const char *name, const char *target);
/* An empty file DIR/.wh.NAME (or .wh.NAME when DIR is ""). */
void tar_whiteout(struct imp_strbuf *tar, const char *dir, const char *name);

struct tar_record {
	const char *key;
	struct imp_slice value; /* any bytes */
};

/* One pax header (type 'x' for the next entry, 'g' for all that follow). */
void tar_pax(struct imp_strbuf *tar, char type, const struct tar_record *records,
	     size_t count);
/* One "LENGTH KEY=VALUE\n", to build a body for tar_pax_raw from. */
void tar_pax_record(struct imp_strbuf *body, const char *key, struct imp_slice value);
/* A pax header with this body, right or wrong. */
void tar_pax_raw(struct imp_strbuf *tar, char type, struct imp_slice body);
/* 'L' (name) or 'K' (link) of the next entry; GNU's terminating NUL is added. */
void tar_gnu_long(struct imp_strbuf *tar, char type, struct imp_slice text);

/* The two zero blocks at the end. */
void tar_end(struct imp_strbuf *tar);
/* COUNT zero blocks. */
void tar_zero_blocks(struct imp_strbuf *tar, size_t count);
/* Zeros up to a multiple of RECORD bytes (10240 as GNU tar writes). */
void tar_pad_record(struct imp_strbuf *tar, size_t record);

/* Writes all of TAR to a new file (mode 0600); aborts when it cannot. */
void tar_save(const struct imp_strbuf *tar, const char *path);
