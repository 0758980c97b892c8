/*
 * Any bytes as a package manager's records in a small image: what comes out must be whole, for
 * numbers of packages are used without a look by everything behind.
 */
#pragma once

#include <stdint.h>
#include <stdlib.h>

#include "imgprof/json.h"
#include "imgprof/strbuf.h"

#include "readers.h"
#include "stack.h"

static inline void fuzz_require(bool holds)
{
	if (!holds)
		abort();
}

/* A line of the image's layer. */
static inline void fuzz_add_file(struct imp_strbuf *layer, const char *path,
				 struct imp_slice content)
{
	imp_strbuf_printf(layer, "text %s ", path);
	for (size_t i = 0; i < content.len; i++)
		imp_strbuf_printf(layer, "\\x%02x", (unsigned char)content.data[i]);
	imp_strbuf_add_char(layer, '\n');
}

static inline void fuzz_check_numbers(const struct imp_packages *packages)
{
	for (size_t i = 0; i < packages->count; i++) {
		const struct imp_package *p = &packages->list[i];
		fuzz_require(p->twin == IMP_NONE || p->twin < packages->count);
		fuzz_require(p->first_dependency + p->dependency_count <=
			     packages->dependency_count);
		fuzz_require(p->name.len > 0);
	}
	for (size_t i = 0; i < packages->dependency_count; i++)
		fuzz_require(packages->dependencies[i].to < packages->count);
	for (size_t i = 0; i < packages->also_count; i++)
		fuzz_require(packages->also[i].package < packages->count);
}

static inline void fuzz_check_sums(const struct imp_packages *packages,
				   const struct imp_tree *tree)
{
	struct imp_sum live = imp_tree_live(tree, 0), sum = packages->unowned;

	for (size_t i = 0; i < packages->count; i++) {
		sum.files += packages->list[i].sum.files;
		sum.disk_bytes += packages->list[i].sum.disk_bytes;
	}
	fuzz_require(sum.files == live.files && sum.disk_bytes == live.disk_bytes);
}

/* Sweeps each manager's packages, every other one a seed. */
static inline void fuzz_sweep(const struct imp_packages *packages,
			      struct imp_arena *arena)
{
	bool *seeds = imp_arena_array(arena, packages->count + 1, sizeof(*seeds));
	struct imp_sweep_result result;

	for (size_t i = 0; i < packages->count; i += 2)
		seeds[i] = true;
	for (int manager = 0; manager < IMP_MANAGERS; manager++) {
		imp_sweep_run(
			&(struct imp_sweep){
				.packages = packages,
				.manager = (enum imp_manager)manager,
				.seeds = seeds,
			},
			arena, &result);
		for (size_t i = 0; i < packages->count; i++)
			fuzz_require(result.freed[i] == (result.because[i] != IMP_NONE));
	}
}

/* LAYER: files of records; some files that they may list are added. */
static inline void fuzz_packages(struct imp_strbuf *layer,
				 void (*read)(struct imp_inventory *inventory))
{
	static const char files[] = "symlink lib -> usr/lib\nsymlink bin -> usr/bin\n"
				    "file usr/lib/x 3\nlink usr/lib/y -> usr/lib/x\n"
				    "file usr/bin/x 5\nfile x 7\nsymlink loop -> loop\n";
	const struct imp_reader readers[] = {{"fuzz", read}, {NULL, NULL}};
	struct imp_arena *arena = imp_arena_create();
	struct imp_tree *tree = NULL;
	struct imp_packages packages;
	struct imp_error err = {0};
	struct stack stack;

	imp_strbuf_add_text(layer, files);
	stack_read(&stack, layer->data);
	fuzz_require(imp_tree_build(stack.profiles, stack.count, &imp_limits_default,
				    NULL, &tree, &err) == 0);
	struct imp_contents *contents = imp_contents_create(tree, stack.profiles);
	imp_inventory_run(readers,
			  &(struct imp_packages_input){
				  .tree = tree,
				  .contents = contents,
				  .limits = &imp_limits_default,
			  },
			  arena, &packages);
	fuzz_check_numbers(&packages);
	fuzz_check_sums(&packages, tree);
	fuzz_sweep(&packages, arena);
	imp_contents_destroy(contents);
	imp_tree_destroy(tree);
	imp_arena_destroy(arena);
	stack_finish(&stack);
}

/* One file of records alone. */
static inline void fuzz_records(const char *path, const uint8_t *data, size_t size,
				void (*read)(struct imp_inventory *inventory))
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf layer = {0};

	imp_strbuf_add_text(&layer, "layer\n");
	fuzz_add_file(&layer, path, imp_slice((const char *)data, size));
	fuzz_packages(&layer, read);
}
