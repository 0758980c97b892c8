#include <inttypes.h>
#include <stdlib.h>

#include <xxhash.h>

#include "imgprof/checked.h"
#include "imgprof/warning.h"

#include "keep.h"
#include "path_clean.h"
#include "profile_facts.h"
#include "profile_pack.h"
#include "profile_priv.h"
#include "tar_header.h"

enum {
	MAX_CODE_BYTES = 64,
	MAX_MESSAGE_BYTES = 1024,
};

/* Sums over the columns, to be held against the summary. */
struct sums {
	uint64_t files, disk_bytes, stored_bytes, header_bytes, padding_bytes, pull_bytes;
	bool overflow;
};

struct loading {
	const struct imp_limits *limits;
	struct imp_profile *profile;
	struct imp_part_reader in; /* what has not been read */
	struct sums sums;
};

static int fail_load(struct imp_error *err, const char *what)
{
	return imp_fail(err, IMP_E_FORMAT, "layer profile: %s", what);
}

static int check_head(const struct imp_profile *profile, struct imp_error *err)
{
	const uint8_t *bytes = profile->bytes;
	XXH128_canonical_t hash;

	if (profile->len < IMP_PROFILE_HEAD_LEN + IMP_PROFILE_HASH_LEN ||
	    memcmp(bytes, IMP_PROFILE_MAGIC, IMP_PROFILE_MAGIC_LEN) != 0)
		return fail_load(err, "not one");
	const uint8_t *version = bytes + IMP_PROFILE_MAGIC_LEN;
	if (version[0] != IMP_PROFILE_VERSION || version[1] || version[2] || version[3])
		return imp_fail(err, IMP_E_UNSUPPORTED,
				"layer profile: of another version than %d",
				IMP_PROFILE_VERSION);
	size_t hashed = profile->len - IMP_PROFILE_HASH_LEN;
	XXH128_canonicalFromHash(&hash, XXH3_128bits(bytes, hashed));
	if (memcmp(hash.digest, bytes + hashed, sizeof(hash.digest)) != 0)
		return imp_fail(err, IMP_E_INTEGRITY,
				"layer profile: damaged, its own hash differs");
	return 0;
}

static bool digest_is_valid(const struct imp_digest *digest)
{
	size_t used = 0;
	if (digest->algorithm == IMP_DIGEST_SHA256)
		used = 32;
	else if (digest->algorithm == IMP_DIGEST_SHA512)
		used = 64;
	else if (digest->algorithm != IMP_DIGEST_NONE)
		return false;
	for (size_t i = used; i < sizeof(digest->bytes); i++)
		if (digest->bytes[i] != 0)
			return false;
	return true;
}

static int read_summary(struct loading *loading, struct imp_error *err)
{
	struct imp_part_reader *in = &loading->in;
	struct imp_profile_summary *summary = &loading->profile->summary;
	unsigned compression = imp_byte_read(in);
	unsigned flags = imp_byte_read(in);

	summary->compression = (enum imp_compression)compression;
	summary->without_end = flags & 1;
	summary->damaged = flags & 2;
	summary->has_facts = flags & 4;
	summary->blob_digest.algorithm = imp_byte_read(in);
	struct imp_slice digest = imp_bytes_read(in, sizeof(summary->blob_digest.bytes));
	memcpy(summary->blob_digest.bytes, digest.data, digest.len);
	summary->pull_bytes = imp_varint_read(in);
	summary->tar_bytes = imp_varint_read(in);
	summary->disk_bytes = imp_varint_read(in);
	summary->entries = imp_varint_read(in);
	summary->files = imp_varint_read(in);
	for (size_t i = 0; i < IMP_OVERHEADS; i++) {
		summary->overheads[i].tar_bytes = imp_varint_read(in);
		summary->overheads[i].pull_bytes = imp_varint_read(in);
	}
	if (in->bad || compression > IMP_COMPRESSION_ZSTD || flags > 7 ||
	    !digest_is_valid(&summary->blob_digest))
		return fail_load(err, "malformed summary");
	if (summary->entries > loading->limits->nodes)
		return imp_fail(err, IMP_E_LIMIT,
				"layer profile: %" PRIu64 " entries, more than %" PRIu32
				" (nodes)",
				summary->entries, loading->limits->nodes);
	return 0;
}

