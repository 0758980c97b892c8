#include <inttypes.h>

#include <zstd.h>
#include <zstd_errors.h>

#include "imgprof/arena.h"
#include "imgprof/checked.h"

#include "decode_priv.h"

/* RFC 8878. */
#define MAGIC_FRAME 0xfd2fb528u
#define MAGIC_SKIPPABLE 0x184d2a50u
#define MAGIC_SKIPPABLE_MASK 0xfffffff0u

enum {
	MAGIC_BYTES = 4,
	SKIPPABLE_HEADER_BYTES = 8,
	BLOCK_HEADER_BYTES = 3,
	CHECKSUM_BYTES = 4,
	BLOCK_RLE = 1,
};

/* Or a stream of tiny frames, each a little larger than the one before, would make a new
 * context for each. */
#define MIN_SHARE_BYTES ((uint64_t)1 << 20)

enum stage { STAGE_FRAME, STAGE_BLOCK_HEADER, STAGE_BLOCK, STAGE_FRAME_END };

struct frame_header {
	size_t bytes; /* with the magic */
	uint64_t window_bytes;
	uint64_t content_bytes; /* UINT64_MAX: not said */
	uint64_t dictionary;    /* 0: none */
	bool checksum;
};

struct zstd {
	struct imp_codec base;
	struct imp_limits limits;
	struct imp_decode_result *result; /* borrowed */
	ZSTD_DCtx *context;
	uint64_t reserved_bytes; /* of the windows of all decoders, held with CONTEXT */
	enum stage stage;
	struct frame_header header;
	uint64_t frame; /* offset at which it begins */
	uint64_t part;  /* ... and its header, block or checksum that is being read */
	size_t block_left;
	bool block_sampled; /* its borders are samples */
	bool last_block;
	bool undrained; /* the output was full */
	size_t hint; /* what ZSTD_decompressStream said last; 0: the frame is complete */
};

static uint64_t little_endian(const uint8_t *bytes, size_t count)
{
	uint64_t value = 0;
	for (size_t i = count; i > 0; i--)
		value = value << 8 | bytes[i - 1];
	return value;
}

/* Input without skippable frames: what samples count. */
static uint64_t position(const struct zstd *z, const struct imp_input *in)
{
	return in->offset - z->result->toc_bytes;
}

static int fail_truncated(const struct zstd *z, const struct imp_input *in,
			  struct imp_error *err)
{
	return imp_fail(err, IMP_E_INTEGRITY,
			"zstd stream is truncated: it ends at byte %" PRIu64
			", inside the frame at byte %" PRIu64,
			in->offset + in->len, z->frame);
}

/* As imp_input_gather, where the frame must go on. */
static int need(const struct zstd *z, struct imp_input *in, size_t want,
		struct imp_error *err)
{
	int rc = imp_input_gather(in, want, err);
	return rc == 1 ? fail_truncated(z, in, err) : rc;
}

static int fail_damaged(const struct zstd *z, const char *what, struct imp_error *err)
{
	return imp_fail(err, IMP_E_INTEGRITY,
			"zstd frame at byte %" PRIu64 ": %s in its part at byte %" PRIu64,
			z->frame, what, z->part);
}

static int fail_decoder(const struct zstd *z, size_t code, struct imp_error *err)
{
	ZSTD_ErrorCode error = ZSTD_getErrorCode(code);
	if (error == ZSTD_error_memory_allocation)
		imp_die_of_memory((size_t)z->reserved_bytes);
	/* This library's own bound, below what zstd-window-log allows. */
	if (error == ZSTD_error_frameParameter_windowTooLarge)
		return imp_fail(err, IMP_E_LIMIT,
				"zstd frame at byte %" PRIu64
				": window too large for this build: %" PRIu64 " bytes",
				z->frame, z->header.window_bytes);
	if (error == ZSTD_error_checksum_wrong)
		return fail_damaged(z, "wrong checksum", err);
	return fail_damaged(z, "damaged data", err);
}

