/*
 * The Markdown of a pull request's comment (reference/ecosystem.md 1.2 to 1.5), built in
 * sections that shrink until the whole fits. Names from images stand in code spans only.
 */
#pragma once

#include "diff_words.h"
#include "fixed.h"
#include "writer_priv.h"

/* In the order in which they are given up. Other reports have sections of their own. */
enum imp_markdown_section {
	IMP_MARKDOWN_UNSEEN, /* settings, modes and owners: no bytes */
	IMP_MARKDOWN_FOLDERS,
	IMP_MARKDOWN_CAUSES, /* those behind the ten reasons */
	IMP_MARKDOWN_FINDINGS,
	IMP_MARKDOWN_PACKAGES,
	IMP_MARKDOWN_LAYERS,
	IMP_MARKDOWN_REASONS,
	IMP_MARKDOWN_SECTIONS
};
enum {
	IMP_MARKDOWN_COST_IMAGES,
	IMP_MARKDOWN_COST_GROUPS,
	IMP_MARKDOWN_COST_REPOSITORIES,
	IMP_MARKDOWN_COST_WHAT_IFS,
};
enum {
	IMP_MARKDOWN_SHARE_DRIFT,
	IMP_MARKDOWN_SHARE_PAIRS,
	IMP_MARKDOWN_SHARE_GROUPS,
	IMP_MARKDOWN_SHARE_STAGES,
};

struct imp_markdown_plan {
	size_t rows[IMP_MARKDOWN_SECTIONS];
	size_t images;  /* rows of the first table of several images */
	size_t blocks;  /* that tell more of one of several images */
	size_t columns; /* of a name */
	bool measured;  /* how this was measured */
};

struct imp_markdown {
	struct imp_strbuf out;
	const struct imp_report *report;
	const struct imp_report_options *options;
	struct imp_markdown_plan plan;
	bool folds;     /* the forge renders <details> */
	bool platforms; /* images of one name are told apart by them */
};

/* markdown_cost.c, markdown_share.c: a whole page by the plan. */
typedef void imp_markdown_render(struct imp_markdown *page);
imp_markdown_render imp_markdown_cost, imp_markdown_share;
/* Of a section with COUNT rows. */
size_t imp_markdown_shown(const struct imp_markdown *page, int section, size_t count);
/* "| 412.6 MB " */
void imp_markdown_size(struct imp_markdown *page, uint64_t bytes);
/* Behind a table: what of COUNT rows is not in it. */
void imp_markdown_rest(struct imp_markdown *page, size_t shown, size_t count);

/* markdown_head.c: what is never given up. */
void imp_markdown_marker(struct imp_markdown *page);
void imp_markdown_headline(struct imp_markdown *page);
void imp_markdown_summary(struct imp_markdown *page, const struct imp_diff *diff);
void imp_markdown_images(struct imp_markdown *page); /* one row an image */
/* Of a check with a base for some: the images that have none. */
size_t imp_markdown_bare_count(const struct imp_markdown *page);
/* What the image of DIFF, or of a check, is called; raw. */
struct imp_slice imp_markdown_name(const struct imp_markdown *page,
				   const struct imp_diff *diff);
struct imp_slice imp_markdown_bare_name(const struct imp_markdown *page,
					const struct imp_image *image);
/* Two neighbours of the report have one name and different platforms. */
bool imp_markdown_platforms_vary(const struct imp_markdown *page);
/* " - over budget", or nothing. */
void imp_markdown_verdict(struct imp_markdown *page);
/* Nothing without rules. */
void imp_markdown_budget(struct imp_markdown *page);
void imp_markdown_platform(struct imp_markdown *page,
			   const struct imp_platform *platform);

/* markdown_absolute.c: a check without base, whole. */
void imp_markdown_absolute(struct imp_markdown *page);

/* markdown_reasons.c, markdown_lists.c, markdown_folders.c */
void imp_markdown_reasons(struct imp_markdown *page, const struct imp_diff *diff);
/* All of them, folded, where the reasons are a short list. */
void imp_markdown_causes(struct imp_markdown *page, const struct imp_diff *diff);
void imp_markdown_lists(struct imp_markdown *page, const struct imp_diff *diff);
void imp_markdown_folders(struct imp_markdown *page, const struct imp_diff *diff);
void imp_markdown_tool(struct imp_markdown *page);
/* "- LABEL: `reference` `digest`" */
void imp_markdown_measured_image(struct imp_markdown *page, const char *label,
				 const char *reference, const struct imp_digest *digest);

/* TEXT as a code span in a table's cell, as wide as the plan allows. */
void imp_markdown_cell(struct imp_markdown *page, struct imp_slice text);
/* BEFORE and a version as a code span; nothing for an empty one. */
void imp_markdown_version(struct imp_markdown *page, const char *before,
			  struct imp_slice version);
/* The change of FIGURE in a unit of its own: "+38.4 MB". */
void imp_markdown_change(struct imp_markdown *page, struct imp_before_after figure);
/* "| 412.6 MB | 451.0 MB | **+38.4 MB** (+9.3 %) |": the third is the second less the first as
 * printed, too, unless it is so small that its own unit is a smaller one. */
void imp_markdown_figures(struct imp_markdown *page, struct imp_before_after figure,
			  bool bold);
/* NAME as the title of what is folded away: a code span of HTML inside HTML, else of Markdown. */
void imp_markdown_title(struct imp_markdown *page, struct imp_slice name,
			struct imp_strbuf *out);
/* What is folded away where the forge can. TITLE is ours or a imp_markdown_title. */
void imp_markdown_open(struct imp_markdown *page, const char *title);
void imp_markdown_close(struct imp_markdown *page);
void imp_markdown_left_out(struct imp_markdown *page, size_t count, const char *what);

/* markdown_rows.c: a list whose changes of disk bytes add up as printed. SHOWN rows of it, one
 * more closes it when some are left. FOLDS_ZEROS: rows at the end that would print as 0.0 are
 * left, too. */
struct imp_markdown_rows {
	struct imp_fixed fixed;
	int64_t *tenths;
	size_t shown, count;
	struct imp_change_sum rest;
};
typedef const struct imp_change_sum *imp_markdown_sum(const void *list, size_t i);
struct imp_markdown_rows imp_markdown_rows(const struct imp_markdown *page,
					   const struct imp_diff *diff, const void *list,
					   size_t count, size_t most,
					   imp_markdown_sum *sum_of, bool folds_zeros);
void imp_markdown_rows_finish(struct imp_markdown_rows *rows);
/* "+1.2 MB" */
void imp_markdown_row_change(struct imp_markdown *page,
			     const struct imp_markdown_rows *rows, size_t i);
/* "| +1.2 MB | " */
void imp_markdown_row(struct imp_markdown *page, const struct imp_markdown_rows *rows,
		      size_t i);
/* A folded section with a table of one more column; false: nothing to show. The second ends it
 * and frees the rows. */
bool imp_markdown_open_section(struct imp_markdown *page,
			       enum imp_markdown_section section, const char *what,
			       size_t count);
void imp_markdown_close_section(struct imp_markdown *page,
				struct imp_markdown_rows *rows);
