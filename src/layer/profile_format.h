/*
 * The pieces of a serialised profile (docs/profile-format.md): numbers, columns, and what
 * reader and writer must agree on.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/profile.h"
#include "imgprof/slice.h"
#include "imgprof/strbuf.h"
#include "imgprof/varint.h"

#define IMP_PROFILE_MAGIC "imgprof\n"
enum {
	IMP_PROFILE_MAGIC_LEN = 8,
	IMP_PROFILE_HEAD_LEN = 12, /* magic and version */
	IMP_PROFILE_HASH_LEN = 16,
};

/* All bytes of paths, spellings and link targets that a profile stores: a bound on memory
 * that the limits on single paths do not give. */
#define IMP_PROFILE_TEXT_BYTES (UINT64_C(256) << 20)

/* All facts of a profile, unpacked. Behind it imports are left out, then facts. */
#define IMP_PROFILE_FACTS_BYTES (UINT64_C(64) << 20)

enum imp_profile_column {
	IMP_COLUMN_SHAPES, /* one byte for each entry */
	IMP_COLUMN_EXTRAS, /* one for each with IMP_SHAPE_EXTRA */
	IMP_COLUMN_PATHS,
	IMP_COLUMN_SPELLINGS,
	IMP_COLUMN_LINKS,
	IMP_COLUMN_SIZES,
	IMP_COLUMN_PULLS,
	IMP_COLUMN_HASHES,
	IMP_COLUMN_META,
	IMP_COLUMNS
};

/* Low bits: enum imp_entry_type. */
enum imp_shape {
	IMP_SHAPE_TYPE = 0x0f,
	IMP_SHAPE_MODE = 0x10,  /* differs from the last of its type */
	IMP_SHAPE_OWNER = 0x20, /* differs from the entry before */
	IMP_SHAPE_MTIME = 0x40, /* likewise */
	IMP_SHAPE_EXTRA = 0x80,
};

enum imp_extra {
	IMP_EXTRA_LEFTOVER = 0x01,
	IMP_EXTRA_INERT = 0x02,
	IMP_EXTRA_SPELLED = 0x04, /* not as the path makes one expect */
	IMP_EXTRA_XATTRS = 0x08,
	IMP_EXTRA_STORED = 0x10,  /* stored bytes are not those on disk */
	IMP_EXTRA_HEADERS = 0x20, /* header blocks differ from the entry before */
	IMP_EXTRA_KNOWN = 0x3f,
};

/* How a name is spelled, given the usual spelling U; IMP_SPELLING_SLASH may be added to
 * the first three. U itself is not written. */
enum imp_spelling {
	IMP_SPELLING_USUAL, /* U */
	IMP_SPELLING_DOT,   /* ./U */
	IMP_SPELLING_ROOT,  /* /U */
	IMP_SPELLING_OTHER, /* text follows */
	IMP_SPELLING_SLASH = 0x10,
};

/* The usual spelling: the path, or for whiteouts and opaque markers the name that means
 * it. */
void imp_profile_usual_name(const struct imp_entry *entry, struct imp_strbuf *out);
/* SPELLING: not OTHER. */
void imp_profile_spell(struct imp_slice usual, unsigned spelling, struct imp_strbuf *out);

static inline bool imp_entry_has_link(const struct imp_entry *entry)
{
	return entry->type == IMP_ENTRY_HARDLINK || entry->type == IMP_ENTRY_SYMLINK;
}

void imp_text_add(struct imp_strbuf *out, struct imp_slice text);

/* Reads on; what does not fit sets BAD and gives 0 or nothing. */
struct imp_part_reader {
	const uint8_t *at, *end;
	bool bad;
};

uint64_t imp_varint_read(struct imp_part_reader *in);
uint8_t imp_byte_read(struct imp_part_reader *in);
struct imp_slice imp_bytes_read(struct imp_part_reader *in, uint64_t len);
struct imp_slice imp_text_read(struct imp_part_reader *in); /* length in front */
