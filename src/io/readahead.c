#include "imgprof/stream.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "imgprof/arena.h"

enum {
	BUFFER_BYTES = 256 << 10,
	BUFFER_POSITIONS = 1024,
	CANCEL_POLL_NS = 50 * 1000 * 1000,
};

struct buffer {
	uint8_t *data; /* BUFFER_BYTES */
	size_t len;
	struct imp_position positions[BUFFER_POSITIONS];
	size_t position_count;
};

/*
 * A ring of buffers. The thread fills buffers[(first + full) % depth] while full < depth;
 * the reader is handed buffers[first] and gives it back with the next call. What the thread
 * reads in small chunks is collected in one buffer, but when the reader has nothing else it
 * takes the buffer as it is.
 */
struct readahead {
	struct imp_stream base;
	struct imp_stream *inner; /* the thread's, until it was joined */
	struct imp_cancel *cancel;
	pthread_t thread;

	pthread_mutex_t
		lock; /* of all below, but not of the data of a buffer being filled */
	pthread_cond_t changed;
	struct buffer *buffers;
	unsigned depth;
	unsigned first;
	unsigned full;
	bool lent;    /* buffers[first] is with the reader */
	bool copying; /* the thread writes to the buffer behind the full ones */
	bool stop;
	int rc; /* of INNER, with ERR: what the reader is told behind the last buffer */
	struct imp_error err;

	uint64_t output; /* the thread's: bytes of INNER that were copied */
};

static struct buffer *filling(struct readahead *r)
{
	return &r->buffers[(r->first + r->full) % r->depth];
}

/* With the lock. The buffer being filled goes to the reader. */
static void publish(struct readahead *r)
{
	r->full++;
	pthread_cond_broadcast(&r->changed);
}

/* As much of *CHUNK as fits goes behind what BUFFER holds, with its positions: at least one
 * byte when BUFFER is not full. */
static void fill_buffer(struct readahead *r, struct buffer *buffer,
			struct imp_chunk *chunk)
{
	size_t n = BUFFER_BYTES - buffer->len;
	if (n > chunk->len)
		n = chunk->len;

	size_t count = 0;
	size_t room = BUFFER_POSITIONS - buffer->position_count;
	while (count < chunk->position_count && count < room &&
	       chunk->positions[count].output <= r->output + n)
		count++;
	bool more = count < chunk->position_count &&
		    chunk->positions[count].output <= r->output + n;
	if (more)
		n = (size_t)(chunk->positions[count].output - 1 - r->output);

	memcpy(buffer->data + buffer->len, chunk->data, n);
	if (count > 0)
		memcpy(buffer->positions + buffer->position_count, chunk->positions,
		       count * sizeof(*chunk->positions));
	buffer->len += n;
	buffer->position_count += count;
	r->output += n;
	chunk->data += n;
	chunk->len -= n;
	if (count > 0)
		chunk->positions += count;
	chunk->position_count -= count;
}

static bool is_full(const struct buffer *buffer)
{
	return buffer->len == BUFFER_BYTES || buffer->position_count == BUFFER_POSITIONS;
}

/* Copies CHUNK into buffers as they become free. False: asked to stop. */
static bool put_chunk(struct readahead *r, struct imp_chunk chunk)
{
	pthread_mutex_lock(&r->lock);
	while (!r->stop && chunk.len > 0) {
		if (r->full == r->depth) {
			pthread_cond_wait(&r->changed, &r->lock);
			continue;
		}
		struct buffer *buffer = filling(r);
		r->copying = true;
		pthread_mutex_unlock(&r->lock);
		fill_buffer(r, buffer, &chunk);
		pthread_mutex_lock(&r->lock);
		r->copying = false;
		if (is_full(buffer))
			publish(r);
		else
			pthread_cond_broadcast(&r->changed);
	}
	bool go_on = !r->stop;
	pthread_mutex_unlock(&r->lock);
	return go_on;
}

