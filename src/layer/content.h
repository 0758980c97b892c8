/*
 * The content of one file as it streams by: its hash, and a copy where it is kept.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/hash.h"
#include "imgprof/strbuf.h"

#include "facts.h"
#include "sparse_map.h"

/* Holes are hashed as the zeros that engines write, up to this much in one layer; behind
 * that a sparse file is known by its map and its stored bytes. Else a kilobyte could ask
 * for terabytes of zeros. */
#define IMP_HOLE_BYTES (UINT64_C(1) << 30)

struct imp_layer_content {
	struct imp_content_hasher *hasher;
	uint64_t holes_left; /* of IMP_HOLE_BYTES */

	const struct imp_sparse_map *map; /* NULL: not sparse */
	bool by_map;                      /* holes are not hashed */
	uint64_t disk_bytes, stored_bytes;
	uint64_t seen_bytes;  /* of stored_bytes */
	uint64_t disk_at;     /* holes are hashed up to here, when sparse */
	size_t region;        /* of the next byte, when sparse */
	uint64_t region_seen; /* of its bytes */
	bool in_one_piece;    /* hash is valid */
	struct imp_content_hash hash;
	struct imp_strbuf kept;
	size_t keep_bytes; /* at most this many go to `kept` */
	/* Idle after begin; what wants facts begins it too. */
	struct imp_gather gather;
};

void imp_layer_content_init(struct imp_layer_content *content);
void imp_layer_content_finish(struct imp_layer_content *content);

/* MAP: NULL when not sparse; borrowed until the end. */
void imp_layer_content_begin(struct imp_layer_content *content, uint64_t disk_bytes,
			     uint64_t stored_bytes, const struct imp_sparse_map *map,
			     size_t keep_bytes);
/* Where in the file the next stored byte belongs. */
uint64_t imp_layer_content_offset(struct imp_layer_content *content);
/* Stored bytes, in order; LEN fits in what is missing. */
void imp_layer_content_add(struct imp_layer_content *content, const void *data,
			   size_t len);
static inline uint64_t imp_layer_content_missing(const struct imp_layer_content *content)
{
	return content->stored_bytes - content->seen_bytes;
}
/* Once nothing is missing. */
struct imp_content_hash imp_layer_content_end(struct imp_layer_content *content);
