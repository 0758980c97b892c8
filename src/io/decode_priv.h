/*
 * Inside a decoder: bytes come in through imp_input, a codec (gzip or zstd) turns them into
 * bytes and samples in imp_output, decode.c hands those out as chunks. Chunks of the input
 * may end anywhere; nothing a codec does may depend on where.
 */
#pragma once

#include "imgprof/decode.h"

/* What has not been decoded yet. */
struct imp_input {
	struct imp_stream *inner; /* borrowed */
	const uint8_t *data;      /* the next bytes, in the chunk or in gathered */
	size_t len;
	const uint8_t
		*later; /* what follows them in the chunk, when they were gathered */
	size_t later_len;
	uint64_t offset; /* of data[0] in the blob */
	uint8_t gathered[IMP_POSITION_GRID];
};

/* Makes LEN >= WANT (at most IMP_POSITION_GRID) if the stream has that many more bytes. 0;
 * 1 at its end, negative when it failed: then with LEN < WANT bytes that came before. */
int imp_input_gather(struct imp_input *in, size_t want, struct imp_error *err);
/* N <= LEN bytes are done with. */
void imp_input_take(struct imp_input *in, size_t n);

#define IMP_OUTPUT_BYTES (256 << 10) /* the largest chunk handed out */
#define IMP_OUTPUT_POSITIONS 1024

/* What came out and was not handed out yet, with its samples. */
struct imp_output {
	uint8_t *data; /* IMP_OUTPUT_BYTES + 1 */
	size_t fill;
	uint64_t start;                 /* output before data[0] */
	struct imp_position *positions; /* IMP_OUTPUT_POSITIONS */
	size_t position_count;
	uint64_t sampled; /* output of the last sample, also of earlier chunks */
};

void imp_output_init(struct imp_output *out);
void imp_output_finish(struct imp_output *out);
/* How many bytes may be written at data + fill; 0: hand out what there is first. */
size_t imp_output_room(const struct imp_output *out);
uint64_t imp_output_total(const struct imp_output *out);
/* All that INPUT bytes decode to has come out, but for HELD bytes that the codec has ready.
 * Not a sample when nothing came since the last one. Only while there is room. */
void imp_output_sample(struct imp_output *out, uint64_t input, size_t held);
/* Few enough samples wait that some may lie in bytes that are held. */
bool imp_output_may_hold(const struct imp_output *out);
/* Drops what came out behind TOTAL bytes. */
void imp_output_cut(struct imp_output *out, uint64_t total);
/* Fills *CHUNK with what there is, at least one byte; imp_output_next before more is
 * written. */
void imp_output_take_chunk(struct imp_output *out, struct imp_chunk *chunk);
void imp_output_next(struct imp_output *out);

struct imp_codec {
	const struct imp_codec_ops *ops;
};

struct imp_codec_ops {
	/* Goes on until there is no room (0), the stream ended (1) or failed. */
	int (*run)(struct imp_codec *codec, struct imp_input *in, struct imp_output *out,
		   struct imp_error *err);
	void (*destroy)(struct imp_codec *codec);
};

/* The part of RESULT that only a codec knows (trailing bytes, toc bytes) is kept current. */
struct imp_inflate_engine;
struct imp_codec *imp_gzip_create(const struct imp_inflate_engine *engine,
				  struct imp_decode_result *result);
/* LIMITS is copied. */
struct imp_codec *imp_zstd_create(const struct imp_limits *limits,
				  struct imp_decode_result *result);

/* imp_stream_decode with the engine chosen: tests compare them. */
struct imp_stream *imp_stream_decode_with(const struct imp_inflate_engine *engine,
					  struct imp_stream *inner,
					  const struct imp_decode_options *options,
					  struct imp_decode_result *result);

/* One decoder's share of limits->zstd_window_total_bytes. Waits while others leave too
 * little of TOTAL; never while nobody else holds any. */
void imp_zstd_window_reserve(uint64_t bytes, uint64_t total);
void imp_zstd_window_release(uint64_t bytes);
uint64_t imp_zstd_window_in_use(void);
