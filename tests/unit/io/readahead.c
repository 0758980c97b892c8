#include "kit.h"

#include <pthread.h>
#include <semaphore.h>

static const unsigned depths[] = {1, 2, 3, 8};
enum { DEPTHS = sizeof(depths) / sizeof(depths[0]) };

CASE(bytes_arrive_in_order)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0};
	kit_noise(&data, 3000000, 1);
	static const size_t chunks[] = {0, 1000, 65536, 262143, 262144, 262145, 1000000};
	for (size_t d = 0; d < DEPTHS; d++)
		for (size_t i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
			imp_auto_destroy(imp_stream) struct imp_stream *stream =
				imp_stream_readahead(
					imp_stream_memory(imp_strbuf_slice(&data),
							  chunks[i]),
					depths[d], NULL);
			kit_auto_run run = {0};
			kit_read(stream, &run);
			kit_assert_bytes(&run, imp_strbuf_slice(&data));
		}
}

CASE(single_bytes)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0};
	kit_noise(&data, 20000, 1);
	imp_auto_destroy(imp_stream) struct imp_stream *stream = imp_stream_readahead(
		imp_stream_memory(imp_strbuf_slice(&data), 1), 2, NULL);
	kit_auto_run run = {0};
	kit_read(stream, &run);
	kit_assert_bytes(&run, imp_strbuf_slice(&data));
}

CASE(nothing)
{
	imp_auto_destroy(imp_stream) struct imp_stream *stream =
		imp_stream_readahead(imp_stream_memory(imp_slice("", 0), 0), 2, NULL);
	kit_auto_run run = {0};
	kit_read(stream, &run);
	kit_assert_bytes(&run, imp_slice("", 0));
}

CASE(several_in_a_row)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0};
	kit_noise(&data, 1000000, 1);
	struct imp_stream *inner = imp_stream_memory(imp_strbuf_slice(&data), 10000);
	for (unsigned i = 1; i < 5; i++)
		inner = imp_stream_readahead(inner, i, NULL);
	imp_auto_destroy(imp_stream) struct imp_stream *stream = inner;
	kit_auto_run run = {0};
	kit_read(stream, &run);
	kit_assert_bytes(&run, imp_strbuf_slice(&data));
}

CASE(failure_arrives_behind_the_bytes)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0};
	kit_noise(&data, 700000, 1);
	for (size_t d = 0; d < DEPTHS; d++) {
		imp_auto_destroy(imp_stream) struct imp_stream *stream =
			imp_stream_readahead(kit_failing(imp_strbuf_slice(&data), 9000),
					     depths[d], NULL);
		kit_auto_run run = {0};
		kit_read(stream, &run);
		assert_fails(run.rc, IMP_E_NETWORK, "connection lost", &run.err);
		assert_int_equal(run.bytes.len, 700000);
	}
}

/* Destroyed before, while and after it is read. */
CASE(destroyed_early)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf data = {0};
	kit_noise(&data, 2000000, 1);
	for (int reads = 0; reads < 12; reads++)
		for (size_t d = 0; d < DEPTHS; d++) {
			imp_auto_destroy(imp_stream) struct imp_stream *stream =
				imp_stream_readahead(
					imp_stream_memory(imp_strbuf_slice(&data),
							  300000),
					depths[d], NULL);
			struct imp_chunk chunk;
			struct imp_error err = {0};
			for (int i = 0; i < reads; i++)
				assert_true(imp_stream_next(stream, &chunk, &err) >= 0);
		}
}

/* A stream of single bytes, each of which waits for a permit. */
struct gated {
	struct imp_stream base;
	sem_t *permits;
	int left;
};

static int gated_next(struct imp_stream *stream, struct imp_chunk *out,
		      struct imp_error *err)
{
	(void)err;
	struct gated *g = (struct gated *)stream;
	if (g->left == 0)
		return 1;
	sem_wait(g->permits);
	g->left--;
	*out = (struct imp_chunk){.data = (const uint8_t *)"x", .len = 1};
	return 0;
}

static void gated_destroy(struct imp_stream *stream)
{
	free(stream);
}

static struct imp_stream *gated(sem_t *permits, int count)
{
	static const struct imp_stream_ops ops = {gated_next, gated_destroy};
	struct gated *g = imp_xcalloc(1, sizeof(*g));
	*g = (struct gated){{&ops}, permits, count};
	return &g->base;
}

/* What is there is handed out before the source has more: with a source that waits for its
 * reader, holding it back would hang. */
CASE(does_not_hold_bytes_back)
{
	sem_t permits;
	sem_init(&permits, 0, 0);
	imp_auto_destroy(imp_stream) struct imp_stream *stream =
		imp_stream_readahead(gated(&permits, 1000), 2, NULL);
	struct imp_chunk chunk;
	struct imp_error err = {0};
	for (int i = 0; i < 1000; i++) {
		sem_post(&permits);
		assert_int_equal(imp_stream_next(stream, &chunk, &err), 0);
		assert_int_equal(chunk.len, 1);
	}
	assert_int_equal(imp_stream_next(stream, &chunk, &err), 1);
	sem_destroy(&permits);
}

