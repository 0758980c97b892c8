#include "imgprof/hash.h"

#include <inttypes.h>
#include <stdatomic.h>

#include "imgprof/arena.h"
#include "imgprof/stream.h"

struct verify {
	struct imp_stream base;
	struct imp_stream *inner;
	struct imp_digest expected; /* algorithm NONE: nothing to compare with */
	uint64_t size;              /* or IMP_UNKNOWN_SIZE */
	uint64_t bytes;             /* handed out so far */
	_Atomic uint_fast64_t *progress;
	struct imp_verify_result *result;
	struct imp_hasher *hasher;
	int rc; /* sticky, with ERR */
	struct imp_error err;
};

static int fail_longer(const struct verify *v, struct imp_error *err)
{
	return imp_fail(err, IMP_E_INTEGRITY, "more than the expected %" PRIu64 " bytes",
			v->size);
}

/* The end of INNER: everything is known now. Returns 1 when all is right. */
static int check_end(struct verify *v, struct imp_error *err)
{
	struct imp_digest found;
	imp_hasher_result(v->hasher, &found);
	if (v->result)
		*v->result = (struct imp_verify_result){found, v->bytes};

	if (v->size != IMP_UNKNOWN_SIZE && v->bytes < v->size)
		return imp_fail(err, IMP_E_INTEGRITY,
				"ends after %" PRIu64 " bytes, expected %" PRIu64,
				v->bytes, v->size);
	if (v->expected.algorithm != IMP_DIGEST_NONE &&
	    !imp_digest_equal(&found, &v->expected)) {
		char is[IMP_DIGEST_TEXT], should[IMP_DIGEST_TEXT];
		return imp_fail(err, IMP_E_INTEGRITY, "digest is %s, expected %s",
				imp_digest_text(&found, is),
				imp_digest_text(&v->expected, should));
	}
	return 1;
}

/* Drops the part of CHUNK behind the first N bytes. */
static void cut_chunk(struct imp_chunk *chunk, uint64_t start, size_t n)
{
	chunk->len = n;
	while (chunk->position_count > 0 &&
	       chunk->positions[chunk->position_count - 1].output > start + n)
		chunk->position_count--;
}

/* As next, without memory of earlier failures. */
static int verify_read(struct verify *v, struct imp_chunk *out, struct imp_error *err)
{
	struct imp_chunk chunk;
	int rc = imp_stream_next(v->inner, &chunk, err);
	if (rc == 1)
		return check_end(v, err);
	if (rc < 0)
		return rc;

	uint64_t room = v->size == IMP_UNKNOWN_SIZE ? UINT64_MAX : v->size - v->bytes;
	if (room == 0)
		return fail_longer(v, err);
	if (chunk.len > room) {
		cut_chunk(&chunk, v->bytes, (size_t)room);
		v->rc = fail_longer(v, &v->err);
	}
	imp_hasher_add(v->hasher, chunk.data, chunk.len);
	v->bytes += chunk.len;
	if (v->progress)
		atomic_fetch_add_explicit(v->progress, chunk.len, memory_order_relaxed);
	*out = chunk;
	return 0;
}

static int verify_next(struct imp_stream *stream, struct imp_chunk *out,
		       struct imp_error *err)
{
	struct verify *v = (struct verify *)stream;
	if (v->rc == 0) {
		int rc = verify_read(v, out, &v->err);
		if (rc == 0)
			return 0;
		v->rc = rc;
	}
	if (v->rc < 0 && err)
		*err = v->err;
	return v->rc;
}

static void verify_destroy(struct imp_stream *stream)
{
	struct verify *v = (struct verify *)stream;
	imp_stream_destroy(v->inner);
	imp_hasher_destroy(v->hasher);
	free(v);
}

static const struct imp_stream_ops verify_ops = {verify_next, verify_destroy};

struct imp_stream *imp_stream_verify(struct imp_stream *inner,
				     const struct imp_digest *expected, uint64_t size,
				     _Atomic uint_fast64_t *progress,
				     struct imp_verify_result *result)
{
	struct verify *v = imp_xcalloc(1, sizeof(*v));
	v->base.ops = &verify_ops;
	v->inner = inner;
	if (expected)
		v->expected = *expected;
	v->size = size;
	v->progress = progress;
	v->result = result;
	bool any = v->expected.algorithm == IMP_DIGEST_NONE;
	v->hasher = imp_hasher_create(any ? IMP_DIGEST_SHA256 : v->expected.algorithm);
	return &v->base;
}
