#include "layer_streams.h"

#include <stdlib.h>

#include "imgprof/arena.h"

/* Buffers of 256 KiB between two threads. */
enum { READAHEAD_DEPTH = 4 };

/* A stream whose first chunk has been asked for already. */
struct primed {
	struct imp_stream base;
	struct imp_stream *inner;
	struct imp_chunk first;
	bool waiting;
};

static int primed_next(struct imp_stream *stream, struct imp_chunk *out,
		       struct imp_error *err)
{
	struct primed *primed = (struct primed *)stream;

	if (!primed->waiting)
		return imp_stream_next(primed->inner, out, err);
	primed->waiting = false;
	*out = primed->first;
	return 0;
}

static void primed_destroy(struct imp_stream *stream)
{
	struct primed *primed = (struct primed *)stream;

	imp_stream_destroy(primed->inner);
	free(primed);
}

/* Asks for the first chunk. A failure or an end comes again at the next call. */
static struct imp_stream *prime(struct imp_stream *inner)
{
	static const struct imp_stream_ops ops = {primed_next, primed_destroy};
	struct primed *primed = imp_xcalloc(1, sizeof(*primed));
	struct imp_error later;

	primed->base.ops = &ops;
	primed->inner = inner;
	primed->waiting = imp_stream_next(inner, &primed->first, &later) == 0;
	return &primed->base;
}

void imp_layer_streams_open(struct imp_layer_streams *out, struct imp_stream *blob,
			    const struct imp_layer_request *request)
{
	const struct imp_decode_options options = {
		.limits = request->limits,
		.max_output_bytes = request->limits->layer_tar_bytes,
		.limit_name = "layer-tar-bytes",
	};
	struct imp_stream *stream;

	*out = (struct imp_layer_streams){0};
	stream = imp_stream_verify(blob, &request->blob_digest, request->blob_bytes,
				   request->progress, &out->blob);
	if (request->overlap)
		stream = imp_stream_readahead(stream, READAHEAD_DEPTH, request->cancel);
	stream = prime(imp_stream_decode(stream, &options, &out->decoded));
	/* The digest of a plain blob is the tar's, and decoding it is no work. */
	bool plain = out->decoded.compression == IMP_COMPRESSION_NONE;
	bool known = plain && request->blob_digest.algorithm != IMP_DIGEST_SHA512;
	out->hashes_tar = request->hash_tar && !known;
	if (out->hashes_tar)
		stream = imp_stream_verify(stream, NULL, IMP_UNKNOWN_SIZE, NULL,
					   &out->tar_hash);
	if (request->overlap && !plain)
		stream = imp_stream_readahead(stream, READAHEAD_DEPTH, request->cancel);
	out->tar = stream;
}

void imp_layer_streams_close(struct imp_layer_streams *streams)
{
	imp_stream_destroy(streams->tar);
	streams->tar = NULL;
}