CASE(small_chunks_are_collected)
{
	sem_t permits;
	sem_init(&permits, 0, 500);
	struct gated *g = (struct gated *)gated(&permits, 501);
	imp_auto_destroy(imp_stream) struct imp_stream *stream =
		imp_stream_readahead(&g->base, 2, NULL);
	/* The 501st byte waits, so the 500 before it are in a buffer soon. */
	int used;
	do
		sem_getvalue(&permits, &used);
	while (used > 0);
	struct imp_chunk chunk;
	struct imp_error err = {0};
	size_t chunks = 0, bytes = 0;
	while (bytes < 500) {
		assert_int_equal(imp_stream_next(stream, &chunk, &err), 0);
		bytes += chunk.len;
		chunks++;
	}
	assert_true(chunks <= 2);
	sem_post(&permits);
	sem_destroy(&permits);
}

CASE(cancelled_before)
{
	struct imp_cancel cancel = {0};
	imp_cancel_request(&cancel);
	imp_auto_destroy(imp_stream) struct imp_stream *stream = imp_stream_readahead(
		imp_stream_memory(IMP_SLICE("content"), 0), 2, &cancel);
	kit_auto_run run = {0};
	kit_read(stream, &run);
	assert_fails(run.rc, IMP_E_CANCELLED, "cancelled", &run.err);
	assert_int_equal(run.bytes.len, 0);
}

static void *request(void *cancel)
{
	imp_cancel_request(cancel);
	return NULL;
}

/* The reader waits for bytes that never come, until another thread cancels. */
CASE(cancelled_while_waiting)
{
	sem_t permits;
	sem_init(&permits, 0, 0);
	struct imp_cancel cancel = {0};
	imp_auto_destroy(imp_stream) struct imp_stream *stream =
		imp_stream_readahead(gated(&permits, 10), 2, &cancel);
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, request, &cancel), 0);
	kit_auto_run run = {0};
	kit_read(stream, &run);
	assert_fails(run.rc, IMP_E_CANCELLED, "cancelled", &run.err);
	pthread_join(thread, NULL);
	sem_post(&permits);
}

/* A stream without end: only the cancellation stops the thread. */
CASE(cancelled_while_reading)
{
	sem_t permits;
	sem_init(&permits, 0, SEM_VALUE_MAX);
	struct imp_cancel cancel = {0};
	imp_auto_destroy(imp_stream) struct imp_stream *stream =
		imp_stream_readahead(gated(&permits, INT32_MAX), 2, &cancel);
	struct imp_chunk chunk;
	struct imp_error err = {0};
	for (int i = 0; i < 10; i++)
		assert_int_equal(imp_stream_next(stream, &chunk, &err), 0);
	imp_cancel_request(&cancel);
	assert_fails(imp_stream_next(stream, &chunk, &err), IMP_E_CANCELLED, "cancelled",
		     &err);
}

/* Chunks with positions, as a decoder makes them. */
struct sampled {
	struct imp_stream base;
	struct imp_position *positions;
	uint8_t *data;
	size_t len; /* of one chunk */
	int left;   /* chunks */
	uint64_t start;
	uint64_t step; /* a sample every STEP bytes */
};

static int sampled_next(struct imp_stream *stream, struct imp_chunk *out,
			struct imp_error *err)
{
	(void)err;
	struct sampled *s = (struct sampled *)stream;
	if (s->left-- <= 0)
		return 1;
	size_t n = 0;
	for (uint64_t at = (s->start / s->step + 1) * s->step; at <= s->start + s->len;
	     at += s->step)
		s->positions[n++] = (struct imp_position){at, at * 2};
	*out = (struct imp_chunk){s->data, s->len, n ? s->positions : NULL, n};
	s->start += s->len;
	return 0;
}

static void sampled_destroy(struct imp_stream *stream)
{
	struct sampled *s = (struct sampled *)stream;
	free(s->positions);
	free(s->data);
	free(s);
}

static void assert_positions_kept(size_t len, uint64_t step)
{
	static const struct imp_stream_ops ops = {sampled_next, sampled_destroy};
	struct sampled *s = imp_xcalloc(1, sizeof(*s));
	*s = (struct sampled){.base = {&ops},
			      .positions =
				      imp_xcalloc(len / step + 1, sizeof(*s->positions)),
			      .data = imp_xcalloc(1, len),
			      .len = len,
			      .left = (int)(1000000 / len),
			      .step = step};
	imp_auto_destroy(imp_stream) struct imp_stream *stream =
		imp_stream_readahead(&s->base, 3, NULL);
	kit_auto_run run = {0};
	kit_read(stream, &run);
	assert_int_equal(run.bytes.len, 1000000 / len * len);
	assert_int_equal(run.position_count, run.bytes.len / step);
	for (size_t i = 0; i < run.position_count; i++) {
		assert_int_equal(run.positions[i].output, (i + 1) * step);
		assert_int_equal(run.positions[i].input, (i + 1) * step * 2);
	}
}

CASE(positions_stay_with_their_bytes)
{
	static const size_t lengths[] = {100, 4096, 262143, 262144, 262145, 1000000};
	static const uint64_t steps[] = {1, 2, 255, 256, 257, 4096, 100000};
	for (size_t l = 0; l < sizeof(lengths) / sizeof(lengths[0]); l++)
		for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
			assert_positions_kept(lengths[l], steps[i]);
}
