/*
 * Inside src/cost: cells, the blobs as they are stored: each (domain, digest) once.
 */
#pragma once

#include "imgprof/cost.h"

struct imp_cell {
	uint64_t size_bytes;
	uint32_t roots; /* that reach it */
};

struct imp_cost_private {
	struct imp_cell *cells;
	size_t cell_count;
	/* For each image the cells of its uses: first[i] to first[i + 1] */
	uint32_t *cell_of;
	size_t *first;
};

/* Images that share a domain get the same number; *COUNT numbers in all. Free with free(). */
uint32_t *imp_cost_domains(const struct imp_cost_inventory *inventory,
			   enum imp_dedupe dedupe, size_t *count);
/* Fills COST->order: undated first, then time, digest, repository. */
void imp_cost_sort(struct imp_cost *cost);
