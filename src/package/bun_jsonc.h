/* JSON with comments and trailing commas, as bun.lock is, to JSON. */
#pragma once

#include "imgprof/slice.h"
#include "imgprof/strbuf.h"

/* Comments become spaces, so lines and columns stay; a comma with nothing but space and
 * comments between it and a closing bracket goes. Anything else is left for the parser. */
void imp_jsonc_clean(struct imp_slice text, struct imp_strbuf *out);
