#include "tar_archive.h"

#include <errno.h>

#include "imgprof/arena.h"

static la_ssize_t read_piece(struct archive *handle, void *user, const void **buffer)
{
	struct imp_tar_archive *archive = user;
	struct imp_tar_feed *feed = archive->feed;
	struct imp_slice piece = {0};

	if (archive->again)
		piece = imp_tar_feed_piece_from(feed, archive->start);
	archive->again = false;
	if (piece.len == 0) {
		int rc = imp_tar_feed_next(feed);
		if (rc == 1)
			return 0;
		if (rc < 0) {
			archive_set_error(handle, EIO, "stream failed");
			return ARCHIVE_FATAL;
		}
		piece = imp_tar_feed_piece_from(feed, feed->piece_start);
	}
	*buffer = piece.data;
	return (la_ssize_t)piece.len;
}

/* The stream's own failure, if it has one, is the reason for libarchive's. */
static int fail_archive(struct imp_tar_archive *archive, struct imp_error *err)
{
	const char *text = archive_error_string(archive->handle);

	if (archive->feed->rc < 0) {
		*err = archive->feed->err;
		return archive->feed->rc;
	}
	if (archive_errno(archive->handle) == ENOMEM)
		imp_die_of_memory(0);
	return imp_fail(err, IMP_E_FORMAT, "%s", text ? text : "malformed tar");
}

void imp_tar_archive_close(struct imp_tar_archive *archive)
{
	archive_read_free(archive->handle);
	archive->handle = NULL;
}

int imp_tar_archive_open(struct imp_tar_archive *archive, struct imp_tar_feed *feed,
			 uint64_t position, struct imp_error *err)
{
	imp_tar_archive_close(archive);
	*archive = (struct imp_tar_archive){
		.feed = feed,
		.handle = archive_read_new(),
		.start = position,
		.again = imp_tar_feed_position(feed) > position,
	};
	if (!archive->handle ||
	    archive_read_support_format_tar(archive->handle) != ARCHIVE_OK ||
	    archive_read_support_format_empty(archive->handle) != ARCHIVE_OK)
		imp_die_of_memory(0);
	int r = archive_read_open(archive->handle, archive, NULL, read_piece, NULL);
	return r == ARCHIVE_OK ? 0 : fail_archive(archive, err);
}

int imp_tar_archive_next(struct imp_tar_archive *archive, struct archive_entry **entry,
			 const char **warning, struct imp_error *err)
{
	int r = archive_read_next_header(archive->handle, entry);

	*warning = NULL;
	switch (r) {
	case ARCHIVE_OK:
		return 0;
	case ARCHIVE_WARN:
		*warning = archive_error_string(archive->handle);
		if (!*warning)
			*warning = "unknown warning";
		return 0;
	case ARCHIVE_EOF:
		return archive->feed->rc < 0 ? fail_archive(archive, err) : 1;
	default:
		/* ARCHIVE_RETRY too: another call would look for a header further on. */
		return fail_archive(archive, err);
	}
}

uint64_t imp_tar_archive_header(const struct imp_tar_archive *archive)
{
	return archive->start + (uint64_t)archive_read_header_position(archive->handle);
}

uint64_t imp_tar_archive_position(const struct imp_tar_archive *archive)
{
	return archive->start + (uint64_t)archive_filter_bytes(archive->handle, 0);
}

int imp_tar_archive_data(struct imp_tar_archive *archive, struct imp_slice *data,
			 uint64_t *offset, struct imp_error *err)
{
	const void *block;
	size_t len;
	la_int64_t at;

	int r = archive_read_data_block(archive->handle, &block, &len, &at);
	if (r == ARCHIVE_EOF)
		return 1;
	if (r != ARCHIVE_OK)
		return fail_archive(archive, err);
	*data = imp_slice(block, len);
	*offset = (uint64_t)at;
	return 0;
}
