#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "archive_priv.h"

enum {
	FILE_CHUNK = 64 << 10,
	END_BYTES = 512, /* of zeros at least, when a tar was written to its end */
};

struct imp_tar_walk {
	struct archive *archive;
	struct archive_entry *entry; /* libarchive's, of the member at hand */
	const struct imp_cancel *cancel;
	struct imp_stream *input; /* NULL: fd */
	int fd;
	uint64_t file_bytes, file_position;
	uint8_t *buffer;          /* FILE_CHUNK bytes, with fd */
	uint64_t zeros_at_end;    /* of what was read so far */
	bool input_ended;         /* libarchive was told so */
	int failed;               /* category of FAILURE, 0 while all is well */
	struct imp_error failure; /* of the input, under libarchive's own */
	bool opened, cut;
};

static void count_zeros(struct imp_tar_walk *walk, const uint8_t *data, size_t len)
{
	size_t zeros = 0;

	while (zeros < len && zeros < END_BYTES && data[len - 1 - zeros] == 0)
		zeros++;
	walk->zeros_at_end = zeros == len ? walk->zeros_at_end + zeros : zeros;
}

static int read_file(struct imp_tar_walk *walk, struct imp_chunk *out,
		     struct imp_error *err)
{
	uint64_t left = walk->file_bytes - walk->file_position;
	size_t want = left < FILE_CHUNK ? (size_t)left : FILE_CHUNK;
	ssize_t got;

	if (want == 0)
		return 1;
	do {
		got = pread(walk->fd, walk->buffer, want, (off_t)walk->file_position);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return imp_fail_errno(err, "read");
	if (got == 0)
		return 1;
	walk->file_position += (uint64_t)got;
	*out = (struct imp_chunk){.data = walk->buffer, .len = (size_t)got};
	return 0;
}

static int read_input(struct imp_tar_walk *walk, struct imp_chunk *out,
		      struct imp_error *err)
{
	int rc;

	if (imp_cancelled(walk->cancel))
		return imp_fail(err, IMP_E_CANCELLED, "stopped");
	rc = walk->input ? imp_stream_next(walk->input, out, err)
			 : read_file(walk, out, err);
	if (rc == 0)
		count_zeros(walk, out->data, out->len);
	return rc;
}

static la_ssize_t feed(struct archive *archive, void *user, const void **buffer)
{
	struct imp_tar_walk *walk = user;
	struct imp_chunk chunk = {0};
	int rc = walk->failed;

	if (rc == 0)
		rc = read_input(walk, &chunk, &walk->failure);
	if (rc < 0) {
		walk->failed = rc;
		archive_set_error(archive, EIO, "input failed");
		return -1;
	}
	if (rc == 1) {
		walk->input_ended = true;
		return 0;
	}
	*buffer = chunk.data;
	return (la_ssize_t)chunk.len;
}

/* May skip less than asked for: libarchive reads the rest, and so finds a short file. */
static la_int64_t skip(struct archive *archive, void *user, la_int64_t request)
{
	struct imp_tar_walk *walk = user;
	uint64_t left = walk->file_bytes - walk->file_position;
	uint64_t step = (uint64_t)request < left ? (uint64_t)request : left;

	(void)archive;
	walk->file_position += step;
	walk->zeros_at_end = 0;
	return (la_int64_t)step;
}

static struct imp_tar_walk *create(const struct imp_cancel *cancel)
{
	struct imp_tar_walk *walk = imp_xcalloc(1, sizeof(*walk));

	walk->cancel = cancel;
	walk->fd = -1;
	walk->archive = archive_read_new();
	if (!walk->archive)
		imp_die_of_memory(sizeof(*walk));
	archive_read_support_format_tar(walk->archive);
	archive_read_set_read_callback(walk->archive, feed);
	archive_read_set_callback_data(walk->archive, walk);
	return walk;
}

struct imp_tar_walk *imp_tar_walk_stream(struct imp_stream *stream,
					 const struct imp_cancel *cancel)
{
	struct imp_tar_walk *walk = create(cancel);

	walk->input = stream;
	return walk;
}

struct imp_tar_walk *imp_tar_walk_file(int fd, uint64_t file_bytes,
				       const struct imp_cancel *cancel)
{
	struct imp_tar_walk *walk = create(cancel);

	walk->fd = fd;
	walk->file_bytes = file_bytes;
	walk->buffer = imp_xmalloc(FILE_CHUNK);
	archive_read_set_skip_callback(walk->archive, skip);
	return walk;
}

void imp_tar_walk_destroy(struct imp_tar_walk *walk)
{
	if (!walk)
		return;
	archive_read_free(walk->archive);
	imp_stream_destroy(walk->input);
	free(walk->buffer);
	free(walk);
}

/* libarchive's complaint, or what was behind it. */
static int fail_walk(struct imp_tar_walk *walk, struct imp_error *err)
{
	const char *text = archive_error_string(walk->archive);

	if (walk->failed < 0) {
		*err = walk->failure;
		return walk->failed;
	}
	return imp_fail(err, IMP_E_FORMAT, "damaged tar at byte %lld: %s",
			(long long)archive_read_header_position(walk->archive),
			text ? text : "unreadable header");
}

static struct imp_slice entry_name(struct archive_entry *entry)
{
	const char *name = archive_entry_pathname(entry);

