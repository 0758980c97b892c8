#include "case.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "imgprof/cancel.h"
#include "imgprof/pool.h"

static const unsigned thread_counts[] = {1, 2, 3, 8};

enum { THREAD_COUNTS = sizeof(thread_counts) / sizeof(thread_counts[0]) };

/* A job that counts itself and returns what it is told. */
struct plain {
	int rc;
	atomic_int runs;
};

static int run_plain(void *context, struct imp_error *err)
{
	struct plain *job = context;
	atomic_fetch_add(&job->runs, 1);
	if (job->rc < 0)
		return imp_fail(err, job->rc, "job failed with %d", job->rc);
	return 0;
}

CASE(wait_without_jobs)
{
	for (int t = 0; t < THREAD_COUNTS; t++) {
		imp_auto_destroy(imp_pool) struct imp_pool *pool =
			imp_pool_create(thread_counts[t], NULL);
		size_t ticket = 7;
		struct imp_error err = {0};
		assert_ok(imp_pool_wait(pool, &ticket, &err), &err);
		assert_int_equal(ticket, 7);
	}
}

CASE(every_job_runs_once)
{
	for (int t = 0; t < THREAD_COUNTS; t++) {
		struct plain jobs[200] = {0};
		imp_auto_destroy(imp_pool) struct imp_pool *pool =
			imp_pool_create(thread_counts[t], NULL);
		for (size_t i = 0; i < 200; i++)
			assert_int_equal(imp_pool_submit(pool, run_plain, &jobs[i]), i);
		struct imp_error err = {0};
		assert_ok(imp_pool_wait(pool, NULL, &err), &err);
		for (size_t i = 0; i < 200; i++)
			assert_int_equal(jobs[i].runs, 1);
	}
}

CASE(more_jobs_after_a_wait)
{
	for (int t = 0; t < THREAD_COUNTS; t++) {
		struct plain jobs[20] = {0};
		imp_auto_destroy(imp_pool) struct imp_pool *pool =
			imp_pool_create(thread_counts[t], NULL);
		struct imp_error err = {0};
		for (size_t i = 0; i < 20; i++) {
			assert_int_equal(imp_pool_submit(pool, run_plain, &jobs[i]), i);
			assert_ok(imp_pool_wait(pool, NULL, &err), &err);
			assert_int_equal(jobs[i].runs, 1);
		}
	}
}

CASE(destroy_waits_for_the_jobs)
{
	for (int t = 0; t < THREAD_COUNTS; t++) {
		struct plain jobs[50] = {0};
		struct imp_pool *pool = imp_pool_create(thread_counts[t], NULL);
		for (size_t i = 0; i < 50; i++)
			imp_pool_submit(pool, run_plain, &jobs[i]);
		imp_pool_destroy(pool);
		for (size_t i = 0; i < 50; i++)
			assert_int_equal(jobs[i].runs, 1);
	}
	imp_pool_destroy(NULL);
}

struct trace {
	pthread_t threads[10];
	int order[10];
	int count;
};

struct traced {
	struct trace *trace;
	int number;
};

static int run_traced(void *context, struct imp_error *err __attribute__((unused)))
{
	struct traced *job = context;
	struct trace *trace = job->trace;
	trace->threads[trace->count] = pthread_self();
	trace->order[trace->count++] = job->number;
	return 0;
}

CASE(serial_twin_runs_in_order_in_wait_on_the_callers_thread)
{
	struct trace trace = {.count = 0};
	struct traced jobs[10];
	imp_auto_destroy(imp_pool) struct imp_pool *pool = imp_pool_create(1, NULL);
	for (int i = 0; i < 10; i++) {
		jobs[i] = (struct traced){&trace, i};
		imp_pool_submit(pool, run_traced, &jobs[i]);
	}
	assert_int_equal(trace.count, 0);
	struct imp_error err = {0};
	assert_ok(imp_pool_wait(pool, NULL, &err), &err);
	assert_int_equal(trace.count, 10);
	for (int i = 0; i < 10; i++) {
		assert_int_equal(trace.order[i], i);
		assert_true(pthread_equal(trace.threads[i], pthread_self()));
	}
}

static int run_meeting(void *context, struct imp_error *err __attribute__((unused)))
{
	pthread_barrier_wait(context);
	return 0;
}

/* A pool that ran one job after the other would never come back. */
CASE(jobs_run_side_by_side)
{
	pthread_barrier_t meeting;
	pthread_barrier_init(&meeting, NULL, 4);
	struct imp_pool *pool = imp_pool_create(4, NULL);
	for (int i = 0; i < 8; i++)
		imp_pool_submit(pool, run_meeting, &meeting);
	struct imp_error err = {0};
	assert_ok(imp_pool_wait(pool, NULL, &err), &err);
	imp_pool_destroy(pool);
	pthread_barrier_destroy(&meeting);
}

/* Fails when GO is posted (at once without), then posts DONE. */
struct staged {
	sem_t *go;
	sem_t *done;
	int rc;
	const char *name;
};

