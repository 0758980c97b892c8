/* The lists of a diff's JSON document. */
#pragma once

#include "writer_priv.h"

void imp_json_diff_layers(struct imp_json_file *file, const struct imp_diff *diff);
/* TOP rows of each list, 0: all; what was cut from a list whose changes add up is in its
 * row "[other]". */
void imp_json_diff_packages(struct imp_json_file *file, const struct imp_diff *diff,
			    uint32_t top);
void imp_json_diff_classes(struct imp_json_file *file, const struct imp_diff *diff);
void imp_json_diff_paths(struct imp_json_file *file, const struct imp_diff *diff,
			 uint32_t top);
void imp_json_diff_attributes(struct imp_json_file *file, const struct imp_diff *diff,
			      uint32_t top);
void imp_json_diff_findings(struct imp_json_file *file, const struct imp_diff *diff,
			    uint32_t top);
void imp_json_diff_settings(struct imp_json_file *file, const struct imp_diff *diff);
void imp_json_diff_reasons(struct imp_json_file *file, const struct imp_diff *diff,
			   uint32_t top);
/* Members of one; INSTRUCTION: the key of what wrote it. */
void imp_json_reason(struct imp_json_writer *w, const struct imp_diff_reason *reason,
		     const char *instruction);
/* Rows in preorder. */
void imp_json_diff_nodes(struct imp_json_file *file, const struct imp_diff *diff);

/* `pairs`: every diff of a set. */
void imp_json_diff_pairs(struct imp_json_file *file, const struct imp_diff_set *set,
			 const struct imp_report_options *options);

/* `distinct`: what a set's images weigh together. */
void imp_json_diff_distinct(struct imp_json_file *file, const struct imp_diff_set *set);
