#include "signals.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "terminal.h"

static const struct timespec grace = {.tv_nsec = 120L * 1000 * 1000};

static atomic_int caught;
static _Atomic(const char *) guarded_file;
static atomic_size_t guarded_lines;
static struct imp_cancel *to_cancel;

int imp_signals_caught(void)
{
	return atomic_load(&caught);
}

void imp_signals_guard_file(const char *path)
{
	atomic_store(&guarded_file, path);
}

void imp_signals_guard_terminal(size_t lines)
{
	atomic_store(&guarded_lines, lines);
}

static void erase_lines(size_t count)
{
	if (count)
		dprintf(STDERR_FILENO, IMP_TERMINAL_ERASE_LINES, count);
}

static void fill(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
}

static void *wait_for_signal(void *unused)
{
	sigset_t set;
	int number;

	(void)unused;
	fill(&set);
	if (sigwait(&set, &number) != 0)
		return NULL;
	atomic_store(&caught, number);
	imp_cancel_request(to_cancel);
	nanosleep(&grace, NULL);

	const char *file = atomic_load(&guarded_file);
	if (file)
		unlink(file);
	erase_lines(atomic_load(&guarded_lines));
	_exit(128 + number);
}

void imp_signals_start(struct imp_cancel *cancel)
{
	sigset_t set;
	pthread_t thread;

	to_cancel = cancel;
	signal(SIGPIPE, SIG_IGN);
	fill(&set);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	if (pthread_create(&thread, NULL, wait_for_signal, NULL) != 0) {
		/* Without the thread the default action has to do. */
		pthread_sigmask(SIG_UNBLOCK, &set, NULL);
		return;
	}
	pthread_detach(thread);
}
