#include "profile_write.h"

#include <inttypes.h>

#include <xxhash.h>

#include "imgprof/arena.h"
#include "imgprof/checked.h"

#include "profile_format.h"
#include "profile_pack.h"
#include "tar_header.h"

struct imp_profile_writer {
	const struct imp_limits *limits;
	struct imp_strbuf columns[IMP_COLUMNS];
	struct imp_strbuf kept;
	struct imp_packer kept_contents, facts;
	uint64_t kept_count, kept_last; /* number of the last kept entry */
	uint64_t fact_count, fact_last; /* likewise */
	uint64_t entries, files, disk_bytes;
	/* What the next entry is told apart from. */
	struct imp_strbuf path;
	uint32_t modes[IMP_ENTRY_TYPES];
	uint64_t uid, gid, header_bytes;
	int64_t mtime_s;
	struct imp_strbuf usual, spelled; /* scratch */
};

struct imp_profile_writer *imp_profile_writer_create(const struct imp_limits *limits)
{
	struct imp_profile_writer *writer = imp_xcalloc(1, sizeof(*writer));
	writer->limits = limits;
	writer->header_bytes = IMP_TAR_BLOCK;
	return writer;
}

static void drop_columns(struct imp_profile_writer *writer)
{
	for (size_t i = 0; i < IMP_COLUMNS; i++)
		imp_strbuf_finish(&writer->columns[i]);
	imp_strbuf_finish(&writer->kept);
	imp_packer_finish(&writer->kept_contents);
	imp_packer_finish(&writer->facts);
}

void imp_profile_writer_destroy(struct imp_profile_writer *writer)
{
	if (!writer)
		return;
	drop_columns(writer);
	imp_strbuf_finish(&writer->path);
	imp_strbuf_finish(&writer->usual);
	imp_strbuf_finish(&writer->spelled);
	free(writer);
}

static int check_room(const struct imp_profile_writer *writer,
		      const struct imp_entry *entry, struct imp_error *err)
{
	const struct imp_strbuf *columns = writer->columns;
	uint64_t text = columns[IMP_COLUMN_PATHS].len +
			columns[IMP_COLUMN_SPELLINGS].len +
			columns[IMP_COLUMN_LINKS].len + entry->path.len +
			entry->name.len + entry->link.len;

	if (writer->entries >= writer->limits->nodes)
		return imp_fail(err, IMP_E_LIMIT, "more than %" PRIu32 " entries (nodes)",
				writer->limits->nodes);
	if (text > IMP_PROFILE_TEXT_BYTES)
		return imp_fail(err, IMP_E_LIMIT,
				"names of more than %" PRIu64 " bytes "
				"(profile-text-bytes)",
				IMP_PROFILE_TEXT_BYTES);
	return 0;
}

static void add_path(struct imp_profile_writer *writer, struct imp_slice path)
{
	struct imp_strbuf *column = &writer->columns[IMP_COLUMN_PATHS];
	size_t most = path.len < writer->path.len ? path.len : writer->path.len;
	size_t shared = 0;

	while (shared < most && path.data[shared] == writer->path.data[shared])
		shared++;
	imp_varint_add(column, shared);
	imp_text_add(column, imp_slice_skip(path, shared));
	imp_strbuf_truncate(&writer->path, shared);
	imp_strbuf_add_slice(&writer->path, imp_slice_skip(path, shared));
}

/* The code for NAME, USUAL apart. */
static unsigned spelling_of(struct imp_profile_writer *writer, struct imp_slice name)
{
	static const unsigned codes[] = {
		IMP_SPELLING_DOT,
		IMP_SPELLING_DOT | IMP_SPELLING_SLASH,
		IMP_SPELLING_ROOT,
		IMP_SPELLING_ROOT | IMP_SPELLING_SLASH,
		IMP_SPELLING_USUAL | IMP_SPELLING_SLASH,
	};
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		imp_profile_spell(imp_strbuf_slice(&writer->usual), codes[i],
				  &writer->spelled);
		if (imp_slice_equal(name, imp_strbuf_slice(&writer->spelled)))
			return codes[i];
	}
	return IMP_SPELLING_OTHER;
}

/* true when the reader could not guess the name. */
static bool add_spelling(struct imp_profile_writer *writer, const struct imp_entry *entry)
{
	struct imp_strbuf *column = &writer->columns[IMP_COLUMN_SPELLINGS];
	struct imp_slice name = entry->name;
	bool hides = entry->type == IMP_ENTRY_WHITEOUT || entry->type == IMP_ENTRY_OPAQUE;

	imp_profile_usual_name(entry, &writer->usual);
	struct imp_slice usual = imp_strbuf_slice(&writer->usual);
	if (imp_slice_equal(name, usual))
		return false;
	if (!hides && name.len == usual.len + 1 && imp_slice_starts(name, usual) &&
	    name.data[usual.len] == '/')
		return false;

	unsigned spelling = spelling_of(writer, name);
	imp_strbuf_add_char(column, (char)spelling);
	if (spelling == IMP_SPELLING_OTHER)
		imp_text_add(column, name);
	return true;
}

