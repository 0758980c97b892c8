/* Shell completion, written from the option tables. */
#pragma once

#include "command.h"

int imp_completion(struct imp_slice shell, struct imp_strbuf *out, struct imp_error *err);
