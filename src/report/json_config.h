#pragma once

#include "writer_priv.h"

/* Member `config`: what the image's configuration says; values that look like secrets are
 * masked. */
void imp_json_config(struct imp_json_writer *w, const struct imp_config *config);