static int find_columns(struct loading *loading, struct imp_error *err)
{
	struct imp_part_reader *columns = loading->profile->columns;
	uint64_t lengths[IMP_COLUMNS];

	for (size_t i = 0; i < IMP_COLUMNS; i++)
		lengths[i] = imp_varint_read(&loading->in);
	for (size_t i = 0; i < IMP_COLUMNS; i++) {
		struct imp_slice column = imp_bytes_read(&loading->in, lengths[i]);
		columns[i].at = (const uint8_t *)column.data;
		columns[i].end = columns[i].at + column.len;
	}
	if (loading->in.bad)
		return fail_load(err, "columns longer than the file");
	if (lengths[IMP_COLUMN_SHAPES] != loading->profile->summary.entries)
		return fail_load(err, "number of entries is not that of the shapes");
	return 0;
}

static bool may_store(const struct imp_entry *entry)
{
	return entry->type == IMP_ENTRY_FILE || entry->type == IMP_ENTRY_DIRECTORY ||
	       entry->type == IMP_ENTRY_WHITEOUT || entry->type == IMP_ENTRY_OPAQUE;
}

static bool entry_is_valid(const struct loading *loading, const struct imp_entry *entry,
			   size_t shared)
{
	bool hides = imp_entry_hides(entry);
	size_t most = loading->limits->path_bytes;

	return imp_layer_path_continues(entry->path, shared, loading->limits) &&
	       entry->name.len <= most + sizeof("/.wh..wh..opq/") &&
	       entry->link.len <= most && entry->disk_bytes < IMP_TAR_MAX_BYTES &&
	       (entry->stored_bytes == 0 || may_store(entry)) &&
	       !(entry->inert && !hides) && !(entry->leftover && hides);
}

static void add(struct sums *sums, uint64_t *sum, uint64_t value)
{
	sums->overflow |= imp_add_overflows(*sum, value, sum);
}

static void add_entry(struct sums *sums, const struct imp_entry *entry,
		      uint64_t header_bytes, uint64_t padding_bytes)
{
	sums->files += entry->type == IMP_ENTRY_FILE;
	add(sums, &sums->disk_bytes, entry->disk_bytes);
	add(sums, &sums->pull_bytes, entry->pull_bytes);
	sums->stored_bytes += entry->stored_bytes;
	sums->header_bytes += header_bytes;
	sums->padding_bytes += padding_bytes;
}

static void note_kept_path(struct imp_profile *profile, size_t *kept, uint64_t number,
			   struct imp_slice path)
{
	for (; *kept < profile->kept_count && profile->kept[*kept].entry == number;
	     ++*kept)
		profile->kept[*kept].path = imp_arena_copy(profile->arena, path);
}

/* Facts are of files, and of no more than a file has. */
static bool fact_fits(const struct imp_profile *profile, size_t *fact, uint64_t number,
		      const struct imp_entry *entry)
{
	if (*fact == profile->fact_count || profile->facts[*fact].entry != number)
		return true;
	const struct imp_elf *elf = profile->facts[(*fact)++].elf;
	if (entry->type != IMP_ENTRY_FILE || entry->disk_bytes == 0)
		return false;
	return !elf || (elf->strip_bytes <= entry->disk_bytes &&
			elf->fatbin_bytes <= entry->disk_bytes - elf->strip_bytes);
}

