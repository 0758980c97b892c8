/*
 * How much of an image lives where a selector points: budgets and blame measure alike.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "imgprof/classify.h"
#include "imgprof/slice.h"
#include "imgprof/tree.h"

/* Disk bytes at and below what GLOB (no leading slash) matches in the final tree, nothing
 * twice; false when nothing matches. */
bool imp_select_path(const struct imp_tree *tree, struct imp_slice glob,
		     uint64_t *out_bytes);
/* Disk bytes of CLASS; of secrets, which set no class of their file, those of findings. false
 * when there are none. FINDINGS may be NULL. */
bool imp_select_class(const struct imp_findings *findings, enum imp_class class,
		      uint64_t *out_bytes);
