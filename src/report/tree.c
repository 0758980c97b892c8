/*
 * -o tree: the folders of the image with what they hold, largest first. What is not shown is
 * summed in a row of its own, so the rows of a folder always add up to it.
 */
#include <stdlib.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "tree_table.h"
#include "writer_priv.h"

/* A folder whose children still have to be listed. */
struct pending {
	uint32_t node;
	uint32_t depth;
	struct libscols_line *line;
};

struct child {
	uint32_t node;
	struct imp_sum sum;
};

struct view {
	const struct imp_tree *tree;
	const struct imp_report_options *options;
	struct libscols_table *table;
	struct pending *pending;
	size_t pending_count, pending_capacity;
	struct child *children; /* of the folder being listed */
	size_t child_count, child_capacity;
};

static struct libscols_line *add_row(struct view *view, struct libscols_line *parent,
				     struct imp_sum sum, const char *name)
{
	char disk[IMP_SIZE_TEXT], pull[IMP_SIZE_TEXT], files[IMP_SIZE_TEXT];
	const char *const texts[] = {
		imp_size_text(sum.disk_bytes, view->options->units, disk),
		imp_size_text(sum.pull_bytes, view->options->units, pull),
		imp_count_text(sum.files, files), name};

	return imp_tree_table_line(view->table, parent, texts,
				   sizeof(texts) / sizeof(*texts));
}

static struct libscols_line *add_node(struct view *view, struct libscols_line *parent,
				      const struct child *child)
{
	const struct imp_node *node = imp_tree_node(view->tree, child->node);
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};

	imp_escape_terminal(&name, imp_tree_name(view->tree, child->node));
	if (node->directory)
		imp_strbuf_add_char(&name, '/');
	return add_row(view, parent, child->sum, name.data);
}

static void push(struct view *view, uint32_t node, uint32_t depth,
		 struct libscols_line *line)
{
	view->pending = imp_xgrow(view->pending, &view->pending_capacity,
				  view->pending_count + 1, sizeof(*view->pending));
	view->pending[view->pending_count++] = (struct pending){node, depth, line};
}

static int compare_keys(uint64_t a, uint64_t b)
{
	return a < b ? 1 : a > b ? -1 : 0;
}

/* Children are gathered by name bytes; the node number follows that order within a folder
 * no more than by chance, so ties are broken by the place in the gathered list. */
struct sort_context {
	enum imp_sort sort;
	const struct imp_tree *tree;
};

static int compare_children(const void *a, const void *b, void *user)
{
	const struct child *x = a, *y = b;
	const struct sort_context *context = user;
	int order = 0;

	switch (context->sort) {
	case IMP_SORT_DISK:
		order = compare_keys(x->sum.disk_bytes, y->sum.disk_bytes);
		break;
	case IMP_SORT_PULL:
		order = compare_keys(x->sum.pull_bytes, y->sum.pull_bytes);
		break;
	case IMP_SORT_FILES:
		order = compare_keys(x->sum.files, y->sum.files);
		break;
	case IMP_SORT_NAME:
		break;
	}
	if (!order && context->sort != IMP_SORT_NAME)
		order = compare_keys(x->sum.files, y->sum.files);
	if (order)
		return order;
	return imp_slice_compare(imp_tree_name(context->tree, x->node),
				 imp_tree_name(context->tree, y->node));
}

static void gather_children(struct view *view, uint32_t node)
{
	struct sort_context context = {view->options->sort, view->tree};

	view->child_count = 0;
	for (uint32_t c = imp_tree_node(view->tree, node)->first_child; c != IMP_NONE;
	     c = imp_tree_node(view->tree, c)->next_sibling) {
		struct imp_sum sum = imp_tree_live(view->tree, c);
		if (!sum.files && !imp_tree_node(view->tree, c)->live)
			continue;
		view->children =
			imp_xgrow(view->children, &view->child_capacity,
				  view->child_count + 1, sizeof(*view->children));
		view->children[view->child_count++] = (struct child){c, sum};
	}
	if (view->child_count)
		qsort_r(view->children, view->child_count, sizeof(*view->children),
			compare_children, &context);
}

static void add_remainder(struct view *view, struct libscols_line *parent, size_t from)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
	struct imp_sum rest = {0};

	for (size_t i = from; i < view->child_count; i++) {
		rest.files += view->children[i].sum.files;
		rest.disk_bytes += view->children[i].sum.disk_bytes;
		rest.pull_bytes += view->children[i].sum.pull_bytes;
	}
	if (!rest.files)
		return;
	imp_strbuf_printf(&name, "(%zu more)", view->child_count - from);
	add_row(view, parent, rest, name.data);
}

/* Children that hold nothing are summed with the remainder, unless names were asked for. */
static size_t count_worth_a_row(const struct view *view)
{
	size_t count = 0;

	while (count < view->child_count && (view->children[count].sum.files > 0 ||
					     view->options->sort == IMP_SORT_NAME))
		count++;
	return count;
}

