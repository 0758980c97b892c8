/*
 * Any bytes as a layer's tar: it is refused with a reason, or gives a profile that loads,
 * reads to its end and does not depend on where chunks end. Each input is tried as it is
 * and with the checksums of its headers mended, since nothing gets past a wrong one.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "imgprof/layer.h"
#include "imgprof/strbuf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	BLOCK = 512,
	CHECKSUM_AT = 148,
	CHECKSUM_BYTES = 8,
	MAGIC_AT = 257,
	SMALL_CHUNK = 700
};

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void mend_checksum(char *block)
{
	unsigned sum = 0;
	memset(block + CHECKSUM_AT, ' ', CHECKSUM_BYTES);
	for (size_t i = 0; i < BLOCK; i++)
		sum += (unsigned char)block[i];
	for (size_t i = 6; i-- > 0; sum >>= 3)
		block[CHECKSUM_AT + i] = (char)('0' + (sum & 7));
	block[CHECKSUM_AT + 6] = '\0';
}

static void read_through(const struct imp_profile *profile)
{
	imp_auto_destroy(imp_profile_cursor) struct imp_profile_cursor *cursor =
		imp_profile_cursor_create(profile);
	const struct imp_profile_summary *summary = imp_profile_summary(profile);
	struct imp_entry entry;
	uint64_t entries = 0, disk_bytes = 0;

	while (imp_profile_cursor_next(cursor, &entry)) {
		require(entry.tar_offset + entry.stored_bytes <= summary->tar_bytes);
		require(imp_entry_type_name(entry.type) != NULL);
		disk_bytes += entry.disk_bytes;
		entries++;
	}
	require(entries == summary->entries && disk_bytes == summary->disk_bytes);
}

static struct imp_profile *read_layer(struct imp_slice tar, size_t chunk,
				      bool keep_damaged)
{
	struct imp_layer_request request = {
		.blob_bytes = IMP_UNKNOWN_SIZE,
		.keep_damaged = keep_damaged,
		.limits = &imp_limits_default,
	};
	struct imp_layer_result result = {0};
	struct imp_error err = {0};

	int rc = imp_layer_read(imp_stream_memory(tar, chunk), &request, &result, &err);
	require(rc == 0 ||
		(err.category == rc && rc != IMP_E_BUG && err.message[0] != '\0'));
	require(rc < 0 || result.profile);
	if (result.profile) {
		read_through(result.profile);
		require(imp_profile_summary(result.profile)->damaged == (rc < 0));
	}
	return result.profile;
}

static void try_tar(struct imp_slice tar)
{
	imp_auto_destroy(imp_profile) struct imp_profile *whole =
		read_layer(tar, 0, false);
	imp_auto_destroy(imp_profile) struct imp_profile *pieces =
		read_layer(tar, SMALL_CHUNK, false);

	require(!whole == !pieces);
	require(!whole ||
		imp_slice_equal(imp_profile_bytes(whole), imp_profile_bytes(pieces)));
	imp_profile_destroy(read_layer(tar, SMALL_CHUNK, true));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf mended = {0};

	try_tar(imp_slice((const char *)data, size));
	imp_strbuf_add(&mended, data, size);
	for (size_t at = 0; at + BLOCK <= size; at += BLOCK)
		if (memcmp(mended.data + at + MAGIC_AT, "ustar", 5) == 0)
			mend_checksum(mended.data + at);
	if (size > 0 && memcmp(mended.data, data, size) != 0)
		try_tar(imp_strbuf_slice(&mended));
	return 0;
}