	/* A pax name that the locale cannot say is still there in UTF-8. */
	return imp_slice_of(name ? name : archive_entry_pathname_utf8(entry));
}

static struct imp_slice entry_target(struct archive_entry *entry, enum imp_tar_kind kind)
{
	const char *target = NULL;

	if (kind == IMP_TAR_HARDLINK) {
		target = archive_entry_hardlink(entry);
		if (!target)
			target = archive_entry_hardlink_utf8(entry);
	} else if (kind == IMP_TAR_SYMLINK) {
		target = archive_entry_symlink(entry);
		if (!target)
			target = archive_entry_symlink_utf8(entry);
	}
	return imp_slice_of(target);
}

static enum imp_tar_kind entry_kind(struct archive_entry *entry)
{
	if (archive_entry_hardlink(entry) || archive_entry_hardlink_utf8(entry))
		return IMP_TAR_HARDLINK;
	switch (archive_entry_filetype(entry)) {
	case AE_IFREG:
		return IMP_TAR_FILE;
	case AE_IFLNK:
		return IMP_TAR_SYMLINK;
	default:
		return IMP_TAR_OTHER;
	}
}

static void fill_head(struct imp_tar_walk *walk, struct imp_tar_head *out)
{
	struct archive_entry *entry = walk->entry;

	out->kind = entry_kind(entry);
	out->name = entry_name(entry);
	out->target = entry_target(entry, out->kind);
	out->sparse = archive_entry_sparse_count(entry) > 0;
	out->size_bytes = (uint64_t)archive_entry_size(entry);
	out->offset_bytes = (uint64_t)archive_filter_bytes(walk->archive, 0);
}

int imp_tar_walk_next(struct imp_tar_walk *walk, struct imp_tar_head *out,
		      struct imp_error *err)
{
	int rc;

	if (!walk->opened && archive_read_open1(walk->archive) != ARCHIVE_OK)
		return fail_walk(walk, err);
	walk->opened = true;
	rc = archive_read_next_header(walk->archive, &walk->entry);
	if (rc == ARCHIVE_EOF) {
		walk->cut = walk->input_ended && walk->zeros_at_end < END_BYTES;
		return 1;
	}
	if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
		return fail_walk(walk, err);
	fill_head(walk, out);
	return 0;
}

bool imp_tar_walk_is_cut(const struct imp_tar_walk *walk)
{
	return walk->cut;
}

int imp_tar_walk_drain(struct imp_tar_walk *walk, struct imp_error *err)
{
	struct imp_chunk chunk = {0};
	int rc = walk->input_ended ? 1 : 0;

	while (rc == 0)
		rc = read_input(walk, &chunk, err);
	return rc < 0 ? rc : 0;
}

struct member_stream {
	struct imp_stream stream;
	struct imp_tar_walk *walk;
	uint64_t done_bytes;
	int last; /* what was answered behind the data */
	struct imp_error failure;
};

static int read_block(struct member_stream *member, struct imp_chunk *out,
		      struct imp_error *err)
{
	struct archive *archive = member->walk->archive;
	const void *data;
	size_t len = 0;
	la_int64_t offset;

	while (len == 0) {
		int rc = archive_read_data_block(archive, &data, &len, &offset);
		if (rc == ARCHIVE_EOF)
			return 1;
		if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
			return fail_walk(member->walk, err);
	}
	if ((uint64_t)offset != member->done_bytes)
		return imp_fail(err, IMP_E_UNSUPPORTED, "sparse member of an archive");
	member->done_bytes += len;
	*out = (struct imp_chunk){.data = data, .len = len};
	return 0;
}

static int member_next(struct imp_stream *stream, struct imp_chunk *out,
		       struct imp_error *err)
{
	struct member_stream *member = (struct member_stream *)stream;

	if (member->last == 0)
		member->last = read_block(member, out, &member->failure);
	if (member->last < 0 && err)
		*err = member->failure;
	return member->last;
}

static void member_destroy(struct imp_stream *stream)
{
	free(stream);
}

static const struct imp_stream_ops member_ops = {member_next, member_destroy};

struct imp_stream *imp_tar_walk_data(struct imp_tar_walk *walk)
{
	struct member_stream *member = imp_xcalloc(1, sizeof(*member));

	member->stream.ops = &member_ops;
	member->walk = walk;
	return &member->stream;
}
