/*
 * Signals that end the program: a thread waits for them, so nothing runs in a handler.
 * It asks everything to stop, and when that takes longer than GRACE it tidies up itself
 * and exits with 128 + n.
 */
#pragma once

#include <stddef.h>

#include "imgprof/cancel.h"

/* Before any other thread is made. SIGPIPE is ignored: a closed pipe is a write error. */
void imp_signals_start(struct imp_cancel *cancel);
/* The signal that came, or 0. */
int imp_signals_caught(void);

/* A temporary file to remove when the program is ended by a signal; NULL forgets it. One
 * at a time: outputs are written one after another. PATH must stay valid. */
void imp_signals_guard_file(const char *path);
/* How many lines of progress stand above the cursor of standard error: such an end erases
 * them. */
void imp_signals_guard_terminal(size_t lines);
