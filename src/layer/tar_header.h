/*
 * One 512-byte tar header as it stands, read as engines read it (Go's archive/tar): the
 * other opinion beside libarchive's.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "imgprof/error.h"
#include "imgprof/slice.h"

enum { IMP_TAR_BLOCK = 512 };

/* Sizes at or above this are refused, as libarchive does. */
#define IMP_TAR_MAX_BYTES (UINT64_C(1) << 60)

enum imp_tar_dialect {
	IMP_TAR_V7,
	IMP_TAR_USTAR,
	IMP_TAR_STAR, /* ustar with times behind a shorter prefix */
	IMP_TAR_GNU,
};

/* Slices point into the block. */
struct imp_tar_header {
	enum imp_tar_dialect dialect;
	char type;
	struct imp_slice name, prefix, link;
	uint64_t size_bytes;
	uint32_t mode;
	uint64_t uid, gid;
	int64_t mtime_s;
	bool negative_owner; /* 0 stands for it */
	bool null_device;    /* device numbers 0 and 0 */
};

/* BYTES rounded up to whole blocks; BYTES <= IMP_TAR_MAX_BYTES. */
static inline uint64_t imp_tar_round_up(uint64_t bytes)
{
	return (bytes + IMP_TAR_BLOCK - 1) & ~(uint64_t)(IMP_TAR_BLOCK - 1);
}

bool imp_tar_block_is_zero(const uint8_t *block);
bool imp_tar_checksum_fits(const uint8_t *block);
/* A header whose checksum fits. IMP_E_FORMAT when a number in it is none, or the size is
 * negative or too large. */
int imp_tar_header_parse(const uint8_t *block, struct imp_tar_header *out,
			 struct imp_error *err);
/* A number field of a header or of a sparse map: octal text or base-256. */
bool imp_tar_number(struct imp_slice field, int64_t *out);
