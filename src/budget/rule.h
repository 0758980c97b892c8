/* A rule and a waiver of the budget file. */
#pragma once

#include "target.h"

/* Both expect OUT zeroed; texts are copied into ARENA. */
int imp_budget_rule_read(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
			 struct imp_arena *arena, struct imp_budget_rule *out);
int imp_budget_waiver_read(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
			   struct imp_arena *arena, struct imp_budget_waiver *out);
/* "64kB"; wrong units are told, never guessed at. */
int imp_budget_size_read(const struct imp_yaml *yaml, const struct imp_yaml_node *node,
			 uint64_t *out);
