/*
 * Which parts of a sparse file the tar stores. Holes lie between them and behind the
 * last.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/error.h"
#include "imgprof/slice.h"

struct imp_sparse_region {
	uint64_t offset, len;
};

/* Zeroed is valid and empty. Grows with the bytes that describe it, never with what they
 * claim. */
struct imp_sparse_map {
	struct imp_sparse_region *regions;
	size_t count, capacity;
};

void imp_sparse_map_finish(struct imp_sparse_map *map);
void imp_sparse_map_reset(struct imp_sparse_map *map);
void imp_sparse_map_add(struct imp_sparse_map *map, uint64_t offset, uint64_t len);

/* Old GNU form: up to COUNT pairs of 12-byte fields, ended by an empty one. */
int imp_sparse_map_read_fields(struct imp_sparse_map *map, const uint8_t *fields,
			       size_t count, struct imp_error *err);
/* pax 0.1: "OFFSET,LENGTH,...", NUMBLOCKS pairs. */
int imp_sparse_map_read_list(struct imp_sparse_map *map, struct imp_slice numblocks,
			     struct imp_slice list, struct imp_error *err);
/* pax 1.0: lines "COUNT", "OFFSET", "LENGTH", ... at the start of the data, padded to a
 * block. 0 and *USED, in whole blocks; 1 when DATA ends before the map does. */
int imp_sparse_map_read_lines(struct imp_sparse_map *map, struct imp_slice data,
			      uint64_t *used, struct imp_error *err);

/* Regions in order, apart, inside DISK_BYTES, and together STORED_BYTES long. */
int imp_sparse_map_check(const struct imp_sparse_map *map, uint64_t disk_bytes,
			 uint64_t stored_bytes, struct imp_error *err);
