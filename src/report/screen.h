/*
 * The text screen: what its parts share. Lines are built in `out`, whole, then written
 * at once.
 */
#pragma once

#include "writer_priv.h"

enum {
	IMP_SCREEN_SIZE = 8, /* columns of a size */
	IMP_SCREEN_LONGEST =
		4096, /* where nothing else cuts: commands can be megabytes */
};

struct imp_screen {
	struct imp_strbuf out;
	const struct imp_analysis *image;
	const struct imp_report_options *options;
};

const char *imp_screen_size_text(const struct imp_screen *screen, uint64_t bytes,
				 char out[static IMP_SIZE_TEXT]);
/* A size, right-aligned in its column. */
void imp_screen_add_size(struct imp_screen *screen, uint64_t bytes);
/* Ends the line that began at START: cuts it to the width. */
void imp_screen_end_line(struct imp_screen *screen, size_t start);
/* TEXT over as many lines as it takes, each indented, broken at spaces: LABEL stands in
 * front of the first. */
void imp_screen_add_wrapped(struct imp_screen *screen, size_t indent, const char *label,
			    struct imp_slice text);
/* Which image, what it weighs. */
void imp_screen_add_identity(struct imp_screen *screen);
void imp_screen_add_totals(struct imp_screen *screen);
/* "Dockerfile:14 ", nothing for line 0. */
void imp_screen_add_line(struct imp_screen *screen, uint32_t line);
/* A heading. */
void imp_screen_add_bold(struct imp_screen *screen, struct imp_slice text);

/* What can go: the largest findings, with options->detail all of them in full. */
void imp_screen_add_findings(struct imp_screen *screen);
/* One of them: short, or with options->detail in full. */
void imp_screen_add_finding(struct imp_screen *screen, const struct imp_finding *finding);
/* What rules matched, but what the image runs or a package that stays needs. */
void imp_screen_add_dropped(struct imp_screen *screen);

/* What was asked stands in place of the screen: --why, --without, --recompress, --fixes. */
bool imp_screen_has_questions(const struct imp_screen *screen);
void imp_screen_add_questions(struct imp_screen *screen);
void imp_screen_add_why(struct imp_screen *screen);
/* A line that says what is listed; false when that is everything. */
bool imp_screen_add_filter(struct imp_screen *screen);

/* Whether there is a line about packages; and the line. */
bool imp_screen_has_packages(const struct imp_screen *screen);
void imp_screen_add_packages(struct imp_screen *screen);
/* For each manager what is shipped and what is reached, the largest packages, what is started. */
void imp_screen_add_package_table(struct imp_screen *screen);
void imp_screen_add_largest_packages(struct imp_screen *screen);
void imp_screen_add_started(struct imp_screen *screen);
