/* A plan while it is made. */
#pragma once

#include "share_priv.h"

/* A package in one version. */
struct imp_plan_row {
	const char *manager;
	struct imp_slice name, version;
	uint64_t images;      /* that keep bytes of it */
	uint64_t staged;      /* whose bytes are in a stage */
	struct imp_sum *sums; /* kept bytes for each image */
};

struct imp_plan_work {
	const struct imp_share_work *share;
	struct imp_plan_row *rows;
	size_t row_count, row_capacity;
	struct imp_sum
		own[IMP_SHARE_IMAGES]; /* kept above the common layers, not staged */
	struct imp_sum application[IMP_SHARE_IMAGES];
	/* Files of nobody that all images have alike, outside the application */
	struct imp_sum rest;
	struct imp_share_stage *stages;
	size_t stage_count;
};

/* share_plan_rows.c: fills rows, own, application and rest. */
void imp_plan_gather(struct imp_plan_work *plan);
/* share_stages.c */
void imp_plan_make_stages(struct imp_plan_work *plan);
/* share_costs.c */
void imp_plan_set_before(const struct imp_plan_work *plan, struct imp_share_plan *out);
void imp_plan_set_after(const struct imp_plan_work *plan, struct imp_share_plan *out);

static inline void imp_plan_add(struct imp_sum *to, const struct imp_sum *more)
{
	to->files += more->files;
	to->disk_bytes += more->disk_bytes;
	to->pull_bytes += more->pull_bytes;
}

/* LESS is part of FROM in files and disk bytes; as pull bytes it may be more by a little, for
 * the same bytes compress otherwise among other neighbours. */
static inline void imp_plan_take(struct imp_sum *from, const struct imp_sum *less)
{
	from->files -= less->files;
	from->disk_bytes -= less->disk_bytes;
	from->pull_bytes -=
		less->pull_bytes < from->pull_bytes ? less->pull_bytes : from->pull_bytes;
}
