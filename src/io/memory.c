#include "imgprof/stream.h"

#include "imgprof/arena.h"

struct memory {
	struct imp_stream base;
	struct imp_slice rest;
	size_t chunk; /* largest chunk; 0: all */
};

static int memory_next(struct imp_stream *stream, struct imp_chunk *out,
		       struct imp_error *err)
{
	(void)err;
	struct memory *m = (struct memory *)stream;
	if (m->rest.len == 0)
		return 1;

	size_t n = m->rest.len;
	if (m->chunk > 0 && n > m->chunk)
		n = m->chunk;
	*out = (struct imp_chunk){.data = (const uint8_t *)m->rest.data, .len = n};
	m->rest = imp_slice_skip(m->rest, n);
	return 0;
}

static void memory_destroy(struct imp_stream *stream)
{
	free(stream);
}

static const struct imp_stream_ops memory_ops = {memory_next, memory_destroy};

struct imp_stream *imp_stream_memory(struct imp_slice data, size_t chunk)
{
	struct memory *m = imp_xcalloc(1, sizeof(*m));
	*m = (struct memory){{&memory_ops}, data, chunk};
	return &m->base;
}
