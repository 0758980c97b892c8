/*
 * One blob through the decoder twice: as a whole, and in chunks whose size comes from the
 * input, through readahead buffers on both sides. Bytes, samples, counters and the message
 * of a failure must be the same.
 */
#pragma once

#include <stdlib.h>
#include <string.h>

#include "imgprof/cleanup.h"
#include "imgprof/decode.h"
#include "imgprof/hash.h"

enum { FUZZ_MAX_OUTPUT = 4 << 20 };

struct fuzz_run {
	int rc;
	struct imp_error err;
	struct imp_decode_result result;
	struct imp_content_hash bytes;
	struct imp_content_hash samples;
};

static inline void require(bool holds)
{
	if (!holds)
		abort();
}

/* Lower than the defaults, so that small inputs reach them. */
static inline struct imp_limits fuzz_limits(void)
{
	struct imp_limits limits = imp_limits_default;
	limits.ratio_after_bytes = 1 << 20;
	limits.zstd_window_log = 20;
	return limits;
}

static inline void fuzz_read(struct imp_stream *stream, struct fuzz_run *run)
{
	imp_auto_destroy(imp_content_hasher) struct imp_content_hasher *bytes =
		imp_content_hasher_create();
	imp_auto_destroy(imp_content_hasher) struct imp_content_hasher *samples =
		imp_content_hasher_create();
	uint64_t end = 0, sampled = 0;
	struct imp_chunk chunk;
	while ((run->rc = imp_stream_next(stream, &chunk, &run->err)) == 0) {
		require(chunk.len > 0);
		uint64_t start = end;
		end += chunk.len;
		for (size_t i = 0; i < chunk.position_count; i++) {
			struct imp_position p = chunk.positions[i];
			require(p.output > sampled && p.output > start &&
				p.output <= end);
			sampled = p.output;
			imp_content_hasher_add(samples, &p, sizeof(p));
		}
		imp_content_hasher_add(bytes, chunk.data, chunk.len);
	}
	require(end <= FUZZ_MAX_OUTPUT);
	run->bytes = imp_content_hasher_result(bytes);
	run->samples = imp_content_hasher_result(samples);
}

static inline struct fuzz_run fuzz_decode(struct imp_stream *inner, unsigned ahead)
{
	struct imp_limits limits = fuzz_limits();
	struct imp_decode_options options = {&limits, FUZZ_MAX_OUTPUT, "layer-tar-bytes"};
	struct fuzz_run run = {0};
	if (ahead)
		inner = imp_stream_readahead(inner, ahead, NULL);
	struct imp_stream *stream = imp_stream_decode(inner, &options, &run.result);
	if (ahead)
		stream = imp_stream_readahead(stream, ahead, NULL);
	fuzz_read(stream, &run);
	imp_stream_destroy(stream);
	return run;
}

static inline void fuzz_decode_twice(struct imp_slice blob)
{
	size_t sum = 0;
	for (size_t i = 0; i < blob.len; i++)
		sum = sum * 31 + (unsigned char)blob.data[i];
	struct fuzz_run whole = fuzz_decode(imp_stream_memory(blob, 0), 0);
	struct fuzz_run parts =
		fuzz_decode(imp_stream_memory(blob, sum % 97 + 1), sum & 1 ? 2 : 0);

	require(whole.rc == parts.rc);
	require(memcmp(&whole.bytes, &parts.bytes, sizeof(whole.bytes)) == 0);
	require(memcmp(&whole.samples, &parts.samples, sizeof(whole.samples)) == 0);
	require(strcmp(whole.err.message, parts.err.message) == 0);
	require(whole.result.compression == parts.result.compression);
	require(whole.result.output_bytes == parts.result.output_bytes);
	require(whole.result.toc_bytes == parts.result.toc_bytes);
	require(whole.result.trailing_bytes == parts.result.trailing_bytes);
	require(whole.rc == 1 || (whole.err.category == whole.rc && whole.rc < 0));
	if (whole.rc == 1)
		require(whole.result.input_bytes == blob.len);
}
