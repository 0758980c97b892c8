#include "profile_pack.h"

#include <stdlib.h>

#include "imgprof/arena.h"

/* Small windows: several layers are packed at once, and contents repeat at short range. */
enum { LEVEL = 1, WINDOW_LOG = 18 };

/* Facts come by the ten thousand, a few bytes each. */
enum { BATCH_BYTES = 64 << 10 };

static void prepare(struct imp_packer *packer)
{
	packer->context = ZSTD_createCCtx();
	if (!packer->context)
		imp_die_of_memory(sizeof(packer->context));
	ZSTD_CCtx_setParameter(packer->context, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(packer->context, ZSTD_c_windowLog, WINDOW_LOG);
	/* Lengths stand in front, a hash over all at the end. */
	ZSTD_CCtx_setParameter(packer->context, ZSTD_c_contentSizeFlag, 0);
	ZSTD_CCtx_setParameter(packer->context, ZSTD_c_checksumFlag, 0);
}

/* Errors are those of memory or of our own use. */
static size_t step(struct imp_packer *packer, ZSTD_inBuffer *in, ZSTD_EndDirective how)
{
	size_t room = ZSTD_CStreamOutSize() / 4;
	ZSTD_outBuffer out = {imp_strbuf_reserve(&packer->packed, room), room, 0};
	size_t left = ZSTD_compressStream2(packer->context, &out, in, how);

	if (ZSTD_isError(left))
		imp_die_of_memory(room);
	packer->packed.len += out.pos;
	return left;
}

static void pack_waiting(struct imp_packer *packer)
{
	ZSTD_inBuffer in = {packer->waiting.data, packer->waiting.len, 0};

	if (!packer->context)
		prepare(packer);
	while (in.pos < in.size)
		step(packer, &in, ZSTD_e_continue);
	imp_strbuf_reset(&packer->waiting);
}

void imp_packer_add(struct imp_packer *packer, struct imp_slice data)
{
	imp_strbuf_add_slice(&packer->waiting, data);
	packer->bytes += data.len;
	if (packer->waiting.len >= BATCH_BYTES)
		pack_waiting(packer);
}

void imp_packer_end(struct imp_packer *packer, struct imp_strbuf *out)
{
	ZSTD_inBuffer none = {NULL, 0, 0};

	if (packer->waiting.len > 0)
		pack_waiting(packer);
	while (packer->context && step(packer, &none, ZSTD_e_end) > 0)
		;
	imp_varint_add(out, packer->bytes);
	imp_text_add(out, imp_strbuf_slice(&packer->packed));
	imp_packer_finish(packer);
}

void imp_packer_finish(struct imp_packer *packer)
{
	ZSTD_freeCCtx(packer->context);
	imp_strbuf_finish(&packer->waiting);
	imp_strbuf_finish(&packer->packed);
	*packer = (struct imp_packer){0};
}

struct imp_slice imp_unpack(struct imp_part_reader *in, uint64_t most, void **memory)
{
	uint64_t bytes = imp_varint_read(in);
	struct imp_slice packed = imp_text_read(in);

	*memory = NULL;
	in->bad |= bytes > most || (bytes == 0) != (packed.len == 0);
	if (in->bad || bytes == 0)
		return imp_slice("", 0);
	*memory = malloc((size_t)bytes);
	if (!*memory)
		imp_die_of_memory((size_t)bytes);
	size_t got = ZSTD_decompress(*memory, (size_t)bytes, packed.data, packed.len);
	in->bad |= ZSTD_isError(got) || got != bytes;
	return in->bad ? imp_slice("", 0) : imp_slice(*memory, (size_t)bytes);
}
