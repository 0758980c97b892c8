#pragma once

#include "writer_priv.h"

/* Member `build`: the Dockerfile's lines, instructions and stages, and what each layer has of
 * them; null without. */
void imp_json_build(struct imp_json_writer *w, const struct imp_dockerfile *file);
