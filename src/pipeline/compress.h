/* What bytes weigh, compressed: nothing of the result is kept. */
#pragma once

#include "imgprof/error.h"
#include "imgprof/recompress.h"

/* Bytes of a compressor's window that it pays to keep in front of a sample. */
size_t imp_compress_window(const struct imp_recompress_setting *setting);

/* BLOCK behind WINDOW; as a file of its own when WHOLE. */
struct imp_compress_job {
	const struct imp_recompress_setting *setting;
	bool whole;
	struct imp_slice window, block;
};
int imp_compress_measure(const struct imp_compress_job *job, uint64_t *bytes,
			 struct imp_error *err);