static int read_entries(struct loading *loading, struct imp_error *err)
{
	struct imp_profile_cursor cursor;
	struct imp_entry entry;
	uint64_t number = 0, position = 0;
	size_t kept = 0, fact = 0;
	bool valid = true;

	imp_profile_cursor_init(&cursor, loading->profile);
	while (valid && imp_profile_cursor_next(&cursor, &entry)) {
		valid = !cursor.bad &&
			entry_is_valid(loading, &entry, cursor.path_shared);
		add_entry(&loading->sums, &entry, entry.tar_offset - position,
			  cursor.tar_offset - entry.tar_offset - entry.stored_bytes);
		position = cursor.tar_offset;
		loading->profile->hides |= imp_entry_hides(&entry);
		valid &= fact_fits(loading->profile, &fact, number, &entry);
		note_kept_path(loading->profile, &kept, number++, entry.path);
	}
	valid &= imp_profile_cursor_ended_well(&cursor);
	imp_profile_cursor_finish(&cursor);
	return valid && kept == loading->profile->kept_count &&
			       fact == loading->profile->fact_count
		       ? 0
		       : fail_load(err, "malformed entry");
}

/* The sums of design section 2, invariants 1 to 3. */
static int check_sums(struct loading *loading, struct imp_error *err)
{
	const struct imp_profile_summary *summary = &loading->profile->summary;
	const struct imp_overhead *overheads = summary->overheads;
	struct sums *sums = &loading->sums;
	uint64_t tar_bytes = sums->stored_bytes, pull_bytes = sums->pull_bytes;
	uint64_t own_bytes = IMP_TAR_BLOCK * summary->entries;

	for (size_t i = 0; i < IMP_OVERHEADS; i++) {
		add(sums, &tar_bytes, overheads[i].tar_bytes);
		add(sums, &pull_bytes, overheads[i].pull_bytes);
	}
	if (sums->overflow || sums->files != summary->files ||
	    sums->disk_bytes != summary->disk_bytes || tar_bytes != summary->tar_bytes ||
	    pull_bytes != summary->pull_bytes)
		return fail_load(err, "sums differ from the entries");
	/* Headers that no entry follows count as pax. */
	if (overheads[IMP_OVERHEAD_HEADERS].tar_bytes != own_bytes ||
	    overheads[IMP_OVERHEAD_PADDING].tar_bytes != sums->padding_bytes ||
	    overheads[IMP_OVERHEAD_PAX].tar_bytes < sums->header_bytes - own_bytes ||
	    overheads[IMP_OVERHEAD_TOC].tar_bytes != 0)
		return fail_load(err, "overheads differ from the entries");
	return 0;
}

/* Numbers and lengths; contents follow behind the last, paths come from the entries. */
static int read_kept(struct loading *loading, struct imp_error *err)
{
	struct imp_profile *profile = loading->profile;
	struct imp_part_reader *in = &loading->in;
	uint64_t count = imp_varint_read(in), number = 0, total = 0;
	bool valid = count <= profile->summary.entries &&
		     count <= (uint64_t)(in->end - in->at);

	if (valid)
		profile->kept = imp_xcalloc((size_t)count, sizeof(*profile->kept));
	for (size_t i = 0; valid && i < count; i++) {
		struct imp_kept_file *kept = &profile->kept[i];
		uint64_t delta = imp_varint_read(in);
		unsigned cut = imp_byte_read(in);
		uint64_t len = imp_varint_read(in);

		valid = (delta > 0 || i == 0) && cut <= 1 && !(cut && len > 0) &&
			!imp_add_overflows(number, delta, &number) &&
			len / IMP_KEEP_DATABASE_FILES <=
				loading->limits->kept_file_bytes &&
			!imp_add_overflows(total, len, &total);
		kept->entry = number;
		kept->cut = cut;
		kept->content.len = (size_t)len;
	}
	if (!valid || in->bad || total > loading->limits->kept_total_bytes)
		return fail_load(err, "malformed list of kept files");
	profile->kept_count = (size_t)count;
	struct imp_slice contents = imp_unpack(in, total, &profile->kept_memory);
	if (in->bad || contents.len != total ||
	    (count > 0 && !profile->summary.has_facts))
		return fail_load(err, "malformed contents of kept files");
	for (size_t i = 0; i < count; i++) {
		struct imp_slice *content = &profile->kept[i].content;
		content->data = contents.data;
		contents = imp_slice_skip(contents, content->len);
	}
	return 0;
}

