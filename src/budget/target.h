/* What a rule or a waiver names in the file: one of metric, path, package, class, layer. */
#pragma once

#include "budget_priv.h"
#include "imgprof/yaml.h"

/* Reads the VALUE of the key SELECTOR. Texts are copied into ARENA. */
int imp_target_read(const struct imp_yaml *yaml, enum imp_selector selector,
		    const struct imp_yaml_node *value, struct imp_arena *arena,
		    struct imp_target *out);
