/*
 * The packages of an image as rows of a list: by size, each with the layers that its live files
 * came with and the packages that list files of it as well.
 */
#pragma once

#include "imgprof/report.h"

struct imp_package_row {
	uint32_t package;
	const uint16_t *layers; /* ascending */
	size_t layer_count;
	const uint32_t *also; /* packages, in the order of their list */
	size_t also_count;
};

struct imp_package_rows {
	struct imp_package_row *list; /* by disk bytes, then as packages are listed */
	size_t count;
	/* Of packages that the filter or --top took away */
	struct imp_sum left_out;
	size_t left_out_count;
	uint16_t *layers;
	uint32_t *also;
};

/* Of an image without packages (no classification) there are none; of one without tree rows have
 * neither layers nor other packages. TOP 0: all. */
void imp_package_rows_make(struct imp_package_rows *rows,
			   const struct imp_analysis *image,
			   const struct imp_report_filter *filter, size_t top);
void imp_package_rows_finish(struct imp_package_rows *rows);

/* What a manager brought, and how much of it is reached by what the image runs. */
struct imp_manager_sum {
	size_t packages, reached;
	struct imp_sum sum, reached_sum;
};
void imp_manager_sums(const struct imp_analysis *image,
		      struct imp_manager_sum sums[static IMP_MANAGERS]);

/* Whether a finding passes the filter, for all of them; free() it. */
bool *imp_filter_findings(const struct imp_analysis *image,
			  const struct imp_report_filter *filter);
bool imp_filter_is_set(const struct imp_report_filter *filter);
