/*
 * Byte streams that compose. A stream hands out one borrowed chunk after another; who
 * needs another view of the bytes wraps it. A wrapper owns the stream it wraps.
 *
 *	struct imp_stream *s = imp_stream_file(fd, 0, IMP_TO_END);
 *	s = imp_stream_verify(s, &expected, size);
 *	s = imp_stream_readahead(s, depth, cancel);   -- from here on in a thread of its own
 *	s = imp_stream_decode(s, &options);
 *	while ((rc = imp_stream_next(s, &chunk, &err)) == 0)
 *		use(chunk.data, chunk.len);
 *	imp_stream_destroy(s);                        -- rc is 1 at the end, < 0 on failure
 *
 * After the end or a failure every further call gives the same answer. A stream is used
 * by one thread at a time.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "imgprof/cancel.h"
#include "imgprof/cleanup.h"
#include "imgprof/error.h"
#include "imgprof/slice.h"

#define IMP_TO_END UINT64_MAX
#define IMP_UNKNOWN_SIZE UINT64_MAX

/* One sample of a decoder: when `input` bytes of the blob had been consumed (skippable
 * frames not counted), `output` bytes had come out. gzip: taken on a fixed grid of blob
 * offsets (IMP_POSITION_GRID) and at the end of the last member. zstd, where a block
 * comes out at once: before and behind each block that holds a point of the grid, and at
 * the end of the last frame. So the same blob gives the same samples whatever the read
 * sizes; strictly increasing in `output`. */
struct imp_position {
	uint64_t output;
	uint64_t input;
};

#define IMP_POSITION_GRID 4096

struct imp_chunk {
	const uint8_t *data; /* borrowed until the next call on the stream */
	size_t len;          /* > 0 */
	/* Samples with output in (start of chunk, end of chunk]; NULL in streams that do
	 * not decode. Borrowed likewise. */
	const struct imp_position *positions;
	size_t position_count;
};

struct imp_stream {
	const struct imp_stream_ops *ops;
};

struct imp_stream_ops {
	/* 0 and *OUT; 1 at the end; negative with ERR. OUT untouched unless 0. */
	int (*next)(struct imp_stream *stream, struct imp_chunk *out,
		    struct imp_error *err);
	void (*destroy)(struct imp_stream *stream);
};

int imp_stream_next(struct imp_stream *stream, struct imp_chunk *out,
		    struct imp_error *err);
void imp_stream_destroy(struct imp_stream *stream); /* NULL allowed */
IMP_DEFINE_DESTROY(imp_stream);

/* DATA is borrowed and must outlive the stream. Hands out at most CHUNK bytes at a time
 * (0: all at once); tests use it to show that chunk borders do not matter. */
struct imp_stream *imp_stream_memory(struct imp_slice data, size_t chunk);

/* LENGTH bytes of FD from OFFSET by pread(2), or IMP_TO_END. FD is borrowed. An early
 * end of file is IMP_E_INTEGRITY when a length was given. */
struct imp_stream *imp_stream_file(int fd, uint64_t offset, uint64_t length);

/* FD by read(2) until its end: pipes, standard input. FD is borrowed. */
struct imp_stream *imp_stream_pipe(int fd);

/* Runs INNER in a thread of its own, up to DEPTH buffers of 256 KiB ahead (fixed memory:
 * chunks are copied into the buffers, positions with them). A failure of INNER arrives
 * behind the bytes before it. Destroying it early stops the thread promptly. CANCEL may
 * be NULL; when requested, next returns IMP_E_CANCELLED. */
struct imp_stream *imp_stream_readahead(struct imp_stream *inner, unsigned depth,
					struct imp_cancel *cancel);

/* Reads all of STREAM into BUF (appended); IMP_E_LIMIT "WHAT: more than N bytes" above
 * LIMIT. */
struct imp_strbuf;
int imp_stream_read_all(struct imp_stream *stream, uint64_t limit, const char *what,
			struct imp_strbuf *buf, struct imp_error *err);
/* Reads and drops the rest. */
int imp_stream_drain(struct imp_stream *stream, struct imp_error *err);
