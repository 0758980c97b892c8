/* Commands of find for the files of a finding, between prune.c and prune_find.c. */
#pragma once

#include "describe_priv.h"

enum { IMP_ENDINGS = 6 };

/* How the names end of what goes. */
struct imp_endings {
	/* ".po"; the whole name of a file without a dot */
	struct imp_slice list[IMP_ENDINGS];
	uint64_t files[IMP_ENDINGS];
	size_t count;
};

/* Which of them the name of NODE has; their count when none. */
size_t imp_ending_of(const struct imp_tree *tree, uint32_t node,
		     const struct imp_endings *endings);
/* Whether NODE shows the bytes of a file. */
bool imp_shows_file(const struct imp_tree *tree, uint32_t node);

/* prune_find.c: adds a command that deletes the files of DRAFT below TOP which end so, below folders
 * in which nothing else ends so, or but for the names of what stays. false: there is none. */
bool imp_prune_find(const struct imp_describer *describer, const struct imp_draft *draft,
		    uint32_t top, const struct imp_endings *endings,
		    struct imp_strbuf *text);
