/*
 * Of several layers that cannot be read, the lowest one's error counts, whichever is met
 * first: those below it are read to their end, those above are stopped or never begun.
 *
 *	imp_turns_create(layers, cancel); imp_turns_expect() each that will be read;
 *	in the jobs, on any threads: imp_turn_begin(), imp_turn_cancel(), imp_turn_end();
 *	imp_turns_result() when all have ended.
 */
#pragma once

#include "imgprof/cancel.h"
#include "imgprof/cleanup.h"
#include "imgprof/error.h"

struct imp_turns; /* opaque */

/* CANCEL (borrowed, may be NULL) stops all; it is requested as soon as the lowest error is known, so
 * that nothing waits for a server. */
struct imp_turns *imp_turns_create(size_t layers, struct imp_cancel *cancel);
void imp_turns_destroy(struct imp_turns *turns); /* NULL allowed */
IMP_DEFINE_DESTROY(imp_turns);

/* Before any of them begins: LAYER will be read. */
void imp_turns_expect(struct imp_turns *turns, size_t layer);
/* IMP_E_CANCELLED when nobody needs LAYER any more. */
int imp_turn_begin(struct imp_turns *turns, size_t layer, struct imp_error *err);
/* What stops LAYER alone. */
struct imp_cancel *imp_turn_cancel(struct imp_turns *turns, size_t layer);
/* LAYER, begun or not, ends with RC and, when that is negative, ERR. */
void imp_turn_end(struct imp_turns *turns, size_t layer, int rc,
		  const struct imp_error *err);
/* 0, the lowest failure that is no cancellation, or IMP_E_CANCELLED. */
int imp_turns_result(struct imp_turns *turns, struct imp_error *err);
