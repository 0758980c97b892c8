/* Drift while its rows are gathered. */
#pragma once

#include "share_priv.h"

struct imp_share_drifts {
	const struct imp_share_work *work;
	struct imp_share_drift *list;
	size_t count, capacity;
};

/* Adds ROW with its VARIANTS copied, and sums up. */
void imp_share_add_drift(struct imp_share_drifts *drifts, enum imp_share_drift_kind kind,
			 struct imp_slice name, const struct imp_share_variant *variants,
			 size_t count);
/* Who builds packages with such a VERSION: "NodeSource"; "" where it does not tell. */
const char *imp_share_origin(struct imp_slice version);
/* share_programs.c */
void imp_share_add_programs(struct imp_share_drifts *drifts);
