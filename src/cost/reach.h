/*
 * Inside src/cost: which documents a document leads to, in one repository.
 */
#pragma once

#include "stock_priv.h"

struct imp_reached {
	uint32_t doc;
	uint16_t platform; /* that the index said */
	bool attached;
};

struct imp_reach {
	const struct imp_stock *inventory;
	uint32_t *stamps; /* of documents */
	size_t stamp_count;
	uint32_t stamp;
	struct imp_reached *list; /* what is attached comes last */
	size_t count, capacity;
	struct imp_reached *waiting; /* attached, until all else is there */
	size_t waiting_count, waiting_capacity;
};

/* Attachments must be sorted (imp_reach_sort) and stay as they are. */
void imp_reach_start(struct imp_reach *reach, const struct imp_stock *inventory);
void imp_reach_finish(struct imp_reach *reach);
/* Forgets what was reached. */
void imp_reach_reset(struct imp_reach *reach);
/* Adds DOC of the repository SHELF and all below it to the list. */
void imp_reach_add(struct imp_reach *reach, uint32_t shelf, uint32_t doc);
void imp_reach_sort(struct imp_stock *inventory);
/* The attachments of DOC: from the one returned on, *COUNT of them. */
const struct imp_attachment *imp_reach_attached(const struct imp_stock *inventory,
						uint32_t shelf, uint32_t doc,
						size_t *count);
