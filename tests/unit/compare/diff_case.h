/*
 * Two stacks (stack.h), their diff, and what holds for every diff: each list adds up to the change
 * of the totals in both sizes.
 */
#pragma once

#include "analysed.h"

#include "imgprof/compare.h"

struct diff_case {
	struct analysed before, after;
	struct imp_arena *arena;
	struct imp_diff diff;
};

static inline int64_t change_of(const struct imp_before_after *figure)
{
	return (int64_t)(figure->after - figure->before);
}

static inline void diff_make(struct diff_case *c, const struct analysed *before,
			     const struct analysed *after)
{
	struct imp_diff_options options = {.rules_version = {"r", "r"}};

	imp_diff_images(&before->analysis, &after->analysis, &options, c->arena,
			&c->diff);
}

static inline void diff_read(struct diff_case *c, const char *before, const char *after)
{
	analysed_read(&c->before, before);
	analysed_read(&c->after, after);
	c->arena = imp_arena_create();
	diff_make(c, &c->before, &c->after);
}

static inline void diff_finish(struct diff_case *c)
{
	imp_arena_destroy(c->arena);
	analysed_finish(&c->before);
	analysed_finish(&c->after);
}

struct diff_total {
	int64_t disk, pull;
};

static inline void diff_count(struct diff_total *total, const struct imp_change_sum *sum)
{
	total->disk += change_of(&sum->disk);
	total->pull += change_of(&sum->pull);
}

#define ASSERT_LIST(diff, list, size) \
	do { \
		struct diff_total total_ = {0}; \
		for (size_t i_ = 0; i_ < (diff)->size; i_++) \
			diff_count(&total_, &(diff)->list[i_].sum); \
		assert_int_equal(total_.disk, \
				 change_of(&(diff)->totals[IMP_TOTAL_DISK])); \
		assert_int_equal(total_.pull, \
				 change_of(&(diff)->totals[IMP_TOTAL_PULL])); \
	} while (0)

/* The leaves of the tree, and each folder. */
static inline void assert_nodes(const struct imp_diff *diff)
{
	struct diff_total leaves = {0};

	for (size_t i = 0; i < diff->node_count; i++)
		if (!diff->nodes[i].folder)
			diff_count(&leaves, &diff->nodes[i].sum);
	assert_int_equal(leaves.disk, change_of(&diff->totals[IMP_TOTAL_DISK]));
	assert_int_equal(leaves.pull, change_of(&diff->totals[IMP_TOTAL_PULL]));
	for (size_t i = 0; i < diff->node_count; i++) {
		struct diff_total below = {0}, whole = {0};
		if (!diff->nodes[i].folder)
			continue;
		diff_count(&whole, &diff->nodes[i].sum);
		for (size_t k = i + 1;
		     k < diff->node_count && diff->nodes[k].depth > diff->nodes[i].depth;
		     k++)
			if (!diff->nodes[k].folder)
				diff_count(&below, &diff->nodes[k].sum);
		assert_int_equal(below.disk, whole.disk);
		assert_int_equal(below.pull, whole.pull);
	}
}

static inline void assert_adds_up(const struct imp_diff *diff)
{
	ASSERT_LIST(diff, layers, layer_count);
	ASSERT_LIST(diff, packages, package_count);
	ASSERT_LIST(diff, classes, class_count);
	ASSERT_LIST(diff, paths, path_count);
	ASSERT_LIST(diff, reasons, reason_count);
	assert_nodes(diff);
}
