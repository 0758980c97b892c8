/*
 * Decompression: gzip (many members), zstd (many frames) or plain, decided by the first
 * bytes (reference/formats.md 4.2 to 4.5), never by a name or media type. No external
 * program is run, no other filter exists; xz and bzip2 are refused by name.
 */
#pragma once

#include "imgprof/limits.h"
#include "imgprof/stream.h"

enum imp_compression {
	IMP_COMPRESSION_NONE,
	IMP_COMPRESSION_GZIP,
	IMP_COMPRESSION_ZSTD,
};

const char *imp_compression_name(enum imp_compression compression); /* none gzip zstd */

/* What the first bytes say. LEN >= 512 unless the stream is shorter. IMP_E_UNSUPPORTED
 * names xz, bzip2 and lz4. Everything else is NONE: whether it is a tar is not asked
 * here. */
int imp_compression_sniff(struct imp_slice head, enum imp_compression *out,
			  struct imp_error *err);

struct imp_decode_result {
	/* Valid once the first chunk or the end came */
	enum imp_compression compression;
	/* The rest is valid at the end. */
	uint64_t input_bytes; /* all of the blob */
	uint64_t toc_bytes;   /* of it in zstd skippable frames */
	uint64_t output_bytes;
	uint64_t trailing_bytes; /* behind the last gzip member */
	bool trailing_zeros;     /* ... and they were zero padding only */
};

struct imp_decode_options {
	const struct imp_limits *limits;
	/* IMP_E_LIMIT above; usually limits->layer_tar_bytes */
	uint64_t max_output_bytes;
	const char *limit_name; /* for the message, e.g. "layer-tar-bytes" */
};

/* RESULT is borrowed and filled as the stream goes on; with a readahead behind the
 * decoder read it only after the end has arrived. Errors name the byte offset in the
 * input. A truncated stream, a wrong CRC, length or checksum is IMP_E_INTEGRITY. Junk
 * behind the last gzip member ends the output quietly and is counted; behind the last
 * zstd frame it is an error. The sum of all decoders' zstd windows in the process is
 * held under limits->zstd_window_total_bytes: a decoder waits for its turn. */
struct imp_stream *imp_stream_decode(struct imp_stream *inner,
				     const struct imp_decode_options *options,
				     struct imp_decode_result *result);

/* "isa-l" or "zlib": what inflates in this build on this machine. */
const char *imp_inflate_engine(void);