/* Lets the decoder read at most N bytes and write what it can; *N is what it read. */
static int feed(struct zstd *z, struct imp_input *in, struct imp_output *out, size_t *n,
		struct imp_error *err)
{
	ZSTD_inBuffer from = {in->data, *n, 0};
	ZSTD_outBuffer to = {out->data, out->fill + imp_output_room(out), out->fill};
	z->hint = ZSTD_decompressStream(z->context, &to, &from);
	out->fill = to.pos;
	imp_input_take(in, from.pos);
	*n = from.pos;
	return ZSTD_isError(z->hint) ? fail_decoder(z, z->hint, err) : 0;
}

/* A part that is read at once and writes nothing. */
static int feed_whole(struct zstd *z, struct imp_input *in, struct imp_output *out,
		      size_t n, struct imp_error *err)
{
	size_t taken = n;
	int rc = feed(z, in, out, &taken, err);
	return rc == 0 && taken != n ? fail_damaged(z, "damaged data", err) : rc;
}

static int skip_frame(struct zstd *z, struct imp_input *in, struct imp_error *err)
{
	int rc = need(z, in, SKIPPABLE_HEADER_BYTES, err);
	if (rc < 0)
		return rc;
	uint64_t left = SKIPPABLE_HEADER_BYTES + little_endian(in->data + MAGIC_BYTES, 4);
	while (left > 0) {
		rc = need(z, in, 1, err);
		if (rc < 0)
			return rc;
		size_t n = in->len < left ? in->len : (size_t)left;
		imp_input_take(in, n);
		z->result->toc_bytes += n;
		left -= n;
	}
	return 0;
}

/* The frame header descriptor: how long the fields behind it are. */
static bool is_single_segment(uint8_t descriptor)
{
	return descriptor & 0x20;
}

static size_t dictionary_field_bytes(uint8_t descriptor)
{
	static const uint8_t bytes[] = {0, 1, 2, 4};
	return bytes[descriptor & 3];
}

static size_t content_field_bytes(uint8_t descriptor)
{
	static const uint8_t bytes[] = {0, 2, 4, 8};
	size_t n = bytes[descriptor >> 6];
	return n == 0 && is_single_segment(descriptor) ? 1 : n;
}

static size_t frame_header_bytes(uint8_t descriptor)
{
	return MAGIC_BYTES + 1 + (is_single_segment(descriptor) ? 0 : 1) +
	       dictionary_field_bytes(descriptor) + content_field_bytes(descriptor);
}

static uint64_t window_bytes(uint8_t descriptor)
{
	uint64_t base = (uint64_t)1 << (10 + (descriptor >> 3));
	return base + base / 8 * (descriptor & 7);
}

/* DATA holds the whole header. */
static struct frame_header parse_frame_header(const uint8_t *data)
{
	uint8_t descriptor = data[MAGIC_BYTES];
	const uint8_t *field = data + MAGIC_BYTES + 1;
	struct frame_header header = {
		.bytes = frame_header_bytes(descriptor),
		.content_bytes = UINT64_MAX,
		.checksum = descriptor & 4,
	};
	bool single = is_single_segment(descriptor);
	if (!single)
		header.window_bytes = window_bytes(*field++);
	size_t n = dictionary_field_bytes(descriptor);
	header.dictionary = little_endian(field, n);
	field += n;

	n = content_field_bytes(descriptor);
	if (n > 0)
		header.content_bytes = little_endian(field, n) + (n == 2 ? 256 : 0);
	if (single)
		header.window_bytes = header.content_bytes;
	return header;
}

static int check_frame_header(const struct zstd *z, struct imp_error *err)
{
	if (z->header.dictionary != 0)
		return imp_fail(err, IMP_E_UNSUPPORTED,
				"zstd frame at byte %" PRIu64
				": needs dictionary %" PRIu64 ", expected none",
				z->frame, z->header.dictionary);
	uint64_t limit = (uint64_t)1 << z->limits.zstd_window_log;
	if (z->header.window_bytes > limit)
		return imp_fail(err, IMP_E_LIMIT,
				"zstd frame at byte %" PRIu64
				": window too large: %" PRIu64
				" bytes, more than zstd-window-log allows (%" PRIu64 ")",
				z->frame, z->header.window_bytes, limit);
	return 0;
}

