#pragma once

#include "fields.h"
#include "imgprof/compare.h"

void imp_reload_diff_lists(struct imp_reading *reading, const json_t *object,
			   struct imp_diff *out);
