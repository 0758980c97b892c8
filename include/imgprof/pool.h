/*
 * A pool that runs jobs in parallel and lets nobody notice: results are looked at in
 * ticket order, and of several errors that of the lowest ticket is reported, whatever
 * finished first.
 *
 *	struct imp_pool *pool = imp_pool_create(threads, &cancel);
 *	for (i = 0; i < n; i++)
 *		imp_pool_submit(pool, read_layer, &jobs[i]);
 *	rc = imp_pool_wait(pool, &failed_ticket, &err);
 *	imp_pool_destroy(pool);
 *
 * With one thread it is the serial twin: every job runs inside imp_pool_wait, in ticket
 * order, on the caller's thread.
 */
#pragma once

#include <stddef.h>

#include "imgprof/cancel.h"
#include "imgprof/cleanup.h"
#include "imgprof/error.h"

struct imp_pool; /* opaque */

/* Returns 0 or a negative category with ERR filled. Runs on any thread. */
typedef int imp_pool_job(void *context, struct imp_error *err);

/* THREADS >= 1. CANCEL (may be NULL, borrowed) is requested when a job fails, so that
 * the others stop promptly; a job that then returns IMP_E_CANCELLED is not an error of
 * its own. */
struct imp_pool *imp_pool_create(unsigned threads, struct imp_cancel *cancel);
/* Returns the ticket, counted from 0. */
size_t imp_pool_submit(struct imp_pool *pool, imp_pool_job *job, void *context);
/* Waits for all. 0, or the category of the failed job with the lowest ticket among those
 * that did not fail with IMP_E_CANCELLED (or IMP_E_CANCELLED when only such failed).
 * Jobs not yet begun when one fails are not run. */
int imp_pool_wait(struct imp_pool *pool, size_t *failed_ticket, struct imp_error *err);
void imp_pool_destroy(struct imp_pool *pool); /* waits; NULL allowed */
IMP_DEFINE_DESTROY(imp_pool);

/* Cores this process may run on (its affinity mask), at least 1. */
unsigned imp_cores(void);
