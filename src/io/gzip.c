#include <inttypes.h>

#include "imgprof/arena.h"

#include "decode_priv.h"
#include "inflate_priv.h"

/* RFC 1952. */
enum {
	METHOD_DEFLATE = 8,
	FLAG_HEADER_CRC = 2,
	FLAG_EXTRA = 4,
	FLAG_NAME = 8,
	FLAG_COMMENT = 16,
	FLAGS_UNKNOWN = 0xe0,
	TRAILER_BYTES = 8,
};

enum stage { STAGE_HEADER, STAGE_BODY, STAGE_TRAILER, STAGE_BETWEEN };

struct gzip {
	struct imp_codec base;
	const struct imp_inflate_engine *engine;
	void *inflate;
	struct imp_decode_result *result; /* borrowed */
	enum stage stage;
	uint64_t member;   /* offset at which it begins */
	uint32_t crc;      /* of the member's header, then of its data */
	uint32_t length;   /* of its data, modulo 2^32 */
	bool undrained;    /* the output was full when the input had been read */
	size_t held;       /* bytes that the engine keeps back */
	uint8_t behind[8]; /* see imp_inflate_step */
	size_t behind_count;
};

static int fail_truncated(const struct gzip *z, const struct imp_input *in,
			  struct imp_error *err)
{
	return imp_fail(err, IMP_E_INTEGRITY,
			"gzip stream is truncated: it ends at byte %" PRIu64
			", inside the member at byte %" PRIu64,
			in->offset, z->member);
}

/* One byte of a header or trailer. Everything before it has come out. */
static int read_byte(struct gzip *z, struct imp_input *in, struct imp_output *out,
		     uint8_t *byte, struct imp_error *err)
{
	int rc = imp_input_gather(in, 1, err);
	if (rc != 0)
		return rc < 0 ? rc : fail_truncated(z, in, err);
	*byte = in->data[0];
	imp_input_take(in, 1);
	if (in->offset % IMP_POSITION_GRID == 0)
		imp_output_sample(out, in->offset, 0);
	return 0;
}

/* COUNT bytes of the header; those that fit go to BYTES. */
static int read_header_bytes(struct gzip *z, struct imp_input *in, struct imp_output *out,
			     uint8_t *bytes, size_t size, size_t count,
			     struct imp_error *err)
{
	for (size_t i = 0; i < count; i++) {
		uint8_t byte;
		int rc = read_byte(z, in, out, &byte, err);
		if (rc < 0)
			return rc;
		z->crc = z->engine->crc32(z->crc, &byte, 1);
		if (i < size)
			bytes[i] = byte;
	}
	return 0;
}

static int skip_text(struct gzip *z, struct imp_input *in, struct imp_output *out,
		     struct imp_error *err)
{
	uint8_t byte = 0;
	int rc;
	do
		rc = read_header_bytes(z, in, out, &byte, 1, 1, err);
	while (rc == 0 && byte != 0);
	return rc;
}

static int skip_extra(struct gzip *z, struct imp_input *in, struct imp_output *out,
		      struct imp_error *err)
{
	uint8_t len[2] = {0};
	int rc = read_header_bytes(z, in, out, len, sizeof(len), sizeof(len), err);
	if (rc < 0)
		return rc;
	size_t count = (size_t)(len[0] | len[1] << 8);
	return read_header_bytes(z, in, out, NULL, 0, count, err);
}

static int check_header_crc(struct gzip *z, struct imp_input *in, struct imp_output *out,
			    struct imp_error *err)
{
	uint32_t found = z->crc & 0xffff;
	uint8_t bytes[2] = {0};
	int rc = read_header_bytes(z, in, out, bytes, sizeof(bytes), sizeof(bytes), err);
	if (rc < 0)
		return rc;
	uint32_t stored = (uint32_t)(bytes[0] | bytes[1] << 8);
	if (stored != found)
		return imp_fail(err, IMP_E_INTEGRITY,
				"gzip member at byte %" PRIu64
				": header CRC is %04x, expected %04x",
				z->member, found, stored);
	return 0;
}