static void list_folder(struct view *view, struct pending folder)
{
	uint32_t depth = view->options->depth ? view->options->depth : IMP_TREE_DEPTH;
	size_t top = view->options->top ? view->options->top : IMP_TREE_TOP;

	gather_children(view, folder.node);
	size_t shown = count_worth_a_row(view);
	if (shown > top)
		shown = top;
	for (size_t i = 0; i < shown; i++) {
		struct libscols_line *line =
			add_node(view, folder.line, &view->children[i]);
		if (folder.depth + 1 < depth &&
		    imp_tree_node(view->tree, view->children[i].node)->directory)
			push(view, view->children[i].node, folder.depth + 1, line);
	}
	if (shown < view->child_count)
		add_remainder(view, folder.line, shown);
}

/* Dead files at and below TOP. Not what imp_tree_all has more than imp_tree_live: a hard-link
 * group whose first name is gone lives elsewhere. */
static struct imp_sum sum_hidden(const struct imp_tree *tree, uint32_t top)
{
	struct imp_sum sum = {0};

	for (uint32_t n = top; n != IMP_NONE; n = imp_tree_next_below(tree, n, true, top))
		for (uint32_t r = imp_tree_node(tree, n)->newest; r != IMP_NONE;
		     r = imp_tree_record(tree, r)->older) {
			const struct imp_record *record = imp_tree_record(tree, r);
			if (record->type != IMP_ENTRY_FILE ||
			    record->fate == IMP_FATE_LIVE)
				continue;
			sum.files++;
			sum.disk_bytes += record->disk_bytes;
			sum.pull_bytes += record->pull_bytes;
		}
	return sum;
}

static void add_overhead(struct view *view, const struct imp_analysis *image,
			 struct libscols_line *root)
{
	struct imp_sum overhead = {.pull_bytes = imp_report_overhead_pull(image)};

	add_row(view, root, overhead, "[tar and compression overhead]");
}

static void add_incomplete(struct view *view, const struct imp_analysis *image,
			   struct libscols_line *root, uint32_t top)
{
	struct imp_sum unread = {0};

	if (top == 0)
		unread.pull_bytes = imp_report_unread_pull(image);
	add_row(view, root, unread, IMP_REPORT_INCOMPLETE);
}

static int find_top(const struct imp_analysis *image, const char *path, uint32_t *out,
		    struct imp_error *err)
{
	struct imp_slice wanted = imp_slice_of(path);

	while (wanted.len && wanted.data[0] == '/')
		wanted = imp_slice_skip(wanted, 1);
	while (wanted.len && wanted.data[wanted.len - 1] == '/')
		wanted.len--;
	uint32_t node = wanted.len ? imp_tree_find(image->tree, wanted) : 0;
	if (node == IMP_NONE)
		return imp_fail(err, IMP_E_USAGE,
				"%s: no layer of the image has that path", path);
	*out = node;
	return 0;
}

static void fill(struct view *view, const struct imp_analysis *image, uint32_t top)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	struct imp_sum hidden = sum_hidden(image->tree, top);
	struct imp_sum sum = imp_tree_live(image->tree, top);

	sum.files += hidden.files;
	sum.disk_bytes += hidden.disk_bytes;
	sum.pull_bytes += hidden.pull_bytes;
	imp_escape_terminal(&name, imp_slice_of(image->image->reference));
	if (top != 0) {
		imp_tree_path(image->tree, top, &path);
		imp_strbuf_add_char(&name, ' ');
		imp_escape_terminal(&name, imp_strbuf_slice(&path));
	} else {
		sum.pull_bytes = image->pull_bytes;
	}
	struct libscols_line *root = add_row(view, NULL, sum, name.data);
	push(view, top, 0, root);
	while (view->pending_count)
		list_folder(view, view->pending[--view->pending_count]);
	if (hidden.files)
		add_row(view, root, hidden, "[hidden by later layers]");
	if (top == 0)
		add_overhead(view, image, root);
	if (!image->complete)
		add_incomplete(view, image, root, top);
}

static int write_image(const struct imp_analysis *image,
		       const struct imp_report_options *options, FILE *out,
		       struct imp_error *err)
{
	static const char *const columns[] = {"DISK", "PULL", "FILES", NULL};
	struct view view = {.tree = image->tree, .options = options};
	uint32_t top = 0;
	int rc = options->path ? find_top(image, options->path, &top, err) : 0;

	if (rc < 0)
		return rc;
	view.table = imp_tree_table_create(options, columns, out);
	fill(&view, image, top);
	rc = imp_tree_table_print(view.table, err);
	scols_unref_table(view.table);
	free(view.pending);
	free(view.children);
	return rc;
}

static int write_tree(const struct imp_report *report,
		      const struct imp_report_options *options, FILE *out,
		      struct imp_error *err)
{
	for (size_t i = 0; i < report->image_count; i++) {
		int rc = write_image(report->images[i], options, out, err);
		if (rc < 0)
			return rc;
	}
	return imp_report_end(out, err);
}

const struct imp_format imp_format_tree = {
	.name = "tree",
	.summary = "folders with their sizes (--depth, --top, --sort, --path)",
	.needs_tree = true,
	.write = {[IMP_REPORT_PROFILE] = write_tree,
		  [IMP_REPORT_DIFF] = imp_tree_write_diff},
};
