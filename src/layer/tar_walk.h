/*
 * Walks the tar of one layer: libarchive reads the headers and hands out the data, the
 * audit (tar_audit.h) reads the same headers, and where the two differ the walk does what
 * engines do and warns, or fails. What it finds goes to the profile writer, the positions
 * and the warnings.
 */
#pragma once

#include "imgprof/limits.h"
#include "imgprof/warning.h"

#include "content.h"
#include "positions.h"
#include "profile_write.h"
#include "tar_archive.h"
#include "tar_audit.h"
#include "tar_feed.h"

struct imp_layer_walk {
	const struct imp_limits *limits;
	struct imp_tar_feed *feed;
	struct imp_positions *positions;
	struct imp_profile_writer *writer;
	struct imp_warnings *warnings;
	struct imp_tar_archive archive;
	struct imp_tar_audit audit;
	struct imp_layer_content content;
	bool facts; /* facts and small files are gathered */
	/* Of the entry under way: copies, because its headers go with their piece. */
	struct imp_strbuf path, name, link;
	struct imp_strbuf scratch;
	uint64_t kept_left; /* of limits->kept_total_bytes */
	bool astray;        /* libarchive is not where the next header is */
	bool in_entry;      /* not all of it has been read */
	bool no_padding;    /* the stream ended in the padding of the last entry */
	bool without_end;   /* no end blocks */
};

void imp_layer_walk_init(struct imp_layer_walk *walk, struct imp_tar_feed *feed,
			 struct imp_profile_writer *writer, struct imp_warnings *warnings,
			 const struct imp_limits *limits, bool facts);
void imp_layer_walk_finish(struct imp_layer_walk *walk);

/* Reads all entries, then the stream to its end. Errors name the offset in the tar. */
int imp_layer_walk_run(struct imp_layer_walk *walk, struct imp_error *err);

/* After a failure: everything handed out that is no complete entry is behind the end. */
void imp_layer_walk_abandon(struct imp_layer_walk *walk);
/* The rest of the stream too; fails as the stream does. */
int imp_layer_walk_drain(struct imp_layer_walk *walk, struct imp_error *err);
