/*
 * Counters that workers bump and the terminal polls; workers never print. One slot per
 * layer, allocated before the workers start.
 */
#pragma once

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum imp_progress_state {
	IMP_PROGRESS_WAITING,
	IMP_PROGRESS_READING,
	IMP_PROGRESS_DONE,
	IMP_PROGRESS_CACHED,
	IMP_PROGRESS_FAILED,
};

struct imp_progress_slot {
	char label[24];       /* short digest or name, set before the start */
	uint64_t total_bytes; /* blob size; 0: unknown */
	atomic_uint_fast64_t done_bytes;
	atomic_int state; /* enum imp_progress_state */
};

struct imp_progress {
	struct imp_progress_slot *slots;
	size_t count;
	/* A literal such as "resolving", or waiting text */
	_Atomic(const char *) phase;
};