static int read_header(struct gzip *z, struct imp_input *in, struct imp_output *out,
		       struct imp_error *err)
{
	z->member = in->offset;
	z->crc = 0;
	uint8_t fixed[10] = {0};
	int rc = read_header_bytes(z, in, out, fixed, sizeof(fixed), sizeof(fixed), err);
	if (rc < 0)
		return rc;
	unsigned flags = fixed[3];
	if (fixed[2] != METHOD_DEFLATE || (flags & FLAGS_UNKNOWN))
		return imp_fail(err, IMP_E_FORMAT,
				"gzip member at byte %" PRIu64
				": unknown method %u or flags 0x%02x",
				z->member, fixed[2], flags);

	if (flags & FLAG_EXTRA)
		rc = skip_extra(z, in, out, err);
	if (rc == 0 && (flags & FLAG_NAME))
		rc = skip_text(z, in, out, err);
	if (rc == 0 && (flags & FLAG_COMMENT))
		rc = skip_text(z, in, out, err);
	if (rc == 0 && (flags & FLAG_HEADER_CRC))
		rc = check_header_crc(z, in, out, err);
	if (rc < 0)
		return rc;

	z->crc = 0;
	z->length = 0;
	z->stage = STAGE_BODY;
	return 0;
}

/* Takes what the engine read and wrote in STEP, which began with IN_LEN and OUT_LEN. */
static void account_step(struct gzip *z, struct imp_input *in, struct imp_output *out,
			 const struct imp_inflate_step *step, size_t in_len,
			 size_t out_len)
{
	size_t written = out_len - step->out_len;
	z->crc = z->engine->crc32(z->crc, step->out - written, written);
	z->length += (uint32_t)written;
	z->held = step->held;
	z->undrained = step->in_len == 0 && step->out_len == 0;
	out->fill += written;
	imp_input_take(in, in_len - step->in_len);
}

/* How many bytes to inflate next: up to the next point of the grid. None when more output
 * is to come from what was read before. */
static int find_cell(struct gzip *z, struct imp_input *in, size_t *n,
		     struct imp_error *err)
{
	*n = 0;
	if (z->undrained)
		return 0;
	size_t want = IMP_POSITION_GRID - in->offset % IMP_POSITION_GRID;
	int rc = imp_input_gather(in, want, err);
	*n = in->len < want ? in->len : want;
	if (*n > 0 || z->held > 0)
		return 0;
	return rc < 0 ? rc : fail_truncated(z, in, err);
}

/* Up to the next point of the grid, the end of the member or of the room. */
static int inflate_cell(struct gzip *z, struct imp_input *in, struct imp_output *out,
			struct imp_error *err)
{
	size_t n;
	int rc = find_cell(z, in, &n, err);
	if (rc < 0)
		return rc;

	size_t room = imp_output_room(out);
	uint64_t cell_end = in->offset + n;
	struct imp_inflate_step step = {.in = in->data,
					.in_len = n,
					.out = out->data + out->fill,
					.out_len = room,
					.may_hold = imp_output_may_hold(out)};
	enum imp_inflate_status status = z->engine->run(z->inflate, &step);
	account_step(z, in, out, &step, n, room);

	if (status == IMP_INFLATE_DAMAGED)
		return imp_fail(err, IMP_E_INTEGRITY,
				"gzip member at byte %" PRIu64
				": damaged data before byte %" PRIu64,
				z->member, cell_end);
	if (status == IMP_INFLATE_DONE) {
		z->stage = STAGE_TRAILER;
		z->undrained = false;
		z->behind_count = step.behind_count;
		memcpy(z->behind, step.behind, step.behind_count);
	} else if (step.out_len > 0 && in->offset % IMP_POSITION_GRID == 0) {
		imp_output_sample(out, in->offset, step.held);
	}
	return 0;
}

