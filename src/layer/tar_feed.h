/*
 * The tar's bytes on their way to libarchive: piece after piece of the stream, uncopied,
 * with a memory for what stands between the next header and the data behind it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/cancel.h"
#include "imgprof/decode.h"
#include "imgprof/limits.h"
#include "imgprof/slice.h"
#include "imgprof/strbuf.h"
#include "imgprof/stream.h"

#include "positions.h"

struct imp_tar_feed {
	struct imp_stream *stream; /* borrowed */
	const struct imp_decode_result *decoded;
	struct imp_cancel *cancel;
	struct imp_positions *positions; /* gets the samples */
	size_t remember_most;

	/* The chunk in hand. */
	const uint8_t *rest;
	size_t rest_len;
	/* Part of it that was handed out last. */
	const uint8_t *piece;
	size_t piece_len;
	uint64_t piece_start; /* in the tar */

	uint64_t header; /* where the next header starts */
	struct imp_strbuf
		remembered; /* from there on; what is not in the piece at least */

	int rc; /* 1 at the end, negative after a failure; sticky */
	struct imp_error err;
};

void imp_tar_feed_init(struct imp_tar_feed *feed, struct imp_stream *stream,
		       const struct imp_decode_result *decoded,
		       struct imp_positions *positions, const struct imp_limits *limits,
		       struct imp_cancel *cancel);
void imp_tar_feed_finish(struct imp_tar_feed *feed);

/* Moves on to the next piece: 0, 1 at the end of the stream (then there is no piece),
 * negative with feed->err. */
int imp_tar_feed_next(struct imp_tar_feed *feed);
/* Where the piece ends: all bytes before it have been handed out. */
uint64_t imp_tar_feed_position(const struct imp_tar_feed *feed);
/* The piece from POSITION (inside it or at its end) on. */
struct imp_slice imp_tar_feed_piece_from(const struct imp_tar_feed *feed,
					 uint64_t position);

/* The next header starts at POSITION: at or behind the last one. */
void imp_tar_feed_expect_header(struct imp_tar_feed *feed, uint64_t position);
/* The bytes from the next header up to END, at most imp_tar_feed_position; valid until
 * the next call on the feed. */
struct imp_slice imp_tar_feed_region(struct imp_tar_feed *feed, uint64_t end);
