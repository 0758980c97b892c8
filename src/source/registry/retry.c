#include "retry_priv.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <poll.h>
#include <sys/random.h>
#include <time.h>

enum {
	CANCEL_POLL_MS = 100,
	UNREACHABLE_WAIT_MS = 1000,
	OVERLOAD_WAIT_MS = 2000, /* doubled by each attempt */
	BROKEN_WAIT_MS = 250,
	MAX_DOUBLINGS = 16,
};

int64_t imp_monotonic_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

int imp_fail_cancelled(struct imp_error *err)
{
	return imp_fail(err, IMP_E_CANCELLED, "stopped");
}

int imp_pause_ms(const struct imp_context *context, uint64_t wait_ms,
		 struct imp_error *err)
{
	int64_t end_ns = imp_monotonic_ns() + (int64_t)wait_ms * 1000000;
	for (;;) {
		if (imp_cancelled(context->cancel))
			return imp_fail_cancelled(err);
		int64_t left_ms = (end_ns - imp_monotonic_ns() + 999999) / 1000000;
		if (left_ms <= 0)
			return 0;
		poll(NULL, 0, left_ms < CANCEL_POLL_MS ? (int)left_ms : CANCEL_POLL_MS);
	}
}

/* Spreads clients that failed together. */
static uint64_t with_jitter(uint64_t wait_ms)
{
	uint16_t random = 0;
	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != sizeof(random))
		return wait_ms;
	return wait_ms - wait_ms / 4 + wait_ms / 2 * random / UINT16_MAX;
}

static uint64_t choose_wait_ms(const struct imp_retry *retry, enum imp_failure failure,
			       int64_t told_s)
{
	uint64_t longest_ms = (uint64_t)retry->context->limits->retry_wait_s * 1000;
	uint64_t wait_ms;
	if (told_s != IMP_NOT_TOLD) {
		wait_ms = (uint64_t)told_s > longest_ms / 1000 ? longest_ms
							       : (uint64_t)told_s * 1000;
	} else if (failure == IMP_FAILURE_UNREACHABLE) {
		wait_ms = UNREACHABLE_WAIT_MS;
	} else {
		unsigned doublings =
			retry->attempts < MAX_DOUBLINGS ? retry->attempts : MAX_DOUBLINGS;
		wait_ms = failure == IMP_FAILURE_OVERLOAD ? OVERLOAD_WAIT_MS
							  : BROKEN_WAIT_MS;
		wait_ms = with_jitter(wait_ms << doublings);
	}
	return wait_ms < longest_ms ? wait_ms : longest_ms;
}

int imp_retry_wait(struct imp_retry *retry, enum imp_failure failure, int64_t told_s,
		   const char *why, struct imp_error *err)
{
	const struct imp_limits *limits = retry->context->limits;
	if (failure == IMP_FAILURE_FINAL || retry->attempts >= limits->retries ||
	    (failure == IMP_FAILURE_UNREACHABLE && retry->tried_unreachable))
		return 1;
	uint64_t wait_ms = choose_wait_ms(retry, failure, told_s);
	if (retry->waited_ms + wait_ms > (uint64_t)limits->retry_total_s * 1000)
		return 1;
	retry->attempts++;
	retry->tried_unreachable |= failure == IMP_FAILURE_UNREACHABLE;
	retry->waited_ms += wait_ms;
	imp_context_log(retry->context, 1,
			"%s; attempt %u of %" PRIu32 " in %" PRIu64 ".%" PRIu64 " s", why,
			retry->attempts + 1, limits->retries + 1, wait_ms / 1000,
			wait_ms % 1000 / 100);
	return imp_pause_ms(retry->context, wait_ms, err);
}

void imp_retry_progressed(struct imp_retry *retry)
{
	retry->attempts = 0;
	retry->tried_unreachable = false;
}

int64_t imp_retry_after_parse(const char *value, int64_t now_ns)
{
	unsigned long long seconds;
	if (imp_slice_u64(imp_slice_of(value), &seconds))
		return seconds > INT32_MAX ? INT32_MAX : (int64_t)seconds;
	time_t date = curl_getdate(value, NULL);
	if (date == -1)
		return IMP_NOT_TOLD;
	int64_t wait_s = date - now_ns / INT64_C(1000000000);
	return wait_s < 0 ? 0 : wait_s > INT32_MAX ? INT32_MAX : wait_s;
}
