/*
 * When a failed request is worth another attempt, and how long to wait before it
 * (reference/formats.md 3.16, 3.17).
 */
#pragma once

#include <stdbool.h>

#include "imgprof/context.h"
#include "imgprof/error.h"
#include "imgprof/slice.h"

enum imp_failure {
	IMP_FAILURE_FINAL,       /* another attempt would end the same */
	IMP_FAILURE_UNREACHABLE, /* refused, unknown host: once more */
	IMP_FAILURE_BROKEN,      /* the connection went, or a gateway had an accident */
	IMP_FAILURE_OVERLOAD,    /* the server asks for patience */
};

/* All attempts of one request. */
struct imp_retry {
	const struct imp_context *context;
	unsigned attempts; /* that failed, since there was progress */
	bool tried_unreachable;
	uint64_t waited_ms; /* in all */
};

#define IMP_NOT_TOLD (-1)

/* Waits and returns 0: try again. 1: give up. TOLD_S: what Retry-After said. WHY is the
 * failure in words for the -v line. IMP_E_CANCELLED. */
int imp_retry_wait(struct imp_retry *retry, enum imp_failure failure, int64_t told_s,
		   const char *why, struct imp_error *err);
/* Bytes came: earlier failures no longer count, only the time waited does. */
void imp_retry_progressed(struct imp_retry *retry);

/* Sleeps; a cancellation ends it within 100 ms with IMP_E_CANCELLED. */
int imp_pause_ms(const struct imp_context *context, uint64_t wait_ms,
		 struct imp_error *err);
int imp_fail_cancelled(struct imp_error *err);
/* CLOCK_MONOTONIC. */
int64_t imp_monotonic_ns(void);

/* Seconds or an HTTP date; IMP_NOT_TOLD when it is neither. */
int64_t imp_retry_after_parse(const char *value, int64_t now_ns);
