/* Rows of an image. */
#include <stdlib.h>

#include "html_priv.h"
#include "imgprof/arena.h"
#include "imgprof/cleanup.h"

struct walk {
	const struct imp_analysis *image;
	struct imp_html_rows *out;
	/* By node: a dead file stands below. NULL: this pass is of what is live */
	const bool *dead_below;
	uint32_t top; /* depth of the root of this pass */
};

static void describe(const struct imp_analysis *image, uint32_t record,
		     struct imp_html_row *row)
{
	const struct imp_record *r = imp_tree_record(image->tree, record);

	row->files = 1;
	row->layer = r->layer;
	row->hidden_by = r->hidden_by;
	row->class = image->findings->class_of[record];
	row->fate = r->fate;
	row->finding = imp_report_finding_index(image, record);
}

/* What a path shows at the end: a hard-link group has its bytes at one of its names. */
static void add_live(const struct walk *walk, uint32_t node, uint32_t depth)
{
	const struct imp_analysis *image = walk->image;
	const struct imp_node *n = imp_tree_node(image->tree, node);

	if (n->shown == IMP_NONE || n->directory)
		return;
	struct imp_html_row *row =
		imp_html_rows_add(walk->out, imp_tree_name(image->tree, node), depth);
	struct imp_sum sum = imp_tree_live(image->tree, node);
	uint32_t file = imp_tree_file_at(image->tree, node);

	row->layer = n->layer;
	if (image->packages)
		row->owner = image->packages->owner_of[n->shown];
	if (file == IMP_NONE || sum.files == 0)
		return;
	describe(image, file, row);
	row->disk_bytes = sum.disk_bytes;
	row->pull_bytes = sum.pull_bytes;
	row->goes_bytes = imp_report_goes(image, file);
}

static void add_dead(const struct walk *walk, uint32_t node, uint32_t depth)
{
	const struct imp_tree *tree = walk->image->tree;

	for (uint32_t r = imp_tree_node(tree, node)->newest; r != IMP_NONE;
	     r = imp_tree_record(tree, r)->older) {
		const struct imp_record *record = imp_tree_record(tree, r);
		if (!imp_report_dead_file(record))
			continue;
		struct imp_html_row *row =
			imp_html_rows_add(walk->out, imp_tree_name(tree, node), depth);
		describe(walk->image, r, row);
		row->disk_bytes = record->disk_bytes;
		row->pull_bytes = record->pull_bytes;
		row->goes_bytes = imp_report_goes(walk->image, r);
	}
}

static bool has_folder(const struct walk *walk, uint32_t node)
{
	const struct imp_node *n = imp_tree_node(walk->image->tree, node);

	return walk->dead_below ? walk->dead_below[node] : n->directory && n->live;
}

static void add_tree(const struct walk *walk)
{
	const struct imp_tree *tree = walk->image->tree;
	uint32_t depth = walk->top + 1, next;

	for (uint32_t node = imp_tree_next(tree, 0, true); node != IMP_NONE;
	     node = next) {
		bool folder = has_folder(walk, node);
		if (walk->dead_below)
			add_dead(walk, node, depth);
		else
			add_live(walk, node, depth);
		if (folder)
			imp_html_rows_add(walk->out, imp_tree_name(tree, node), depth)
				->folder = true;
		next = imp_tree_next(tree, node, folder);
		if (next == IMP_NONE)
			break;
		/* As far down, or up, as the next one's parent is. */
		uint32_t parent = imp_tree_node(tree, next)->parent;
		if (parent == node)
			depth++;
		for (uint32_t n = node;
		     parent != node && imp_tree_node(tree, n)->parent != parent;
		     n = imp_tree_node(tree, n)->parent)
			depth--;
	}
}

static struct imp_html_row *add_folder(struct imp_html_rows *out, const char *name,
				       uint32_t depth)
{
	struct imp_html_row *row = imp_html_rows_add(out, imp_slice_of(name), depth);

	row->folder = true;
	return row;
}

/* Pull bytes of a layer that no file has: all of it, when it could not be read. */
static uint64_t overhead_of(const struct imp_analysis *image, size_t layer)
{
	const struct imp_layer_sums *sums = imp_tree_layer(image->tree, layer);
	uint64_t bytes = image->layers[layer].summary.pull_bytes;

	for (int fate = 0; fate < IMP_FATES; fate++)
		bytes -= sums->fates[fate].pull_bytes;
	return bytes;
}

static void add_overheads(const struct imp_analysis *image, struct imp_html_rows *out,
			  bool missing)
{
	add_folder(out,
		   missing ? IMP_REPORT_INCOMPLETE : "[tar and compression overhead]", 1);
	for (size_t i = 0; i < image->layer_count; i++) {
		if (image->layers[i].missing != missing)
			continue;
		struct imp_html_row *row = imp_html_rows_add(
			out, missing ? IMP_SLICE("[not read]") : IMP_SLICE("[overhead]"),
			2);
		row->layer = (uint16_t)i;
		row->class = missing ? IMP_HTML_CLASS_UNREAD : IMP_HTML_CLASS_OVERHEAD;
		row->pull_bytes = overhead_of(image, i);
	}
}

void imp_html_profile_rows(const struct imp_analysis *image, struct imp_html_rows *out)
{
	struct walk walk = {.image = image, .out = out};
	imp_auto_free bool *dead_below = imp_report_dead_below(image->tree);

	add_folder(out, "", 0);
	add_tree(&walk);
	if (imp_report_wasted(image).files) {
		walk.dead_below = dead_below;
		walk.top = 1;
		add_folder(out, "[hidden by later layers]", 1);
		add_tree(&walk);
	}
	add_overheads(image, out, false);
	if (!image->complete)
		add_overheads(image, out, true);
}
