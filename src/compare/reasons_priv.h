/* Causes while they are gathered: reasons.c. */
#pragma once

#include "imgprof/map.h"

#include "compare_priv.h"

#define IMP_CAUSE_FOLDER (IMP_NONE - 1) /* of a record: to be told by its folder */

struct imp_cause {
	struct imp_diff_reason row;
	struct imp_slice key;
	struct imp_tally tally;
	size_t entries[IMP_SIDES];
	uint32_t packages[IMP_SIDES]; /* that go with it */
	/* The image has what the row names, be it with unchanged bytes alone */
	bool there[IMP_SIDES];
};

/* What one entry adds to its cause. */
struct imp_share {
	uint32_t cause;
	uint16_t layer;
	uint8_t side;
	uint64_t disk_bytes;
};

struct imp_causes {
	const struct imp_comparison *comparison;
	struct imp_cause *list;
	size_t count, capacity;
	struct imp_map by_key;
	uint32_t *of_record[IMP_SIDES];
	uint32_t
		*of_place; /* of a finding that an entry there is in, wasted ones aside */
	/* Of each package: the one that it goes with, itself unless another asked for it */
	uint32_t *root_of[IMP_SIDES];
	/* Causes that were looked up: of each finding, package and place; IMP_NONE: not yet */
	uint32_t *of_finding[IMP_SIDES], *of_package[IMP_SIDES], *of_project;
	/* Of each place: the topmost project above it, itself included; IMP_NONE */
	uint32_t *project_of[IMP_SIDES];
	struct imp_share *shares;
	size_t share_count, share_capacity;
};

/* A list of COUNT times IMP_NONE, to be freed. */
uint32_t *imp_causes_none(size_t count);
/* The cause of that key, made from ROW when it is new. */
uint32_t imp_causes_find(struct imp_causes *causes, const struct imp_diff_reason *row);
/* The cause of that key; NULL: there is none. */
struct imp_cause *imp_causes_get(const struct imp_causes *causes,
				 const struct imp_diff_reason *row);
/* cause_finding.c */
uint32_t imp_cause_of_finding(struct imp_causes *causes, int side, uint32_t record);
void imp_causes_note_findings(struct imp_causes *causes, int side);
/* cause_package.c */
void imp_causes_find_roots(struct imp_causes *causes);
uint32_t imp_cause_of_package(struct imp_causes *causes, int side, uint32_t record);
/* cause_folder.c */
void imp_causes_find_projects(struct imp_causes *causes);
uint32_t imp_cause_of_project(struct imp_causes *causes, int side, uint32_t record);
void imp_causes_add_folders(struct imp_causes *causes);
