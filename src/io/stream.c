#include "imgprof/stream.h"

#include <inttypes.h>

#include "imgprof/strbuf.h"

int imp_stream_next(struct imp_stream *stream, struct imp_chunk *out,
		    struct imp_error *err)
{
	return stream->ops->next(stream, out, err);
}

void imp_stream_destroy(struct imp_stream *stream)
{
	if (stream)
		stream->ops->destroy(stream);
}

int imp_stream_read_all(struct imp_stream *stream, uint64_t limit, const char *what,
			struct imp_strbuf *buf, struct imp_error *err)
{
	uint64_t room = limit;
	struct imp_chunk chunk;
	int rc;
	while ((rc = imp_stream_next(stream, &chunk, err)) == 0) {
		if (chunk.len > room)
			return imp_fail(err, IMP_E_LIMIT,
					"%s: more than %" PRIu64 " bytes", what, limit);
		room -= chunk.len;
		imp_strbuf_add(buf, chunk.data, chunk.len);
	}
	return rc < 0 ? rc : 0;
}

int imp_stream_drain(struct imp_stream *stream, struct imp_error *err)
{
	struct imp_chunk chunk;
	int rc;
	while ((rc = imp_stream_next(stream, &chunk, err)) == 0)
		;
	return rc < 0 ? rc : 0;
}