static void drop_context(struct zstd *z)
{
	if (!z->context)
		return;
	ZSTD_freeDCtx(z->context);
	z->context = NULL;
	imp_zstd_window_release(z->reserved_bytes);
	z->reserved_bytes = 0;
}

static uint64_t share_bytes(const struct frame_header *header)
{
	uint64_t want = header->window_bytes < header->content_bytes
				? header->window_bytes
				: header->content_bytes;
	return want < MIN_SHARE_BYTES ? MIN_SHARE_BYTES : want;
}

/* A context that may hold the window of this frame. What is held of the budget is given
 * back before more is asked for, or two decoders could wait for each other. */
static void prepare_context(struct zstd *z)
{
	uint64_t want = share_bytes(&z->header);
	if (z->context && want <= z->reserved_bytes)
		return;

	drop_context(z);
	imp_zstd_window_reserve(want, z->limits.zstd_window_total_bytes);
	z->reserved_bytes = want;
	z->context = ZSTD_createDCtx();
	if (!z->context)
		imp_die_of_memory((size_t)want);
	ZSTD_DCtx_setParameter(z->context, ZSTD_d_windowLogMax,
			       (int)z->limits.zstd_window_log);
}

static int begin_frame(struct zstd *z, struct imp_input *in, struct imp_output *out,
		       struct imp_error *err)
{
	int rc = need(z, in, MAGIC_BYTES + 1, err);
	if (rc < 0)
		return rc;
	rc = need(z, in, frame_header_bytes(in->data[MAGIC_BYTES]), err);
	if (rc < 0)
		return rc;
	z->header = parse_frame_header(in->data);
	rc = check_frame_header(z, err);
	if (rc < 0)
		return rc;
	prepare_context(z);
	z->stage = STAGE_BLOCK_HEADER;
	return feed_whole(z, in, out, z->header.bytes, err);
}

static int fail_unknown(const struct imp_input *in, struct imp_error *err)
{
	return imp_fail(err, IMP_E_FORMAT,
			"zstd stream: unknown data at byte %" PRIu64 ", expected a frame",
			in->offset);
}

/* A frame of either kind, or 1 at the end. */
static int find_frame(struct zstd *z, struct imp_input *in, struct imp_output *out,
		      struct imp_error *err)
{
	z->frame = z->part = in->offset;
	int rc = imp_input_gather(in, MAGIC_BYTES, err);
	if (rc < 0)
		return rc;
	if (rc == 1 && in->len > 0)
		return memcmp(in->data, "\x28\xb5\x2f", in->len) == 0
			       ? fail_truncated(z, in, err)
			       : fail_unknown(in, err);
	if (rc == 1) {
		imp_output_sample(out, position(z, in), 0);
		drop_context(z);
		return 1;
	}

	uint64_t magic = little_endian(in->data, MAGIC_BYTES);
	if (magic == MAGIC_FRAME)
		return begin_frame(z, in, out, err);
	if ((magic & MAGIC_SKIPPABLE_MASK) == MAGIC_SKIPPABLE)
		return skip_frame(z, in, err);
	return fail_unknown(in, err);
}

/* A block comes out as a whole, so the grid is of no use inside: where a block holds a point
 * of it, the block's borders are the samples. */
static bool holds_grid_point(uint64_t start, uint64_t end)
{
	return start / IMP_POSITION_GRID != end / IMP_POSITION_GRID;
}

