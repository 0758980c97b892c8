/*
 * What repositories stored at earlier times: an SQLite file of the user's, at
 * $XDG_STATE_HOME/imgprof/snapshots.sqlite unless named. It may have been made by anybody:
 * one that is not ours, damaged or of a later version is refused, a row of odd types is left
 * out and counted. Safe for many processes at once.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/context.h"
#include "imgprof/error.h"
#include "imgprof/slice.h"

/* One repository at one time, or all that was asked for. */
struct imp_snapshot {
	struct imp_slice scope;      /* what was asked for; raw */
	struct imp_slice domain;     /* over what blobs were counted once; raw */
	struct imp_slice repository; /* raw; empty: the whole scope */
	int64_t time_s;              /* since the epoch */
	uint64_t stored_bytes, images, tags;
};

struct imp_snapshots; /* opaque */

/* FILE NULL: the user's own. Folders and file are made only to write. 1 when there is no
 * file to read. IMP_E_FORMAT: no file of snapshots; IMP_E_UNSUPPORTED: of a later version;
 * IMP_E_SYSTEM: not to be opened, or busy for seconds. */
int imp_snapshots_open(const struct imp_context *context, const char *file, bool write,
		       struct imp_snapshots **out, struct imp_error *err);
void imp_snapshots_destroy(struct imp_snapshots *snapshots);
IMP_DEFINE_DESTROY(imp_snapshots);
const char *imp_snapshots_file(const struct imp_snapshots *snapshots);

/* ROWS of one scope, domain and time take the place of those that are there: all or none. */
int imp_snapshots_put(struct imp_snapshots *snapshots, const struct imp_snapshot *rows,
		      size_t count, struct imp_error *err);

struct imp_snapshot_list {
	const struct imp_snapshot
		*rows; /* by scope, domain, repository, time; of the arena */
	size_t count;
	size_t odd; /* rows left out: no numbers, or names too long */
};

/* SCOPE and DOMAIN with data NULL: any. WHOLE: without those of single repositories.
 * IMP_E_LIMIT: more rows than are read at once. */
int imp_snapshots_read(struct imp_snapshots *snapshots, struct imp_slice scope,
		       struct imp_slice domain, bool whole, struct imp_arena *arena,
		       struct imp_snapshot_list *out, struct imp_error *err);
