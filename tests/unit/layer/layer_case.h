/*
 * What the tests of layers share: a tar (or a blob made of it) is read whole, in one
 * chunk and in small ones, which must give the same profile byte for byte; then its
 * entries are compared with a listing, its warnings with a list of codes.
 */
#pragma once

#include "case.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/layer.h"
#include "imgprof/strbuf.h"
#include "imgprof/warning.h"

#include "tar_writer.h"

#define KIB(n) ((size_t)(n) << 10)
#define MIB(n) ((size_t)(n) << 20)

static inline struct imp_layer_request layer_request(void)
{
	return (struct imp_layer_request){
		.blob_bytes = IMP_UNKNOWN_SIZE,
		.facts = true,
		.limits = &imp_limits_default,
	};
}

static inline int layer_read_chunks(struct imp_slice blob, size_t chunk,
				    const struct imp_layer_request *request,
				    struct imp_layer_result *out, struct imp_error *err)
{
	return imp_layer_read(imp_stream_memory(blob, chunk), request, out, err);
}

/* Reads BLOB in chunks of several sizes: result, message and profile must be the same. */
static inline int layer_read(struct imp_slice blob,
			     const struct imp_layer_request *request,
			     struct imp_layer_result *out, struct imp_error *err)
{
	static const size_t chunks[] = {1, 511, 4096};
	struct imp_layer_result first = {0};
	int rc = layer_read_chunks(blob, 0, request, &first, err);

	for (size_t i = blob.len > KIB(64); i < sizeof(chunks) / sizeof(chunks[0]); i++) {
		struct imp_layer_result again = {0};
		struct imp_error reason = {0};
		int again_rc =
			layer_read_chunks(blob, chunks[i], request, &again, &reason);
		if (again_rc != rc ||
		    (rc < 0 && strcmp(reason.message, err->message) != 0))
			fail_msg("in chunks of %zu: %d %s, not %d %s", chunks[i],
				 again_rc, reason.message, rc, err->message);
		if (again.profile && !request->keep_damaged &&
		    !imp_slice_equal(imp_profile_bytes(first.profile),
				     imp_profile_bytes(again.profile)))
			fail_msg("in chunks of %zu the profile differs", chunks[i]);
		imp_profile_destroy(again.profile);
	}
	*out = first;
	return rc;
}

static inline struct imp_profile *layer_profile(struct imp_slice blob)
{
	struct imp_layer_request request = layer_request();
	struct imp_layer_result result = {0};
	struct imp_error err = {0};

	assert_ok(layer_read(blob, &request, &result, &err), &err);
	return result.profile;
}

/* "TYPE DISK PATH", then " (NAME)", " -> LINK", " leftover", " inert" where they are. */
static inline void layer_list(const struct imp_profile *profile, struct imp_strbuf *out)
{
	imp_auto_destroy(imp_profile_cursor) struct imp_profile_cursor *cursor =
		imp_profile_cursor_create(profile);
	struct imp_entry entry;

	while (imp_profile_cursor_next(cursor, &entry)) {
		imp_strbuf_printf(out, "%s %" PRIu64 " ", imp_entry_type_name(entry.type),
				  entry.disk_bytes);
		imp_strbuf_add_slice(out, entry.path);
		if (entry.name.data) {
			imp_strbuf_add_text(out, " (");
			imp_strbuf_add_slice(out, entry.name);
			imp_strbuf_add_text(out, ")");
		}
		if (entry.link.data) {
			imp_strbuf_add_text(out, " -> ");
			imp_strbuf_add_slice(out, entry.link);
		}
		imp_strbuf_add_text(out, entry.leftover ? " leftover" : "");
		imp_strbuf_add_text(out, entry.inert ? " inert\n" : "\n");
	}
}

static inline void layer_codes(const struct imp_profile *profile, struct imp_strbuf *out)
{
	const struct imp_warnings *warnings = imp_profile_warnings(profile);

	for (size_t i = 0; i < imp_warnings_count(warnings); i++)
		imp_strbuf_printf(out, "%s%s", i ? " " : "",
				  imp_warnings_get(warnings, i)->code);
}

/* BLOB holds these entries (as layer_list writes them) and raises these warnings. */
static inline void expect_blob(struct imp_slice blob, const char *listing,
			       const char *codes)
{
	imp_auto_destroy(imp_profile) struct imp_profile *profile = layer_profile(blob);
	imp_auto(imp_strbuf_finish) struct imp_strbuf got = {0}, warned = {0};

	layer_list(profile, &got);
	layer_codes(profile, &warned);
	imp_strbuf_add_text(&got, "");
	imp_strbuf_add_text(&warned, "");
	assert_string_equal(got.data, listing);
	assert_string_equal(warned.data, codes);
}

static inline void expect_tar(const struct imp_strbuf *tar, const char *listing,
			      const char *codes)
{
	expect_blob(imp_strbuf_slice(tar), listing, codes);
}

static inline void expect_refused(const struct imp_strbuf *tar, int category,
				  const char *part)
{
	struct imp_layer_request request = layer_request();
	struct imp_layer_result result = {0};
	struct imp_error err = {0};
	int rc = layer_read(imp_strbuf_slice(tar), &request, &result, &err);

	assert_null(result.profile);
	assert_fails(rc, category, part, &err);
}

/* The entry with this number, from 0. Its slices are not valid. */
static inline struct imp_entry layer_entry(const struct imp_profile *profile, size_t n)
{
	imp_auto_destroy(imp_profile_cursor) struct imp_profile_cursor *cursor =
		imp_profile_cursor_create(profile);
	struct imp_entry entry = {0};

	for (size_t i = 0; i <= n; i++)
		assert_true(imp_profile_cursor_next(cursor, &entry));
	return entry;
}

/* Bytes that do not compress, the same in every run. */
static inline void add_noise(struct imp_strbuf *out, size_t len, uint64_t seed)
{
	uint64_t x = seed * 0x9e3779b97f4a7c15 + 88172645463325252u;
	char *at = imp_strbuf_reserve(out, len);

	for (size_t i = 0; i < len; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		at[i] = (char)(x >> 32);
	}
	out->len += len;
}

static inline void add_zeros(struct imp_strbuf *out, size_t len)
{
	imp_strbuf_reserve(out, len);
	out->len += len;
}

static inline void add_gzip(struct imp_strbuf *out, struct imp_slice data)
{
	z_stream z = {0};
	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
			 Z_OK);
	size_t bound = deflateBound(&z, data.len);
	z.next_in = (Bytef *)(uintptr_t)data.data;
	z.avail_in = (uInt)data.len;
	z.next_out = (Bytef *)imp_strbuf_reserve(out, bound);
	z.avail_out = (uInt)bound;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	out->len += z.total_out;
	deflateEnd(&z);
}

static inline void add_zstd(struct imp_strbuf *out, struct imp_slice data)
{
	size_t bound = ZSTD_compressBound(data.len);
	size_t n = ZSTD_compress(imp_strbuf_reserve(out, bound), bound, data.data,
				 data.len, 3);
	assert_false(ZSTD_isError(n));
	out->len += n;
}
