/*
 * A diff written down by hand, and what a format makes of it. Tests change its fields first.
 *
 *	struct compared c;
 *	compared_init(&c);
 *	char *out = compared_render(&c, "csv", (struct imp_report_options){0});
 *	...
 *	free(out);
 */
#pragma once

#include "case.h"

#include <stdio.h>
#include <stdlib.h>

#include "imgprof/report.h"

struct compared {
	struct imp_diff_layer layers[2];
	struct imp_diff_class classes[2];
	struct imp_diff_path paths[3];
	struct imp_diff_reason reasons[1];
	struct imp_diff diff;
	const struct imp_diff *list[1];
	struct imp_diff_set set;
	struct imp_check check;
	struct imp_report report;
};

static inline struct imp_change_sum compared_sum(uint64_t disk_before,
						 uint64_t disk_after,
						 uint64_t pull_before,
						 uint64_t pull_after)
{
	return (struct imp_change_sum){{disk_before, disk_after},
				       {pull_before, pull_after}};
}

/* 100 to 130 bytes on disk, 50 to 45 to pull; without a check. */
static inline void compared_init(struct compared *c)
{
	*c = (struct compared){0};
	c->layers[0] = (struct imp_diff_layer){.instruction = IMP_SLICE("RUN first"),
					       .sum = compared_sum(60, 60, 30, 30)};
	c->layers[1] = (struct imp_diff_layer){.before_index = 1,
					       .after_index = 1,
					       .state = IMP_DIFF_GROWN,
					       .instruction = IMP_SLICE("RUN npm ci"),
					       .line = 14,
					       .is_new = true,
					       .sum = compared_sum(40, 70, 20, 15)};
	c->classes[0] = (struct imp_diff_class){.name = "runtime",
						.sum = compared_sum(90, 110, 40, 35)};
	c->classes[1] = (struct imp_diff_class){.name = "[overhead]",
						.sum = compared_sum(10, 20, 10, 10)};
	c->paths[0] = (struct imp_diff_path){.path = IMP_SLICE("app/big"),
					     .state = IMP_DIFF_ADDED,
					     .origin = IMP_ORIGIN_OWN,
					     .sum = compared_sum(0, 50, 0, 20),
					     .before_layer = IMP_NONE,
					     .after_layer = 1};
	c->paths[1] = (struct imp_diff_path){.path = IMP_SLICE("=gone"),
					     .state = IMP_DIFF_REMOVED,
					     .origin = IMP_ORIGIN_BASE,
					     .sum = compared_sum(20, 0, 10, 0),
					     .before_layer = 0,
					     .after_layer = IMP_NONE};
	c->paths[2] = (struct imp_diff_path){.path = IMP_SLICE("[overhead]"),
					     .state = IMP_DIFF_CHANGED,
					     .sum = compared_sum(0, 0, 15, 0),
					     .before_layer = IMP_NONE,
					     .after_layer = IMP_NONE};
	c->diff = (struct imp_diff){
		.before = {.reference = "example/web:1", .layer_count = 2},
		.after = {.reference = "example/web:2",
			  .platform = {"linux", "amd64", ""},
			  .layer_count = 2},
		.new_layer_bytes = 15,
		.new_layers = 1,
		.chain_break = 1,
		.layers = c->layers,
		.layer_count = 2,
		.classes = c->classes,
		.class_count = 2,
		.paths = c->paths,
		.path_count = 3,
		.reasons = c->reasons,
	};
	c->diff.totals[IMP_TOTAL_DISK] = (struct imp_before_after){100, 130};
	c->diff.totals[IMP_TOTAL_PULL] = (struct imp_before_after){50, 45};
	c->list[0] = &c->diff;
	c->set = (struct imp_diff_set){.list = c->list, .count = 1, .complete = true};
	c->report = (struct imp_report){.kind = IMP_REPORT_DIFF, .diffs = &c->set};
}

static inline char *compared_render(const struct compared *c, const char *format,
				    struct imp_report_options options)
{
	struct imp_error err = {0};
	char *out;
	size_t len;
	FILE *file = open_memstream(&out, &len);

	assert_non_null(file);
	options.version = "1.2.3";
	options.features = "+zstd";
	options.rules_version = "0123";
	assert_ok(imp_format_write(imp_format_find(format), &c->report, &options, file,
				   &err),
		  &err);
	assert_int_equal(fclose(file), 0);
	return out;
}
