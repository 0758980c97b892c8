#include "inflate_priv.h"

#include <zlib.h>

#include "imgprof/arena.h"

static void *zlib_create(void)
{
	z_stream *z = imp_xcalloc(1, sizeof(*z));
	if (inflateInit2(z, -MAX_WBITS) != Z_OK)
		imp_die_of_memory(sizeof(*z));
	return z;
}

static void zlib_reset(void *state)
{
	inflateReset(state);
}

static enum imp_inflate_status zlib_run(void *state, struct imp_inflate_step *step)
{
	z_stream *z = state;
	/* The member is not const before zlib 1.2.5.2's ZLIB_CONST, but never written. */
	z->next_in = (Bytef *)(uintptr_t)step->in;
	z->avail_in = (uInt)step->in_len;
	z->next_out = step->out;
	z->avail_out = (uInt)step->out_len;

	int rc = inflate(z, Z_NO_FLUSH);
	step->in = z->next_in;
	step->in_len = z->avail_in;
	step->out = z->next_out;
	step->out_len = z->avail_out;
	step->held = 0;
	step->behind_count = 0;

	switch (rc) {
	case Z_OK:
	case Z_BUF_ERROR: /* nothing to read, nothing held back */
		return IMP_INFLATE_MORE;
	case Z_STREAM_END:
		return IMP_INFLATE_DONE;
	case Z_MEM_ERROR:
		imp_die_of_memory((size_t)1 << MAX_WBITS);
	default:
		return IMP_INFLATE_DAMAGED;
	}
}

static void zlib_destroy(void *state)
{
	inflateEnd(state);
	free(state);
}

static uint32_t zlib_crc32(uint32_t crc, const uint8_t *data, size_t len)
{
	return (uint32_t)crc32_z(crc, data, len);
}

const struct imp_inflate_engine imp_inflate_zlib = {
	.name = "zlib",
	.create = zlib_create,
	.reset = zlib_reset,
	.run = zlib_run,
	.destroy = zlib_destroy,
	.crc32 = zlib_crc32,
};
