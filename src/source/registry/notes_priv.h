/*
 * What a registry session has to tell its user beside the result: warnings raised from any
 * thread, each text once.
 */
#pragma once

#include <pthread.h>

#include "imgprof/context.h"
#include "imgprof/warning.h"

struct imp_notes {
	const struct imp_context *context;
	pthread_mutex_t mutex;
	struct imp_warnings *list;
	size_t taken; /* of the list, handed out already */
};

void imp_notes_start(struct imp_notes *notes, const struct imp_context *context);
void imp_notes_finish(struct imp_notes *notes);
/* CODE is a literal. Shown as a -v line at once. */
void imp_notes_add(struct imp_notes *notes, const char *code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Appends those raised since the last time to WARNINGS. */
void imp_notes_take(struct imp_notes *notes, struct imp_warnings *warnings);