static int run_staged(void *context, struct imp_error *err)
{
	struct staged *job = context;
	if (job->go)
		sem_wait(job->go);
	int rc = imp_fail(err, job->rc, "%s", job->name);
	if (job->done)
		sem_post(job->done);
	return rc;
}

CASE(lowest_ticket_wins_though_it_fails_last)
{
	for (int round = 0; round < 50; round++) {
		sem_t second_failed;
		sem_init(&second_failed, 0, 0);
		struct staged first = {&second_failed, NULL, IMP_E_NETWORK, "first"};
		struct staged second = {NULL, &second_failed, IMP_E_FORMAT, "second"};
		struct imp_pool *pool = imp_pool_create(2, NULL);
		imp_pool_submit(pool, run_staged, &first);
		imp_pool_submit(pool, run_staged, &second);
		size_t ticket = 7;
		struct imp_error err = {0};
		assert_fails(imp_pool_wait(pool, &ticket, &err), IMP_E_NETWORK, "first",
			     &err);
		assert_int_equal(ticket, 0);
		imp_pool_destroy(pool);
		sem_destroy(&second_failed);
	}
}

CASE(higher_ticket_does_not_replace_a_lower_one)
{
	for (int round = 0; round < 50; round++) {
		sem_t first_failed;
		sem_init(&first_failed, 0, 0);
		struct plain idle = {0};
		struct staged first = {NULL, &first_failed, IMP_E_NETWORK, "first"};
		struct staged second = {&first_failed, NULL, IMP_E_FORMAT, "second"};
		struct imp_pool *pool = imp_pool_create(2, NULL);
		imp_pool_submit(pool, run_plain, &idle);
		imp_pool_submit(pool, run_staged, &first);
		imp_pool_submit(pool, run_staged, &second);
		size_t ticket = 7;
		struct imp_error err = {0};
		assert_fails(imp_pool_wait(pool, &ticket, &err), IMP_E_NETWORK, "first",
			     &err);
		assert_int_equal(ticket, 1);
		imp_pool_destroy(pool);
		sem_destroy(&first_failed);
	}
}

/* Runs until it is cancelled. */
static int run_until_cancelled(void *context, struct imp_error *err)
{
	struct imp_cancel *cancel = context;
	while (!imp_cancelled(cancel))
		sched_yield();
	return imp_fail(err, IMP_E_CANCELLED, "stopped");
}

CASE(cancelled_jobs_are_not_errors_of_their_own)
{
	struct imp_cancel cancel = {false};
	struct staged failing = {NULL, NULL, IMP_E_INTEGRITY, "the cause"};
	imp_auto_destroy(imp_pool) struct imp_pool *pool = imp_pool_create(3, &cancel);
	imp_pool_submit(pool, run_until_cancelled, &cancel);
	imp_pool_submit(pool, run_until_cancelled, &cancel);
	imp_pool_submit(pool, run_staged, &failing);
	size_t ticket = 7;
	struct imp_error err = {0};
	assert_fails(imp_pool_wait(pool, &ticket, &err), IMP_E_INTEGRITY, "the cause",
		     &err);
	assert_int_equal(ticket, 2);
	assert_true(imp_cancelled(&cancel));
}

CASE(only_cancelled_jobs_give_cancelled)
{
	for (int t = 0; t < THREAD_COUNTS; t++) {
		struct imp_cancel cancel = {false};
		imp_auto_destroy(imp_pool) struct imp_pool *pool =
			imp_pool_create(thread_counts[t], &cancel);
		struct plain fine = {0};
		imp_pool_submit(pool, run_plain, &fine);
		for (int i = 0; i < 3; i++)
			imp_pool_submit(pool, run_until_cancelled, &cancel);
		imp_cancel_request(&cancel);
		size_t ticket = 7;
		struct imp_error err = {0};
		assert_fails(imp_pool_wait(pool, &ticket, &err), IMP_E_CANCELLED,
			     "stopped", &err);
		assert_int_equal(ticket, 1);
	}
}

CASE(jobs_not_begun_at_a_failure_are_not_run)
{
	struct plain jobs[6] = {[2] = {.rc = IMP_E_LIMIT}};
	imp_auto_destroy(imp_pool) struct imp_pool *pool = imp_pool_create(1, NULL);
	for (int i = 0; i < 6; i++)
		imp_pool_submit(pool, run_plain, &jobs[i]);
	size_t ticket = 7;
	struct imp_error err = {0};
	assert_fails(imp_pool_wait(pool, &ticket, &err), IMP_E_LIMIT, "job failed", &err);
	assert_int_equal(ticket, 2);
	for (int i = 0; i < 6; i++)
		assert_int_equal(jobs[i].runs, i <= 2);
}

