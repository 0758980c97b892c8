/*
 * -o ncdu: the export format of ncdu 1.x, read by ncdu and gdu. Apparent size is disk bytes,
 * disk usage is pull bytes, so ncdu's `a` key switches between the two. What is dead
 * stands in a folder of its own, overheads in a file of that name: both sums are the image's.
 */
#include <stdlib.h>

#include "imgprof/arena.h"
#include "imgprof/escape.h"
#include "writer_priv.h"

struct walk {
	struct imp_json_file *file;
	const struct imp_analysis *image;
	bool dead;            /* this pass shows the dead files */
	bool *has_dead_below; /* by node */
};

static void add_item(struct walk *walk, struct imp_slice name, uint64_t disk,
		     uint64_t pull, bool special)
{
	struct imp_strbuf *out = &walk->file->buffer;

	imp_strbuf_add_text(out, "{\"name\":\"");
	imp_escape_json(out, name);
	imp_strbuf_add_char(out, '"');
	if (disk)
		imp_strbuf_printf(out, ",\"asize\":%llu", (unsigned long long)disk);
	if (pull)
		imp_strbuf_printf(out, ",\"dsize\":%llu", (unsigned long long)pull);
	if (special)
		imp_strbuf_add_text(out, ",\"notreg\":true");
	imp_strbuf_add_char(out, '}');
}

/* What a path shows at the end: a hard-link group has its bytes at one of its names. */
static void add_shown(struct walk *walk, uint32_t node)
{
	const struct imp_tree *tree = walk->image->tree;
	const struct imp_node *n = imp_tree_node(tree, node);

	if (n->shown == IMP_NONE || n->directory)
		return;
	struct imp_sum sum = imp_tree_live(tree, node);
	uint8_t type = imp_tree_record(tree, n->shown)->type;
	imp_strbuf_add_text(&walk->file->buffer, ",\n");
	add_item(walk, imp_tree_name(tree, node), sum.disk_bytes, sum.pull_bytes,
		 type != IMP_ENTRY_FILE && type != IMP_ENTRY_HARDLINK);
}

static void add_dead(struct walk *walk, uint32_t node)
{
	const struct imp_tree *tree = walk->image->tree;

	for (uint32_t r = imp_tree_node(tree, node)->newest; r != IMP_NONE;
	     r = imp_tree_record(tree, r)->older) {
		const struct imp_record *record = imp_tree_record(tree, r);
		if (!imp_report_dead_file(record))
			continue;
		imp_strbuf_add_text(&walk->file->buffer, ",\n");
		add_item(walk, imp_tree_name(tree, node), record->disk_bytes,
			 record->pull_bytes, false);
	}
}

static bool has_folder(const struct walk *walk, uint32_t node)
{
	const struct imp_node *n = imp_tree_node(walk->image->tree, node);

	return walk->dead ? walk->has_dead_below[node] : n->directory && n->live;
}

static void close_up_to(struct walk *walk, uint32_t node, uint32_t next)
{
	const struct imp_tree *tree = walk->image->tree;
	uint32_t until = next == IMP_NONE ? 0 : imp_tree_node(tree, next)->parent;

	for (uint32_t n = node; n != until; n = imp_tree_node(tree, n)->parent)
		if (has_folder(walk, n))
			imp_strbuf_add_char(&walk->file->buffer, ']');
}

/* The items below the root; the root's own folder is the caller's. */
static void add_tree(struct walk *walk)
{
	const struct imp_tree *tree = walk->image->tree;
	uint32_t next;

	for (uint32_t node = imp_tree_next(tree, 0, true); node != IMP_NONE;
	     node = next) {
		bool folder = has_folder(walk, node);
		if (walk->dead)
			add_dead(walk, node);
		else
			add_shown(walk, node);
		if (folder) {
			imp_strbuf_add_text(&walk->file->buffer, ",\n[");
			add_item(walk, imp_tree_name(tree, node), 0, 0, false);
		}
		next = imp_tree_next(tree, node, folder);
		close_up_to(walk, node, next);
		imp_json_file_drain(walk->file);
	}
}

static void add_image(struct walk *walk)
{
	struct imp_strbuf *out = &walk->file->buffer;

	imp_strbuf_add_text(out, ",\n[");
	add_item(walk, imp_slice_of(walk->image->image->reference), 0, 0, false);
	walk->dead = false;
	add_tree(walk);
	walk->has_dead_below = imp_report_dead_below(walk->image->tree);
	if (imp_report_wasted(walk->image).files) {
		imp_strbuf_add_text(out, ",\n[");
		add_item(walk, IMP_SLICE("[hidden by later layers]"), 0, 0, false);
		walk->dead = true;
		add_tree(walk);
		imp_strbuf_add_char(out, ']');
	}
	imp_strbuf_add_text(out, ",\n");
	add_item(walk, IMP_SLICE("[tar and compression overhead]"), 0,
		 imp_report_overhead_pull(walk->image), false);
	if (!walk->image->complete)
		imp_strbuf_printf(
			out, ",\n{\"name\":\"%s\",\"dsize\":%llu,\"read_error\":true}",
			IMP_REPORT_INCOMPLETE,
			(unsigned long long)imp_report_unread_pull(walk->image));
	imp_strbuf_add_char(out, ']');
	free(walk->has_dead_below);
}

static int write_ncdu(const struct imp_report *report,
		      const struct imp_report_options *options, FILE *out,
		      struct imp_error *err)
{
	struct imp_json_file file;
	struct walk walk = {.file = &file};

	imp_json_file_init(&file, out, 0);
	imp_strbuf_printf(
		&file.buffer,
		"[1,2,{\"progname\":\"imgprof\",\"progver\":\"%s\",\"timestamp\":0}",
		options->version);
	if (report->image_count != 1)
		imp_strbuf_add_text(&file.buffer, ",\n[{\"name\":\"images\"}");
	for (size_t i = 0; i < report->image_count; i++) {
		walk.image = report->images[i];
		add_image(&walk);
	}
	imp_strbuf_add_text(&file.buffer, report->image_count != 1 ? "]]\n" : "]\n");
	imp_json_file_finish(&file);
	return imp_report_end(out, err);
}

const struct imp_format imp_format_ncdu = {
	.name = "ncdu",
	.summary = "for ncdu -f - and gdu -f - (apparent: disk, disk usage: pull)",
	.needs_tree = true,
	.write = {[IMP_REPORT_PROFILE] = write_ncdu},
};
