#include "turns.h"

#include <pthread.h>
#include <stdlib.h>

#include "imgprof/arena.h"

struct turn {
	struct imp_cancel cancel;
	bool expected; /* and has not ended */
};

struct imp_turns {
	pthread_mutex_t lock; /* guards all below but the flags of `cancel` */
	struct imp_cancel *all;
	struct turn *turns;
	size_t count;
	size_t failed; /* the lowest layer that failed, else `count` */
	struct imp_error failure;
	bool cancelled;
	struct imp_error cancellation;
};

struct imp_turns *imp_turns_create(size_t layers, struct imp_cancel *cancel)
{
	struct imp_turns *turns = imp_xcalloc(1, sizeof(*turns));

	pthread_mutex_init(&turns->lock, NULL);
	turns->all = cancel;
	turns->turns = imp_xcalloc(layers + 1, sizeof(*turns->turns));
	turns->count = turns->failed = layers;
	for (size_t i = 0; i < layers; i++)
		turns->turns[i].cancel.above = cancel;
	return turns;
}

void imp_turns_destroy(struct imp_turns *turns)
{
	if (!turns)
		return;
	pthread_mutex_destroy(&turns->lock);
	free(turns->turns);
	free(turns);
}

void imp_turns_expect(struct imp_turns *turns, size_t layer)
{
	turns->turns[layer].expected = true;
}

int imp_turn_begin(struct imp_turns *turns, size_t layer, struct imp_error *err)
{
	if (imp_cancelled(&turns->turns[layer].cancel))
		return imp_fail(err, IMP_E_CANCELLED, "stopped");
	return 0;
}

struct imp_cancel *imp_turn_cancel(struct imp_turns *turns, size_t layer)
{
	return &turns->turns[layer].cancel;
}

static void note_failure(struct imp_turns *turns, size_t layer,
			 const struct imp_error *err)
{
	if (layer >= turns->failed)
		return;
	for (size_t i = layer + 1; i < turns->count; i++)
		imp_cancel_request(&turns->turns[i].cancel);
	turns->failed = layer;
	turns->failure = *err;
}

/* No layer below the failed one may still fail. */
static bool is_known(const struct imp_turns *turns)
{
	for (size_t i = 0; i < turns->failed; i++)
		if (turns->turns[i].expected)
			return false;
	return turns->failed < turns->count;
}

void imp_turn_end(struct imp_turns *turns, size_t layer, int rc,
		  const struct imp_error *err)
{
	pthread_mutex_lock(&turns->lock);
	turns->turns[layer].expected = false;
	if (rc == IMP_E_CANCELLED) {
		turns->cancelled = true;
		turns->cancellation = *err;
	} else if (rc < 0) {
		note_failure(turns, layer, err);
	}
	if (turns->all && is_known(turns))
		imp_cancel_request(turns->all);
	pthread_mutex_unlock(&turns->lock);
}

int imp_turns_result(struct imp_turns *turns, struct imp_error *err)
{
	bool failed = turns->failed < turns->count;

	if (!failed && !turns->cancelled)
		return 0;
	*err = failed ? turns->failure : turns->cancellation;
	return err->category;
}