static uint32_t little_endian_32(const uint8_t *bytes)
{
	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

static int read_trailer(struct gzip *z, struct imp_input *in, struct imp_output *out,
			struct imp_error *err)
{
	if (in->offset % IMP_POSITION_GRID == 0)
		imp_output_sample(out, in->offset, 0);

	uint8_t trailer[TRAILER_BYTES];
	memcpy(trailer, z->behind, z->behind_count);
	for (size_t i = z->behind_count; i < TRAILER_BYTES; i++) {
		int rc = read_byte(z, in, out, &trailer[i], err);
		if (rc < 0)
			return rc;
	}

	uint32_t crc = little_endian_32(trailer);
	uint32_t length = little_endian_32(trailer + 4);
	if (crc != z->crc)
		return imp_fail(err, IMP_E_INTEGRITY,
				"gzip member at byte %" PRIu64
				": CRC of its data is %08x, expected %08x",
				z->member, z->crc, crc);
	if (length != z->length)
		return imp_fail(err, IMP_E_INTEGRITY,
				"gzip member at byte %" PRIu64
				": length of its data is %" PRIu32
				" modulo 2^32, expected %" PRIu32,
				z->member, z->length, length);
	z->stage = STAGE_BETWEEN;
	return 0;
}

static bool all_zero(const uint8_t *data, size_t len)
{
	return len == 0 || (data[0] == 0 && memcmp(data, data + 1, len - 1) == 0);
}

/* What follows the last member is read, so that the blob can be hashed, and not decoded. */
static int skip_trailing(struct gzip *z, struct imp_input *in, struct imp_error *err)
{
	bool zeros = true;
	int rc;
	while ((rc = imp_input_gather(in, 1, err)) == 0) {
		zeros = zeros && all_zero(in->data, in->len);
		z->result->trailing_bytes += in->len;
		imp_input_take(in, in->len);
	}
	z->result->trailing_zeros = zeros && z->result->trailing_bytes > 0;
	return rc;
}

/* Another member, or 1 at the end. */
static int find_member(struct gzip *z, struct imp_input *in, struct imp_output *out,
		       struct imp_error *err)
{
	int rc = imp_input_gather(in, 2, err);
	if (rc < 0)
		return rc;
	if (rc == 0 && in->data[0] == 0x1f && in->data[1] == 0x8b) {
		z->engine->reset(z->inflate);
		z->stage = STAGE_HEADER;
		return 0;
	}
	imp_output_sample(out, in->offset, 0);
	return skip_trailing(z, in, err);
}

static int gzip_run(struct imp_codec *codec, struct imp_input *in, struct imp_output *out,
		    struct imp_error *err)
{
	static int (*const steps[])(struct gzip *, struct imp_input *,
				    struct imp_output *, struct imp_error *) = {
		[STAGE_HEADER] = read_header,
		[STAGE_BODY] = inflate_cell,
		[STAGE_TRAILER] = read_trailer,
		[STAGE_BETWEEN] = find_member,
	};
	struct gzip *z = (struct gzip *)codec;
	int rc = 0;
	while (rc == 0 && imp_output_room(out) > 0)
		rc = steps[z->stage](z, in, out, err);
	return rc;
}

static void gzip_destroy(struct imp_codec *codec)
{
	struct gzip *z = (struct gzip *)codec;
	z->engine->destroy(z->inflate);
	free(z);
}

static const struct imp_codec_ops gzip_ops = {gzip_run, gzip_destroy};

struct imp_codec *imp_gzip_create(const struct imp_inflate_engine *engine,
				  struct imp_decode_result *result)
{
	struct gzip *z = imp_xcalloc(1, sizeof(*z));
	z->base.ops = &gzip_ops;
	z->engine = engine;
	z->inflate = engine->create();
	z->result = result;
	return &z->base;
}
