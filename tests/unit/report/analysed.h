/*
 * An analysed image from the lines of a stack (stack.h), and what a format makes of it.
 *
 *	struct analysed image;
 *	analysed_read(&image, "layer\nfile a 10\n");
 *	char *out = render(&image, "ncdu", (struct imp_report_options){0});
 *	...
 *	free(out);
 *	analysed_finish(&image);
 */
#pragma once

#include "case.h"

#include <stdio.h>
#include <stdlib.h>

#include "imgprof/report.h"
#include "stack.h"

enum { ANALYSED_PACKAGES = 16 };

struct analysed {
	struct stack stack;
	struct imp_arena *arena;
	struct imp_warnings *warnings;
	struct imp_tree *tree;
	struct imp_findings findings;
	struct imp_package package_list[ANALYSED_PACKAGES];
	struct imp_packages packages;
	struct imp_runtime runtime;
	struct imp_image image;
	struct imp_analysed_layer layers[STACK_LAYERS];
	struct imp_analysis analysis;
};

static inline void analysed_add_layer(struct analysed *a, size_t i)
{
	const struct imp_layer_sums *sums = imp_tree_layer(a->tree, i);

	a->layers[i].media_type = "application/vnd.oci.image.layer.v1.tar";
	a->layers[i].instruction = IMP_SLICE("RUN step");
	a->layers[i].missing = !a->stack.profiles[i];
	if (a->layers[i].missing)
		a->analysis.complete = false;
	else
		a->layers[i].summary = *imp_profile_summary(a->stack.profiles[i]);
	a->analysis.pull_bytes += a->layers[i].summary.pull_bytes;
	a->analysis.tar_bytes += a->layers[i].summary.tar_bytes;
	a->analysis.disk_bytes += a->layers[i].summary.disk_bytes;
	a->analysis.entries += a->layers[i].summary.entries;
	for (int fate = 0; fate < IMP_FATES; fate++) {
		a->analysis.fates[fate].files += sums->fates[fate].files;
		a->analysis.fates[fate].disk_bytes += sums->fates[fate].disk_bytes;
		a->analysis.fates[fate].pull_bytes += sums->fates[fate].pull_bytes;
	}
}

/* Without rules: the ledger alone. */
static inline void analysed_read(struct analysed *a, const char *text)
{
	struct imp_error err = {0};

	*a = (struct analysed){0};
	stack_read(&a->stack, text);
	a->arena = imp_arena_create();
	a->warnings = imp_warnings_create();
	assert_ok(imp_tree_build(a->stack.profiles, a->stack.count, &imp_limits_default,
				 a->warnings, &a->tree, &err),
		  &err);
	struct imp_classify_input input = {
		.tree = a->tree,
		.image = &a->image,
		.profiles = a->stack.profiles,
	};
	a->image.reference = "example/web:1";
	a->image.platform = (struct imp_platform){
		.os = "linux",
		.architecture = "amd64",
		.variant = "",
	};
	a->image.layers = imp_arena_array(a->arena, a->stack.count + 1,
					  sizeof(struct imp_image_layer));
	a->image.layer_count = a->stack.count;
	assert_ok(imp_classify_ledger(&input, a->arena, &a->findings, &err), &err);
	a->analysis = (struct imp_analysis){
		.image = &a->image,
		.layers = a->layers,
		.layer_count = a->stack.count,
		.tree = a->tree,
		.findings = &a->findings,
		.warnings = a->warnings,
		.complete = true,
	};
	for (size_t i = 0; i < a->stack.count; i++)
		analysed_add_layer(a, i);
	imp_analysis_gather(&a->analysis, a->arena);
}

/* Makes room for packages and runtime evidence, filled by hand: nobody owns anything, nothing is
 * started. Before the functions below. */
static inline void analysed_with_evidence(struct analysed *a)
{
	uint32_t records = imp_tree_record_count(a->tree) + 1;
	uint32_t *owner_of = imp_arena_array(a->arena, records, sizeof(*owner_of));
	uint32_t *from = imp_arena_array(a->arena, records, sizeof(*from));

	memset(owner_of, 0xff, records * sizeof(*owner_of));
	memset(from, 0xff, records * sizeof(*from));
	a->packages = (struct imp_packages){
		.list = a->package_list,
		.owner_of = owner_of,
		.knows_roots = imp_arena_array(a->arena, 1, sizeof(bool)),
		.group_count = 1,
		.unowned = a->analysis.fates[IMP_FATE_LIVE],
	};
	a->runtime = (struct imp_runtime){
		.readable = true,
		.reached = imp_arena_array(a->arena, records, sizeof(uint8_t)),
		.reached_from = from,
		.package_reached =
			imp_arena_array(a->arena, ANALYSED_PACKAGES, sizeof(bool)),
		.package_reason =
			imp_arena_array(a->arena, ANALYSED_PACKAGES, sizeof(char *)),
		.package_root =
			imp_arena_array(a->arena, ANALYSED_PACKAGES, sizeof(bool)),
	};
	a->analysis.packages = &a->packages;
	a->analysis.runtime = &a->runtime;
}

