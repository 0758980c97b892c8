/*
 * A layer's bytes to a layer profile. The function runs in a thread of its own, knows no
 * network and no files, and could run in a process of its own.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "imgprof/cancel.h"
#include "imgprof/error.h"
#include "imgprof/hash.h"
#include "imgprof/limits.h"
#include "imgprof/profile.h"
#include "imgprof/stream.h"

struct imp_layer_request {
	struct imp_digest blob_digest; /* expected; NONE: not known */
	uint64_t blob_bytes;           /* expected, or IMP_UNKNOWN_SIZE */
	bool hash_tar;                 /* compute the tar's sha256 (the DiffID) */
	bool facts;                    /* gather facts and keep small files (facts.h) */
	/* Reading and decoding in threads of their own */
	bool overlap;
	bool keep_damaged; /* on damage give what was readable, too */
	const struct imp_limits *limits;
	struct imp_cancel *cancel;       /* may be NULL */
	_Atomic uint_fast64_t *progress; /* blob bytes read; may be NULL */
};

struct imp_layer_result {
	struct imp_profile *profile; /* the caller's */
	bool has_tar_digest;
	struct imp_digest tar_digest; /* sha256 of the tar stream */
};

/* Reads BLOB (owned and destroyed in any case) to its end: verifies digest and size,
 * decodes, walks the tar, hashes contents. OUT is filled on success, and with
 * keep_damaged also on IMP_E_INTEGRITY, IMP_E_FORMAT, IMP_E_LIMIT and IMP_E_NETWORK when
 * anything was readable (profile.damaged set); else untouched. Errors name the byte
 * offset in the tar or blob, not the layer: the caller wraps with its digest. */
int imp_layer_read(struct imp_stream *blob, const struct imp_layer_request *request,
		   struct imp_layer_result *out, struct imp_error *err);

/* A layer's first bytes could be a tar: valid header checksum or a block of zeros
 * (formats.md 4.2). */
bool imp_tar_plausible(struct imp_slice head);
