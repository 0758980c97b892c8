#include <stdlib.h>

#include "imgprof/arena.h"

#include "profile_priv.h"
#include "tar_header.h"

void imp_profile_cursor_init(struct imp_profile_cursor *cursor,
			     const struct imp_profile *profile)
{
	*cursor = (struct imp_profile_cursor){
		.profile = profile,
		.left = profile->summary.entries,
		.header_blocks = 1,
	};
	memcpy(cursor->columns, profile->columns, sizeof(cursor->columns));
}

void imp_profile_cursor_finish(struct imp_profile_cursor *cursor)
{
	imp_strbuf_finish(&cursor->path);
	imp_strbuf_finish(&cursor->usual);
	imp_strbuf_finish(&cursor->name);
}

struct imp_profile_cursor *imp_profile_cursor_create(const struct imp_profile *profile)
{
	struct imp_profile_cursor *cursor = imp_xmalloc(sizeof(*cursor));
	imp_profile_cursor_init(cursor, profile);
	return cursor;
}

void imp_profile_cursor_rewind(struct imp_profile_cursor *cursor)
{
	imp_profile_cursor_finish(cursor);
	imp_profile_cursor_init(cursor, cursor->profile);
}

void imp_profile_cursor_destroy(struct imp_profile_cursor *cursor)
{
	if (!cursor)
		return;
	imp_profile_cursor_finish(cursor);
	free(cursor);
}

static void read_path(struct imp_profile_cursor *cursor)
{
	struct imp_part_reader *column = &cursor->columns[IMP_COLUMN_PATHS];
	uint64_t shared = imp_varint_read(column);
	struct imp_slice rest = imp_text_read(column);

	if (shared > cursor->path.len) {
		cursor->bad = true;
		shared = 0;
	}
	cursor->path_shared = (size_t)shared;
	imp_strbuf_truncate(&cursor->path, (size_t)shared);
	imp_strbuf_add_slice(&cursor->path, rest);
}

/* Needs type, path and inert. */
static void read_name(struct imp_profile_cursor *cursor, unsigned extra,
		      struct imp_entry *entry)
{
	struct imp_part_reader *column = &cursor->columns[IMP_COLUMN_SPELLINGS];
	unsigned spelling =
		extra & IMP_EXTRA_SPELLED ? imp_byte_read(column) : IMP_SPELLING_USUAL;
	bool hides = imp_entry_hides(entry) && !entry->inert;

	if (spelling == IMP_SPELLING_OTHER) {
		entry->name = imp_text_read(column);
		return;
	}
	if ((spelling & ~(unsigned)IMP_SPELLING_SLASH) > IMP_SPELLING_ROOT)
		cursor->bad = true;
	if (spelling == IMP_SPELLING_USUAL && !hides) {
		/* A spelling that goes without saying must not be written. */
		cursor->bad |= (extra & IMP_EXTRA_SPELLED) != 0;
		return;
	}
	imp_profile_usual_name(entry, &cursor->usual);
	imp_profile_spell(imp_strbuf_slice(&cursor->usual), spelling, &cursor->name);
	entry->name = imp_strbuf_slice(&cursor->name);
}

static void read_sizes(struct imp_profile_cursor *cursor, unsigned extra,
		       struct imp_entry *entry)
{
	struct imp_part_reader *column = &cursor->columns[IMP_COLUMN_SIZES];

	if (entry->type == IMP_ENTRY_FILE)
		entry->disk_bytes = imp_varint_read(column);
	entry->stored_bytes =
		extra & IMP_EXTRA_STORED ? imp_varint_read(column) : entry->disk_bytes;
	if (entry->stored_bytes > 0)
		entry->pull_bytes = imp_varint_read(&cursor->columns[IMP_COLUMN_PULLS]);
	if (entry->disk_bytes > 0) {
		struct imp_slice hash = imp_bytes_read(
			&cursor->columns[IMP_COLUMN_HASHES], sizeof(entry->hash.bytes));
		memcpy(entry->hash.bytes, hash.data, hash.len);
	} else if (entry->type == IMP_ENTRY_FILE) {
		entry->hash = imp_content_hash_of("", 0);
	}
}

