/*
 * Digests and content hashes. A digest (sha256, sha512) is compared with what a
 * manifest promises; a content hash (XXH3, 128 bits) answers "same content?" together
 * with the size and protects against nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/error.h"
#include "imgprof/slice.h"
#include "imgprof/stream.h"

enum imp_digest_algorithm {
	IMP_DIGEST_NONE = 0,
	IMP_DIGEST_SHA256,
	IMP_DIGEST_SHA512,
};

struct imp_digest {
	uint8_t algorithm; /* enum imp_digest_algorithm; NONE: no digest */
	uint8_t bytes[64]; /* 32 or 64 are used, the rest is 0 */
};

#define IMP_DIGEST_TEXT 136 /* "sha512:" + 128 + NUL */

/* ALGORITHM ":" lower-case hex of the exact length. IMP_E_UNSUPPORTED for another
 * well-formed algorithm (the message names it), IMP_E_FORMAT else. The only way in which
 * foreign text becomes a digest, and so a file name or a key. */
int imp_digest_parse(struct imp_slice text, struct imp_digest *out,
		     struct imp_error *err);
/* Of no digest: "", here and below. */
const char *imp_digest_text(const struct imp_digest *digest,
			    char out[static IMP_DIGEST_TEXT]);
/* The first 12 hex digits, as people read them. */
const char *imp_digest_short(const struct imp_digest *digest, char out[static 16]);
bool imp_digest_equal(const struct imp_digest *a, const struct imp_digest *b);
void imp_digest_of(enum imp_digest_algorithm algorithm, struct imp_slice data,
		   struct imp_digest *out);

/* Incremental digest. */
struct imp_hasher; /* opaque */
struct imp_hasher *imp_hasher_create(enum imp_digest_algorithm algorithm);
void imp_hasher_add(struct imp_hasher *hasher, const void *data, size_t len);
void imp_hasher_result(struct imp_hasher *hasher, struct imp_digest *out); /* once */
void imp_hasher_destroy(struct imp_hasher *hasher);
IMP_DEFINE_DESTROY(imp_hasher);

/* Passes bytes through and checks them: a stream that goes on behind SIZE bytes fails at
 * SIZE + 1, one that ends before it or has another digest than EXPECTED fails at its
 * end (IMP_E_INTEGRITY, both values named). EXPECTED NULL or of algorithm NONE: only
 * hashed (sha256). SIZE IMP_UNKNOWN_SIZE: any. *PROGRESS (may be NULL) is bumped by
 * each chunk. */
struct imp_verify_result {
	struct imp_digest digest; /* of all bytes; valid after the end (rc 1) */
	uint64_t bytes;
};
/* RESULT (may be NULL) is borrowed: filled when the end was reached, also when the check
 * then fails. With a readahead between, read it only after the end has arrived. */
struct imp_stream *imp_stream_verify(struct imp_stream *inner,
				     const struct imp_digest *expected, uint64_t size,
				     _Atomic uint_fast64_t *progress,
				     struct imp_verify_result *result);

struct imp_content_hash {
	uint8_t bytes[16]; /* XXH3-128, canonical (big-endian) form */
};
struct imp_content_hasher; /* opaque; reusable */
struct imp_content_hasher *imp_content_hasher_create(void);
void imp_content_hasher_reset(struct imp_content_hasher *hasher);
void imp_content_hasher_add(struct imp_content_hasher *hasher, const void *data,
			    size_t len);
struct imp_content_hash
imp_content_hasher_result(const struct imp_content_hasher *hasher);
void imp_content_hasher_destroy(struct imp_content_hasher *hasher);
IMP_DEFINE_DESTROY(imp_content_hasher);
/* In one go, for what is in memory. */
struct imp_content_hash imp_content_hash_of(const void *data, size_t len);
