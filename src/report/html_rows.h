/*
 * A tree as a page shows it: a flat list of rows, parents first, leaves with their sizes. Small
 * rows can be folded into one leaf for each folder and kind of bytes; sums stay as they are.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imgprof/compare.h"
#include "imgprof/tree.h"

/* Beyond enum imp_class: what is no file. */
enum {
	IMP_HTML_CLASS_OVERHEAD = IMP_CLASSES,
	IMP_HTML_CLASS_UNREAD,
	IMP_HTML_CLASSES,
};

struct imp_html_row {
	struct imp_slice name; /* raw; empty for a leaf of small files */
	/* Of a leaf: a folder's sizes are the sums over its leaves */
	union {
		uint64_t disk_bytes;
		uint64_t attributed_bytes; /* of a cost report */
	};
	union {
		uint64_t pull_bytes;
		uint64_t added_bytes; /* of a cost report */
	};
	uint64_t goes_bytes; /* disk bytes that can go */
	union {
		uint64_t disk_before_bytes; /* of a diff */
		uint64_t alone_bytes;       /* of a cost report: freed by deleting it */
	};
	union {
		uint64_t pull_before_bytes; /* of a diff */
		uint64_t full_bytes;        /* of a cost report */
	};
	uint64_t month_nano;     /* of a cost report */
	uint32_t day;            /* of a cost report: since 1970; 0: undated */
	uint32_t depth;          /* 0: the root */
	uint32_t owner, finding; /* places in their lists, or IMP_NONE */
	uint32_t files; /* of a leaf: 1, 0 for links, devices and what is no file */
	uint16_t layer; /* IMP_NOT_HIDDEN: of no layer */
	uint16_t hidden_by;
	uint8_t class;  /* enum imp_class or one of the above */
	uint8_t fate;   /* enum imp_fate */
	uint8_t state;  /* of a diff: enum imp_diff_state; of a cost: 1 untagged */
	uint8_t origin; /* of a diff: enum imp_origin */
	bool folder;
	bool small; /* a leaf that stands for several */
};

struct imp_html_rows {
	struct imp_html_row *list;
	size_t count, capacity;
};

/* A new row, zeroed but for what is nowhere. Valid until the next one is added. */
struct imp_html_row *imp_html_rows_add(struct imp_html_rows *rows, struct imp_slice name,
				       uint32_t depth);
void imp_html_rows_finish(struct imp_html_rows *rows);

/* A leaf by the number of its folder and its own: by these, ascending. */
struct imp_html_place {
	uint32_t folder, leaf;
};
void imp_html_sort_places(struct imp_html_place *list, size_t count);

/* The largest size of each row, a folder's over all that is below; free() it. */
uint64_t *imp_html_weigh(const struct imp_html_rows *rows);

/* Rows of at most these weights are folded: 0 keeps all that has bytes. */
struct imp_html_cut {
	uint64_t leaf, folder;
};
void imp_html_fold(const struct imp_html_rows *rows, const uint64_t *weights,
		   struct imp_html_cut cut, struct imp_html_rows *out);
