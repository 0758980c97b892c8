/*
 * What the profiles know of the contents of an image's files, by record of its tree: the
 * small files that were kept, and facts. Built once per image; borrows from tree and
 * profiles.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/cleanup.h"
#include "imgprof/facts.h"
#include "imgprof/profile.h"
#include "imgprof/slice.h"
#include "imgprof/tree.h"

struct imp_contents; /* opaque */

/* PROFILES as given to imp_tree_build; the list itself is borrowed too. */
struct imp_contents *imp_contents_create(const struct imp_tree *tree,
					 const struct imp_profile *const *profiles);
void imp_contents_destroy(struct imp_contents *contents); /* NULL allowed */
IMP_DEFINE_DESTROY(imp_contents);

/* A kept file that a path shows at the end. */
struct imp_live_file {
	uint32_t node, record;
	struct imp_slice path; /* of the node, without leading slash */
	struct imp_slice content;
	bool cut; /* too large to be kept: content is empty */
};
/* All of them, by path bytes: what package managers' readers look through. */
size_t imp_contents_live_count(const struct imp_contents *contents);
const struct imp_live_file *imp_contents_live(const struct imp_contents *contents,
					      size_t i);
/* The one at a node (hard links followed, symlinks not); NULL when it was not kept. */
const struct imp_live_file *imp_contents_at(const struct imp_contents *contents,
					    uint32_t node);

/* Of a record of type file, live or not; NULL when nothing is known. */
const struct imp_fact *imp_contents_fact(const struct imp_contents *contents,
					 uint32_t record);
/* The fact of the file that NODE shows; NULL too when it shows none. */
const struct imp_fact *imp_contents_fact_at(const struct imp_contents *contents,
					    uint32_t node);