static bool add_sizes(struct imp_profile_writer *writer, const struct imp_entry *entry)
{
	struct imp_strbuf *column = &writer->columns[IMP_COLUMN_SIZES];
	bool stored = entry->stored_bytes != entry->disk_bytes;

	if (entry->type == IMP_ENTRY_FILE)
		imp_varint_add(column, entry->disk_bytes);
	if (stored)
		imp_varint_add(column, entry->stored_bytes);
	if (entry->disk_bytes > 0)
		imp_strbuf_add(&writer->columns[IMP_COLUMN_HASHES], entry->hash.bytes,
			       sizeof(entry->hash.bytes));
	return stored;
}

/* Returns the bits for what was written. */
static unsigned add_owner(struct imp_profile_writer *writer,
			  const struct imp_entry *entry)
{
	struct imp_strbuf *column = &writer->columns[IMP_COLUMN_META];
	unsigned shape = 0;

	if (entry->mode != writer->modes[entry->type]) {
		imp_varint_add(column, writer->modes[entry->type] = entry->mode);
		shape |= IMP_SHAPE_MODE;
	}
	if (entry->uid != writer->uid || entry->gid != writer->gid) {
		imp_varint_add(column, writer->uid = entry->uid);
		imp_varint_add(column, writer->gid = entry->gid);
		shape |= IMP_SHAPE_OWNER;
	}
	if (entry->mtime_s != writer->mtime_s) {
		uint64_t delta = (uint64_t)entry->mtime_s - (uint64_t)writer->mtime_s;
		imp_varint_add(column, imp_zigzag((int64_t)delta));
		writer->mtime_s = entry->mtime_s;
		shape |= IMP_SHAPE_MTIME;
	}
	return shape;
}

static unsigned add_extras(struct imp_profile_writer *writer,
			   const struct imp_entry *entry, uint64_t header_bytes)
{
	struct imp_strbuf *column = &writer->columns[IMP_COLUMN_META];
	unsigned extra = 0;

	if (entry->leftover)
		extra |= IMP_EXTRA_LEFTOVER;
	if (entry->inert)
		extra |= IMP_EXTRA_INERT;
	if (entry->xattrs != 0) {
		imp_varint_add(column, entry->xattrs);
		extra |= IMP_EXTRA_XATTRS;
	}
	if (header_bytes != writer->header_bytes) {
		imp_varint_add(column, header_bytes / IMP_TAR_BLOCK);
		writer->header_bytes = header_bytes;
		extra |= IMP_EXTRA_HEADERS;
	}
	return extra;
}

int imp_profile_writer_add(struct imp_profile_writer *writer,
			   const struct imp_entry *entry, uint64_t header_bytes,
			   struct imp_error *err)
{
	uint64_t disk_bytes;
	int rc = check_room(writer, entry, err);
	if (rc < 0)
		return rc;
	if (imp_add_overflows(writer->disk_bytes, entry->disk_bytes, &disk_bytes))
		return imp_fail(err, IMP_E_FORMAT, "sizes of all files exceed 64 bits");

	unsigned shape = entry->type | add_owner(writer, entry);
	unsigned extra = add_extras(writer, entry, header_bytes);
	add_path(writer, entry->path);
	if (add_spelling(writer, entry))
		extra |= IMP_EXTRA_SPELLED;
	if (add_sizes(writer, entry))
		extra |= IMP_EXTRA_STORED;
	if (imp_entry_has_link(entry))
		imp_text_add(&writer->columns[IMP_COLUMN_LINKS], entry->link);
	if (extra != 0) {
		imp_strbuf_add_char(&writer->columns[IMP_COLUMN_EXTRAS], (char)extra);
		shape |= IMP_SHAPE_EXTRA;
	}
	imp_strbuf_add_char(&writer->columns[IMP_COLUMN_SHAPES], (char)shape);

	writer->disk_bytes = disk_bytes;
	writer->entries++;
	writer->files += entry->type == IMP_ENTRY_FILE;
	return 0;
}

void imp_profile_writer_add_pull(struct imp_profile_writer *writer, uint64_t pull_bytes)
{
	imp_varint_add(&writer->columns[IMP_COLUMN_PULLS], pull_bytes);
}

