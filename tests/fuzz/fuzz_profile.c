/*
 * Any bytes as a layer profile: refused with a reason, or readable to the end. Each input
 * is tried as it is and with a right hash at its end, as somebody would write it on
 * purpose.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "imgprof/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void read_entries(const struct imp_profile *profile)
{
	imp_auto_destroy(imp_profile_cursor) struct imp_profile_cursor *cursor =
		imp_profile_cursor_create(profile);
	const struct imp_profile_summary *summary = imp_profile_summary(profile);
	struct imp_entry entry;
	uint64_t entries = 0, pull_bytes = 0, disk_bytes = 0;

	while (imp_profile_cursor_next(cursor, &entry)) {
		require(imp_entry_type_name(entry.type) != NULL);
		require(entry.path.len <= imp_limits_default.path_bytes);
		require(entry.tar_offset + entry.stored_bytes <= summary->tar_bytes);
		disk_bytes += entry.disk_bytes;
		pull_bytes += entry.pull_bytes;
		entries++;
	}
	for (size_t i = 0; i < IMP_OVERHEADS; i++)
		pull_bytes += summary->overheads[i].pull_bytes;
	require(entries == summary->entries && disk_bytes == summary->disk_bytes);
	require(pull_bytes == summary->pull_bytes);
}

static void read_rest(const struct imp_profile *profile)
{
	const struct imp_warnings *warnings = imp_profile_warnings(profile);

	for (size_t i = 0; i < imp_warnings_count(warnings); i++)
		require(imp_warnings_get(warnings, i)->message != NULL);
	for (size_t i = 0; i < imp_profile_kept_count(profile); i++) {
		struct imp_kept_file kept = imp_profile_kept(profile, i);
		require(kept.entry < imp_profile_summary(profile)->entries);
		require(kept.content.len <= imp_limits_default.kept_file_bytes);
		require(!kept.cut || kept.content.len == 0);
	}
}

static void try_profile(const uint8_t *data, size_t size, bool seal)
{
	XXH128_canonical_t hash;
	struct imp_profile *profile = NULL;
	struct imp_error err = {0};
	uint8_t *memory = malloc(size ? size : 1);

	require(memory);
	if (size)
		memcpy(memory, data, size);
	if (seal) {
		size_t hashed = size - sizeof(hash.digest);
		XXH128_canonicalFromHash(&hash, XXH3_128bits(memory, hashed));
		memcpy(memory + hashed, hash.digest, sizeof(hash.digest));
	}
	int rc = imp_profile_load(memory, size, &imp_limits_default, &profile, &err);
	require(rc == 0 ||
		(err.category == rc && rc != IMP_E_BUG && err.message[0] != '\0'));
	if (rc < 0)
		return;
	read_entries(profile);
	read_rest(profile);
	imp_profile_destroy(profile);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try_profile(data, size, false);
	if (size >= sizeof(XXH128_canonical_t))
		try_profile(data, size, true);
	return 0;
}
