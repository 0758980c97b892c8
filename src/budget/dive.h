/* What dive says of an image, computed as dive computes it (dive/filetree/efficiency.go,
 * dive/image/analysis.go). */
#pragma once

#include "budget_priv.h"

struct imp_dive_figures {
	/* Of every path: the smallest size seen, and the sum over layers */
	uint64_t minimum_bytes, cumulative_bytes;
	uint64_t wasted_bytes; /* the sums of paths that two layers or more have */
	uint64_t user_bytes;   /* of all layers but the first */
};
void imp_dive_measure(const struct imp_tree *tree, struct imp_dive_figures *out);
