#include "why.h"

#include <stdlib.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/path.h"

uint32_t imp_why_find(const struct imp_analysis *image, const char *path)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf clean = {0};

	imp_path_clean(imp_slice_of(path), &clean);
	struct imp_slice text = imp_strbuf_slice(&clean);
	uint32_t node = imp_tree_find(image->tree, text);
	if (node != IMP_NONE)
		return node;
	uint32_t folder = imp_tree_resolve(image->tree, 0, imp_path_parent(text));
	return folder == IMP_NONE ? IMP_NONE
				  : imp_tree_find_child(image->tree, folder,
							imp_slice_basename(text));
}

static void add(struct imp_sum *sum, uint64_t disk, uint64_t pull)
{
	sum->files++;
	sum->disk_bytes += disk;
	sum->pull_bytes += pull;
}

/* Sums by finding and by package while the records of the path are looked through. */
struct count {
	const struct imp_analysis *image;
	struct imp_why *why;
	struct imp_sum *findings, *owners;
};

static void count_file(struct count *count, uint32_t record)
{
	const struct imp_analysis *image = count->image;
	const struct imp_record *file = imp_tree_record(image->tree, record);
	uint32_t finding = image->findings->finding_of[record];
	bool live = file->fate == IMP_FATE_LIVE;

	add(live ? &count->why->live : &count->why->hidden, file->disk_bytes,
	    file->pull_bytes);
	if (finding != IMP_NONE && !image->findings->list[finding].partial)
		add(&count->findings[finding], file->disk_bytes, file->pull_bytes);
	if (!live || !image->packages)
		return;
	uint32_t owner = image->packages->owner_of[record];
	add(owner == IMP_NONE ? &count->why->unowned : &count->owners[owner],
	    file->disk_bytes, file->pull_bytes);
}

static void count_node(struct count *count, bool *counted, uint32_t node)
{
	const struct imp_tree *tree = count->image->tree;

	for (uint32_t r = imp_tree_node(tree, node)->newest; r != IMP_NONE;
	     r = imp_tree_record(tree, r)->older) {
		uint32_t group = imp_tree_record(tree, r)->group;
		if (group == IMP_NONE || counted[group])
			continue;
		counted[group] = true;
		count_file(count, group);
	}
}

static void count_parts(struct count *count, const bool *counted)
{
	const struct imp_findings *findings = count->image->findings;

	for (size_t i = 0; i < findings->partial_count; i++) {
		const struct imp_partial *partial = &findings->partials[i];
		if (counted[partial->record])
			add(&count->findings[partial->finding], partial->disk_bytes,
			    partial->pull_bytes);
	}
}

static int compare_shares(const void *a, const void *b)
{
	const struct imp_why_share *x = a, *y = b;

	if (x->sum.disk_bytes != y->sum.disk_bytes)
		return x->sum.disk_bytes < y->sum.disk_bytes ? 1 : -1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static struct imp_why_share *list_shares(const struct imp_sum *sums, size_t count,
					 size_t *out_count)
{
	struct imp_why_share *list = imp_xcalloc(count + 1, sizeof(*list));
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (sums[i].files > 0)
			list[kept++] = (struct imp_why_share){(uint32_t)i, sums[i]};
	qsort(list, kept, sizeof(*list), compare_shares);
	*out_count = kept;
	return list;
}

static void count_all(struct imp_why *why, const struct imp_analysis *image)
{
	size_t packages = image->packages ? image->packages->count : 0;
	imp_auto_free bool *counted =
		imp_xcalloc(imp_tree_record_count(image->tree) + 1, sizeof(*counted));
	imp_auto_free struct imp_sum *findings =
		imp_xcalloc(image->findings->count + 1, sizeof(*findings));
	imp_auto_free struct imp_sum *owners = imp_xcalloc(packages + 1, sizeof(*owners));
	struct count count = {image, why, findings, owners};

	for (uint32_t node = why->node; node != IMP_NONE;
	     node = imp_tree_next_below(image->tree, node, true, why->node))
		count_node(&count, counted, node);
	count_parts(&count, counted);
	why->findings =
		list_shares(findings, image->findings->count, &why->finding_count);
	why->owners = list_shares(owners, packages, &why->owner_count);
}

/* A is B, or a folder above it. */
static bool is_at_or_above(struct imp_slice a, struct imp_slice b)
{
	return imp_slice_starts(b, a) &&
	       (a.len == 0 || b.len == a.len || b.data[a.len] == '/');
}

static bool is_about(const struct imp_dropped *dropped, struct imp_slice path,
		     const struct imp_package *owner)
{
	if (dropped->subject.len == 0)
		return false;
	return is_at_or_above(dropped->subject, path) ||
	       is_at_or_above(path, dropped->subject) ||
	       (owner && imp_slice_equal(dropped->subject, owner->name));
}

static void list_dropped(struct imp_why *why, const struct imp_analysis *image)
{
	const struct imp_findings *findings = image->findings;
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	const struct imp_package *owner = !image->packages || why->owner == IMP_NONE
						  ? NULL
						  : &image->packages->list[why->owner];

	imp_tree_path(image->tree, why->node, &path);
	why->dropped = imp_xcalloc(findings->dropped_count + 1, sizeof(*why->dropped));
	for (size_t i = 0; i < findings->dropped_count; i++)
		if (is_about(&findings->dropped[i], imp_strbuf_slice(&path), owner))
			why->dropped[why->dropped_count++] = (uint32_t)i;
}

static void follow_chain(struct imp_why *why, const struct imp_runtime *runtime)
{
	uint32_t record = runtime->reached_from[why->file];

	while (record != IMP_NONE && why->chain_count < IMP_WHY_HOPS) {
		why->chain[why->chain_count++] = record;
		record = runtime->reached_from[record];
	}
}

static void list_holders(struct imp_why *why, const struct imp_packages *packages)
{
	for (size_t i = 0; i < packages->count; i++) {
		const struct imp_package *package = &packages->list[i];
		for (uint32_t d = 0; d < package->dependency_count; d++) {
			const struct imp_dependency *dependency =
				&packages->dependencies[package->first_dependency + d];
			if (dependency->to != why->owner || i == why->owner ||
			    dependency->kind != IMP_DEPENDENCY_HARD)
				continue;
			if (why->holders_total < IMP_WHY_HOLDERS)
				why->holders[why->holders_total] = (uint32_t)i;
			why->holders_total++;
			break;
		}
	}
}

void imp_why_make(struct imp_why *why, const struct imp_analysis *image, uint32_t node)
{
	const struct imp_node *at = imp_tree_node(image->tree, node);

	*why = (struct imp_why){
		.node = node,
		.folder = at->directory || at->first_child != IMP_NONE || node == 0,
		.file = at->live ? imp_tree_file_at(image->tree, node) : IMP_NONE,
		.owner = IMP_NONE,
	};
	if (why->file != IMP_NONE && image->packages)
		why->owner = image->packages->owner_of[why->file];
	count_all(why, image);
	list_dropped(why, image);
	if (why->file != IMP_NONE && image->runtime)
		follow_chain(why, image->runtime);
	if (image->packages && why->owner != IMP_NONE)
		list_holders(why, image->packages);
}

void imp_why_finish(struct imp_why *why)
{
	free(why->findings);
	free(why->owners);
	free(why->dropped);
}