/* Both threads are taken until the failure is known: the jobs behind cannot begin before. */
CASE(jobs_not_begun_at_a_failure_are_not_run_in_parallel)
{
	for (int round = 0; round < 50; round++) {
		struct imp_cancel cancel = {false};
		struct staged failing = {NULL, NULL, IMP_E_FORMAT, "the cause"};
		struct plain behind[20] = {0};
		imp_auto_destroy(imp_pool) struct imp_pool *pool =
			imp_pool_create(2, &cancel);
		imp_pool_submit(pool, run_until_cancelled, &cancel);
		imp_pool_submit(pool, run_staged, &failing);
		for (int i = 0; i < 20; i++)
			imp_pool_submit(pool, run_plain, &behind[i]);
		size_t ticket = 7;
		struct imp_error err = {0};
		assert_fails(imp_pool_wait(pool, &ticket, &err), IMP_E_FORMAT,
			     "the cause", &err);
		assert_int_equal(ticket, 1);
		for (int i = 0; i < 20; i++)
			assert_int_equal(behind[i].runs, 0);
	}
}

CASE(wait_after_a_failure_answers_again)
{
	for (int t = 0; t < THREAD_COUNTS; t++) {
		struct plain failing = {.rc = IMP_E_DENIED};
		struct plain late = {0};
		imp_auto_destroy(imp_pool) struct imp_pool *pool =
			imp_pool_create(thread_counts[t], NULL);
		imp_pool_submit(pool, run_plain, &failing);
		assert_int_equal(imp_pool_wait(pool, NULL, NULL), IMP_E_DENIED);
		assert_int_equal(imp_pool_submit(pool, run_plain, &late), 1);
		size_t ticket = 7;
		struct imp_error err = {0};
		assert_fails(imp_pool_wait(pool, &ticket, &err), IMP_E_DENIED,
			     "job failed", &err);
		assert_int_equal(ticket, 0);
		assert_int_equal(late.runs, 0);
	}
}

CASE(destroy_after_a_failure_does_not_hang)
{
	for (int t = 0; t < THREAD_COUNTS; t++) {
		struct plain jobs[30] = {[3] = {.rc = IMP_E_FORMAT}};
		struct imp_pool *pool = imp_pool_create(thread_counts[t], NULL);
		for (int i = 0; i < 30; i++)
			imp_pool_submit(pool, run_plain, &jobs[i]);
		imp_pool_destroy(pool);
		assert_int_equal(jobs[3].runs, 1);
	}
}

CASE(outcome_is_the_same_for_any_thread_count)
{
	enum { COUNT = 60 };
	srandom(4);
	for (int round = 0; round < 40; round++) {
		int rcs[COUNT];
		size_t first = COUNT;
		for (size_t i = COUNT; i-- > 0;) {
			rcs[i] = random() % 20 ? 0 : IMP_E_DENIED - (int)(random() % 6);
			if (rcs[i] < 0)
				first = i;
		}
		for (int t = 0; t < THREAD_COUNTS; t++) {
			struct plain jobs[COUNT] = {0};
			imp_auto_destroy(imp_pool) struct imp_pool *pool =
				imp_pool_create(thread_counts[t], NULL);
			for (size_t i = 0; i < COUNT; i++) {
				jobs[i].rc = rcs[i];
				imp_pool_submit(pool, run_plain, &jobs[i]);
			}
			size_t ticket = COUNT;
			struct imp_error err = {0};
			int rc = imp_pool_wait(pool, &ticket, &err);
			assert_int_equal(ticket, first);
			assert_int_equal(rc, first < COUNT ? rcs[first] : 0);
			assert_int_equal(err.category, rc);
		}
	}
}

CASE(without_threads_it_is_the_serial_twin)
{
	/* Stacks that no machine can map: pthread_create fails. */
	pthread_attr_t attributes, before;
	pthread_getattr_default_np(&before);
	pthread_getattr_default_np(&attributes);
	assert_int_equal(pthread_attr_setstacksize(&attributes, (size_t)1 << 60), 0);
	assert_int_equal(pthread_setattr_default_np(&attributes), 0);
	struct imp_pool *pool = imp_pool_create(4, NULL);
	assert_int_equal(pthread_setattr_default_np(&before), 0);
	pthread_attr_destroy(&attributes);
	pthread_attr_destroy(&before);

	struct trace trace = {.count = 0};
	struct traced jobs[10];
	for (int i = 0; i < 10; i++) {
		jobs[i] = (struct traced){&trace, i};
		imp_pool_submit(pool, run_traced, &jobs[i]);
	}
	struct imp_error err = {0};
	assert_ok(imp_pool_wait(pool, NULL, &err), &err);
	imp_pool_destroy(pool);
	assert_int_equal(trace.count, 10);
	assert_true(pthread_equal(trace.threads[9], pthread_self()));
}

CASE(cancel_of_null_is_never)
{
	assert_false(imp_cancelled(NULL));
}

CASE(cores_follow_the_affinity_mask)
{
	cpu_set_t all, one;
	assert_int_equal(sched_getaffinity(0, sizeof(all), &all), 0);
	assert_int_equal(imp_cores(), CPU_COUNT(&all));
	int cpu = 0;
	while (!CPU_ISSET(cpu, &all))
		cpu++;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	assert_int_equal(imp_cores(), 1);
	assert_int_equal(sched_setaffinity(0, sizeof(all), &all), 0);
}
