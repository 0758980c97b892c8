/*
 * What layers would weigh on the wire at another compression: measured on samples of their tar
 * streams, for compressing all of an image takes minutes. Layers are read again for it: a
 * profile, cached or not, has no bytes.
 *
 * A layer of at most 16 MiB is compressed whole. Of a larger one 64 blocks of 256 KiB stand on a
 * fixed grid of tar offsets, each compressed behind the bytes that a compressor's window would
 * hold there. The blocks' new size in relation to what they weigh now, times the layer's weight
 * now, is the estimate. The error is two standard errors of that ratio between blocks and, for zstd, 4 % of the
 * weight: it sees farther back than the window of 1 MiB that samples have.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/decode.h"
#include "imgprof/error.h"
#include "imgprof/slice.h"

struct imp_recompress_setting {
	enum imp_compression compression; /* GZIP or ZSTD */
	int level;
};

enum { IMP_RECOMPRESS_SETTING_TEXT = 16 };
/* "zstd:19", "gzip:9", "zstd" (3), "gzip" (6). IMP_E_USAGE. */
int imp_recompress_parse(struct imp_slice text, struct imp_recompress_setting *out,
			 struct imp_error *err);
const char *imp_recompress_text(const struct imp_recompress_setting *setting,
				char out[static IMP_RECOMPRESS_SETTING_TEXT]);

struct imp_recompress_layer {
	bool known;             /* the layer could be read */
	bool whole;             /* compressed whole: no error */
	uint64_t sampled_bytes; /* of the tar */
	uint64_t pull_bytes, error_bytes;
};

struct imp_recompress_estimate {
	struct imp_recompress_setting setting;
	const struct imp_recompress_layer *layers; /* of the image, base first */
	/* Of all layers that are known; the error as if layers' errors were independent */
	uint64_t pull_bytes, error_bytes;
};

struct imp_recompress {
	const struct imp_recompress_estimate *list; /* one for each setting */
	size_t count;
};
