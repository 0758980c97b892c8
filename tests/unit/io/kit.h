/*
 * What the decoder tests share: blobs from parts (gzip members, zstd frames, noise), and a
 * run of the decoder that checks the promises of every chunk on the way.
 */
#pragma once

#include "case.h"

#include <stdlib.h>
#include <zlib.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/decode.h"
#include "imgprof/strbuf.h"

#include "../../../src/io/decode_priv.h"
#include "../../../src/io/inflate_priv.h"

#define KIB(n) ((size_t)(n) << 10)
#define MIB(n) ((size_t)(n) << 20)

/* Bytes that do not compress, the same in every run. */
static inline void kit_noise(struct imp_strbuf *buf, size_t len, uint64_t seed)
{
	uint64_t x = seed * 2654435761u + 88172645463325252u;
	char *out = imp_strbuf_reserve(buf, len);
	for (size_t i = 0; i < len; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		out[i] = (char)(x >> 32);
	}
	buf->len += len;
}

static inline void kit_fill(struct imp_strbuf *buf, char c, size_t len)
{
	memset(imp_strbuf_reserve(buf, len), c, len);
	buf->len += len;
}

/* Something like a tar of text: compresses about three to one. */
static inline void kit_text(struct imp_strbuf *buf, size_t len, uint64_t seed)
{
	static const char *words[] = {"usr",    "lib/", "share", "node_modules",
				      "\n",     "int ", "= 0",   ";\n",
				      "return", "0x",   "image"};
	imp_auto(imp_strbuf_finish) struct imp_strbuf noise = {0};
	kit_noise(&noise, len, seed);
	size_t end = buf->len + len;
	for (size_t i = 0; buf->len < end; i++) {
		unsigned char c = (unsigned char)noise.data[i % len];
		if (c < 40)
			imp_strbuf_printf(buf, "%02x", c);
		else
			imp_strbuf_add_text(buf, words[c % 11]);
	}
	imp_strbuf_truncate(buf, end);
}

static inline void kit_le(struct imp_strbuf *buf, uint64_t value, int count)
{
	for (int i = 0; i < count; i++)
		imp_strbuf_add_char(buf, (char)(value >> 8 * i));
}

struct kit_member {
	int level;            /* 0: stored blocks; zlib's levels */
	int strategy;         /* zlib's */
	unsigned flags;       /* of RFC 1952; the fields below come with them */
	size_t extra_bytes;   /* flag 4 */
	size_t name_bytes;    /* flag 8 */
	size_t comment_bytes; /* flag 16 */
	uint32_t flip_header_crc;
	uint32_t flip_crc;
	uint32_t flip_length;
};

/* Raw deflate data. */
static inline void kit_deflate(struct imp_strbuf *blob, struct imp_slice data, int level,
			       int strategy)
{
	z_stream z = {0};
	assert_int_equal(deflateInit2(&z, level, Z_DEFLATED, -15, 8, strategy), Z_OK);
	size_t bound = deflateBound(&z, data.len) + 64;
	z.next_in = (Bytef *)(uintptr_t)data.data;
	z.avail_in = (uInt)data.len;
	z.next_out = (Bytef *)imp_strbuf_reserve(blob, bound);
	z.avail_out = (uInt)bound;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	blob->len += z.total_out;
	deflateEnd(&z);
}

static inline void kit_gzip_with(struct imp_strbuf *blob, struct imp_slice data,
				 const struct kit_member *m)
{
	size_t start = blob->len;
	kit_le(blob, 0x088b1f | (uint64_t)m->flags << 24, 4);
	kit_le(blob, 0, 5);
	kit_le(blob, 3, 1);
	if (m->flags & 4) {
		kit_le(blob, m->extra_bytes, 2);
		kit_fill(blob, 'e', m->extra_bytes);
	}
	if (m->flags & 8) {
		kit_fill(blob, 'n', m->name_bytes);
		imp_strbuf_add_char(blob, '\0');
	}
	if (m->flags & 16) {
		kit_fill(blob, 'c', m->comment_bytes);
		imp_strbuf_add_char(blob, '\0');
	}
	if (m->flags & 2) {
		uLong crc =
			crc32_z(0, (const Bytef *)blob->data + start, blob->len - start);
		kit_le(blob, (uint32_t)crc ^ m->flip_header_crc, 2);
	}
	kit_deflate(blob, data, m->level, m->strategy);
	uLong crc = crc32_z(0, (const Bytef *)data.data, data.len);
	kit_le(blob, (uint32_t)crc ^ m->flip_crc, 4);
	kit_le(blob, (uint32_t)data.len ^ m->flip_length, 4);
}

static inline void kit_gzip(struct imp_strbuf *blob, struct imp_slice data)
{
	kit_gzip_with(blob, data, &(struct kit_member){.level = 6});
}

/* One run of the decoder. */
struct kit_run {
	struct imp_strbuf bytes;
	struct imp_position *positions;
	size_t position_count;
	size_t position_capacity;
	struct imp_decode_result result;
	int rc; /* the last answer: 1 or negative */
	struct imp_error err;
};

static inline void kit_finish(struct kit_run *run)
{
	imp_strbuf_finish(&run->bytes);
	free(run->positions);
}

#define kit_auto_run imp_auto(kit_finish) struct kit_run

