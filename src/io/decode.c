#include "imgprof/decode.h"

#include <inttypes.h>

#include "imgprof/arena.h"

#include "decode_priv.h"
#include "inflate_priv.h"

enum { SNIFF_BYTES = 512 };

struct decoder {
	struct imp_stream base;
	const struct imp_inflate_engine *engine;
	struct imp_limits limits;
	uint64_t max_output_bytes;
	const char *limit_name;
	struct imp_decode_result *result;
	struct imp_decode_result own_result; /* when the caller wants none */
	struct imp_input in;
	struct imp_codec *codec; /* NULL while nothing was read, and for plain bytes */
	struct imp_output out;
	bool begun;
	int rc; /* sticky, with ERR; what came before is handed out first */
	struct imp_error err;
};

static int begin(struct decoder *d, struct imp_error *err)
{
	int rc = imp_input_gather(&d->in, SNIFF_BYTES, err);
	if (rc < 0 && d->in.len == 0)
		return rc;
	struct imp_slice head = {(const char *)d->in.data, d->in.len};
	rc = imp_compression_sniff(head, &d->result->compression, err);
	if (rc < 0)
		return rc;

	if (d->result->compression == IMP_COMPRESSION_GZIP)
		d->codec = imp_gzip_create(d->engine, d->result);
	else if (d->result->compression == IMP_COMPRESSION_ZSTD)
		d->codec = imp_zstd_create(&d->limits, d->result);
	if (d->codec)
		imp_output_init(&d->out);
	d->begun = true;
	return 0;
}

static int fail_limit(const struct decoder *d, struct imp_error *err)
{
	return imp_fail(err, IMP_E_LIMIT, "%s: more than %" PRIu64 " bytes come out",
			d->limit_name, d->max_output_bytes);
}

/* Plain bytes pass through. */
static int read_plain(struct decoder *d, struct imp_chunk *out, struct imp_error *err)
{
	int rc = imp_input_gather(&d->in, 1, err);
	if (rc != 0)
		return rc;
	uint64_t room = d->max_output_bytes - d->result->output_bytes;
	if (room == 0)
		return fail_limit(d, err);
	size_t n = d->in.len < room ? d->in.len : (size_t)room;
	*out = (struct imp_chunk){.data = d->in.data, .len = n};
	imp_input_take(&d->in, n);
	d->result->input_bytes = d->in.offset;
	d->result->output_bytes += n;
	return 0;
}

/* Fills the output; says what is to be said when all of it was handed out. */
static int decode_more(struct decoder *d, struct imp_error *err)
{
	int rc = d->codec->ops->run(d->codec, &d->in, &d->out, err);
	if (imp_output_total(&d->out) > d->max_output_bytes) {
		imp_output_cut(&d->out, d->max_output_bytes);
		rc = fail_limit(d, err);
	}
	d->result->input_bytes = d->in.offset;
	d->result->output_bytes = imp_output_total(&d->out);
	return rc;
}

static int read_decoded(struct decoder *d, struct imp_chunk *out)
{
	imp_output_next(&d->out);
	if (d->rc == 0)
		d->rc = decode_more(d, &d->err);
	if (d->out.fill == 0)
		return d->rc;
	imp_output_take_chunk(&d->out, out);
	return 0;
}

static int decoder_next(struct imp_stream *stream, struct imp_chunk *out,
			struct imp_error *err)
{
	struct decoder *d = (struct decoder *)stream;
	if (d->rc == 0 && !d->begun)
		d->rc = begin(d, &d->err);
	if (d->begun && d->codec) {
		int rc = read_decoded(d, out);
		if (rc == 0)
			return 0;
	} else if (d->rc == 0) {
		d->rc = read_plain(d, out, &d->err);
	}
	if (d->rc < 0 && err)
		*err = d->err;
	return d->rc;
}

static void decoder_destroy(struct imp_stream *stream)
{
	struct decoder *d = (struct decoder *)stream;
	if (d->codec) {
		d->codec->ops->destroy(d->codec);
		imp_output_finish(&d->out);
	}
	imp_stream_destroy(d->in.inner);
	free(d);
}

static const struct imp_stream_ops decoder_ops = {decoder_next, decoder_destroy};

struct imp_stream *imp_stream_decode_with(const struct imp_inflate_engine *engine,
					  struct imp_stream *inner,
					  const struct imp_decode_options *options,
					  struct imp_decode_result *result)
{
	struct decoder *d = imp_xcalloc(1, sizeof(*d));
	d->base.ops = &decoder_ops;
	d->engine = engine;
	d->in.inner = inner;
	d->limits = *options->limits;
	d->max_output_bytes = options->max_output_bytes;
	d->limit_name = options->limit_name;
	d->result = result ? result : &d->own_result;
	*d->result = (struct imp_decode_result){0};
	return &d->base;
}

struct imp_stream *imp_stream_decode(struct imp_stream *inner,
				     const struct imp_decode_options *options,
				     struct imp_decode_result *result)
{
	return imp_stream_decode_with(imp_inflate_default, inner, options, result);
}
