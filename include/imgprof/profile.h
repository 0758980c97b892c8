/*
 * The layer profile: what one layer holds, as one block of bytes. What it says is a pure
 * function of the layer's bytes and IMP_PROFILE_VERSION (how parts are packed depends on
 * libzstd, too); the unit of caching, sharing and distribution. The format is docs/profile-format.md; entries stand in columns, paths
 * share prefixes, so it stays in this form in memory too (about 30 bytes an entry) and
 * is read with a cursor, in tar order.
 *
 *	struct imp_profile_cursor *c = imp_profile_cursor_create(profile);
 *	while (imp_profile_cursor_next(c, &entry))
 *		use(&entry);        -- slices are valid until the next call
 *	imp_profile_cursor_destroy(c);
 *
 * A loaded profile is validated whole first (every number, every bound, its own hash),
 * as if a stranger had written it: a cursor over it cannot fail.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "imgprof/cleanup.h"
#include "imgprof/decode.h"
#include "imgprof/error.h"
#include "imgprof/facts.h"
#include "imgprof/hash.h"
#include "imgprof/limits.h"
#include "imgprof/slice.h"
#include "imgprof/warning.h"

#define IMP_PROFILE_VERSION 4

enum imp_entry_type {
	IMP_ENTRY_FILE,
	IMP_ENTRY_HARDLINK,
	IMP_ENTRY_DIRECTORY,
	IMP_ENTRY_SYMLINK,
	IMP_ENTRY_CHAR,
	IMP_ENTRY_BLOCK,
	IMP_ENTRY_FIFO,
	IMP_ENTRY_WHITEOUT,
	IMP_ENTRY_OPAQUE,
	IMP_ENTRY_TYPES
};

/* "file", "hardlink", ... as in machine output. */
const char *imp_entry_type_name(enum imp_entry_type type);

struct imp_entry {
	enum imp_entry_type type;
	/* Cleaned (formats.md 5.15): no leading or trailing '/', no '.', '..' clamped;
	 * "" is the root. A whiteout's is the path that it hides, an opaque marker's its
	 * directory. */
	struct imp_slice path;
	/* As the tar spells it, where that is not PATH or PATH "/"; else {NULL, 0} */
	struct imp_slice name;
	struct imp_slice link; /* raw target of a hard link or symlink */
	uint64_t disk_bytes;   /* logical size of a file, else 0 */
	/* Of data in the tar, without padding; whiteouts may have some */
	uint64_t stored_bytes;
	uint64_t pull_bytes;          /* share of the blob, exact in sum */
	uint64_t tar_offset;          /* where the data starts in the tar */
	struct imp_content_hash hash; /* of a file's logical content */
	uint32_t mode;                /* permission and set-id bits */
	uint64_t uid, gid;
	int64_t mtime_s;
	uint64_t xattrs; /* XXH3 over sorted names and values; 0: none */
	bool leftover;   /* design section 2 (e) */
	bool inert;      /* `.wh.`, `.wh..`, `.wh...`: does nothing */
};

/* A whiteout or an opaque marker. */
static inline bool imp_entry_hides(const struct imp_entry *entry)
{
	return entry->type == IMP_ENTRY_WHITEOUT || entry->type == IMP_ENTRY_OPAQUE;
}

enum imp_overhead_kind {
	IMP_OVERHEAD_HEADERS,
	IMP_OVERHEAD_PADDING,
	IMP_OVERHEAD_PAX,
	IMP_OVERHEAD_TOC,
	IMP_OVERHEAD_AFTER_END,
	IMP_OVERHEADS
};
const char *imp_overhead_name(enum imp_overhead_kind kind); /* "after_end" */

struct imp_overhead {
	uint64_t tar_bytes, pull_bytes;
};

struct imp_profile_summary {
	enum imp_compression compression;
	struct imp_digest blob_digest; /* sha256 of the bytes read */
	uint64_t pull_bytes;           /* length of the blob */
	uint64_t tar_bytes;
	uint64_t disk_bytes; /* over all entries of type file */
	uint64_t entries;
	uint64_t files; /* entries of type file */
	struct imp_overhead overheads[IMP_OVERHEADS];
	bool without_end; /* no end blocks: the DiffID must be checked */
	/* Only what was readable (--partial); never cached */
	bool damaged;
	/* Facts and the contents of small files were gathered. Without them a profile serves
	 * the ledger, not the rules */
	bool has_facts;
};

struct imp_profile; /* opaque */

/* Takes over MEMORY (from malloc) in any case. IMP_E_INTEGRITY or IMP_E_FORMAT when it
 * does not verify, IMP_E_UNSUPPORTED when it is of another version. */
int imp_profile_load(void *memory, size_t len, const struct imp_limits *limits,
		     struct imp_profile **out, struct imp_error *err);
void imp_profile_destroy(struct imp_profile *profile); /* NULL allowed */
IMP_DEFINE_DESTROY(imp_profile);

struct imp_slice imp_profile_bytes(const struct imp_profile *profile);
/* What it takes of memory, about: its bytes and what was unpacked of them. */
size_t imp_profile_memory_bytes(const struct imp_profile *profile);
const struct imp_profile_summary *imp_profile_summary(const struct imp_profile *profile);
/* It has an entry that hides: a whiteout or an opaque marker. */
bool imp_profile_hides(const struct imp_profile *profile);
const struct imp_warnings *imp_profile_warnings(const struct imp_profile *profile);

struct imp_profile_cursor;
struct imp_profile_cursor *imp_profile_cursor_create(const struct imp_profile *profile);
bool imp_profile_cursor_next(struct imp_profile_cursor *cursor, struct imp_entry *out);
void imp_profile_cursor_rewind(struct imp_profile_cursor *cursor);
void imp_profile_cursor_destroy(struct imp_profile_cursor *cursor);
IMP_DEFINE_DESTROY(imp_profile_cursor);

/* A small file whose content the profile keeps (databases, manifests, /etc/passwd). */
struct imp_kept_file {
	uint64_t entry;           /* its number in tar order, from 0 */
	struct imp_slice path;    /* as in the entry */
	struct imp_slice content; /* borrowed from the profile */
	bool cut;                 /* larger than the limit: content is empty */
};
/* In tar order. */
size_t imp_profile_kept_count(const struct imp_profile *profile);
struct imp_kept_file imp_profile_kept(const struct imp_profile *profile, size_t i);

/* What the contents of files told (facts.h), in tar order. */
size_t imp_profile_fact_count(const struct imp_profile *profile);
const struct imp_fact *imp_profile_fact(const struct imp_profile *profile, size_t i);
