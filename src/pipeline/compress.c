#include "compress.h"

#include <zlib.h>
#include <zstd.h>

enum {
	GZIP_WINDOW = 32 << 10,
	/* Of zstd's window: matches farther back are few, and indexing all of it for every sample
	 * would cost more than the samples. */
	ZSTD_WINDOW = 1 << 20,
	PIECE = 64 << 10,
};

size_t imp_compress_window(const struct imp_recompress_setting *setting)
{
	return setting->compression == IMP_COMPRESSION_GZIP ? GZIP_WINDOW : ZSTD_WINDOW;
}

static int run_deflate(z_stream *z, const struct imp_compress_job *job, uint64_t *bytes)
{
	Bytef piece[PIECE];
	int rc = Z_OK;

	z->next_in = (Bytef *)(uintptr_t)job->block.data;
	z->avail_in = (uInt)job->block.len;
	*bytes = 0;
	while (rc == Z_OK) {
		z->next_out = piece;
		z->avail_out = sizeof(piece);
		rc = deflate(z, Z_FINISH);
		*bytes += sizeof(piece) - z->avail_out;
	}
	return rc;
}

static int measure_gzip(const struct imp_compress_job *job, uint64_t *bytes,
			struct imp_error *err)
{
	enum { RAW = -15, GZIP = 15 + 16, MEMORY = 8 };
	struct imp_slice window = job->window;
	z_stream z = {0};

	if (deflateInit2(&z, job->setting->level, Z_DEFLATED, job->whole ? GZIP : RAW,
			 MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
		return imp_fail(err, IMP_E_SYSTEM, "no memory for zlib");
	if (window.len > GZIP_WINDOW)
		window = imp_slice_skip(window, window.len - GZIP_WINDOW);
	int rc = Z_OK;
	if (window.len > 0)
		rc = deflateSetDictionary(&z, (const Bytef *)window.data,
					  (uInt)window.len);
	if (rc == Z_OK)
		rc = run_deflate(&z, job, bytes);
	deflateEnd(&z);
	return rc == Z_STREAM_END
		       ? 0
		       : imp_fail(err, IMP_E_BUG, "zlib: deflate fails with %d", rc);
}

/* The length is not promised, for zstd would choose other tables for so short an input; builders,
 * who stream, promise none either. */
static size_t run_zstd(ZSTD_CCtx *context, const struct imp_compress_job *job,
		       uint64_t *bytes)
{
	static _Thread_local char piece[PIECE];
	ZSTD_inBuffer in = {job->block.data, job->block.len, 0};
	ZSTD_EndDirective directive = ZSTD_e_continue;
	size_t left;

	*bytes = 0;
	do {
		ZSTD_outBuffer out = {piece, sizeof(piece), 0};
		left = ZSTD_compressStream2(context, &out, &in, directive);
		*bytes += out.pos;
		bool over = directive == ZSTD_e_end && left == 0;
		if (ZSTD_isError(left) || over)
			break;
		if (in.pos == in.size)
			directive = ZSTD_e_end;
	} while (true);
	return left;
}

static int measure_zstd(const struct imp_compress_job *job, uint64_t *bytes,
			struct imp_error *err)
{
	struct imp_slice window = job->window;
	ZSTD_CCtx *context = ZSTD_createCCtx();

	if (!context)
		return imp_fail(err, IMP_E_SYSTEM, "no memory for zstd");
	ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, job->setting->level);
	if (window.len > ZSTD_WINDOW)
		window = imp_slice_skip(window, window.len - ZSTD_WINDOW);
	if (window.len > 0)
		ZSTD_CCtx_refPrefix(context, window.data, window.len);
	size_t rc = run_zstd(context, job, bytes);
	ZSTD_freeCCtx(context);
	return ZSTD_isError(rc)
		       ? imp_fail(err, IMP_E_SYSTEM, "zstd: %s", ZSTD_getErrorName(rc))
		       : 0;
}

int imp_compress_measure(const struct imp_compress_job *job, uint64_t *bytes,
			 struct imp_error *err)
{
	return job->setting->compression == IMP_COMPRESSION_GZIP
		       ? measure_gzip(job, bytes, err)
		       : measure_zstd(job, bytes, err);
}
