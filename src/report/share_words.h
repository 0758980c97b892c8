/* What formats say about images that share, in the same words. */
#pragma once

#include "imgprof/share.h"
#include "imgprof/strbuf.h"

/* The image by a short name, raw: the last part of its repository, with its tag, or all of its
 * reference, whichever is the first that no other image has; else "image 2". */
void imp_share_label(const struct imp_share *share, uint32_t image,
		     struct imp_strbuf *out);
/* Their names, raw, divided by ", "; "all 4" for all. */
void imp_share_labels(const struct imp_share *share, const struct imp_share_set *set,
		      struct imp_strbuf *out);
/* "dpkg:curl 7.88.1", "/code/static": raw. */
void imp_share_subject(const char *manager, struct imp_slice name,
		       struct imp_slice version, struct imp_strbuf *out);
/* Who has what, raw: "web 18.2 (NodeSource), celery and flower 18.19". */
void imp_share_variants(const struct imp_share *share,
			const struct imp_share_drift *drift, struct imp_strbuf *out);

/* The four costs, in the order of struct imp_share_cost. */
struct imp_share_cost_row {
	const char *name;  /* of machine formats: "stored_bytes" */
	const char *words; /* "a registry stores" */
	uint64_t before, after;
};
enum { IMP_SHARE_COSTS = 4 };
void imp_share_cost_rows(const struct imp_share_plan *plan,
			 struct imp_share_cost_row rows[static IMP_SHARE_COSTS]);

/* The sum of groups from number FIRST on. */
struct imp_sum imp_share_groups_rest(const struct imp_share *share, size_t first);
