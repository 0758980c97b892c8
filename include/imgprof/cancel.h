/*
 * A flag that asks everything under way to stop: set by a failed job, by a signal handler
 * (it is async-signal-safe) or by the caller; polled between buffers.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>

struct imp_cancel {
	atomic_bool requested;
};

static inline void imp_cancel_request(struct imp_cancel *cancel)
{
	atomic_store(&cancel->requested, true);
}

/* CANCEL may be NULL: never. */
static inline bool imp_cancelled(const struct imp_cancel *cancel)
{
	return cancel && atomic_load(&cancel->requested);
}
