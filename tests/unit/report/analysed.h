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

struct analysed {
	struct stack stack;
	struct imp_arena *arena;
	struct imp_warnings *warnings;
	struct imp_tree *tree;
	struct imp_findings findings;
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
	options.version = "1.2.3";
	options.features = "+zstd";
	options.rules_version = "0123";
	int rc = imp_format_find(format)->write(&report, &options, file, err);
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
	if (!strstr(text, part))
		fail_msg("lacks '%s':\n%s", part, text);
}

static inline void assert_lacks(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("holds '%s':\n%s", part, text);
}
