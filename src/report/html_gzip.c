/* gzip without a time: the same page from run to run. */
#include <stdlib.h>
#include <zlib.h>

#include "html_priv.h"
#include "imgprof/arena.h"

enum { OUT_BYTES = 64 << 10, WINDOW_BITS_GZIP = 15 + 16, MEMORY_LEVEL = 9 };

struct imp_html_gzip {
	z_stream stream;
	struct imp_strbuf out;
};

struct imp_html_gzip *imp_html_gzip_create(void)
{
	struct imp_html_gzip *gzip = imp_xcalloc(1, sizeof(*gzip));

	/* Fails for want of memory alone. */
	if (deflateInit2(&gzip->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
			 WINDOW_BITS_GZIP, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
		imp_die_of_memory(sizeof(*gzip));
	return gzip;
}

void imp_html_gzip_destroy(struct imp_html_gzip *gzip)
{
	if (!gzip)
		return;
	deflateEnd(&gzip->stream);
	imp_strbuf_finish(&gzip->out);
	free(gzip);
}

static void deflate_all(struct imp_html_gzip *gzip, int flush)
{
	z_stream *stream = &gzip->stream;

	do {
		stream->next_out = (Bytef *)imp_strbuf_reserve(&gzip->out, OUT_BYTES);
		stream->avail_out = OUT_BYTES;
		deflate(stream, flush);
		gzip->out.len += OUT_BYTES - stream->avail_out;
	} while (stream->avail_out == 0);
}

void imp_html_gzip_add(struct imp_html_gzip *gzip, struct imp_strbuf *text)
{
	gzip->stream.next_in = (Bytef *)text->data;
	gzip->stream.avail_in = (uInt)text->len;
	deflate_all(gzip, Z_NO_FLUSH);
	imp_strbuf_reset(text);
}

struct imp_slice imp_html_gzip_end(struct imp_html_gzip *gzip)
{
	deflate_all(gzip, Z_FINISH);
	return imp_strbuf_slice(&gzip->out);
}