static int read_facts(struct loading *loading, struct imp_error *err)
{
	struct imp_profile *profile = loading->profile;
	uint64_t count = imp_varint_read(&loading->in), number = 0;
	struct imp_slice text =
		imp_unpack(&loading->in, IMP_PROFILE_FACTS_BYTES, &profile->fact_memory);
	struct imp_part_reader in = {.at = (const uint8_t *)text.data};

	in.end = in.at + text.len;
	in.bad = loading->in.bad || count > profile->summary.entries ||
		 count > text.len || (count > 0 && !profile->summary.has_facts);
	if (!in.bad)
		profile->facts = imp_xcalloc((size_t)count, sizeof(*profile->facts));
	for (size_t i = 0; !in.bad && i < count; i++) {
		uint64_t gap = imp_varint_read(&in);
		in.bad |= (gap == 0 && i > 0) || imp_add_overflows(number, gap, &number);
		profile->facts[i].entry = number;
		imp_fact_decode(&in, profile->arena, &profile->facts[i]);
		profile->fact_count += !in.bad;
	}
	return in.bad || in.at != in.end ? fail_load(err, "malformed facts") : 0;
}

static bool is_code(struct imp_slice code)
{
	for (size_t i = 0; i < code.len; i++) {
		char c = code.data[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
			return false;
	}
	return code.len > 0 && code.len <= MAX_CODE_BYTES;
}

static bool is_message(struct imp_slice text)
{
	return text.len <= MAX_MESSAGE_BYTES &&
	       !(text.len > 0 && memchr(text.data, '\0', text.len));
}

static int read_warnings(struct loading *loading, struct imp_error *err)
{
	struct imp_part_reader *in = &loading->in;
	uint64_t count = imp_varint_read(in);

	loading->profile->warnings = imp_warnings_create();
	for (uint64_t i = 0; i < count && !in->bad; i++) {
		struct imp_slice code = imp_text_read(in);
		struct imp_slice path = imp_text_read(in);
		struct imp_slice message = imp_text_read(in);
		char word[MAX_CODE_BYTES + 1];

		if (in->bad || !is_code(code) || !is_message(message) ||
		    path.len > IMP_WARNING_PATH_BYTES)
			return fail_load(err, "malformed warning");
		memcpy(word, code.data, code.len);
		word[code.len] = '\0';
		imp_warnings_add(loading->profile->warnings, word, IMP_NO_LAYER, path,
				 "%.*s", (int)message.len, message.data);
	}
	return in->bad ? fail_load(err, "malformed warning") : 0;
}

static int read_parts(struct loading *loading, struct imp_error *err)
{
	int rc = check_head(loading->profile, err);
	if (rc < 0)
		return rc;
	loading->in = (struct imp_part_reader){
		.at = loading->profile->bytes + IMP_PROFILE_HEAD_LEN,
		.end = loading->profile->bytes + loading->profile->len -
		       IMP_PROFILE_HASH_LEN,
	};
	if ((rc = read_summary(loading, err)) < 0 ||
	    (rc = find_columns(loading, err)) < 0 || (rc = read_kept(loading, err)) < 0 ||
	    (rc = read_facts(loading, err)) < 0 ||
	    (rc = read_warnings(loading, err)) < 0 ||
	    (rc = read_entries(loading, err)) < 0 || (rc = check_sums(loading, err)) < 0)
		return rc;
	return loading->in.at == loading->in.end ? 0 : fail_load(err, "bytes left over");
}

int imp_profile_load(void *memory, size_t len, const struct imp_limits *limits,
		     struct imp_profile **out, struct imp_error *err)
{
	struct imp_profile *profile = imp_xcalloc(1, sizeof(*profile));
	struct loading loading = {.limits = limits, .profile = profile};

	profile->bytes = memory;
	profile->len = len;
	profile->arena = imp_arena_create();
	int rc = read_parts(&loading, err);
	if (rc < 0) {
		imp_profile_destroy(profile);
		return rc;
	}
	*out = profile;
	return 0;
}
