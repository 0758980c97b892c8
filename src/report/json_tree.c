#include "json_tree.h"

#include <stdlib.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"

static void add_quoted(struct imp_strbuf *out, struct imp_slice text)
{
	imp_strbuf_add_char(out, '"');
	imp_escape_json(out, text);
	imp_strbuf_add_char(out, '"');
}

static void add_text(struct imp_strbuf *out, const char *text)
{
	if (text)
		imp_strbuf_printf(out, "\"%s\"", text);
	else
		imp_strbuf_add_text(out, "null");
}

static void add_numbers(struct imp_strbuf *out, unsigned layer, uint64_t disk,
			uint64_t pull)
{
	imp_strbuf_printf(out, ",%u,%llu,%llu,", layer, (unsigned long long)disk,
			  (unsigned long long)pull);
}

static void add_owner(struct imp_strbuf *out, const struct imp_analysis *image,
		      uint32_t record)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf owner = {0};

	if (imp_report_owner(image, record, &owner))
		add_quoted(out, imp_strbuf_slice(&owner));
	else
		imp_strbuf_add_text(out, "null");
}

/* Whether a record has a row of its own: files of any fate, and whatever else is shown. */
static bool has_row(const struct imp_record *record)
{
	if (record->type == IMP_ENTRY_FILE)
		return true;
	return record->shown && record->type != IMP_ENTRY_DIRECTORY &&
	       record->type != IMP_ENTRY_WHITEOUT && record->type != IMP_ENTRY_OPAQUE;
}

static void add_record(struct imp_strbuf *out, const struct imp_analysis *image,
		       uint32_t index, struct imp_slice name)
{
	const struct imp_record *record = imp_tree_record(image->tree, index);
	bool has_fate = imp_report_has_fate(record);
	bool is_file = record->type == IMP_ENTRY_FILE;

	imp_strbuf_add_char(out, '[');
	add_quoted(out, name);
	add_numbers(out, record->layer, is_file ? record->disk_bytes : 0,
		    is_file ? record->pull_bytes : 0);
	add_text(out, imp_report_class(image, index));
	imp_strbuf_add_char(out, ',');
	add_owner(out, image, index);
	imp_strbuf_add_char(out, ',');
	add_text(out, has_fate ? imp_fate_name(record->fate) : "live");
	imp_strbuf_add_text(out, ",null");
	if (record->hidden_by != IMP_NOT_HIDDEN)
		imp_strbuf_printf(out, ",%u", record->hidden_by);
	imp_strbuf_add_char(out, ']');
}

struct walk {
	struct imp_json_file *file;
	const struct imp_analysis *image;
	struct imp_strbuf comma; /* one byte per open list: something stands in it */
	uint32_t *records;       /* scratch: rows of one node, oldest first */
	size_t record_capacity;
};

static void separate(struct walk *walk)
{
	char *last = walk->comma.data + walk->comma.len - 1;

	if (*last)
		imp_strbuf_add_char(&walk->file->buffer, ',');
	*last = 1;
}

static void add_rows_of_node(struct walk *walk, uint32_t node)
{
	const struct imp_tree *tree = walk->image->tree;
	size_t count = 0;

	for (uint32_t r = imp_tree_node(tree, node)->newest; r != IMP_NONE;
	     r = imp_tree_record(tree, r)->older) {
		if (!has_row(imp_tree_record(tree, r)))
			continue;
		walk->records = imp_xgrow(walk->records, &walk->record_capacity,
					  count + 1, sizeof(*walk->records));
		walk->records[count++] = r;
	}
	while (count--) {
		separate(walk);
		add_record(&walk->file->buffer, walk->image, walk->records[count],
			   imp_tree_name(tree, node));
	}
}

static bool is_folder_row(const struct imp_node *node)
{
	return node->directory || node->first_child != IMP_NONE ||
	       node->parent == IMP_NONE;
}

static void open_folder(struct walk *walk, uint32_t index)
{
	const struct imp_tree *tree = walk->image->tree;
	const struct imp_node *node = imp_tree_node(tree, index);
	struct imp_strbuf *out = &walk->file->buffer;
	struct imp_sum sum = imp_tree_all(tree, index);

	/* The bytes of files that once stood at the folder's own path have rows beside it. */
	for (uint32_t r = node->newest; r != IMP_NONE;
	     r = imp_tree_record(tree, r)->older) {
		const struct imp_record *record = imp_tree_record(tree, r);
		if (record->type != IMP_ENTRY_FILE)
			continue;
		sum.disk_bytes -= record->disk_bytes;
		sum.pull_bytes -= record->pull_bytes;
	}
	imp_strbuf_add_char(out, '[');
	add_quoted(out, imp_tree_name(tree, index));
	add_numbers(out, node->layer, sum.disk_bytes, sum.pull_bytes);
	imp_strbuf_add_text(out, node->live && node->directory ? "null,null,\"live\",["
							       : "null,null,null,[");
	imp_strbuf_add_char(&walk->comma, 0);
}

static void close_folder(struct walk *walk)
{
	imp_strbuf_add_text(&walk->file->buffer, "]]");
	imp_strbuf_truncate(&walk->comma, walk->comma.len - 1);
}

static bool anything_there(const struct imp_analysis *image, uint32_t node)
{
	const struct imp_node *n = imp_tree_node(image->tree, node);

	return node == 0 || n->live || imp_tree_all(image->tree, node).files > 0;
}

/* Closes folders from NODE up to, and without, the parent of NEXT. */
static void close_up_to(struct walk *walk, uint32_t node, uint32_t next)
{
	const struct imp_tree *tree = walk->image->tree;
	uint32_t until = next == IMP_NONE ? IMP_NONE : imp_tree_node(tree, next)->parent;

	for (uint32_t n = node; n != until; n = imp_tree_node(tree, n)->parent)
		if (is_folder_row(imp_tree_node(tree, n)) &&
		    anything_there(walk->image, n))
			close_folder(walk);
}

void imp_json_tree(struct imp_json_file *file, const struct imp_analysis *image)
{
	struct walk walk = {.file = file, .image = image};
	uint32_t next;

	imp_strbuf_add_char(&walk.comma, 0);
	for (uint32_t node = 0; node != IMP_NONE; node = next) {
		bool there = anything_there(image, node);
		if (there)
			add_rows_of_node(&walk, node);
		if (there && is_folder_row(imp_tree_node(image->tree, node))) {
			separate(&walk);
			open_folder(&walk, node);
		}
		next = imp_tree_next(image->tree, node, there);
		close_up_to(&walk, node, next);
		imp_json_file_drain(file);
	}
	imp_strbuf_finish(&walk.comma);
	free(walk.records);
}
