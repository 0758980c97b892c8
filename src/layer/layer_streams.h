/*
 * The way of a layer's bytes: verify (digest and size of the blob), decode, and where it
 * is asked for and not known already, the tar's digest. With overlap the reading runs in
 * one thread, decoding (if any) and the tar's digest in a second, the walk in the
 * caller's.
 */
#pragma once

#include "imgprof/decode.h"
#include "imgprof/hash.h"
#include "imgprof/layer.h"
#include "imgprof/stream.h"

struct imp_layer_streams {
	struct imp_stream *tar; /* owned: plain tar bytes */
	bool hashes_tar;
	/* Valid after the end; compression from the start. */
	struct imp_decode_result decoded;
	struct imp_verify_result blob, tar_hash;
};

/* OUT must stay where it is. BLOB is owned in any case. A failure to begin shows when the
 * first bytes are asked for. */
void imp_layer_streams_open(struct imp_layer_streams *out, struct imp_stream *blob,
			    const struct imp_layer_request *request);
void imp_layer_streams_close(struct imp_layer_streams *streams);