/* What is const for reports is written by tests. */
static inline void *analysed_edit(const void *pointer)
{
	return (void *)(uintptr_t)pointer;
}

/* The record of the live file at PATH. */
static inline uint32_t analysed_file(const struct analysed *a, const char *path)
{
	uint32_t node = imp_tree_find(a->tree, imp_slice_of(path));

	if (node == IMP_NONE || imp_tree_file_at(a->tree, node) == IMP_NONE)
		fail_msg("no file %s", path);
	return imp_tree_file_at(a->tree, node);
}

/* The next package, with the live files at PATHS (divided by spaces) its own. */
static inline uint32_t analysed_package(struct analysed *a, enum imp_manager manager,
					const char *name, const char *paths)
{
	uint32_t number = (uint32_t)a->packages.count++;
	struct imp_package *package = &a->package_list[number];
	uint32_t *owner_of = analysed_edit(a->packages.owner_of);
	struct imp_slice rest = imp_slice_of(paths);

	*package = (struct imp_package){
		.manager = manager,
		.name = imp_slice_of(name),
		.tool = "",
		.home = IMP_NONE,
		.twin = IMP_NONE,
	};
	while (rest.len > 0) {
		struct imp_slice path = imp_slice_cut(&rest, ' ');
		const char *text = imp_arena_copy(a->arena, path).data;
		uint32_t record = analysed_file(a, text);
		const struct imp_record *file = imp_tree_record(a->tree, record);
		owner_of[record] = number;
		package->sum.files++;
		package->sum.disk_bytes += file->disk_bytes;
		package->sum.pull_bytes += file->pull_bytes;
		a->packages.unowned.files--;
		a->packages.unowned.disk_bytes -= file->disk_bytes;
		a->packages.unowned.pull_bytes -= file->pull_bytes;
	}
	return number;
}

static inline void analysed_reach(struct analysed *a, uint32_t package,
				  const char *reason)
{
	bool *reached = analysed_edit(a->runtime.package_reached);
	const char **reasons = analysed_edit(a->runtime.package_reason);

	reached[package] = true;
	reasons[package] = reason;
}

static inline void analysed_finish(struct analysed *a)
{
	imp_tree_destroy(a->tree);
	imp_warnings_destroy(a->warnings);
	imp_arena_destroy(a->arena);
	stack_finish(&a->stack);
}

static inline int try_render(const struct analysed *a, const char *format,
			     struct imp_report_options options, char **out,
			     struct imp_error *err)
{
	const struct imp_analysis *images[] = {&a->analysis};
	struct imp_report report = {.images = images, .image_count = 1};
	size_t len;
	FILE *file = open_memstream(out, &len);

	assert_non_null(file);
	imp_analysis_gather(analysed_edit(&a->analysis), a->arena);
	options.version = "1.2.3";
	options.features = "+zstd";
	options.rules_version = "0123";
	int rc = imp_format_write(imp_format_find(format), &report, &options, file, err);
	assert_int_equal(fclose(file), 0);
	return rc;
}

static inline char *render(const struct analysed *a, const char *format,
			   struct imp_report_options options)
{
	struct imp_error err = {0};
	char *out;

	assert_ok(try_render(a, format, options, &out, &err), &err);
	return out;
}

/* What FORMAT makes of TEXT. */
static inline char *render_text(const char *text, const char *format,
				struct imp_report_options options)
{
	struct analysed a;

	analysed_read(&a, text);
	char *out = render(&a, format, options);
	analysed_finish(&a);
	return out;
}

static inline void assert_holds(const char *text, const char *part)
{
	if (!text || !strstr(text, part))
		fail_msg("lacks '%s':\n%s", part, text ? text : "(nothing)");
}

static inline void assert_lacks(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("holds '%s':\n%s", part, text);
}
