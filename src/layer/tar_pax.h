/*
 * The records of one pax extended header ("LENGTH KEY=VALUE\n" each), under the rules of
 * Go's archive/tar: what it refuses is refused.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/error.h"
#include "imgprof/slice.h"

#include "sparse_map.h"

struct imp_tar_xattr {
	struct imp_slice name, value;
};

/* Values are slices of the body; {NULL, 0} or empty: not there. */
struct imp_tar_pax {
	struct imp_slice path, link, size, uid, gid, mtime, atime, ctime;
	struct imp_slice sparse_major, sparse_minor, sparse_name, sparse_size;
	struct imp_slice sparse_realsize, sparse_numblocks, sparse_map;
	struct imp_sparse_map regions; /* GNU.sparse.offset and .numbytes, in pairs */
	bool half_region;              /* an offset waits for its numbytes */
	struct imp_tar_xattr *xattrs;  /* as they stand, duplicates included */
	size_t xattr_count, xattr_capacity;
};

void imp_tar_pax_finish(struct imp_tar_pax *pax);
void imp_tar_pax_reset(struct imp_tar_pax *pax); /* keeps the memory */

/* Replaces what PAX held: of two headers in front of one entry the later counts.
 * IMP_E_FORMAT for what is malformed, IMP_E_LIMIT for a record that libarchive drops. */
int imp_tar_pax_parse(struct imp_slice body, struct imp_tar_pax *pax,
		      struct imp_error *err);

/* One hash over names and values, whatever their order in the header; 0: none. Sorts
 * them; of two with one name the later counts. */
uint64_t imp_tar_pax_hash_xattrs(struct imp_tar_pax *pax);
bool imp_tar_pax_has_overlay_xattr(const struct imp_tar_pax *pax);

/* Digits only. */
bool imp_tar_decimal(struct imp_slice text, uint64_t *out);
/* "-1.5": whole seconds, towards the past. */
bool imp_tar_pax_seconds(struct imp_slice text, int64_t *out);