void imp_profile_writer_keep(struct imp_profile_writer *writer, struct imp_slice content,
			     bool cut)
{
	uint64_t entry = writer->entries - 1;

	imp_varint_add(&writer->kept, entry - writer->kept_last);
	imp_strbuf_add_char(&writer->kept, (char)cut);
	imp_varint_add(&writer->kept, content.len);
	imp_packer_add(&writer->kept_contents, content);
	writer->kept_last = entry;
	writer->kept_count++;
}

void imp_profile_writer_fact(struct imp_profile_writer *writer, struct imp_slice fact)
{
	uint64_t entry = writer->entries - 1;
	struct imp_strbuf *gap = &writer->usual;

	imp_strbuf_reset(gap);
	imp_varint_add(gap, entry - writer->fact_last);
	if (writer->facts.bytes + gap->len + fact.len > IMP_PROFILE_FACTS_BYTES)
		return;
	imp_packer_add(&writer->facts, imp_strbuf_slice(gap));
	imp_packer_add(&writer->facts, fact);
	writer->fact_last = entry;
	writer->fact_count++;
}

static void add_summary(struct imp_strbuf *out, const struct imp_profile_summary *summary)
{
	const struct imp_digest *digest = &summary->blob_digest;

	imp_strbuf_add_char(out, (char)summary->compression);
	imp_strbuf_add_char(out, (char)(summary->without_end | summary->damaged << 1 |
					summary->has_facts << 2));
	imp_strbuf_add_char(out, (char)digest->algorithm);
	imp_strbuf_add(out, digest->bytes, sizeof(digest->bytes));
	imp_varint_add(out, summary->pull_bytes);
	imp_varint_add(out, summary->tar_bytes);
	imp_varint_add(out, summary->disk_bytes);
	imp_varint_add(out, summary->entries);
	imp_varint_add(out, summary->files);
	for (size_t i = 0; i < IMP_OVERHEADS; i++) {
		imp_varint_add(out, summary->overheads[i].tar_bytes);
		imp_varint_add(out, summary->overheads[i].pull_bytes);
	}
}

static void add_columns(struct imp_strbuf *out, struct imp_profile_writer *writer)
{
	for (size_t i = 0; i < IMP_COLUMNS; i++)
		imp_varint_add(out, writer->columns[i].len);
	for (size_t i = 0; i < IMP_COLUMNS; i++) {
		imp_strbuf_add_slice(out, imp_strbuf_slice(&writer->columns[i]));
		imp_strbuf_finish(&writer->columns[i]);
	}
}

static void add_warnings(struct imp_strbuf *out, const struct imp_warnings *warnings)
{
	size_t count = imp_warnings_count(warnings);

	imp_varint_add(out, count);
	for (size_t i = 0; i < count; i++) {
		const struct imp_warning *warning = imp_warnings_get(warnings, i);
		imp_text_add(out, imp_slice_of(warning->code));
		imp_text_add(out, warning->path);
		imp_text_add(out, imp_slice_of(warning->message));
	}
}

static void add_hash(struct imp_strbuf *out)
{
	XXH128_canonical_t hash;

	XXH128_canonicalFromHash(&hash, XXH3_128bits(out->data, out->len));
	imp_strbuf_add(out, hash.digest, sizeof(hash.digest));
}

int imp_profile_writer_finish(struct imp_profile_writer *writer,
			      const struct imp_profile_summary *summary,
			      const struct imp_warnings *warnings,
			      struct imp_profile **out, struct imp_error *err)
{
	struct imp_profile_summary filled = *summary;
	struct imp_strbuf bytes = {0};
	const uint8_t version[4] = {IMP_PROFILE_VERSION};

	filled.entries = writer->entries;
	filled.files = writer->files;
	filled.disk_bytes = writer->disk_bytes;
	imp_strbuf_add_text(&bytes, IMP_PROFILE_MAGIC);
	imp_strbuf_add(&bytes, version, sizeof(version));
	add_summary(&bytes, &filled);
	add_columns(&bytes, writer);
	imp_varint_add(&bytes, writer->kept_count);
	imp_strbuf_add_slice(&bytes, imp_strbuf_slice(&writer->kept));
	imp_packer_end(&writer->kept_contents, &bytes);
	imp_varint_add(&bytes, writer->fact_count);
	imp_packer_end(&writer->facts, &bytes);
	add_warnings(&bytes, warnings);
	add_hash(&bytes);
	drop_columns(writer);

	size_t len = bytes.len;
	int rc =
		imp_profile_load(imp_strbuf_steal(&bytes), len, writer->limits, out, err);
	if (rc >= 0)
		return 0;
	struct imp_error reason = *err;
	return imp_fail(err, IMP_E_BUG, "a profile just written does not load: %s",
			reason.message);
}
