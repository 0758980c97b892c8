#pragma once

#include "fields.h"
#include "imgprof/share.h"

/* Ascending indices of images, below COUNT. */
struct imp_share_set imp_reload_set(struct imp_reading *reading, const json_t *object,
				    const char *key, size_t count);
/* Empty where no package owns it. */
const char *imp_reload_manager(struct imp_reading *reading, const json_t *object);
void imp_reload_share_plan(struct imp_reading *reading, const json_t *document,
			   struct imp_share *out);
