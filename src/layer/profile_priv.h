/*
 * A profile in memory: its bytes, and where things are in them.
 */
#pragma once

#include "imgprof/arena.h"
#include "imgprof/profile.h"

#include "profile_format.h"

struct imp_profile {
	uint8_t *bytes;
	size_t len;
	struct imp_profile_summary summary;
	struct imp_part_reader columns[IMP_COLUMNS]; /* at their starts */
	struct imp_kept_file *kept;
	size_t kept_count;
	void *kept_memory, *fact_memory; /* unpacked contents and facts */
	struct imp_fact *facts;
	size_t fact_count;
	struct imp_arena *arena; /* paths of kept files, ELF facts */
	struct imp_warnings *warnings;
	bool hides;
};

struct imp_profile_cursor {
	const struct imp_profile *profile;
	struct imp_part_reader columns[IMP_COLUMNS];
	bool bad;      /* something does not fit: only while a profile is being loaded */
	uint64_t left; /* entries */
	uint64_t tar_offset; /* of the next header */
	struct imp_strbuf path, usual, name;
	size_t path_shared; /* bytes of path that are those of the path before */
	uint32_t modes[IMP_ENTRY_TYPES];
	uint64_t uid, gid, header_blocks;
	int64_t mtime_s;
};

void imp_profile_cursor_init(struct imp_profile_cursor *cursor,
			     const struct imp_profile *profile);
void imp_profile_cursor_finish(struct imp_profile_cursor *cursor);
/* Every column has been read to its end and held what was expected. */
bool imp_profile_cursor_ended_well(const struct imp_profile_cursor *cursor);