static int begin_block(struct zstd *z, struct imp_input *in, struct imp_output *out,
		       struct imp_error *err)
{
	int rc = need(z, in, BLOCK_HEADER_BYTES, err);
	if (rc < 0)
		return rc;
	uint32_t header = (uint32_t)little_endian(in->data, BLOCK_HEADER_BYTES);
	bool rle = (header >> 1 & 3) == BLOCK_RLE;
	z->last_block = header & 1;
	z->block_left = rle ? 1 : header >> 3;
	z->part = in->offset;
	uint64_t start = position(z, in);
	z->block_sampled =
		holds_grid_point(start, start + BLOCK_HEADER_BYTES + z->block_left);
	if (z->block_sampled)
		imp_output_sample(out, start, 0);
	z->stage = STAGE_BLOCK;
	return feed_whole(z, in, out, BLOCK_HEADER_BYTES, err);
}

static int check_ratio(const struct zstd *z, const struct imp_input *in,
		       const struct imp_output *out, struct imp_error *err)
{
	uint64_t total = imp_output_total(out), allowed;
	if (total <= z->limits.ratio_after_bytes ||
	    imp_mul_overflows(position(z, in), z->limits.ratio, &allowed) ||
	    total <= allowed)
		return 0;
	return imp_fail(err, IMP_E_LIMIT,
			"ratio: %" PRIu64 " bytes came out of %" PRIu64
			", more than %" PRIu32 " times as many",
			total, position(z, in), z->limits.ratio);
}

/* A part of the block, or none when only output is still due. */
static int feed_block(struct zstd *z, struct imp_input *in, struct imp_output *out,
		      struct imp_error *err)
{
	size_t n = 0;
	if (z->block_left > 0) {
		int rc = need(z, in, 1, err);
		if (rc < 0)
			return rc;
		n = in->len < z->block_left ? in->len : z->block_left;
	}
	int rc = feed(z, in, out, &n, err);
	if (rc < 0)
		return rc;
	z->block_left -= n;
	z->undrained = imp_output_room(out) == 0 && z->hint != 0;
	return 0;
}

static int decode_block(struct zstd *z, struct imp_input *in, struct imp_output *out,
			struct imp_error *err)
{
	if (z->block_left > 0 || z->undrained)
		return feed_block(z, in, out, err);

	if (z->block_sampled)
		imp_output_sample(out, position(z, in), 0);
	z->stage = z->last_block ? STAGE_FRAME_END : STAGE_BLOCK_HEADER;
	return check_ratio(z, in, out, err);
}

static int end_frame(struct zstd *z, struct imp_input *in, struct imp_output *out,
		     struct imp_error *err)
{
	z->part = in->offset;
	if (z->header.checksum) {
		int rc = need(z, in, CHECKSUM_BYTES, err);
		if (rc == 0)
			rc = feed_whole(z, in, out, CHECKSUM_BYTES, err);
		if (rc < 0)
			return rc;
	}
	if (z->hint != 0)
		return fail_damaged(z, "more data expected", err);
	z->stage = STAGE_FRAME;
	return 0;
}

static int zstd_run(struct imp_codec *codec, struct imp_input *in, struct imp_output *out,
		    struct imp_error *err)
{
	static int (*const steps[])(struct zstd *, struct imp_input *,
				    struct imp_output *, struct imp_error *) = {
		[STAGE_FRAME] = find_frame,
		[STAGE_BLOCK_HEADER] = begin_block,
		[STAGE_BLOCK] = decode_block,
		[STAGE_FRAME_END] = end_frame,
	};
	struct zstd *z = (struct zstd *)codec;
	int rc = 0;
	while (rc == 0 && imp_output_room(out) > 0)
		rc = steps[z->stage](z, in, out, err);
	return rc;
}

static void zstd_destroy(struct imp_codec *codec)
{
	struct zstd *z = (struct zstd *)codec;
	drop_context(z);
	free(z);
}

static const struct imp_codec_ops zstd_ops = {zstd_run, zstd_destroy};

struct imp_codec *imp_zstd_create(const struct imp_limits *limits,
				  struct imp_decode_result *result)
{
	struct zstd *z = imp_xcalloc(1, sizeof(*z));
	z->base.ops = &zstd_ops;
	z->limits = *limits;
	z->result = result;
	return &z->base;
}
