/*
 * Programs of one name that come from different packages in sibling images: NodeSource's node
 * here, one that was copied to /usr/local/bin there. Looked for where commands are looked up.
 */
#include "share_drift.h"

#include <stdlib.h>

struct program {
	struct imp_slice name; /* borrowed from a tree */
	uint32_t image, node, record;
	uint32_t owner; /* package, or IMP_NONE */
	uint32_t rank;  /* of its folder: the first in a search path is what runs */
};

struct programs {
	struct program *list;
	size_t count, capacity;
};

static void add_program(struct programs *programs, const struct imp_analysis *image,
			const struct program *program)
{
	struct program row = *program;
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	imp_tree_path(image->tree, row.node, &path);
	uint32_t node = imp_tree_resolve(image->tree, 0, imp_strbuf_slice(&path));
	row.record = node == IMP_NONE ? IMP_NONE : imp_tree_file_at(image->tree, node);
	if (row.record == IMP_NONE)
		return;
	row.name = imp_tree_name(image->tree, row.node);
	row.owner = image->packages->owner_of[row.record];
	programs->list = imp_xgrow(programs->list, &programs->capacity,
				   programs->count + 1, sizeof(*programs->list));
	programs->list[programs->count++] = row;
}

static void add_folder(struct programs *programs, const struct imp_analysis *image,
		       uint32_t number, uint32_t folder, uint32_t rank)
{
	if (folder == IMP_NONE)
		return;
	for (uint32_t n = imp_tree_node(image->tree, folder)->first_child; n != IMP_NONE;
	     n = imp_tree_node(image->tree, n)->next_sibling) {
		struct program program = {.image = number, .node = n, .rank = rank};
		const struct imp_node *node = imp_tree_node(image->tree, n);
		if (node->live && !node->directory)
			add_program(programs, image, &program);
	}
}

static void add_image(struct programs *programs, const struct imp_analysis *image,
		      uint32_t number)
{
	static const char *const folders[] = {
		"usr/local/sbin", "usr/local/bin", "usr/sbin", "usr/bin", "sbin", "bin"};
	const struct imp_tree *tree = image->tree;
	uint32_t rank = 0, opt = imp_tree_find(tree, IMP_SLICE("opt"));

	for (; rank < sizeof(folders) / sizeof(*folders); rank++)
		add_folder(programs, image, number,
			   imp_tree_find(tree, imp_slice_of(folders[rank])), rank);
	if (opt == IMP_NONE)
		return;
	for (uint32_t n = imp_tree_node(tree, opt)->first_child; n != IMP_NONE;
	     n = imp_tree_node(tree, n)->next_sibling)
		add_folder(programs, image, number,
			   imp_tree_find_child(tree, n, IMP_SLICE("bin")), rank);
}

static int compare_programs(const void *a, const void *b)
{
	const struct program *x = a, *y = b;
	int order = imp_slice_compare(x->name, y->name);

	if (order == 0)
		order = x->image == y->image ? 0 : x->image < y->image ? -1 : 1;
	if (order == 0)
		order = x->rank == y->rank ? 0 : x->rank < y->rank ? -1 : 1;
	if (order == 0)
		order = x->node < y->node ? -1 : x->node > y->node;
	return order;
}

static const struct imp_package *owner_of(const struct imp_share_work *work,
					  const struct program *program)
{
	return program->owner == IMP_NONE
		       ? NULL
		       : &work->images[program->image]->packages->list[program->owner];
}

static bool same_owner(const struct imp_package *a, const struct imp_package *b)
{
	if (!a || !b)
		return a == b;
	return a->manager == b->manager && imp_slice_equal(a->name, b->name);
}

static struct imp_share_variant variant_of(const struct imp_share_work *work,
					   const struct program *program)
{
	const struct imp_analysis *image = work->images[program->image];
	const struct imp_package *owner = owner_of(work, program);
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	struct imp_share_variant variant = {
		.image = program->image, .manager = "", .origin = ""};

	imp_tree_path(image->tree, program->node, &path);
	variant.path = imp_arena_copy(work->arena, imp_strbuf_slice(&path));
	variant.disk_bytes = imp_tree_record(image->tree, program->record)->disk_bytes;
	if (!owner)
		return variant;
	variant.manager = imp_manager_name(owner->manager);
	variant.name = imp_arena_copy(work->arena, owner->name);
	variant.versions = imp_arena_copy(work->arena, owner->version);
	variant.source = imp_arena_copy(work->arena, owner->source);
	variant.origin = imp_share_origin(owner->version);
	return variant;
}

/* LIST are all programs of one name; the first of each image is what runs. */
static void add_name(struct imp_share_drifts *drifts, const struct program *list,
		     size_t count)
{
	const struct imp_share_work *work = drifts->work;
	struct imp_share_variant variants[IMP_SHARE_IMAGES];
	bool differ = false;
	size_t shown = 0;

	for (size_t i = 0; i < count; i++)
		differ |= !same_owner(owner_of(work, &list[i]), owner_of(work, &list[0]));
	for (size_t i = 0; differ && i < count; i++)
		if (i == 0 || list[i].image != list[i - 1].image)
			variants[shown++] = variant_of(work, &list[i]);
	for (size_t i = 1; i < shown; i++) {
		if (strcmp(variants[i].manager, variants[0].manager) == 0 &&
		    imp_slice_equal(variants[i].name, variants[0].name))
			continue;
		imp_share_add_drift(drifts, IMP_SHARE_PROGRAMS, list[0].name, variants,
				    shown);
		return;
	}
}

void imp_share_add_programs(struct imp_share_drifts *drifts)
{
	const struct imp_share_work *work = drifts->work;
	struct programs programs = {0};

	for (uint32_t i = 0; i < work->count; i++)
		if (work->images[i]->packages)
			add_image(&programs, work->images[i], i);
	if (programs.count)
		qsort(programs.list, programs.count, sizeof(*programs.list),
		      compare_programs);
	for (size_t i = 0, end; i < programs.count; i = end) {
		for (end = i + 1;
		     end < programs.count &&
		     imp_slice_equal(programs.list[i].name, programs.list[end].name);)
			end++;
		if (programs.list[i].image != programs.list[end - 1].image)
			add_name(drifts, programs.list + i, end - i);
	}
	free(programs.list);
}
