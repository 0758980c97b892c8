/* What the files about snapshots share. */
#pragma once

#include <sqlite3.h>

#include "imgprof/snapshots.h"
#include "imgprof/strbuf.h"

enum {
	/* Of a scope or a repository; what is longer is no name */
	IMP_SNAPSHOT_NAME_BYTES = 16 << 10,
	/* Of a value or a statement in a file that may be anybody's */
	IMP_SNAPSHOT_VALUE_BYTES = 1 << 20,
	/* Read at once: years of daily snapshots of hundreds of repositories */
	IMP_SNAPSHOT_ROWS = 1000000,
};

struct imp_snapshots {
	sqlite3 *db;
	char *file;
	bool empty; /* no tables yet */
};

/* The database's last error, in our words. */
int imp_snapshots_fail(const struct imp_snapshots *snapshots, struct imp_error *err);