static void *run(void *context)
{
	struct readahead *r = context;
	struct imp_error err = {0};
	struct imp_chunk chunk;
	int rc;
	while ((rc = imp_stream_next(r->inner, &chunk, &err)) == 0)
		if (imp_cancelled(r->cancel) || !put_chunk(r, chunk))
			break;

	pthread_mutex_lock(&r->lock);
	r->rc = rc == 0 ? IMP_E_CANCELLED : rc;
	r->err = err;
	pthread_cond_broadcast(&r->changed);
	pthread_mutex_unlock(&r->lock);
	return NULL;
}

/* With the lock. Buffers[first] is there to be handed out. */
static bool has_buffer(struct readahead *r)
{
	if (r->full == 0 && !r->copying && filling(r)->len > 0)
		publish(r);
	return r->full > 0;
}

/* With the lock. The thread gets back what the last call handed out. */
static void take_back(struct readahead *r)
{
	if (!r->lent)
		return;
	r->buffers[r->first].len = 0;
	r->buffers[r->first].position_count = 0;
	r->first = (r->first + 1) % r->depth;
	r->full--;
	r->lent = false;
	pthread_cond_broadcast(&r->changed);
}

/* With the lock. Until something changes, or it is time to look for a cancellation, which
 * tells nobody. */
static void wait_for_thread(struct readahead *r)
{
	if (!r->cancel) {
		pthread_cond_wait(&r->changed, &r->lock);
		return;
	}
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += CANCEL_POLL_NS;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_cond_timedwait(&r->changed, &r->lock, &until);
}

static int readahead_next(struct imp_stream *stream, struct imp_chunk *out,
			  struct imp_error *err)
{
	struct readahead *r = (struct readahead *)stream;
	pthread_mutex_lock(&r->lock);
	take_back(r);
	while (!imp_cancelled(r->cancel) && !has_buffer(r) && r->rc == 0)
		wait_for_thread(r);

	int rc = 0;
	if (imp_cancelled(r->cancel)) {
		rc = imp_fail(err, IMP_E_CANCELLED, "cancelled");
	} else if (r->full > 0) {
		const struct buffer *buffer = &r->buffers[r->first];
		*out = (struct imp_chunk){
			.data = buffer->data,
			.len = buffer->len,
			.positions = buffer->position_count ? buffer->positions : NULL,
			.position_count = buffer->position_count,
		};
		r->lent = true;
	} else {
		rc = r->rc;
		if (rc < 0 && err)
			*err = r->err;
	}
	pthread_mutex_unlock(&r->lock);
	return rc;
}

static void readahead_destroy(struct imp_stream *stream)
{
	struct readahead *r = (struct readahead *)stream;
	pthread_mutex_lock(&r->lock);
	r->stop = true;
	pthread_cond_broadcast(&r->changed);
	pthread_mutex_unlock(&r->lock);
	pthread_join(r->thread, NULL);

	imp_stream_destroy(r->inner);
	for (unsigned i = 0; i < r->depth; i++)
		free(r->buffers[i].data);
	free(r->buffers);
	pthread_cond_destroy(&r->changed);
	pthread_mutex_destroy(&r->lock);
	free(r);
}

static const struct imp_stream_ops readahead_ops = {readahead_next, readahead_destroy};

struct imp_stream *imp_stream_readahead(struct imp_stream *inner, unsigned depth,
					struct imp_cancel *cancel)
{
	struct readahead *r = imp_xcalloc(1, sizeof(*r));
	r->base.ops = &readahead_ops;
	r->inner = inner;
	r->cancel = cancel;
	r->depth = depth < 1 ? 1 : depth;
	r->buffers = imp_xcalloc(r->depth, sizeof(*r->buffers));
	for (unsigned i = 0; i < r->depth; i++)
		r->buffers[i].data = imp_xmalloc(BUFFER_BYTES);

	pthread_mutex_init(&r->lock, NULL);
	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&r->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (pthread_create(&r->thread, NULL, run, r) != 0)
		imp_die_of_memory(BUFFER_BYTES);
	return &r->base;
}
