/*
 * libarchive on a feed: tar only, no filters. It can be opened again at any later place,
 * when it took something for data that is none, or the reverse.
 */
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include "tar_feed.h"

struct imp_tar_archive {
	struct imp_tar_feed *feed;
	struct archive *handle;
	uint64_t start; /* where HANDLE began to read, in the tar */
	bool again;     /* its first bytes are in the piece */
};

/* Reads from POSITION on: the start of the stream, or inside the piece or at its end. */
int imp_tar_archive_open(struct imp_tar_archive *archive, struct imp_tar_feed *feed,
			 uint64_t position, struct imp_error *err);
void imp_tar_archive_close(struct imp_tar_archive *archive); /* zeroed allowed */

/* 0, 1 at the end of the archive, negative. *WARNING: libarchive's, or NULL. Both are
 * borrowed until the next call. */
int imp_tar_archive_next(struct imp_tar_archive *archive, struct archive_entry **entry,
			 const char **warning, struct imp_error *err);
/* Where the last header began, and up to where all has been read. */
uint64_t imp_tar_archive_header(const struct imp_tar_archive *archive);
uint64_t imp_tar_archive_position(const struct imp_tar_archive *archive);
/* 0 and the next stored bytes, 1 behind the last, negative. */
int imp_tar_archive_data(struct imp_tar_archive *archive, struct imp_slice *data,
			 uint64_t *offset, struct imp_error *err);
