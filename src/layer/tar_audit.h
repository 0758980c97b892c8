/*
 * What one entry of a tar is, from its raw header bytes alone and under the rules of the
 * engines' reader (Go's archive/tar). libarchive reads the same bytes; where the two
 * differ the walk follows this one (reference/formats.md 5.11 to 5.13, reliability.md 1.3
 * to 1.5).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "imgprof/error.h"
#include "imgprof/limits.h"
#include "imgprof/profile.h"
#include "imgprof/slice.h"
#include "imgprof/strbuf.h"

#include "sparse_map.h"
#include "tar_header.h"
#include "tar_pax.h"

/* What is odd about an entry, though it can be read. */
enum imp_tar_remark {
	IMP_TAR_SIZE_AMBIGUOUS = 1, /* the header's size is neither 0 nor the pax one */
	IMP_TAR_HARDLINK_SIZE = 2,  /* a hard link that declares data; it has none */
	IMP_TAR_FILE_SLASH = 4,     /* a file whose name ends in a slash */
	IMP_TAR_UNKNOWN_TYPE = 8,
	IMP_TAR_NEGATIVE_OWNER = 16,
	IMP_TAR_VOLUME_LABEL = 32,
	IMP_TAR_GLOBAL_PATH = 64,  /* a 'g' header with a path or size: ignored */
	IMP_TAR_NULL_DEVICE = 128, /* overlay's on-disk whiteout */
	IMP_TAR_OVERLAY_XATTR = 256,
};

struct imp_tar_view {
	enum imp_entry_type type; /* FILE to FIFO: whiteouts are not told apart here */
	char type_flag;
	struct imp_slice path, link; /* as spelled; into the region or the audit */
	uint64_t disk_bytes;         /* of a file */
	uint64_t stored_bytes;       /* behind the region */
	bool sparse;                 /* regions: imp_tar_audit.map */
	uint32_t mode;
	uint64_t uid, gid;
	int64_t mtime_s;
	uint64_t xattrs;
	uint64_t special_bytes; /* of the region, in front of the entry's own header */
	uint64_t header_bytes;  /* all of the region: up to the start of data */
	unsigned remarks;       /* enum imp_tar_remark */
};

struct imp_tar_audit {
	const struct imp_limits *limits;
	struct imp_tar_pax pax, global;
	struct imp_strbuf text; /* prefix "/" name */
	struct imp_sparse_map map;
};

void imp_tar_audit_init(struct imp_tar_audit *audit, const struct imp_limits *limits);
void imp_tar_audit_finish(struct imp_tar_audit *audit);

/* REGION starts where the entry's headers do. 0 and *OUT, valid as long as REGION and
 * until the next call; 1 when REGION ends before the headers do; negative (also when it
 * is cut later) for what engines refuse, and limits. */
int imp_tar_audit_read(struct imp_tar_audit *audit, struct imp_slice region,
		       struct imp_tar_view *out, struct imp_error *err);

/* Headers that no entry follows: *BYTES of leading 'g' headers (and volume labels) that
 * are whole in REGION. */
int imp_tar_audit_trailing(struct imp_tar_audit *audit, struct imp_slice region,
			   uint64_t *bytes, struct imp_error *err);
