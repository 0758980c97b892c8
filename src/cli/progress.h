/*
 * Progress on standard error (reference/ecosystem.md 3.3): on a terminal a line for
 * each active layer, redrawn ten times a second and erased at the end; elsewhere one
 * plain line when a layer is done; nothing at all in the first half second.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "imgprof/context.h"
#include "imgprof/pipeline.h"
#include "settings.h"

struct imp_progress_display; /* opaque */

/* NULL when there is nothing to show. */
struct imp_progress_display *
imp_progress_display_create(const struct imp_context *context,
			    const struct imp_settings *settings);
void imp_progress_display_destroy(struct imp_progress_display *display);
IMP_DEFINE_DESTROY(imp_progress_display);

struct imp_progress_watcher
imp_progress_display_watcher(struct imp_progress_display *display);

/* Erases what is drawn, writes LINE and a newline to standard error; drawing goes on
 * below. DISPLAY may be NULL. Any thread. */
void imp_progress_display_line(struct imp_progress_display *display, const char *line);
