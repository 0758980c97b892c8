#include "imgprof/pool.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "imgprof/arena.h"

struct job {
	imp_pool_job *run;
	void *context;
};

struct failure {
	int category; /* 0: none */
	size_t ticket;
	struct imp_error err;
};

/* Jobs begin in ticket order. `lock` guards everything below it but the threads; a serial
 * twin has none of them and runs the same code. */
struct imp_pool {
	pthread_mutex_t lock;
	pthread_cond_t work; /* a job was added, or the pool ends */
	pthread_cond_t idle; /* is_idle may have become true */
	struct job *jobs;
	size_t capacity;
	size_t count; /* jobs submitted */
	size_t begun; /* of them taken; also the next ticket to begin */
	size_t running;
	bool ending;
	struct failure failure;   /* lowest ticket but for ... */
	struct failure cancelled; /* ... lowest that failed with IMP_E_CANCELLED */
	struct imp_cancel *cancel;
	pthread_t *threads;
	unsigned thread_count;
};

static bool has_failed(const struct imp_pool *pool)
{
	return pool->failure.category != 0 || pool->cancelled.category != 0;
}

static bool can_begin(const struct imp_pool *pool)
{
	return pool->begun < pool->count && !has_failed(pool);
}

/* Jobs that will never begin do not count: who waits after a failure must not hang. */
static bool is_idle(const struct imp_pool *pool)
{
	return pool->running == 0 && !can_begin(pool);
}

static void keep_lowest(struct failure *failure, int category, size_t ticket,
			const struct imp_error *err)
{
	if (failure->category != 0 && failure->ticket < ticket)
		return;
	*failure = (struct failure){category, ticket, *err};
}

static void note_failure(struct imp_pool *pool, int category, size_t ticket,
			 const struct imp_error *err)
{
	keep_lowest(category == IMP_E_CANCELLED ? &pool->cancelled : &pool->failure,
		    category, ticket, err);
	if (pool->cancel)
		imp_cancel_request(pool->cancel);
}

/* Called and returns with the lock held, runs the job without it. */
static void run_next(struct imp_pool *pool)
{
	size_t ticket = pool->begun++;
	struct job job = pool->jobs[ticket];
	pool->running++;
	pthread_mutex_unlock(&pool->lock);

	struct imp_error err = {0};
	int rc = job.run(job.context, &err);
	assert(rc <= 0);

	pthread_mutex_lock(&pool->lock);
	pool->running--;
	if (rc < 0)
		note_failure(pool, rc, ticket, &err);
	if (is_idle(pool))
		pthread_cond_broadcast(&pool->idle);
}

static void *work(void *argument)
{
	struct imp_pool *pool = argument;
	pthread_mutex_lock(&pool->lock);
	for (;;) {
		if (can_begin(pool))
			run_next(pool);
		else if (pool->ending)
			break;
		else
			pthread_cond_wait(&pool->work, &pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

/* A machine that grants fewer threads makes it slower, not wrong; without any the pool is
 * the serial twin. */
static void start_threads(struct imp_pool *pool, unsigned threads)
{
	pool->threads = imp_xcalloc(threads, sizeof(*pool->threads));
	for (unsigned i = 0; i < threads; i++) {
		if (pthread_create(&pool->threads[i], NULL, work, pool) != 0)
			break;
		pool->thread_count++;
	}
}

struct imp_pool *imp_pool_create(unsigned threads, struct imp_cancel *cancel)
{
	assert(threads >= 1);
	struct imp_pool *pool = imp_xcalloc(1, sizeof(*pool));
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->work, NULL);
	pthread_cond_init(&pool->idle, NULL);
	pool->cancel = cancel;
	if (threads > 1)
		start_threads(pool, threads);
	return pool;
}

size_t imp_pool_submit(struct imp_pool *pool, imp_pool_job *job, void *context)
{
	pthread_mutex_lock(&pool->lock);
	size_t ticket = pool->count;
	pool->jobs =
		imp_xgrow(pool->jobs, &pool->capacity, ticket + 1, sizeof(*pool->jobs));
	pool->jobs[ticket] = (struct job){job, context};
	pool->count++;
	pthread_cond_signal(&pool->work);
	pthread_mutex_unlock(&pool->lock);
	return ticket;
}

/* Called and returns with the lock held. */
static void finish_jobs(struct imp_pool *pool)
{
	if (pool->thread_count == 0)
		while (can_begin(pool))
			run_next(pool);
	while (!is_idle(pool))
		pthread_cond_wait(&pool->idle, &pool->lock);
}

int imp_pool_wait(struct imp_pool *pool, size_t *failed_ticket, struct imp_error *err)
{
	pthread_mutex_lock(&pool->lock);
	finish_jobs(pool);
	const struct failure *failure =
		pool->failure.category != 0 ? &pool->failure : &pool->cancelled;
	int category = failure->category;
	if (category != 0 && failed_ticket)
		*failed_ticket = failure->ticket;
	if (category != 0 && err)
		*err = failure->err;
	pthread_mutex_unlock(&pool->lock);
	return category;
}

void imp_pool_destroy(struct imp_pool *pool)
{
	if (!pool)
		return;
	pthread_mutex_lock(&pool->lock);
	finish_jobs(pool);
	pool->ending = true;
	pthread_cond_broadcast(&pool->work);
	pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 0; i < pool->thread_count; i++)
		pthread_join(pool->threads[i], NULL);

	pthread_cond_destroy(&pool->idle);
	pthread_cond_destroy(&pool->work);
	pthread_mutex_destroy(&pool->lock);
	free(pool->threads);
	free(pool->jobs);
	free(pool);
}

unsigned imp_cores(void)
{
	cpu_set_t set;
	if (sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) > 0)
		return (unsigned)CPU_COUNT(&set);
	/* More cores than cpu_set_t holds. */
	long online = sysconf(_SC_NPROCESSORS_ONLN);
	return online > 0 ? (unsigned)online : 1;
}
