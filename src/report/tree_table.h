/* The table of the tree format: libsmartcols columns before a path, printed in UTF-8. */
#pragma once

#include <libsmartcols.h>

#include "imgprof/report.h"

enum { IMP_TREE_DEPTH = 2, IMP_TREE_TOP = 10 }; /* where the options say nothing */

/* COLUMNS (ended by NULL) to the right, then PATH as the tree. */
struct libscols_table *imp_tree_table_create(const struct imp_report_options *options,
					     const char *const *columns, FILE *out);
/* A line below PARENT (NULL: a root) with its TEXTS, one for each column, then the name. */
struct libscols_line *imp_tree_table_line(struct libscols_table *table,
					  struct libscols_line *parent,
					  const char *const *texts, size_t count);
int imp_tree_table_print(struct libscols_table *table, struct imp_error *err);

/* The same of a diff: tree_diff.c. */
int imp_tree_write_diff(const struct imp_report *report,
			const struct imp_report_options *options, FILE *out,
			struct imp_error *err);
