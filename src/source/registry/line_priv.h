/*
 * Handles of libcurl with their open connections, kept for the next transfer.
 */
#pragma once

#include <curl/curl.h>
#include <pthread.h>
#include <stdint.h>

#include "imgprof/context.h"

enum { IMP_LINE_BUFFER_BYTES = 1 << 20 };

/* A multi handle of its own keeps a line's connections, and its calls, to one thread. */
struct imp_line {
	struct imp_line *next;
	CURLM *multi;
	CURL *easy;
	uint8_t *buffer;
	char curl_error[CURL_ERROR_SIZE]; /* of the transfer under way */
};

struct imp_lines {
	const struct imp_context *context;
	pthread_mutex_t mutex;
	struct imp_line *idle;
};

void imp_lines_start(struct imp_lines *lines, const struct imp_context *context);
void imp_lines_finish(struct imp_lines *lines); /* no line may be in use */
/* Without options, as after curl_easy_reset. Thread-safe. */
struct imp_line *imp_line_take(struct imp_lines *lines);
void imp_line_give(struct imp_lines *lines, struct imp_line *line);