static void read_meta(struct imp_profile_cursor *cursor, unsigned shape, unsigned extra,
		      struct imp_entry *entry)
{
	struct imp_part_reader *column = &cursor->columns[IMP_COLUMN_META];

	if (shape & IMP_SHAPE_MODE) {
		uint64_t mode = imp_varint_read(column);
		cursor->bad |= mode > 07777;
		cursor->modes[entry->type] = (uint32_t)mode;
	}
	if (shape & IMP_SHAPE_OWNER) {
		cursor->uid = imp_varint_read(column);
		cursor->gid = imp_varint_read(column);
	}
	if (shape & IMP_SHAPE_MTIME) {
		uint64_t delta = (uint64_t)imp_unzigzag(imp_varint_read(column));
		cursor->mtime_s = (int64_t)((uint64_t)cursor->mtime_s + delta);
	}
	if (extra & IMP_EXTRA_XATTRS)
		entry->xattrs = imp_varint_read(column);
	if (extra & IMP_EXTRA_HEADERS)
		cursor->header_blocks = imp_varint_read(column);
	entry->mode = cursor->modes[entry->type];
	entry->uid = cursor->uid;
	entry->gid = cursor->gid;
	entry->mtime_s = cursor->mtime_s;
}

/* Moves over the entry's headers and data. */
static void place(struct imp_profile_cursor *cursor, struct imp_entry *entry)
{
	uint64_t most = cursor->profile->summary.tar_bytes;

	entry->tar_offset = cursor->tar_offset;
	if (cursor->header_blocks == 0 ||
	    cursor->header_blocks > (most - cursor->tar_offset) / IMP_TAR_BLOCK) {
		cursor->bad = true;
		return;
	}
	entry->tar_offset += cursor->header_blocks * IMP_TAR_BLOCK;
	if (entry->stored_bytes > most - entry->tar_offset) {
		cursor->bad = true;
		return;
	}
	cursor->tar_offset = entry->tar_offset + imp_tar_round_up(entry->stored_bytes);
	/* Only the last entry may lack its padding. */
	if (cursor->tar_offset > most)
		cursor->tar_offset = most;
}

bool imp_profile_cursor_next(struct imp_profile_cursor *cursor, struct imp_entry *out)
{
	if (cursor->left == 0)
		return false;
	cursor->left--;

	unsigned shape = imp_byte_read(&cursor->columns[IMP_COLUMN_SHAPES]);
	unsigned extra = shape & IMP_SHAPE_EXTRA
				 ? imp_byte_read(&cursor->columns[IMP_COLUMN_EXTRAS])
				 : 0;
	unsigned type = shape & IMP_SHAPE_TYPE;
	if (type >= IMP_ENTRY_TYPES || extra & ~(unsigned)IMP_EXTRA_KNOWN) {
		cursor->bad = true;
		return false;
	}
	struct imp_entry entry = {
		.type = (enum imp_entry_type)type,
		.leftover = extra & IMP_EXTRA_LEFTOVER,
		.inert = extra & IMP_EXTRA_INERT,
	};
	read_path(cursor);
	entry.path = imp_strbuf_slice(&cursor->path);
	read_name(cursor, extra, &entry);
	if (imp_entry_has_link(&entry))
		entry.link = imp_text_read(&cursor->columns[IMP_COLUMN_LINKS]);
	read_sizes(cursor, extra, &entry);
	read_meta(cursor, shape, extra, &entry);
	place(cursor, &entry);
	*out = entry;
	return true;
}

bool imp_profile_cursor_ended_well(const struct imp_profile_cursor *cursor)
{
	bool well = !cursor->bad && cursor->left == 0;
	for (size_t i = 0; i < IMP_COLUMNS; i++)
		well &= !cursor->columns[i].bad &&
			cursor->columns[i].at == cursor->columns[i].end;
	return well;
}
