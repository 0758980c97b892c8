/*
 * A flag that asks everything under way to stop: set by a failed job, by a signal handler
 * (it is async-signal-safe) or by the caller; polled between buffers.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct imp_cancel {
	atomic_bool requested;
	const struct imp_cancel *above; /* stops this one too; borrowed, NULL: none */
};

static inline void imp_cancel_request(struct imp_cancel *cancel)
{
	atomic_store(&cancel->requested, true);
}

/* Something else may be begun: nothing that it stopped is under way any more. */
static inline void imp_cancel_clear(struct imp_cancel *cancel)
{
	atomic_store(&cancel->requested, false);
}

/* CANCEL may be NULL: never. */
static inline bool imp_cancelled(const struct imp_cancel *cancel)
{
	for (; cancel; cancel = cancel->above)
		if (atomic_load(&cancel->requested))
			return true;
	return false;
}
