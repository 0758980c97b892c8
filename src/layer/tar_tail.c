#include <inttypes.h>

#include "tar_walk_priv.h"

/* What stands behind the last entry: two zero blocks, and then perhaps more. */
struct tail {
	uint64_t bytes;
	bool not_zero[3]; /* the first block, the second, what follows */
};

static bool is_zero(const char *data, size_t len)
{
	return len == 0 || (data[0] == 0 && memcmp(data, data + 1, len - 1) == 0);
}

static void tail_add(struct tail *tail, struct imp_slice data)
{
	while (data.len > 0) {
		uint64_t block = tail->bytes / IMP_TAR_BLOCK;
		size_t n = data.len;
		if (block < 2) {
			size_t left = IMP_TAR_BLOCK - tail->bytes % IMP_TAR_BLOCK;
			n = n < left ? n : left;
		}
		tail->not_zero[block < 2 ? block : 2] |= !is_zero(data.data, n);
		tail->bytes += n;
		data = imp_slice_skip(data, n);
	}
}

static void warn(struct imp_layer_walk *walk, const char *code, const char *message)
{
	imp_warnings_add(walk->warnings, code, IMP_NO_LAYER, (struct imp_slice){0}, "%s",
			 message);
}

/* START: where the tail begins. */
static int judge(struct imp_layer_walk *walk, const struct tail *tail, uint64_t start,
		 struct imp_error *err)
{
	if (tail->bytes == 0) {
		walk->without_end = true;
		warn(walk, "tar-no-end",
		     "the tar ends without its end blocks; only the DiffID can show that "
		     "nothing is missing");
		return 0;
	}
	if (tail->not_zero[0])
		return imp_fail(err, IMP_E_FORMAT,
				"tar readers differ on where it ends, at byte %" PRIu64,
				start);
	if (tail->bytes % IMP_TAR_BLOCK != 0 && tail->bytes / IMP_TAR_BLOCK < 2)
		return imp_fail(err, IMP_E_FORMAT,
				"the tar ends at byte %" PRIu64 ", inside its end blocks",
				start + tail->bytes);
	if (tail->not_zero[1])
		return imp_fail(err, IMP_E_FORMAT,
				"a lone zero block at byte %" PRIu64
				" of the tar, more entries may follow",
				start);
	if (tail->not_zero[2])
		warn(walk, "tar-trailing-data",
		     "data behind the end of the tar is no part of it");
	return 0;
}

int imp_layer_walk_read_tail(struct imp_layer_walk *walk, struct imp_error *err)
{
	struct imp_tar_feed *feed = walk->feed;
	struct tail tail = {0};

	imp_positions_begin_entry(walk->positions);
	uint64_t position = imp_tar_feed_position(feed);
	struct imp_slice rest = imp_tar_feed_region(feed, position);
	uint64_t headers;
	int rc = imp_tar_audit_trailing(&walk->audit, rest, &headers, err);
	if (rc < 0)
		return rc;
	uint64_t start = feed->header + headers;

	imp_positions_add(walk->positions, start, IMP_OVERHEAD_PAX);
	tail_add(&tail, imp_slice_skip(rest, (size_t)headers));
	imp_positions_add(walk->positions, position, IMP_OVERHEAD_AFTER_END);
	imp_tar_feed_expect_header(feed, UINT64_MAX);
	while ((rc = imp_tar_feed_next(feed)) == 0) {
		position = imp_tar_feed_position(feed);
		tail_add(&tail, imp_tar_feed_piece_from(feed, feed->piece_start));
		imp_positions_add(walk->positions, position, IMP_OVERHEAD_AFTER_END);
	}
	if (rc < 0) {
		*err = feed->err;
		return rc;
	}
	return judge(walk, &tail, start, err);
}
