/*
 * Blocks of a layer's tar stream, taken while it is read: on a fixed grid of tar offsets, each
 * with the bytes in front of it and with what it weighs in the blob.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "imgprof/layer.h"

enum { IMP_SAMPLES_MAX = 64 };

struct imp_sampling {
	uint64_t tar_bytes; /* of the layer, as its profile says */
	size_t block_bytes, window_bytes;
	size_t count; /* blocks, at most IMP_SAMPLES_MAX; all of the tar must be longer than they */
	/* Called for each block, in order. WINDOW: at most window_bytes right in front of it.
	 * Both are borrowed for the call. */
	int (*take)(void *user, size_t index, struct imp_slice window,
		    struct imp_slice block, struct imp_error *err);
	void *user;
	/* Filled: bytes of the blob that each block takes, interpolated between the decoder's
	 * positions */
	uint64_t pull_bytes[IMP_SAMPLES_MAX];
};

/* A tar of at most count * block_bytes is one block. */
size_t imp_sampling_blocks(const struct imp_sampling *sampling);

/* Reads BLOB (owned in any case) to its end, verified as REQUEST says. IMP_E_INTEGRITY when the
 * tar is not of the promised length. */
int imp_layer_sample(struct imp_stream *blob, const struct imp_layer_request *request,
		     struct imp_sampling *sampling, struct imp_error *err);
