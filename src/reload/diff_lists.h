#pragma once

#include "fields.h"
#include "imgprof/compare.h"

void imp_reload_diff_lists(struct imp_reading *reading, const json_t *object,
			   struct imp_diff *out);
/* INSTRUCTION: the key that it stands behind. */
void imp_reload_reason(struct imp_reading *reading, const json_t *object,
		       const char *instruction, size_t before_layers, size_t after_layers,
		       struct imp_diff_reason *out);
