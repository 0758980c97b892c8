/* What is near a path that an image does not have. */
#include "imgprof/cleanup.h"
#include "imgprof/path.h"
#include "why.h"

enum { NEAR_NAMES = 3, NEAR_BYTES = 150, NAME_BYTES = 64 };

/* Edit distance of short names; others are far. */
static size_t distance(struct imp_slice a, struct imp_slice b)
{
	size_t row[NAME_BYTES + 1];

	if (a.len > NAME_BYTES || b.len > NAME_BYTES)
		return SIZE_MAX;
	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t replaced = diagonal + (a.data[i - 1] != b.data[j - 1]);
			size_t shorter = row[j] < row[j - 1] ? row[j] : row[j - 1];
			diagonal = row[j];
			row[j] = replaced < shorter + 1 ? replaced : shorter + 1;
		}
	}
	return row[b.len];
}

struct near {
	const struct imp_tree *tree;
	struct imp_strbuf text;
	size_t count;
};

static void add_name(struct near *near, uint32_t node)
{
	size_t before = near->text.len;

	if (near->count == NEAR_NAMES)
		return;
	imp_strbuf_add_text(&near->text, near->count ? ", /" : "/");
	imp_tree_path(near->tree, node, &near->text);
	if (near->text.len > NEAR_BYTES)
		imp_strbuf_truncate(&near->text, before);
	else
		near->count++;
}

/* The same name in another place. */
static void add_same_names(struct near *near, struct imp_slice name)
{
	for (uint32_t n = 1; n < imp_tree_node_count(near->tree); n++)
		if (imp_slice_equal(imp_tree_name(near->tree, n), name))
			add_name(near, n);
}

/* Names like it in the same folder. */
static void add_similar_names(struct near *near, uint32_t folder, struct imp_slice name)
{
	const struct imp_tree *tree = near->tree;
	size_t most = name.len < 4 ? 1 : name.len < 9 ? 2 : 3;

	for (uint32_t n = imp_tree_node(tree, folder)->first_child; n != IMP_NONE;
	     n = imp_tree_node(tree, n)->next_sibling) {
		struct imp_slice other = imp_tree_name(tree, n);
		bool begins = name.len > 2 && imp_slice_starts(other, name);
		if (begins || distance(other, name) <= most)
			add_name(near, n);
	}
}

static void add_near(struct near *near, struct imp_slice path)
{
	uint32_t folder = IMP_NONE;
	struct imp_slice name = imp_slice_basename(path);

	add_same_names(near, name);
	/* The first component that is not there stands in the deepest folder that is. */
	while (folder == IMP_NONE) {
		name = imp_slice_basename(path);
		path = imp_path_parent(path);
		folder = imp_tree_find(near->tree, path);
	}
	if (near->count == 0)
		add_similar_names(near, folder, name);
}

int imp_report_path_known(const struct imp_report *report, const char *path,
			  struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf clean = {0};

	for (size_t i = 0; i < report->image_count; i++)
		if (imp_why_find(report->images[i], path) != IMP_NONE)
			return 0;
	imp_fail(err, IMP_E_NOT_FOUND, "%s: no layer has this path", path);
	imp_path_clean(imp_slice_of(path), &clean);
	for (size_t i = 0; i < report->image_count; i++) {
		struct near near = {.tree = report->images[i]->tree};
		add_near(&near, imp_strbuf_slice(&clean));
		if (near.count > 0)
			imp_hint(err, "near: %s", near.text.data);
		imp_strbuf_finish(&near.text);
		if (near.count > 0)
			break;
	}
	return IMP_E_NOT_FOUND;
}
