#include "imgprof/profile.h"

#include <stdlib.h>

#include "profile_priv.h"

const char *imp_entry_type_name(enum imp_entry_type type)
{
	static const char *const names[IMP_ENTRY_TYPES] = {
		[IMP_ENTRY_FILE] = "file",           [IMP_ENTRY_HARDLINK] = "hardlink",
		[IMP_ENTRY_DIRECTORY] = "directory", [IMP_ENTRY_SYMLINK] = "symlink",
		[IMP_ENTRY_CHAR] = "char",           [IMP_ENTRY_BLOCK] = "block",
		[IMP_ENTRY_FIFO] = "fifo",           [IMP_ENTRY_WHITEOUT] = "whiteout",
		[IMP_ENTRY_OPAQUE] = "opaque",
	};
	return names[type];
}

const char *imp_overhead_name(enum imp_overhead_kind kind)
{
	static const char *const names[IMP_OVERHEADS] = {
		[IMP_OVERHEAD_HEADERS] = "headers",
		[IMP_OVERHEAD_PADDING] = "padding",
		[IMP_OVERHEAD_PAX] = "pax",
		[IMP_OVERHEAD_TOC] = "toc",
		[IMP_OVERHEAD_AFTER_END] = "after_end",
	};
	return names[kind];
}

void imp_profile_destroy(struct imp_profile *profile)
{
	if (!profile)
		return;
	imp_warnings_destroy(profile->warnings);
	imp_arena_destroy(profile->arena);
	free(profile->kept);
	free(profile->facts);
	free(profile->kept_memory);
	free(profile->fact_memory);
	free(profile->bytes);
	free(profile);
}

struct imp_slice imp_profile_bytes(const struct imp_profile *profile)
{
	return imp_slice((const char *)profile->bytes, profile->len);
}

size_t imp_profile_memory_bytes(const struct imp_profile *profile)
{
	size_t bytes = profile->len + imp_arena_used(profile->arena) +
		       profile->fact_count * sizeof(*profile->facts) +
		       profile->kept_count * sizeof(*profile->kept);

	for (size_t i = 0; i < profile->kept_count; i++)
		bytes += profile->kept[i].content.len;
	return bytes;
}

const struct imp_profile_summary *imp_profile_summary(const struct imp_profile *profile)
{
	return &profile->summary;
}

const struct imp_warnings *imp_profile_warnings(const struct imp_profile *profile)
{
	return profile->warnings;
}

size_t imp_profile_kept_count(const struct imp_profile *profile)
{
	return profile->kept_count;
}

struct imp_kept_file imp_profile_kept(const struct imp_profile *profile, size_t i)
{
	return profile->kept[i];
}

bool imp_profile_hides(const struct imp_profile *profile)
{
	return profile->hides;
}

size_t imp_profile_fact_count(const struct imp_profile *profile)
{
	return profile->fact_count;
}

const struct imp_fact *imp_profile_fact(const struct imp_profile *profile, size_t i)
{
	return &profile->facts[i];
}
