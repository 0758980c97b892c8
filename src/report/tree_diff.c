/*
 * -o tree of a diff: the folders in which something changed, the largest change first. What is
 * not shown is summed in a row of its own, so the rows of a folder always add up to it.
 */
#include <stdlib.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "tree_table.h"
#include "writer_priv.h"

/* A folder whose children still have to be listed. */
struct pending {
	size_t node;
	struct libscols_line *line;
};

struct view {
	const struct imp_diff *diff;
	const struct imp_report_options *options;
	struct libscols_table *table;
	size_t *ends; /* of each node: behind the last one below it */
	struct pending *pending;
	size_t pending_count, pending_capacity;
	size_t *children; /* of the folder being listed */
	size_t child_count, child_capacity;
};

static void find_ends(const struct imp_diff *diff, size_t *ends)
{
	imp_auto_free size_t *open = imp_xcalloc(diff->node_count + 1, sizeof(*open));
	size_t count = 0;

	for (size_t i = 0; i < diff->node_count; i++) {
		while (count > 0 &&
		       diff->nodes[open[count - 1]].depth >= diff->nodes[i].depth)
			ends[open[--count]] = i;
		open[count++] = i;
	}
	while (count > 0)
		ends[open[--count]] = diff->node_count;
}

static uint64_t weight(const struct imp_change_sum *sum)
{
	uint64_t before = sum->disk.before, after = sum->disk.after;

	return after < before ? before - after : after - before;
}

static int by_weight(const void *a, const void *b, void *user)
{
	const struct view *view = user;
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	uint64_t x_weight = weight(&view->diff->nodes[x].sum);
	uint64_t y_weight = weight(&view->diff->nodes[y].sum);

	if (x_weight != y_weight)
		return x_weight < y_weight ? 1 : -1;
	return x < y ? -1 : x > y;
}

static struct libscols_line *add_row(struct view *view, struct libscols_line *parent,
				     const struct imp_change_sum *sum, const char *name)
{
	char disk[IMP_SIZE_TEXT], pull[IMP_SIZE_TEXT], now[IMP_SIZE_TEXT];
	enum imp_units units = view->options->units;
	const char *const texts[] = {
		imp_change_text(sum->disk.before, sum->disk.after, units, disk),
		imp_change_text(sum->pull.before, sum->pull.after, units, pull),
		imp_size_text(sum->disk.after, units, now), name};

	return imp_tree_table_line(view->table, parent, texts,
				   sizeof(texts) / sizeof(*texts));
}

static struct libscols_line *add_node(struct view *view, struct libscols_line *parent,
				      size_t index)
{
	const struct imp_diff_node *node = &view->diff->nodes[index];
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};

	imp_escape_terminal(&name, node->name);
	if (node->folder)
		imp_strbuf_add_char(&name, '/');
	if (node->state == IMP_DIFF_ADDED || node->state == IMP_DIFF_REMOVED)
		imp_strbuf_printf(&name, "  %s",
				  node->state == IMP_DIFF_ADDED ? "new" : "gone");
	return add_row(view, parent, &node->sum, name.data);
}

static void push(struct view *view, size_t node, struct libscols_line *line)
{
	view->pending = imp_xgrow(view->pending, &view->pending_capacity,
				  view->pending_count + 1, sizeof(*view->pending));
	view->pending[view->pending_count++] = (struct pending){node, line};
}

static void gather_children(struct view *view, size_t node)
{
	view->child_count = 0;
	for (size_t c = node + 1; c < view->ends[node]; c = view->ends[c]) {
		view->children =
			imp_xgrow(view->children, &view->child_capacity,
				  view->child_count + 1, sizeof(*view->children));
		view->children[view->child_count++] = c;
	}
	if (view->child_count)
		qsort_r(view->children, view->child_count, sizeof(*view->children),
			by_weight, view);
}

static bool has_row(const struct view *view, size_t node)
{
	const struct imp_change_sum *sum = &view->diff->nodes[node].sum;

	return view->diff->nodes[node].name.len > 0 &&
	       (weight(sum) > 0 || sum->pull.before != sum->pull.after);
}

static void take(struct imp_change_sum *rest, const struct imp_change_sum *sum)
{
	rest->disk.before += sum->disk.before;
	rest->disk.after += sum->disk.after;
	rest->pull.before += sum->pull.before;
	rest->pull.after += sum->pull.after;
}

static void list_folder(struct view *view, struct pending folder)
{
	uint32_t depth = view->options->depth ? view->options->depth : IMP_TREE_DEPTH;
	size_t top = view->options->top ? view->options->top : IMP_TREE_TOP, shown = 0;
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};
	struct imp_change_sum rest = {0};

	gather_children(view, folder.node);
	for (size_t i = 0; i < view->child_count; i++) {
		size_t child = view->children[i];
		const struct imp_diff_node *node = &view->diff->nodes[child];
		if (shown == top || !has_row(view, child)) {
			take(&rest, &node->sum);
			continue;
		}
		struct libscols_line *line = add_node(view, folder.line, child);
		shown++;
		if (node->folder && node->depth < depth)
			push(view, child, line);
	}
	if (shown == view->child_count)
		return;
	imp_strbuf_printf(&name, "(%zu more)", view->child_count - shown);
	add_row(view, folder.line, &rest, name.data);
}

static int write_diff(const struct imp_diff *diff,
		      const struct imp_report_options *options, FILE *out,
		      struct imp_error *err)
{
	static const char *const columns[] = {"CHANGE", "PULL", "NOW", NULL};
	imp_auto_free size_t *ends = imp_xcalloc(diff->node_count + 1, sizeof(*ends));
	struct view view = {.diff = diff, .options = options, .ends = ends};
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};

	if (diff->node_count == 0)
		return imp_fail(err, IMP_E_USAGE, "no tree: it was made with --no-tree");
	find_ends(diff, ends);
	view.table = imp_tree_table_create(options, columns, out);
	imp_escape_terminal(
		&name, imp_slice_of(diff->name ? diff->name : diff->after.reference));
	push(&view, 0, add_row(&view, NULL, &diff->nodes[0].sum, name.data));
	while (view.pending_count)
		list_folder(&view, view.pending[--view.pending_count]);
	int rc = imp_tree_table_print(view.table, err);
	scols_unref_table(view.table);
	free(view.pending);
	free(view.children);
	return rc;
}

int imp_tree_write_diff(const struct imp_report *report,
			const struct imp_report_options *options, FILE *out,
			struct imp_error *err)
{
	for (size_t i = 0; i < report->diffs->count; i++) {
		int rc = write_diff(report->diffs->list[i], options, out, err);
		if (rc < 0)
			return rc;
	}
	return imp_report_end(out, err);
}
