/* The change by folder, two levels deep. */
#include <stdlib.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "markdown.h"

enum { DEPTH = 2 };

struct folder {
	size_t node, parent; /* parent: 0 without */
	struct imp_change_sum sum;
};

static bool changed(const struct imp_change_sum *sum)
{
	return sum->disk.before != sum->disk.after || sum->pull.before != sum->pull.after;
}

/* Folders at DEPTH and what stands above it without folder: their sums add up to the root's. */
/* OUT may be NULL: only counts. */
static size_t find_folders(const struct imp_diff *diff, struct folder *out)
{
	size_t count = 0, parent = 0;

	for (size_t i = 1; i < diff->node_count; i++) {
		const struct imp_diff_node *node = &diff->nodes[i];
		if (node->depth == 1)
			parent = i;
		bool row = node->depth == DEPTH || (node->depth < DEPTH && !node->folder);
		if (!row || !changed(&node->sum))
			continue;
		if (out)
			out[count] = (struct folder){i, node->depth == DEPTH ? parent : 0,
						     node->sum};
		count++;
	}
	return count;
}

static uint64_t weight(const struct imp_change_sum *sum)
{
	return (uint64_t)llabs((long long)(sum->disk.after - sum->disk.before));
}

static int by_weight(const void *a, const void *b)
{
	const struct folder *x = a, *y = b;
	uint64_t x_weight = weight(&x->sum), y_weight = weight(&y->sum);

	if (x_weight != y_weight)
		return x_weight < y_weight ? 1 : -1;
	return x->node < y->node ? -1 : x->node > y->node;
}

static const struct imp_change_sum *folder_sum(const void *list, size_t i)
{
	return &((const struct folder *)list)[i].sum;
}

static void add_name(struct imp_markdown *page, const struct imp_diff *diff,
		     const struct folder *folder)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	struct imp_slice name = diff->nodes[folder->node].name;
	if (folder->parent || !imp_slice_starts(name, IMP_SLICE("[")))
		imp_strbuf_add_char(&path, '/');
	if (folder->parent) {
		imp_strbuf_add_slice(&path, diff->nodes[folder->parent].name);
		imp_strbuf_add_char(&path, '/');
	}
	imp_strbuf_add_slice(&path, name);
	imp_markdown_cell(page, imp_strbuf_slice(&path));
	imp_strbuf_add_text(&page->out, " |\n");
}

void imp_markdown_folders(struct imp_markdown *page, const struct imp_diff *diff)
{
	size_t count = find_folders(diff, NULL);

	if (!imp_markdown_open_section(page, IMP_MARKDOWN_FOLDERS, "folders", count))
		return;
	imp_auto_free struct folder *folders = imp_xcalloc(count, sizeof(*folders));
	find_folders(diff, folders);
	qsort(folders, count, sizeof(*folders), by_weight);
	struct imp_markdown_rows rows = imp_markdown_rows(
		page, diff, folders, count, page->plan.rows[IMP_MARKDOWN_FOLDERS],
		folder_sum, true);
	imp_strbuf_add_text(&page->out, "| change | folder |\n|--:|:--|\n");
	for (size_t i = 0; i < rows.shown; i++) {
		imp_markdown_row(page, &rows, i);
		add_name(page, diff, &folders[i]);
	}
	imp_markdown_close_section(page, &rows);
}
