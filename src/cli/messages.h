/*
 * The lines imgprof writes to standard error: one form for all, foreign text escaped here
 * and nowhere else.
 */
#pragma once

#include "imgprof/error.h"
#include "imgprof/strbuf.h"
#include "imgprof/warning.h"

/* `imgprof: MESSAGE (HINT)`, at most 300 columns of message. */
void imp_message_error(const struct imp_error *error, struct imp_strbuf *out);
/* `imgprof: warning: layer 3: PATH: MESSAGE [code]`. */
void imp_message_warning(const struct imp_warning *warning, struct imp_strbuf *out);
