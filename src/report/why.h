/*
 * All that is known of one path: who wrote and owns it, which findings have it, what keeps it, what
 * reaches it; of a folder with all below it.
 */
#pragma once

#include "imgprof/report.h"

enum { IMP_WHY_HOPS = 16, IMP_WHY_HOLDERS = 5 };

struct imp_why_share {
	uint32_t number; /* of a finding, or of a package */
	struct imp_sum sum;
};

struct imp_why {
	uint32_t node;
	bool folder;
	/* Record whose bytes the path shows, hard links followed; IMP_NONE for what is no live file */
	uint32_t file;
	uint32_t owner; /* package, of a file; IMP_NONE */
	struct imp_sum live, hidden;
	/* Largest first. Findings that take a part count with that part. */
	struct imp_why_share *findings, *owners;
	size_t finding_count, owner_count;
	struct imp_sum unowned;
	uint32_t *
		dropped; /* places in the list: about this path, a part of it, or its package */
	size_t dropped_count;
	uint32_t chain
		[IMP_WHY_HOPS]; /* records: who reaches the file, who reaches that one ... */
	size_t chain_count;
	uint32_t holders[IMP_WHY_HOLDERS]; /* packages that need the owner */
	size_t holders_total;
};

/* The node of PATH, live or hidden, its folder's symlinks followed; IMP_NONE. */
uint32_t imp_why_find(const struct imp_analysis *image, const char *path);
void imp_why_make(struct imp_why *why, const struct imp_analysis *image, uint32_t node);
void imp_why_finish(struct imp_why *why);