struct kit_how {
	size_t chunk;                            /* of the input; 0: all at once */
	const struct imp_inflate_engine *engine; /* NULL: the default one */
	const struct imp_limits *limits;         /* NULL: the default ones */
	uint64_t max_output_bytes;               /* 0: no limit */
	unsigned ahead_before;                   /* readahead buffers, 0: none */
	unsigned ahead_behind;
};

static inline void kit_add_chunk(struct kit_run *run, const struct imp_chunk *chunk)
{
	assert_true(chunk->len > 0);
	uint64_t start = run->bytes.len, end = start + chunk->len;
	uint64_t last = run->position_count > 0
				? run->positions[run->position_count - 1].output
				: 0;
	uint64_t last_input = run->position_count > 0
				      ? run->positions[run->position_count - 1].input
				      : 0;
	for (size_t i = 0; i < chunk->position_count; i++) {
		struct imp_position p = chunk->positions[i];
		assert_true(p.output > last && p.output > start && p.output <= end);
		assert_true(p.input >= last_input);
		last = p.output;
		last_input = p.input;
	}
	if (chunk->position_count > 0) {
		size_t n = run->position_count + chunk->position_count;
		run->positions = imp_xgrow(run->positions, &run->position_capacity, n,
					   sizeof(*run->positions));
		memcpy(run->positions + run->position_count, chunk->positions,
		       chunk->position_count * sizeof(*run->positions));
		run->position_count = n;
	}
	imp_strbuf_add(&run->bytes, chunk->data, chunk->len);
}

static inline void kit_read(struct imp_stream *stream, struct kit_run *run)
{
	struct imp_chunk chunk;
	while ((run->rc = imp_stream_next(stream, &chunk, &run->err)) == 0)
		kit_add_chunk(run, &chunk);

	/* The same answer ever after. */
	struct imp_error again = {0};
	for (int i = 0; i < 2; i++) {
		assert_int_equal(imp_stream_next(stream, &chunk, &again), run->rc);
		if (run->rc < 0)
			assert_string_equal(again.message, run->err.message);
	}
}

static inline struct kit_run kit_decode_stream(struct imp_stream *inner,
					       struct kit_how how)
{
	struct kit_run run = {0};
	struct imp_decode_options options = {
		.limits = how.limits ? how.limits : &imp_limits_default,
		.max_output_bytes =
			how.max_output_bytes ? how.max_output_bytes : UINT64_MAX,
		.limit_name = "layer-tar-bytes",
	};
	if (how.ahead_before)
		inner = imp_stream_readahead(inner, how.ahead_before, NULL);
	imp_auto_destroy(imp_stream) struct imp_stream *stream =
		imp_stream_decode_with(how.engine ? how.engine : imp_inflate_default,
				       inner, &options, &run.result);
	if (how.ahead_behind)
		stream = imp_stream_readahead(stream, how.ahead_behind, NULL);
	kit_read(stream, &run);
	if (run.rc == 1)
		assert_int_equal(run.result.output_bytes, run.bytes.len);
	return run;
}

static inline struct kit_run kit_decode(struct imp_slice blob, struct kit_how how)
{
	return kit_decode_stream(imp_stream_memory(blob, how.chunk), how);
}

static inline void kit_assert_bytes(const struct kit_run *run, struct imp_slice want)
{
	if (run->rc != 1)
		fail_msg("%d: %s", run->rc, run->err.message);
	assert_int_equal(run->bytes.len, want.len);
	assert_true(imp_slice_equal(imp_strbuf_slice(&run->bytes), want));
}

static inline void kit_assert_same_positions(const struct kit_run *a,
					     const struct kit_run *b)
{
	assert_int_equal(a->position_count, b->position_count);
	for (size_t i = 0; i < a->position_count; i++) {
		assert_int_equal(a->positions[i].output, b->positions[i].output);
		assert_int_equal(a->positions[i].input, b->positions[i].input);
	}
}

/* Decoding must fail like this. */
static inline void kit_assert_fails(struct imp_slice blob, struct kit_how how,
				    int category, const char *part)
{
	kit_auto_run run = kit_decode(blob, how);
	assert_fails(run.rc, category, part, &run.err);
}

/* A stream that gives DATA and then fails. */
struct kit_failing {
	struct imp_stream base;
	struct imp_slice rest;
	size_t chunk;
};

static inline int kit_failing_next(struct imp_stream *stream, struct imp_chunk *out,
				   struct imp_error *err)
{
	struct kit_failing *f = (struct kit_failing *)stream;
	if (f->rest.len == 0)
		return imp_fail(err, IMP_E_NETWORK, "connection lost");
	size_t n = f->chunk && f->chunk < f->rest.len ? f->chunk : f->rest.len;
	*out = (struct imp_chunk){.data = (const uint8_t *)f->rest.data, .len = n};
	f->rest = imp_slice_skip(f->rest, n);
	return 0;
}

static inline void kit_failing_destroy(struct imp_stream *stream)
{
	free(stream);
}

static inline struct imp_stream *kit_failing(struct imp_slice data, size_t chunk)
{
	static const struct imp_stream_ops ops = {kit_failing_next, kit_failing_destroy};
	struct kit_failing *f = imp_xcalloc(1, sizeof(*f));
	*f = (struct kit_failing){{&ops}, data, chunk};
	return &f->base;
}
