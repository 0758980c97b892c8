/* Shared by sweep*.c alone. */
#pragma once

#include "imgprof/package.h"

/* A walk over what holds. Everybody is queued at most once. */
struct sweep {
	const struct imp_packages *packages;
	enum imp_manager manager;
	const bool *roots; /* NULL: none but by flags */
	bool recommends_hold, suggests_hold;
	uint32_t *queue;
	size_t queued, walked;
};

void imp_sweep_start(struct sweep *sweep, const struct imp_packages *packages,
		     enum imp_manager manager, const bool *roots);
void imp_sweep_finish(struct sweep *sweep);
bool imp_sweep_is_member(const struct sweep *sweep, uint32_t package);
bool imp_sweep_is_root(const struct sweep *sweep, uint32_t package);
/* A kept package breaks without it: a peer is needed as much as a dependency. */
bool imp_sweep_is_hard(const struct imp_dependency *dependency);
bool imp_sweep_holds(const struct sweep *sweep, const struct imp_dependency *dependency);
/* Queues PACKAGE unless it was reached before. */
void imp_sweep_push(struct sweep *sweep, bool *reached, uint32_t package);
/* ... all roots that are not in WITHOUT (NULL: none). */
void imp_sweep_push_roots(struct sweep *sweep, bool *reached, const bool *without);
/* Walks from what is queued, around WITHOUT. */
void imp_sweep_walk(struct sweep *sweep, bool *reached, const bool *without);

/* sweep_because.c: AFTER is what is kept, GONE the seeds that go; out->freed is known. */
void imp_sweep_attribute(struct sweep *sweep, const bool *after, const bool *gone,
			 struct imp_sweep_result *out);
