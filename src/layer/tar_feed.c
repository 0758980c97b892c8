#include "tar_feed.h"

#include <inttypes.h>

#include "tar_header.h"

/* The most that libarchive is given at once: it may copy what it gets together with the
 * rest of the piece before, and reads headers without asking. */
enum { PIECE_BYTES = 256 << 10 };

void imp_tar_feed_init(struct imp_tar_feed *feed, struct imp_stream *stream,
		       const struct imp_decode_result *decoded,
		       struct imp_positions *positions, const struct imp_limits *limits,
		       struct imp_cancel *cancel)
{
	/* Headers, a sparse map, and what has been read behind them. */
	size_t most = 2 * (size_t)limits->special_header_bytes + PIECE_BYTES;
	most += 2 * (size_t)IMP_TAR_BLOCK * (limits->special_headers + 2);
	*feed = (struct imp_tar_feed){
		.stream = stream,
		.decoded = decoded,
		.positions = positions,
		.cancel = cancel,
		.remember_most = most,
	};
}

void imp_tar_feed_finish(struct imp_tar_feed *feed)
{
	imp_strbuf_finish(&feed->remembered);
}

uint64_t imp_tar_feed_position(const struct imp_tar_feed *feed)
{
	return feed->piece_start + feed->piece_len;
}

struct imp_slice imp_tar_feed_piece_from(const struct imp_tar_feed *feed,
					 uint64_t position)
{
	struct imp_slice piece = imp_slice((const char *)feed->piece, feed->piece_len);
	return imp_slice_skip(piece, (size_t)(position - feed->piece_start));
}

/* Goes on with the memory up to END. */
static void remember_until(struct imp_tar_feed *feed, uint64_t end)
{
	uint64_t from = feed->header + feed->remembered.len;
	if (from >= end)
		return;
	struct imp_slice rest = imp_tar_feed_piece_from(feed, from);
	imp_strbuf_add(&feed->remembered, rest.data, (size_t)(end - from));
}

/* What the piece holds of the next header would be gone with it. */
static int remember_piece(struct imp_tar_feed *feed, struct imp_error *err)
{
	remember_until(feed, imp_tar_feed_position(feed));
	if (feed->remembered.len <= feed->remember_most)
		return 0;
	return imp_fail(err, IMP_E_LIMIT,
			"headers of one entry hold more than %zu bytes "
			"(special-header-bytes)",
			feed->remember_most);
}

static int next_chunk(struct imp_tar_feed *feed, struct imp_error *err)
{
	struct imp_chunk chunk;

	if (imp_cancelled(feed->cancel))
		return imp_fail(err, IMP_E_CANCELLED, "cancelled");
	int rc = imp_stream_next(feed->stream, &chunk, err);
	if (rc != 0)
		return rc;
	if (feed->decoded->compression == IMP_COMPRESSION_NONE)
		imp_positions_set_identity(feed->positions);
	imp_positions_add_samples(feed->positions, chunk.positions, chunk.position_count);
	feed->rest = chunk.data;
	feed->rest_len = chunk.len;
	return 0;
}

int imp_tar_feed_next(struct imp_tar_feed *feed)
{
	if (feed->rc != 0)
		return feed->rc;
	feed->rc = remember_piece(feed, &feed->err);
	feed->piece_start += feed->piece_len;
	feed->piece_len = 0;
	if (feed->rc == 0 && feed->rest_len == 0)
		feed->rc = next_chunk(feed, &feed->err);
	if (feed->rc != 0)
		return feed->rc;
	feed->piece = feed->rest;
	feed->piece_len = feed->rest_len < PIECE_BYTES ? feed->rest_len : PIECE_BYTES;
	feed->rest += feed->piece_len;
	feed->rest_len -= feed->piece_len;
	return 0;
}

void imp_tar_feed_expect_header(struct imp_tar_feed *feed, uint64_t position)
{
	uint64_t passed = position - feed->header;

	if (passed < feed->remembered.len) {
		size_t left = feed->remembered.len - (size_t)passed;
		memmove(feed->remembered.data, feed->remembered.data + passed, left);
		imp_strbuf_truncate(&feed->remembered, left);
	} else {
		imp_strbuf_reset(&feed->remembered);
	}
	feed->header = position;
}

struct imp_slice imp_tar_feed_region(struct imp_tar_feed *feed, uint64_t end)
{
	size_t len = (size_t)(end - feed->header);
	if (feed->remembered.len == 0 && len > 0)
		return imp_slice(imp_tar_feed_piece_from(feed, feed->header).data, len);
	remember_until(feed, end);
	return imp_slice(feed->remembered.data, len);
}
