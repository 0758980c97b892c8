#include <stdlib.h>

#include "stock_priv.h"

enum {
	POLITE_THREADS = 6,
	/* Repositories whose connections stay open: each has up to one for a thread */
	MOST_OPEN = 48,
};

struct closure {
	imp_job_run *run;
	struct imp_job *job;
};

/* A failed request is the job's own affair and stops no other. */
static int run_one(void *context, struct imp_error *err)
{
	struct closure *closure = context;
	struct imp_job *job = closure->job;

	if (job->shelf->local) {
		pthread_mutex_lock(&job->shelf->mutex);
		closure->run(job);
		pthread_mutex_unlock(&job->shelf->mutex);
	} else {
		closure->run(job);
	}
	if (job->rc == IMP_E_CANCELLED) {
		*err = job->err;
		return job->rc;
	}
	return 0;
}

static void close_sources(struct imp_stock *inventory)
{
	for (size_t i = 0; i < inventory->shelf_count; i++) {
		struct imp_shelf *shelf = inventory->shelves[i];
		if (!shelf->source || shelf->local)
			continue;
		imp_repository_take_notes(shelf->source, inventory->result.warnings);
		imp_repository_destroy(shelf->source);
		shelf->source = NULL;
	}
	inventory->open_count = 0;
}

static void open_source(struct imp_stock *inventory, struct imp_job *job)
{
	struct imp_shelf *shelf = job->shelf;

	if (shelf->broken)
		job->rc = imp_fail(&job->err, IMP_E_NETWORK,
				   "not asked: an earlier request failed");
	if (shelf->broken || shelf->source)
		return;
	job->rc = imp_repository_open(inventory->options.context, &shelf->location,
				      &inventory->options.source, &shelf->source,
				      &job->err);
	inventory->open_count += job->rc == 0;
}

static void note_failures(struct imp_job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (jobs[i].rc == IMP_E_NETWORK)
			jobs[i].shelf->broken = true;
}

int imp_jobs_run(struct imp_stock *inventory, struct imp_job *jobs, size_t count,
		 imp_job_run *run, struct imp_error *err)
{
	const struct imp_context *context = inventory->options.context;
	imp_auto_free struct closure *closures =
		imp_xcalloc(count + 1, sizeof(*closures));
	imp_auto_destroy(imp_pool) struct imp_pool *pool = imp_pool_create(
		context->threads == 1 ? 1 : POLITE_THREADS, context->cancel);

	if (inventory->open_count > MOST_OPEN)
		close_sources(inventory);
	for (size_t i = 0; i < count; i++) {
		open_source(inventory, &jobs[i]);
		closures[i] = (struct closure){run, &jobs[i]};
		if (jobs[i].rc == 0)
			imp_pool_submit(pool, run_one, &closures[i]);
	}
	int rc = imp_pool_wait(pool, NULL, err);
	note_failures(jobs, count);
	return rc;
}

void imp_jobs_finish(struct imp_job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		imp_strbuf_finish(&jobs[i].body);
		imp_listing_finish(&jobs[i].listing);
		imp_arena_destroy(jobs[i].arena);
	}
}

void imp_stock_unseen(struct imp_stock *inventory, struct imp_job *job, const char *code)
{
	if (!inventory->first_failure.category)
		inventory->first_failure = job->err;
	inventory->result.complete = false;
	imp_warnings_add(inventory->result.warnings, code, IMP_NO_LAYER, IMP_SLICE(""),
			 "%s", job->err.message);
}
